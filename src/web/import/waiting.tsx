import { ActionIcon, Anchor, Badge, Group, Stack, Text, Title } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { send } from '../client/api.ts'
import { patch, useChange } from '../client/change.ts'
import { useDates } from '../ui/dates.ts'
import { tellDone } from '../ui/toast.tsx'
import { doneOf, type ImportState, isBusy, keepWaiting } from './imports.ts'

interface ImportRowProps {
  readonly row: ImportState
  readonly state: string
}

/** One import in a list of them. */
export function ImportRow({ row, state }: ImportRowProps) {
  const { t } = useTranslation('import')
  const dates = useDates()
  return (
    <>
      <div style={{ flex: 1, minInlineSize: 0, overflowWrap: 'anywhere' }}>
        <Anchor component={Link} href={`/import/${row.id}`}>
          {row.name ?? t('unnamed')}
        </Anchor>
        <Text size="sm" c="dimmed">
          {dates.time(row.startedAt)}
        </Text>
      </div>
      <Badge variant="default" miw="fit-content">
        {state}
      </Badge>
    </>
  )
}

/** What was sent and looked at, and not done yet: each can be gone on with, on any device, or put away. */
export function Waiting({ imports }: { readonly imports: readonly ImportState[] }) {
  const { t } = useTranslation('import')
  const putAway = usePutAway()
  const rows = imports.filter(({ waits }) => waits)
  if (rows.length === 0) return null
  return (
    <Stack gap="xs" component="section" aria-label={t('waiting')}>
      <Title order={3} size="h5">
        {t('waiting')}
      </Title>
      <Text size="sm" c="dimmed">
        {t('waitingWhy')}
      </Text>
      {rows.map((row) => (
        <Group key={row.id} wrap="nowrap">
          <ImportRow row={row} state={stateOf(row)} />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('putAway', { name: row.name ?? t('unnamed') })}
            onClick={() => putAway.make(row)}
          >
            <IconTrash size={18} />
          </ActionIcon>
        </Group>
      ))}
    </Stack>
  )

  function stateOf(row: ImportState): string {
    if (isBusy(row)) return t('running')
    if (row.state === 'failed') return t('states.failed')
    const count = doneOf(row)
    return count > 0 && row.counts.refused === count ? t('would.refused') : t('items', { count })
  }
}

function usePutAway() {
  const { t } = useTranslation('import')
  return useChange<ImportState>({
    send: ({ id }) => send('PATCH', `/imports/${id}/wish`, { body: { waits: false } }),
    patches: ({ id }) => [
      patch<{ readonly imports: readonly ImportState[] }>(['imports', 'all'], (seen) => ({
        imports: seen.imports.map((row) => (row.id === id ? { ...row, waits: false } : row)),
      })),
    ],
    keys: [['imports']],
    isUndoable: false,
    // A trial that was stopped has told only some of it: its file is sent again.
    onDone: (_, row) => {
      if (isBusy(row)) tellDone(t('isPutAway'))
      else tellDone(t('isPutAway'), () => keepWaiting(row.id, true))
    },
  })
}
