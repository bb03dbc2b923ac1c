import { Alert, Button, Group, Paper, Stack, Text } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useDates } from '../../ui/dates.ts'
import { Failed, Loading } from '../../ui/states.tsx'
import { tellFailed } from '../../ui/toast.tsx'
import { anew, type ImportState, keepWaiting, useColumns, useRun } from '../imports.ts'
import { ItemList } from '../items/item-list.tsx'
import { useSaying, useWish, type Wish } from '../wish.ts'
import { type Choices, choicesOf, countsBy } from './choices.ts'
import { ColumnTable } from './column-table.tsx'
import { Counts } from './counts.tsx'
import { RunForm } from './run-form.tsx'
import { WishConflict } from './wish-conflict.tsx'

/** Nothing is stored yet: what is to become of it can still be changed, and is kept as it is said. */
export function Trial({ row }: { readonly row: ImportState }) {
  const { data, error, refetch } = useWish(row.id)
  if (!data) return error ? <Failed error={error} again={() => void refetch()} /> : <Loading />
  return <Wished row={row} wish={data.data} />
}

interface WishedProps {
  readonly row: ImportState
  readonly wish: Wish
}

function Wished({ row, wish }: WishedProps) {
  const { t } = useTranslation('import')
  const [, go] = useLocation()
  const saying = useSaying(row.id)
  const choices = choicesOf(wish, saying.make)
  const open = (id: number): void => go(`/import/${id}`, { replace: true })
  const { refused, ...others } = row.counts
  const { data: table, isLoading } = useColumns(row.id, true)
  const lacksNames = table?.isTable === true && !table.hasHeader && table.columns.length > 0
  const isUnread = refused > 0 && Object.values(others).every((count) => count === 0)
  // What comes above all else is not put in later.
  if (isLoading) return <Loading />
  const asked = (
    <>
      <RunForm {...{ wish, choices }} onChange={(change) => saying.make({ change })} />
      <ItemList id={row.id} isReady choices={choices} />
      <RunBar {...{ row, choices, open }} />
    </>
  )
  return (
    <Stack gap="lg">
      {row.twin && !isUnread && <Twin id={row.id} twin={row.twin} open={open} />}
      {isUnread && !lacksNames && (
        <>
          <Alert color="red" title={t('unread')} role="alert" />
          <ItemList id={row.id} isReady choices={choices} />
        </>
      )}
      <ColumnTable id={row.id} columns={wish.columns} say={saying.make} open={open} />
      {!isUnread && asked}
      <WishConflict id={row.id} wish={wish} conflict={saying.conflict} />
    </Stack>
  )
}

interface TwinProps {
  readonly id: number
  readonly twin: NonNullable<ImportState['twin']>
  readonly open: (id: number) => void
}

/** The very same file was sent before, and waits with what was chosen for it. */
function Twin({ id, twin, open }: TwinProps) {
  const { t } = useTranslation('import')
  const dates = useDates()
  const goOn = useMutation({
    mutationFn: () => keepWaiting(id, false),
    onSuccess: () => open(twin.id),
    onError: tellFailed,
  })
  return (
    <Alert title={t('twin')}>
      <Group gap="sm">
        <Text size="sm">{t('twinWhy', { time: dates.time(twin.startedAt) })}</Text>
        <Button size="compact-sm" variant="default" loading={goOn.isPending} onClick={() => goOn.mutate()}>
          {t('twinGoOn')}
        </Button>
      </Group>
    </Alert>
  )
}

interface RunBarProps {
  readonly row: ImportState
  readonly choices: Choices
  readonly open: (id: number) => void
}

/** What would become of all as it is chosen now, always in sight, and the buttons that do it. */
function RunBar({ row, choices, open }: RunBarProps) {
  const { t } = useTranslation('import')
  const run = useRun(row.id, open)
  const counts = countsBy(row, choices)
  const count = counts.created + counts.updated
  const byThemselves = choices.each.size
  const frame = useRoomForBar()
  return (
    <Paper ref={frame} withBorder shadow="sm" p="sm" style={bar} component="section" aria-label={t('willBe')}>
      <Group justify="space-between" gap="sm">
        <div role="status">
          <Counts counts={counts} isTrial />
          {byThemselves > 0 && (
            <Group gap="xs" mt={4}>
              <Text size="xs">{t('chosen', { count: byThemselves })}</Text>
              <Button size="compact-xs" variant="subtle" onClick={choices.forget}>
                {t('asAll')}
              </Button>
            </Group>
          )}
        </div>
        <Group gap="xs">
          <Button px="sm" variant="default" onClick={() => run.mutate(anew)} disabled={run.isPending}>
            {t('tryAgain')}
          </Button>
          <Button
            px="sm"
            onClick={() => run.mutate({})}
            loading={run.isPending}
            disabled={count + counts.unchanged === 0}
          >
            {t('run', { count })}
          </Button>
        </Group>
      </Group>
    </Paper>
  )
}

/** What has the focus is scrolled to above the bar, and what is said stands above it. @see WCAG 2.2, 2.4.11 */
function useRoomForBar() {
  const { ref, height } = useElementSize<HTMLDivElement>({ box: 'border-box' })
  useEffect(() => {
    const { style } = document.documentElement
    const before = style.scrollPaddingBlockEnd
    style.scrollPaddingBlockEnd = '240px'
    style.setProperty('--page-bar-size', `${height + 8}px`)
    return () => {
      style.scrollPaddingBlockEnd = before
      style.removeProperty('--page-bar-size')
    }
  }, [height])
  return ref
}

const bar = {
  position: 'sticky',
  insetBlockEnd: 'calc(var(--app-shell-footer-offset, 0px) + 8px)',
  zIndex: 10,
} as const
