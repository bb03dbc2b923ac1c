import { raiseFloor } from '../feeds.ts'
import type { CollectionId, FeedId } from '../ids.ts'
import type { Writer } from '../store.ts'

/** Takes away the oldest tombstones of members, a batch. @returns how many */
export async function purgeTombstones(tx: Writer, before: number, batch: number): Promise<number> {
  const old = await tx.sql.all<MemberTombstone>(
    `SELECT t.collection_id AS id, t.name, t.change, c.feed_id AS "feedId" FROM tombstones t
     JOIN collections c ON c.id = t.collection_id WHERE t.at < $1 ORDER BY t.at LIMIT $2`,
    [before, batch],
  )
  await dropTombstones(tx, old)
  return old.length
}

/** A tombstone of a member, with the feed of its collection. */
export interface MemberTombstone {
  readonly id: CollectionId
  readonly name: string
  readonly change: number
  readonly feedId: FeedId
}

/** Takes tombstones away: whoever has not heard of them starts again. */
export async function dropTombstones(tx: Writer, tombstones: readonly MemberTombstone[]): Promise<void> {
  await raiseFloors(tx, tombstones)
  for (const { id, name, change } of tombstones) {
    const text = 'DELETE FROM tombstones WHERE collection_id = $1 AND name = $2 AND change = $3'
    await tx.sql.run(text, [id, name, change])
  }
}

/** The same of whole collections. */
export async function purgeCollectionTombstones(tx: Writer, before: number, batch: number): Promise<number> {
  const old = await tx.sql.all<{ id: number; name: string; change: number; feedId: FeedId }>(
    `SELECT t.home_id AS id, t.name, t.change, h.feed_id AS "feedId" FROM collection_tombstones t
     JOIN homes h ON h.id = t.home_id WHERE t.at < $1 ORDER BY t.at LIMIT $2`,
    [before, batch],
  )
  await raiseFloors(tx, old)
  for (const { id, name, change } of old) {
    const text = 'DELETE FROM collection_tombstones WHERE home_id = $1 AND name = $2 AND change = $3'
    await tx.sql.run(text, [id, name, change])
  }
  return old.length
}

/** In the order of the feeds, as every write locks them. */
async function raiseFloors(tx: Writer, lost: readonly { feedId: FeedId; change: number }[]): Promise<void> {
  const floors = new Map<FeedId, number>()
  for (const { feedId, change } of lost) floors.set(feedId, Math.max(floors.get(feedId) ?? 0, change))
  const inOrder = [...floors].sort(([one], [other]) => one - other)
  for (const [feedId, floor] of inOrder) await raiseFloor(tx, feedId, floor)
}
