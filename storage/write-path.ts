import type { GeneratedKind } from './collections.ts'
import { WriteConflictError } from './errors.ts'
import { addEvent } from './events.ts'
import { nextMemberChange } from './feeds.ts'
import type { BodyId, CollectionId, FeedId, ObjectId, PrincipalId } from './ids.ts'
import {
  findFace,
  type ListFace,
  type ListPlace,
  moveLists,
  rewriteLists,
  writeLists,
} from './lists/list-rows.ts'
import { addPending } from './match/match-keys.ts'
import { addBody, copyBody } from './media/body-media.ts'
import type { BodyParts } from './media/parts.ts'
import { dropChanged, type MemberIndex, moveIndex, rewriteIndex, writeIndex } from './member-index.ts'
import type { ObjectRow } from './objects.ts'
import type { Origin } from './origin.ts'
import { displace, place, placeElsewhere, replaceAsDerived } from './people/placements.ts'
import { touch } from './people/touched.ts'
import { addUsage, passUsage } from './quotas.ts'
import { addRevision, type RevisionRow } from './revisions.ts'
import type { CardState, TouchedCard, Writer } from './store.ts'
import { uidKey } from './uid-key.ts'
import { moveLayers } from './views/layers.ts'

/**
 * The one write path: every change to a member goes through these functions, which write body, index rows, change
 * number, revision, tombstone and event in the transaction they are given.
 */

/** What the write path needs to know of a collection; a CollectionRow has it. */
export interface CollectionRef {
  readonly id: CollectionId
  readonly feedId: FeedId
  /** The owner of the tree. */
  readonly principalId: PrincipalId
  /** What it is made from, if anything: then its members do not count for its owner. */
  readonly generated: GeneratedKind | null
  /** See CollectionRow; undefined where it is not known. */
  readonly listsSince?: number | null | undefined
}

/** What is known of a member beside its octets. */
export interface MemberFields {
  readonly etag: string
  readonly uid?: string | null | undefined
  readonly component: string
  readonly mediaType?: string | null | undefined
  readonly version?: string | null | undefined
  readonly size: number
  readonly index: MemberIndex
}

export interface PutObject extends MemberFields {
  readonly collection: CollectionRef
  readonly name: string
  readonly body: Uint8Array
  /** The same body without its media, where these are kept beside it. */
  readonly parts?: BodyParts | undefined
  /** What was sent, where something else is stored: it stays in the revision. */
  readonly sent?: Pick<PutObject, 'body' | 'parts'> | undefined
  readonly origin: Origin
  /** The member of this name as it was read in this write, undefined when there is none. */
  readonly existing: ObjectRow | undefined
  /** Octets the owner may keep, as checked in this write. */
  readonly quota?: number | undefined
  /** For copies of lists: see `ListFace`. */
  readonly made?: number | undefined
  /** For copies and imports that keep what the original had. */
  readonly createdAt?: number | undefined
  readonly modifiedAt?: number | undefined
  readonly scheduleTag?: string | null | undefined
}

export interface PutResult {
  readonly kind: 'created' | 'updated' | 'unchanged'
  readonly objectId: ObjectId
  readonly change: number
  readonly etag: string
}

/** Stores a member's octets. The same octets again change nothing, not even a number. */
export async function putObject(tx: Writer, put: PutObject): Promise<PutResult> {
  const { collection, existing, etag } = put
  if (existing !== undefined && existing.etag === etag) {
    return { kind: 'unchanged', objectId: existing.id, change: existing.change, etag }
  }
  const change = await nextMemberChange(tx, collection)
  await countUsage(tx, collection, put.size - (existing?.size ?? 0), put.quota)
  const bodyId = await addBody(tx, put.body, put.parts)
  const sentBodyId = put.sent && (await addBody(tx, put.sent.body, put.sent.parts))
  const after = put.mediaType == null ? { bodyId, octets: put.parts?.rest ?? put.body } : undefined
  const state = { ...put, change, bodyId, sentBodyId, after, before: existing }
  const objectId =
    existing === undefined ? await insertObject(tx, state) : await updateObject(tx, existing, state)
  await writeState(tx, objectId, state, existing === undefined ? 'created' : 'updated')
  return { kind: existing === undefined ? 'created' : 'updated', objectId, change, etag }
}

/** Takes a member away; its last octets stay in the trash, its name leaves a tombstone. */
export async function deleteObject(
  tx: Writer,
  collection: CollectionRef,
  object: ObjectRow,
  origin: Origin,
): Promise<{ readonly change: number }> {
  const change = await nextMemberChange(tx, collection)
  const face = await faceOf(tx, collection, object)
  await removeObject(tx, collection, object, change, origin)
  await leaveTombstone(tx, collection, object, change, face)
  return { change }
}

/**
 * Gives a member another name, or another collection, or both. Its id, ETag, octets and index rows stay. `replaced` is
 * the member that had the new name: it goes to the trash.
 */
export async function moveObject(
  tx: Writer,
  from: CollectionRef,
  object: ObjectRow,
  to: CollectionRef,
  newName: string,
  origin: Origin,
  replaced?: ObjectRow,
): Promise<{ readonly change: number; readonly etag: string }> {
  // Feeds are locked in the order of their ids, so that two moves in opposite directions do not wait for each other.
  const first = from.feedId <= to.feedId ? await nextMemberChange(tx, from) : undefined
  const change = await nextMemberChange(tx, to)
  const left = first ?? (await nextMemberChange(tx, from))
  if (replaced !== undefined) await removeObject(tx, to, replaced, change, origin)
  await passUsage(tx, from.principalId, to.principalId, object.size)
  const moved = await tx.sql.run(
    'UPDATE objects SET collection_id = $3, name = $4, change = $5 WHERE id = $1 AND change = $2',
    [object.id, object.change, to.id, newName, change],
  )
  if (moved === 0) throw new WriteConflictError('The member has changed.')
  const face = await faceOf(tx, from, object)
  if (from.id !== to.id) {
    await moveIndex(tx, object, to.id)
    await moveLayers(tx, object.id, to.id)
    if (isCard(object)) await placeElsewhere(tx, object.id, to.id)
  }
  touch(tx, to, { ...object, kind: 'moved' }, origin)
  await leaveTombstone(tx, from, object, left, face)
  const tookName = (await forgetTombstone(tx, to, newName)) || replaced !== undefined
  if (face) await moveLists(tx, from, to, { id: object.id, change, tookName })
  await addRevision(tx, to, { ...object, name: newName, change }, 'moved', origin)
  const gone = { kind: 'object-deleted', objectId: object.id, name: object.name } as const
  const arrived = { kind: 'object-put', objectId: object.id, name: newName } as const
  await addEvent(tx, { principalId: from.principalId, feedId: from.feedId, ...gone }, origin)
  await addEvent(tx, { principalId: to.principalId, feedId: to.feedId, ...arrived }, origin)
  return { change, etag: object.etag }
}

export interface RestoreObject extends Omit<MemberFields, 'etag'> {
  /** The state to bring back; it has octets. */
  readonly revision: RevisionRow
  readonly collection: CollectionRef
  readonly name: string
  readonly origin: Origin
  /** The living member of this name, which is overwritten. */
  readonly existing?: ObjectRow | undefined
}

/** Brings back the octets of a revision, under the object's old id where that is not alive. */
export async function restoreObject(tx: Writer, restore: RestoreObject): Promise<PutResult> {
  const { revision, collection, existing } = restore
  const { etag, bodyId } = revision
  if (bodyId === null) throw new Error('The revision has no octets.')
  await claimRevision(tx, revision)
  const change = await nextMemberChange(tx, collection)
  await countUsage(tx, collection, restore.size - (existing?.size ?? 0))
  const id = existing?.id ?? ((await isAlive(tx, revision.objectId)) ? undefined : revision.objectId)
  const isSame = id === revision.objectId
  const state = {
    ...restore,
    etag,
    change,
    bodyId: isSame ? bodyId : await copyBody(tx, bodyId),
    before: existing,
  }
  const objectId =
    existing === undefined ? await insertObject(tx, state, id) : await updateObject(tx, existing, state)
  await writeState(tx, objectId, state, 'restored')
  return { kind: existing === undefined ? 'created' : 'updated', objectId, change, etag }
}

/** First of all, so that a purge that runs beside waits, and then leaves what is restored alone. */
async function claimRevision(tx: Writer, { id }: RevisionRow): Promise<void> {
  const text = 'UPDATE revisions SET restored_at = $2 WHERE id = $1 AND restored_at IS NULL'
  if ((await tx.sql.run(text, [id, tx.now])) === 0) {
    throw new WriteConflictError('The revision was restored or purged meanwhile.')
  }
}

/**
 * Writes the index rows of a member anew, and nothing else.
 * @param object  as it was when the index was derived from its octets
 * @returns false, with nothing done, when it has changed since: whoever changed it wrote its rows
 */
export async function replaceIndex(
  tx: Writer,
  object: Pick<ObjectRow, 'id' | 'collectionId' | 'component' | 'change' | 'etag' | 'size'>,
  index: MemberIndex,
): Promise<boolean> {
  const lock = tx.sql.dialect === 'postgres' ? ' FOR UPDATE OF o' : ''
  const row = await tx.sql.first<{ feedId: FeedId; generated: GeneratedKind | null }>(
    `SELECT c.feed_id AS "feedId", c.generated FROM objects o JOIN collections c ON c.id = o.collection_id
     WHERE o.id = $1 AND o.collection_id = $2 AND o.change = $3${lock}`,
    [object.id, object.collectionId, object.change],
  )
  if (row === undefined) return false
  await rewriteIndex(tx, object, index, row.generated)
  const ofCard = index.contact !== undefined && row.generated === null
  if (ofCard) {
    await rewriteLists(tx, { id: object.collectionId, feedId: row.feedId }, object, index.lists)
    await replaceAsDerived(tx, object.id, index.person)
    await addPending(tx, [object.id])
  }
  return true
}

interface MemberState extends MemberFields {
  readonly collection: CollectionRef
  readonly name: string
  readonly change: number
  readonly bodyId: BodyId
  readonly sentBodyId?: BodyId | undefined
  readonly origin: Origin
  /** What was there before, undefined where nothing was. */
  readonly before: ObjectRow | undefined
  readonly after?: CardState | undefined
  readonly made?: number | undefined
  readonly createdAt?: number | undefined
  readonly modifiedAt?: number | undefined
  readonly scheduleTag?: string | null | undefined
}

async function countUsage(
  tx: Writer,
  { principalId, generated }: CollectionRef,
  bytes: number,
  limit?: number,
): Promise<void> {
  if (generated === null) await addUsage(tx, principalId, bytes, limit)
}

/** @param id  the id that the object had before, if it comes back */
async function insertObject(tx: Writer, state: MemberState, id?: ObjectId): Promise<ObjectId> {
  const columns =
    'collection_id, name, uid, component, media_type, version, etag, size, change, body_id, created_at, modified_at, schedule_tag'
  const values = '$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13'
  const row = await tx.sql.first<{ id: ObjectId }>(
    id === undefined
      ? `INSERT INTO objects (${columns}) VALUES (${values}) RETURNING id`
      : `INSERT INTO objects (${columns}, id) VALUES (${values}, $14) RETURNING id`,
    [
      state.collection.id,
      state.name,
      keyOf(state.uid),
      ...stateOf(state),
      state.createdAt ?? tx.now,
      state.modifiedAt ?? tx.now,
      state.scheduleTag ?? null,
      ...(id === undefined ? [] : [id]),
    ],
  )
  if (row === undefined) throw new Error('The member was not stored.')
  return row.id
}

async function updateObject(tx: Writer, existing: ObjectRow, state: MemberState): Promise<ObjectId> {
  const uid = keyOf(state.uid)
  // It has an index of its own, which is written whenever it is set.
  const isSameUid = uid === existing.uid
  const updated = await tx.sql.run(
    `UPDATE objects SET component = $3, media_type = $4, version = $5, etag = $6, size = $7, change = $8,
       body_id = $9, modified_at = $10${isSameUid ? '' : ', uid = $11'}
     WHERE id = $1 AND change = $2`,
    [existing.id, existing.change, ...stateOf(state), tx.now, ...(isSameUid ? [] : [uid])],
  )
  if (updated === 0) throw new WriteConflictError('The member has changed.')
  await dropChanged(tx, existing)
  return existing.id
}

/** The columns of a state from `component` to `body_id`. */
function stateOf({ component, mediaType, version, etag, size, change, bodyId }: MemberState): unknown[] {
  return [component, mediaType, version, etag, size, change, bodyId]
}

/** What follows every new state of a member. */
async function writeState(
  tx: Writer,
  id: ObjectId,
  state: MemberState,
  kind: 'created' | 'updated' | 'restored',
): Promise<void> {
  const { collection, name, origin, before, index, component, after } = state
  // A name that lives has none.
  const tookName = before === undefined && (await forgetTombstone(tx, collection, name))
  await writeIndex(
    tx,
    { id, collectionId: collection.id, component: state.component },
    index,
    collection.generated,
    kind === 'created',
  )
  let placed: TouchedCard['placed']
  if (index.contact !== undefined && collection.generated === null) {
    const byRule = origin.kind === 'rule'
    await writeLists(tx, collection, { ...state, id, existing: before, byRule, tookName }, index.lists)
    const isNew = kind === 'created'
    placed = await place(
      tx,
      { ...collection, objectId: id, collectionId: collection.id, uid: keyOf(state.uid), isNew },
      index.person,
    )
  }
  touch(tx, collection, { id, component, bodyId: before?.bodyId, kind: 'put', after, placed }, origin)
  await addRevision(tx, collection, { ...state, id, uid: keyOf(state.uid) }, kind, origin)
  const event = { kind: 'object-put', objectId: id, name } as const
  await addEvent(tx, { principalId: collection.principalId, feedId: collection.feedId, ...event }, origin)
}

/** Index rows go with the object. */
async function removeObject(
  tx: Writer,
  collection: CollectionRef,
  object: ObjectRow,
  change: number,
  origin: Origin,
): Promise<void> {
  const removed = await tx.sql.run('DELETE FROM objects WHERE id = $1 AND change = $2', [
    object.id,
    object.change,
  ])
  if (removed === 0) throw new WriteConflictError('The member has changed.')
  await countUsage(tx, collection, -object.size)
  await addRevision(tx, collection, { ...object, change }, 'deleted', origin)
  if (isCard(object)) await displace(tx, object.id)
  touch(tx, collection, { ...object, kind: 'removed' }, origin)
  const event = { kind: 'object-deleted', objectId: object.id, name: object.name } as const
  await addEvent(tx, { principalId: collection.principalId, feedId: collection.feedId, ...event }, origin)
}

async function leaveTombstone(
  tx: Writer,
  collection: CollectionRef,
  object: ObjectRow,
  change: number,
  face: ListFace | undefined,
): Promise<void> {
  await tx.sql.run(
    `INSERT INTO tombstones (collection_id, name, object_id, uid, change, at, made, group_since)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (collection_id, name) DO UPDATE SET object_id = excluded.object_id, uid = excluded.uid,
       change = excluded.change, at = excluded.at, made = excluded.made, group_since = excluded.group_since`,
    [collection.id, object.name, object.id, object.uid, change, tx.now, face?.made, face?.groupSince],
  )
}

/** @returns whether there was one */
async function forgetTombstone(tx: Writer, collection: CollectionRef, name: string): Promise<boolean> {
  const text = 'DELETE FROM tombstones WHERE collection_id = $1 AND name = $2'
  return (await tx.sql.run(text, [collection.id, name])) > 0
}

/** What a member is among the lists of people in its collection. */
async function faceOf(
  tx: Writer,
  { listsSince }: ListPlace,
  { id }: ObjectRow,
): Promise<ListFace | undefined> {
  return listsSince === null ? undefined : findFace(tx, id)
}

function keyOf(uid: string | null | undefined): string | null {
  return uid === null || uid === undefined ? null : uidKey(uid)
}

async function isAlive(tx: Writer, id: ObjectId): Promise<boolean> {
  return (await tx.sql.first('SELECT 1 FROM objects WHERE id = $1', [id])) !== undefined
}

/** A member of a book; calendars have none of these. */
function isCard({ component }: Pick<ObjectRow, 'component'>): boolean {
  return component === 'VCARD'
}
