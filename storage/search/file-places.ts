import { type Dialect, inList } from '../database.ts'
import type { HomeId, NodeId, PrincipalId } from '../ids.ts'
import type { OpenTo } from '../people/open-collections.ts'
import type { Reader, Store, Writer } from '../store.ts'
import { type Scope, scopeOf } from './scopes.ts'

/** A file, and where those look who may read it. */
export interface FilePlace {
  readonly id: NodeId
  readonly name: string
  readonly scope: Scope
}

interface PlacedRow {
  readonly id: NodeId
  readonly name: string
  readonly homeId: HomeId
  /** The nearest folder that has a list of its own that says who may do what; null where none has. */
  readonly guardId: NodeId | null
}

/** The living files among these nodes, and all that lie in the folders among them. */
export async function filesUnder({ sql }: Reader, ids: readonly NodeId[]): Promise<FilePlace[]> {
  const rows = await sql.all<PlacedRow>(
    `WITH RECURSIVE ${above(sql.dialect)},
     sub (id, kind, name, home_id, guard_id) AS (
       SELECT n.id, n.kind, n.name, n.home_id,
         (SELECT w.id FROM above w WHERE w.node_id = n.id AND ${isGuarded('w.id')} ORDER BY w.level LIMIT 1)
         FROM nodes n WHERE ${inList(sql.dialect, 'n.id', '$1', 'bigint')} AND n.deleted_root IS NULL
       UNION ALL
       SELECT n.id, n.kind, n.name, n.home_id, CASE WHEN ${isGuarded('n.id')} THEN n.id ELSE sub.guard_id END
         FROM sub CROSS JOIN nodes n
         WHERE n.home_id = sub.home_id AND n.parent_id = sub.id AND n.deleted_root IS NULL)
     SELECT DISTINCT id, name, home_id AS "homeId", guard_id AS "guardId" FROM sub WHERE kind = 'file' ORDER BY id`,
    [ids],
  )
  return rows.map(({ id, name, homeId, guardId }) => ({
    ...{ id, name },
    scope: guardId === null ? scopeOf.files(homeId) : scopeOf.folder(guardId),
  }))
}

/** The nodes $1 themselves and the folders around each: `above (node_id, id, parent_id, level)`. */
function above(dialect: Dialect): string {
  return `above (node_id, id, parent_id, level) AS (
    SELECT id, id, parent_id, 0 FROM nodes WHERE ${inList(dialect, 'id', '$1', 'bigint')}
    UNION ALL
    SELECT above.node_id, p.id, p.parent_id, above.level + 1
      FROM above CROSS JOIN nodes p WHERE p.id = above.parent_id)`
}

function isGuarded(column: string): string {
  return `EXISTS (SELECT 1 FROM aces a WHERE a.target_kind = 'node' AND a.target_id = ${column})`
}

/** Takes these nodes out of the search, and all that went to the trash with them. @param living  files that stay in it */
export async function dropGoneFiles(
  { sql }: Writer,
  ids: readonly NodeId[],
  living: ReadonlySet<NodeId>,
): Promise<void> {
  const among = (column: string): string => inList(sql.dialect, column, '$1', 'bigint')
  const gone = ids.filter((id) => !living.has(id))
  if (gone.length === 0) return
  const from = "DELETE FROM search_documents WHERE source = 'node'"
  await sql.run(`${from} AND ${among('source_id')}`, [gone])
  await sql.run(`${from} AND source_id IN (SELECT id FROM nodes WHERE ${among('deleted_root')})`, [gone])
}

/** Folders with lists of their own that somebody's search looks into, at most. */
const mostFolders = 500

/** Where somebody may find files: what he may read of it is decided by the lists. */
export interface OpenFiles {
  readonly homes: readonly { readonly id: HomeId; readonly principalId: PrincipalId }[]
  /** Folders with lists of their own. */
  readonly folders: readonly NodeId[]
}

/** Homes that are his own, and those in which a list names him or everybody; and the folders with lists in them. */
export async function openFiles(
  { sql }: Reader,
  { principalId, principals }: Omit<OpenTo, 'proxyOf'>,
): Promise<OpenFiles> {
  const homes = await sql.all<OpenFiles['homes'][number]>(
    `WITH granted AS (
       SELECT a.target_kind, a.target_id FROM aces a
       WHERE a.target_kind IN ('home', 'node') AND a.is_grant = 1
         AND (a.subject IN ('all', 'authenticated')
           OR (a.subject = 'principal' AND ${inList(sql.dialect, 'a.principal_id', '$2', 'bigint')})))
     SELECT h.id, h.principal_id AS "principalId" FROM homes h WHERE h.kind = 'files' AND (h.principal_id = $1
       OR h.id IN (SELECT target_id FROM granted WHERE target_kind = 'home')
       OR h.id IN (SELECT n.home_id FROM granted CROSS JOIN nodes n WHERE granted.target_kind = 'node'
           AND n.id = granted.target_id AND n.deleted_root IS NULL))`,
    [principalId, [...principals]],
  )
  const folders = await sql.all<{ id: NodeId }>(
    `SELECT DISTINCT n.id FROM aces a CROSS JOIN nodes n
     WHERE a.target_kind = 'node' AND n.id = a.target_id AND n.deleted_root IS NULL
       AND ${inList(sql.dialect, 'n.home_id', '$1', 'bigint')} ORDER BY n.id LIMIT ${mostFolders}`,
    [homes.map(({ id }) => id)],
  )
  return { homes, folders: folders.map(({ id }) => id) }
}

/** Has what lies in folders that are shared with somebody looked at, who is about to go. */
export async function touchFoldersOf(tx: Writer, principalId: PrincipalId): Promise<void> {
  const rows = await tx.sql.all<{ id: NodeId }>(
    `SELECT DISTINCT target_id AS id FROM aces WHERE principal_id = $1 AND target_kind = 'node'`,
    [principalId],
  )
  for (const { id } of rows) tx.touchedNodes.add(id)
}

/** All living files, in pages by id. */
export async function* allFiles(store: Pick<Store, 'read'>, pageSize = 500): AsyncGenerator<NodeId[]> {
  for (let after = 0; ; ) {
    const rows = await store.read(({ sql }) =>
      sql.all<{ id: NodeId }>(
        `SELECT id FROM nodes WHERE id > $1 AND kind = 'file' AND deleted_root IS NULL ORDER BY id LIMIT $2`,
        [after, pageSize],
      ),
    )
    if (rows.length > 0) yield rows.map(({ id }) => id)
    const last = rows.at(-1)
    if (last === undefined || rows.length < pageSize) return
    after = last.id
  }
}
