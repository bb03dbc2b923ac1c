import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import type { Thing } from '../../things/thing.ts'
import { useDates } from '../../ui/dates.ts'
import { HistoryButton } from './history-button.tsx'
import type { Removed } from './roles.ts'

interface RemovedLatelyProps {
  readonly removed: readonly Removed[]
  readonly thingOf: (removed: Removed) => Thing
}

/** Roles, or masks, that were removed lately; nothing where there are none. */
export function RemovedLately({ removed, thingOf }: RemovedLatelyProps) {
  const { t } = useTranslation('admin')
  if (removed.length === 0) return null
  return (
    <Stack gap={0}>
      <Title order={4} size="h5">
        {t('removed.title')}
      </Title>
      <Stack component="ul" gap={0} p={0} m={0} style={{ listStyle: 'none' }}>
        {removed.map((one) => (
          <Row key={one.revision} removed={one} thing={thingOf(one)} />
        ))}
      </Stack>
    </Stack>
  )
}

function Row({ removed, thing }: { readonly removed: Removed; readonly thing: Thing }) {
  const { t } = useTranslation('admin')
  const { relative } = useDates()
  const { name, at, author, revision } = removed
  const back = useChange<void>({
    send: () => send('POST', `${thing.path}/history/${revision}/restore`),
    keys: [['admin'], ['capabilities']],
    said: () => t('removed.done', { name }),
  })
  return (
    <Group component="li" justify="space-between" wrap="nowrap" py={6} className="ruled">
      <div style={{ minInlineSize: 0 }}>
        <Text size="sm" truncate>
          {name}
        </Text>
        <Text size="sm" c="dimmed" truncate>
          {[relative(at), author].filter(Boolean).join(' · ')}
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
          aria-label={t('removed.backOf', { name })}
        >
          {t('removed.back')}
        </Button>
      </Group>
    </Group>
  )
}
