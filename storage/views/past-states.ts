import { inList } from '../database.ts'
import type { BodyId, CollectionId, ObjectId } from '../ids.ts'
import { grouped } from '../select.ts'
import type { Reader } from '../store.ts'

/** A state that an object was in, from its history. */
export interface PastState {
  readonly objectId: ObjectId
  readonly collectionId: CollectionId
  readonly kind: string
  readonly name: string
  readonly change: number
  /** Null where the octets are gone. */
  readonly bodyId: BodyId | null
  /** Octets of the body. */
  readonly size: number
}

/** The last states of objects, the newest of each first, the present one among them. @param most  of each object */
export async function lastStates(
  { sql }: Reader,
  objects: readonly ObjectId[],
  most: number,
): Promise<Map<ObjectId, PastState[]>> {
  const rows = await sql.all<PastState>(
    `SELECT objectid AS "objectId", collection_id AS "collectionId", kind, name, change, body_id AS "bodyId",
       coalesce((SELECT length(b.bytes) + b.media_bytes FROM bodies b WHERE b.id = body_id), 0) AS size
     FROM (SELECT r.object_id AS objectid, r.collection_id, r.kind, r.name, r.change, r.body_id,
         row_number() OVER (PARTITION BY r.object_id ORDER BY r.id DESC) AS nth
       FROM revisions r WHERE ${inList(sql.dialect, 'r.object_id', '$1', 'bigint')}) numbered
     WHERE nth <= $2 ORDER BY objectid, nth`,
    [objects, most],
  )
  return grouped(rows, ({ objectId }) => objectId)
}
