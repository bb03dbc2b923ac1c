import { type Budget, BudgetError } from '../budget.ts'
import { type Calendar, type Component, readCalendar } from '../calendar.ts'
import { type FoundInstance, findInstance } from '../details/find-instance.ts'
import { isThisAndFuture, readSeries, type Series, type Timed } from '../series.ts'
import { isObjectPart } from '../validate.ts'
import { EditError, partsOf } from './patch.ts'

/** Who edits, and when. */
export interface Editing {
  /** Epoch milliseconds. */
  readonly now: number
  /** What the edit of one object may cost. */
  readonly budget: Budget
  /** Whether whoever edits says how often a part was revised: its organizer does, and everybody where there is none. */
  readonly revises: (part: Component) => boolean
}

/** An object that is edited, as it is. */
export interface OpenObject {
  readonly calendar: Calendar
  readonly series: Series
  readonly parts: readonly Component[]
}

/** @throws EditError for what recurs in a way that cannot be read */
export function openObject(text: string): OpenObject {
  const calendar = readCalendar(text)
  const parts = partsOf(calendar)
  const name = calendar.root.components.find(isObjectPart)?.name ?? ''
  const [series] = readSeries(calendar, name)
  if (!series) throw new EditError('There is nothing in it that can be edited.')
  if (!series.isReadable) throw new EditError('Its times cannot be read, and so not be changed.')
  return { calendar, series, parts }
}

/** What has a time of its own: the master, and what stands for single instances. */
export function timedOf({ series }: Pick<OpenObject, 'series'>, part: Component): Timed | undefined {
  const { master, overrides } = series
  return [...(master ? [master] : []), ...overrides].find(({ component }) => component === part)
}

/** The instance of a name. @throws EditError where there is none, or it is too far to be found */
export function mustFindInstance(
  { calendar, series }: OpenObject,
  name: string,
  budget: Budget,
): FoundInstance {
  try {
    const found = findInstance(calendar, series, name, budget)
    if (found) return found
  } catch (error) {
    if (!(error instanceof BudgetError)) throw error
  }
  throw new EditError('There is no such instance any more: read it again.')
}

export function hasRanges({ overrides }: Series): boolean {
  return overrides.some(({ component }) => isThisAndFuture(component))
}
