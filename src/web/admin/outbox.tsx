import { Button, Group, SegmentedControl, Stack, Table } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { send } from '../client/api.ts'
import { useChange } from '../client/change.ts'
import { useTold } from '../refusals/said.ts'
import { useDates } from '../ui/dates.ts'
import { type OutboxItem, usePages } from './admin.ts'
import { Line, Paged, Twice } from './more.tsx'

const states = ['waiting', 'dead', 'sent', 'dropped'] as const

/** What is to leave the server, or has left it. */
export function OutboxList() {
  const { t } = useTranslation('admin')
  const [state, setState] = useState<(typeof states)[number]>('waiting')
  const pages = usePages<OutboxItem>(`/outbox?state=${state}`)
  return (
    <Stack>
      <SegmentedControl
        aria-label={t('outbox.state')}
        data={states.map((value) => ({ value, label: t(`outbox.states.${value}`) }))}
        value={state}
        onChange={(value) => setState(value as typeof state)}
        w="fit-content"
        maw="100%"
      />
      <Paged
        pages={pages}
        none={t('none.outbox')}
        heads={[t('outbox.what'), t('account'), t('when'), t('outbox.tries'), t('jobs.do')]}
        row={(item) => <Item key={item.id} item={item} />}
      />
    </Stack>
  )
}

function Item({
  item: { id, kind, target, account, createdAt, attempts, lastError, state },
}: {
  readonly item: OutboxItem
}) {
  const { t } = useTranslation('admin')
  const { time } = useDates()
  const told = useTold()
  const keys = [['admin']]
  const retry = useChange<undefined>({
    send: () => send('POST', `/outbox/${id}/retry`),
    keys,
    isUndoable: false,
    said: () => t('outbox.retried'),
  })
  const drop = useChange<undefined>({
    send: () => send('DELETE', `/outbox/${id}`),
    keys,
    back: () => () => send('POST', `/outbox/${id}/retry`),
    said: () => t('outbox.droppedNow'),
  })
  return (
    <Line>
      <Table.Td>
        <Twice text={kind === 'webhook' ? t('outbox.webhook') : kind} more={target} />
      </Table.Td>
      <Table.Td>{account}</Table.Td>
      <Table.Td>{time(createdAt)}</Table.Td>
      <Table.Td>
        <Twice
          isWhole={lastError !== null}
          text={String(attempts)}
          more={lastError === null ? null : t('outbox.failed', { error: told(lastError) })}
        />
      </Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
          {state !== 'sent' && <Act text={t('outbox.retry')} of={target} act={() => retry.make(undefined)} />}
          {(state === 'waiting' || state === 'dead') && (
            <Act text={t('outbox.drop')} of={target} act={() => drop.make(undefined)} />
          )}
        </Group>
      </Table.Td>
    </Line>
  )
}

interface ActProps {
  readonly text: string
  /** What it is done with, as a screen reader says it. */
  readonly of: string
  readonly act: () => void
}

function Act({ text, of, act }: ActProps) {
  return (
    <Button variant="default" size="compact-sm" onClick={act} aria-label={`${text}: ${of}`}>
      {text}
    </Button>
  )
}
