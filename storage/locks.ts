import { inList } from './database.ts'
import type { DeviceId, PrincipalId } from './ids.ts'
import { columnOf, selectList } from './select.ts'
import type { Reader, Writer } from './store.ts'

/** A lock that a client holds. Once `expiresAt` is reached it is as good as gone. */
export interface LockRow {
  readonly id: number
  /** A URI that is never used again. */
  readonly token: string
  /** What is locked: see `lockPath`. */
  readonly path: string
  /** 1 when that is a collection. */
  readonly folder: number
  /** The account whose tree it is in. */
  readonly treeId: PrincipalId
  /** Who took the lock; nobody else may use it. */
  readonly principalId: PrincipalId
  readonly deviceId: DeviceId | null
  readonly scope: 'exclusive' | 'shared'
  /** 1 when it holds on all that is below, too. */
  readonly deep: number
  /** What the client says of its user, as an element of XML. */
  readonly owner: string | null
  /** How long it was granted for. */
  readonly seconds: number
  readonly createdAt: number
  readonly expiresAt: number
}

const fields: readonly (keyof LockRow & string)[] = [
  'id',
  'token',
  'path',
  'folder',
  'treeId',
  'principalId',
  'deviceId',
  'scope',
  'deep',
  'owner',
  'seconds',
  'createdAt',
  'expiresAt',
]
const columns = selectList<LockRow>('l', fields)

/** The path that a lock is kept under: decoded segments, a slash before, between and behind them. */
export function lockPath(segments: readonly string[]): string {
  return segments.length === 0 ? '/' : `/${segments.join('/')}/`
}

/** Paths of the collections around one, the outermost first. */
export function pathsAround(path: string): string[] {
  const around: string[] = []
  for (let end = path.indexOf('/', 1); end !== -1 && end < path.length - 1; end = path.indexOf('/', end + 1))
    around.push(path.slice(0, end + 1))
  return around
}

/** Which locks are asked for: those on these very paths, and those on anything below some. */
export interface LockQuery {
  readonly on: readonly string[]
  readonly below?: readonly string[]
}

/** The locks that hold at a time, the oldest first. */
export async function findLocks({ sql }: Reader, query: LockQuery, now: number): Promise<LockRow[]> {
  const { on, below = [] } = query
  const exact = `SELECT ${columns} FROM locks l WHERE ${inList(sql.dialect, 'l.path', '$2', 'text')} AND l.expires_at > $1`
  const ranges = below.map(
    (_, at) =>
      ` UNION SELECT ${columns} FROM locks l WHERE l.path > $${at * 2 + 3} AND l.path < $${at * 2 + 4} AND l.expires_at > $1`,
  )
  const params = [now, on, ...below.flatMap((path) => [path, endOf(path)])]
  return inOrder(await sql.all<LockRow>(exact + ranges.join(''), params))
}

/**
 * The same for who is about to write there. On PostgreSQL nobody takes a lock in these trees until the write ends, and
 * one that is being taken is waited for: that is a statement of its own, so that the next one sees what it waited for.
 */
export async function findLocksForWrite(
  tx: Writer,
  trees: readonly PrincipalId[],
  query: LockQuery,
): Promise<LockRow[]> {
  if (tx.sql.dialect === 'postgres') {
    // In the order of their ids, so that two writes into the same trees do not wait for each other.
    for (const tree of [...new Set(trees)].sort((one, other) => one - other))
      await tx.sql.first(`SELECT pg_advisory_xact_lock_shared(${treeSpace}, $1::int)`, [tree])
  }
  return findLocks(tx, query, tx.now)
}

/** Before a lock is taken: on PostgreSQL waits for the writes in this tree, and keeps others out of it. */
export async function claimTree(tx: Writer, tree: PrincipalId): Promise<void> {
  if (tx.sql.dialect !== 'postgres') return
  await tx.sql.first(`SELECT pg_advisory_xact_lock(${treeSpace}, $1::int)`, [tree])
}

/** The first number of the advisory locks that stand for trees. */
const treeSpace = 0x4c4f434b

/** Keeps a new lock. The caller has looked for others, and for how many the account has. */
export async function addLock(tx: Writer, lock: Omit<LockRow, 'id' | 'createdAt'>): Promise<LockRow> {
  const given = { ...lock, createdAt: tx.now }
  const names = fields.filter((field): field is keyof typeof given => field !== 'id')
  const row = await tx.sql.first<{ id: number }>(
    `INSERT INTO locks (${names.map(columnOf).join(', ')}) VALUES (${names.map((_, at) => `$${at + 1}`).join(', ')}) RETURNING id`,
    names.map((name) => given[name]),
  )
  if (row === undefined) throw new Error('The lock was not kept.')
  return { ...given, id: row.id }
}

/** Starts the time of a lock anew. */
export async function extendLock(tx: Writer, lock: LockRow, seconds: number): Promise<LockRow> {
  const expiresAt = tx.now + seconds * 1000
  await tx.sql.run('UPDATE locks SET seconds = $2, expires_at = $3 WHERE id = $1', [
    lock.id,
    seconds,
    expiresAt,
  ])
  return { ...lock, seconds, expiresAt }
}

export async function removeLock(tx: Writer, { id }: Pick<LockRow, 'id'>): Promise<void> {
  await tx.sql.run('DELETE FROM locks WHERE id = $1', [id])
}

/** Takes away every lock on a path and below: what was there is gone. */
export async function removeLocksAt(tx: Writer, path: string): Promise<void> {
  await tx.sql.run('DELETE FROM locks WHERE path >= $1 AND path < $2', [path, endOf(path)])
}

/** How many locks an account holds. */
export async function countLocks(tx: Writer, principalId: PrincipalId): Promise<number> {
  const text = 'SELECT count(*) AS count FROM locks WHERE principal_id = $1 AND expires_at > $2'
  return (await tx.sql.first<{ count: number }>(text, [principalId, tx.now]))?.count ?? 0
}

/** Takes away locks whose time is over. @returns how many */
export function purgeLocks({ sql, now }: Writer, batch: number): Promise<number> {
  return sql.run(
    'DELETE FROM locks WHERE id IN (SELECT id FROM locks WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)',
    [now, batch],
  )
}

/** The first path behind all those below this one: in the order of octets "0" follows "/". */
function endOf(path: string): string {
  return `${path.slice(0, -1)}0`
}

function inOrder(rows: LockRow[]): LockRow[] {
  return rows.sort((one, other) => one.id - other.id)
}
