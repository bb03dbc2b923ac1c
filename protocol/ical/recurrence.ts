import { type Budget, BudgetError, spend } from './budget.ts'
import { dayMs } from './gregorian.ts'
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
 * Lazy, and ended by COUNT, UNTIL or the year 9999.
 * @param startWall  the wall time of DTSTART
 * @throws BudgetError
 * @see RFC 5545 §3.3.10, §3.8.5.3
 */
export function* occurrences(
  _rule: Rule,
  _startWall: number,
  _options: OccurrenceOptions,
  budget: Budget,
): Generator<number> {
  spend(budget, 1)
}

/**
 * UNTIL as the last wall time of the series, inclusive, on the clock of DTSTART.
 * A date takes in all of its day.
 * @param start  whether DTSTART is a date, and its zone when it has one
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
