import { inList } from './database.ts'
import type { BodyId, CollectionId, DeviceId, ObjectId, PrincipalId, RevisionId } from './ids.ts'
import type { Origin } from './origin.ts'
import { selectList } from './select.ts'
import type { Reader, Writer } from './store.ts'

/** A state a member had: who wrote which octets, when and with what. */
export interface RevisionRow {
  readonly id: RevisionId
  readonly objectId: ObjectId
  readonly collectionId: CollectionId
  /** The owner of the tree. */
  readonly principalId: PrincipalId
  /** A 'deleted' one keeps the last octets: it is the trash. */
  readonly kind: 'created' | 'updated' | 'deleted' | 'moved' | 'restored'
  readonly name: string
  readonly uid: string | null
  readonly component: string
  readonly etag: string
  readonly bodyId: BodyId | null
  /** What was sent, where that is not what was stored. */
  readonly sentBodyId: BodyId | null
  readonly change: number
  readonly at: number
  readonly origin: Origin['kind']
  readonly authorId: PrincipalId | null
  readonly deviceId: DeviceId | null
  readonly clientKind: string | null
  readonly requestId: string | null
  readonly restoredAt: number | null
}

/** All columns of a revision from `r`. */
export const revisionColumns = selectList<RevisionRow>('r', [
  'id',
  'objectId',
  'collectionId',
  'principalId',
  'kind',
  'name',
  'uid',
  'component',
  'etag',
  'bodyId',
  'sentBodyId',
  'change',
  'at',
  'origin',
  'authorId',
  'deviceId',
  'clientKind',
  'requestId',
  'restoredAt',
])

/** Deleted, not brought back since, and the last deletion of its object. */
export const inTrash = `r.kind = 'deleted' AND r.restored_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM objects o WHERE o.id = r.object_id)
  AND NOT EXISTS (SELECT 1 FROM revisions later
    WHERE later.object_id = r.object_id AND later.kind = 'deleted' AND later.id > r.id)`

/** What a revision keeps of a member. */
export interface RevisedMember {
  readonly id: ObjectId
  readonly name: string
  readonly uid: string | null
  readonly component: string
  readonly etag: string
  readonly bodyId: BodyId
  readonly sentBodyId?: BodyId | undefined
  readonly change: number
}

/** Writes down a state; only the write path does. */
export async function addRevision(
  tx: Writer,
  collection: { readonly id: CollectionId; readonly principalId: PrincipalId },
  member: RevisedMember,
  kind: RevisionRow['kind'],
  origin: Origin,
): Promise<void> {
  noteDevice(tx, collection, kind, origin)
  await tx.sql.run(
    `INSERT INTO revisions (object_id, collection_id, principal_id, kind, name, uid, component, etag, body_id, change,
       at, origin, author_id, device_id, client_kind, request_id, sent_body_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
    [
      member.id,
      collection.id,
      collection.principalId,
      kind,
      member.name,
      member.uid,
      member.component,
      member.etag,
      member.bodyId,
      member.change,
      tx.now,
      origin.kind,
      origin.authorId,
      origin.deviceId,
      origin.clientKind,
      origin.requestId,
      member.sentBodyId,
    ],
  )
}

/** Where changes come from that a device makes by itself: an import is a batch already, and a restore is meant. */
export const byDevice: readonly Origin['kind'][] = ['client', 'web', 'move', 'copy']

/** Counts what a device takes away or overwrites. */
function noteDevice(
  { deviceChanges }: Writer,
  { id: collectionId, principalId }: { readonly id: CollectionId; readonly principalId: PrincipalId },
  kind: RevisionRow['kind'],
  { kind: origin, deviceId, authorId }: Origin,
): void {
  if (deviceId === undefined || !byDevice.includes(origin)) return
  if (kind !== 'deleted' && kind !== 'updated') return
  const key = `${deviceId} ${collectionId}`
  const { deleted, changed } = deviceChanges.get(key) ?? { deleted: 0, changed: 0 }
  const counts = kind === 'deleted' ? { deleted: deleted + 1, changed } : { deleted, changed: changed + 1 }
  deviceChanges.set(key, { deviceId, collectionId, principalId, authorId, ...counts })
}

/** The trash of an account, the latest deletion first. @param options.after  the id of the last one seen */
export function listTrash(
  reader: Reader,
  principalId: PrincipalId,
  options: { readonly after?: RevisionId | undefined; readonly limit: number },
): Promise<RevisionRow[]> {
  return reader.sql.all<RevisionRow>(
    `SELECT ${revisionColumns} FROM revisions r
     WHERE r.principal_id = $1 AND r.id < $2 AND ${inTrash} ORDER BY r.id DESC LIMIT $3`,
    [principalId, options.after ?? Number.MAX_SAFE_INTEGER, options.limit],
  )
}

export function findRevision(reader: Reader, id: RevisionId): Promise<RevisionRow | undefined> {
  return reader.sql.first<RevisionRow>(`SELECT ${revisionColumns} FROM revisions r WHERE r.id = $1`, [id])
}

/** The states of an object, the newest first. */
export function listRevisions(reader: Reader, objectId: ObjectId): Promise<RevisionRow[]> {
  return reader.sql.all<RevisionRow>(
    `SELECT ${revisionColumns} FROM revisions r WHERE r.object_id = $1 ORDER BY r.id DESC`,
    [objectId],
  )
}

/** The newest state that each of these objects was given in this way. */
export async function newestOfOrigin(
  { sql }: Reader,
  objectIds: readonly ObjectId[],
  origin: Origin['kind'],
): Promise<Map<ObjectId, BodyId>> {
  const rows = await sql.all<{ objectId: ObjectId; bodyId: BodyId | null }>(
    `SELECT r.object_id AS "objectId", r.body_id AS "bodyId" FROM revisions r WHERE r.id IN
       (SELECT max(newest.id) FROM revisions newest WHERE newest.origin = $2
          AND ${inList(sql.dialect, 'newest.object_id', '$1', 'bigint')} GROUP BY newest.object_id)`,
    [objectIds, origin],
  )
  return new Map(
    rows.flatMap(({ objectId, bodyId }) => (bodyId === null ? [] : [[objectId, bodyId] as const])),
  )
}
