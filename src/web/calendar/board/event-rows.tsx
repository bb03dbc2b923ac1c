import { IconBell, IconRepeat } from '@tabler/icons-react'
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isPending } from '../../client/items.ts'
import { localeOf } from '../../i18n/locale.ts'
import { usePrinting } from '../../ui/rows/printing.ts'
import type { Instance } from '../calendar.ts'
import { byTime, dayMs, type Placed } from './placed.ts'

/** A line of a list: the name of a day, or something that takes place on it. */
export type Entry = { readonly day: number; readonly placed?: Placed }

/** What takes place on some days, in the order of time; whole days first, and several days on each of them. */
export function entriesOf(items: readonly Placed[], from: number, until: number, isNamed = true): Entry[] {
  const days = new Map<number, Placed[]>()
  for (const item of items)
    for (let day = Math.max(item.first, from); day <= Math.min(item.last, until - 1); day += 1) {
      const there = days.get(day)
      if (there) there.push(item)
      else days.set(day, [item])
    }
  return [...days.keys()]
    .sort((one, other) => one - other)
    .flatMap((day) => {
      const there = (days.get(day) ?? []).sort(
        (one, other) => Number(other.row.allDay) - Number(one.row.allDay) || byTime(one, other),
      )
      return [...(isNamed ? [{ day }] : []), ...there.map((placed) => ({ day, placed }))]
    })
}

const rowHeight = 48
/** As board.css has it. */
const nameHeight = 36

interface EventRowsProps {
  readonly entries: readonly Entry[]
  readonly label: string
  readonly colorOf: (row: Instance) => string
  readonly onOpen: (row: Instance) => void
  /** With this day at the top. */
  readonly begin?: number
  readonly today?: number
}

/**
 * A list of events of which only those are in the page that are seen, below the name of their day; on paper, all of them. The
 * line of a name is as high as its day: so far the name stays at the top, and is pushed out by the next.
 */
export function EventRows({ entries, label, colorOf, onOpen, begin = 0, today }: EventRowsProps) {
  const frame = useRef<HTMLDivElement>(null)
  const isPrinting = usePrinting()
  const heights = useMemo(() => heightsOf(entries), [entries])
  const virtual = useSeen(entries, begin, frame)
  const items = isPrinting ? entries.map((_, index) => ({ index, start: 0 })) : virtual.getVirtualItems()
  return (
    <div ref={frame} className="event-rows-frame">
      <ul
        className="event-rows"
        aria-label={label}
        style={isPrinting ? undefined : { blockSize: virtual.getTotalSize() }}
      >
        {items.map(({ index, start }) => {
          const entry = entries[index]
          if (!entry) return null
          return (
            <li
              key={keyOf(entry, index)}
              aria-setsize={entries.length}
              aria-posinset={index + 1}
              className={entry.placed ? undefined : 'event-rows-of-day'}
              style={isPrinting ? undefined : { insetBlockStart: start, blockSize: heights[index] }}
            >
              {entry.placed ? (
                <EventRow
                  {...{ placed: entry.placed, day: entry.day, onOpen }}
                  color={colorOf(entry.placed.row)}
                />
              ) : (
                <DayName day={entry.day} isToday={entry.day === today} />
              )}
            </li>
          )
        })}
      </ul>
    </div>
  )
}

/** Which of them are seen; it begins with a day, below which there is room for that, however little comes then. */
function useSeen(entries: readonly Entry[], begin: number, frame: RefObject<HTMLElement | null>) {
  const [room, setRoom] = useState(0)
  useLayoutEffect(() => setRoom(frame.current?.clientHeight ?? 0), [frame])
  const beginAt = entries.findIndex(({ day }) => day >= begin)
  const comes = entries.slice(beginAt).reduce((sum, entry) => sum + heightOf(entry), 0)
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => frame.current,
    estimateSize: (index) => heightOf(entries[index]),
    // With another one all is laid out anew.
    getItemKey: useCallback((index: number) => keyOf(entries[index], index), [entries]),
    rangeExtractor: useCallback((range: Range) => withName(entries, range), [entries]),
    overscan: 8,
    paddingEnd: beginAt > 0 ? Math.max(room - comes, 0) : 0,
  })
  const latest = useRef(entries)
  latest.current = entries
  useEffect(() => {
    const at = latest.current.findIndex(({ day }) => day >= begin)
    if (room > 0) virtual.scrollToIndex(Math.max(at, 0), { align: 'start' })
  }, [virtual, begin, room])
  return virtual
}

function heightOf(entry: Entry | undefined): number {
  return entry?.placed ? rowHeight : nameHeight
}

/** The name of a day is there as long as anything of the day is. */
function withName(entries: readonly Entry[], range: Range): number[] {
  const seen = defaultRangeExtractor(range)
  const nameAt = entries.slice(0, range.startIndex + 1).findLastIndex(({ placed }) => !placed)
  return nameAt < 0 || seen.includes(nameAt) ? seen : [nameAt, ...seen]
}

/** How high each line is. */
function heightsOf(entries: readonly Entry[]): readonly number[] {
  const heights = entries.map(() => rowHeight)
  let rows = 0
  for (let index = entries.length - 1; index >= 0; index -= 1) {
    if (entries[index]?.placed) rows += 1
    else {
      heights[index] = nameHeight + rows * rowHeight
      rows = 0
    }
  }
  return heights
}

function keyOf(entry: Entry | undefined, index: number): string {
  if (!entry) return String(index)
  const { row } = entry.placed ?? {}
  return row ? `${entry.day} ${row.id} ${row.instance ?? ''}` : String(entry.day)
}

function DayName({ day, isToday }: { readonly day: number; readonly isToday: boolean }) {
  const { t, i18n } = useTranslation('calendar')
  const locale = localeOf(i18n.language)
  const [weekday, date] = useMemo(
    () =>
      [{ weekday: 'long' } as const, { day: 'numeric', month: 'long', year: 'numeric' } as const].map(
        (parts) => new Intl.DateTimeFormat(locale, { ...parts, timeZone: 'UTC' }).format(day * dayMs),
      ),
    [locale, day],
  )
  return (
    <h3 className="event-rows-day">
      <span>{isToday ? `${t('today')} · ${weekday}` : weekday}</span> <span>{date}</span>
    </h3>
  )
}

interface EventRowProps {
  readonly placed: Placed
  readonly day: number
  readonly color: string
  readonly onOpen: (row: Instance) => void
}

function EventRow({ placed, day, color, onOpen }: EventRowProps) {
  const { t } = useTranslation('calendar')
  const { row } = placed
  const time = useTimeText(placed, day)
  return (
    <button
      type="button"
      className={`event-row ${row.status?.toLowerCase() ?? ''}`}
      aria-busy={isPending(row)}
      onClick={() => onOpen(row)}
    >
      <span className="event-row-time">{time}</span>
      <span className="calendar-dot" ref={(dot) => dot?.style.setProperty('background', color)} />
      <span className="event-row-text">
        <span className="event-title">{row.title === '' ? t('untitled') : row.title}</span>
        {row.location !== null && row.location !== '' && <span className="event-place">{row.location}</span>}
      </span>
      {row.isRecurring && <IconRepeat size={14} role="img" aria-label={t('repeats')} />}
      {row.hasAlarm && <IconBell size={14} role="img" aria-label={t('hasAlarm')} />}
    </button>
  )
}

/** From when until when, as far as that is on the day. */
function useTimeText({ row, from, to }: Placed, day: number): string {
  const { t, i18n } = useTranslation('calendar')
  const locale = localeOf(i18n.language)
  const format = useMemo(
    () => new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: 'UTC' }),
    [locale],
  )
  const begins = from >= day * dayMs
  const ends = to <= (day + 1) * dayMs
  if (row.allDay || !(begins || ends)) return t('form.allDay')
  if (!ends) return `${format.format(from)} –`
  return begins ? format.formatRange(from, to) : `– ${format.format(to)}`
}
