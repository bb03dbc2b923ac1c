import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { bit, type PrivilegeSet } from '../../../protocol/dav/privileges.ts'
import { type CollectionRow, findCollectionById, isGenerated } from '../../../storage/collections.ts'
import { findHeldEdit, heldBody, type ListedHeldEdit } from '../../../storage/held/held-edits.ts'
import type { CollectionId, HeldEditId } from '../../../storage/ids.ts'
import { findObject, type ObjectRow } from '../../../storage/objects.ts'
import type { Reader } from '../../../storage/store.ts'
import { findVirtualBook, type VirtualBook } from '../../../storage/virtual/books.ts'
import type { Session } from '../../auth/session.ts'
import { keyOfMasks, masksOfSession, parseMasks } from '../masks/masks.ts'
import { collectionPlace, readLists, rightsAt } from '../rights/rights.ts'
import { seenBooks } from '../virtual/virtual.ts'

/** A held edit with all that is needed to judge it. */
export interface HeldEdit {
  readonly edit: ListedHeldEdit
  readonly collection: CollectionRow
  /** Where that is what the server copies from cards that are elsewhere. */
  readonly book?: VirtualBook | undefined
  readonly body: Buffer
  readonly rights: PrivilegeSet
  /** What is there now. */
  readonly existing: ObjectRow | undefined
}

/** @throws refuseStatus(404) when the account has none of that id that is open, or its collection is gone */
export async function mustFindHeld(reader: Reader, session: Session, id: HeldEditId): Promise<HeldEdit> {
  const edit = await findHeldEdit(reader, session.principal.id, id)
  const collection = edit && (await findCollectionById(reader, edit.collectionId))
  const body = edit && (await heldBody(reader, id))
  const place = collection && (await placeFor(reader, session, collection))
  if (!collection || !place || !body || edit.settledAt !== null)
    throw refuseStatus(404, `There is no held edit ${id}.`)
  const existing = await findObject(reader, collection.id, edit.name)
  return { edit: told(edit, place), collection, ...place, body, existing }
}

/** Held edits as whoever sent them may know them by now: of what he may not read it is not said what is there. */
export async function seenHeld(
  reader: Reader,
  session: Session,
  edits: readonly ListedHeldEdit[],
): Promise<ListedHeldEdit[]> {
  const places = new Map<CollectionId, Place | undefined>()
  for (const id of new Set(edits.map(({ collectionId }) => collectionId))) {
    const collection = await findCollectionById(reader, id)
    places.set(id, collection && (await placeFor(reader, session, collection)))
  }
  return edits.map((edit) => told(edit, places.get(edit.collectionId)))
}

function told(edit: ListedHeldEdit, place: Place | undefined): ListedHeldEdit {
  return ((place?.rights ?? 0) & bit.read) !== 0 ? edit : { ...edit, storedEtag: null }
}

type Place = Pick<HeldEdit, 'book' | 'rights'>

/**
 * What somebody may do by now where an edit was refused: nothing in a book of which more is hidden from him than was; undefined
 * where that stands for a book for others.
 */
async function placeFor(
  reader: Reader,
  session: Session,
  collection: CollectionRow,
): Promise<Place | undefined> {
  const book = isGenerated(collection) ? await findVirtualBook(reader, collection.id) : undefined
  const whole = book?.twinOf == null ? collection : await findCollectionById(reader, book.twinOf)
  const { key, written } = await masksOfSession(reader, session)
  if (!whole || (book?.twinOf != null && key !== book.maskKey)) return undefined
  if (book?.twinOf == null && (await seenBooks(reader, session, [collection]))(collection) !== 'whole')
    return { book, rights: 0 }
  const isOwn = book?.twinOf === null && collection.principalId === session.principal.id
  if (isOwn && keyOfMasks([...parseMasks(book.masks), ...written]) !== book.maskKey)
    return { book, rights: 0 }
  const place = collectionPlace(whole)
  return { book, rights: await rightsAt(reader, session, place, await readLists(reader, place.path)) }
}
