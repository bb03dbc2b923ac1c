import type { z } from 'zod'
import type { eventInstance } from '../../../features/calendar-events/schema.ts'
import { clockIn } from '../times.ts'

export const dayMs = 86_400_000
const hourMs = 3_600_000

type Instance = z.infer<typeof eventInstance>

/** An event on the sheet: its times are milliseconds of a clock of UTC that shows what the clocks of the zone show. */
export interface Placed {
  readonly row: Instance
  readonly from: number
  readonly to: number
  /** The first and the last day, counted from 1970. */
  readonly first: number
  readonly last: number
  /** Whether it takes whole days, or so much of them that it lies above the hours. */
  readonly isLong: boolean
}

/** Where a row is on the sheet of a zone. What takes no time is shown as an hour. */
export function placedIn(zone: string, row: Instance): Placed {
  const from = clockOf(zone, row.start)
  const end = clockOf(zone, row.end)
  const to = end > from ? end : from + (row.allDay ? dayMs : hourMs)
  const first = Math.floor(from / dayMs)
  const last = Math.max(first, Math.ceil(to / dayMs) - 1)
  return { row, from, to, first, last, isLong: row.allDay || to - from >= dayMs }
}

function clockOf(zone: string, text: string): number {
  if (text.endsWith('Z')) return clockIn(zone, Date.parse(text))
  return Date.parse(text.length === 10 ? text : `${text}Z`)
}

/** What takes many days first, then whole days, then by the time; the same each time. */
export function byWeight(one: Placed, other: Placed): number {
  return (
    other.last - other.first - (one.last - one.first) ||
    Number(other.row.allDay) - Number(one.row.allDay) ||
    byTime(one, other)
  )
}

export function byTime(one: Placed, other: Placed): number {
  return (
    one.from - other.from ||
    other.to - one.to ||
    compare(one.row.title, other.row.title) ||
    one.row.id - other.row.id ||
    compare(one.row.instance ?? '', other.row.instance ?? '')
  )
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}

/** The number of a day since 1970: 2026-03-02. */
export function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / dayMs
}

/** 2026-03-02, of a number of a day. */
export function dayText(number: number): string {
  return new Date(number * dayMs).toISOString().slice(0, 10)
}
