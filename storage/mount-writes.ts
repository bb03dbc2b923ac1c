import {
  forgetCollectionTombstone,
  type Home,
  homeOf,
  leaveCollectionTombstone,
} from './collection-writes.ts'
import type { CollectionPatch } from './collections.ts'
import { changeDeadProperties, type DeadChange } from './dead-properties.ts'
import { WriteConflictError } from './errors.ts'
import { addEvent, type NewEvent } from './events.ts'
import { createFeed, nextChange } from './feeds.ts'
import {
  addCollectionRevision,
  addressProperty,
  forgetMountRevisions,
  keptProperties,
  patchedProperties,
} from './history/collection-revisions.ts'
import type { CollectionId, FeedId, HomeId, MountId, PrincipalId } from './ids.ts'
import { findMountOn, type MountRow, type MountView } from './mounts.ts'
import type { Origin } from './origin.ts'
import { columnOf } from './select.ts'
import type { ShareAccess } from './shares.ts'
import type { Writer } from './store.ts'

export interface NewMount {
  readonly collectionId: CollectionId
  readonly principalId: PrincipalId
  readonly homeId: HomeId
  /** Free in the home: the caller has looked. */
  readonly name: string
  readonly view: MountView
  readonly access: ShareAccess
  readonly inviteUid: string
  readonly displayname: string | null
}

/** Invites a sharee: nothing shows in his home until he accepts. */
export async function createMount(tx: Writer, mount: NewMount): Promise<MountId> {
  const feedId = await createFeed(tx, { kind: 'mount', principalId: mount.principalId })
  const row = await tx.sql.first<{ id: MountId }>(
    `INSERT INTO mounts (collection_id, principal_id, home_id, name, state, view, feed_id, home_change, invite_uid,
       displayname, created_at, changed_at, access)
     VALUES ($1, $2, $3, $4, 'invited', $5, $6, 0, $7, $8, $9, $9, $10) RETURNING id`,
    [
      mount.collectionId,
      mount.principalId,
      mount.homeId,
      mount.name,
      mount.view,
      feedId,
      mount.inviteUid,
      mount.displayname,
      tx.now,
      mount.access,
    ],
  )
  if (row === undefined) throw new Error('The mount was not made.')
  return row.id
}

/** Shows a mount in the sharee's home, and tells the home's feed. */
export async function acceptMount(tx: Writer, mount: MountRow, origin: Origin): Promise<void> {
  const home = await homeOf(tx, mount.homeId)
  const change = await nextChange(tx, home.feedId)
  const text = `UPDATE mounts SET state = 'accepted', home_change = $2, changed_at = $3 WHERE id = $1`
  if ((await tx.sql.run(text, [mount.id, change, tx.now])) === 0)
    throw new WriteConflictError('The mount is gone.')
  await forgetCollectionTombstone(tx, mount.homeId, mount.name)
  await tell(tx, home, 'collection-created', mount, origin)
}

/** Takes an accepted mount out of the sharee's home, and remembers that he does not want it. */
export async function declineMount(tx: Writer, mount: MountRow, origin: Origin): Promise<void> {
  if (mount.state === 'accepted') await hideMount(tx, mount, origin)
  await tx.sql.run(`UPDATE mounts SET state = 'declined', changed_at = $2 WHERE id = $1`, [mount.id, tx.now])
}

/**
 * Takes an accepted mount away, and keeps what only the sharee had of it: its name, its looks and his own alarms. Shared with
 * him again it is there as it was; until then it is nowhere.
 */
export async function withdrawMount(tx: Writer, mount: MountRow, origin: Origin): Promise<void> {
  await hideMount(tx, mount, origin)
  await tx.sql.run("UPDATE mounts SET state = 'withdrawn', changed_at = $2 WHERE id = $1", [mount.id, tx.now])
}

/** Takes those away for good that were withdrawn long ago. @returns how many */
export async function purgeWithdrawn(tx: Writer, before: number, batch: number): Promise<number> {
  const old = await tx.sql.all<OldMount>(
    `SELECT id, feed_id AS "feedId", principal_id AS "principalId", collection_id AS "collectionId" FROM mounts
     WHERE state = 'withdrawn' AND changed_at < $1 ORDER BY id LIMIT $2`,
    [before, batch],
  )
  for (const mount of old) {
    await tx.sql.run('DELETE FROM mounts WHERE id = $1', [mount.id])
    await forgetMount(tx, mount)
  }
  return old.length
}

/** Takes a mount away for good: what it showed is gone from sync at once. */
export async function removeMount(tx: Writer, mount: MountRow, origin: Origin): Promise<void> {
  // Its name may be another one since it was read.
  const gone = await tx.sql.first<Pick<MountRow, 'name' | 'state'>>(
    'DELETE FROM mounts WHERE id = $1 RETURNING name, state',
    [mount.id],
  )
  if (gone?.state === 'accepted') await hideMount(tx, { ...mount, ...gone }, origin)
  await forgetMount(tx, mount)
}

type OldMount = Pick<MountRow, 'id' | 'feedId' | 'principalId' | 'collectionId'>

/** What only its sharee had goes with it. */
async function forgetMount(tx: Writer, mount: OldMount): Promise<void> {
  await tx.sql.run("DELETE FROM dead_properties WHERE target_kind = 'mount' AND target_id = $1", [mount.id])
  await forgetMountRevisions(tx, mount.id)
  await tx.sql.run('DELETE FROM feeds WHERE id = $1', [mount.feedId])
  await tx.sql.run('DELETE FROM member_layers WHERE principal_id = $1 AND collection_id = $2', [
    mount.principalId,
    mount.collectionId,
  ])
}

/** Leaves a tombstone in the sharee's home, while the mount itself stays: what it shows is gone, or not wanted. */
export async function hideMount(tx: Writer, mount: MountRow, origin: Origin): Promise<void> {
  const home = await homeOf(tx, mount.homeId)
  const change = await nextChange(tx, home.feedId)
  await leaveCollectionTombstone(tx, mount.homeId, mount.name, mount.collectionId, change)
  await tell(tx, home, 'collection-deleted', mount, origin)
}

/** Changes what the sharee calls it and how it looks to him; the owner and the others see nothing of it. */
export async function patchMount(
  tx: Writer,
  mount: MountRow,
  patch: Omit<CollectionPatch, 'components'>,
  origin: Origin,
  dead: readonly DeadChange[] = [],
): Promise<void> {
  const home = await homeOf(tx, mount.homeId)
  const change = await nextChange(tx, home.feedId)
  const { id: mountId, collectionId, principalId } = mount
  const kept = await changeDeadProperties(tx, { kind: 'mount', id: mountId }, dead)
  const now = Object.keys(patch).length > 0 ? await findMountOn(tx, collectionId, principalId) : undefined
  const shown = now ? patchedProperties(now.mount, patch) : { before: {}, after: {} }
  const both = { before: { ...shown.before, ...kept.before }, after: { ...shown.after, ...kept.after } }
  await addCollectionRevision(tx, { collectionId, mountId }, both, origin)
  const fields = keptProperties.filter((field) => patch[field] !== undefined)
  const assignments = fields.map((field, at) => `, ${columnOf(field)} = $${at + 4}`)
  const found = await tx.sql.run(
    `UPDATE mounts SET home_change = $2, changed_at = $3${assignments.join('')} WHERE id = $1`,
    [mount.id, change, tx.now, ...fields.map((field) => patch[field])],
  )
  if (found === 0) throw new WriteConflictError('The mount is gone.')
  await tell(tx, home, 'collection-changed', mount, origin)
}

/** Gives a mount that does not show another name, which is free. */
export async function setMountName(tx: Writer, mount: MountRow, name: string): Promise<void> {
  await tx.sql.run('UPDATE mounts SET name = $2 WHERE id = $1', [mount.id, name])
}

/** Gives a mount another segment in the sharee's home. The name is free: the caller has looked. */
export async function renameMount(tx: Writer, mount: MountRow, name: string, origin: Origin): Promise<void> {
  await hideMount(tx, mount, origin)
  // An invitation that has the name, which nobody sees, gets another.
  await tx.sql.run(
    "UPDATE mounts SET name = invite_uid WHERE home_id = $1 AND name = $2 AND state <> 'accepted'",
    [mount.homeId, name],
  )
  await setMountName(tx, mount, name)
  const renamed = { before: { [addressProperty]: mount.name }, after: { [addressProperty]: name } }
  await addCollectionRevision(tx, { collectionId: mount.collectionId, mountId: mount.id }, renamed, origin)
  await acceptMount(tx, { ...mount, name }, origin)
}

/** Invites a sharee again who had declined, or has not answered. */
export async function inviteAgain(
  tx: Writer,
  mount: MountRow,
  { inviteUid, displayname }: Pick<MountRow, 'inviteUid' | 'displayname'>,
): Promise<void> {
  await tx.sql.run(
    `UPDATE mounts SET state = 'invited', invite_uid = $2, displayname = $3, changed_at = $4
     WHERE id = $1 AND state <> 'accepted'`,
    [mount.id, inviteUid, displayname, tx.now],
  )
}

/**
 * Changes what the sharee may do, and tells his home. With another view of the collection he starts afresh: the feed of
 * the view is a new one, so that every token of the old one is void (design §4).
 */
export async function changeMountAccess(
  tx: Writer,
  mount: MountRow,
  { access, view }: Pick<MountRow, 'access' | 'view'>,
  origin: Origin,
): Promise<void> {
  if (mount.state === 'accepted') await patchMount(tx, mount, {}, origin)
  const feedId = view === mount.view ? mount.feedId : await renewFeed(tx, mount)
  await tx.sql.run('UPDATE mounts SET access = $2, view = $3, feed_id = $4, changed_at = $5 WHERE id = $1', [
    mount.id,
    access,
    view,
    feedId,
    tx.now,
  ])
  if (feedId !== mount.feedId) await tx.sql.run('DELETE FROM feeds WHERE id = $1', [mount.feedId])
}

/** What a mount is to those who listen to the sharee's home: a collection. */
function tell(
  tx: Writer,
  { principalId, feedId }: Home,
  kind: NewEvent['kind'],
  { collectionId: objectId, name }: MountRow,
  origin: Origin,
): Promise<void> {
  return addEvent(tx, { principalId, feedId, kind, objectId, name }, origin)
}

/** It goes on counting where the old one was: the layers of the sharee keep their numbers. */
async function renewFeed(tx: Writer, { principalId, feedId: old }: MountRow): Promise<FeedId> {
  const feedId = await createFeed(tx, { kind: 'mount', principalId })
  await tx.sql.run('UPDATE feeds SET change = (SELECT o.change FROM feeds o WHERE o.id = $2) WHERE id = $1', [
    feedId,
    old,
  ])
  return feedId
}
