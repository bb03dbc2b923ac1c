import type { Day } from '../../../storage/facts/tables.ts'

/** The day of a moment, in UTC. */
export function dayOf(at: number): Day {
  return new Date(at).toISOString().slice(0, 10)
}

/** Whether something that is over on a day goes on today. */
export function isCurrent({ untilOn }: { readonly untilOn: Day | null }, today: Day): boolean {
  return untilOn === null || untilOn > today
}
