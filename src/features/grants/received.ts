import { grantBooksOf } from '../../../storage/grants/grant-books.ts'
import type { PrincipalId } from '../../../storage/ids.ts'
import { findPrincipalsByIds } from '../../../storage/principals.ts'
import type { Reader } from '../../../storage/store.ts'
import { findVirtualBooks } from '../../../storage/virtual/books.ts'

/** The books that somebody has of what others give him, without those that he has deleted. */
export async function receivedBooksOf(reader: Reader, viewerId: PrincipalId) {
  const rows = await grantBooksOf(reader, viewerId)
  const books = await findVirtualBooks(
    reader,
    rows.map(({ collectionId }) => collectionId),
  )
  const byId = new Map(books.map((book) => [book.collectionId, book]))
  const givers = await findPrincipalsByIds(reader, [...new Set(rows.map(({ giverId }) => giverId))])
  const giverById = new Map(givers.map((giver) => [giver.id, giver]))
  return rows.flatMap(({ collectionId, giverId, access }) => {
    const [book, giver] = [byId.get(collectionId), giverById.get(giverId)]
    if (!book || !giver) return []
    const { name, displayname } = book.collection
    const from = { name: giver.name, kind: giver.kind, displayName: giver.displayName }
    return [{ book: collectionId, name, displayName: displayname || name, from, access }]
  })
}
