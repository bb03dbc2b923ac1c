import { Alert, Anchor, Button, Group, Progress, Stack, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { useTold } from '../refusals/said.ts'
import { Failed, Loading } from '../ui/states.tsx'
import { hideTold, tellDone, tellFailed } from '../ui/toast.tsx'
import { doneOf, type ImportState, isBusy, keepWaiting, undoImport, useImport, useUndo } from './imports.ts'
import { ItemList } from './items/item-list.tsx'
import { Counts } from './parts/counts.tsx'
import { Trial } from './parts/trial.tsx'

interface ImportViewProps {
  readonly id: number
  /** Whether it comes in place of what was looked at before. */
  readonly isNext: boolean
}

/** One import: what would become of a file, or what has. */
export function ImportView({ id, isNext }: ImportViewProps) {
  const { t } = useTranslation('import')
  const { data, error, isPending, refetch } = useImport(id)
  const told = useTold()
  const heading = useKeyboard(isNext && data !== undefined)
  useTellEnd(data)
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const isOver = !isBusy(data)
  const isTried = isOver && data.dryRun && data.state === 'finished'
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <div>
          <Title order={3} size="h4" ref={heading} tabIndex={-1}>
            {data.name ?? t('unnamed')}
          </Title>
          <Text size="sm" c="dimmed">
            {data.dryRun ? t('isTrial') : isOver ? t('isImport') : t('isImporting')}
          </Text>
        </div>
        <Anchor component={Link} href="/import">
          {t('another')}
        </Anchor>
      </Group>
      {!isOver && <Running row={data} />}
      {data.error !== undefined && (
        <Alert color="red" title={t('states.failed')} role="alert">
          {told(data.error)}
        </Alert>
      )}
      {isTried ? (
        <Trial row={data} />
      ) : (
        <>
          <Counts counts={data.counts} isTrial={data.dryRun} />
          {isOver && !data.dryRun && <Result row={data} />}
          <ItemList id={id} isReady={isOver} />
        </>
      )}
    </Stack>
  )
}

/** Takes the keyboard where it is lost with the button that led here. */
function useKeyboard(isTaken: boolean) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (isTaken && document.activeElement === document.body) heading.current?.focus()
  }, [isTaken])
  return heading
}

/** Says when an import that is looked at is done, and how to take it back. */
function useTellEnd(row: ImportState | undefined): void {
  const { t } = useTranslation('import')
  const before = useRef<string>(undefined)
  const told = useRef<string>(undefined)
  const state = row?.state
  const tell = useEffectEvent(() => {
    if (!row || row.dryRun) return
    const count = row.counts.created + row.counts.updated
    told.current = tellDone(t('imported', { count }), () => undoImport(row.id))
  })
  useEffect(() => {
    if (before.current === 'running' && state === 'finished') tell()
    // What is taken back already is not offered once more.
    if (state === 'undoing' && told.current !== undefined) hideTold(told.current)
    before.current = state
  }, [state])
}

function Running({ row }: { readonly row: ImportState }) {
  const { t } = useTranslation('import')
  const { done, total } = reached(row)
  const part = total ? Math.min(done / total, 1) : undefined
  return (
    <Group justify="space-between" align="flex-end">
      <div role="status" style={{ flex: 1, minInlineSize: 200 }}>
        <Progress value={(part ?? 1) * 100} animated={part === undefined} aria-label={t('running')} />
        <Text size="sm" c="dimmed">
          {row.state === 'undoing' ? t('undoing') : t('running')}{' '}
          {total && total >= done ? t('doneOf', { done, total }) : t('items', { count: done })}
        </Text>
      </div>
      {row.state === 'running' && <Stop row={row} />}
    </Group>
  )
}

/** How far it is, and of how many, where that is known. */
function reached(row: ImportState): { readonly done: number; readonly total: number | undefined } {
  if (row.state !== 'undoing') return { done: doneOf(row), total: row.total }
  return { done: (row.undone ?? 0) + (row.kept ?? 0), total: row.counts.created + row.counts.updated }
}

/** Ends a trial, or takes back what was imported so far. */
function Stop({ row: { id, dryRun } }: { readonly row: ImportState }) {
  const { t } = useTranslation('import')
  const [, go] = useLocation()
  const undo = useUndo(id)
  const end = useMutation({
    mutationFn: () => keepWaiting(id, false),
    onSuccess: () => go('/import'),
    onError: tellFailed,
  })
  const stop = dryRun ? end : undo
  return (
    <Button variant="default" onClick={() => stop.mutate()} loading={stop.isPending}>
      {t(dryRun ? 'stopTrial' : 'stopImport')}
    </Button>
  )
}

function Result({ row }: { readonly row: ImportState }) {
  const { t } = useTranslation('import')
  const undo = useUndo(row.id)
  if (row.state === 'undone')
    return (
      <Alert title={t('states.undone')}>
        {row.kept
          ? t('undoneText', { undone: row.undone ?? 0, kept: row.kept })
          : t('allUndone', { count: row.undone ?? 0 })}
      </Alert>
    )
  return (
    <Group>
      <Button component={Link} href="/contacts">
        {t('toContacts')}
      </Button>
      <Button variant="default" onClick={() => undo.mutate()} loading={undo.isPending}>
        {t('undo')}
      </Button>
    </Group>
  )
}
