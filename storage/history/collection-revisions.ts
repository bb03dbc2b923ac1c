import type { CollectionRow } from '../collections.ts'
import { inList } from '../database.ts'
import type { CollectionId, DeviceId, MountId, PrincipalId } from '../ids.ts'
import type { Origin } from '../origin.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'
import type { DeviceSpan, RequestSpan } from './object-revisions.ts'

/** A change of what a calendar or an address book is called, of its address, of how it looks and of what else clients keep there. */
export interface CollectionRevisionRow {
  readonly id: number
  readonly collectionId: CollectionId
  /** Of what a sharee has of it; null for what it is itself. */
  readonly mountId: MountId | null
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

/** The last segment of its address. */
export const addressProperty = 'name' as const

/** Those of them that a change names. */
export type KeptProperties = Partial<Pick<CollectionRow, (typeof keptProperties)[number]>>

const columns = selectList<CollectionRevisionRow>('r', [
  ...(['id', 'collectionId', 'mountId', 'beforeJson', 'afterJson', 'at', 'origin'] as const),
  ...(['authorId', 'deviceId', 'clientKind', 'requestId'] as const),
])

/** What a change names, by what it is called: a column, the address, or a name in Clark notation, whose value is XML. */
export type NamedProperties = Readonly<Record<string, string | number | null>>

/** What a change says: before, and after. */
export interface PropertyChange {
  readonly before: NamedProperties
  readonly after: NamedProperties
}

/** A collection, or what a sharee has of it, as far as that has a history. */
export type Looks = Readonly<
  Partial<Record<(typeof keptProperties)[number], string | number | null | undefined>>
>

/** What a patch makes otherwise. */
export function patchedProperties(state: Looks, patch: Looks): PropertyChange {
  const changed = keptProperties.filter((name) => patch[name] !== undefined && patch[name] !== state[name])
  const of = (from: Looks): NamedProperties =>
    Object.fromEntries(changed.map((name) => [name, from[name] ?? null]))
  return { before: of(state), after: of(patch) }
}

/** Writes down what was changed; only the write path does. What the server does by itself is nobody's change. */
export async function addCollectionRevision(
  tx: Writer,
  { collectionId, mountId }: { readonly collectionId: CollectionId; readonly mountId?: MountId },
  { before, after }: PropertyChange,
  origin: Origin,
): Promise<void> {
  if (origin.kind === 'rule' || origin.kind === 'job' || Object.keys(after).length === 0) return
  await tx.sql.run(
    `INSERT INTO collection_revisions (collection_id, mount_id, before_json, after_json, at, origin, author_id,
       device_id, client_kind, request_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      ...[collectionId, mountId, JSON.stringify(before), JSON.stringify(after), tx.now, origin.kind],
      ...[origin.authorId, origin.deviceId, origin.clientKind, origin.requestId],
    ],
  )
}

/** Of a collection, and of what one sharee has of it, the newest first. @param options.before  the id of the last one seen */
export function listCollectionRevisions(
  { sql }: Reader,
  { id, mountId }: { readonly id: CollectionId; readonly mountId: MountId | undefined },
  options: { readonly before?: number | undefined; readonly limit: number },
): Promise<CollectionRevisionRow[]> {
  return sql.all<CollectionRevisionRow>(
    `SELECT ${columns} FROM collection_revisions r WHERE r.collection_id = $1 AND r.id < $2
       AND (r.mount_id IS NULL OR r.mount_id = CAST($4 AS bigint)) ORDER BY r.id DESC LIMIT $3`,
    [id, options.before ?? Number.MAX_SAFE_INTEGER, options.limit, mountId],
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
     LEFT JOIN mounts m ON m.id = r.mount_id WHERE r.device_id = $1 AND r.at >= $2 AND r.at <= $3
       AND (CAST($4 AS bigint) IS NULL OR coalesce(m.principal_id, c.principal_id) = CAST($4 AS bigint))
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

/** Forgets what somebody had of a collection that is not in his home any more. */
export async function forgetMountRevisions({ sql }: Writer, id: MountId): Promise<void> {
  await sql.run('DELETE FROM collection_revisions WHERE mount_id = $1', [id])
}

/** Takes what has outlived its time; so many of the newest of each stay. @returns how many went */
export function purgeCollectionRevisions(
  { sql }: Writer,
  { before, keep, batch }: { readonly before: number; readonly keep: number; readonly batch: number },
): Promise<number> {
  return sql.run(
    `DELETE FROM collection_revisions WHERE id IN (SELECT r.id FROM collection_revisions r WHERE r.at < $1
       AND (SELECT count(*) FROM collection_revisions newer
            WHERE newer.collection_id = r.collection_id AND coalesce(newer.mount_id, 0) = coalesce(r.mount_id, 0)
              AND newer.id > r.id) >= $2 LIMIT $3)`,
    [before, keep, batch],
  )
}
