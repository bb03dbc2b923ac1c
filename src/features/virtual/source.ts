import type { CollectionRow } from '../../../storage/collections.ts'
import type { CollectionId, ObjectId, PartyId } from '../../../storage/ids.ts'
import type { Reader, TouchedCard, Writer } from '../../../storage/store.ts'
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
    tx: Looking,
    book: VirtualBook,
    page: { readonly after: ObjectId; readonly limit: number },
  ): Promise<readonly ObjectId[]>
  /** Which of these cards are in it. */
  matches(tx: Looking, book: VirtualBook, ids: readonly ObjectId[]): Promise<ReadonlySet<ObjectId>>
  /** Told when all of a book is looked at from the beginning. */
  begins?(tx: Writer, book: VirtualBook): Promise<void>
  /** Whether a book has to be looked at again before whoever has it is answered. */
  isStale?(reader: Reader, book: VirtualBook, now: number): Promise<boolean>
  /** Books of which it goes by what stands for them with the masks of the book, where that is not there yet. */
  lacks?(reader: Reader, book: VirtualBook): Promise<readonly CollectionRow[]>
}

/** What is looked at, and at which time. */
export type Looking = Reader & Pick<Writer, 'now'>
