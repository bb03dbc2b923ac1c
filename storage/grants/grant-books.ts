import type { CollectionId, PrincipalId } from '../ids.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'
import type { GrantAccess } from './grants.ts'

/** The book that somebody has for what another gives him. It is kept when he deletes the book: he does not want it again. */
export interface GrantBookRow {
  readonly collectionId: CollectionId
  readonly giverId: PrincipalId
  readonly viewerId: PrincipalId
  /** What is in it, in short. */
  readonly slot: string
  readonly access: GrantAccess
  /** What the giver calls it. */
  readonly name: string | null
}

const fields = ['collectionId', 'giverId', 'viewerId', 'slot', 'access', 'name'] as const
const columns = selectList<GrantBookRow>('b', fields)

/** Every book of what somebody gives. */
export function grantBooksBy({ sql }: Reader, giverId: PrincipalId): Promise<GrantBookRow[]> {
  return sql.all<GrantBookRow>(
    `SELECT ${columns} FROM grant_books b WHERE b.giver_id = $1 ORDER BY b.collection_id`,
    [giverId],
  )
}

/** Every book that somebody has of what others give. */
export function grantBooksOf({ sql }: Reader, viewerId: PrincipalId): Promise<GrantBookRow[]> {
  return sql.all<GrantBookRow>(
    `SELECT ${columns} FROM grant_books b WHERE b.viewer_id = $1 ORDER BY b.collection_id`,
    [viewerId],
  )
}

/** Who gives somebody a book of single people in which nobody is named any more. */
export async function giversOfNobody({ sql }: Reader): Promise<PrincipalId[]> {
  const rows = await sql.all<{ id: PrincipalId }>(
    `SELECT DISTINCT b.giver_id AS id FROM grant_books b JOIN virtual_books v ON v.collection_id = b.collection_id
       JOIN collections c ON c.id = b.collection_id AND c.deleted_at IS NULL
     WHERE v.kind = 'people' AND NOT EXISTS (SELECT 1 FROM virtual_people w WHERE w.collection_id = b.collection_id)
     ORDER BY b.giver_id`,
  )
  return rows.map(({ id }) => id)
}

export async function saveGrantBook(tx: Writer, book: GrantBookRow): Promise<void> {
  await tx.sql.run(
    `INSERT INTO grant_books (collection_id, giver_id, viewer_id, slot, access, name) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (collection_id) DO UPDATE SET access = excluded.access, name = excluded.name`,
    [book.collectionId, book.giverId, book.viewerId, book.slot, book.access, book.name],
  )
}

/** What is in somebody's books is called otherwise. */
export async function renameSlot(
  tx: Writer,
  giverId: PrincipalId,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  await tx.sql.run('UPDATE grant_books SET slot = $3 WHERE giver_id = $1 AND slot = $2', [giverId, from, to])
}

export async function removeGrantBook(tx: Writer, id: CollectionId): Promise<void> {
  await tx.sql.run('DELETE FROM grant_books WHERE collection_id = $1', [id])
}
