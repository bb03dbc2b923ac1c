import type { SmartListId } from '../../../storage/ids.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import type { SmartListRow } from '../../../storage/smart-lists/lists.ts'
import type { Writer } from '../../../storage/store.ts'
import { scheduleJob } from '../../../storage/upkeep/jobs.ts'
import {
  redefineVirtualBook,
  type VirtualBook,
  virtualBooksOfList,
  virtualJob,
} from '../../../storage/virtual/books.ts'
import type { Sharing } from '../sharing/sharing.ts'
import { dropVirtualBook, makeVirtualBook } from '../virtual/virtual.ts'

/** Has all books that are made of a list looked at again. */
export async function lookAgainAt(tx: Writer, id: SmartListId): Promise<void> {
  const books = await virtualBooksOfList(tx, id)
  for (const book of books) await redefineVirtualBook(tx, book.collectionId, book)
  if (books.length > 0) await scheduleJob(tx, virtualJob, tx.now)
}

/** Makes a list an address book of whoever has it; undefined for an account without address books. @throws max-collections */
export function makeListBook(
  tx: Writer,
  { id: sourceId, name }: Pick<SmartListRow, 'id' | 'name'>,
  { id }: PrincipalRow,
  sharing: Sharing,
): Promise<VirtualBook | undefined> {
  return makeVirtualBook(
    tx,
    {
      ...{ viewerId: id, ownerId: id, name: 'list', displayname: name },
      ...{ kind: 'list', definition: '{}', sourceId, masks: [], writeThrough: 'rights' },
    },
    sharing,
  )
}

export async function dropBooks(tx: Writer, books: readonly VirtualBook[], origin: Origin): Promise<void> {
  for (const book of books) await dropVirtualBook(tx, book, origin)
}
