import type { HomeId, NodeId } from '../ids.ts'
import type { Reader, Store } from '../store.ts'
import { type NodeRow, nodeColumns } from './nodes.ts'

/** One entry of the log of a home: a node as it is, or the name of one that is gone, with all that was below it. */
export type NodeChangeRow =
  | ({ readonly entry: 'node' } & NodeRow)
  | ({ readonly entry: 'tombstone' } & NodeTombstone)

export interface NodeTombstone {
  readonly id: NodeId
  readonly parentId: NodeId
  readonly name: string
  readonly kind: NodeRow['kind']
  readonly change: number
}

export interface NodeChangesOptions {
  /** Changes after this number; 0 for all. */
  readonly since: number
  /** And not after this one, which was read before the first page. */
  readonly upTo: number
  /** Entries at most, over all pages; the last one's `change` resumes. */
  readonly limit?: number | undefined
  /** A first sync: no tombstones. */
  readonly initial: boolean
  /** Only what lies in this folder, or in one of these; without it all of the home. */
  readonly within?: NodeId | ReadonlySet<NodeId> | undefined
  readonly pageSize?: number | undefined
}

/**
 * What has changed in a home of files, oldest change first, in pages that are short reads. A node changed meanwhile has a
 * number above `upTo`, and is left to the next sync.
 * @see RFC 6578 §3.4–3.6
 */
export async function* nodeChangesSince(
  store: Pick<Store, 'read'>,
  homeId: HomeId,
  options: NodeChangesOptions,
): AsyncGenerator<readonly NodeChangeRow[]> {
  const { upTo, within, pageSize = 500 } = options
  const isWithin = (entry: NodeChangeRow) => typeof within !== 'object' || within.has(entry.parentId)
  let left = options.limit ?? Number.POSITIVE_INFINITY
  let since = options.since
  while (left > 0 && since < upTo) {
    const page = await readPage(store, homeId, { ...options, since, rows: pageSize })
    const wanted = page.filter(isWithin).slice(0, left)
    if (wanted.length > 0) yield wanted
    left -= wanted.length
    const last = page[page.length - 1]
    if (last === undefined || page.length < pageSize) return
    since = last.change
  }
}

/** The folders in which one was made anew, under the name of one that went after this number. */
export async function rebornFolders(
  { sql }: Reader,
  homeId: HomeId,
  since: number,
): Promise<ReadonlySet<NodeId>> {
  const rows = await sql.all<{ parentId: NodeId }>(
    `SELECT DISTINCT t.parent_id AS "parentId" FROM node_tombstones t
     WHERE t.home_id = $1 AND t.change > $2 AND t.kind = 'folder' AND ${isAlive}`,
    [homeId, since],
  )
  return new Set(rows.map(({ parentId }) => parentId))
}

const isAlive = `EXISTS (SELECT 1 FROM nodes n WHERE n.home_id = t.home_id AND n.parent_id = t.parent_id
  AND n.folded_name = t.folded_name AND n.kind = t.kind AND n.deleted_root IS NULL)`

interface PageOptions extends Omit<NodeChangesOptions, 'limit' | 'pageSize'> {
  readonly rows: number
}

/** Both lists are as long as the page: their merged beginning misses nothing. */
async function readPage(
  store: Pick<Store, 'read'>,
  homeId: HomeId,
  { since, upTo, initial, within, rows }: PageOptions,
): Promise<NodeChangeRow[]> {
  const parent = typeof within === 'number' ? within : undefined
  const params = [homeId, since, upTo, rows, ...(parent === undefined ? [] : [parent])]
  const inFolder = (table: string) => (parent === undefined ? '' : ` AND ${table}.parent_id = $5`)
  // Nodes before tombstones: one deleted between the two reads is then gone from both, and comes with its new number.
  const nodes = await store.read(({ sql }) =>
    sql.all<NodeRow>(
      `SELECT ${nodeColumns} FROM nodes n
       WHERE n.home_id = $1 AND n.change > $2 AND n.change <= $3 AND n.deleted_root IS NULL${inFolder('n')}
       ORDER BY n.change LIMIT $4`,
      params,
    ),
  )
  const tombstones = initial
    ? []
    : await store.read(({ sql }) =>
        sql.all<NodeTombstone>(
          `SELECT t.node_id AS id, t.parent_id AS "parentId", t.name, t.kind, t.change FROM node_tombstones t
           WHERE t.home_id = $1 AND t.change > $2 AND t.change <= $3${inFolder('t')} AND NOT ${isAlive}
           ORDER BY t.change LIMIT $4`,
          params,
        ),
      )
  const entries: NodeChangeRow[] = [
    ...nodes.map((node) => ({ entry: 'node' as const, ...node })),
    ...tombstones.map((tombstone) => ({ entry: 'tombstone' as const, ...tombstone })),
  ]
  if (tombstones.length > 0) entries.sort((one, other) => one.change - other.change)
  return entries.slice(0, rows)
}
