import { inList } from '../database.ts'
import type { NodeId, PrincipalId } from '../ids.ts'
import type { Reader } from '../store.ts'
import { type NodeRow, nodeColumns } from './nodes.ts'

/** Where a page of what lies in a folder begins: behind this one. */
export interface ChildPlace {
  /** 0 for folders, which come first, 1 for files. */
  readonly rank: number
  readonly foldedName: string
}

export type ChildRow = NodeRow & ChildPlace

/** What lies in a folder, the folders first, then by name. */
export function listChildren(
  { sql }: Reader,
  { homeId, parentId }: Pick<NodeRow, 'homeId' | 'parentId'>,
  { after, limit }: { readonly after: ChildPlace | undefined; readonly limit: number },
): Promise<ChildRow[]> {
  return sql.all<ChildRow>(
    `SELECT ${nodeColumns}, ${rank} AS rank, n.folded_name AS "foldedName" FROM nodes n
     WHERE n.home_id = $1 AND n.parent_id = $2 AND n.deleted_root IS NULL AND (${rank}, n.folded_name) > ($3, $4)
     ORDER BY ${rank}, n.folded_name LIMIT $5`,
    [homeId, parentId, after?.rank ?? -1, after?.foldedName ?? '', limit],
  )
}

const rank = `CASE n.kind WHEN 'folder' THEN 0 ELSE 1 END`

/** Who wrote each of these last; those of which that is not known are left out. */
export async function lastAuthors(
  { sql }: Reader,
  ids: readonly NodeId[],
): Promise<ReadonlyMap<NodeId, PrincipalId>> {
  const rows = await sql.all<{ nodeId: NodeId; authorId: PrincipalId | null }>(
    `SELECT r.node_id AS "nodeId", r.author_id AS "authorId" FROM node_revisions r WHERE r.id IN (
       SELECT max(l.id) FROM node_revisions l
       WHERE ${inList(sql.dialect, 'l.node_id', '$1', 'bigint')} GROUP BY l.node_id)`,
    [ids],
  )
  return new Map(
    rows.flatMap(({ nodeId, authorId }) => (authorId === null ? [] : [[nodeId, authorId] as const])),
  )
}

/** The names in a folder that begin so, to find one that is free. @param limit  names at most */
export async function namesLike(
  { sql }: Reader,
  { homeId, parentId }: Pick<NodeRow, 'homeId' | 'parentId'>,
  start: string,
  limit: number,
): Promise<ReadonlySet<string>> {
  const rows = await sql.all<{ foldedName: string }>(
    `SELECT n.folded_name AS "foldedName" FROM nodes n
     WHERE n.home_id = $1 AND n.parent_id = $2 AND n.deleted_root IS NULL
       AND substr(n.folded_name, 1, length($3)) = $3 LIMIT $4`,
    [homeId, parentId, start, limit],
  )
  return new Set(rows.map(({ foldedName }) => foldedName))
}
