import { Button, Group, Paper, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { type ImportState, useRun } from '../imports.ts'
import { type Choices, countsBy, sentChoices, useChoices } from './choices.ts'
import { ColumnTable } from './column-table.tsx'
import { Counts } from './counts.tsx'
import { ItemTable } from './item-table.tsx'
import { RunForm, type RunWish } from './run-form.tsx'

/** Nothing is stored yet: what is to become of it can still be changed. */
export function Trial({ row }: { readonly row: ImportState }) {
  const [, go] = useLocation()
  const choices = useChoices(row)
  const { match = ['email', 'phone'], labels = [], into } = row.asked ?? {}
  const [wish, setWish] = useState<RunWish>({ match, labels, into: into ?? null })
  const open = (id: number): void => {
    choices.carryTo(id)
    go(`/import/${id}`, { replace: true })
  }
  return (
    <>
      <ColumnTable id={row.id} open={open} />
      <RunForm {...{ wish, choices }} onChange={setWish} />
      <ItemTable id={row.id} isReady choices={choices} />
      <RunBar {...{ row, wish, choices, open }} />
    </>
  )
}

interface RunBarProps {
  readonly row: ImportState
  readonly wish: RunWish
  readonly choices: Choices
  readonly open: (id: number) => void
}

/** What would become of all as it is chosen now, always in sight, and the buttons that do it. */
function RunBar({ row, wish: { into, ...wish }, choices, open }: RunBarProps) {
  const { t } = useTranslation('import')
  const run = useRun(row.id, open)
  const counts = countsBy(row, choices)
  const count = counts.created + counts.updated
  const byThemselves = Object.keys(choices.each).length
  useRoomForBar()
  const given = { ...wish, match: [...wish.match], ...(into !== null && { into }) }
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
          <Button
            variant="default"
            onClick={() => run.mutate({ ...given, dryRun: true, onMatch: 'update', choices: {} })}
            disabled={run.isPending}
          >
            {t('tryAgain')}
          </Button>
          <Button
            onClick={() => run.mutate({ ...given, onMatch: choices.forAll, choices: sentChoices(choices) })}
            loading={run.isPending}
          >
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
