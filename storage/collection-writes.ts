import {
  type CollectionKind,
  type CollectionPatch,
  type CollectionRow,
  findCollectionById,
  type GeneratedKind,
  isGenerated,
  patchable,
} from './collections.ts'
import { changeDeadProperties, type DeadChange } from './dead-properties.ts'
import { WriteConflictError } from './errors.ts'
import { addEvent, type NewEvent } from './events.ts'
import { createFeed, nextChange } from './feeds.ts'
import { addCollectionRevision, addressProperty, patchedProperties } from './history/collection-revisions.ts'
import type { CollectionId, FeedId, HomeId, PrincipalId } from './ids.ts'
import type { Origin } from './origin.ts'
import { addUsage, collectionBytes, passUsage } from './quotas.ts'
import { columnOf } from './select.ts'
import type { Writer } from './store.ts'

/** Those that are 0 unless they are set. */
const switches: ReadonlySet<string> = new Set([
  'transparent',
  'subscribed',
  'stripAlarms',
  'stripAttachments',
  'stripTodos',
])
const patchableColumns = patchable.map(columnOf).join(', ')
const patchableValues = patchable.map((_, at) => `$${at + 12}`).join(', ')

export interface NewCollection extends CollectionPatch {
  readonly kind: CollectionKind
  readonly name: string
  readonly resourceId: string
  readonly isDefault?: boolean | undefined
  readonly generated?: GeneratedKind | undefined
  /** For one that keeps the times of the original. */
  readonly createdAt?: number | undefined
  readonly changedAt?: number | undefined
}

/**
 * Makes a collection with a feed of its own, and moves the home's feed on. The name is free: the caller has looked, and
 * the limit of collections is his too.
 */
export async function createCollection(
  tx: Writer,
  homeId: HomeId,
  collection: NewCollection,
  origin: Origin,
): Promise<CollectionRow> {
  const home = await homeOf(tx, homeId)
  const change = await nextChange(tx, home.feedId)
  await expectUnmounted(tx, homeId, collection.name)
  const feedId = await createFeed(tx, { kind: 'collection', principalId: home.principalId })
  const row = await tx.sql.first<{ id: CollectionId }>(
    `INSERT INTO collections (home_id, principal_id, kind, name, feed_id, home_change, resource_id, is_default,
       generated, created_at, changed_at, ${patchableColumns})
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, ${patchableValues}) RETURNING id`,
    [
      homeId,
      home.principalId,
      collection.kind,
      collection.name,
      feedId,
      change,
      collection.resourceId,
      collection.isDefault === true ? 1 : 0,
      collection.generated,
      collection.createdAt ?? tx.now,
      collection.changedAt ?? tx.now,
      ...patchable.map((field) => collection[field] ?? (switches.has(field) ? 0 : null)),
    ],
  )
  if (row === undefined) throw new Error('The collection was not made.')
  await tx.sql.run('UPDATE feeds SET collection_id = $2 WHERE id = $1', [feedId, row.id])
  await forgetCollectionTombstone(tx, homeId, collection.name)
  await addEvent(tx, eventOf('collection-created', home, { id: row.id, name: collection.name }), origin)
  return await reread(tx, row.id)
}

/**
 * Changes properties, and tells the home's feed. An empty patch says that something of another kind has changed.
 * @param dead  those that the server only keeps
 */
export async function patchCollection(
  tx: Writer,
  collection: CollectionRow,
  patch: CollectionPatch,
  origin: Origin,
  dead: readonly DeadChange[] = [],
): Promise<CollectionRow> {
  const { id } = collection
  const home = await homeOf(tx, collection.homeId)
  const change = await nextChange(tx, home.feedId)
  const kept = await changeDeadProperties(tx, { kind: 'collection', id }, dead)
  const shown =
    Object.keys(patch).length > 0 ? patchedProperties(await reread(tx, id), patch) : { before: {}, after: {} }
  await addCollectionRevision(
    tx,
    { collectionId: id },
    { before: { ...shown.before, ...kept.before }, after: { ...shown.after, ...kept.after } },
    origin,
  )
  const fields = patchable.filter((field) => patch[field] !== undefined)
  const assignments = fields.map((field, at) => `, ${columnOf(field)} = $${at + 4}`)
  const found = await tx.sql.run(
    `UPDATE collections SET home_change = $2, changed_at = $3${assignments.join('')} WHERE id = $1 AND deleted_at IS NULL`,
    [id, change, tx.now, ...fields.map((field) => patch[field])],
  )
  if (found === 0) throw new WriteConflictError('The collection is gone.')
  await addEvent(tx, eventOf('collection-changed', home, collection), origin)
  return await reread(tx, collection.id)
}

/** Deletes a collection with all that it holds, by marking one row; the purge takes the rest away. */
export async function deleteCollection(tx: Writer, collection: CollectionRow, origin: Origin): Promise<void> {
  const home = await homeOf(tx, collection.homeId)
  const change = await nextChange(tx, home.feedId)
  await nextChange(tx, collection.feedId)
  await tx.sql.run('UPDATE feeds SET closed = 1 WHERE id = $1', [collection.feedId])
  const found = await tx.sql.run(
    `UPDATE collections SET deleted_at = $2, deleted_change = $3, is_default = 0
     WHERE id = $1 AND deleted_at IS NULL`,
    [collection.id, tx.now, change],
  )
  if (found === 0) throw new WriteConflictError('The collection is gone.')
  await addUsage(tx, collection.principalId, -(await countedBytes(tx, collection)))
  await leaveTombstone(tx, collection, change)
  await addEvent(tx, eventOf('collection-deleted', home, collection), origin)
}

/** Takes a deleted collection out of the trash, under a name that is free, with its members and its feed. */
export async function restoreCollection(
  tx: Writer,
  collection: CollectionRow,
  name: string,
  origin: Origin,
): Promise<CollectionRow> {
  const home = await homeOf(tx, collection.homeId)
  const change = await nextChange(tx, home.feedId)
  await expectUnmounted(tx, collection.homeId, name)
  await tx.sql.run('UPDATE feeds SET closed = 0 WHERE id = $1', [collection.feedId])
  const found = await tx.sql.run(
    `UPDATE collections SET deleted_at = NULL, deleted_change = NULL, name = $2, home_change = $3, changed_at = $4
     WHERE id = $1 AND deleted_at IS NOT NULL`,
    [collection.id, name, change, tx.now],
  )
  if (found === 0) throw new WriteConflictError('The collection is not in the trash.')
  await nextChange(tx, collection.feedId)
  await addUsage(tx, collection.principalId, await countedBytes(tx, collection))
  await forgetCollectionTombstone(tx, collection.homeId, name)
  await addEvent(tx, eventOf('collection-created', home, { id: collection.id, name }), origin)
  return await reread(tx, collection.id)
}

/** Renames a collection, or moves it into another home: members, feed, tokens and resource id stay. */
export async function moveCollection(
  tx: Writer,
  collection: CollectionRow,
  to: { readonly homeId: HomeId; readonly name: string },
  origin: Origin,
): Promise<CollectionRow> {
  const from = await homeOf(tx, collection.homeId)
  const target = to.homeId === collection.homeId ? from : await homeOf(tx, to.homeId)
  const gone = from.feedId <= target.feedId ? await nextChange(tx, from.feedId) : undefined
  const arrived = await nextChange(tx, target.feedId)
  const left = gone ?? (await nextChange(tx, from.feedId))
  await expectUnmounted(tx, to.homeId, to.name)
  const found = await tx.sql.run(
    `UPDATE collections SET home_id = $2, name = $3, principal_id = $4, home_change = $5, changed_at = $6,
       is_default = CASE WHEN home_id = $2 THEN is_default ELSE 0 END
     WHERE id = $1 AND deleted_at IS NULL`,
    [collection.id, to.homeId, to.name, target.principalId, arrived, tx.now],
  )
  if (found === 0) throw new WriteConflictError('The collection is gone.')
  if (to.homeId === collection.homeId) {
    const renamed = {
      before: { [addressProperty]: collection.name },
      after: { [addressProperty]: to.name },
    }
    await addCollectionRevision(tx, { collectionId: collection.id }, renamed, origin)
  }
  // What is made from it may name it, and belongs to its owner.
  tx.followed.add(collection.feedId)
  if (target.principalId !== from.principalId) await changeOwner(tx, collection, target.principalId)
  await leaveTombstone(tx, collection, left)
  await forgetCollectionTombstone(tx, to.homeId, to.name)
  await addEvent(tx, eventOf('collection-deleted', from, collection), origin)
  await addEvent(tx, eventOf('collection-created', target, { id: collection.id, name: to.name }), origin)
  return await reread(tx, collection.id)
}

/** The history of its members, and what is in the trash of it, goes along with a collection. */
async function changeOwner(tx: Writer, collection: CollectionRow, owner: PrincipalId): Promise<void> {
  const { id, feedId, principalId } = collection
  await passUsage(tx, principalId, owner, await countedBytes(tx, collection))
  await tx.sql.run('UPDATE feeds SET principal_id = $2 WHERE id = $1', [feedId, owner])
  await tx.sql.run('UPDATE revisions SET principal_id = $2 WHERE collection_id = $1', [id, owner])
}

/** What is made from something else does not count. */
async function countedBytes(tx: Writer, collection: CollectionRow): Promise<number> {
  return isGenerated(collection) ? 0 : collectionBytes(tx, collection.id)
}

/**
 * The caller has looked: on PostgreSQL a mount may have come to the home since, until its feed was locked.
 * @throws WriteConflictError
 */
async function expectUnmounted(tx: Writer, homeId: HomeId, name: string): Promise<void> {
  if (tx.sql.dialect !== 'postgres') return
  const text = `SELECT 1 FROM mounts m JOIN collections c ON c.id = m.collection_id AND c.deleted_at IS NULL
    WHERE m.home_id = $1 AND m.name = $2 AND m.state = 'accepted'`
  if (await tx.sql.first(text, [homeId, name])) throw new WriteConflictError('The name is that of a mount.')
}

/** Makes a collection the default of its home, in the place of the one that was. */
export async function setDefaultCollection(tx: Writer, collection: CollectionRow): Promise<void> {
  await tx.sql.run(
    'UPDATE collections SET is_default = CASE WHEN id = $2 THEN 1 ELSE 0 END WHERE home_id = $1 AND deleted_at IS NULL',
    [collection.homeId, collection.id],
  )
}

/** What a write needs to know of a home. */
export interface Home {
  readonly principalId: PrincipalId
  readonly feedId: FeedId
}

/** @throws WriteConflictError when the home is gone */
export async function homeOf(tx: Writer, homeId: HomeId): Promise<Home> {
  const home = await tx.sql.first<Home>(
    'SELECT principal_id AS "principalId", feed_id AS "feedId" FROM homes WHERE id = $1',
    [homeId],
  )
  if (home === undefined) throw new WriteConflictError('The home is gone.')
  return home
}

function leaveTombstone(tx: Writer, collection: CollectionRow, change: number): Promise<void> {
  return leaveCollectionTombstone(tx, collection.homeId, collection.name, collection.id, change)
}

/** Remembers that nothing lives under a name of a home any more. */
export async function leaveCollectionTombstone(
  tx: Writer,
  homeId: HomeId,
  name: string,
  collectionId: CollectionId,
  change: number,
): Promise<void> {
  await tx.sql.run(
    `INSERT INTO collection_tombstones (home_id, name, collection_id, change, at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (home_id, name) DO UPDATE SET collection_id = excluded.collection_id, change = excluded.change,
       at = excluded.at`,
    [homeId, name, collectionId, change, tx.now],
  )
}

/** Something lives under the name again. */
export async function forgetCollectionTombstone(tx: Writer, homeId: HomeId, name: string): Promise<void> {
  await tx.sql.run('DELETE FROM collection_tombstones WHERE home_id = $1 AND name = $2', [homeId, name])
}

async function reread(tx: Writer, id: CollectionId): Promise<CollectionRow> {
  const row = await findCollectionById(tx, id)
  if (row === undefined) throw new WriteConflictError('The collection is gone.')
  return row
}

function eventOf(
  kind: NewEvent['kind'],
  { principalId, feedId }: Home,
  { id, name }: Pick<CollectionRow, 'id' | 'name'>,
): NewEvent {
  return { principalId, feedId, kind, objectId: id, name }
}

/** Moves a home's feed on, for a change to the properties of the home itself. */
export async function touchHome(tx: Writer, home: { readonly feedId: FeedId }): Promise<void> {
  await nextChange(tx, home.feedId)
}
