import { Button, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useChange } from '../../client/change.ts'
import { LinkRow } from '../../sharing/link-row.tsx'
import { Failed } from '../../ui/states.tsx'
import type { Calendar } from '../calendar.ts'
import { createLink, useLinks } from './settings.ts'

/** Addresses by which anybody reads a calendar, without a password. */
export function Links({ calendar }: { readonly calendar: Calendar }) {
  const { t } = useTranslation('calendar')
  const { data = [], error, refetch } = useLinks(calendar)
  const make = useChange({ send: () => createLink(calendar.name), keys: [['links']] })
  return (
    <Stack gap="xs" component="section" aria-label={t('links.title')}>
      <Title order={3} size="h6">
        {t('links.title')}
      </Title>
      <Text size="sm" c="dimmed">
        {t('links.what')}
      </Text>
      {error && <Failed error={error} again={() => void refetch()} />}
      {data.map(({ id, path }) => (
        <LinkRow key={id} path={path} at={`/links/${id}`} />
      ))}
      <Button
        variant="subtle"
        size="compact-sm"
        w="fit-content"
        loading={make.isBusy}
        onClick={() => make.make(undefined)}
      >
        {t('links.make')}
      </Button>
    </Stack>
  )
}
