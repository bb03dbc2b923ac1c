import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { localeOf } from '../i18n/locale.ts'

/** What is given: an ISO text or epoch milliseconds. */
type When = string | number | Date

/** Times as the language writes them, in the time zone of the browser. */
export interface Dates {
  /** 27 Nov 2026 */
  readonly day: (when: When) => string
  /** 27 Nov 2026, 15:04 */
  readonly time: (when: When) => string
  /** 15:04 */
  readonly clock: (when: When) => string
  /** "3 hours ago", "yesterday", "in 2 weeks" */
  readonly relative: (when: When, now?: number) => string
  /** A date of which parts may be missing, as cards have them: "14 March", "March 1980", "1980". */
  readonly partial: (date: PartialDate) => string
}

export interface PartialDate {
  readonly year: number | null
  /** From 1. */
  readonly month: number | null
  readonly day: number | null
}

/** The dates of a language; each format is made once. */
export function datesOf(language: string): Dates {
  const format = (options: Intl.DateTimeFormatOptions): ((when: When) => string) => {
    const made = new Intl.DateTimeFormat(language, options)
    return (when) => made.format(new Date(when))
  }
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  return {
    day: format({ dateStyle: 'medium' }),
    time: format({ dateStyle: 'medium', timeStyle: 'short' }),
    clock: format({ timeStyle: 'short' }),
    relative: (when, now = Date.now()) => {
      const [amount, unit] = nearest(new Date(when).getTime() - now)
      return relative.format(amount, unit)
    },
    partial: (date) => partialDate(language, date),
  }
}

/** The dates of the language that is spoken. */
export function useDates(): Dates {
  const { i18n } = useTranslation()
  return useMemo(() => datesOf(localeOf(i18n.language)), [i18n.language])
}

const steps: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, ms: number])[] = [
  ['year', 365.25 * 86_400_000],
  ['month', 30.4375 * 86_400_000],
  ['week', 7 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

/** The largest unit that fits at least once; less than a minute is now. */
function nearest(ms: number): [number, Intl.RelativeTimeFormatUnit] {
  for (const [unit, size] of steps) if (Math.abs(ms) >= size) return [Math.trunc(ms / size), unit]
  return [0, 'second']
}

/** A leap year, for a 29 February of no year. */
const someYear = 2024

function partialDate(language: string, { year, month, day }: PartialDate): string {
  if (year === null && month === null) return day === null ? '' : String(day)
  const options: Intl.DateTimeFormatOptions = {
    timeZone: 'UTC',
    ...(year !== null && { year: 'numeric' }),
    ...(month !== null && { month: 'long' }),
    ...(month !== null && day !== null && { day: 'numeric' }),
  }
  const at = new Date(0)
  at.setUTCFullYear(year ?? someYear, (month ?? 1) - 1, month === null ? 1 : (day ?? 1))
  return new Intl.DateTimeFormat(language, options).format(at)
}
