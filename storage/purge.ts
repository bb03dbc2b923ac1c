import { inList } from './database.ts'
import { forgetEndedLinks, purgeEndedLinks } from './ended-links.ts'
import { purgeEvents } from './events/position.ts'
import type {
  BodyId,
  CollectionId,
  FeedId,
  NodeId,
  ObjectId,
  PrincipalId,
  RevisionId,
  SmartListId,
} from './ids.ts'
import { purgeLocks } from './locks.ts'
import { dropMedia, mediaOf } from './media/body-media.ts'
import { purgeScaled } from './media/scaled-media.ts'
import { emptyNodeTrash, removeNodes } from './nodes/node-purge.ts'
import { purgeNotifications } from './notifications.ts'
import { forgetPlacements, forgetPlacementsIn } from './people/placements.ts'
import { inTrash } from './revisions.ts'
import { touchFoldersOf } from './search/file-places.ts'
import { forgetTrashedLists, purgeTrashedLists } from './smart-lists/trash.ts'
import type { Writer } from './store.ts'
import { leaveActivities } from './timeline/activities.ts'
import { forgetLinks } from './timeline/links.ts'
import type { PurgeCounts, Retention } from './upkeep/retention.ts'
import { purgeCollectionTombstones, purgeTombstones } from './upkeep/tombstones.ts'

/** Takes away what has outlived its time, a batch of each kind. Tokens that would need a lost tombstone become invalid. */
export async function purgeExpired(tx: Writer, retention: Retention): Promise<PurgeCounts> {
  const { batch } = retention
  const lost = newLost()
  const old = await purgeRevisions(tx, retention, lost)
  const trash = await purgeTrash(tx, 'r.at < $1', [retention.trashBefore], batch, lost)
  const tombstones = await purgeTombstones(tx, retention.tombstonesBefore, batch)
  const names = await purgeCollectionTombstones(tx, retention.tombstonesBefore, batch)
  const events = await purgeEvents(tx, retention.eventsBefore, batch)
  await tx.sql.run('DELETE FROM throttle WHERE window_started_at < $1 AND blocked_until < $1', [
    tx.now - 24 * 3_600_000,
  ])
  const locks = await purgeLocks(tx, batch)
  const { notificationsBefore: before, tombstonesBefore } = retention
  const notifications = await purgeNotifications(tx, { before, tombstonesBefore, batch })
  const scaled = await purgeScaled(tx, retention.trashBefore, batch)
  await purgeTrashedLists(tx, retention.trashBefore)
  await purgeEndedLinks(tx, retention.trashBefore)
  const gone = await purgeCollections(tx, 'deleted_at < $1', [retention.trashBefore], batch, lost)
  return {
    revisions: old.revisions,
    trash,
    tombstones: tombstones + names,
    events,
    locks,
    notifications,
    scaled,
    ...gone,
    bodies: await dropOrphans(tx, lost),
    nextObject: old.nextObject,
    more: [trash, tombstones, names, events, locks, notifications, scaled, gone.members].some(
      (count) => count >= batch,
    ),
  }
}

/**
 * Takes objects, whole collections, folders, files, lists of people and withdrawn links out of an account's trash.
 * @param batch  objects and nodes at most, so that a write stays short
 * @returns how many of all, and whether the caller has to come again
 */
export async function emptyTrash(
  tx: Writer,
  principalId: PrincipalId,
  batch = 500,
): Promise<{ readonly removed: number; readonly more: boolean }> {
  const lost = newLost()
  const objects = await purgeTrash(tx, 'r.principal_id = $1', [principalId], batch, lost)
  const condition = 'principal_id = $1 AND deleted_at IS NOT NULL'
  const { members, collections } = await purgeCollections(tx, condition, [principalId], batch, lost)
  await dropOrphans(tx, lost)
  const nodes = await emptyNodeTrash(tx, principalId, batch)
  const lists = await forgetTrashedLists(tx, principalId)
  const links = await forgetEndedLinks(tx, principalId)
  const more = [objects, members, collections, nodes].some((count) => count >= batch)
  return { removed: objects + collections + nodes + lists + links, more }
}

/** One thing in the trash: the deletion of an object, a collection, a folder or a file, a list of people, or a withdrawn link. */
export type TrashedThing =
  | { readonly kind: 'object'; readonly id: RevisionId }
  | { readonly kind: 'collection'; readonly id: CollectionId }
  | { readonly kind: 'node'; readonly id: NodeId }
  | { readonly kind: 'list'; readonly id: SmartListId }
  | { readonly kind: 'link'; readonly id: number }

/**
 * Takes one thing out of an account's trash, a batch of what it holds at a time.
 * @returns how much went, and whether the caller has to come again; nothing for what is not there
 */
export async function forgetTrashed(
  tx: Writer,
  principalId: PrincipalId,
  { kind, id }: TrashedThing,
  batch = 500,
): Promise<{ readonly removed: number; readonly more: boolean }> {
  if (kind === 'node') {
    const removed = await emptyNodeTrash(tx, principalId, batch, id)
    return { removed, more: removed >= batch }
  }
  if (kind === 'list') return { removed: await forgetTrashedLists(tx, principalId, id), more: false }
  if (kind === 'link') return { removed: await forgetEndedLinks(tx, principalId, id), more: false }
  const lost = newLost()
  const params = [principalId, id]
  if (kind === 'object') {
    const removed = await purgeTrash(tx, 'r.principal_id = $1 AND r.id = $2', params, batch, lost)
    await dropOrphans(tx, lost)
    return { removed, more: false }
  }
  // What the server makes from something else is in nobody's trash.
  const condition = 'principal_id = $1 AND id = $2 AND deleted_at IS NOT NULL AND generated IS NULL'
  const { members, collections } = await purgeCollections(tx, condition, params, batch, lost)
  await dropOrphans(tx, lost)
  return { removed: Math.max(members, collections), more: members >= batch }
}

/**
 * Forgets what objects were before: of those that live their present state stays, of those that are gone nothing. For
 * copies of what somebody else publishes, whose history is nobody's loss.
 */
export async function forgetHistory(tx: Writer, ids: readonly ObjectId[]): Promise<void> {
  if (ids.length === 0) return
  const { sql } = tx
  const lost = newLost()
  const living = await sql.all<{ id: ObjectId }>(
    `SELECT id FROM objects WHERE ${inList(sql.dialect, 'id', '$1', 'bigint')}`,
    [ids],
  )
  const alive = new Set(living.map(({ id }) => id))
  const condition = `${inList(sql.dialect, 'object_id', '$1', 'bigint')} AND id NOT IN (SELECT max(newest.id)
    FROM revisions newest WHERE ${inList(sql.dialect, 'newest.object_id', '$1', 'bigint')} GROUP BY newest.object_id)`
  await takeRevisions(tx, condition, [[...alive]], lost)
  await forgetObjects(
    tx,
    ids.filter((id) => !alive.has(id)),
    lost,
  )
  await dropOrphans(tx, lost)
}

/** Forgets some states of members, such as those that name somebody who must be forgotten; the newest of each stays. */
export async function forgetStates(tx: Writer, ids: readonly RevisionId[]): Promise<void> {
  const lost = newLost()
  const condition = `${inList(tx.sql.dialect, 'id', '$1', 'bigint')} AND EXISTS (SELECT 1 FROM revisions newer
    WHERE newer.object_id = revisions.object_id AND newer.id > revisions.id)`
  await takeRevisions(tx, condition, [ids], lost)
  await dropOrphans(tx, lost)
}

/**
 * Removes an account with everything that it has and had.
 * @param keepSegment  its URLs stay reserved: devices may still ask for them, and must not meet somebody else's data
 */
export async function removePrincipal(
  tx: Writer,
  id: PrincipalId,
  { keepSegment = false }: { readonly keepSegment?: boolean } = {},
): Promise<void> {
  const lost = newLost()
  const { sql } = tx
  if (keepSegment) {
    const text =
      'INSERT INTO reserved_segments (segment, at) SELECT segment, CAST($2 AS bigint) FROM principals WHERE id = $1'
    await sql.run(text, [id, tx.now])
  }
  await purgeCollections(tx, 'principal_id = $1', [id], Number.MAX_SAFE_INTEGER, lost)
  await sql.run(
    `DELETE FROM party_links WHERE kind = 'object' AND target_id IN
       (SELECT r.object_id FROM revisions r WHERE r.principal_id = $1)
       AND NOT EXISTS (SELECT 1 FROM objects o WHERE o.id = party_links.target_id)`,
    [id],
  )
  await takeRevisions(tx, 'principal_id = $1', [id], lost)
  await dropOrphans(tx, lost)
  await touchFoldersOf(tx, id)
  await removeNodes(tx, id)
  await leaveActivities(tx, id)
  await sql.run('DELETE FROM events WHERE principal_id = $1', [id])
  await forgetTargets(tx, 'principal', id)
  await sql.run(
    `DELETE FROM dead_properties WHERE target_kind = 'mount' AND target_id IN
       (SELECT m.id FROM mounts m WHERE m.principal_id = $1)`,
    [id],
  )
  const homes = await sql.all<{ id: number }>('SELECT id FROM homes WHERE principal_id = $1', [id])
  for (const home of homes) await forgetTargets(tx, 'home', home.id)
  await sql.run('DELETE FROM feeds WHERE principal_id = $1', [id])
  await sql.run('DELETE FROM principals WHERE id = $1', [id])
}

/** Looks at the next objects' revisions, and takes the old ones beyond those that stay. */
async function purgeRevisions(
  tx: Writer,
  retention: Retention,
  lost: Lost,
): Promise<{ revisions: number; nextObject: ObjectId | undefined }> {
  const { revisionsBefore, stepsBefore = 0, keepRevisions, batch, afterObject = 0 } = retention
  const objects = await tx.sql.all<{ id: ObjectId; count: number }>(
    `SELECT object_id AS id, count(*) AS count FROM revisions WHERE object_id > $1
     GROUP BY object_id ORDER BY object_id LIMIT $2`,
    [afterObject, batch],
  )
  let revisions = 0
  for (const { id, count } of objects) {
    if (count <= keepRevisions) continue
    const condition = `object_id = $1 AND at < $2 AND id NOT IN
      (SELECT kept.id FROM revisions kept WHERE kept.object_id = $1 ORDER BY kept.id DESC LIMIT $3)`
    const kept = Math.max(keepRevisions, 1)
    revisions += await takeRevisions(tx, condition, [id, revisionsBefore, kept], lost)
    revisions += await takeSteps(tx, id, { stepsBefore, kept }, lost)
  }
  return { revisions, nextObject: objects.length < batch ? undefined : objects[objects.length - 1]?.id }
}

/**
 * Takes the states between, of an object that a rule has written time and again, each a little longer than the one before: a
 * group card, while a device sends thousands of people who are in it. Nobody wrote them, and nobody has them any more.
 */
async function takeSteps(
  tx: Writer,
  id: ObjectId,
  { stepsBefore, kept }: { readonly stepsBefore: number; readonly kept: number },
  lost: Lost,
): Promise<number> {
  const condition = `id IN (SELECT step.id FROM
      (SELECT id, kind, origin, at, lead(origin) OVER (ORDER BY id) AS next, lead(at) OVER (ORDER BY id) AS "nextAt",
         row_number() OVER (ORDER BY id DESC) AS place
       FROM revisions WHERE object_id = $1) step
      WHERE step.origin = 'rule' AND step.kind = 'updated' AND step.next = 'rule' AND step."nextAt" < $2
        AND step.place > $3)`
  return takeRevisions(tx, condition, [id, stepsBefore, kept], lost)
}

/** An object that leaves the trash takes all its revisions along, and its dead properties. */
async function purgeTrash(
  tx: Writer,
  condition: string,
  params: readonly unknown[],
  batch: number,
  lost: Lost,
): Promise<number> {
  const { sql } = tx
  const rows = await sql.all<{ id: ObjectId }>(
    `SELECT r.object_id AS id FROM revisions r WHERE ${condition} AND ${inTrash} ORDER BY r.id LIMIT $${params.length + 1}`,
    [...params, batch],
  )
  const ids = await stillInTrash(
    tx,
    rows.map((row) => row.id),
  )
  await forgetObjects(tx, ids, lost)
  return ids.length
}

/** On PostgreSQL a restore may run beside: its revisions are locked, and what it brought back stays. */
async function stillInTrash({ sql }: Writer, ids: readonly ObjectId[]): Promise<ObjectId[]> {
  if (sql.dialect === 'sqlite') return [...ids]
  await sql.all('SELECT 1 FROM revisions WHERE object_id = ANY($1::bigint[]) ORDER BY id FOR UPDATE', [ids])
  const rows = await sql.all<{ id: ObjectId }>(
    `SELECT r.object_id AS id FROM revisions r WHERE r.object_id = ANY($1::bigint[]) AND ${inTrash}`,
    [ids],
  )
  return rows.map(({ id }) => id)
}

async function forgetObjects(tx: Writer, ids: readonly ObjectId[], lost: Lost): Promise<void> {
  if (ids.length === 0) return
  const { sql } = tx
  await takeRevisions(tx, inList(sql.dialect, 'object_id', '$1', 'bigint'), [ids], lost)
  await sql.run(
    `DELETE FROM dead_properties WHERE target_kind = 'object' AND ${inList(sql.dialect, 'target_id', '$1', 'bigint')}`,
    [ids],
  )
  await sql.run(`DELETE FROM member_layers WHERE ${inList(sql.dialect, 'object_id', '$1', 'bigint')}`, [ids])
  await forgetLinks(tx, 'object', ids)
  await forgetPlacements(tx, ids)
}

/** Members first, a batch at a time; a collection without any goes with its feed. */
async function purgeCollections(
  tx: Writer,
  condition: string,
  params: readonly unknown[],
  batch: number,
  lost: Lost,
): Promise<{ members: number; collections: number }> {
  const { sql } = tx
  const doomed = await sql.all<{ id: CollectionId; feedId: FeedId }>(
    `SELECT id, feed_id AS "feedId" FROM collections WHERE ${condition} ORDER BY id LIMIT $${params.length + 1}`,
    [...params, batch],
  )
  let members = 0
  let collections = 0
  for (const { id, feedId } of doomed) {
    const rows = await sql.all<{ id: ObjectId; bodyId: BodyId }>(
      'SELECT id, body_id AS "bodyId" FROM objects WHERE collection_id = $1 ORDER BY id LIMIT $2',
      [id, Math.max(batch - members, 0)],
    )
    for (const { bodyId } of rows) lost.bodies.add(bodyId)
    const ids = rows.map((row) => row.id)
    await sql.run(`DELETE FROM objects WHERE ${inList(sql.dialect, 'id', '$1', 'bigint')}`, [ids])
    await forgetObjects(tx, ids, lost)
    members += ids.length
    if (members >= batch) return { members, collections }
    await forgetTargets(tx, 'collection', id)
    for (const mount of await mountsOf(tx, id)) {
      await forgetTargets(tx, 'mount', mount.id)
      await sql.run('DELETE FROM feeds WHERE id = $1', [mount.feedId])
    }
    await sql.run('DELETE FROM member_layers WHERE collection_id = $1', [id])
    await forgetPlacementsIn(tx, id)
    await sql.run('DELETE FROM collections WHERE id = $1', [id])
    await sql.run('DELETE FROM feeds WHERE id = $1', [feedId])
    collections += 1
  }
  return { members, collections }
}

/** What hangs on a row without pointing to it: its dead properties and its access control list. */
async function forgetTargets({ sql }: Writer, kind: string, id: number): Promise<void> {
  for (const table of ['dead_properties', 'aces'])
    await sql.run(`DELETE FROM ${table} WHERE target_kind = $1 AND target_id = $2`, [kind, id])
}

/** The mounts of a collection, which go with it. */
function mountsOf({ sql }: Writer, id: CollectionId): Promise<{ id: number; feedId: FeedId }[]> {
  return sql.all('SELECT id, feed_id AS "feedId" FROM mounts WHERE collection_id = $1', [id])
}

async function takeRevisions(
  tx: Writer,
  condition: string,
  params: readonly unknown[],
  lost: Lost,
): Promise<number> {
  const text = `DELETE FROM revisions WHERE ${condition} RETURNING object_id AS "objectId", body_id AS "bodyId",
    sent_body_id AS "sentBodyId"`
  const rows = await tx.sql.all<{ objectId: ObjectId; bodyId: BodyId | null; sentBodyId: BodyId | null }>(
    text,
    params,
  )
  for (const { objectId, bodyId, sentBodyId } of rows) {
    lost.objects.add(objectId)
    if (bodyId !== null) lost.bodies.add(bodyId)
    if (sentBodyId !== null) lost.bodies.add(sentBodyId)
  }
  return rows.length
}

/** Bodies that revisions pointed to, those that were sent and not stored too, and the objects of those. */
interface Lost {
  readonly objects: Set<ObjectId>
  readonly bodies: Set<BodyId>
}

function newLost(): Lost {
  return { objects: new Set(), bodies: new Set() }
}

/** Deletes the bodies that no revision points to any more: only those of the same object can; and media that only they had. */
async function dropOrphans(tx: Writer, { objects, bodies }: Lost): Promise<number> {
  if (bodies.size === 0) return 0
  const { sql } = tx
  const used = await sql.all<{ id: BodyId }>(
    `SELECT DISTINCT body_id AS id FROM revisions WHERE ${inList(sql.dialect, 'object_id', '$1', 'bigint')}`,
    [[...objects]],
  )
  for (const { id } of used) bodies.delete(id)
  const gone = [...bodies]
  const media = await mediaOf(tx, gone)
  const count = await sql.run(`DELETE FROM bodies WHERE ${inList(sql.dialect, 'id', '$1', 'bigint')}`, [gone])
  await dropMedia(tx, media)
  return count
}
