import type { EventWish, Rule } from './calendar.ts'
import { weekdayOf } from './times.ts'

/** The rule as the server takes it. */
export type RuleWish = Extract<NonNullable<EventWish['rule']>, { freq: string }>
export type Freq = Rule['freq']
export type Weekday = Rule['byDay'][number]['day']

/** By their numbers, 0 for Sunday. */
export const weekdays: readonly Weekday[] = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']
const workdays: readonly Weekday[] = ['MO', 'TU', 'WE', 'TH', 'FR']

/** What is chosen most often, for an event that begins then. */
export type Preset = 'never' | 'daily' | 'workdays' | 'weekly' | 'monthlyDay' | 'monthlyWeekday' | 'yearly'
export const presets: readonly Preset[] = [
  ...(['never', 'daily', 'workdays', 'weekly'] as const),
  ...(['monthlyDay', 'monthlyWeekday', 'yearly'] as const),
]

/** Which weekday of its month a day is, from 1; the fifth counts as the last, -1. */
export function nthOf(start: string): number {
  const nth = Math.ceil(Number(start.slice(8, 10)) / 7)
  return nth === 5 ? -1 : nth
}

function dayOfWeek(start: string): Weekday {
  return weekdays[weekdayOf(start)] ?? 'MO'
}

/** The rule of a preset; undefined for none. */
export function ruleOf(preset: Preset, start: string): RuleWish | undefined {
  const day = dayOfWeek(start)
  switch (preset) {
    case 'never':
      return undefined
    case 'daily':
      return { freq: 'DAILY' }
    case 'workdays':
      return { freq: 'WEEKLY', byDay: workdays.map((one) => ({ day: one })) }
    case 'weekly':
      return { freq: 'WEEKLY', byDay: [{ day }] }
    case 'monthlyDay':
      return { freq: 'MONTHLY', byMonthDay: [Number(start.slice(8, 10))] }
    case 'monthlyWeekday':
      return { freq: 'MONTHLY', byDay: [{ day, nth: nthOf(start) }] }
    case 'yearly':
      return { freq: 'YEARLY' }
  }
}

/** Which preset a rule is; undefined where it says more or something else. */
export function presetOf(rule: RuleWish | undefined, start: string): Preset | undefined {
  const wanted = JSON.stringify(plain(rule))
  return presets.find((preset) => JSON.stringify(plain(ruleOf(preset, start))) === wanted)
}

/** With everything said, in one order; what a rule repeats of its own start is left out. */
function plain(rule: RuleWish | undefined): unknown {
  if (!rule) return null
  const days = (rule.byDay ?? []).map(({ day, nth = 0 }) => `${nth}${day}`).toSorted()
  const parts = [rule.interval ?? 1, rule.count ?? null, rule.until ?? null, days]
  return [rule.freq, ...parts, rule.byMonthDay ?? [], rule.byMonth ?? [], rule.bySetPos ?? []]
}

/** Whether the fields of the form can show all that a rule says. */
export function isPlain({ freq, byDay, byMonthDay, byMonth, bySetPos }: Rule): boolean {
  if (bySetPos.length > 0 || byMonth.length > 0 || byMonthDay.length > 1) return false
  if (freq === 'WEEKLY') return byMonthDay.length === 0 && byDay.every(({ nth }) => nth === 0)
  if (freq === 'MONTHLY') return byDay.length + byMonthDay.length <= 1
  return byDay.length === 0 && byMonthDay.length === 0
}
