import { localeOf } from '../i18n/locale.ts'

/** The zone that this browser shows times in. */
export const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone

const formats = new Map<string, Intl.DateTimeFormat>()

/** The zone itself; that of this browser for one that only its own calendar knows: "Customized Time Zone". */
export function knownZone(zone: string): string {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone
  } catch {
    return ownZone
  }
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

/** A day of the calendar of this browser: 2026-03-02. */
export function dayOf(at: Date): string {
  return wallTimeIn(ownZone, at).slice(0, 10)
}

/** So many days after a day. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** So many minutes later on the same clock. */
export function addMinutes(wall: string, minutes: number): string {
  return new Date(Date.parse(`${wall}Z`) + minutes * 60_000).toISOString().slice(0, 19)
}

/** Between two times of one clock. */
export function minutesBetween(from: string, to: string): number {
  return (Date.parse(`${to}Z`) - Date.parse(`${from}Z`)) / 60_000
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
