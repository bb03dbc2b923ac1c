import { type Budget, BudgetError, spend } from './budget.ts'
import { dayMs, hourMs, minuteMs, modulo, secondMs } from './gregorian.ts'
import {
  type DayPlan,
  daysOfInterval,
  intervalBefore,
  intervalStart,
  lastDay,
  meets,
  neverMatches,
  nextCandidate,
  planDays,
} from './recurrence-days.ts'
import { type Rule, RuleError, readRule } from './recurrence-rule.ts'
import type { Zone } from './timezone.ts'

export { type Budget, BudgetError, type Rule, RuleError, readRule }

export interface OccurrenceOptions {
  /** Whether DTSTART is a date: times of day in the rule are then ignored. */
  readonly isDate: boolean
  /** The last wall time wanted, inclusive; in place of the rule's own UNTIL (see untilWall). */
  readonly untilWall?: number | undefined
  /** The first wall time wanted. What comes before it is counted but not yielded. */
  readonly from?: number | undefined
}

/**
 * The wall times a rule yields, ascending, from DTSTART on; DTSTART itself only if the rule yields it.
 * Lazy, and ended by COUNT, UNTIL or the year 9999. Without COUNT, `from` is reached in one jump.
 * @param startWall  the wall time of DTSTART
 * @param budget  about one step for each interval looked at and each time found
 * @throws BudgetError
 * @see RFC 5545 §3.3.10, §3.8.5.3
 */
export function* occurrences(
  rule: Rule,
  startWall: number,
  options: OccurrenceOptions,
  budget: Budget,
): Generator<number> {
  const until = options.untilWall ?? untilWall(rule, options) ?? Number.POSITIVE_INFINITY
  const from = options.from ?? startWall
  const search: Search = {
    plan: planDays(rule, Math.floor(startWall / dayMs)),
    times: timesOfInterval(rule, startWall, options.isDate),
    startWall,
    isDate: options.isDate,
    seek: rule.count === undefined ? Math.max(startWall, from) : startWall,
    until: Math.min(until, (lastDay + 1) * dayMs - 1),
  }
  if (neverMatches(search.plan)) return
  let left = rule.count ?? Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  for (const wall of isWithinDay(rule) ? searchTimes(search, budget) : searchDays(search, budget)) {
    if (wall > search.until) return
    if (wall < search.seek || wall <= last) continue
    last = wall
    left -= 1
    if (wall >= from) yield wall
    if (left === 0) return
  }
}

/**
 * UNTIL as the last wall time of the series, inclusive, on the clock of DTSTART.
 * A date takes in all of its day.
 * @param start  whether DTSTART is a date, and its zone when it has one
 * @see RFC 5545 §3.3.10
 */
export function untilWall(
  rule: Rule,
  start: { readonly isDate: boolean; readonly zone?: Zone | undefined },
): number | undefined {
  const { until } = rule
  if (until === undefined) return undefined
  if (until.form === 'date') return until.wall + dayMs - 1
  return until.form === 'utc' && start.zone && !start.isDate ? start.zone.toWall(until.wall) : until.wall
}

interface Search {
  readonly plan: DayPlan
  readonly times: Times
  readonly startWall: number
  readonly isDate: boolean
  /** Nothing before this wall time is needed. */
  readonly seek: number
  readonly until: number
}

/** The product of the time parts that are expanded: every hour with every minute with every second. */
interface Times {
  readonly size: number
  /** The at-th of them, in milliseconds from the begin of the interval. */
  at(index: number): number
}

/** DAILY to YEARLY: interval by interval, the days of each, and on each day the same times. */
function* searchDays({ plan, times, seek, until }: Search, budget: Budget): Generator<number> {
  const { freq, interval, bySetPos } = plan.rule
  let index = intervalBefore(plan, Math.floor(seek / dayMs))
  for (;;) {
    const start = intervalStart(plan, index)
    // A day may be moved by SKIP to the one before its interval.
    if ((start - 1) * dayMs > until) return
    const days = daysOfInterval(plan, start)
    spend(budget, 1 + (days.length >> 3))
    const starts = days.map((day) => day * dayMs)
    if (bySetPos) yield* select(bySetPos, starts, times, budget)
    else for (const day of starts) if (day > seek - dayMs) yield* timesOf(day, times, budget)
    index += 1
    if (freq === 'DAILY' && days.length === 0) {
      const next = nextCandidate(plan, start) - plan.anchor.number
      index = Math.max(index, Math.ceil(next / interval))
    }
  }
}

/** HOURLY to SECONDLY: interval by interval, passing over days, hours and minutes in which there is nothing. */
function* searchTimes(search: Search, budget: Budget): Generator<number> {
  const { plan, times, startWall, isDate, seek, until } = search
  const { rule } = plan
  const unit = unitOf(rule)
  const base = Math.floor(startWall / unit)
  const step = rule.interval * unit
  let index = Math.max(0, Math.floor((Math.floor(seek / unit) - base) / rule.interval))
  for (;;) {
    spend(budget, 1)
    const start = base * unit + index * step
    if (start > until) return
    const next = isDate ? nextDay(plan, start) : nextTime(plan, start)
    if (next === start) {
      if (isDate) yield start - modulo(start, dayMs)
      else if (rule.bySetPos) yield* select(rule.bySetPos, [start], times, budget)
      else yield* timesOf(start, times, budget)
    }
    const after = isDate && next === start ? start - modulo(start, dayMs) + dayMs : next
    index = Math.max(index + 1, Math.ceil((after - base * unit) / step))
  }
}

/** The first moment not before `start` whose day the rule allows. */
function nextDay(plan: DayPlan, start: number): number {
  const day = Math.floor(start / dayMs)
  return meets(plan.limits, day) ? start : nextCandidate(plan, day) * dayMs
}

/** The first moment not before `start` that may be allowed; `start` itself when it is. */
function nextTime(plan: DayPlan, start: number): number {
  const allowed = nextDay(plan, start)
  if (allowed !== start) return allowed
  const { freq, byHour, byMinute, bySecond } = plan.rule
  const inHour = nextIn(byHour, start, hourMs, dayMs)
  if (inHour !== start || freq === 'HOURLY') return inHour
  const inMinute = nextIn(byMinute, start, minuteMs, hourMs)
  if (inMinute !== start || freq === 'MINUTELY') return inMinute
  return nextIn(bySecond, start, secondMs, minuteMs)
}

/** The first moment not before `start` whose unit (the hour of the day, for instance) is in the list. */
function nextIn(list: readonly number[] | undefined, start: number, unit: number, whole: number): number {
  if (!list) return start
  const begin = start - modulo(start, whole)
  const present = Math.floor((start - begin) / unit)
  const next = list.find((candidate) => candidate >= present)
  if (next === present) return start
  return next === undefined ? begin + whole : begin + next * unit
}

/** BYSETPOS: the chosen ones among all times of an interval. @param starts  what `times` are added to */
function* select(
  positions: readonly number[],
  starts: readonly number[],
  times: Times,
  budget: Budget,
): Generator<number> {
  const size = starts.length * times.size
  const chosen = positions.map((n) => (n > 0 ? n - 1 : size + n)).filter((at) => at >= 0 && at < size)
  for (const at of chosen.sort((a, b) => a - b)) {
    spend(budget, 1)
    const start = starts[Math.floor(at / times.size)]
    if (start !== undefined) yield start + times.at(at % times.size)
  }
}

function* timesOf(start: number, times: Times, budget: Budget): Generator<number> {
  for (let at = 0; at < times.size; at += 1) {
    spend(budget, 1)
    yield start + times.at(at)
  }
}

function timesOfInterval(
  { freq, byHour, byMinute, bySecond }: Rule,
  startWall: number,
  isDate: boolean,
): Times {
  if (isDate || freq === 'SECONDLY') return { size: 1, at: () => 0 }
  const seconds = bySecond ?? [modulo(Math.floor(startWall / secondMs), 60)]
  if (freq === 'MINUTELY') return product([0], [0], seconds)
  const minutes = byMinute ?? [modulo(Math.floor(startWall / minuteMs), 60)]
  if (freq === 'HOURLY') return product([0], minutes, seconds)
  return product(byHour ?? [modulo(Math.floor(startWall / hourMs), 24)], minutes, seconds)
}

function product(hours: readonly number[], minutes: readonly number[], seconds: readonly number[]): Times {
  const perHour = minutes.length * seconds.length
  return {
    size: hours.length * perHour,
    at(index) {
      const hour = hours[Math.floor(index / perHour)] ?? 0
      const minute = minutes[Math.floor(index / seconds.length) % minutes.length] ?? 0
      return hour * hourMs + minute * minuteMs + (seconds[index % seconds.length] ?? 0) * secondMs
    },
  }
}

function isWithinDay({ freq }: Rule): boolean {
  return freq === 'HOURLY' || freq === 'MINUTELY' || freq === 'SECONDLY'
}

function unitOf({ freq }: Rule): number {
  if (freq === 'HOURLY') return hourMs
  return freq === 'MINUTELY' ? minuteMs : secondMs
}
