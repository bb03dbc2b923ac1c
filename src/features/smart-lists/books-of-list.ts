import type { SmartListId } from '../../../storage/ids.ts'
import type { Writer } from '../../../storage/store.ts'
import { scheduleJob } from '../../../storage/upkeep/jobs.ts'
import { redefineVirtualBook, virtualBooksOfList, virtualJob } from '../../../storage/virtual/books.ts'

/** Has all books that are made of a list looked at again. */
export async function lookAgainAt(tx: Writer, id: SmartListId): Promise<void> {
  const books = await virtualBooksOfList(tx, id)
  for (const book of books) await redefineVirtualBook(tx, book.collectionId, book)
  if (books.length > 0) await scheduleJob(tx, virtualJob, tx.now)
}
