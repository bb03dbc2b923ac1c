import type { FactRow } from '../../../../storage/people/fact-tables.ts'

/** Whether a note is for others than its author, or is of somebody who is exported. */
export const isOpen = (of: FactRow, exported: ReadonlySet<number>): boolean =>
  of.visibility === 'public' || [of.author_id, of.team_id].some((id) => exported.has(Number(id)))

/** Whether it is what somebody keeps for himself who is exported. */
export const isOfExported = ({ principal_id }: FactRow, exported: ReadonlySet<number>): boolean =>
  exported.has(Number(principal_id))

/** As `isOpen` of a note in the history, and as `isOfExported` of how often somebody wants to be in touch. */
export function isOpenState(kind: unknown, json: unknown, exported: ReadonlySet<number>): boolean {
  if (typeof json !== 'string' || (kind !== 'activity' && kind !== 'cadence')) return true
  const { visibility, authorId, principalId } = JSON.parse(json) as Readonly<Record<string, unknown>>
  if (kind === 'cadence') return exported.has(Number(principalId))
  return visibility === 'public' || exported.has(Number(authorId))
}
