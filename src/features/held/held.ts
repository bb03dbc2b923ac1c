import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { bit, type PrivilegeSet } from '../../../protocol/dav/privileges.ts'
import { compareObjects, type Difference } from '../../../protocol/text/differences.ts'
import { type CollectionRow, findCollectionById, isGenerated } from '../../../storage/collections.ts'
import { findHeldEdit, heldBody, type ListedHeldEdit } from '../../../storage/held/held-edits.ts'
import type { HeldEditId } from '../../../storage/ids.ts'
import { findObject, type ObjectRow } from '../../../storage/objects.ts'
import type { Reader } from '../../../storage/store.ts'
import { findVirtualBook, type VirtualBook } from '../../../storage/virtual/books.ts'
import type { Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { bodyText } from '../bodies.ts'
import { hasMoreLines, inVersionOf } from '../devices/serve.ts'
import { masksOfSession } from '../masks/masks.ts'
import { collectionPlace, readLists, rightsAt } from '../rights/rights.ts'
import { readObjectTexts } from '../texts.ts'

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

/** How it is shown. */
export interface ShownHeldEdit {
  readonly edit: ListedHeldEdit
  /** What was sent. */
  readonly text: string
  /**
   * What it says otherwise than what is there now: all of it where nothing is; undefined where that may not be read, or is too
   * long to compare.
   */
  readonly differences: readonly Difference[] | undefined
}

/** @throws refuseStatus(404) when the account has none of that id, or its collection is gone */
export async function mustFindHeld(reader: Reader, session: Session, id: HeldEditId): Promise<HeldEdit> {
  const edit = await findHeldEdit(reader, session.principal.id, id)
  const collection = edit && (await findCollectionById(reader, edit.collectionId))
  const body = edit && (await heldBody(reader, id))
  if (!collection || !body) throw refuseStatus(404, `There is no held edit ${id}.`)
  const book = isGenerated(collection) ? await findVirtualBook(reader, collection.id) : undefined
  const whole = book?.twinOf == null ? collection : await findCollectionById(reader, book.twinOf)
  const isOther = book?.twinOf != null && (await masksOfSession(reader, session)).key !== book.maskKey
  if (!whole || isOther) throw refuseStatus(404, `There is no held edit ${id}.`)
  const place = collectionPlace(whole)
  const rights = await rightsAt(reader, session, place, await readLists(reader, place.path))
  const existing = await findObject(reader, collection.id, edit.name)
  return { edit, collection, book, body, rights, existing }
}

/** A held edit with what it would change. @throws refuseStatus(404) */
export async function showHeld(
  reader: Reader,
  session: Session,
  id: HeldEditId,
  settings: Services['settings'],
): Promise<ShownHeldEdit> {
  const held = await mustFindHeld(reader, session, id)
  const text = bodyText(held.body)
  const mayRead = (held.rights & bit.read) !== 0
  return {
    edit: held.edit,
    text,
    differences: mayRead ? await differencesOf(reader, held, text, settings) : undefined,
  }
}

async function differencesOf(
  reader: Reader,
  { collection, existing }: HeldEdit,
  text: string,
  { limits }: Services['settings'],
): Promise<readonly Difference[] | undefined> {
  const stored = existing ? ((await readObjectTexts(reader, [existing])).get(existing.id) ?? '') : ''
  const maxLines = limits.mergedLines
  if (hasMoreLines(stored, maxLines) || hasMoreLines(text, maxLines)) return undefined
  const isCard = collection.kind === 'addressbook' && existing !== undefined
  const comparable = isCard ? (inVersionOf(existing, text, maxLines) ?? text) : text
  const comparison = compareObjects(stored, comparable)
  return comparison.kind === 'differing' ? comparison.differences : []
}
