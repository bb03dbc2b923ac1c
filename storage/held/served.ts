import type { CollectionId, DeviceId, ObjectId } from '../ids.ts'
import { type RevisionRow, revisionColumns } from '../revisions.ts'
import type { Reader } from '../store.ts'

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
