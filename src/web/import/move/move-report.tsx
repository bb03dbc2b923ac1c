import { Alert, Badge, Card, Group, Loader, Progress, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { migrationItems } from '../../../features/migration/api/schema.ts'
import { get } from '../../client/api.ts'
import { useTold } from '../../refusals/said.ts'
import { FailedPart } from '../../ui/states.tsx'
import { MoveActions } from './move-actions.tsx'
import type { Migration } from './moves.ts'

const counted = [
  ...(['found', 'copied', 'identical', 'rewritten', 'differing', 'changed'] as const),
  ...(['conflict', 'refused', 'removed'] as const),
] as const

/** How far a move is, what was found there, and what is not the same here. */
export function MoveReport({ row }: { readonly row: Migration }) {
  const { t } = useTranslation('import')
  const told = useTold()
  return (
    <Card withBorder component="section" aria-label={row.url}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap">
          <div style={{ minInlineSize: 0, overflowWrap: 'anywhere' }}>
            <Title order={3} size="h5">
              {row.url}
            </Title>
            <Text size="sm" c="dimmed">
              {row.user}
            </Text>
          </div>
          {row.isActive && <Loader size="sm" aria-label={t('running')} role="status" />}
        </Group>
        {row.error !== null && (
          <Alert color="red" title={t('states.failed')} role="alert">
            {told(row.error)}
          </Alert>
        )}
        <State row={row} />
        <MovedCounts counts={row.counts} />
        {row.collections.map(({ url, kind, displayname, held }) => (
          <Text key={url} size="sm">
            {[`${t(`kind.${kind}`)}: ${displayname ?? url}`, held > 0 ? t('held', { count: held }) : '']
              .filter((part) => part !== '')
              .join(' · ')}
          </Text>
        ))}
        {row.isActive && row.notes.length > 0 && (
          <Lines texts={[...new Set(row.notes.map((note) => toldOf(note, told)))]} />
        )}
        {!row.isActive && <OddOnes id={row.id} />}
        <MoveActions row={row} />
      </Stack>
    </Card>
  )
}

/** What is said of something at an address; the address stays as it is. */
function toldOf(note: string, told: (sentence: string) => string): string {
  return note.replace(/^(\S+: )(.+)$/s, (_, address: string, why: string) => address + told(why))
}

/** Where it is: in which collection, paused, or stopped before it was over. */
function State({
  row: { state, isActive, isPaused, follow, progress, collections },
}: {
  readonly row: Migration
}) {
  const { t } = useTranslation('import')
  if (state === 'undone') return <Text size="sm">{t('states.undone')}</Text>
  if (isPaused) return <Text size="sm">{t('moving.isPaused')}</Text>
  if (!isActive) return state === 'running' ? <Text size="sm">{t('moving.isStopped')}</Text> : null
  if (state === 'undoing') return <Text size="sm">{t('undoing')}</Text>
  const at = collections.find(({ url }) => url === progress?.url)
  if (!progress || !at || progress.done >= progress.total)
    return follow ? <Text size="sm">{t('moving.isFollowing')}</Text> : null
  const { done, total } = progress
  return (
    <div>
      <Progress value={(done / Math.max(total, 1)) * 100} aria-label={t('running')} />
      <Text size="sm" c="dimmed">
        {t('moving.at', { title: at.displayname ?? at.url, done, total })}
      </Text>
    </div>
  )
}

function MovedCounts({ counts }: Pick<Migration, 'counts'>) {
  const { t } = useTranslation('import')
  return (
    <Group gap="xs">
      {counted
        .filter((key) => counts[key] > 0)
        .map((key) => (
          <Badge key={key} variant="default">
            {t('counted', { what: t(`moved.${key}`), count: counts[key] })}
          </Badge>
        ))}
    </Group>
  )
}

/** Objects that are not the same here and there. */
function OddOnes({ id }: { readonly id: number }) {
  const { t } = useTranslation('import')
  const told = useTold()
  const odd = useQuery({
    queryKey: ['migrations', id, 'odd'],
    queryFn: ({ signal }) => get<z.infer<typeof migrationItems>>(`/migrations/${id}/items?odd`, signal),
  })
  const items = odd.data?.items ?? []
  if (items.length === 0) return <FailedPart of={[odd]} />
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600}>
        {t('oddOnes')}
      </Text>
      <Lines texts={items.map(({ href, note }) => `${href} – ${told(note)}`)} />
    </Stack>
  )
}

function Lines({ texts }: { readonly texts: readonly string[] }) {
  return texts.map((text) => (
    <Text key={text} size="sm" style={{ overflowWrap: 'anywhere' }}>
      {text}
    </Text>
  ))
}
