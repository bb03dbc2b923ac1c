import { inList } from '../database.ts'
import type { BodyId, CollectionId, DeviceId, ObjectId, PrincipalId, RevisionId } from '../ids.ts'
import { type RevisionRow, revisionColumns } from '../revisions.ts'
import type { Reader } from '../store.ts'
import { uidKey } from '../uid-key.ts'

/** Where an object has been, the last place last. */
export interface PastPlace {
  readonly collectionId: CollectionId
  /** The owner of the tree. */
  readonly principalId: PrincipalId
  readonly lastId: RevisionId
}

/** The collections that an object has been in. */
export function pastPlaces({ sql }: Reader, objectId: ObjectId): Promise<PastPlace[]> {
  return sql.all<PastPlace>(
    `SELECT r.collection_id AS "collectionId", r.principal_id AS "principalId", max(r.id) AS "lastId"
     FROM revisions r WHERE r.object_id = $1 GROUP BY r.collection_id, r.principal_id ORDER BY max(r.id)`,
    [objectId],
  )
}

/** States of an object in some collections, the newest first. @param options.before  the id of the last one seen */
export function pageRevisions(
  { sql }: Reader,
  objectId: ObjectId,
  collections: readonly CollectionId[],
  options: { readonly before?: RevisionId | undefined; readonly limit: number },
): Promise<RevisionRow[]> {
  return sql.all<RevisionRow>(
    `SELECT ${revisionColumns} FROM revisions r WHERE r.object_id = $1 AND r.id < $3
       AND ${inList(sql.dialect, 'r.collection_id', '$2', 'bigint')} ORDER BY r.id DESC LIMIT $4`,
    [objectId, collections, options.before ?? Number.MAX_SAFE_INTEGER, options.limit],
  )
}

/** The state in which an object was at a time; what came after it has a higher id. 0 where that is no longer kept. */
export async function revisionAt(
  { sql }: Reader,
  objectId: ObjectId,
  collectionId: CollectionId,
  at: number,
): Promise<RevisionId> {
  const row = await sql.first<{ id: RevisionId | null }>(
    'SELECT max(r.id) AS id FROM revisions r WHERE r.object_id = $1 AND r.collection_id = $2 AND r.at <= $3',
    [objectId, collectionId, at],
  )
  return row?.id ?? 0
}

/** States of several objects in some collections, the newest first of all. @param options.before  the id of the last one seen */
export function pageRevisionsOf(
  { sql }: Reader,
  objectIds: readonly ObjectId[],
  collections: readonly CollectionId[],
  options: { readonly before?: RevisionId | undefined; readonly limit: number },
): Promise<RevisionRow[]> {
  return sql.all<RevisionRow>(
    `SELECT ${revisionColumns} FROM revisions r WHERE ${inList(sql.dialect, 'r.object_id', '$1', 'bigint')}
       AND ${inList(sql.dialect, 'r.collection_id', '$2', 'bigint')} AND r.id < $3 ORDER BY r.id DESC LIMIT $4`,
    [objectIds, collections, options.before ?? Number.MAX_SAFE_INTEGER, options.limit],
  )
}

/** The newest state of each of these objects before one, in some collections. */
export function statesBefore(
  { sql }: Reader,
  objectIds: readonly ObjectId[],
  collections: readonly CollectionId[],
  before: RevisionId,
): Promise<RevisionRow[]> {
  return sql.all<RevisionRow>(
    `SELECT ${revisionColumns} FROM revisions r WHERE r.id IN
       (SELECT max(older.id) FROM revisions older WHERE ${inList(sql.dialect, 'older.object_id', '$1', 'bigint')}
          AND ${inList(sql.dialect, 'older.collection_id', '$2', 'bigint')} AND older.id < $3 GROUP BY older.object_id)`,
    [objectIds, collections, before],
  )
}

/** Octets of bodies without the media that are kept beside them, for whoever bounds what he reads at once. */
export async function textSizes({ sql }: Reader, ids: readonly BodyId[]): Promise<Map<BodyId, number>> {
  const rows = await sql.all<{ id: BodyId; size: number }>(
    `SELECT id, length(bytes) AS size FROM bodies WHERE ${inList(sql.dialect, 'id', '$1', 'bigint')}`,
    [ids],
  )
  return new Map(rows.map(({ id, size }) => [id, size]))
}

/** Every state of these objects, the oldest of each first. */
export function allRevisions({ sql }: Reader, objectIds: readonly ObjectId[]): Promise<RevisionRow[]> {
  return sql.all<RevisionRow>(
    `SELECT ${revisionColumns} FROM revisions r WHERE ${inList(sql.dialect, 'r.object_id', '$1', 'bigint')}
     ORDER BY r.object_id, r.id`,
    [objectIds],
  )
}

/** What one device did between two moments; only to the tree of `ownerId`, and in one collection, where these are given. */
export interface DeviceSpan {
  readonly deviceId: DeviceId
  /** Epoch milliseconds, both included. */
  readonly from: number
  readonly to: number
  readonly ownerId?: PrincipalId | undefined
  readonly collectionId?: CollectionId | undefined
}

/**
 * The objects that a device changed between two moments, what it changed last first. What a rule or a job wrote at the same
 * time is not the device's.
 */
export async function objectsOfDevice({ sql }: Reader, span: DeviceSpan, most: number): Promise<ObjectId[]> {
  const { deviceId, from, to, ownerId, collectionId } = span
  const rows = await sql.all<{ id: ObjectId }>(
    `SELECT r.object_id AS id FROM revisions r WHERE r.device_id = $1 AND r.at >= $2 AND r.at <= $3
       AND r.origin NOT IN ('rule', 'job')
       AND r.principal_id = coalesce(CAST($4 AS bigint), r.principal_id)
       AND r.collection_id = coalesce(CAST($5 AS bigint), r.collection_id)
     GROUP BY r.object_id ORDER BY max(r.id) DESC LIMIT $6`,
    [deviceId, from, to, ownerId, collectionId, most],
  )
  return rows.map(({ id }) => id)
}

/** What somebody changed with one request over the API, or by undoing. */
export interface RequestSpan {
  readonly request: string
  readonly authorId: PrincipalId
}

/** The objects that one request changed, what it changed last first, with the moment of that. */
export function objectsOfRequest(
  { sql }: Reader,
  { request, authorId }: RequestSpan,
  most: number,
): Promise<{ readonly id: ObjectId; readonly at: number }[]> {
  return sql.all(
    `SELECT r.object_id AS id, max(r.at) AS at FROM revisions r
     WHERE r.request_id = $1 AND (r.origin = 'web' OR r.origin = 'restore' OR r.origin = 'move' OR r.origin = 'copy') AND r.author_id = $2
     GROUP BY r.object_id ORDER BY max(r.id) DESC LIMIT $3`,
    [request, authorId, most],
  )
}

/** The object of an account that has, or had at last, a name in a collection, or a UID. */
export async function findObjectByPlace(
  { sql }: Reader,
  principalId: PrincipalId,
  wanted: { readonly uid: string } | { readonly collection: string; readonly name: string },
): Promise<ObjectId | undefined> {
  const collections = 'SELECT c.id FROM collections c WHERE c.principal_id = $1'
  const [objects, revisions, params] =
    'uid' in wanted
      ? ['o.uid = $2', 'r.uid = $2', [uidKey(wanted.uid)]]
      : [
          'o.name = $2 AND o.collection_id IN (SELECT id FROM collections WHERE name = $3)',
          'r.name = $2 AND r.collection_id IN (SELECT id FROM collections WHERE name = $3)',
          [wanted.name, wanted.collection],
        ]
  const living = `SELECT o.id FROM objects o WHERE o.collection_id IN (${collections}) AND ${objects} ORDER BY o.id LIMIT 1`
  const past = `SELECT r.object_id AS id FROM revisions r WHERE r.principal_id = $1 AND ${revisions} ORDER BY r.id DESC LIMIT 1`
  const found =
    (await sql.first<{ id: ObjectId }>(living, [principalId, ...params])) ??
    (await sql.first<{ id: ObjectId }>(past, [principalId, ...params]))
  return found?.id
}

/** Collections of an account that a device deleted between two moments, and that are in the trash still. */
export function collectionsDeletedBy(
  { sql }: Reader,
  principalId: PrincipalId,
  { deviceId, from, to, collectionId }: DeviceSpan,
): Promise<{ readonly id: CollectionId; readonly name: string; readonly kind: string }[]> {
  return sql.all(
    `SELECT c.id, c.name, c.kind FROM collections c
     WHERE c.principal_id = $1 AND c.deleted_at >= $3 AND c.deleted_at <= $4 AND c.generated IS NULL
       AND c.id = coalesce(CAST($5 AS bigint), c.id)
       AND EXISTS (SELECT 1 FROM events e WHERE e.kind = 'collection-deleted' AND e.device_id = $2
         AND e.at = c.deleted_at AND e.name = c.name) ORDER BY c.deleted_at DESC, c.id DESC`,
    [principalId, deviceId, from, to, collectionId],
  )
}

/** Collections of an account that a device made between two moments, and that are there still. */
export function collectionsMadeBy(
  { sql }: Reader,
  principalId: PrincipalId,
  { deviceId, from, to }: DeviceSpan,
): Promise<{ readonly id: CollectionId; readonly name: string; readonly kind: string }[]> {
  return sql.all(
    `SELECT c.id, c.name, c.kind FROM collections c
     WHERE c.principal_id = $1 AND c.created_at >= $3 AND c.created_at <= $4 AND c.generated IS NULL
       AND c.deleted_at IS NULL
       AND EXISTS (SELECT 1 FROM events e WHERE e.kind = 'collection-created' AND e.device_id = $2
         AND e.at = c.created_at AND e.object_id = c.id) ORDER BY c.id DESC`,
    [principalId, deviceId, from, to],
  )
}

/** Who made changes, for people: the names of accounts, and the labels of devices. */
export interface Makers {
  readonly authors: ReadonlyMap<PrincipalId, string>
  readonly devices: ReadonlyMap<DeviceId, DeviceLabel>
}

export interface DeviceLabel {
  readonly id: DeviceId
  readonly label: string
  /** What kind of client it is for, where that is known. */
  readonly clientKind: string | null
}

export async function findMakers(
  { sql }: Reader,
  made: readonly Pick<RevisionRow, 'authorId' | 'deviceId'>[],
): Promise<Makers> {
  const authors = [...new Set(made.flatMap(({ authorId }) => authorId ?? []))]
  const devices = [...new Set(made.flatMap(({ deviceId }) => deviceId ?? []))]
  const people = await sql.all<{ id: PrincipalId; name: string; displayName: string }>(
    `SELECT id, name, display_name AS "displayName" FROM principals WHERE ${inList(sql.dialect, 'id', '$1', 'bigint')}`,
    [authors],
  )
  const labels = await sql.all<DeviceLabel>(
    `SELECT id, label, client_kind AS "clientKind" FROM app_passwords WHERE ${inList(sql.dialect, 'id', '$1', 'bigint')}`,
    [devices],
  )
  return {
    authors: new Map(people.map(({ id, name, displayName }) => [id, displayName || name])),
    devices: new Map(labels.map((device) => [device.id, device])),
  }
}
