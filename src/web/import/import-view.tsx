import { Alert, Anchor, Badge, Button, Group, Progress, Stack, Text, Title } from '@mantine/core'
import { useEffect, useEffectEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { useTold } from '../refusals/said.ts'
import { Failed, Loading } from '../ui/states.tsx'
import { tellDone } from '../ui/toast.tsx'
import { doneOf, type ImportState, isBusy, undoImport, useImport, useUndo } from './imports.ts'
import { ColumnTable } from './parts/column-table.tsx'
import { ItemTable } from './parts/item-table.tsx'
import { RunForm } from './parts/run-form.tsx'

/** One import: what would become of a file, or what has. */
export function ImportView({ id }: { readonly id: number }) {
  const { t } = useTranslation('import')
  const { data, error, isPending, refetch } = useImport(id)
  const told = useTold()
  useTellEnd(data)
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const isOver = !isBusy(data)
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <div>
          <Title order={3} size="h4">
            {data.name ?? t('unnamed')}
          </Title>
          <Text size="sm" c="dimmed">
            {data.dryRun ? t('isTrial') : t('isImport')}
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
      <Counts row={data} />
      {isOver && data.dryRun && data.state === 'finished' && <Trial row={data} />}
      {isOver && !data.dryRun && <Result row={data} />}
      <ItemTable id={id} isReady={isOver} isTrial={data.dryRun} />
    </Stack>
  )
}

/** Says when an import that is looked at is done, and how to take it back. */
function useTellEnd(row: ImportState | undefined): void {
  const { t } = useTranslation('import')
  const before = useRef<string>(undefined)
  const state = row?.state
  const tell = useEffectEvent(() => {
    if (!row || row.dryRun) return
    const count = row.counts.created + row.counts.updated
    tellDone(t('imported', { count }), () => undoImport(row.id))
  })
  useEffect(() => {
    if (before.current === 'running' && state === 'finished') tell()
    before.current = state
  }, [state])
}

function Running({ row }: { readonly row: ImportState }) {
  const { t } = useTranslation('import')
  const done = doneOf(row)
  const part = row.total ? Math.min(done / row.total, 1) : undefined
  return (
    <div role="status">
      <Progress value={(part ?? 1) * 100} animated={part === undefined} aria-label={t('running')} />
      <Text size="sm" c="dimmed">
        {row.state === 'undoing' ? t('undoing') : t('running')} {t('items', { count: done })}
      </Text>
    </div>
  )
}

const outcomes = ['created', 'updated', 'unchanged', 'skipped', 'refused'] as const

function Counts({ row: { counts, dryRun } }: { readonly row: ImportState }) {
  const { t, i18n } = useTranslation('import')
  const number = new Intl.NumberFormat(i18n.language)
  return (
    <Group gap="xs">
      {outcomes
        .filter((outcome) => counts[outcome] > 0)
        .map((outcome) => (
          <Badge key={outcome} size="lg" variant="default" {...(outcome === 'refused' && { color: 'red' })}>
            {`${number.format(counts[outcome])} · ${t(dryRun ? `would.${outcome}` : `did.${outcome}`)}`}
          </Badge>
        ))}
    </Group>
  )
}

/** Nothing is stored yet: what is to become of it can still be changed. */
function Trial({ row }: { readonly row: ImportState }) {
  const [, go] = useLocation()
  const open = (id: number): void => go(`/import/${id}`, { replace: true })
  return (
    <>
      <ColumnTable id={row.id} open={open} />
      <RunForm row={row} open={open} />
    </>
  )
}

function Result({ row }: { readonly row: ImportState }) {
  const { t } = useTranslation('import')
  const undo = useUndo(row.id)
  if (row.state === 'undone')
    return (
      <Alert title={t('states.undone')}>
        {t('undoneText', { undone: row.undone ?? 0, kept: row.kept ?? 0 })}
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
