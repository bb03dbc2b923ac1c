import { type CollectionRow, findCollectionById } from '../collections.ts'
import type { CollectionId, PrincipalId } from '../ids.ts'
import type { Reader, Writer } from '../store.ts'

/** The directory of colleagues in an account's home. */
export interface DirectoryBookRow {
  readonly principalId: PrincipalId
  /** Null where there is none. */
  readonly collectionId: CollectionId | null
  /** The name of the collection; null where there is none. */
  readonly name: string | null
  /** What it holds, in short; empty until all of that is there. */
  readonly madeBy: string
  /** 1 when its owner does not want it. */
  readonly isOff: number
}

const columns = `d.principal_id AS "principalId", d.collection_id AS "collectionId", c.name, d.made_by AS "madeBy",
  d.is_off AS "isOff"`
const from = `SELECT ${columns} FROM directory_books d
  LEFT JOIN collections c ON c.id = d.collection_id AND c.deleted_at IS NULL`

export function findDirectoryBook(reader: Reader, id: PrincipalId): Promise<DirectoryBookRow | undefined> {
  return reader.sql.first<DirectoryBookRow>(`${from} WHERE d.principal_id = $1`, [id])
}

/** Some that are there. */
export async function someDirectoryBooks(reader: Reader, limit: number): Promise<CollectionRow[]> {
  const rows = await reader.sql.all<DirectoryBookRow>(`${from} WHERE c.id IS NOT NULL LIMIT $1`, [limit])
  const found: CollectionRow[] = []
  for (const { collectionId } of rows) {
    const collection = collectionId === null ? undefined : await findCollectionById(reader, collectionId)
    if (collection) found.push(collection)
  }
  return found
}

/** Remembers an account's book and what it holds. */
export async function saveDirectoryBook(
  tx: Writer,
  { principalId, collectionId, madeBy }: Pick<DirectoryBookRow, 'principalId' | 'collectionId' | 'madeBy'>,
): Promise<void> {
  await tx.sql.run(
    `INSERT INTO directory_books (principal_id, collection_id, made_by) VALUES ($1, $2, $3)
     ON CONFLICT (principal_id) DO UPDATE SET collection_id = excluded.collection_id, made_by = excluded.made_by`,
    [principalId, collectionId, madeBy],
  )
}

/** Says whether an account wants its book. One that is not wanted is deleted by the caller. */
export async function wantDirectoryBook(tx: Writer, id: PrincipalId, isWanted: boolean): Promise<void> {
  await tx.sql.run(
    `INSERT INTO directory_books (principal_id, is_off) VALUES ($1, $2)
     ON CONFLICT (principal_id) DO UPDATE SET is_off = excluded.is_off`,
    [id, isWanted ? 0 : 1],
  )
}
