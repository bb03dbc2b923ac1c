import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { bit, noPrivileges, type PrivilegeName, type PrivilegeSet } from '../../../protocol/dav/privileges.ts'
import { type CollectionRow, findCollectionById } from '../../../storage/collections.ts'
import type { CollectionId, ObjectId } from '../../../storage/ids.ts'
import { findMountOn } from '../../../storage/mounts.ts'
import { findObjectById, type ObjectRow } from '../../../storage/objects.ts'
import type { Reader } from '../../../storage/store.ts'
import { findVirtualBook, type VirtualBook } from '../../../storage/virtual/books.ts'
import { membersFrom } from '../../../storage/virtual/members.ts'
import type { Session } from '../../auth/session.ts'
import { collectionPlace, readLists, rightsAt } from '../rights/rights.ts'
import { readObjectTexts } from '../texts.ts'
import { type CopyingServices, readyTwins, seenBooks } from '../virtual/virtual.ts'

/** An address book, and what somebody may do in it. */
export interface SeenBook {
  readonly row: CollectionRow
  readonly access: PrivilegeSet
  /** Of one that holds copies, or that he does not see all of: what he sees in its place. */
  readonly virtual: VirtualBook | undefined
}

/** A card as somebody sees it. */
export interface SeenCard {
  /** What he asked for. */
  readonly id: ObjectId
  /** What he is shown: the card, or a copy without what he does not see. */
  readonly row: ObjectRow
  readonly book: SeenBook
  /** Where the write that has just changed it has not made the copy yet: what will stand in that. */
  readonly next?: { readonly text: string; readonly etag: string }
}

/** A card by its id. @throws refusal 404 for one that is not there, or that the caller does not read */
export async function mustSeeCard(reader: Reader, session: Session, id: ObjectId): Promise<SeenCard> {
  const found = await findObjectById(reader, id)
  if (found?.component !== 'VCARD') throw notThere()
  const book = await mustSeeBook(reader, session, found.collectionId)
  const row = book.virtual && isTwin(book) ? await copyOf(reader, book.virtual, id) : found
  if (!row) throw notThere()
  return { id, row, book }
}

/** An address book by its id. @throws refusal 404 */
export async function mustSeeBook(reader: Reader, session: Session, id: CollectionId): Promise<SeenBook> {
  const row = await findCollectionById(reader, id)
  const access = row && (await rightsIn(reader, session, row))
  if (!row || !access || row.generated === 'masked') throw notThere()
  const virtual = row.generated === 'virtual' ? await openVirtual(reader, session, row) : undefined
  const seen = (await seenBooks(reader, session, [row]))(row)
  if (seen === undefined || (row.generated === 'virtual' && !virtual)) throw notThere()
  return seenBook(row, access, seen === 'whole' ? virtual : seen)
}

/** A book with what nobody may do in what the server makes of something else. */
export function seenBook(
  row: CollectionRow,
  access: PrivilegeSet,
  virtual: VirtualBook | undefined,
): SeenBook {
  return { row, access: access & ~lackingIn(row, virtual), virtual }
}

/**
 * Has what somebody is to see in place of the book of a card, of which he does not see all, before he is answered.
 * @param session  whoever asks
 */
export async function readyCard(services: CopyingServices, session: Session, id: ObjectId): Promise<void> {
  const book = await services.store.read(async (reader) => {
    const card = await findObjectById(reader, id)
    const row = card && (await findCollectionById(reader, card.collectionId))
    const isOthers = row !== undefined && row.principalId !== session.principal.id
    return isOthers && (await rightsIn(reader, session, row)) ? row : undefined
  })
  if (book) await readyTwins(services, session, [book])
}

/** Whether somebody may do something in a book. */
export function may({ access }: Pick<SeenBook, 'access'>, ...privileges: readonly PrivilegeName[]): boolean {
  return privileges.every((name) => (access & bit[name]) !== 0)
}

/** @throws refusal 403 for a book that the caller reads, and in which he may not do that */
export function mustBeAllowed(book: SeenBook, privilege: 'write-content' | 'bind' | 'unbind'): void {
  if (!may(book, privilege)) throw refuseStatus(403, refusals[privilege])
}

/** The text of a card, as it is seen. @throws refusal 404 where its octets are gone, being deleted since */
export async function textOfCard(reader: Reader, { row, next }: SeenCard): Promise<string> {
  const text = next?.text ?? (await readObjectTexts(reader, [row])).get(row.id)
  if (text === undefined) throw notThere()
  return text
}

/** Whether what is seen of a book stands for it as a whole. */
export function isTwin({ row, virtual }: SeenBook): boolean {
  return virtual !== undefined && virtual.collectionId !== row.id
}

const writing = bit['write-content'] | bit.bind | bit.unbind

function lackingIn({ generated }: CollectionRow, virtual: VirtualBook | undefined): PrivilegeSet {
  if (generated === null) return noPrivileges
  return virtual && virtual.writeThrough !== 'never' ? bit.bind | bit.unbind : writing
}

const refusals = {
  'write-content': 'You may read this address book, not change its cards.',
  bind: 'You may not add cards to this address book.',
  unbind: 'You may not take cards out of this address book.',
} as const

/** Undefined for what is no address book, or that he does not read. */
async function rightsIn(
  reader: Reader,
  session: Session,
  row: CollectionRow,
): Promise<PrivilegeSet | undefined> {
  if (row.kind !== 'addressbook') return undefined
  const place = collectionPlace(row)
  const access = await rightsAt(reader, session, place, await readLists(reader, place.path))
  return (access & bit.read) === 0 ? undefined : access
}

/** What is made of cards of others is for whoever has it, and for those who have it from him. */
async function openVirtual(
  reader: Reader,
  session: Session,
  { id, principalId }: CollectionRow,
): Promise<VirtualBook | undefined> {
  const isOwn = principalId === session.principal.id
  const mounted = isOwn ? undefined : await findMountOn(reader, id, session.principal.id)
  return isOwn || mounted?.mount.state === 'accepted' ? findVirtualBook(reader, id) : undefined
}

async function copyOf(
  reader: Reader,
  { collectionId }: VirtualBook,
  id: ObjectId,
): Promise<ObjectRow | undefined> {
  const [member] = await membersFrom(reader, collectionId, [id])
  return member?.memberId == null ? undefined : findObjectById(reader, member.memberId)
}

function notThere(): Error {
  return refuseStatus(404, 'There is nothing at this address.')
}
