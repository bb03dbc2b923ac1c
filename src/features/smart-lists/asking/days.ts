import { civilDate, dayMs, dayNumber, isLeapYear } from '../../../../protocol/ical/gregorian.ts'
import { ianaZone } from '../../../../protocol/ical/iana-zone.ts'

/** The days of somebody, in his time zone. */
export interface Calendar {
  /** The number of the day that it is. */
  readonly today: number
  /** The moment at which a day begins. */
  readonly startOf: (day: number) => number
}

/** @param timeZone  an IANA name; of none, and of one that is not known, it is UTC */
export function calendarOf(timeZone: string | null, now: number): Calendar {
  const zone = timeZone === null ? undefined : ianaZone(timeZone)
  const wall = zone ? zone.toWall(now) : now
  return {
    today: Math.floor(wall / dayMs),
    startOf: (day) => (zone ? zone.toUtc(day * dayMs) : day * dayMs),
  }
}

/** The number of a day that is written as 2026-12-31. */
export function dayOfText(text: string): number {
  const [year = 0, month = 1, day = 1] = text.split('-').map(Number)
  return dayNumber(year, month, day)
}

/** 2026-12-31 */
export function textOfDay(day: number): string {
  const { year, month, day: ofMonth } = civilDate(day)
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(ofMonth)}`
}

/**
 * Days of years, as 05-17, from one day on over some days: one range, or two where a new year begins between. Who was born
 * on 29 February has a birthday on the 28th of other years.
 * @returns undefined for all days
 */
export function yearlyRanges(from: number, days: number): readonly (readonly [string, string])[] | undefined {
  if (days >= 365) return undefined
  const [first, last] = [civilDate(from), civilDate(from + days)]
  const isShort = !isLeapYear(last.year)
  const begin = `${two(first.month)}-${two(first.day)}`
  const written = `${two(last.month)}-${two(last.day)}`
  const end = isShort && written === '02-28' ? '02-29' : written
  return first.year === last.year
    ? [[begin, end]]
    : [
        [begin, '12-31'],
        ['01-01', end],
      ]
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
