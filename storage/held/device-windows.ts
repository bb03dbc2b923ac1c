import type { CollectionId, DeviceId } from '../ids.ts'
import type { Reader, Writer } from '../store.ts'

/** Which part of a calendar a device has asked for. */
export interface DeviceWindow {
  readonly collectionId: CollectionId
  /** The change number that the calendar had then. */
  readonly change: number
  /** Null where it is open. */
  readonly fromAt: number | null
  readonly untilAt: number | null
  readonly at: number
}

const columns = `w.collection_id AS "collectionId", w.change, w.from_at AS "fromAt", w.until_at AS "untilAt", w.at`

export function findWindow(
  { sql }: Reader,
  deviceId: DeviceId,
  collectionId: CollectionId,
): Promise<DeviceWindow | undefined> {
  const text = `SELECT ${columns} FROM device_windows w WHERE w.device_id = $1 AND w.collection_id = $2`
  return sql.first<DeviceWindow>(text, [deviceId, collectionId])
}

/** Of one device, the one that it asked for last first. */
export function windowsOf({ sql }: Reader, deviceId: DeviceId): Promise<DeviceWindow[]> {
  const text = `SELECT ${columns} FROM device_windows w WHERE w.device_id = $1
    ORDER BY w.at DESC, w.collection_id LIMIT 1000`
  return sql.all<DeviceWindow>(text, [deviceId])
}

/** Remembers it; nothing where the device or the calendar is gone. */
export async function setWindow(
  { sql, now }: Writer,
  deviceId: DeviceId,
  { collectionId, change, fromAt, untilAt }: Omit<DeviceWindow, 'at'>,
): Promise<void> {
  await sql.run(
    `INSERT INTO device_windows (device_id, collection_id, change, from_at, until_at, at)
     SELECT a.id, c.id, CAST($3 AS bigint), CAST($4 AS bigint), CAST($5 AS bigint), CAST($6 AS bigint)
     FROM app_passwords a JOIN collections c ON c.id = $2 WHERE a.id = $1
     ON CONFLICT (device_id, collection_id) DO UPDATE SET change = excluded.change, from_at = excluded.from_at,
       until_at = excluded.until_at, at = excluded.at`,
    [deviceId, collectionId, change, fromAt, untilAt, now],
  )
}
