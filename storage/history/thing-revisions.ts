import { inList } from '../database.ts'
import type { DeviceId, PartyId, PrincipalId } from '../ids.ts'
import type { Origin } from '../origin.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'
import type { DeviceSpan, RequestSpan } from './object-revisions.ts'

/** What has a history of its own, and is of nobody alone. */
export type ThingKindName =
  | ('label' | 'list' | 'field' | 'grant' | 'role' | 'mask')
  | ('account' | 'group' | 'room')
  | ('share' | 'folder')

/** A change of a label, a list, a field, of what is shared of people, collections or folders, or of what some may do or do not see. */
export interface ThingRevisionRow {
  readonly id: number
  readonly kind: ThingKindName
  /** Which of that kind: its id; of a label what it is called. */
  readonly key: string
  /** Whose it is; null for fields, roles and masks. */
  readonly ownerId: PrincipalId | null
  /** Whom it is about, of a single person that is shared. */
  readonly partyId: PartyId | null
  /** As JSON, what was changed of it; all of it where it is new or gone, and null for what was not there. */
  readonly beforeJson: string | null
  readonly afterJson: string | null
  readonly at: number
  readonly origin: Origin['kind']
  readonly authorId: PrincipalId | null
  readonly deviceId: DeviceId | null
  readonly clientKind: string | null
  readonly requestId: string | null
}

export type ThingId = Pick<ThingRevisionRow, 'kind' | 'key' | 'ownerId'>
export type NewThingRevision = ThingId & Pick<ThingRevisionRow, 'partyId' | 'beforeJson' | 'afterJson'>

const columns = selectList<ThingRevisionRow>('r', [
  ...(['id', 'kind', 'key', 'ownerId', 'partyId', 'beforeJson', 'afterJson'] as const),
  ...(['at', 'origin', 'authorId', 'deviceId', 'clientKind', 'requestId'] as const),
])

export async function addThingRevision(
  { sql, now }: Writer,
  { kind, key, ownerId, partyId, beforeJson, afterJson }: NewThingRevision,
  origin: Origin,
): Promise<void> {
  await sql.run(
    `INSERT INTO thing_revisions (kind, key, owner_id, party_id, before_json, after_json, at, origin, author_id,
       device_id, client_kind, request_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      ...[kind, key, ownerId, partyId, beforeJson, afterJson, now, origin.kind],
      ...[origin.authorId, origin.deviceId, origin.clientKind, origin.requestId],
    ],
  )
}

const isThing = `r.kind = $1 AND r.key = $2 AND coalesce(r.owner_id, 0) = coalesce(CAST($3 AS bigint), 0)`

/** Of one thing, the newest first. @param options.before  the id of the last one seen */
export function listThingRevisions(
  { sql }: Reader,
  { kind, key, ownerId }: ThingId,
  options: { readonly before?: number | undefined; readonly limit: number },
): Promise<ThingRevisionRow[]> {
  return sql.all<ThingRevisionRow>(
    `SELECT ${columns} FROM thing_revisions r WHERE ${isThing} AND r.id < $4 ORDER BY r.id DESC LIMIT $5`,
    [kind, key, ownerId, options.before ?? Number.MAX_SAFE_INTEGER, options.limit],
  )
}

/** Of one thing from one on, the oldest first. */
export function thingRevisionsFrom(
  { sql }: Reader,
  { kind, key, ownerId }: ThingId,
  first: number,
): Promise<ThingRevisionRow[]> {
  return sql.all<ThingRevisionRow>(
    `SELECT ${columns} FROM thing_revisions r WHERE ${isThing} AND r.id >= $4 ORDER BY r.id`,
    [kind, key, ownerId, first],
  )
}

/** The removal of each of one owner, or of everybody, that has been removed, the latest first. @param options.before  an id */
export function removedThings(
  { sql }: Reader,
  { kind, ownerId }: Pick<ThingRevisionRow, 'kind' | 'ownerId'>,
  options: { readonly limit: number; readonly before?: number | undefined },
): Promise<ThingRevisionRow[]> {
  const isOwners = (row: string): string => `${row}.owner_id ${ownerId === null ? 'IS NULL' : '= $4'}`
  return sql.all<ThingRevisionRow>(
    `SELECT ${columns} FROM thing_revisions r WHERE r.kind = $1 AND ${isOwners('r')} AND r.after_json IS NULL
       AND NOT EXISTS (SELECT 1 FROM thing_revisions later WHERE later.kind = r.kind AND later.key = r.key
         AND ${isOwners('later')} AND later.id > r.id) AND r.id < $2 ORDER BY r.id DESC LIMIT $3`,
    [
      ...[kind, options.before ?? Number.MAX_SAFE_INTEGER, options.limit],
      ...(ownerId === null ? [] : [ownerId]),
    ],
  )
}

/** What a device did between two moments, the oldest first; of one collection nothing. */
export async function thingRevisionsOfDevice(
  { sql }: Reader,
  { deviceId, from, to, ownerId, collectionId }: DeviceSpan,
  most: number,
): Promise<ThingRevisionRow[]> {
  if (collectionId !== undefined) return []
  return sql.all<ThingRevisionRow>(
    `SELECT ${columns} FROM thing_revisions r WHERE r.device_id = $1 AND r.at >= $2 AND r.at <= $3
       AND (CAST($4 AS bigint) IS NULL OR r.owner_id = CAST($4 AS bigint)) ORDER BY r.id LIMIT $5`,
    [deviceId, from, to, ownerId, most],
  )
}

/** What one request did, the oldest first. */
export function thingRevisionsOfRequest(
  { sql }: Reader,
  { request, authorId }: RequestSpan,
  most: number,
): Promise<ThingRevisionRow[]> {
  return sql.all<ThingRevisionRow>(
    `SELECT ${columns} FROM thing_revisions r WHERE r.request_id = $1 AND r.author_id = $2 ORDER BY r.id LIMIT $3`,
    [request, authorId, most],
  )
}

/** What was under one name is under another. */
export async function rekeyThing(
  { sql }: Writer,
  { kind, key, ownerId }: ThingId,
  to: string,
): Promise<void> {
  await sql.run('UPDATE thing_revisions SET key = $4 WHERE kind = $1 AND key = $2 AND owner_id = $3', [
    ...[kind, key, ownerId, to],
  ])
}

/** Changes of one kind by id, whoever's they are. */
export function thingRevisionsAfter(
  { sql }: Reader,
  kind: ThingKindName,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<ThingRevisionRow[]> {
  return sql.all<ThingRevisionRow>(
    `SELECT ${columns} FROM thing_revisions r WHERE r.kind = $1 AND r.id > $2 ORDER BY r.id LIMIT $3`,
    [kind, after, limit],
  )
}

/** What a change said, without what must be forgotten. */
export async function rewriteThingRevision(
  { sql }: Writer,
  { id, beforeJson, afterJson }: Pick<ThingRevisionRow, 'id' | 'beforeJson' | 'afterJson'>,
): Promise<void> {
  await sql.run('UPDATE thing_revisions SET before_json = $2, after_json = $3 WHERE id = $1', [
    ...[id, beforeJson, afterJson],
  ])
}

/** Forgets what was shared of people who are gone for good, or who must be forgotten. */
export async function forgetThingsOf({ sql }: Writer, ids: readonly PartyId[]): Promise<void> {
  await sql.run(`DELETE FROM thing_revisions WHERE ${inList(sql.dialect, 'party_id', '$1', 'bigint')}`, [ids])
}

/** Takes what has outlived its time; so many of the newest of each thing stay. @returns how many went */
export function purgeThingRevisions(
  { sql }: Writer,
  { before, keep, batch }: { readonly before: number; readonly keep: number; readonly batch: number },
): Promise<number> {
  return sql.run(
    `DELETE FROM thing_revisions WHERE id IN (SELECT r.id FROM thing_revisions r WHERE r.at < $1
       AND (SELECT count(*) FROM thing_revisions newer WHERE newer.kind = r.kind AND newer.key = r.key
              AND coalesce(newer.owner_id, 0) = coalesce(r.owner_id, 0) AND newer.id > r.id) >= $2 LIMIT $3)`,
    [before, keep, batch],
  )
}
