import { maskCard } from '../../../protocol/vcard/mask/mask-card.ts'
import { findCollectionById } from '../../../storage/collections.ts'
import { revisionAt } from '../../../storage/history/object-revisions.ts'
import type { ObjectId, RevisionId } from '../../../storage/ids.ts'
import { findObjectById, type ObjectRow } from '../../../storage/objects.ts'
import type { Reader } from '../../../storage/store.ts'
import { findVirtualBook } from '../../../storage/virtual/books.ts'
import type { Session } from '../../auth/session.ts'
import { masksOn, type SourceCard, sourceOfCopy } from '../virtual/virtual.ts'
import type { Sight } from './shown.ts'

/** The card behind a copy that somebody has in a book of his own. */
export interface Behind {
  readonly copy: ObjectRow
  readonly source: SourceCard
  /** Of one that another shares one by one: how he sees it, and since which of its states. */
  readonly given: { readonly sight: Sight | undefined; readonly since: RevisionId } | undefined
}

/** Undefined for what is no copy, or no copy that whoever asks has. */
export async function behindCopy(
  reader: Reader,
  session: Session,
  id: ObjectId,
): Promise<Behind | undefined> {
  const copy = await findObjectById(reader, id)
  const collection = copy && (await findCollectionById(reader, copy.collectionId))
  if (!copy || collection?.generated !== 'virtual' || collection.principalId !== session.principal.id)
    return undefined
  const book = await findVirtualBook(reader, collection.id)
  const source = book && (await sourceOfCopy(reader, book, copy))
  if (!book || !source) return undefined
  if (book.ownerId === session.principal.id) return { copy, source, given: undefined }
  const masks = await masksOn(reader, book, source.collection)
  const sight = masks.length === 0 ? undefined : (text: string) => maskCard(text, masks) ?? ''
  const { row } = source
  // What it was before it was shown is not shown.
  const since = await revisionAt(reader, row.id, row.collectionId, copy.createdAt)
  return { copy, source, given: { sight, since } }
}
