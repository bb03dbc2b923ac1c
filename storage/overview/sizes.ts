import type { PrincipalId } from '../ids.ts'
import type { Reader } from '../store.ts'

/** What one account keeps. */
export interface AccountSize {
  readonly id: PrincipalId
  readonly name: string
  readonly displayName: string
  readonly usedBytes: number
  readonly limitBytes: number | null
}

/** The accounts and groups that keep most, the largest first. */
export function largestAccounts({ sql }: Reader, limit: number): Promise<AccountSize[]> {
  return sql.all<AccountSize>(
    `SELECT p.id, p.name, p.display_name AS "displayName", q.used_bytes AS "usedBytes", q.limit_bytes AS "limitBytes"
     FROM quotas q JOIN principals p ON p.id = q.principal_id AND p.removed_at IS NULL
     ORDER BY q.used_bytes DESC, p.id LIMIT $1`,
    [limit],
  )
}

/** What the database holds. */
export interface StoredCounts {
  readonly accounts: number
  readonly objects: number
  readonly revisions: number
  readonly files: number
  readonly blobs: number
  readonly blobBytes: number
  readonly usedBytes: number
}

export async function storedCounts({ sql }: Reader): Promise<StoredCounts> {
  const row = await sql.first<StoredCounts>(
    `SELECT (SELECT count(*) FROM principals WHERE kind = 'user' AND removed_at IS NULL) AS accounts,
       (SELECT count(*) FROM objects) AS objects, (SELECT count(*) FROM revisions) AS revisions,
       (SELECT count(*) FROM nodes) AS files, (SELECT count(*) FROM blobs) AS blobs,
       (SELECT CAST(coalesce(sum(size), 0) AS bigint) FROM blobs) AS "blobBytes",
       (SELECT CAST(coalesce(sum(used_bytes), 0) AS bigint) FROM quotas) AS "usedBytes"`,
    [],
  )
  if (!row) throw new Error('A count has an answer.')
  return row
}

/** Octets of the database itself, as it says. */
export async function databaseBytes({ sql }: Reader): Promise<number> {
  const text =
    sql.dialect === 'postgres'
      ? 'SELECT pg_database_size(current_database()) AS bytes'
      : 'SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()'
  return Number((await sql.first<{ bytes: number }>(text, []))?.bytes ?? 0)
}

/** The last migration that ran, and how many have. */
export async function migrationsRun({ sql }: Reader): Promise<{ count: number; last: string }> {
  const rows = await sql.all<{ name: string }>('SELECT name FROM migrations ORDER BY id DESC', [])
  return { count: rows.length, last: rows[0]?.name ?? '' }
}
