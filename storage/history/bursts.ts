import type { BatchId, BurstId, CollectionId, DeviceId, PrincipalId } from '../ids.ts'
import { byDevice } from '../revisions.ts'
import { selectList } from '../select.ts'
import type { DeviceChange, Reader, Writer } from '../store.ts'

/** Many changes that one device made to one collection in a short time. */
export interface BurstRow {
  readonly id: BurstId
  /** The owner of the collection. */
  readonly principalId: PrincipalId
  /** Whose device it was. */
  readonly authorId: PrincipalId | null
  readonly deviceId: DeviceId
  readonly collectionId: CollectionId
  readonly fromAt: number
  readonly untilAt: number
  /** Deletions and overwritings that were counted. */
  readonly deleted: number
  readonly changed: number
  /** What the owner has said of it: null while he has said nothing. */
  readonly verdict: 'undone' | 'kept' | null
  readonly batchId: BatchId | null
}

/** How a burst is listed. */
export interface ListedBurst extends BurstRow {
  readonly device: string
  readonly author: string | null
  readonly collection: string
}

const fields = [
  ...(['id', 'principalId', 'authorId', 'deviceId', 'collectionId', 'fromAt', 'untilAt'] as const),
  ...(['deleted', 'changed', 'verdict', 'batchId'] as const),
] as const
const listed = `SELECT ${selectList<BurstRow>('b', fields)}, coalesce(a.label, '') AS device,
    coalesce(nullif(p.display_name, ''), p.name) AS author, coalesce(c.displayname, c.name, '') AS collection
  FROM bursts b LEFT JOIN app_passwords a ON a.id = b.device_id LEFT JOIN principals p ON p.id = b.author_id
  LEFT JOIN collections c ON c.id = b.collection_id`

/** Of the collections of an account, the latest first. @param options.before  the id of the last one seen */
export function listBursts(
  { sql }: Reader,
  principalId: PrincipalId,
  options: { readonly before?: BurstId | undefined; readonly limit: number },
): Promise<ListedBurst[]> {
  const { before = Number.MAX_SAFE_INTEGER, limit } = options
  const text = `${listed} WHERE b.principal_id = $1 AND b.id < $2 ORDER BY b.id DESC LIMIT $3`
  return sql.all<ListedBurst>(text, [principalId, before, limit])
}

export function findBurst(
  { sql }: Reader,
  principalId: PrincipalId,
  id: BurstId,
): Promise<ListedBurst | undefined> {
  return sql.first<ListedBurst>(`${listed} WHERE b.principal_id = $1 AND b.id = $2`, [principalId, id])
}

/** Says what its owner makes of it. */
export async function settleBurst(
  { sql }: Writer,
  id: BurstId,
  verdict: 'undone' | 'kept',
  batchId: BatchId | null = null,
): Promise<void> {
  const text = 'UPDATE bursts SET verdict = $2, batch_id = $3 WHERE id = $1'
  await sql.run(text, [id, verdict, batchId])
}

export async function addBurst(
  tx: Writer,
  burst: Omit<BurstRow, 'id' | 'verdict' | 'batchId'>,
): Promise<BurstId> {
  const row = await tx.sql.first<{ id: BurstId }>(
    `INSERT INTO bursts (principal_id, author_id, device_id, collection_id, from_at, until_at, deleted, changed)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
    [
      ...[burst.principalId, burst.authorId, burst.deviceId, burst.collectionId, burst.fromAt],
      ...[burst.untilAt, burst.deleted, burst.changed],
    ],
  )
  if (row === undefined) throw new Error('The burst was not stored.')
  return row.id
}

/** Counts what goes on. @returns false where there is no burst that this belongs to */
export async function growBurst(tx: Writer, change: DeviceChange, since: number): Promise<boolean> {
  const { deviceId, collectionId, deleted, changed } = change
  const text = `UPDATE bursts SET until_at = $3, deleted = deleted + $4, changed = changed + $5
    WHERE device_id = $1 AND collection_id = $2 AND until_at >= $6 AND verdict IS NULL`
  return (await tx.sql.run(text, [deviceId, collectionId, tx.now, deleted, changed, since])) > 0
}

/**
 * Counts the changes of a device to a collection, roughly: never too few in any time of that length.
 * @param windowMs  that length
 * @param most  what is counted over from one such time to the next, at most
 * @returns how many it is now
 */
export async function countChanges(
  tx: Writer,
  { deviceId, collectionId, deleted, changed }: DeviceChange,
  { windowMs, most }: { readonly windowMs: number; readonly most: number },
): Promise<number> {
  const row = await tx.sql.first<{ changes: number }>(
    `INSERT INTO device_counts (device_id, collection_id, since_at, changes)
     SELECT a.id, c.id, CAST($3 AS bigint), CAST($4 AS bigint)
     FROM app_passwords a JOIN collections c ON c.id = $2 WHERE a.id = $1
     ON CONFLICT (device_id, collection_id) DO UPDATE SET
       changes = excluded.changes + CASE WHEN device_counts.since_at < $6 THEN 0
         WHEN device_counts.since_at < $5 AND device_counts.changes > $7 THEN CAST($7 AS bigint)
         ELSE device_counts.changes END,
       since_at = CASE WHEN device_counts.since_at < $5 THEN excluded.since_at ELSE device_counts.since_at END
     RETURNING changes`,
    [deviceId, collectionId, tx.now, deleted + changed, tx.now - windowMs, tx.now - 2 * windowMs, most],
  )
  return Number(row?.changes ?? 0)
}

/** What a device has done to the objects of a collection since a moment; those that it made itself meanwhile do not count. */
export async function changedSince(
  { sql }: Reader,
  { deviceId, collectionId }: Pick<DeviceChange, 'deviceId' | 'collectionId'>,
  since: number,
): Promise<{ readonly objects: number; readonly deleted: number; readonly firstAt: number }> {
  const row = await sql.first<{ objects: number; deleted: number; firstAt: number | null }>(
    `SELECT count(DISTINCT r.object_id) AS objects, min(r.at) AS "firstAt",
       count(DISTINCT CASE WHEN r.kind = 'deleted' THEN r.object_id END) AS deleted
     FROM revisions r WHERE r.device_id = $1 AND r.collection_id = $2 AND r.at >= $3
       AND r.kind IN ('deleted', 'updated') AND r.origin IN (${watched})
       AND NOT EXISTS (SELECT 1 FROM revisions made WHERE made.object_id = r.object_id AND made.kind = 'created'
         AND made.device_id = $1 AND made.at >= $3)`,
    [deviceId, collectionId, since],
  )
  const { objects = 0, deleted = 0, firstAt = null } = row ?? {}
  return { objects: Number(objects), deleted: Number(deleted), firstAt: Number(firstAt ?? since) }
}

const watched = byDevice.map((origin) => `'${origin}'`).join(', ')

/** Forgets bursts that are older, and what has not been counted for long. @returns how many bursts */
export async function purgeBursts({ sql }: Writer, before: number, most: number): Promise<number> {
  await sql.run('DELETE FROM device_counts WHERE since_at < $1', [before])
  const text =
    'DELETE FROM bursts WHERE id IN (SELECT id FROM bursts WHERE until_at < $1 ORDER BY id LIMIT $2)'
  return sql.run(text, [before, most])
}
