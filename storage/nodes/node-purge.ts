import { inList } from '../database.ts'
import { raiseFloor } from '../feeds.ts'
import type { FeedId, HomeId, NodeId, PrincipalId } from '../ids.ts'
import type { Writer } from '../store.ts'

/** What may go. Times are epoch milliseconds: what is older goes. */
export interface NodeRetention {
  readonly revisionsBefore: number
  /** So many of a file's newest revisions stay, however old. */
  readonly keepRevisions: number
  readonly trashBefore: number
  readonly tombstonesBefore: number
  /** Rows of each kind at most, so that a write stays short. */
  readonly batch: number
  /** Where the look at revisions goes on: `nextNode` of the answer before. */
  readonly afterNode?: NodeId | undefined
}

export interface NodePurgeCounts {
  readonly revisions: number
  /** Folders and files that were in the trash. */
  readonly nodes: number
  readonly tombstones: number
  /** Undefined when every node's revisions have been looked at. */
  readonly nextNode: NodeId | undefined
  /** Whether a batch was full: the caller comes again. */
  readonly more: boolean
}

/** Takes away what has outlived its time, a batch of each kind; the octets go later, when nothing refers to them. */
export async function purgeNodes(tx: Writer, retention: NodeRetention): Promise<NodePurgeCounts> {
  const { batch } = retention
  const { revisions, nextNode } = await purgeRevisions(tx, retention)
  const nodes = await purgeTrash(tx, 'deleted_at < $1', [retention.trashBefore], batch)
  const tombstones = await purgeTombstones(tx, retention.tombstonesBefore, batch)
  return { revisions, nodes, tombstones, nextNode, more: nodes >= batch || tombstones >= batch }
}

/** Takes an account's folders and files out of the trash, a batch. @param only  this one @returns how many */
export function emptyNodeTrash(
  tx: Writer,
  principalId: PrincipalId,
  batch: number,
  only?: NodeId,
): Promise<number> {
  const one = only === undefined ? '' : ' AND id = $2'
  const params = only === undefined ? [principalId] : [principalId, only]
  return purgeTrash(tx, `principal_id = $1 AND deleted_at IS NOT NULL${one}`, params, batch)
}

/** Removes all folders and files that an account has and had. */
export async function removeNodes({ sql }: Writer, principalId: PrincipalId): Promise<void> {
  const living = `SELECT id FROM nodes WHERE deleted_root IS NULL
    AND home_id IN (SELECT id FROM homes WHERE principal_id = $1)`
  const dead = `SELECT id FROM nodes WHERE deleted_root IN
    (SELECT id FROM nodes WHERE principal_id = $1 AND deleted_at IS NOT NULL)`
  const own = `IN (${living} UNION ALL ${dead})`
  for (const table of ['dead_properties', 'aces'])
    await sql.run(`DELETE FROM ${table} WHERE target_kind = 'node' AND target_id ${own}`, [principalId])
  await sql.run(`DELETE FROM party_links WHERE kind = 'node' AND target_id ${own}`, [principalId])
  await sql.run(`DELETE FROM search_documents WHERE source = 'node' AND source_id ${own}`, [principalId])
  await sql.run('DELETE FROM node_revisions WHERE principal_id = $1', [principalId])
  await sql.run(`DELETE FROM nodes WHERE id ${own}`, [principalId])
}

/** Looks at the next nodes' revisions, and takes the old ones beyond those that stay. */
async function purgeRevisions(
  tx: Writer,
  { revisionsBefore, keepRevisions, batch, afterNode = 0 }: NodeRetention,
): Promise<{ revisions: number; nextNode: NodeId | undefined }> {
  const nodes = await tx.sql.all<{ id: NodeId; count: number }>(
    `SELECT node_id AS id, count(*) AS count FROM node_revisions WHERE node_id > $1
     GROUP BY node_id ORDER BY node_id LIMIT $2`,
    [afterNode, batch],
  )
  let revisions = 0
  for (const { id, count } of nodes) {
    if (count <= keepRevisions) continue
    revisions += await tx.sql.run(
      `DELETE FROM node_revisions WHERE node_id = $1 AND at < $2 AND id NOT IN
         (SELECT kept.id FROM node_revisions kept WHERE kept.node_id = $1 ORDER BY kept.id DESC LIMIT $3)`,
      [id, revisionsBefore, Math.max(keepRevisions, 1)],
    )
  }
  return { revisions, nextNode: nodes.length < batch ? undefined : nodes[nodes.length - 1]?.id }
}

/** A root whose purge has begun cannot be restored any more: its `deleted_at` is 0 from then on. */
async function purgeTrash(
  tx: Writer,
  condition: string,
  params: readonly number[],
  batch: number,
): Promise<number> {
  const { sql } = tx
  const roots = await sql.all<{ id: NodeId }>(
    `SELECT id FROM nodes WHERE ${condition} ORDER BY deleted_at, id LIMIT $${params.length + 1}`,
    [...params, batch],
  )
  let gone = 0
  for (const { id } of roots) {
    const doomed = await sql.run('UPDATE nodes SET deleted_at = 0 WHERE id = $1 AND deleted_at IS NOT NULL', [
      id,
    ])
    if (doomed === 0) continue
    const below = await sql.all<{ id: NodeId }>(
      'SELECT id FROM nodes WHERE deleted_root = $1 AND id <> $1 ORDER BY id LIMIT $2',
      [id, batch - gone],
    )
    await forgetNodes(
      tx,
      below.map((row) => row.id),
    )
    gone += below.length
    if (gone >= batch) return gone
    await forgetNodes(tx, [id])
    gone += 1
    if (gone >= batch) return gone
  }
  return gone
}

async function forgetNodes({ sql }: Writer, ids: readonly NodeId[]): Promise<void> {
  if (ids.length === 0) return
  const among = (column: string) => inList(sql.dialect, column, '$1', 'bigint')
  await sql.run(`DELETE FROM dead_properties WHERE target_kind = 'node' AND ${among('target_id')}`, [ids])
  await sql.run(`DELETE FROM aces WHERE target_kind = 'node' AND ${among('target_id')}`, [ids])
  await sql.run(`DELETE FROM node_revisions WHERE ${among('node_id')}`, [ids])
  await sql.run(`DELETE FROM party_links WHERE kind = 'node' AND ${among('target_id')}`, [ids])
  await sql.run(`DELETE FROM nodes WHERE ${among('id')}`, [ids])
}

async function purgeTombstones(tx: Writer, before: number, batch: number): Promise<number> {
  const old = await tx.sql.all<{
    homeId: HomeId
    parentId: NodeId
    foldedName: string
    kind: string
    change: number
    feedId: FeedId
  }>(
    `SELECT t.home_id AS "homeId", t.parent_id AS "parentId", t.folded_name AS "foldedName", t.kind, t.change,
       h.feed_id AS "feedId" FROM node_tombstones t JOIN homes h ON h.id = t.home_id
     WHERE t.at < $1 ORDER BY t.at LIMIT $2`,
    [before, batch],
  )
  const floors = new Map<FeedId, number>()
  for (const { feedId, change } of old) floors.set(feedId, Math.max(floors.get(feedId) ?? 0, change))
  for (const [feedId, floor] of [...floors].sort(([one], [other]) => one - other))
    await raiseFloor(tx, feedId, floor)
  for (const { homeId, parentId, foldedName, kind, change } of old) {
    await tx.sql.run(
      `DELETE FROM node_tombstones
       WHERE home_id = $1 AND parent_id = $2 AND folded_name = $3 AND kind = $4 AND change = $5`,
      [homeId, parentId, foldedName, kind, change],
    )
  }
  return old.length
}
