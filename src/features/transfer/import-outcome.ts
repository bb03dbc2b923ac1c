import type { CollectionRow } from '../../../storage/collections.ts'
import type { PreparedObject } from '../objects.ts'
import type { FieldValue } from './fields/field-values.ts'

/** What became of one object, or of one part of a file that is none. In a trial it is what would have become of it. */
export type ImportOutcome = {
  readonly file: string
  /** Counted from 1; 0 when the whole file is meant. */
  readonly line: number
} & (
  | {
      readonly kind: 'created' | 'updated' | 'unchanged'
      readonly component: string
      readonly uid: string
      readonly collection: string
      readonly name: string
      /** What the import changed in it: 'uid added', 'method removed'; how it was found: 'same email'. */
      readonly notes: readonly string[]
    }
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string }
)

/** An object that waits for its write. */
export interface Waiting {
  readonly file: string
  readonly line: number
  readonly object: PreparedObject & { readonly uid: string }
  readonly notes: readonly string[]
  readonly collection: CollectionRow
  /** It says a part of what a card may hold: a card that is there is patched with it, not replaced. */
  readonly isPatch: boolean
  /** The octets it was converted from, which become its first revision. */
  readonly original: Uint8Array | undefined
  /** What is to stand in fields of whoever a card describes. */
  readonly values: readonly FieldValue[]
}

/** What of a card is compared with the cards that are there; its UID always is, and first. */
export const matchKeys = ['email', 'phone', 'name'] as const
export type MatchKey = (typeof matchKeys)[number]

/** What becomes of a card that is there already. */
export const onMatches = ['update', 'skip', 'new'] as const
export type OnMatch = (typeof onMatches)[number]

export interface Matching {
  readonly keys: readonly MatchKey[]
  readonly onMatch: OnMatch
  /** What becomes of single items in place of that, by their numbers. */
  readonly choices: ReadonlyMap<number, OnMatch>
}

/** What becomes of single items, as an import remembers it: their numbers. */
export type KeptChoices = { readonly [Way in OnMatch]?: readonly number[] | undefined }

export function choicesIn(kept: KeptChoices = {}): ReadonlyMap<number, OnMatch> {
  return new Map(onMatches.flatMap((way) => (kept[way] ?? []).map((number) => [number, way] as const)))
}

/** What becomes of an item that meets what is there already. */
export function onMatchOf({ onMatch, choices }: Matching, number: number): OnMatch {
  return choices.get(number) ?? onMatch
}
