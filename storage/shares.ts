import { inList } from './database.ts'
import type { CollectionId, PrincipalId, ShareId } from './ids.ts'
import type { MountState } from './mounts.ts'
import { type PrincipalRow, principalFields } from './principals.ts'
import { rowTaker, selectList } from './select.ts'
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

const shareFields: readonly (keyof ShareRow & string)[] = [
  'id',
  'collectionId',
  'principalId',
  'access',
  'summary',
  'createdAt',
  'changedAt',
]
const columns = selectList<ShareRow>('s', shareFields)

/** The shares of these collections, as they were made. */
export function listShares({ sql }: Reader, collections: readonly CollectionId[]): Promise<ShareRow[]> {
  const condition = inList(sql.dialect, 's.collection_id', '$1', 'bigint')
  return sql.all<ShareRow>(`SELECT ${columns} FROM shares s WHERE ${condition} ORDER BY s.id`, [
    [...collections],
  ])
}

/** That of a collection with one principal. */
export async function findShare(
  { sql }: Reader,
  collectionId: CollectionId,
  principalId: PrincipalId = 0,
): Promise<ShareRow | undefined> {
  const text = `SELECT ${columns} FROM shares s WHERE s.collection_id = $1 AND s.principal_id = $2`
  return sql.first<ShareRow>(text, [collectionId, principalId])
}

export function findShareById({ sql }: Reader, id: ShareId): Promise<ShareRow | undefined> {
  return sql.first<ShareRow>(`SELECT ${columns} FROM shares s WHERE s.id = $1`, [id])
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

/** Ends all that is shared with a principal. */
export async function removeSharesWith(tx: Writer, principalId: PrincipalId): Promise<void> {
  await tx.sql.run('DELETE FROM shares WHERE principal_id = $1', [principalId])
}

/** A user whom a share reaches: by name, or through groups however deep. */
export interface Reached {
  readonly collectionId: CollectionId
  readonly userId: PrincipalId
  readonly access: ShareAccess
  readonly summary: string | null
  /** Whether it was shared with the user by name. */
  readonly isDirect: boolean
}

/** Whom the shares of these collections reach, the owners left out; a user is there once for each share. */
export async function listReached({ sql }: Reader, collections: readonly CollectionId[]): Promise<Reached[]> {
  const rows = await sql.all<Omit<Reached, 'isDirect'> & { isDirect: number }>(
    `WITH RECURSIVE reached(share_id, id) AS (
       SELECT s.id, s.principal_id FROM shares s WHERE ${inList(sql.dialect, 's.collection_id', '$1', 'bigint')}
       UNION SELECT r.share_id, g.member_id FROM group_members g JOIN reached r ON r.id = g.group_id)
     SELECT s.collection_id AS "collectionId", r.id AS "userId", s.access, s.summary,
       CASE WHEN r.id = s.principal_id THEN 1 ELSE 0 END AS "isDirect"
     FROM reached r JOIN shares s ON s.id = r.share_id
       JOIN principals p ON p.id = r.id AND p.kind = 'user'
       JOIN collections c ON c.id = s.collection_id AND c.principal_id <> r.id
     ORDER BY s.collection_id, r.id, s.id`,
    [[...collections]],
  )
  return rows.map((row) => ({ ...row, isDirect: row.isDirect === 1 }))
}

/** The advisory lock of those who change whom shares reach. */
const reachLock = 0x46415253

/**
 * Keeps others from changing shares and groups until this write ends: each has to see what the other has done. It comes
 * before all that the write reads.
 */
export async function lockReach(tx: Writer): Promise<void> {
  if (tx.sql.dialect === 'postgres') await tx.sql.first('SELECT pg_advisory_xact_lock($1)', [reachLock])
}

/** With whom a collection is shared, and what became of the invitation. */
export interface Sharee {
  readonly share: ShareRow
  readonly principal: PrincipalRow
  /** What a user has said; undefined for a group, whose members each say it. */
  readonly state: MountState | undefined
}

const takeShare = rowTaker<ShareRow>(shareFields, 's_')
const takePrincipal = rowTaker<PrincipalRow>(principalFields, 'p_')

/** Whom these collections are shared with by name, as the shares were made. */
export async function listSharees({ sql }: Reader, collections: readonly CollectionId[]): Promise<Sharee[]> {
  const rows = await sql.all<Record<string, unknown> & { state: MountState | null }>(
    `SELECT ${selectList<ShareRow>('s', shareFields, 's_')}, ${selectList<PrincipalRow>('p', principalFields, 'p_')}, m.state
     FROM shares s JOIN principals p ON p.id = s.principal_id
       LEFT JOIN mounts m ON m.collection_id = s.collection_id AND m.principal_id = s.principal_id
         AND m.state <> 'withdrawn'
     WHERE ${inList(sql.dialect, 's.collection_id', '$1', 'bigint')} ORDER BY s.id`,
    [[...collections]],
  )
  return rows.map((row) => ({
    share: takeShare(row),
    principal: takePrincipal(row),
    state: row.state ?? undefined,
  }))
}

/** How many living folders of an account somebody else has rights on. */
export async function countSharedFolders(reader: Reader, ownerId: PrincipalId): Promise<number> {
  const row = await reader.sql.first<{ count: number }>(
    `SELECT count(DISTINCT n.id) AS count FROM nodes n JOIN aces a ON a.target_kind = 'node' AND a.target_id = n.id
     WHERE n.principal_id = $1 AND n.deleted_root IS NULL AND a.is_grant = 1
       AND (a.principal_id IS NULL OR a.principal_id <> $1)`,
    [ownerId],
  )
  return row?.count ?? 0
}
