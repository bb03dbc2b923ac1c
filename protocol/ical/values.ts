import { civilDate, dayMs, dayNumber, daysInMonth, hourMs, minuteMs, secondMs } from './gregorian.ts'
import type { Zone } from './timezone.ts'

/** How a time was written: a date, a local time without a zone, a UTC time, a local time with a TZID. */
export type TimeForm = 'date' | 'floating' | 'utc' | 'zoned'

/** A DATE or DATE-TIME value. */
export interface IcalTime {
  /** The written clock time as if it were UTC, in epoch milliseconds; midnight for a date. */
  readonly wall: number
  readonly form: TimeForm
  /** The TZID as written, for form 'zoned' only. */
  readonly tzid?: string
}

/** A DURATION value, its sign folded into both parts. */
export interface Duration {
  /** Nominal: weeks and days, whose length depends on the zone. */
  readonly days: number
  /** Exact: hours, minutes and seconds, in milliseconds. */
  readonly ms: number
}

/** A PERIOD value: exactly one of `end` and `duration` is there. */
export interface Period {
  readonly start: IcalTime
  readonly end: IcalTime | undefined
  readonly duration: Duration | undefined
}

export interface TimeParameters {
  /** The TZID parameter, if any. */
  readonly tzid?: string | undefined
  /** Whether the VALUE parameter says DATE. */
  readonly date?: boolean | undefined
}

/** A value that is not of its type, or says a time that does not exist in the calendar. */
export class ValueError extends Error {
  override name = 'ValueError'
}

/**
 * Reads a DATE or DATE-TIME. The written form wins over the parameters: a value without a time is a date
 * though VALUE=DATE is missing, one that ends in Z is UTC though it has a TZID. With `date`, a time is dropped.
 * Tolerated: ISO 8601 punctuation, missing seconds, blanks around. A leap second is the second before it.
 * @throws ValueError when it is no time or an impossible one (30 February, hour 24)
 * @see RFC 5545 §3.3.4, §3.3.5, §3.3.12
 */
export function readTime(value: string, { tzid, date }: TimeParameters = {}): IcalTime {
  const parts = timePattern.exec(value.trim())
  if (!parts) throw new ValueError(`Not a date or time: ${excerpt(value)}`)
  const day = readDay(value, Number(parts[1]), Number(parts[2]), Number(parts[3]))
  if (date === true || parts[4] === undefined) return { wall: day, form: 'date' }
  const hour = Number(parts[4])
  const minute = Number(parts[5])
  const second = Number(parts[6] ?? 0)
  if (hour > 23 || minute > 59 || second > 60) {
    throw new ValueError(`No such time of day: ${excerpt(value)}`)
  }
  const wall = day + hour * hourMs + minute * minuteMs + Math.min(second, 59) * secondMs
  if (parts[7] !== undefined) return { wall, form: 'utc' }
  return tzid === undefined || tzid.trim() === '' ? { wall, form: 'floating' } : { wall, form: 'zoned', tzid }
}

/**
 * Reads a DURATION. Tolerated: lower case, weeks beside days, a T with nothing behind days.
 * @throws ValueError
 * @see RFC 5545 §3.3.6
 */
export function readDuration(value: string): Duration {
  const parts = durationPattern.exec(value.trim())
  if (!parts) throw new ValueError(`Not a duration: ${excerpt(value)}`)
  const [, sign, weeks, days, hours, minutes, seconds] = parts
  const factor = sign === '-' ? -1 : 1
  const nominal = Number(weeks ?? 0) * 7 + Number(days ?? 0)
  const exact =
    Number(hours ?? 0) * hourMs + Number(minutes ?? 0) * minuteMs + Number(seconds ?? 0) * secondMs
  // `|| 0`: no negative zero.
  return { days: factor * nominal || 0, ms: factor * exact || 0 }
}

/**
 * Reads a PERIOD, with an end or with a duration.
 * @throws ValueError
 * @see RFC 5545 §3.3.9
 */
export function readPeriod(value: string, parameters: TimeParameters = {}): Period {
  const slash = value.indexOf('/')
  if (slash === -1) throw new ValueError(`Not a period: ${excerpt(value)}`)
  const start = readTime(value.slice(0, slash), parameters)
  const rest = value.slice(slash + 1).trim()
  if (/^[+-]?p/i.test(rest)) return { start, end: undefined, duration: readDuration(rest) }
  return { start, end: readTime(rest, parameters), duration: undefined }
}

/**
 * Reads a UTC-OFFSET, in milliseconds east of UTC. Tolerated: a missing sign, a colon, `-0000`.
 * @throws ValueError
 * @see RFC 5545 §3.3.14
 */
export function readUtcOffset(value: string): number {
  const parts = /^([+-]?)(\d{2}):?(\d{2})(?::?(\d{2}))?$/.exec(value.trim())
  if (!parts) throw new ValueError(`Not a UTC offset: ${excerpt(value)}`)
  const minutes = Number(parts[3])
  const seconds = Number(parts[4] ?? 0)
  const hours = Number(parts[2])
  if (hours > 23 || minutes > 59 || seconds > 59)
    throw new ValueError(`No such UTC offset: ${excerpt(value)}`)
  const ms = hours * hourMs + minutes * minuteMs + seconds * secondMs
  return (parts[1] === '-' ? -ms : ms) || 0
}

/**
 * Writes a time: `20260102` for a date, `20260102T030405Z` for UTC, else without the Z.
 * @param ms  a wall time, or for form 'utc' an instant; held within the years 0000 to 9999
 * @see RFC 5545 §3.3.4, §3.3.5
 */
export function formatTime(ms: number, form: TimeForm): string {
  const held = Math.min(Math.max(ms, earliestWall), latestWall)
  const number = Math.floor(held / dayMs)
  const { year, month, day } = civilDate(number)
  const date = digits(year, 4) + digits(month, 2) + digits(day, 2)
  if (form === 'date') return date
  const seconds = Math.floor((held - number * dayMs) / secondMs)
  const hour = Math.floor(seconds / 3600)
  const minute = Math.floor(seconds / 60) % 60
  const time = `${digits(hour, 2)}${digits(minute, 2)}${digits(seconds % 60, 2)}`
  return `${date}T${time}${form === 'utc' ? 'Z' : ''}`
}

/**
 * The instant (UTC) a duration after a local time: days are counted on the zone's calendar, hours on a stopwatch.
 * @see RFC 5545 §3.3.6
 */
export function addDurationInZone(wall: number, duration: Duration, zone: Zone): number {
  return zone.toUtc(wall + duration.days * dayMs) + duration.ms
}

const timePattern = /^(\d{4})-?(\d{2})-?(\d{2})(?:[Tt ](\d{2}):?(\d{2})(?::?(\d{2}))?(?:\.\d+)?([Zz])?)?$/

const durationPattern =
  /^([+-])?P(?=\d|T\d)(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?$/i

const earliestWall = dayNumber(0, 1, 1) * dayMs
const latestWall = dayNumber(10_000, 1, 1) * dayMs - secondMs

function readDay(value: string, year: number, month: number, day: number): number {
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) {
    throw new ValueError(`No such day: ${excerpt(value)}`)
  }
  return dayNumber(year, month, day) * dayMs
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0')
}

function excerpt(value: string): string {
  return JSON.stringify(value.slice(0, 40))
}
