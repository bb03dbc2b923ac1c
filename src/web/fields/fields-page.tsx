import { Box, Stack, Tabs, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useLocation, useParams } from 'wouter'
import { useCapabilities } from '../client/capabilities.ts'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { intoSight, TabList } from '../ui/tabs/tab-list.tsx'
import { FieldList } from './define/field-list.tsx'
import { LabelList } from './labels/label-list.tsx'

const parts = [
  { part: 'own', needs: 'define-fields', Shown: FieldList },
  { part: 'labels', needs: 'define-labels', Shown: LabelList },
] as const

/** The fields and labels that people have, for whoever may define them. */
export function FieldsPage() {
  const { t } = useTranslation('fields')
  const { part: asked } = useParams<{ part?: string }>()
  const [, go] = useLocation()
  const { data, error, refetch } = useCapabilities()
  if (!data) return error ? <Failed error={error} again={() => void refetch()} /> : <Loading />
  const mine = parts.filter(({ needs }) => data.capabilities.includes(needs))
  const [first] = mine
  if (!first) return <Empty text={t('notYours')} />
  const { part } = mine.find((one) => one.part === asked) ?? first
  return (
    <Stack p={{ base: 'md', sm: 'lg' }} maw={860} gap="lg">
      <Title order={2}>{t('title')}</Title>
      <Tabs value={part} onChange={(next) => go(`/fields/${next}`)} keepMounted={false}>
        <Box mb="lg">
          <TabList label={t('title')}>
            {mine.map(({ part: name }) => (
              <Tabs.Tab key={name} value={name} ref={name === part ? intoSight : undefined}>
                {t(`tabs.${name}`)}
              </Tabs.Tab>
            ))}
          </TabList>
        </Box>
        {mine.map(({ part: name, Shown }) => (
          <Tabs.Panel key={name} value={name}>
            <Shown />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Stack>
  )
}
