import { patchCollection } from '../../../storage/collection-writes.ts'
import type { CollectionPatch } from '../../../storage/collections.ts'
import { type GrantBookRow, grantBooksBy, saveGrantBook } from '../../../storage/grants/grant-books.ts'
import { addGrant, type GrantRow, grantsBy, removeGrantsOfList } from '../../../storage/grants/grants.ts'
import type { PrincipalId } from '../../../storage/ids.ts'
import { findLivingPrincipal, type PrincipalRow } from '../../../storage/principals.ts'
import { lockReach } from '../../../storage/shares.ts'
import type { SmartListRow } from '../../../storage/smart-lists/lists.ts'
import type { Writer } from '../../../storage/store.ts'
import { type VirtualBook, virtualBooksOfList } from '../../../storage/virtual/books.ts'
import type { Sharing } from '../sharing/sharing.ts'
import { reconcileGiver } from './reconcile.ts'
import { slotOf } from './wanted.ts'

/** What the book is called that somebody has of the list of another, unless that calls it otherwise. */
export function titleOfList({ name }: Pick<SmartListRow, 'name'>, { displayName }: PrincipalRow): string {
  return `${name} (${displayName})`
}

/** With whom a list was shared that is removed, and what its books were like: what is asked for when it is brought back. */
export interface ListGrants {
  readonly grants: readonly Pick<GrantRow, 'receiverId' | 'access' | 'masks' | 'name'>[]
  /** What those who had a book of it have made of that. */
  readonly books: readonly BookLook[]
  /** Books of it that somebody had deleted: he does not want it. */
  readonly declined: readonly GrantBookRow[]
}

/** What a book is like for whoever has it. */
export interface BookLook {
  readonly viewerId: PrincipalId
  readonly look: Pick<CollectionPatch, 'displayname' | 'description' | 'color' | 'sortOrder'>
}

/** What somebody has made of a book. */
export function lookOf({ collection }: Pick<VirtualBook, 'collection'>): BookLook {
  const { principalId: viewerId, displayname, description, color, sortOrder } = collection
  return { viewerId, look: { displayname, description, color, sortOrder } }
}

/** Nobody has a list any more that is about to be removed. @param giver  whose it is @returns what it takes to share it again */
export async function endListGrants(
  tx: Writer,
  { id }: Pick<SmartListRow, 'id'>,
  giver: PrincipalRow,
  sharing: Sharing,
): Promise<ListGrants> {
  const books = (await virtualBooksOfList(tx, id)).filter(({ twinOf }) => twinOf === null)
  const living = new Set(books.map(({ collectionId }) => collectionId))
  const grants = (await grantsBy(tx, giver.id)).filter((one) => one.kind === 'list' && one.sourceId === id)
  const slots = new Set(grants.map(slotOf))
  const kept: ListGrants = {
    grants: grants.map(({ receiverId, access, masks, name }) => ({ receiverId, access, masks, name })),
    books: books.filter(({ collection, ownerId }) => collection.principalId !== ownerId).map(lookOf),
    declined: (await grantBooksBy(tx, giver.id)).filter(
      ({ slot, collectionId }) => slots.has(slot) && !living.has(collectionId),
    ),
  }
  if (await removeGrantsOfList(tx, id)) await reconcileGiver(tx, giver, sharing)
  return kept
}

/** Shares a list again that is brought back, with those who are still there. */
export async function giveListAgain(
  tx: Writer,
  { id }: Pick<SmartListRow, 'id'>,
  { grants, books, declined }: ListGrants,
  giver: PrincipalRow,
  sharing: Sharing,
): Promise<void> {
  if (grants.length === 0) return
  await lockReach(tx)
  let room = sharing.settings.limits.grants - (await grantsBy(tx, giver.id)).length
  for (const grant of grants) {
    if (room <= 0 || !(await findLivingPrincipal(tx, grant.receiverId))) continue
    await addGrant(tx, {
      ...grant,
      giverId: giver.id,
      kind: 'list',
      partyId: null,
      sourceId: id,
      label: null,
    })
    room -= 1
  }
  for (const book of declined) if (await findLivingPrincipal(tx, book.viewerId)) await saveGrantBook(tx, book)
  await reconcileGiver(tx, giver, sharing)
  await giveLooks(tx, await virtualBooksOfList(tx, id), books, sharing)
}

/** Makes books as those who have them had made them. */
export async function giveLooks(
  tx: Writer,
  books: readonly VirtualBook[],
  looks: readonly BookLook[],
  { origin }: Pick<Sharing, 'origin'>,
): Promise<void> {
  const left = books.filter(({ twinOf }) => twinOf === null)
  for (const { viewerId, look } of looks) {
    const at = left.findIndex(({ collection }) => collection.principalId === viewerId)
    const [book] = at < 0 ? [] : left.splice(at, 1)
    if (book) await patchCollection(tx, book.collection, look, origin)
  }
}

/** Lets the books that others have of a list be called as it is by now; what was called otherwise stays so. */
export async function renameGivenList(
  tx: Writer,
  list: Pick<SmartListRow, 'id' | 'name'>,
  name: string,
  giver: PrincipalRow,
  { origin }: Pick<Sharing, 'origin'>,
): Promise<void> {
  const former = titleOfList(list, giver)
  for (const { collection, ownerId, twinOf } of await virtualBooksOfList(tx, list.id)) {
    if (twinOf !== null || collection.principalId === ownerId || collection.displayname !== former) continue
    await patchCollection(tx, collection, { displayname: titleOfList({ name }, giver) }, origin)
  }
}
