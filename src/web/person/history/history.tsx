import { Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { usePages } from '../../client/pages.ts'
import { Differences } from '../../things/differences.tsx'
import type { Way } from '../../things/state.ts'
import { WayBack } from '../../things/way-back.tsx'
import { useDates } from '../../ui/dates.ts'
import { MoreButton } from '../../ui/more-button.tsx'
import { Failed, Loading } from '../../ui/states.tsx'
import { keys, type Party } from '../person.ts'
import { Merges } from './merges.tsx'
import { type Change, keptCard, mayChange, wayOfChange } from './way-back.ts'
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
            {...{
              item,
              partyId: party.id,
              mayWrite: mayChange(item, party),
              way: wayOfChange(item, items, party),
            }}
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
  readonly mayWrite: boolean
  readonly way: Way | undefined
}

function Row({ item, partyId, mayWrite, way }: RowProps) {
  const { t } = useTranslation('person')
  const { t: told } = useTranslation('things')
  const { time } = useDates()
  const [isOpen, setIsOpen] = useState(false)
  const by = [item.author, item.device?.label].filter((part) => part !== null && part !== undefined)
  const words = useHistoryWords()
  const said = item.type === 'card' ? words.card(item.summary) : words.fact(item, partyId)
  const what = said || (item.type === 'card' ? told(`changed.${item.kind}`) : t('changes.fact'))
  return (
    <li className="editor" style={{ listStyle: 'none' }}>
      <Group justify="space-between" align="flex-start" gap="xs">
        <div style={{ flex: '1 1 180px', overflowWrap: 'anywhere' }}>
          <Text size="sm">{what}</Text>
          <Text size="xs" c="dimmed">
            {[time(item.at), ...by].join(' · ')}
          </Text>
        </div>
        <Group gap="xs">
          {way && item.type === 'card' && <WayBack kept={keptCard(partyId, item)} way={way} at={item.at} />}
          {item.type === 'fact' && <UndoFact {...{ partyId, item }} what={[what, ...by].join(', ')} />}
          {item.type === 'card' && item.isKept && (
            <Button
              size="compact-sm"
              variant="default"
              aria-expanded={isOpen}
              aria-label={`${told('backOf', { back: told('compare'), time: time(item.at) })}: ${what}`}
              onClick={() => setIsOpen(!isOpen)}
            >
              {told('compare')}
            </Button>
          )}
        </Group>
      </Group>
      {isOpen && item.type === 'card' && (
        <Differences
          kept={keptCard(partyId, item)}
          revision={item.revision}
          mayWrite={mayWrite}
          line={words.line}
        />
      )}
    </li>
  )
}

interface UndoFactProps {
  readonly partyId: number
  readonly item: FactChange
  /** What was changed, as its row says. */
  readonly what: string
}

function UndoFact({ partyId, item, what }: UndoFactProps) {
  const { t: told } = useTranslation('things')
  const { time } = useDates()
  const { make, isBusy } = useChange<void>({
    send: () => send('POST', `/parties/${partyId}/history/${item.revision}/restore`),
    keys: [['party', partyId], ['card'], ['parties']],
    said: () => told('broughtBack'),
  })
  return (
    <Button
      size="compact-sm"
      variant="default"
      loading={isBusy}
      aria-label={`${told('backOf', { back: told('takeBackChange'), time: time(item.at) })}: ${what}`}
      onClick={() => make()}
    >
      {told('takeBackChange')}
    </Button>
  )
}
