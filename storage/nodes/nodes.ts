import { inList } from '../database.ts'
import type { BlobId, FeedId, HomeId, NodeId, PrincipalId } from '../ids.ts'
import { grouped, selectList } from '../select.ts'
import type { Reader, Store } from '../store.ts'
import { foldNodeName } from './node-name.ts'

/** A folder or a file. */
export interface NodeRow {
  readonly id: NodeId
  readonly homeId: HomeId
  /** The owner of the tree. */
  readonly principalId: PrincipalId
  /** The folder it lies in; 0 for the home itself. */
  readonly parentId: NodeId
  readonly kind: 'folder' | 'file'
  /** Its segment in URLs, as it was written when it was made. */
  readonly name: string
  /** The octets of a file; null for a folder. */
  readonly blobId: BlobId | null
  /** Octets of a file; 0 for a folder. */
  readonly size: number
  /** As its client named it; null where none did. */
  readonly mediaType: string | null
  /** Of the octets; for a folder one that changes with its name and its properties. */
  readonly etag: string
  /** The number in the home's feed at which it came or changed. */
  readonly change: number
  /** Stays when it is moved. @see RFC 5842 §3.1 */
  readonly resourceId: string
  readonly createdAt: number
  readonly modifiedAt: number
}

export const nodeFields: readonly (keyof NodeRow & string)[] = [
  'id',
  'homeId',
  'principalId',
  'parentId',
  'kind',
  'name',
  'blobId',
  'size',
  'mediaType',
  'etag',
  'change',
  'resourceId',
  'createdAt',
  'modifiedAt',
]
/** All columns of a node from `n`. */
export const nodeColumns = selectList<NodeRow>('n', nodeFields)

/** The parent of what lies in the home itself. */
export const top: NodeId = 0

/** What the write path needs to know of a home of files; a HomeRow has it. */
export interface FilesHome {
  readonly id: HomeId
  readonly feedId: FeedId
  readonly principalId: PrincipalId
}

/** @param name  in any form of Unicode: names are compared after normalisation (FND-05) */
export function findNode(
  reader: Reader,
  homeId: HomeId,
  parentId: NodeId,
  name: string,
): Promise<NodeRow | undefined> {
  return reader.sql.first<NodeRow>(
    `SELECT ${nodeColumns} FROM nodes n
     WHERE n.home_id = $1 AND n.parent_id = $2 AND n.folded_name = $3 AND n.deleted_root IS NULL`,
    [homeId, parentId, foldNodeName(name)],
  )
}

export function findNodeById(reader: Reader, id: NodeId): Promise<NodeRow | undefined> {
  return reader.sql.first<NodeRow>(
    `SELECT ${nodeColumns} FROM nodes n WHERE n.id = $1 AND n.deleted_root IS NULL`,
    [id],
  )
}

/** A node in the trash that was taken there itself, not with a folder around it. */
export interface TrashedNodeRow extends NodeRow {
  readonly deletedAt: number
}

const inTrash = 'n.deleted_at > 0'
const trashColumns = `${nodeColumns}, n.deleted_at AS "deletedAt"`

export function findTrashedNode(reader: Reader, id: NodeId): Promise<TrashedNodeRow | undefined> {
  return reader.sql.first<TrashedNodeRow>(
    `SELECT ${trashColumns} FROM nodes n WHERE n.id = $1 AND ${inTrash}`,
    [id],
  )
}

/** The trash of an account, the latest deletion first. @param options.before  `deletedAt` and `id` of the last one seen */
export function listTrashedNodes(
  reader: Reader,
  principalId: PrincipalId,
  options: { readonly before?: Pick<TrashedNodeRow, 'deletedAt' | 'id'> | undefined; readonly limit: number },
): Promise<TrashedNodeRow[]> {
  const { before, limit } = options
  return reader.sql.all<TrashedNodeRow>(
    `SELECT ${trashColumns} FROM nodes n WHERE n.principal_id = $1 AND ${inTrash}
       AND (n.deleted_at < $2 OR (n.deleted_at = $2 AND n.id < $3))
     ORDER BY n.deleted_at DESC, n.id DESC LIMIT $4`,
    [principalId, before?.deletedAt ?? Number.MAX_SAFE_INTEGER, before?.id ?? 0, limit],
  )
}

/** The living nodes of these ids, in no order. The caller bounds their number. */
export function findNodesByIds({ sql }: Reader, ids: readonly NodeId[]): Promise<NodeRow[]> {
  const text = `SELECT ${nodeColumns} FROM nodes n
    WHERE ${inList(sql.dialect, 'n.id', '$1', 'bigint')} AND n.deleted_root IS NULL`
  return sql.all<NodeRow>(text, [ids])
}

/**
 * The nodes along a path, from the top down, in one query; shorter than the path where the rest is not there. One that is
 * shorter by one name says where it could be made.
 * @param names  the decoded segments below the home; nothing lies as deep as a thousand of them
 */
export async function findNodePath(
  { sql }: Reader,
  homeId: HomeId,
  names: readonly string[],
): Promise<NodeRow[]> {
  if (names.length === 0) return []
  const wanted =
    sql.dialect === 'sqlite'
      ? 'SELECT key AS level, value AS name FROM json_each($2)'
      : 'SELECT ordinality - 1 AS level, name FROM unnest($2::text[]) WITH ORDINALITY AS given (name, ordinality)'
  const here = 'n.home_id = $1 AND n.folded_name = w.name AND n.deleted_root IS NULL'
  return await sql.all<NodeRow>(
    `WITH RECURSIVE wanted (level, name) AS (${wanted}),
     walk (id, level) AS (
       SELECT n.id, w.level FROM wanted w CROSS JOIN nodes n WHERE w.level = 0 AND n.parent_id = 0 AND ${here}
       UNION ALL
       SELECT n.id, w.level FROM walk CROSS JOIN wanted w CROSS JOIN nodes n
         WHERE w.level = walk.level + 1 AND n.parent_id = walk.id AND ${here})
     SELECT ${nodeColumns} FROM walk CROSS JOIN nodes n WHERE n.id = walk.id ORDER BY walk.level`,
    [homeId, names.slice(0, deepest).map(foldNodeName)],
  )
}

const deepest = 1_000

/** All living folders of a home. The caller bounds their number by what an account may have. */
export function listFolders(reader: Reader, homeId: HomeId): Promise<NodeRow[]> {
  return reader.sql.all<NodeRow>(
    `SELECT ${nodeColumns} FROM nodes n
     WHERE n.home_id = $1 AND n.kind = 'folder' AND n.deleted_root IS NULL ORDER BY n.id`,
    [homeId],
  )
}

/** The folders around a node, from the top down. */
export async function foldersAbove(
  reader: Reader,
  node: Pick<NodeRow, 'homeId' | 'parentId'>,
): Promise<NodeRow[]> {
  if (node.parentId === top) return []
  return await reader.sql.all<NodeRow>(
    `WITH RECURSIVE above (id, parent_id, level) AS (
       SELECT id, parent_id, 0 FROM nodes WHERE id = $1
       UNION ALL
       SELECT p.id, p.parent_id, above.level + 1 FROM above CROSS JOIN nodes p WHERE p.id = above.parent_id)
     SELECT ${nodeColumns} FROM above CROSS JOIN nodes n WHERE n.id = above.id ORDER BY above.level DESC`,
    [node.parentId],
  )
}

/** The folders around each of these nodes, from the top down; those that lie in the home itself have none. */
export async function foldersAround(
  { sql }: Reader,
  ids: readonly NodeId[],
): Promise<ReadonlyMap<NodeId, NodeRow[]>> {
  if (ids.length === 0) return new Map()
  const rows = await sql.all<NodeRow & { nodeId: NodeId }>(
    `WITH RECURSIVE above (node_id, id, level) AS (
       SELECT id, parent_id, 0 FROM nodes WHERE ${inList(sql.dialect, 'id', '$1', 'bigint')}
       UNION ALL
       SELECT above.node_id, p.parent_id, above.level + 1 FROM above CROSS JOIN nodes p WHERE p.id = above.id)
     SELECT ${nodeColumns}, above.node_id AS "nodeId" FROM above CROSS JOIN nodes n WHERE n.id = above.id
     ORDER BY above.node_id, above.level DESC`,
    [ids],
  )
  return grouped(rows, ({ nodeId }) => nodeId)
}

/**
 * What lies in a folder, in pages ordered by name. Each page is its own short read: what is written meanwhile may show or
 * not, and has a change number above the one read before the first page.
 */
export async function* listNodes(
  store: Pick<Store, 'read'>,
  homeId: HomeId,
  parentId: NodeId,
  { pageSize = 500 }: { readonly pageSize?: number } = {},
): AsyncGenerator<readonly NodeRow[]> {
  const text = `SELECT ${nodeColumns}, n.folded_name AS "foldedName" FROM nodes n
    WHERE n.home_id = $1 AND n.parent_id = $2 AND n.folded_name > $3 AND n.deleted_root IS NULL
    ORDER BY n.folded_name LIMIT $4`
  for (let after = ''; ; ) {
    const page = await store.read(({ sql }) =>
      sql.all<NodeRow & { foldedName: string }>(text, [homeId, parentId, after, pageSize]),
    )
    if (page.length > 0) yield page
    const last = page[page.length - 1]
    if (last === undefined || page.length < pageSize) return
    after = last.foldedName
  }
}

/** How many nodes and octets there are. */
export interface NodeTotals {
  readonly nodes: number
  readonly bytes: number
}

/** Of a node with all that lies below it. */
export async function subtreeTotals(reader: Reader, node: NodeRow): Promise<NodeTotals> {
  if (node.kind === 'file') return { nodes: 1, bytes: node.size }
  const row = await reader.sql.first<NodeTotals>(
    `WITH RECURSIVE ${subtree('$1', '$2')}
     SELECT count(*) AS nodes, CAST(coalesce(sum(n.size), 0) AS bigint) AS bytes
     FROM sub CROSS JOIN nodes n WHERE n.id = sub.id`,
    [node.id, node.homeId],
  )
  return row ?? { nodes: 0, bytes: 0 }
}

/** Of a node in the trash with all that went there with it. */
export async function trashedTotals(reader: Reader, { id }: NodeRow): Promise<NodeTotals> {
  const row = await reader.sql.first<NodeTotals>(
    `SELECT count(*) AS nodes, CAST(coalesce(sum(size), 0) AS bigint) AS bytes FROM nodes WHERE deleted_root = $1`,
    [id],
  )
  return row ?? { nodes: 0, bytes: 0 }
}

/** How many levels lie below a node in the trash, of what went there with it. */
export async function trashedDepth(reader: Reader, { id }: NodeRow): Promise<number> {
  const row = await reader.sql.first<{ depth: number }>(
    `WITH RECURSIVE below (id, depth) AS (SELECT CAST($1 AS bigint), 0 UNION ALL
       SELECT n.id, below.depth + 1 FROM below
         JOIN nodes n ON n.deleted_root = $1 AND n.parent_id = below.id AND n.id <> $1)
     SELECT max(depth) AS depth FROM below`,
    [id],
  )
  return row?.depth ?? 0
}

/** Of all that lives in a home. */
export async function homeTotals(reader: Reader, homeId: HomeId): Promise<NodeTotals> {
  const row = await reader.sql.first<NodeTotals>(
    `SELECT count(*) AS nodes, CAST(coalesce(sum(size), 0) AS bigint) AS bytes FROM nodes
     WHERE home_id = $1 AND deleted_root IS NULL`,
    [homeId],
  )
  return row ?? { nodes: 0, bytes: 0 }
}

/** How many levels lie below a node: 0 for a file or an empty folder. */
export async function subtreeDepth(reader: Reader, node: NodeRow): Promise<number> {
  if (node.kind === 'file') return 0
  const row = await reader.sql.first<{ depth: number }>(
    `WITH RECURSIVE ${subtree('$1', '$2')} SELECT max(depth) AS depth FROM sub`,
    [node.id, node.homeId],
  )
  return row?.depth ?? 0
}

/**
 * The common table `sub (id, depth)`: a node and all that lives below it. SQLite follows the order of a cross join; else
 * it looks through the whole home for every node.
 * @param node, home  the parameters with their ids
 */
export function subtree(node: string, home: string): string {
  return `sub (id, depth) AS (SELECT CAST(${node} AS bigint), 0 UNION ALL
    SELECT n.id, sub.depth + 1 FROM sub CROSS JOIN nodes n
      WHERE n.home_id = ${home} AND n.parent_id = sub.id AND n.deleted_root IS NULL)`
}
