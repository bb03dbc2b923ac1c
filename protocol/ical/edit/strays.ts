import { type Budget, BudgetError } from '../budget.ts'
import { findInstance } from '../details/find-instance.ts'
import { nameOfInstance } from '../details/row.ts'
import { instancesTouching } from '../instances.ts'
import { utcZone } from '../timezone.ts'
import { applyEdits } from '../write-lines.ts'
import { openObject } from './open.ts'
import { removal } from './patch.ts'

/** A series without the exceptions that stand for no instance any more, once it has another rule or none. */
export function withoutStrays(text: string, budget: Budget): string {
  const { calendar, series } = openObject(text)
  const { master, overrides } = series
  if (!master || overrides.length === 0) return text
  const bare = openObject(
    applyEdits(
      text,
      overrides.map(({ component }) => removal(component)),
    ),
  )
  const names = namesOf(calendar, series, budget)
  const strays = overrides.filter((_, index) => {
    const name = names[index]
    if (!bare.series.recurs || name === undefined || name === null) return true
    try {
      return findInstance(bare.calendar, bare.series, name, budget) === undefined
    } catch (error) {
      if (error instanceof BudgetError) return false
      throw error
    }
  })
  return applyEdits(
    text,
    strays.map(({ component }) => removal(component)),
  )
}

/** The names of the overrides of a series, in their order. */
function namesOf(
  calendar: ReturnType<typeof openObject>['calendar'],
  series: ReturnType<typeof openObject>['series'],
  budget: Budget,
): (string | null)[] {
  const names: (string | null)[] = []
  for (const instance of instancesTouching(series, { zone: utcZone }, budget)) {
    names.push(nameOfInstance(calendar, series, instance))
    if (names.length === series.overrides.length) break
  }
  return names
}
