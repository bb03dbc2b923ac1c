import { WriteConflictError } from './errors.ts'
import type { CollectionId, FeedId, HomeId, PrincipalId } from './ids.ts'
import { larger } from './select.ts'
import type { Reader, Writer } from './store.ts'

export interface FeedState {
  /** The present change number. */
  readonly change: number
  /** Tokens below this number are invalid: tombstones they would need are gone. */
  readonly floor: number
}

/**
 * Moves a feed on by one. On PostgreSQL this locks the feed until the end of the write, so that change numbers are
 * committed in their order: it comes before all that the write does to the feed's members.
 * @throws WriteConflictError when the feed was closed meanwhile, its collection being deleted
 */
export function nextChange(tx: Writer, feedId: FeedId): Promise<number> {
  return nextChanges(tx, feedId, 1)
}

/** The same for several members at once. @returns the last of so many numbers */
export async function nextChanges(tx: Writer, feedId: FeedId, count: number): Promise<number> {
  return (await moveOn(tx, feedId, count)).change
}

/**
 * The same for a member of a collection.
 * @param of  `listsSince` as the collection was read in this write
 * @throws WriteConflictError also when lists of people have come to it since: what depends on them is judged anew
 */
export async function nextMemberChange(
  tx: Writer,
  { feedId, listsSince }: { readonly feedId: FeedId; readonly listsSince?: number | null | undefined },
): Promise<number> {
  const moved = await moveOn(tx, feedId, 1)
  if (listsSince === null && moved.listsSince !== null) throw new WriteConflictError('There are lists now.')
  return moved.change
}

async function moveOn(
  tx: Writer,
  feedId: FeedId,
  count: number,
): Promise<{ readonly change: number; readonly listsSince: number | null }> {
  const row = await tx.sql.first<{ change: number; followed: number; listsSince: number | null }>(
    `UPDATE feeds SET change = change + $2 WHERE id = $1 AND closed = 0
     RETURNING change, followed, lists_since AS "listsSince"`,
    [feedId, count],
  )
  if (row === undefined) throw new WriteConflictError('The feed is closed.')
  tx.feedChanged()
  if (row.followed === 1) tx.followed.add(feedId)
  return row
}

/**
 * Keeps other writes from the feed until this one ends, for writes that decide by what they read (If-Match, limits).
 * Without it they are run again when something they had read has changed meanwhile.
 */
export async function lockFeed(tx: Writer, feedId: FeedId): Promise<void> {
  if (tx.sql.dialect === 'postgres')
    await tx.sql.first('SELECT 1 FROM feeds WHERE id = $1 FOR UPDATE', [feedId])
}

/** The same of several, in the order of their ids: two writes that want both never wait for each other. */
export async function lockFeeds(tx: Writer, feedIds: readonly FeedId[]): Promise<void> {
  for (const id of [...new Set(feedIds)].sort((one, other) => one - other)) await lockFeed(tx, id)
}

/** Keeps other writes from making and deleting collections of a home until this one ends. */
export async function lockHome(tx: Writer, homeId: HomeId): Promise<void> {
  if (tx.sql.dialect !== 'postgres') return
  await tx.sql.first(
    'SELECT 1 FROM feeds f JOIN homes h ON h.feed_id = f.id WHERE h.id = $1 FOR UPDATE OF f',
    [homeId],
  )
}

export function feedState(reader: Reader, feedId: FeedId): Promise<FeedState | undefined> {
  return reader.sql.first<FeedState>('SELECT change, floor FROM feeds WHERE id = $1', [feedId])
}

/** Makes tokens below `change` invalid. */
export async function raiseFloor(tx: Writer, feedId: FeedId, change: number): Promise<void> {
  const floor = larger(tx.sql.dialect, 'floor', 'CAST($2 AS bigint)')
  await tx.sql.run(`UPDATE feeds SET floor = ${floor} WHERE id = $1`, [feedId, change])
}

/** Says whether something is made from what is in the feed: then the store's `beforeCommit` is told when it moves on. */
export async function followFeed(tx: Writer, feedId: FeedId, isFollowed: boolean): Promise<void> {
  await tx.sql.run('UPDATE feeds SET followed = $2 WHERE id = $1', [feedId, isFollowed ? 1 : 0])
}

/** A new feed at number 0. */
export async function createFeed(
  tx: Writer,
  feed: {
    kind: 'collection' | 'home' | 'mount' | 'notifications'
    principalId: PrincipalId
    collectionId?: CollectionId
  },
): Promise<FeedId> {
  const row = await tx.sql.first<{ id: FeedId }>(
    'INSERT INTO feeds (kind, principal_id, collection_id) VALUES ($1, $2, $3) RETURNING id',
    [feed.kind, feed.principalId, feed.collectionId],
  )
  if (row === undefined) throw new Error('The feed was not made.')
  return row.id
}
