import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { bit, type PrivilegeName, type PrivilegeSet } from '../../../protocol/dav/privileges.ts'
import { type CollectionRow, findCollectionById } from '../../../storage/collections.ts'
import type { CollectionId, ObjectId } from '../../../storage/ids.ts'
import { findObjectById, type ObjectRow } from '../../../storage/objects.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { collectionPlace, readLists, rightsAt } from '../rights/rights.ts'
import { readObjectTexts } from '../texts.ts'
import { seenBooks } from '../virtual/virtual.ts'

/** An address book, and what somebody may do in it. */
export interface SeenBook {
  readonly row: CollectionRow
  readonly access: PrivilegeSet
}

/** A card that somebody reads. */
export interface SeenCard {
  readonly row: ObjectRow
  readonly book: SeenBook
}

/** A card by its id. @throws refusal 404 for one that is not there, or that the caller does not read */
export async function mustSeeCard(reader: Reader, session: Session, id: ObjectId): Promise<SeenCard> {
  const row = await findObjectById(reader, id)
  if (row?.component !== 'VCARD') throw notThere()
  return { row, book: await mustSeeBook(reader, session, row.collectionId) }
}

/** An address book by its id. @throws refusal 404 */
export async function mustSeeBook(reader: Reader, session: Session, id: CollectionId): Promise<SeenBook> {
  const row = await findCollectionById(reader, id)
  if (row?.kind !== 'addressbook') throw notThere()
  const place = collectionPlace(row)
  const access = await rightsAt(reader, session, place, await readLists(reader, place.path))
  const seen = await seenBooks(reader, session, [row])
  if ((access & bit.read) === 0 || row.generated === 'masked' || seen(row) !== 'whole') throw notThere()
  return { row, access: row.generated === null ? access : access & ~writing }
}

/** Whether somebody may do something in a book. */
export function may({ access }: Pick<SeenBook, 'access'>, ...privileges: readonly PrivilegeName[]): boolean {
  return privileges.every((name) => (access & bit[name]) !== 0)
}

/** @throws refusal 403 for a book that the caller reads, and in which he may not do that */
export function mustBeAllowed(book: SeenBook, privilege: 'write-content' | 'bind' | 'unbind'): void {
  if (!may(book, privilege)) throw refuseStatus(403, refusals[privilege])
}

/** The text of a card. @throws refusal 404 where its octets are gone, being deleted since */
export async function textOfCard(reader: Reader, { row }: SeenCard): Promise<string> {
  const text = (await readObjectTexts(reader, [row])).get(row.id)
  if (text === undefined) throw notThere()
  return text
}

/** What the server makes of something else is changed there. */
const writing = bit['write-content'] | bit.bind | bit.unbind

const refusals = {
  'write-content': 'You may read this address book, not change its cards.',
  bind: 'You may not add cards to this address book.',
  unbind: 'You may not take cards out of this address book.',
} as const

function notThere(): Error {
  return refuseStatus(404, 'There is nothing at this address.')
}
