import type { CollectionId, ObjectId, PartyId } from '../../../storage/ids.ts'
import type { Reader, TouchedCard } from '../../../storage/store.ts'
import type { VirtualBook } from '../../../storage/virtual/books.ts'

/** What a write has done. */
export interface Changed {
  readonly cards: readonly TouchedCard[]
  /** People whose facts have changed. */
  readonly parties: ReadonlySet<PartyId>
  /** The cards, and those of the people whose facts have changed. */
  readonly objectIds: readonly ObjectId[]
  /** Those people, and whose cards have changed. */
  readonly partyIds: readonly PartyId[]
}

/** Cards to be looked at, by the book that they may be in. */
export type Candidates = ReadonlyMap<CollectionId, readonly ObjectId[]>

/**
 * How it is decided which cards are in a virtual book. What it gives is shown to whoever has the book: a source that goes by
 * what somebody may read looks that up each time. Cards that a book has already are looked at without being named.
 */
export interface VirtualSource {
  readonly kind: string
  /** Whether somebody may come and go by nothing but time: then books are looked at again every day. */
  readonly changesWithTime?: boolean
  /** Cards that may be in books of the kind after a write; it costs no statement where there can be none. */
  affected(reader: Reader, changed: Changed): Promise<Candidates>
  /** What is in a book, by id. */
  members(
    reader: Reader,
    book: VirtualBook,
    page: { readonly after: ObjectId; readonly limit: number },
  ): Promise<readonly ObjectId[]>
  /** Which of these cards are in it. */
  matches(reader: Reader, book: VirtualBook, ids: readonly ObjectId[]): Promise<ReadonlySet<ObjectId>>
}
