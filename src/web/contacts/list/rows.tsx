import { Skeleton } from '@mantine/core'
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useKey } from '../../ui/keys.ts'
import { useCursor } from '../../ui/rows/cursor.ts'
import { Empty, FailedPart, Loading } from '../../ui/states.tsx'
import type { Selection } from '../bulk/selection.ts'
import { Begin } from './begin.tsx'
import { LetterBar } from './letter-bar.tsx'
import { useOpenedInSight } from './opened.ts'
import { type Asked, type People, pageSize, usePeople } from './people.ts'
import { Row } from './row.tsx'

const rowHeight = 56
/** Browsers draw nothing that is higher than about seventeen million pixels. */
const mostRows = 300_000
/** Pages that are only passed by are not read. */
const settleMs = 80
/** Rows that are ready above and below what is seen. */
const ahead = 10

/** Where somebody was in each list, to come back to from a person's page. */
const offsets = new Map<string, number>()

interface RowsProps {
  readonly asked: Asked
  readonly chosen: number | undefined
  readonly selection: Selection
  /** As it stands in the address. */
  readonly search: string
  readonly colors: ReadonlyMap<string, string>
  readonly onCount: (count: number) => void
}

/**
 * All people of a list, however many: only what is seen is in the page, and read. Its scroll bar and its letters lead to
 * any place at once.
 */
export function Rows({ asked, chosen, selection, search, colors, onCount }: RowsProps) {
  const { t } = useTranslation('contacts')
  const key = JSON.stringify(asked)
  const [start] = useState(() => offsets.get(key) ?? 0)
  const [range, setRange] = usePages(key, start)
  const people = usePeople(asked, range)
  const frame = useRef<HTMLDivElement>(null)
  const count = Math.min(people.count, mostRows)
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: ahead,
    initialOffset: start,
    onChange: setRange,
  })
  const cursor = useCursor({ virtual, frame, count, within: ' a' })
  useOpenedInSight({ asked, people, chosen, virtual, onReach: cursor.set })
  useRowKeys({ people, selection, cursor })
  useEffect(() => onCount(people.count), [onCount, people.count])
  if (people.error) return <FailedPart of={people.asked} />
  if (people.isPending) return <Loading />
  if (count === 0) return isPlain(asked) ? <Begin /> : <Empty text={t('nobodyFound')} />
  const items = virtual.getVirtualItems()
  const reached = items.some(({ index }) => index === cursor.position) ? cursor.position : items[0]?.index
  return (
    <div className="people">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys move among its links */}
      <div ref={frame} className="people-frame" onKeyDown={cursor.onKeyDown}>
        <ul style={{ height: virtual.getTotalSize() }} className="people-rows" aria-label={t('list')}>
          {items.map(({ index, start: top }) => (
            <li
              key={index}
              data-position={index}
              aria-setsize={count}
              aria-posinset={index + 1}
              style={{ transform: `translateY(${top}px)`, blockSize: rowHeight }}
            >
              <OneRow
                {...{ people, selection, chosen, search, colors, position: index }}
                isReached={index === reached}
              />
            </li>
          ))}
        </ul>
      </div>
      {people.index && asked.order === 'name' && (
        <LetterBar
          letters={people.index.letters}
          position={virtual.range?.startIndex ?? 0}
          onJump={(position) => {
            cursor.set(position)
            virtual.scrollToIndex(position, { align: 'start' })
          }}
        />
      )}
    </div>
  )
}

interface RowKeysProps {
  readonly people: People
  readonly selection: Selection
  readonly cursor: Pick<ReturnType<typeof useCursor>, 'position' | 'move'>
}

/** J and K go from one row to the next, X selects the one that is reached. */
function useRowKeys({ people, selection, cursor: { position, move } }: RowKeysProps): void {
  const { t } = useTranslation('contacts')
  useKey('j', t('keys.next'), () => move(position + 1))
  useKey('k', t('keys.previous'), () => move(position - 1))
  useKey('x', t('keys.select'), () => {
    const row = people.itemAt(position)
    if (row) selection.toggle(row, position)
  })
}

function isPlain({ filter, q }: Asked): boolean {
  return q === '' && 'all' in filter && filter.all.length === 0
}

interface OneRowProps extends Pick<RowsProps, 'selection' | 'chosen' | 'search' | 'colors'> {
  readonly people: People
  readonly position: number
  readonly isReached: boolean
}

/** Somebody, or where he will be. */
function OneRow({ people, selection, chosen, search, colors, position, isReached }: OneRowProps) {
  const row = people.itemAt(position)
  if (!row)
    return (
      <div className="person-row">
        <Skeleton circle height={36} ms={12} />
        <Skeleton height={12} width="40%" ms={12} />
      </div>
    )
  return (
    <Row
      {...{ row, position, isReached, colors }}
      href={`/contacts/${row.id}${search}`}
      isOpen={row.id === chosen}
      isSelected={selection.has(row.id)}
      isSelecting={selection.count > 0}
      onToggle={selection.toggle}
      onExtend={selection.extend}
    />
  )
}

type Shown = Pick<Virtualizer<HTMLDivElement, Element>, 'range' | 'scrollOffset' | 'options'>

/** The pages of all rows that are ready: those beside them at once, others when the scrolling rests. */
function usePages(key: string, start: number): readonly [readonly [number, number], (shown: Shown) => void] {
  const begin = Math.floor(start / rowHeight / pageSize)
  const [range, set] = useState<readonly [number, number]>([begin, begin])
  const timer = useRef<number>(undefined)
  useEffect(() => () => window.clearTimeout(timer.current), [])
  const note = ({ range: rows, scrollOffset, options }: Shown): void => {
    offsets.set(key, scrollOffset ?? 0)
    if (!rows) return
    const [first, last] = [
      Math.max(0, rows.startIndex - ahead),
      Math.min(rows.endIndex + ahead, options.count - 1),
    ]
    const next = [Math.floor(first / pageSize), Math.floor(last / pageSize)] as const
    window.clearTimeout(timer.current)
    const take = (): void => set((old) => (old[0] === next[0] && old[1] === next[1] ? old : next))
    if (Math.abs(next[0] - range[0]) <= 1) take()
    else timer.current = window.setTimeout(take, settleMs)
  }
  return [range, note]
}
