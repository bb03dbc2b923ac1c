import { ActionIcon, Button, CopyButton, Group, Stack, Text, Title } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useChange } from '../../client/change.ts'
import { Failed } from '../../ui/states.tsx'
import type { Calendar } from '../calendar.ts'
import { createLink, removeLink, useLinks } from './settings.ts'

/** Addresses by which anybody reads a calendar, without a password. */
export function Links({ calendar }: { readonly calendar: Calendar }) {
  const { t } = useTranslation('calendar')
  const { data = [], error, refetch } = useLinks(calendar)
  const keys = [['links']]
  const make = useChange({ send: () => createLink(calendar.name), keys })
  const end = useChange({ send: removeLink, keys, isUndoable: false, said: () => t('links.ended') })
  return (
    <Stack gap="xs" component="section" aria-label={t('links.title')}>
      <Title order={3} size="h6">
        {t('links.title')}
      </Title>
      <Text size="sm" c="dimmed">
        {t('links.what')}
      </Text>
      {error && <Failed error={error} again={() => void refetch()} />}
      {data.map(({ id, path = '' }) => {
        const address = new URL(path, location.origin).href
        return (
          <Group key={id} gap="xs" wrap="nowrap">
            <Text size="sm" flex={1} truncate>
              {address}
            </Text>
            <CopyButton value={address}>
              {({ copied, copy }) => (
                <Button size="compact-sm" variant="default" onClick={copy}>
                  {t(copied ? 'links.copied' : 'links.copy')}
                </Button>
              )}
            </CopyButton>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('links.end')}
              onClick={() => end.make(id)}
            >
              <IconX size={16} />
            </ActionIcon>
          </Group>
        )
      })}
      <Button variant="subtle" size="compact-sm" w="fit-content" onClick={() => make.make(undefined)}>
        {t('links.make')}
      </Button>
    </Stack>
  )
}
