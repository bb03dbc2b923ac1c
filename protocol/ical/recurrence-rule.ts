import { type IcalTime, readTime, ValueError } from './values.ts'

export type Frequency = 'SECONDLY' | 'MINUTELY' | 'HOURLY' | 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY'

/** What becomes of 31 February: nothing, the last of February, or the first of March. @see RFC 7529 §4.1 */
export type Skip = 'OMIT' | 'BACKWARD' | 'FORWARD'

/** A weekday (0 for Sunday), every one or (`nth` not 0) the nth of the month or year, from its end if negative. */
export interface RuleDay {
  readonly weekday: number
  readonly nth: number
}

/** A RECUR value. The lists are in ascending order and without duplicates; a list that is there is not empty. */
export interface Rule {
  readonly freq: Frequency
  readonly interval: number
  readonly count: number | undefined
  /** As written; what it means for a zone is untilWall's to say. */
  readonly until: IcalTime | undefined
  /** The first day of the week, 0 for Sunday. */
  readonly weekStart: number
  readonly skip: Skip
  readonly bySecond: readonly number[] | undefined
  readonly byMinute: readonly number[] | undefined
  readonly byHour: readonly number[] | undefined
  readonly byDay: readonly RuleDay[] | undefined
  readonly byMonthDay: readonly number[] | undefined
  readonly byYearDay: readonly number[] | undefined
  readonly byWeekNo: readonly number[] | undefined
  readonly byMonth: readonly number[] | undefined
  readonly bySetPos: readonly number[] | undefined
}

/** A RECUR value that cannot be understood. */
export class RuleError extends Error {
  override name = 'RuleError'
}

/**
 * Reads a RECUR value. Tolerated: any order and case, empty parts, escaped separators, X- parts (ignored),
 * COUNT beside UNTIL (what ends first), and the pairs of FREQ and BYxxx that RFC 5545 forbids (they limit).
 * RSCALE=GREGORIAN is understood, with SKIP.
 * @throws RuleError on anything else, other calendars (RSCALE) included
 * @see RFC 5545 §3.3.10, RFC 7529 §4
 */
export function readRule(value: string): Rule {
  const parts = readParts(value)
  const freq = frequencies.find((name) => name === parts.get('FREQ'))
  if (freq === undefined) throw new RuleError(`No FREQ that is known: ${value.slice(0, 80)}`)
  const scale = parts.get('RSCALE')
  if (scale !== undefined && scale !== 'GREGORIAN') throw new RuleError('RSCALE other than GREGORIAN')
  return {
    freq,
    interval: readCount(parts.get('INTERVAL'), 'INTERVAL') ?? 1,
    count: readCount(parts.get('COUNT'), 'COUNT'),
    until: readUntil(parts.get('UNTIL')),
    weekStart: readWeekStart(parts.get('WKST')),
    skip: readSkip(parts.get('SKIP')),
    bySecond: readSeconds(parts),
    byMinute: readNumbers(parts, 'BYMINUTE', 0, 59),
    byHour: readNumbers(parts, 'BYHOUR', 0, 23),
    byDay: readDays(parts.get('BYDAY')),
    byMonthDay: readSigned(parts, 'BYMONTHDAY', 31),
    byYearDay: readSigned(parts, 'BYYEARDAY', 366),
    byWeekNo: readSigned(parts, 'BYWEEKNO', 53),
    byMonth: readNumbers(parts, 'BYMONTH', 1, 12),
    bySetPos: readSigned(parts, 'BYSETPOS', 366),
  }
}

const frequencies: readonly Frequency[] = [
  'SECONDLY',
  'MINUTELY',
  'HOURLY',
  'DAILY',
  'WEEKLY',
  'MONTHLY',
  'YEARLY',
]

const known = new Set(
  (
    'FREQ INTERVAL COUNT UNTIL WKST SKIP RSCALE ' +
    'BYSECOND BYMINUTE BYHOUR BYDAY BYMONTHDAY BYYEARDAY BYWEEKNO BYMONTH BYSETPOS'
  ).split(' '),
)

const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']

/** The parts by name, all in upper case; those without a value are left out. */
function readParts(value: string): Map<string, string> {
  const parts = new Map<string, string>()
  for (const part of value.replace(/\\([;,])/g, '$1').split(';')) {
    if (part.trim() === '') continue
    const equals = part.indexOf('=')
    const name = part.slice(0, Math.max(equals, 0)).trim().toUpperCase()
    if (name.startsWith('X-')) continue
    if (!known.has(name)) throw new RuleError(`Unknown part: ${part.slice(0, 40)}`)
    if (parts.has(name)) throw new RuleError(`${name} stands twice`)
    const text = part.slice(equals + 1).trim()
    if (text !== '') parts.set(name, text.toUpperCase())
  }
  return parts
}

function readCount(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined
  if (!/^\+?\d{1,15}$/.test(text) || Number(text) === 0)
    throw new RuleError(`Bad ${name}: ${text.slice(0, 40)}`)
  return Number(text)
}

function readUntil(text: string | undefined): IcalTime | undefined {
  if (text === undefined) return undefined
  try {
    return readTime(text)
  } catch (error) {
    if (error instanceof ValueError) throw new RuleError(`Bad UNTIL: ${error.message}`)
    throw error
  }
}

function readWeekStart(text: string | undefined): number {
  if (text === undefined) return 1
  const weekday = weekdays.indexOf(text)
  if (weekday === -1) throw new RuleError(`Bad WKST: ${text.slice(0, 40)}`)
  return weekday
}

function readSkip(text: string | undefined): Skip {
  if (text === undefined || text === 'OMIT') return 'OMIT'
  if (text === 'BACKWARD' || text === 'FORWARD') return text
  throw new RuleError(`Bad SKIP: ${text.slice(0, 40)}`)
}

/** Without leap seconds, second 60 is second 59. @see RFC 5545 §3.3.12 */
function readSeconds(parts: ReadonlyMap<string, string>): readonly number[] | undefined {
  const seconds = readNumbers(parts, 'BYSECOND', 0, 60)
  return seconds && ascending(seconds.map((second) => Math.min(second, 59)))
}

function readSigned(
  parts: ReadonlyMap<string, string>,
  name: string,
  most: number,
): readonly number[] | undefined {
  const numbers = readNumbers(parts, name, -most, most)
  if (numbers?.includes(0)) throw new RuleError(`0 in ${name}`)
  return numbers
}

function readNumbers(
  parts: ReadonlyMap<string, string>,
  name: string,
  least: number,
  most: number,
): readonly number[] | undefined {
  const numbers = listOf(parts.get(name)).map((item) => {
    const number = Number(item)
    if (!/^[+-]?\d{1,3}$/.test(item) || number < least || number > most) {
      throw new RuleError(`Bad ${name}: ${item.slice(0, 40)}`)
    }
    return number || 0
  })
  return numbers.length === 0 ? undefined : ascending(numbers)
}

function readDays(text: string | undefined): readonly RuleDay[] | undefined {
  const days = new Map<string, RuleDay>()
  for (const item of listOf(text)) {
    const parts = /^([+-]?\d{1,2})?(SU|MO|TU|WE|TH|FR|SA)$/.exec(item)
    const nth = Number(parts?.[1] ?? 0)
    if (!parts || Math.abs(nth) > 53 || (nth === 0 && parts[1] !== undefined)) {
      throw new RuleError(`Bad BYDAY: ${item.slice(0, 40)}`)
    }
    const weekday = weekdays.indexOf(parts[2] ?? '')
    days.set(`${nth} ${weekday}`, { weekday, nth })
  }
  return days.size === 0 ? undefined : [...days.values()]
}

function listOf(text: string | undefined): string[] {
  if (text === undefined) return []
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

function ascending(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)].sort((a, b) => a - b)
}
