import type { CollectionRow } from '../../../storage/collections.ts'
import { findPrincipalsByIds, type PrincipalRow } from '../../../storage/principals.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { reachOf } from '../people/reach.ts'
import type { SeenBook } from './cards.ts'

/** A book with whose it is. */
export interface ListedBook extends SeenBook {
  readonly owner: PrincipalRow
  readonly title: string
}

/** The address books that a session reads, its own first. */
export async function listBooks(reader: Reader, session: Session): Promise<readonly ListedBook[]> {
  const { books } = await reachOf(reader, session)
  const ids = [...new Set(books.map(({ row }) => row.principalId))]
  const owners = new Map((await findPrincipalsByIds(reader, ids)).map((owner) => [owner.id, owner]))
  return books.flatMap(({ row, access, mount }) => {
    const owner = owners.get(row.principalId)
    return owner ? { row, access, owner, title: titleOf(row, mount?.displayname) } : []
  })
}

/** Whoever has a book of another may call it otherwise. */
function titleOf({ displayname, name }: CollectionRow, own: string | null | undefined): string {
  return own ?? displayname ?? name
}
