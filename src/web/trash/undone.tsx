import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { undoState } from '../../features/history/schema.ts'
import { useDevices } from '../account/devices/devices.ts'
import { useChange } from '../client/change.ts'
import { usePages } from '../client/pages.ts'
import { takeBackUndo, type Undone } from '../client/undo.ts'
import { useDates } from '../ui/dates.ts'
import { MoreButton } from '../ui/more-button.tsx'
import { Failed } from '../ui/states.tsx'

type State = z.infer<typeof undoState>

interface Page {
  readonly items: readonly State[]
  readonly next: string | null
}

/** What was undone, and the way back of that; nothing where there is nothing. */
export function UndoneLately() {
  const { t } = useTranslation('trash')
  const pages = usePages<Page>(['trash', 'undone'], '/history/undos', { limit: '5' })
  // Names for what is known already: what failed is said once.
  const devices = useDevices(pages.data !== undefined)
  if (pages.error) return <Failed error={pages.error} again={() => void pages.refetch()} />
  if (devices.error) return <Failed error={devices.error} again={() => void devices.refetch()} />
  const rows = pages.data?.pages.flatMap(({ items }) => items).filter(isOfUse) ?? []
  if (rows.length === 0 && !pages.hasNextPage) return null
  const labelOf = ({ device }: State) => devices.data?.devices.find(({ id }) => id === device)?.label
  return (
    <Stack gap="xs" component="section" aria-label={t('undone.title')}>
      <Title order={3} size="h5">
        {t('undone.title')}
      </Title>
      {rows.length > 0 && (
        <Stack component="ul" gap={0} p={0} m={0} style={{ listStyle: 'none' }}>
          {rows.map((row) => (
            <Row key={row.id} undo={row} device={labelOf(row)} />
          ))}
        </Stack>
      )}
      <MoreButton pages={pages} variant="subtle" fullWidth>
        {t('more')}
      </MoreButton>
    </Stack>
  )
}

/** What changed nothing has no way back either. */
function isOfUse({ counts: { created, updated, removed } }: State): boolean {
  return created + updated + removed > 0
}

interface RowProps {
  readonly undo: State
  /** What its device is called; undefined for what was done by none of one's own. */
  readonly device: string | undefined
}

function Row({ undo, device }: RowProps) {
  const { t } = useTranslation('trash')
  const { time } = useDates()
  const { id, state, counts, from, to, startedAt } = undo
  const became = (['created', 'updated', 'removed'] as const).filter((how) => counts[how] > 0)
  const back = useChange<void, never, Undone>({
    send: async () => ({ data: await takeBackUndo(id), etag: undefined, request: undefined }),
    keys: [[]],
    back: (_, { data }) => data.again,
    said: (_, { left }) => (left > 0 ? t('toast.left', { count: left }) : t('undone.done')),
  })
  const what =
    from !== null && to !== null
      ? t('undone.device', { device: device ?? t('undone.some'), from: time(from), to: time(to) })
      : t(undo.undo === null ? 'undone.request' : 'undone.undo')
  return (
    <Group component="li" justify="space-between" wrap="nowrap" py={6} className="ruled">
      <div style={{ minInlineSize: 0, overflowWrap: 'anywhere' }}>
        <Text size="sm">{what}</Text>
        <Text size="sm" c="dimmed">
          {[time(startedAt), ...became.map((how) => t(`undone.${how}`, counts))].join(' · ')}
        </Text>
      </div>
      {state === 'finished' ? (
        <Button
          variant="default"
          size="compact-sm"
          miw="fit-content"
          loading={back.isBusy}
          onClick={() => back.make()}
          aria-label={t('undone.actOf', { what, time: time(startedAt) })}
        >
          {t('undone.act')}
        </Button>
      ) : (
        <Text size="sm" c="dimmed">
          {t(state === 'undone' ? 'undone.again' : 'undone.running')}
        </Text>
      )}
    </Group>
  )
}
