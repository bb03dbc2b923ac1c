import type { FactRow } from '../../../../storage/people/fact-tables.ts'

/** Whether a note is for others than its author, or is of somebody who is exported. */
export const isOpen = (of: FactRow, exported: ReadonlySet<number>): boolean =>
  of.visibility === 'public' || [of.author_id, of.team_id].some((id) => exported.has(Number(id)))

/** Whether it is what somebody keeps for himself who is exported. */
export const isOfExported = ({ principal_id }: FactRow, exported: ReadonlySet<number>): boolean =>
  exported.has(Number(principal_id))

/** As `isOpen`, of a note in the history. */
export function isOpenState(json: unknown, exported: ReadonlySet<number>): boolean {
  if (typeof json !== 'string') return true
  const { visibility, authorId } = JSON.parse(json) as Readonly<Record<string, unknown>>
  return visibility === 'public' || exported.has(Number(authorId))
}
