import { Accordion, Anchor, List, Stack, Text, Title } from '@mantine/core'
import { Trans, useTranslation } from 'react-i18next'
import { Link } from 'wouter'

const sources = [
  ...(['google', 'icloud', 'outlook', 'classic', 'iphone', 'android', 'mac', 'thunderbird'] as const),
  'gcal',
] as const

/** How somebody gets a file out of where the contacts are now, in a few steps for each place. */
export function Sources() {
  const { t } = useTranslation('import')
  return (
    <Stack gap="xs" component="section" aria-label={t('sources.title')}>
      <Title order={3} size="h5">
        {t('sources.title')}
      </Title>
      <Accordion variant="separated" order={4}>
        {sources.map((source) => (
          <Accordion.Item key={source} value={source}>
            <Accordion.Control>{t(`sources.names.${source}`)}</Accordion.Control>
            <Accordion.Panel>
              <List type="ordered" size="sm" spacing={4}>
                {[...t(`sources.steps.${source}`).split('\n'), t('sources.then')].map((step) => (
                  <List.Item key={step}>{step}</List.Item>
                ))}
              </List>
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
      <Text size="sm" c="dimmed">
        <Trans
          t={t}
          i18nKey="sources.server"
          components={{ a: <Anchor component={Link} href="/import/move" size="sm" underline="always" /> }}
        />
      </Text>
    </Stack>
  )
}
