import type { Rule } from '../calendar/calendar.ts'
import { localeOf } from '../i18n/locale.ts'

/** A content line in its parts. @see RFC 5545 §3.1 */
export interface Line {
  /** In capitals. */
  readonly name: string
  /** The first value of each parameter, by its name in capitals. */
  readonly params: ReadonlyMap<string, string>
  readonly value: string
}

/** Reads a line that is unfolded; undefined for what is none. */
export function readLine(text: string): Line | undefined {
  const found = /^([\w-]+)((?:;(?:[^:;"]|"[^"]*")*)*):(.*)$/s.exec(text)
  if (!found) return undefined
  const [, name = '', params = '', value = ''] = found
  const read = [...params.matchAll(/;([\w-]+)=("[^"]*"|[^;]*)/g)].map(
    ([, key = '', one = '']) => [key.toUpperCase(), one.replaceAll('"', '')] as const,
  )
  return { name: name.toUpperCase(), params: new Map(read), value }
}

/** A text without what keeps it in one line. @see RFC 5545 §3.3.11 */
export function unescaped(text: string): string {
  return text.replace(/\\([nN\\,;])/g, (_, one: string) => (one.toLowerCase() === 'n' ? '\n' : one))
}

/** The length of `PT15M` or `-P1DT2H`; undefined for what is none. @see RFC 5545 §3.3.6 */
export function secondsOf(value: string): number | undefined {
  const found = /^([+-]?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(value)
  if (!found) return undefined
  const [weeks, days, hours, minutes, seconds] = found.slice(2).map((one) => Number(one ?? 0))
  const all = [(weeks ?? 0) * 604_800, (days ?? 0) * 86_400, (hours ?? 0) * 3_600, (minutes ?? 0) * 60]
  const length = all.reduce((sum, one) => sum + one, seconds ?? 0)
  return found[1] === '-' ? -length : length
}

/** A date or a time as calendars write it. */
interface Wall {
  /** 2026-03-02T09:00:00; of a day the midnight that it begins with. */
  readonly wall: string
  readonly isDay: boolean
  readonly isUtc: boolean
  readonly text: (language: string) => string
}

/** Reads `20260302`, `20260302T090000` or `20260302T090000Z`; undefined for something else. */
export function wallOf(value: string): Wall | undefined {
  const found = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?$/.exec(value)
  if (!found) return undefined
  const [, year, month, day, hour, minute, second, utc] = found
  const isDay = hour === undefined
  const wall = `${year}-${month}-${day}T${isDay ? '00:00:00' : `${hour}:${minute}:${second}`}`
  const isUtc = utc === 'Z'
  const text = (language: string): string => {
    const form = { dateStyle: 'medium', ...(!isDay && { timeStyle: 'short' as const }) } as const
    return new Intl.DateTimeFormat(localeOf(language), { ...form, timeZone: 'UTC' }).format(
      new Date(`${wall}Z`),
    )
  }
  return { wall, isDay, isUtc, text }
}

const known = new Set(['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'BYDAY', 'BYMONTHDAY'])

/** A rule that says nothing but what there are words for; undefined for others. */
export function readRule(value: string): Rule | undefined {
  const parts = new Map(
    value.split(';').map((part) => {
      const [key = '', ...rest] = part.split('=')
      return [key.toUpperCase(), rest.join('=')] as const
    }),
  )
  const freq = parts.get('FREQ')
  const isKnown = [...parts.keys()].every((key) => known.has(key))
  if (!isKnown || !/^(?:DAILY|WEEKLY|MONTHLY|YEARLY)$/.test(freq ?? '')) return undefined
  const until = /^(\d{4})(\d\d)(\d\d)/.exec(parts.get('UNTIL') ?? '')
  const listed = (name: string): readonly string[] => parts.get(name)?.split(',') ?? []
  return {
    freq: freq as Rule['freq'],
    interval: Number(parts.get('INTERVAL') ?? 1),
    count: parts.has('COUNT') ? Number(parts.get('COUNT')) : null,
    until: until ? until.slice(1).join('-') : null,
    byDay: listed('BYDAY').map((one) => ({
      day: one.slice(-2) as Rule['byDay'][number]['day'],
      nth: Number(one.slice(0, -2) || 0),
    })),
    byMonthDay: listed('BYMONTHDAY').map(Number),
    byMonth: [],
    bySetPos: [],
    weekStart: 'MO',
  }
}
