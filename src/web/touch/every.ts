import type { TFunction } from 'i18next'

const monthDays = 30.4375

/** Rhythms that are offered, in days. */
export const offered = [7, 14, 30, 61, 91, 183, 365] as const

/** A number of days in the unit in which people say it. */
export function spanOf(days: number): { readonly unit: 'days' | 'weeks' | 'months'; readonly count: number } {
  const months = Math.round(days / monthDays)
  if (months > 0 && daysOf('months', months) === days) return { unit: 'months', count: months }
  return days % 7 === 0 ? { unit: 'weeks', count: days / 7 } : { unit: 'days', count: days }
}

export function daysOf(unit: 'weeks' | 'months', count: number): number {
  return unit === 'weeks' ? 7 * count : Math.round(monthDays * count - 0.01)
}

/** "every 3 months" */
export function everyText(days: number, t: TFunction<'touch'>): string {
  const { unit, count } = spanOf(days)
  return t(`every.${unit}`, { count })
}
