import {
  type CivilDate,
  civilDate,
  dayNumber,
  daysInMonth,
  daysInYear,
  modulo,
  weekdayOf,
} from './gregorian.ts'
import type { Rule, RuleDay, Skip } from './recurrence-rule.ts'

/** The day of DTSTART. */
export interface Anchor extends CivilDate {
  readonly number: number
  readonly weekday: number
}

/**
 * How a rule finds its days: one list is expanded, the other parts limit what it yields.
 * @see RFC 5545 §3.3.10, the table of expansions and its notes 1 and 2
 */
export interface DayPlan {
  readonly rule: Rule
  readonly anchor: Anchor
  readonly expanded: 'byWeekNo' | 'byYearDay' | 'byMonthDay' | 'byDay' | 'none'
  readonly limits: DayLimits
}

/** Conditions a day must meet; `scope` is what the n in BYDAY=nMO counts in. */
export interface DayLimits {
  readonly byMonth: readonly number[] | undefined
  readonly byWeekNo: readonly number[] | undefined
  readonly byYearDay: readonly number[] | undefined
  readonly byMonthDay: readonly number[] | undefined
  readonly byDay: readonly RuleDay[] | undefined
  readonly scope: 'month' | 'year' | 'none'
  readonly weekStart: number
}

/** The last day that iCalendar can write. */
export const lastDay = dayNumber(9999, 12, 31)

/** Makes the plan of a rule; what the rule leaves open is taken from DTSTART. */
export function planDays(written: Rule, startDay: number): DayPlan {
  const anchor: Anchor = { ...civilDate(startDay), number: startDay, weekday: weekdayOf(startDay) }
  const rule = withDayOfStart(written, anchor)
  const expanded = expandedPart(rule)
  const limits: DayLimits = {
    byMonth: expanded === 'byMonthDay' || expanded === 'byDay' ? undefined : rule.byMonth,
    byWeekNo: expanded === 'byWeekNo' ? undefined : rule.byWeekNo,
    byYearDay: expanded === 'byYearDay' ? undefined : rule.byYearDay,
    byMonthDay: expanded === 'byMonthDay' ? undefined : rule.byMonthDay,
    byDay: expanded === 'byDay' ? undefined : rule.byDay,
    scope: scopeOfDays(rule),
    weekStart: rule.weekStart,
  }
  return { rule, anchor, expanded, limits }
}

/** Whether no year at all has a day for the rule, such as 30 February. */
export function neverMatches({ rule }: DayPlan): boolean {
  const { byMonth, byMonthDay, skip } = rule
  if (!byMonth || !byMonthDay || skip !== 'OMIT') return false
  const longest = Math.max(...byMonth.map((month) => daysInMonth(2000, month)))
  return byMonthDay.every((day) => Math.abs(day) > longest)
}

/** The first day of the index-th interval of a DAILY to YEARLY rule; with BYWEEKNO a year begins with its week 1. */
export function intervalStart({ rule, anchor }: DayPlan, index: number): number {
  const steps = index * rule.interval
  switch (rule.freq) {
    case 'YEARLY':
      if (rule.byWeekNo) return firstWeek(weekYear(anchor.number, rule.weekStart) + steps, rule.weekStart)
      return dayNumber(anchor.year + steps, 1, 1)
    case 'MONTHLY': {
      const month = anchor.month - 1 + steps
      return dayNumber(anchor.year + Math.floor(month / 12), modulo(month, 12) + 1, 1)
    }
    case 'WEEKLY':
      return weekOf(anchor.number, rule.weekStart) + steps * 7
    default:
      return anchor.number + steps
  }
}

/** An interval that is not after the one of the day, and near to it: where a search for the day may begin. */
export function intervalBefore({ rule, anchor }: DayPlan, day: number): number {
  return Math.max(0, Math.floor(unitsBefore(rule.freq, anchor, day) / rule.interval))
}

/** The days of the interval that begins at `start`, ascending, without duplicates. */
export function daysOfInterval(plan: DayPlan, start: number): number[] {
  const { rule } = plan
  switch (rule.freq) {
    case 'YEARLY':
      return ascending(plan, expandYear(plan, start))
    case 'MONTHLY':
      return ascending(plan, expandMonth(plan, start))
    case 'WEEKLY':
      return ascending(plan, range(start, 7))
    default:
      return meets(plan.limits, start) ? [start] : []
  }
}

/** Whether a day meets the conditions. */
export function meets(limits: DayLimits, number: number): boolean {
  const { byMonth, byWeekNo, byYearDay, byMonthDay, byDay, scope, weekStart } = limits
  const date = civilDate(number)
  if (byMonth && !byMonth.includes(date.month)) return false
  if (byMonthDay && !counts(byMonthDay, date.day, daysInMonth(date.year, date.month))) return false
  if (byYearDay && !counts(byYearDay, dayOfYear(number, date.year), daysInYear(date.year))) return false
  if (byWeekNo && !meetsWeek(byWeekNo, number, weekStart)) return false
  return !byDay || byDay.some((day) => meetsDay(day, number, date, scope))
}

/** The first day after one that does not meet the limits on which it is worth trying again. */
export function nextCandidate({ limits: { byMonth } }: DayPlan, number: number): number {
  if (!byMonth) return number + 1
  const { year, month } = civilDate(number)
  if (byMonth.includes(month)) return number + 1
  const next = byMonth.find((candidate) => candidate > month)
  return next === undefined ? dayNumber(year + 1, byMonth[0] ?? 1, 1) : dayNumber(year, next, 1)
}

/**
 * What the rule does not say about the day is as in DTSTART. That goes for the month of YEARLY;BYMONTHDAY too:
 * Google Calendar and Windows 10 write birthdays so, and libical and ical.js read it so. With BYDAY or BYSETPOS
 * (every Friday 13th) all months are meant.
 */
function withDayOfStart(rule: Rule, anchor: Anchor): Rule {
  const sameWeekday: readonly RuleDay[] = [{ weekday: anchor.weekday, nth: 0 }]
  if (rule.byDay || rule.byYearDay) return rule
  if (rule.byMonthDay) {
    const inMonth = rule.freq === 'YEARLY' && !rule.byWeekNo && !rule.bySetPos
    return inMonth ? { ...rule, byMonth: rule.byMonth ?? [anchor.month] } : rule
  }
  switch (rule.freq) {
    case 'YEARLY':
      if (rule.byWeekNo) return { ...rule, byDay: sameWeekday }
      return { ...rule, byMonth: rule.byMonth ?? [anchor.month], byMonthDay: [anchor.day] }
    case 'MONTHLY':
      return { ...rule, byMonthDay: [anchor.day] }
    case 'WEEKLY':
      return { ...rule, byDay: sameWeekday }
    default:
      return rule
  }
}

function expandedPart(rule: Rule): DayPlan['expanded'] {
  if (rule.freq !== 'YEARLY' && rule.freq !== 'MONTHLY') return 'none'
  if (rule.freq === 'YEARLY' && rule.byWeekNo) return 'byWeekNo'
  if (rule.freq === 'YEARLY' && rule.byYearDay) return 'byYearDay'
  if (rule.byMonthDay) return 'byMonthDay'
  return rule.byDay ? 'byDay' : 'none'
}

function scopeOfDays(rule: Rule): DayLimits['scope'] {
  if (rule.freq === 'MONTHLY') return 'month'
  if (rule.freq !== 'YEARLY' || rule.byWeekNo) return 'none'
  return rule.byMonth ? 'month' : 'year'
}

/** Units of the frequency, less a margin for days that a week or SKIP moves over the edge. */
function unitsBefore(freq: Rule['freq'], anchor: Anchor, day: number): number {
  const date = civilDate(day)
  if (freq === 'YEARLY') return date.year - anchor.year - 2
  if (freq === 'MONTHLY') return (date.year - anchor.year) * 12 + date.month - anchor.month - 1
  return freq === 'WEEKLY' ? (day - anchor.number) / 7 - 1 : day - anchor.number
}

function expandYear({ rule, expanded }: DayPlan, start: number): number[] {
  if (expanded === 'byWeekNo') return expandWeeks(rule, start)
  const { year } = civilDate(start)
  if (expanded === 'byYearDay') {
    return (rule.byYearDay ?? []).flatMap((n) => dayAt(start, daysInYear(year), n, rule.skip))
  }
  if (expanded === 'byDay' && !rule.byMonth) return expandWeekdays(rule, start, daysInYear(year))
  return (rule.byMonth ?? everyMonth).flatMap((month) =>
    expandWithinMonth(rule, expanded, dayNumber(year, month, 1), daysInMonth(year, month)),
  )
}

function expandMonth({ rule, expanded }: DayPlan, start: number): number[] {
  const { year, month } = civilDate(start)
  if (rule.byMonth && !rule.byMonth.includes(month)) return []
  return expandWithinMonth(rule, expanded, start, daysInMonth(year, month))
}

function expandWithinMonth(
  rule: Rule,
  expanded: DayPlan['expanded'],
  first: number,
  length: number,
): number[] {
  if (expanded === 'byDay') return expandWeekdays(rule, first, length)
  if (expanded === 'none') return range(first, length)
  return (rule.byMonthDay ?? []).flatMap((n) => dayAt(first, length, n, rule.skip))
}

function expandWeeks({ byWeekNo, weekStart }: Rule, start: number): number[] {
  const weeks = (firstWeek(weekYear(start, weekStart) + 1, weekStart) - start) / 7
  return (byWeekNo ?? [])
    .filter((n) => Math.abs(n) <= weeks)
    .flatMap((n) => range(start + 7 * (n > 0 ? n - 1 : weeks + n), 7))
}

function expandWeekdays({ byDay }: Rule, first: number, length: number): number[] {
  const days: number[] = []
  for (const { weekday, nth } of byDay ?? []) {
    const earliest = first + modulo(weekday - weekdayOf(first), 7)
    const fits = Math.floor((first + length - 1 - earliest) / 7) + 1
    if (nth === 0) for (let n = 0; n < fits; n += 1) days.push(earliest + 7 * n)
    else if (Math.abs(nth) <= fits) days.push(earliest + 7 * (nth > 0 ? nth - 1 : fits + nth))
  }
  return days
}

/** The nth day of a span, from its end if negative; one that the span does not have is moved as SKIP says. */
function dayAt(first: number, length: number, n: number, skip: Skip): number[] {
  if (Math.abs(n) <= length) return [n > 0 ? first + n - 1 : first + length + n]
  if (skip === 'OMIT') return []
  const next = n > 0 ? first + length : first
  return [skip === 'FORWARD' ? next : next - 1]
}

function ascending({ limits }: DayPlan, days: readonly number[]): number[] {
  const kept = days.filter((day) => meets(limits, day)).sort((a, b) => a - b)
  return kept.filter((day, at) => day !== kept[at - 1])
}

function counts(wanted: readonly number[], position: number, length: number): boolean {
  return wanted.includes(position) || wanted.includes(position - length - 1)
}

function meetsWeek(byWeekNo: readonly number[], number: number, weekStart: number): boolean {
  const year = weekYear(number, weekStart)
  const start = firstWeek(year, weekStart)
  const weeks = (firstWeek(year + 1, weekStart) - start) / 7
  return counts(byWeekNo, Math.floor((number - start) / 7) + 1, weeks)
}

function meetsDay(
  { weekday, nth }: RuleDay,
  number: number,
  { year, month, day }: CivilDate,
  scope: DayLimits['scope'],
): boolean {
  if (weekdayOf(number) !== weekday) return false
  if (nth === 0 || scope === 'none') return true
  const position = scope === 'month' ? day : dayOfYear(number, year)
  const length = scope === 'month' ? daysInMonth(year, month) : daysInYear(year)
  return nth === (nth > 0 ? Math.ceil(position / 7) : -Math.ceil((length - position + 1) / 7))
}

const everyMonth: readonly number[] = range(1, 12)

function dayOfYear(number: number, year: number): number {
  return number - dayNumber(year, 1, 1) + 1
}

/** The first day of week 1, which is the first week with at least four days in the year. @see ISO 8601 */
function firstWeek(year: number, weekStart: number): number {
  return weekOf(dayNumber(year, 1, 4), weekStart)
}

/** The first day of the week of a day. */
function weekOf(number: number, weekStart: number): number {
  return number - modulo(weekdayOf(number) - weekStart, 7)
}

/** The year whose weeks the day belongs to. */
function weekYear(number: number, weekStart: number): number {
  const { year } = civilDate(number)
  if (number < firstWeek(year, weekStart)) return year - 1
  return number < firstWeek(year + 1, weekStart) ? year : year + 1
}

function range(first: number, length: number): number[] {
  return Array.from({ length }, (_, at) => first + at)
}
