import type { BodyId, CollectionId, DeviceId, ObjectId } from '../ids.ts'
import type { Reader, Writer } from '../store.ts'

/** Octets of a state that a client knows. */
export interface MergeBase {
  readonly bodyId: BodyId
}

/**
 * What a device last had of a member, as far as is known: the newest state not after what it has come to, or what it wrote
 * itself since. What it wrote is what it sent, which may be more than is known to have reached it of what was stored: too old
 * a state, or too little of it, only protects more. Undefined where nothing is known.
 */
export async function findDeviceBase(
  { sql }: Reader,
  member: { readonly id: ObjectId; readonly collectionId: CollectionId },
  deviceId: DeviceId,
): Promise<MergeBase | undefined> {
  const row = await sql.first<{ bodyId: BodyId | null; sentBodyId: BodyId | null; known: number }>(
    `SELECT r.body_id AS "bodyId", r.sent_body_id AS "sentBodyId",
       CASE WHEN r.change <= coalesce(p.change, -1) THEN 1 ELSE 0 END AS known
     FROM revisions r LEFT JOIN device_positions p ON p.device_id = $3 AND p.collection_id = $2
     WHERE r.object_id = $1 AND r.collection_id = $2 AND (r.change <= coalesce(p.change, -1) OR (r.device_id = $3 AND r.origin <> 'rule'))
     ORDER BY r.id DESC LIMIT 1`,
    [member.id, member.collectionId, deviceId],
  )
  const bodyId = row && (row.known === 1 ? row.bodyId : (row.sentBodyId ?? row.bodyId))
  return bodyId ? { bodyId } : undefined
}

/** The state of a member that had an entity tag, the newest where there are several. */
export async function findBaseByEtag(
  { sql }: Reader,
  objectId: ObjectId,
  etag: string,
): Promise<MergeBase | undefined> {
  const row = await sql.first<{ bodyId: BodyId }>(
    `SELECT body_id AS "bodyId" FROM revisions
     WHERE object_id = $1 AND etag = $2 AND body_id IS NOT NULL ORDER BY id DESC LIMIT 1`,
    [objectId, etag],
  )
  return row
}

/** The change number up to which a device has all of a collection; undefined where it has not said. */
export async function findPosition(
  { sql }: Reader,
  deviceId: DeviceId,
  collectionId: CollectionId,
): Promise<number | undefined> {
  const text = 'SELECT change FROM device_positions WHERE device_id = $1 AND collection_id = $2'
  return (await sql.first<{ change: number }>(text, [deviceId, collectionId]))?.change
}

/** How far a device has come with a collection, and when it said so. */
export interface DevicePosition {
  readonly collectionId: CollectionId
  readonly change: number
  readonly at: number
}

export function positionIn(
  { sql }: Reader,
  deviceId: DeviceId,
  collectionId: CollectionId,
): Promise<DevicePosition | undefined> {
  const text = `SELECT d.collection_id AS "collectionId", d.change, d.at FROM device_positions d
    WHERE d.device_id = $1 AND d.collection_id = $2`
  return sql.first<DevicePosition>(text, [deviceId, collectionId])
}

/** Remembers it. A device that was set back to an earlier state says so itself. */
export async function setPosition(
  tx: Writer,
  deviceId: DeviceId,
  collectionId: CollectionId,
  change: number,
): Promise<void> {
  await tx.sql.run(
    `INSERT INTO device_positions (device_id, collection_id, change, at)
     SELECT a.id, c.id, CAST($3 AS bigint), CAST($4 AS bigint) FROM app_passwords a JOIN collections c ON c.id = $2
     WHERE a.id = $1
     ON CONFLICT (device_id, collection_id) DO UPDATE SET change = excluded.change, at = excluded.at`,
    [deviceId, collectionId, change, tx.now],
  )
}

/** How far a device has come with each collection that it syncs, the one that it asked for last first. */
export function positionsOf({ sql }: Reader, deviceId: DeviceId): Promise<DevicePosition[]> {
  return sql.all<DevicePosition>(
    `SELECT d.collection_id AS "collectionId", d.change, d.at FROM device_positions d
     WHERE d.device_id = $1 ORDER BY d.at DESC, d.collection_id LIMIT 1000`,
    [deviceId],
  )
}
