import { Button, Group, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { get, send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { usePages } from '../../client/pages.ts'
import { useDates } from '../../ui/dates.ts'
import { MoreButton } from '../../ui/more-button.tsx'
import { Failed, Loading } from '../../ui/states.tsx'
import { keys, type Party } from '../person.ts'
import { Merges } from './merges.tsx'
import {
  type CardChange,
  type Change,
  type State,
  useRestore,
  type Way,
  WayBack,
  wayOf,
} from './way-back.tsx'
import { useHistoryWords } from './words.ts'

type FactChange = Extract<Change, { type: 'fact' }>

interface HistoryPage {
  readonly items: readonly Change[]
  readonly next: string | null
}

/** What was changed of somebody, by whom and with what, and the way back of each change. */
export function History({ party }: { readonly party: Party }) {
  const { t } = useTranslation('person')
  const pages = usePages<HistoryPage>(keys.fact(party.id, 'history'), `/parties/${party.id}/history`, {
    limit: '30',
  })
  const { data, error, isPending, refetch } = pages
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const items = data.pages.flatMap((page) => page.items)
  return (
    <Stack gap="xs">
      <Merges partyId={party.id} />
      {items.length === 0 && <Text c="dimmed">{t('nothingYet')}</Text>}
      <Stack component="ul" gap="xs" m={0} p={0} aria-label={t('tabs.history')}>
        {items.map((item) => (
          <Row
            key={`${item.type}-${item.revision}`}
            {...{ item, partyId: party.id, way: wayOf(item, items, party) }}
          />
        ))}
      </Stack>
      <MoreButton pages={pages}>{t('more')}</MoreButton>
    </Stack>
  )
}

interface RowProps {
  readonly item: Change
  readonly partyId: number
  readonly way: Way | undefined
}

function Row({ item, partyId, way }: RowProps) {
  const { t } = useTranslation('person')
  const { time } = useDates()
  const [isOpen, setIsOpen] = useState(false)
  const by = [item.author, item.device?.label].filter((part) => part !== null && part !== undefined)
  const words = useHistoryWords()
  const what = item.type === 'card' ? words.card(item.summary) : words.fact(item, partyId)
  return (
    <li className="editor" style={{ listStyle: 'none' }}>
      <Group justify="space-between" align="flex-start" gap="xs">
        <div style={{ flex: '1 1 180px', overflowWrap: 'anywhere' }}>
          <Text size="sm">{what || t(`changes.${item.type === 'card' ? item.kind : 'fact'}`)}</Text>
          <Text size="xs" c="dimmed">
            {[time(item.at), ...by].join(' · ')}
          </Text>
        </div>
        <Group gap="xs">
          {way && <WayBack {...{ partyId, way }} />}
          {item.type === 'fact' && <UndoFact {...{ partyId, item }} />}
          {item.type === 'card' && item.isKept && (
            <Button
              size="compact-sm"
              variant="default"
              aria-expanded={isOpen}
              onClick={() => setIsOpen(!isOpen)}
            >
              {t('compare')}
            </Button>
          )}
        </Group>
      </Group>
      {isOpen && item.type === 'card' && <Differences partyId={partyId} item={item} />}
    </li>
  )
}

function UndoFact({ partyId, item }: { readonly partyId: number; readonly item: FactChange }) {
  const { t } = useTranslation('person')
  const { make, isBusy } = useChange<void>({
    send: () => send('POST', `/parties/${partyId}/history/${item.revision}/restore`),
    keys: [['party', partyId], ['card'], ['parties']],
    said: () => t('broughtBack'),
  })
  return (
    <Button size="compact-sm" variant="default" loading={isBusy} onClick={() => make()}>
      {t('takeBackChange')}
    </Button>
  )
}

/** What a change altered, and what is otherwise now: each of which can be brought back. */
function Differences({ partyId, item }: { readonly partyId: number; readonly item: CardChange }) {
  const { t } = useTranslation('person')
  const { data, error, isPending, refetch } = useQuery({
    queryKey: [...keys.fact(partyId, 'history'), 'state', item.object, item.revision],
    queryFn: ({ signal }) => get<State>(`/objects/${item.object}/history/${item.revision}`, signal),
  })
  const { make, isBusy } = useRestore(partyId, item)
  const words = useHistoryWords()
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const { previous, now } = data
  return (
    <Stack gap="xs" mt="xs">
      {previous && previous.length > 0 && (
        <Lines
          title={t('changedThen')}
          heads={[t('before'), t('after')]}
          rows={previous.map(({ path, what, before, after }) => ({
            key: `${path} ${before} ${after}`,
            what: words.property(what ?? path),
            one: before,
            other: after,
          }))}
        />
      )}
      {now && now.length > 0 ? (
        <Lines
          title={t('sinceThen')}
          heads={[t('then'), t('now')]}
          rows={now.map((one) => ({
            key: `${one.path} ${one.was} ${one.is}`,
            what: words.property(one.what ?? one.path),
            one: one.was,
            other: one.is,
            tool: (
              <Button size="compact-xs" variant="default" disabled={isBusy} onClick={() => make([one])}>
                {t('bringBack')}
              </Button>
            ),
          }))}
        />
      ) : (
        <Text size="sm" c="dimmed">
          {t('asNow')}
        </Text>
      )}
    </Stack>
  )
}

interface LinesProps {
  readonly title: string
  readonly heads: readonly [string, string]
  readonly rows: readonly {
    readonly key: string
    readonly what: string
    readonly one: string | null
    readonly other: string | null
    readonly tool?: React.ReactNode
  }[]
}

function Lines({ title, heads, rows }: LinesProps) {
  const words = useHistoryWords()
  const shown = (line: string | null): string => (line === null ? '–' : shortened(words.line(line)))
  const hasTools = rows.some(({ tool }) => tool !== undefined)
  return (
    <Table.ScrollContainer minWidth={420}>
      <Table layout="fixed" captionSide="top">
        <Table.Caption ta="start">{title}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Td />
            <Table.Th scope="col">{heads[0]}</Table.Th>
            <Table.Th scope="col">{heads[1]}</Table.Th>
            {hasTools && <Table.Td />}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ key, what, one, other, tool }) => (
            <Table.Tr key={key}>
              <Table.Th scope="row">{what}</Table.Th>
              <Table.Td style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-line' }}>{shown(one)}</Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-line' }}>{shown(other)}</Table.Td>
              {hasTools && <Table.Td>{tool}</Table.Td>}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

/** What is very long is not read here. */
function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
