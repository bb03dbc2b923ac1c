import { type Budget, BudgetError } from '../budget.ts'
import { instancesTouching } from '../instances.ts'
import { clockOf, wallOn } from '../line-times.ts'
import { isThisAndFuture, type Series } from '../series.ts'
import { utcZone } from '../timezone.ts'
import { timeLine, timeValue, writeClockOf } from './clock.ts'
import { type Editing, mustFindInstance, openObject } from './open.ts'
import { addition, applyOwn, removal } from './patch.ts'
import { stamped } from './stamp.ts'

/**
 * A series without one of its instances; undefined where nothing of it is left.
 * @throws EditError, InvalidObjectError
 * @see RFC 5545 §3.8.5.1
 */
export function removeInstance(text: string, instance: string, editing: Editing): string | undefined {
  const open = openObject(text)
  const { calendar, series, parts } = open
  const { master } = series
  if (!series.recurs) return undefined
  const { instance: found, own } = mustFindInstance(open, instance, editing.budget)
  const isException = own.component !== master?.component && !isThisAndFuture(own.component)
  const gone = isException ? [removal(own.component)] : []
  const id = found.recurrenceId
  const kept = parts.filter((part) => !isException || part !== own.component)
  if (kept.length === 0) return undefined
  const edits = [...gone]
  if (master && id) {
    const clock = writeClockOf(master.start, calendar)
    const wall = wallOn(master.clock, id.wall, clockOf(id, calendar))
    edits.push(addition(master.component, timeLine('EXDATE', [timeValue(wall, clock)], clock)))
  }
  const result = applyOwn(text, edits)
  return hasInstances(openObject(result).series, editing.budget)
    ? stamped(result, kept, text, editing)
    : undefined
}

/** Whether a series takes place at all; of one that costs too much to say it does. */
function hasInstances(series: Series, budget: Budget): boolean {
  try {
    for (const _ of instancesTouching(series, { zone: utcZone }, budget)) return true
    return false
  } catch (error) {
    if (error instanceof BudgetError) return true
    throw error
  }
}
