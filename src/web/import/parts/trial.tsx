import { Button, Group, Paper, Stack, Text } from '@mantine/core'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { Failed, Loading } from '../../ui/states.tsx'
import { anew, type ImportState, useRun } from '../imports.ts'
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
  const [, go] = useLocation()
  const saying = useSaying(row.id)
  const choices = choicesOf(wish, saying.make)
  const open = (id: number): void => go(`/import/${id}`, { replace: true })
  return (
    <Stack gap="lg">
      <ColumnTable id={row.id} columns={wish.columns} say={saying.make} open={open} />
      <RunForm {...{ wish, choices }} onChange={(change) => saying.make({ change })} />
      <ItemList id={row.id} isReady choices={choices} />
      <RunBar {...{ row, choices, open }} />
      <WishConflict id={row.id} wish={wish} conflict={saying.conflict} />
    </Stack>
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
  useRoomForBar()
  return (
    <Paper withBorder shadow="sm" p="sm" style={bar} component="section" aria-label={t('willBe')}>
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
        <Group gap="sm">
          <Button variant="default" onClick={() => run.mutate(anew)} disabled={run.isPending}>
            {t('tryAgain')}
          </Button>
          <Button onClick={() => run.mutate({})} loading={run.isPending}>
            {t('run', { count })}
          </Button>
        </Group>
      </Group>
    </Paper>
  )
}

/** What has the focus is scrolled to above the bar, not below it. @see WCAG 2.2, 2.4.11 */
function useRoomForBar(): void {
  useEffect(() => {
    const { style } = document.documentElement
    const before = style.scrollPaddingBlockEnd
    style.scrollPaddingBlockEnd = '240px'
    return () => {
      style.scrollPaddingBlockEnd = before
    }
  }, [])
}

const bar = {
  position: 'sticky',
  insetBlockEnd: 'calc(var(--app-shell-footer-offset, 0px) + 8px)',
  zIndex: 10,
} as const
