import type { z } from 'zod'
import type { CollectionRow } from '../../../storage/collections.ts'
import { findPrincipalsByIds, type PrincipalRow } from '../../../storage/principals.ts'
import type { Reader } from '../../../storage/store.ts'
import { findVirtualBooks } from '../../../storage/virtual/books.ts'
import type { Session } from '../../auth/session.ts'
import { givenIn, type Reach, reachOf } from '../people/reach.ts'
import { type CopyingServices, readyTwins, seenBooks } from '../virtual/virtual.ts'
import { may, type SeenBook, seenBook } from './cards.ts'
import type { book } from './schema.ts'

/** A book with whose it is. */
export interface ListedBook extends SeenBook {
  readonly owner: PrincipalRow
  readonly title: string
  readonly description: string | null
  readonly had: Had
}

/** How somebody has a book: see the schema. */
type Had = z.infer<typeof book>['had']

/** The address books that a session reads, its own first, once they are what it is to see of them. */
export async function listBooks(services: CopyingServices, session: Session): Promise<readonly ListedBook[]> {
  const { store } = services
  const reached = await store.read((reader) => reachOf(reader, session))
  await readyTwins(services, session, foreignTo(session, reached))
  return store.read((reader) => readBooks(reader, session))
}

/** The same within a read, where what they are to see of it is there already. */
export async function readBooks(reader: Reader, session: Session): Promise<readonly ListedBook[]> {
  const reach = await reachOf(reader, session)
  const { books } = reach
  const rows = books.map(({ row }) => row)
  const ids = [...new Set(rows.map(({ principalId }) => principalId))]
  const owners = new Map((await findPrincipalsByIds(reader, ids)).map((owner) => [owner.id, owner]))
  const seenAs = await seenBooks(reader, session, rows)
  const given = new Map(
    (await findVirtualBooks(reader, [...givenIn(reach)])).map((book) => [book.collectionId, book]),
  )
  return books.flatMap(({ row, access, mount }) => {
    const [owner, seen] = [owners.get(row.principalId), seenAs(row)]
    if (!owner || seen === undefined) return []
    const listed = seenBook(row, access, seen === 'whole' ? given.get(row.id) : seen)
    const isOwn = owner.id === session.principal.id
    const had: Had = given.has(row.id) ? 'given' : isOwn ? 'own' : mount ? 'shared' : 'seen'
    const description = mount?.description ?? row.description
    return { ...listed, owner, title: titleOf(row, mount?.displayname), description, had }
  })
}

function foreignTo({ principal }: Session, { books }: Reach): CollectionRow[] {
  return books.flatMap(({ row }) => (row.principalId === principal.id ? [] : row))
}

/** Whoever has a book of another may call it otherwise. */
function titleOf({ displayname, name }: CollectionRow, own: string | null | undefined): string {
  return own ?? displayname ?? name
}

/** A book as the API shows it. */
export function shownBook(
  { row, access, virtual, owner, title, description, had }: ListedBook,
  callerId: number,
) {
  return {
    id: row.id,
    name: row.name,
    title,
    description,
    had,
    owner: { id: owner.id, name: owner.displayName ?? owner.name },
    isOwn: owner.id === callerId,
    isDefault: row.isDefault === 1,
    isShared: row.isShared === 1,
    rights: {
      edit: may({ access }, 'write-content'),
      add: may({ access }, 'bind'),
      remove: may({ access }, 'unbind'),
    },
    change: (virtual?.collection ?? row).feedChange,
  }
}
