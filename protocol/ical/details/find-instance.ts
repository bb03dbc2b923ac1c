import type { Budget } from '../budget.ts'
import type { Calendar } from '../calendar.ts'
import { dayMs } from '../gregorian.ts'
import { type Instance, instancesTouching } from '../instances.ts'
import { quietly } from '../line-times.ts'
import type { Series, Timed } from '../series.ts'
import { utcZone } from '../timezone.ts'
import { readTime } from '../values.ts'
import { nameOfInstance } from './row.ts'

/** One instance of a series, and the component that it looks like. */
export interface FoundInstance {
  readonly instance: Instance
  readonly own: Timed
}

/**
 * The instance of a name (see `nameOfInstance`); undefined where the series has none of it.
 * @throws BudgetError
 */
export function findInstance(
  calendar: Calendar,
  series: Series,
  name: string,
  budget: Budget,
): FoundInstance | undefined {
  const time = quietly(() => readTime(name))
  if (!time) return undefined
  const named = (instance: Instance): boolean => nameOfInstance(calendar, series, instance) === name
  let left = series.overrides.length
  // Each override comes once, before all others.
  for (const instance of left > 0 ? instancesTouching(series, { zone: utcZone }, budget) : []) {
    if (named(instance)) return found(series, instance)
    left -= 1
    if (left === 0) break
  }
  const { master } = series
  if (!master) return undefined
  const at = (master.clock.zone ?? utcZone).toUtc(time.wall)
  const shifts = series.segments.map(({ shiftMs }) => shiftMs)
  const reach = 2 * dayMs
  const [from, to] = [at + Math.min(0, ...shifts) - reach, at + Math.max(0, ...shifts) + reach]
  for (const instance of instancesTouching(series, { zone: utcZone, from, to }, budget))
    if (named(instance)) return found(series, instance)
  return undefined
}

function found(series: Series, instance: Instance): FoundInstance | undefined {
  const { master, overrides, segments } = series
  const all: readonly Timed[] = [...overrides, ...segments, ...(master ? [master] : [])]
  const own = all.find(({ component }) => component === instance.component)
  return own && { instance, own }
}
