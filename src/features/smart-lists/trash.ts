import { Refusal } from '../../../protocol/dav/preconditions.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import {
  findSmartList,
  findSmartListNamed,
  listSmartLists,
  type SmartListRow,
} from '../../../storage/smart-lists/lists.ts'
import {
  forgetTrashedLists,
  listTrashedLists,
  type TrashedListRow,
  trashSmartList,
  untrashSmartList,
} from '../../../storage/smart-lists/trash.ts'
import type { Writer } from '../../../storage/store.ts'
import { virtualBooksOfList } from '../../../storage/virtual/books.ts'
import {
  type BookLook,
  endListGrants,
  giveListAgain,
  giveLooks,
  type ListGrants,
  lookOf,
} from '../grants/grants.ts'
import type { Sharing } from '../sharing/sharing.ts'
import { dropBooks, makeListBook } from './books-of-list.ts'
import { recordList, stateOfList } from './record.ts'
import type { Listing } from './smart-lists.ts'

/** What comes back with a list. */
interface Kept extends ListGrants {
  /** The address book that its maker had it as. */
  readonly own: readonly BookLook[]
}

/**
 * Puts a list into the trash, and takes the address books away that were made of it; with whom it was shared has it no more.
 * So many stay in the trash as there may be lists.
 */
export async function dropList(
  tx: Writer,
  list: SmartListRow,
  { session, origin, settings, newId }: Listing,
): Promise<void> {
  const { principal } = session
  const shared = await endListGrants(tx, list, principal, { origin, settings, newId })
  const books = await virtualBooksOfList(tx, list.id)
  const isOwn = books.filter(
    ({ twinOf, collection }) => twinOf === null && collection.principalId === principal.id,
  )
  await dropBooks(tx, books, origin)
  const kept: Kept = { ...shared, own: isOwn.map(lookOf) }
  await trashSmartList(tx, list.id, JSON.stringify(kept))
  await recordList(tx, list, { before: stateOfList(list), after: undefined }, origin)
  const trashed = await listTrashedLists(tx, principal.id)
  for (const { id } of trashed.slice(settings.limits.smartLists))
    await forgetTrashedLists(tx, principal.id, id)
}

/**
 * Brings a list back: with its address book, and for all with whom it was shared and who are still there.
 * @returns its name, or why it stays in the trash; undefined where it is not there
 */
export async function bringBackList(
  tx: Writer,
  account: PrincipalRow,
  id: number,
  sharing: Sharing,
): Promise<{ readonly name: string } | { readonly reason: string } | undefined> {
  const trashed = (await listTrashedLists(tx, account.id)).find((row) => row.id === id)
  if (!trashed) return undefined
  const { name } = trashed
  if (await findSmartListNamed(tx, account.id, name))
    return { reason: `There is another list "${name}" now: rename or remove that one first.` }
  const most = sharing.settings.limits.smartLists
  if ((await listSmartLists(tx, account.id)).length >= most)
    return { reason: `There may be ${most} lists of one account at most.` }
  await untrashSmartList(tx, id)
  const list = await findSmartList(tx, id)
  if (!list) return undefined
  await recordList(tx, list, { before: undefined, after: stateOfList(list) }, sharing.origin)
  const { own, ...shared } = keptOf(trashed)
  try {
    if (own.length > 0 && (await makeListBook(tx, list, account, sharing)))
      await giveLooks(tx, await virtualBooksOfList(tx, id), own, sharing)
  } catch (error) {
    // A home that is full takes no more; the list is there all the same.
    if (!(error instanceof Refusal)) throw error
  }
  await giveListAgain(tx, list, shared, account, sharing)
  return { name }
}

function keptOf({ kept }: TrashedListRow): Kept {
  const nothing: Kept = { own: [], grants: [], books: [], declined: [] }
  return { ...nothing, ...(JSON.parse(kept) as Partial<Kept>) }
}
