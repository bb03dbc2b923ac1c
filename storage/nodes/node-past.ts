import type { DeviceSpan, RequestSpan } from '../history/object-revisions.ts'
import type { NodeId, PrincipalId, RevisionId } from '../ids.ts'
import type { Reader } from '../store.ts'
import { type NodeRevisionRow, nodeRevisionColumns } from './node-revisions.ts'
import { type NodeRow, nodeColumns, subtree } from './nodes.ts'

/** What a device did to folders and files between two moments, the latest first. Those of one collection are none. */
export async function nodeRevisionsOfDevice(
  { sql }: Reader,
  { deviceId, from, to, ownerId, collectionId }: DeviceSpan,
  most: number,
): Promise<NodeRevisionRow[]> {
  if (collectionId !== undefined) return []
  return sql.all<NodeRevisionRow>(
    `SELECT ${nodeRevisionColumns} FROM node_revisions r WHERE r.device_id = $1 AND r.at >= $2 AND r.at <= $3
       AND r.origin NOT IN ('rule', 'job') AND r.principal_id = coalesce(CAST($4 AS bigint), r.principal_id)
     ORDER BY r.id DESC LIMIT $5`,
    [deviceId, from, to, ownerId, most],
  )
}

/** What somebody did to them with one request over the API, or by undoing, the latest first. */
export function nodeRevisionsOfRequest(
  { sql }: Reader,
  { request, authorId }: RequestSpan,
  most: number,
): Promise<NodeRevisionRow[]> {
  return sql.all<NodeRevisionRow>(
    `SELECT ${nodeRevisionColumns} FROM node_revisions r WHERE r.request_id = $1
       AND (r.origin = 'web' OR r.origin = 'restore' OR r.origin = 'move' OR r.origin = 'copy') AND r.author_id = $2
     ORDER BY r.id DESC LIMIT $3`,
    [request, authorId, most],
  )
}

/** Every state of a folder or a file that is kept, the oldest first: of one that another was moved onto its own alone. */
export function pastOfNode({ sql }: Reader, id: NodeId): Promise<NodeRevisionRow[]> {
  return sql.all<NodeRevisionRow>(
    `SELECT ${nodeRevisionColumns} FROM node_revisions r WHERE r.node_id = $1 AND r.former_id IS NULL
     UNION ALL SELECT ${nodeRevisionColumns} FROM node_revisions r WHERE r.former_id = $1 ORDER BY id`,
    [id],
  )
}

/** A folder or a file, living or in the trash. */
export function findAnyNode({ sql }: Reader, id: NodeId): Promise<NodeRow | undefined> {
  return sql.first<NodeRow>(`SELECT ${nodeColumns} FROM nodes n WHERE n.id = $1`, [id])
}

/** What lives below a folder. The caller has deferred, and so bounded, what it is compared with. @param most  ids at most */
export async function idsBelow(
  { sql }: Reader,
  { id, homeId }: Pick<NodeRow, 'id' | 'homeId'>,
  most: number,
): Promise<NodeId[]> {
  const rows = await sql.all<{ id: NodeId }>(
    `WITH RECURSIVE ${subtree('$1', '$2')} SELECT id FROM sub WHERE id <> $1 LIMIT $3`,
    [id, homeId, most],
  )
  return rows.map((row) => row.id)
}

/** What has happened, after one change, to what lives below a folder. */
export function changesBelow(
  { sql }: Reader,
  { id, homeId }: Pick<NodeRow, 'id' | 'homeId'>,
  after: RevisionId,
): Promise<NodeRevisionRow[]> {
  return sql.all<NodeRevisionRow>(
    `WITH RECURSIVE ${subtree('$1', '$2')}
     SELECT ${nodeRevisionColumns} FROM sub CROSS JOIN node_revisions r
     WHERE r.node_id = sub.id AND r.id > $3 AND sub.id <> $1`,
    [id, homeId, after],
  )
}

/** The home of an account's files. */
export async function homeOfFiles({ sql }: Reader, principalId: PrincipalId): Promise<number | undefined> {
  const text = "SELECT id FROM homes WHERE principal_id = $1 AND kind = 'files'"
  return (await sql.first<{ id: number }>(text, [principalId]))?.id
}
