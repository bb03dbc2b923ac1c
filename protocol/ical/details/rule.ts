import type { Clock } from '../line-times.ts'
import { untilWall } from '../recurrence.ts'
import { type Frequency, type Rule, RuleError, readRule } from '../recurrence-rule.ts'
import { wallText } from './moments.ts'

export type Weekday = 'SU' | 'MO' | 'TU' | 'WE' | 'TH' | 'FR' | 'SA'
export const weekdays: readonly Weekday[] = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']

export type FormFrequency = Exclude<Frequency, 'SECONDLY' | 'MINUTELY' | 'HOURLY'>
const formFrequencies: readonly FormFrequency[] = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY']

/** A rule as a form shows it. */
export interface FormRule {
  readonly freq: FormFrequency
  readonly interval: number
  readonly count: number | null
  /** The last day, on the clock of the series. */
  readonly until: string | null
  readonly byDay: readonly { readonly day: Weekday; readonly nth: number }[]
  readonly byMonthDay: readonly number[]
  readonly byMonth: readonly number[]
  readonly bySetPos: readonly number[]
  readonly weekStart: Weekday
}

/**
 * What a form shows of a rule; undefined for one that says more than that, or that cannot be read.
 * @param clock  of the series
 */
export function formRule(text: string, clock: Clock): FormRule | undefined {
  const rule = readable(text)
  const freq = rule && formFrequencies.find((name) => name === rule.freq)
  if (!rule || !freq || !isPlain(rule)) return undefined
  const last = untilWall(rule, clock)
  return {
    freq,
    interval: rule.interval,
    count: rule.count ?? null,
    until: last === undefined ? null : wallText(last, true),
    byDay: (rule.byDay ?? []).map(({ weekday, nth }) => ({ day: nameOf(weekday), nth })),
    byMonthDay: rule.byMonthDay ?? [],
    byMonth: rule.byMonth ?? [],
    bySetPos: rule.bySetPos ?? [],
    weekStart: nameOf(rule.weekStart),
  }
}

function readable(text: string): Rule | undefined {
  try {
    return readRule(text)
  } catch (error) {
    if (error instanceof RuleError) return undefined
    throw error
  }
}

function isPlain({ bySecond, byMinute, byHour, byYearDay, byWeekNo, skip, count, until }: Rule): boolean {
  const beyond = bySecond ?? byMinute ?? byHour ?? byYearDay ?? byWeekNo
  return beyond === undefined && skip === 'OMIT' && (count === undefined || until === undefined)
}

function nameOf(weekday: number): Weekday {
  return weekdays[weekday] ?? 'MO'
}
