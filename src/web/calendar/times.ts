import { localeOf } from '../i18n/locale.ts'

/** The zone that this browser shows times in. */
export const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone

const formats = new Map<string, Intl.DateTimeFormat>()

/** Whether it is a zone of the world, and not one that only its own calendar knows. */
export function isKnownZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }) !== undefined
  } catch {
    return false
  }
}

/** The zone itself; that of this browser for one that only its own calendar knows: "Customized Time Zone". */
export function knownZone(zone: string): string {
  return isKnownZone(zone) ? zone : ownZone
}

function formatIn(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const parts = { year: 'numeric', month: '2-digit', day: '2-digit' } as const
  const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const
  const made = new Intl.DateTimeFormat('en-US', { timeZone: knownZone(zone), ...parts, ...clock })
  formats.set(zone, made)
  return made
}

/** What the clocks of a zone show at a moment: 2026-03-02T09:00:00. */
export function wallTimeIn(zone: string, at: Date): string {
  const part = Object.fromEntries(
    formatIn(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  )
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}`
}

/**
 * The moment at which the clocks of a zone show this. Of a time that is there twice it is the first; one that is
 * skipped is so much later as clocks are put forward. @see RFC 5545 §3.3.5
 */
export function momentIn(zone: string, wall: string): Date {
  const asUtc = Date.parse(`${wall}Z`)
  const offsetAt = (ms: number): number => Date.parse(`${wallTimeIn(zone, new Date(ms))}Z`) - ms
  const before = offsetAt(asUtc - 86_400_000)
  const after = offsetAt(asUtc + 86_400_000)
  const fits = [before, after].find((offset) => offsetAt(asUtc - offset) === offset)
  return new Date(asUtc - (fits ?? before))
}

const day = 86_400_000
const offsets = new Map<string, Map<number, number>>()

/**
 * What the clocks of a zone show at a moment, as milliseconds of a clock of UTC that shows the same. A month of thousands of
 * events asks for a few days: the offset of a day on which it stays the same is found out once.
 */
export function clockIn(zone: string, at: number): number {
  const days = offsets.get(zone) ?? new Map<number, number>()
  if (days.size === 0 || days.size > mostDays) offsets.set(zone, days)
  if (days.size > mostDays) days.clear()
  const from = Math.floor(at / day) * day
  const known = days.get(from) ?? offsetOn(zone, from)
  days.set(from, known)
  return at + (Number.isNaN(known) ? offsetAt(zone, at) : known)
}

const mostDays = 5_000

/** NaN for a day on which clocks are changed. */
function offsetOn(zone: string, from: number): number {
  const [first, last] = [offsetAt(zone, from), offsetAt(zone, from + day)]
  return first === last ? first : Number.NaN
}

function offsetAt(zone: string, at: number): number {
  const second = Math.floor(at / 1_000) * 1_000
  return Date.parse(`${wallTimeIn(zone, new Date(second))}Z`) - second
}

/** A time of a clock of UTC as it is written: 2026-03-02T09:00:00. */
export function wallText(clock: number): string {
  return new Date(clock).toISOString().slice(0, 19)
}

/** The day that it is in a zone: 2026-03-02. */
export function dayIn(zone: string, at: Date): string {
  return wallTimeIn(zone, at).slice(0, 10)
}

/** So many days after a day. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** So many minutes later on the same clock. */
export function addMinutes(wall: string, minutes: number): string {
  return new Date(Date.parse(`${wall}Z`) + minutes * 60_000).toISOString().slice(0, 19)
}

/** From 0 for Sunday. */
export function weekdayOf(moment: string): number {
  return new Date(`${moment.slice(0, 10)}T00:00:00Z`).getUTCDay()
}

/** The day on which weeks begin where this language is spoken, 0 for Sunday. @see Unicode CLDR weekData */
export function firstWeekday(language: string): number {
  interface Weeks extends Intl.Locale {
    readonly weekInfo?: { readonly firstDay: number }
    getWeekInfo?(): { readonly firstDay: number }
  }
  const locale = new Intl.Locale(localeOf(language)) as Weeks
  return (locale.getWeekInfo?.() ?? locale.weekInfo ?? { firstDay: 1 }).firstDay % 7
}
