import { patchCollection } from '../../../storage/collection-writes.ts'
import { removeGrantsOfList } from '../../../storage/grants/grants.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import type { SmartListRow } from '../../../storage/smart-lists/lists.ts'
import type { Writer } from '../../../storage/store.ts'
import { virtualBooksOfList } from '../../../storage/virtual/books.ts'
import type { Sharing } from '../sharing/sharing.ts'
import { reconcileGiver } from './reconcile.ts'

/** What the book is called that somebody has of the list of another, unless that calls it otherwise. */
export function titleOfList({ name }: Pick<SmartListRow, 'name'>, { displayName }: PrincipalRow): string {
  return `${name} (${displayName})`
}

/** Nobody has a list any more that is about to be removed. @param giver  whose it is */
export async function endListGrants(
  tx: Writer,
  { id }: Pick<SmartListRow, 'id'>,
  giver: PrincipalRow,
  sharing: Sharing,
): Promise<void> {
  if (await removeGrantsOfList(tx, id)) await reconcileGiver(tx, giver, sharing)
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
