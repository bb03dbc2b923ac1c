import { Button, Group, Stack, Text, Title } from '@mantine/core'
import type { QueryKey } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { send } from '../client/api.ts'
import { useChange } from '../client/change.ts'
import { takeBackRequest } from '../client/undo.ts'
import { useDates } from '../ui/dates.ts'
import { HistoryButton } from './history-button.tsx'
import type { RemovedThing } from './thing.ts'

interface RemovedLatelyProps {
  readonly removed: readonly RemovedThing[]
  /** Begins of the keys of what shows them. */
  readonly keys: readonly QueryKey[]
}

/** Definitions that were removed lately; nothing where there are none. */
export function RemovedLately({ removed, keys }: RemovedLatelyProps) {
  const { t } = useTranslation('things')
  if (removed.length === 0) return null
  return (
    <section aria-label={t('removedLately')}>
      <Title order={3} size="h5">
        {t('removedLately')}
      </Title>
      <Stack component="ul" gap={0} p={0} m={0} style={{ listStyle: 'none' }}>
        {removed.map((one) => (
          <Row key={one.revision} removed={one} keys={keys} />
        ))}
      </Stack>
    </section>
  )
}

function Row({ removed, keys }: { readonly removed: RemovedThing } & Pick<RemovedLatelyProps, 'keys'>) {
  const { t } = useTranslation('things')
  const { relative } = useDates()
  const { thing, what = '', at, author, revision, request } = removed
  const { name, path } = thing
  const back = useChange<void>({
    send: async () => {
      if (request === undefined) return send('POST', `${path}/history/${revision}/restore`)
      await takeBackRequest(request)
      return { data: undefined, etag: undefined, request: undefined }
    },
    keys,
    said: () => t('isBack', { name }),
  })
  return (
    <Group component="li" justify="space-between" wrap="nowrap" py={6} className="ruled">
      <div style={{ minInlineSize: 0 }}>
        <Text size="sm" truncate>
          {name}
        </Text>
        <Text size="sm" c="dimmed" truncate>
          {[what, relative(at), author].filter(Boolean).join(' · ')}
        </Text>
      </div>
      <Group gap="xs" wrap="nowrap">
        <HistoryButton thing={thing} />
        <Button
          variant="default"
          size="compact-sm"
          miw="fit-content"
          loading={back.isBusy}
          onClick={() => back.make()}
          aria-label={t('bringBackOf', { name })}
        >
          {t('bringBack')}
        </Button>
      </Group>
    </Group>
  )
}
