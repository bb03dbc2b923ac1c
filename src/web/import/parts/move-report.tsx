import { Alert, Badge, Button, Card, Group, Loader, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { migrationItems, migrationState } from '../../../features/migration/api/schema.ts'
import { get, send } from '../../client/api.ts'
import { queryClient } from '../../client/query.ts'
import { tellFailed } from '../../ui/toast.tsx'

type Migration = z.infer<typeof migrationState>

const counted = [
  ...(['found', 'copied', 'identical', 'rewritten', 'differing', 'changed'] as const),
  ...(['conflict', 'refused', 'removed'] as const),
] as const

/** How far a move is, what was found there, and what is not the same here. */
export function MoveReport({ row }: { readonly row: Migration }) {
  const { t } = useTranslation('import')
  const act = useMutation({
    mutationFn: (what: 'stop' | 'undo') => send('POST', `/migrations/${row.id}/${what}`),
    onError: tellFailed,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['migrations'] }),
  })
  return (
    <Card withBorder>
      <Stack gap="sm">
        <Group justify="space-between">
          <div>
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
            {row.error}
          </Alert>
        )}
        <MovedCounts counts={row.counts} />
        {row.collections.map(({ url, kind, displayname, held }) => (
          <Text key={url} size="sm">
            {[`${t(`kind.${kind}`)}: ${displayname ?? url}`, held > 0 ? t('held', { count: held }) : '']
              .filter((part) => part !== '')
              .join(' · ')}
          </Text>
        ))}
        {!row.isActive && <OddOnes id={row.id} />}
        <Group>
          {row.isActive ? (
            <Button variant="default" onClick={() => act.mutate('stop')}>
              {t('stop')}
            </Button>
          ) : (
            row.state !== 'undone' && (
              <Button variant="default" onClick={() => act.mutate('undo')} loading={row.state === 'undoing'}>
                {t('undo')}
              </Button>
            )
          )}
          {row.state === 'undone' && <Text size="sm">{t('states.undone')}</Text>}
        </Group>
      </Stack>
    </Card>
  )
}

function MovedCounts({ counts }: Pick<Migration, 'counts'>) {
  const { t, i18n } = useTranslation('import')
  const number = new Intl.NumberFormat(i18n.language)
  return (
    <Group gap="xs">
      {counted
        .filter((key) => counts[key] > 0)
        .map((key) => (
          <Badge key={key} variant="default">
            {`${number.format(counts[key])} · ${t(`moved.${key}`)}`}
          </Badge>
        ))}
    </Group>
  )
}

/** Objects that are not the same here and there. */
function OddOnes({ id }: { readonly id: number }) {
  const { t } = useTranslation('import')
  const { data } = useQuery({
    queryKey: ['migrations', id, 'odd'],
    queryFn: ({ signal }) => get<z.infer<typeof migrationItems>>(`/migrations/${id}/items?odd`, signal),
  })
  if (!data || data.items.length === 0) return null
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600}>
        {t('oddOnes')}
      </Text>
      {data.items.map((item) => (
        <Text key={item.id} size="sm" style={{ overflowWrap: 'anywhere' }}>
          {`${item.href} – ${item.note}`}
        </Text>
      ))}
    </Stack>
  )
}
