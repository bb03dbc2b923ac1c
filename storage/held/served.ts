import { inList } from '../database.ts'
import type { CollectionId, DeviceId, ObjectId } from '../ids.ts'
import { type ObjectRow, objectColumns } from '../objects.ts'
import { type RevisionRow, revisionColumns } from '../revisions.ts'
import type { Reader } from '../store.ts'
import { uidKey } from '../uid-key.ts'

/** The newest state of an object that a device has by what it has come to; undefined where it came later. */
export function servedState(
  { sql }: Reader,
  { objectId, collectionId, change }: { objectId: ObjectId; collectionId: CollectionId; change: number },
): Promise<RevisionRow | undefined> {
  return sql.first<RevisionRow>(
    `SELECT ${revisionColumns} FROM revisions r WHERE r.object_id = $1 AND r.collection_id = $2 AND r.change <= $3
     ORDER BY r.id DESC LIMIT 1`,
    [objectId, collectionId, change],
  )
}

/** What a device itself made of an object last. */
export function lastByDevice(
  { sql }: Reader,
  objectId: ObjectId,
  deviceId: DeviceId,
): Promise<RevisionRow | undefined> {
  return sql.first<RevisionRow>(
    `SELECT ${revisionColumns} FROM revisions r WHERE r.object_id = $1 AND r.device_id = $2 AND r.origin <> 'rule'
     ORDER BY r.id DESC LIMIT 1`,
    [objectId, deviceId],
  )
}

/** From when until when an event is; null where that is not known, or there is no end. */
export function timesOf(
  { sql }: Reader,
  objectId: ObjectId,
): Promise<{ readonly earliest: number | null; readonly latest: number | null } | undefined> {
  return sql.first('SELECT k.earliest, k.latest FROM calendar_objects k WHERE k.object_id = $1', [objectId])
}

/** What is in one of these collections under a number, a UID or a file name; where several are, the latest. */
export async function findInCollections(
  { sql }: Reader,
  collections: readonly CollectionId[],
  text: string,
): Promise<ObjectRow | undefined> {
  const id = /^\d{1,15}$/.test(text) ? Number(text) : 0
  const inThese = inList(sql.dialect, 'o.collection_id', '$1', 'bigint')
  return sql.first<ObjectRow>(
    `SELECT ${objectColumns} FROM objects o WHERE ${inThese}
       AND (o.id = CAST($2 AS bigint) OR o.uid = $3 OR o.name = $4) ORDER BY o.change DESC, o.id LIMIT 1`,
    [[...collections], id, uidKey(text), text],
  )
}
