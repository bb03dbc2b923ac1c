import { inList } from './database.ts'
import type { CollectionId, PrincipalId, ShareId } from './ids.ts'
import { selectList } from './select.ts'
import type { Reader, Writer } from './store.ts'

/** What a share lets people do; `no-delete` is read and write without deleting. */
export type ShareAccess = 'read' | 'read-write' | 'no-delete' | 'free-busy'

/** A collection shared with a person or a group. */
export interface ShareRow {
  readonly id: ShareId
  readonly collectionId: CollectionId
  readonly principalId: PrincipalId
  readonly access: ShareAccess
  /** What the owner calls it in the invitation. */
  readonly summary: string | null
  readonly createdAt: number
  readonly changedAt: number
}

const columns = selectList<ShareRow>('s', [
  'id',
  'collectionId',
  'principalId',
  'access',
  'summary',
  'createdAt',
  'changedAt',
])

/** The shares of these collections, as they were made. */
export function listShares({ sql }: Reader, collections: readonly CollectionId[]): Promise<ShareRow[]> {
  const condition = inList(sql.dialect, 's.collection_id', '$1', 'bigint')
  return sql.all<ShareRow>(`SELECT ${columns} FROM shares s WHERE ${condition} ORDER BY s.id`, [
    [...collections],
  ])
}

/** What is shared with any of these principals. */
export function listSharesWith({ sql }: Reader, principals: readonly PrincipalId[]): Promise<ShareRow[]> {
  const condition = inList(sql.dialect, 's.principal_id', '$1', 'bigint')
  return sql.all<ShareRow>(`SELECT ${columns} FROM shares s WHERE ${condition} ORDER BY s.id`, [
    [...principals],
  ])
}

export async function setShare(
  tx: Writer,
  share: Pick<ShareRow, 'collectionId' | 'principalId' | 'access' | 'summary'>,
): Promise<void> {
  await tx.sql.run(
    `INSERT INTO shares (collection_id, principal_id, access, summary, created_at, changed_at)
     VALUES ($1, $2, $3, $4, $5, $5)
     ON CONFLICT (collection_id, principal_id) DO UPDATE SET access = excluded.access, summary = excluded.summary,
       changed_at = excluded.changed_at`,
    [share.collectionId, share.principalId, share.access, share.summary, tx.now],
  )
}

/** @returns false when there was none */
export async function removeShare(
  tx: Writer,
  collectionId: CollectionId,
  principalId: PrincipalId,
): Promise<boolean> {
  const text = 'DELETE FROM shares WHERE collection_id = $1 AND principal_id = $2'
  return (await tx.sql.run(text, [collectionId, principalId])) > 0
}

/** The living collections of an account that somebody else has rights on: by a share, or by an entry of a list. */
export async function listSharedCollections(reader: Reader, ownerId: PrincipalId): Promise<CollectionId[]> {
  const rows = await reader.sql.all<{ id: CollectionId }>(
    `SELECT c.id FROM collections c WHERE c.principal_id = $1 AND c.deleted_at IS NULL AND (
       EXISTS (SELECT 1 FROM shares s WHERE s.collection_id = c.id)
       OR EXISTS (SELECT 1 FROM aces a WHERE a.target_kind = 'collection' AND a.target_id = c.id
         AND a.is_grant = 1 AND (a.principal_id IS NULL OR a.principal_id <> $1)))
     ORDER BY c.id`,
    [ownerId],
  )
  return rows.map(({ id }) => id)
}
