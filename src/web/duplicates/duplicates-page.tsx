import { Anchor, Badge, Button, Card, Group, SegmentedControl, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Face } from '../ui/face.tsx'
import { MoreButton } from '../ui/more-button.tsx'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { type Duplicate, useDuplicates, useNotSame, useScan } from './duplicates.ts'
import { MergeDialog } from './merge-dialog.tsx'

const states = ['open', 'not-same'] as const

/** Who may be in the books twice, and why; each pair is made one, or said to be two. */
export function DuplicatesPage() {
  const { t } = useTranslation('duplicates')
  const [state, setState] = useState<(typeof states)[number]>('open')
  const { make: scan, isBusy } = useScan((count) => t('scanned', { count }))
  return (
    <Stack p={{ base: 'md', sm: 'lg' }} maw={860} gap="md">
      <Group justify="space-between">
        <Title order={2}>{t('title')}</Title>
        <Button variant="default" loading={isBusy} onClick={() => scan()}>
          {t('scan')}
        </Button>
      </Group>
      <SegmentedControl
        aria-label={t('which')}
        data={states.map((value) => ({ value, label: t(`states.${value}`) }))}
        value={state}
        onChange={(value) => setState(value as (typeof states)[number])}
        style={{ alignSelf: 'flex-start' }}
      />
      <Pairs state={state} />
    </Stack>
  )
}

function Pairs({ state }: { readonly state: (typeof states)[number] }) {
  const { t } = useTranslation('duplicates')
  const pages = useDuplicates(state)
  const { data, error, isPending, refetch } = pages
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const items = data.pages.flatMap((page) => page.items)
  if (items.length === 0) return <Empty text={t(`none.${state}`)} />
  return (
    <>
      <Stack component="ul" gap="sm" m={0} p={0}>
        {items.map((item) => (
          <Pair key={item.id} item={item} />
        ))}
      </Stack>
      <MoreButton pages={pages}>{t('more')}</MoreButton>
    </>
  )
}

function Pair({ item }: { readonly item: Duplicate }) {
  const { t } = useTranslation('duplicates')
  const [isComparing, setIsComparing] = useState(false)
  const isOpen = item.state === 'open'
  const { make } = useNotSame(t(isOpen ? 'saidTwo' : 'askedAgain'))
  const [one, other] = item.parties
  const names = item.parties.map(({ name }) => name).join(', ')
  return (
    <Card component="li" withBorder style={{ listStyle: 'none' }} aria-label={names}>
      <Stack gap="xs">
        <Group justify="space-between" align="flex-start">
          <Group gap="md">
            {item.parties.map(({ id, name, kind }) => (
              <Group key={id} gap={8} wrap="nowrap">
                <Face name={name} size={32} isCompany={kind === 'org'} />
                <Anchor component={Link} href={`/contacts/${id}`} size="sm" fw={600}>
                  {name}
                </Anchor>
              </Group>
            ))}
          </Group>
          <Badge variant="default">{t(`levels.${item.level}`)}</Badge>
        </Group>
        <Stack component="ul" gap={2} m={0} ps="lg" style={{ listStyle: 'disc' }}>
          {item.reasons.map(({ feature, weight, values }) => (
            <Text key={feature} component="li" size="sm">
              {t(weight < 0 ? 'against' : 'for', {
                what: t(`features.${feature}`),
                values: [...new Set(values)].join(' / '),
              })}
            </Text>
          ))}
        </Stack>
        <Group gap="xs">
          {isOpen && (
            <Button aria-label={`${t('compare')}: ${names}`} onClick={() => setIsComparing(true)}>
              {t('compare')}
            </Button>
          )}
          <Button
            variant="default"
            aria-label={`${t(isOpen ? 'notSame' : 'askAgain')}: ${names}`}
            onClick={() => make({ id: item.id, isSame: !isOpen })}
          >
            {t(isOpen ? 'notSame' : 'askAgain')}
          </Button>
        </Group>
      </Stack>
      {isComparing && one && other && (
        <MergeDialog one={one.id} other={other.id} onClose={() => setIsComparing(false)} />
      )}
    </Card>
  )
}
