import { type FormRule, formRule, weekdays } from '../details/rule.ts'
import { civilDate, dayMs, daysInMonth, modulo, secondMs, weekdayOf } from '../gregorian.ts'
import { untilWall } from '../recurrence.ts'
import { type Rule, RuleError, readRule } from '../recurrence-rule.ts'
import { formatTime } from '../values.ts'
import { writeRule } from '../write-rule.ts'
import { readMoment, type WriteClock } from './clock.ts'
import { EditError } from './patch.ts'

/** A rule as it is to be: as a form has it, or as it is written. */
export type RuleWish = FormRule | { readonly text: string }

/** The value of an RRULE that says what is wished. @throws EditError */
export function ruleText(wish: RuleWish, clock: WriteClock): string {
  if ('text' in wish) return checked(wish.text)
  const { freq, interval, count, until, byDay, byMonthDay, byMonth, bySetPos, weekStart } = wish
  const days = byDay.map(({ day, nth }) => ({ weekday: weekdays.indexOf(day), nth }))
  const some = <T>(list: readonly T[]): readonly T[] | undefined => (list.length === 0 ? undefined : list)
  const rule: Rule = {
    ...{ freq, interval, count: count ?? undefined, until: undefined, skip: 'OMIT' },
    weekStart: weekdays.indexOf(weekStart),
    ...{ bySecond: undefined, byMinute: undefined, byHour: undefined },
    ...{ byYearDay: undefined, byWeekNo: undefined },
    ...{ byDay: some(days), byMonthDay: some(byMonthDay), byMonth: some(byMonth), bySetPos: some(bySetPos) },
  }
  const text = checked(writeRule(rule))
  return until === null
    ? text
    : withParts(text, { UNTIL: untilOn(readMoment(until).wall + dayMs - secondMs, clock) })
}

/** Whether a rule that is there says what is wished already. */
export function saysRule(text: string, wish: RuleWish, clock: WriteClock): boolean {
  if ('text' in wish) return text.trim().toUpperCase() === wish.text.trim().toUpperCase()
  const form = formRule(text, clock)
  return form !== undefined && ruleText(form, clock) === ruleText(wish, clock)
}

/** The value of UNTIL at a wall time, inclusive, in the form that goes with the start. @see RFC 5545 §3.3.10 */
export function untilOn(wall: number, { isDate, zone }: WriteClock): string {
  if (isDate) return formatTime(Math.floor(wall / dayMs) * dayMs, 'date')
  return zone ? formatTime(zone.toUtc(wall), 'utc') : formatTime(wall, 'floating')
}

/** A rule with some of its parts otherwise, undefined for none; all others stay as they are written. */
export function withParts(text: string, parts: Readonly<Record<string, string | undefined>>): string {
  const kept = text
    .trim()
    .split(';')
    .filter((part) => part.trim() !== '' && !(nameOf(part) in parts))
  const added = Object.entries(parts).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  )
  return [...kept, ...added].join(';')
}

/** How all times of a series move: those of one of its instances before and after. */
export interface Move {
  readonly from: number
  readonly to: number
  readonly before: WriteClock
  readonly after: WriteClock
}

/**
 * The value of an RRULE whose instances lie as much later as one of them is moved. Of a rule by days of the month it is the
 * same for the new day.
 * @throws EditError where no rule says that
 */
export function movedRule(text: string, move: Move): string {
  const rule = readable(text)
  const days = Math.floor(move.to / dayMs) - Math.floor(move.from / dayMs)
  checkTimes(rule, move)
  const until = movedUntil(rule, move)
  const parts = days === 0 ? {} : movedDays(rule, move, days)
  return withParts(text, { ...parts, ...(rule.until ? { UNTIL: until } : {}) })
}

function checkTimes(
  { freq, byHour, byMinute, bySecond, byDay, byMonth, byMonthDay }: Rule,
  move: Move,
): void {
  const isOther =
    modulo(move.to, dayMs) !== modulo(move.from, dayMs) || move.before.isDate !== move.after.isDate
  const isWithinDay = freq === 'HOURLY' || freq === 'MINUTELY' || freq === 'SECONDLY'
  const limited = isWithinDay && (byDay ?? byMonth ?? byMonthDay)
  if (isOther && (byHour ?? byMinute ?? bySecond ?? limited)) throw cannotMove()
}

function movedUntil(rule: Rule, { from, to, before, after }: Move): string | undefined {
  const last = untilWall(rule, before)
  if (last === undefined || !rule.until) return undefined
  // A date takes in all of its day.
  const wall = rule.until.form === 'date' ? rule.until.wall + modulo(from, dayMs) : last
  return untilOn(wall + (to - from), after)
}

function movedDays(rule: Rule, { to }: Move, days: number): Record<string, string | undefined> {
  const { freq, byDay, byMonthDay, byYearDay, byWeekNo, byMonth, bySetPos } = rule
  if (byYearDay ?? byWeekNo) throw cannotMove()
  if (freq === 'MONTHLY' || freq === 'YEARLY') return movedInMonth(rule, Math.floor(to / dayMs), days)
  if (byMonthDay ?? byMonth) throw cannotMove()
  if (!byDay) return {}
  const turned = byDay.map(({ weekday }) => weekdays[modulo(weekday + days, 7)])
  const isByWeek = freq === 'WEEKLY' && (rule.interval > 1 || bySetPos)
  // Weeks then begin as much later.
  const week = isByWeek ? { WKST: weekdays[modulo(rule.weekStart + days, 7)] } : {}
  return { BYDAY: turned.join(','), ...week }
}

function movedInMonth(rule: Rule, day: number, days: number): Record<string, string | undefined> {
  const { freq, byDay, byMonthDay, byMonth, bySetPos } = rule
  if (bySetPos) throw cannotMove()
  const parts: Record<string, string | undefined> = {}
  const before = civilDate(day - days)
  const after = civilDate(day)
  if (byMonth && before.month !== after.month) {
    if (byMonth.length > 1) throw cannotMove()
    parts.BYMONTH = String(after.month)
  }
  if (byMonthDay) {
    if (byDay || byMonthDay.length > 1 || byMonthDay[0] !== before.day) throw cannotMove()
    parts.BYMONTHDAY = String(after.day)
  }
  if (!byDay) return parts
  const [only] = byDay
  if (!only || byDay.length > 1 || only.nth === 0 || (freq === 'YEARLY' && !byMonth)) throw cannotMove()
  const fromEnd = Math.ceil((daysInMonth(after.year, after.month) - after.day + 1) / 7)
  const nth = only.nth > 0 ? Math.ceil(after.day / 7) : -fromEnd
  return { ...parts, BYDAY: `${nth}${weekdays[weekdayOf(day)]}` }
}

function readable(text: string): Rule {
  try {
    return readRule(text)
  } catch (error) {
    if (error instanceof RuleError) throw new EditError(`The rule cannot be read. ${error.message}`)
    throw error
  }
}

function checked(text: string): string {
  readable(text)
  return text.trim()
}

function nameOf(part: string): string {
  return part.slice(0, part.indexOf('=')).trim().toUpperCase()
}

function cannotMove(): EditError {
  return new EditError(
    'No rule says what you want of the whole series: give it another rule, or change one of it.',
  )
}
