import type { CollectionId, PartyId, PrincipalId } from '../../../../storage/ids.ts'
import type { Wanted } from '../../../../storage/smart-lists/wanted.ts'
import type { Field } from '../../fields/field.ts'
import type { Calendar } from './days.ts'

/** What the names in a filter mean, to whoever has it. */
export interface Meanings {
  readonly calendar: Calendar
  readonly now: number
  readonly books: ReadonlySet<CollectionId>
  /** By their keys. */
  readonly fields: ReadonlyMap<string, Field>
  /** Accounts and groups by what the filter calls them. */
  readonly principals: ReadonlyMap<string, PrincipalId>
  /** Those whom he sees, by the ids that the filter has: of one who was merged into another, that one. */
  readonly parties: ReadonlyMap<PartyId, PartyId>
  /** Files in fields, by the keys of these: those that are read. */
  readonly files: ReadonlyMap<string, readonly NamedFile[]>
  /** Told what has no meaning, and why; it is true of nobody. */
  readonly unknown: (problem: string) => void
}

/** A file that somebody has in a field. */
export interface NamedFile {
  readonly partyId: PartyId
  /** Its name, without case and accents. */
  readonly folded: string
}

export const nobody: Wanted = { any: [] }

/** Something that a question has to say. Without it nothing is meant by it. */
export function required<T>(value: T | undefined, name: string, known: Meanings): T {
  if (value !== undefined) return value
  known.unknown(`A question does not say its "${name}".`)
  throw new IncompleteQuestionError(`A question does not say its "${name}".`)
}

/** A filter that says too little to be looked at. */
export class IncompleteQuestionError extends Error {
  override readonly name = 'IncompleteQuestionError'
}

export function unknown(known: Pick<Meanings, 'unknown'>, problem: string): Wanted {
  known.unknown(problem)
  return nobody
}
