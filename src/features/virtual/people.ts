import { lockFeed } from '../../../storage/feeds.ts'
import type { PartyId } from '../../../storage/ids.ts'
import { allPlacementsOf } from '../../../storage/people/parties.ts'
import type { Writer } from '../../../storage/store.ts'
import type { VirtualBook } from '../../../storage/virtual/books.ts'
import { addVirtualPeople, removeVirtualPeople, virtualPeopleIn } from '../../../storage/virtual/people.ts'
import { type Copying, renewCopies } from './copies.ts'

/** Has a book that names people name these, and no others: who is new in it is there at once, and who is not any more is gone. */
export async function nameVirtualPeople(
  tx: Writer,
  book: VirtualBook,
  parties: readonly PartyId[],
  copying: Copying,
): Promise<void> {
  await lockFeed(tx, book.collection.feedId)
  const wanted = new Set(parties)
  const named = new Set(await virtualPeopleIn(tx, book.collectionId))
  const gone = [...named].filter((id) => !wanted.has(id))
  const fresh = [...wanted].filter((id) => !named.has(id))
  if (gone.length > 0) await removeVirtualPeople(tx, book.collectionId, gone)
  if (fresh.length > 0) await addVirtualPeople(tx, book.collectionId, fresh)
  const changed = [...gone, ...fresh]
  if (changed.length === 0) return
  const cards = await allPlacementsOf(tx, changed)
  await renewCopies(
    tx,
    book,
    cards.map(({ objectId }) => objectId),
    copying,
  )
}
