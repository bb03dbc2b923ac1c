import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { PrivilegeSet } from '../../../protocol/dav/privileges.ts'
import { type CollectionRow, findCollectionById, isGenerated } from '../../../storage/collections.ts'
import { findHeldEdit, heldBody, type ListedHeldEdit } from '../../../storage/held/held-edits.ts'
import type { HeldEditId } from '../../../storage/ids.ts'
import { findObject, type ObjectRow } from '../../../storage/objects.ts'
import type { Reader } from '../../../storage/store.ts'
import { findVirtualBook, type VirtualBook } from '../../../storage/virtual/books.ts'
import type { Session } from '../../auth/session.ts'
import { masksOfSession } from '../masks/masks.ts'
import { collectionPlace, readLists, rightsAt } from '../rights/rights.ts'

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
  if (!collection || !body || edit.settledAt !== null) throw refuseStatus(404, `There is no held edit ${id}.`)
  const book = isGenerated(collection) ? await findVirtualBook(reader, collection.id) : undefined
  const whole = book?.twinOf == null ? collection : await findCollectionById(reader, book.twinOf)
  const isOther = book?.twinOf != null && (await masksOfSession(reader, session)).key !== book.maskKey
  if (!whole || isOther) throw refuseStatus(404, `There is no held edit ${id}.`)
  const place = collectionPlace(whole)
  const rights = await rightsAt(reader, session, place, await readLists(reader, place.path))
  const existing = await findObject(reader, collection.id, edit.name)
  return { edit, collection, book, body, rights, existing }
}
