import type { CollectionPatch, CollectionRow } from '../collections.ts'
import { inList } from '../database.ts'
import type { CollectionId, DeviceId, PrincipalId } from '../ids.ts'
import type { Origin } from '../origin.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'
import type { DeviceSpan, RequestSpan } from './object-revisions.ts'

/** A change of what a calendar or an address book is called, and how it looks. */
export interface CollectionRevisionRow {
  readonly id: number
  readonly collectionId: CollectionId
  /** The properties that were changed, as JSON: before, and after. */
  readonly beforeJson: string
  readonly afterJson: string
  readonly at: number
  readonly origin: Origin['kind']
  readonly authorId: PrincipalId | null
  readonly deviceId: DeviceId | null
  readonly clientKind: string | null
  readonly requestId: string | null
}

/** What has a history: where it comes from, and what becomes of alarms, is no property that clients set. */
export const keptProperties = [
  ...(['displayname', 'description', 'color', 'sortOrder'] as const),
  ...(['timezone', 'timezoneId', 'transparent'] as const),
] as const

/** Those of them that a change names. */
export type KeptProperties = Partial<Pick<CollectionRow, (typeof keptProperties)[number]>>

const columns = selectList<CollectionRevisionRow>('r', [
  ...(['id', 'collectionId', 'beforeJson', 'afterJson', 'at', 'origin'] as const),
  ...(['authorId', 'deviceId', 'clientKind', 'requestId'] as const),
])

/** Writes down what a patch changes; only the write path does. What the server does by itself is nobody's change. */
export async function addCollectionRevision(
  tx: Writer,
  collection: CollectionRow,
  patch: CollectionPatch,
  origin: Origin,
): Promise<void> {
  if (origin.kind === 'rule' || origin.kind === 'job') return
  const changed = keptProperties.filter(
    (name) => patch[name] !== undefined && patch[name] !== collection[name],
  )
  if (changed.length === 0) return
  const of = (state: CollectionPatch): string =>
    JSON.stringify(Object.fromEntries(changed.map((name) => [name, state[name]])))
  await tx.sql.run(
    `INSERT INTO collection_revisions
       (collection_id, before_json, after_json, at, origin, author_id, device_id, client_kind, request_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      ...[collection.id, of(collection), of(patch), tx.now, origin.kind],
      ...[origin.authorId, origin.deviceId, origin.clientKind, origin.requestId],
    ],
  )
}

/** Of a collection, the newest first. @param options.before  the id of the last one seen */
export function listCollectionRevisions(
  { sql }: Reader,
  id: CollectionId,
  options: { readonly before?: number | undefined; readonly limit: number },
): Promise<CollectionRevisionRow[]> {
  return sql.all<CollectionRevisionRow>(
    `SELECT ${columns} FROM collection_revisions r WHERE r.collection_id = $1 AND r.id < $2
     ORDER BY r.id DESC LIMIT $3`,
    [id, options.before ?? Number.MAX_SAFE_INTEGER, options.limit],
  )
}

/** All of these collections from one on, the oldest first. */
export function collectionRevisionsFrom(
  { sql }: Reader,
  ids: readonly CollectionId[],
  first: number,
): Promise<CollectionRevisionRow[]> {
  return sql.all<CollectionRevisionRow>(
    `SELECT ${columns} FROM collection_revisions r
     WHERE ${inList(sql.dialect, 'r.collection_id', '$1', 'bigint')} AND r.id >= $2 ORDER BY r.id`,
    [ids, first],
  )
}

/** What a device did between two moments, the oldest first. */
export function collectionRevisionsOfDevice(
  { sql }: Reader,
  { deviceId, from, to, ownerId, collectionId }: DeviceSpan,
  most: number,
): Promise<CollectionRevisionRow[]> {
  return sql.all<CollectionRevisionRow>(
    `SELECT ${columns} FROM collection_revisions r JOIN collections c ON c.id = r.collection_id
     WHERE r.device_id = $1 AND r.at >= $2 AND r.at <= $3
       AND c.principal_id = coalesce(CAST($4 AS bigint), c.principal_id)
       AND c.id = coalesce(CAST($5 AS bigint), c.id) ORDER BY r.id LIMIT $6`,
    [deviceId, from, to, ownerId, collectionId, most],
  )
}

/** What one request did, the oldest first. */
export function collectionRevisionsOfRequest(
  { sql }: Reader,
  { request, authorId }: RequestSpan,
  most: number,
): Promise<CollectionRevisionRow[]> {
  return sql.all<CollectionRevisionRow>(
    `SELECT ${columns} FROM collection_revisions r WHERE r.request_id = $1 AND r.author_id = $2
     ORDER BY r.id LIMIT $3`,
    [request, authorId, most],
  )
}

/** Takes what has outlived its time; so many of the newest of each collection stay. @returns how many went */
export function purgeCollectionRevisions(
  { sql }: Writer,
  { before, keep, batch }: { readonly before: number; readonly keep: number; readonly batch: number },
): Promise<number> {
  return sql.run(
    `DELETE FROM collection_revisions WHERE id IN (SELECT r.id FROM collection_revisions r WHERE r.at < $1
       AND (SELECT count(*) FROM collection_revisions newer
            WHERE newer.collection_id = r.collection_id AND newer.id > r.id) >= $2 LIMIT $3)`,
    [before, keep, batch],
  )
}
