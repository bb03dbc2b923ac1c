import { inList } from './database.ts'
import { WriteConflictError } from './errors.ts'
import type { CollectionId, PrincipalId } from './ids.ts'
import type { Reader, Writer } from './store.ts'

/** What an account keeps, and how much it may. @see RFC 4331 */
export interface QuotaRow {
  /** Of all that lives in its collections and folders; not of the trash, nor of older states. */
  readonly usedBytes: number
  /** Null: what the settings say. */
  readonly limitBytes: number | null
}

/** The quotas of these accounts; those that never kept anything are left out. */
export async function findQuotas(
  { sql }: Reader,
  ids: readonly PrincipalId[],
): Promise<ReadonlyMap<PrincipalId, QuotaRow>> {
  const rows = await sql.all<QuotaRow & { principalId: PrincipalId }>(
    `SELECT principal_id AS "principalId", used_bytes AS "usedBytes", limit_bytes AS "limitBytes" FROM quotas
     WHERE ${inList(sql.dialect, 'principal_id', '$1', 'bigint')}`,
    [[...ids]],
  )
  return new Map(rows.map((row) => [row.principalId, row]))
}

export async function findQuota(reader: Reader, id: PrincipalId): Promise<QuotaRow> {
  return (await findQuotas(reader, [id])).get(id) ?? { usedBytes: 0, limitBytes: null }
}

/**
 * Counts octets that came or, when negative, went. Whoever writes what counts calls it in the same write, after the
 * feeds are locked.
 * @param limit  octets the account may keep, as it was looked up in this write
 * @throws WriteConflictError when others have filled the account meanwhile: the write runs again, and is refused
 */
export async function addUsage(tx: Writer, id: PrincipalId, bytes: number, limit?: number): Promise<void> {
  if (bytes === 0) return
  const row = await tx.sql.first<{ usedBytes: number }>(
    `INSERT INTO quotas (principal_id, used_bytes) VALUES ($1, $2)
     ON CONFLICT (principal_id) DO UPDATE SET used_bytes = quotas.used_bytes + excluded.used_bytes
     RETURNING used_bytes AS "usedBytes"`,
    [id, bytes],
  )
  if (limit !== undefined && bytes > 0 && row !== undefined && row.usedBytes > limit) {
    throw new WriteConflictError('The account was filled meanwhile.')
  }
}

/** Counts for one account what was counted for another; they are locked in the order of their ids. */
export async function passUsage(
  tx: Writer,
  from: PrincipalId,
  to: PrincipalId,
  bytes: number,
): Promise<void> {
  if (from === to) return
  if (from < to) await addUsage(tx, from, -bytes)
  await addUsage(tx, to, bytes)
  if (from > to) await addUsage(tx, from, -bytes)
}

/** Says how much an account may keep. @param limitBytes  null for what the settings say */
export async function setQuota(tx: Writer, id: PrincipalId, limitBytes: number | null): Promise<void> {
  await tx.sql.run(
    `INSERT INTO quotas (principal_id, used_bytes, limit_bytes) VALUES ($1, 0, $2)
     ON CONFLICT (principal_id) DO UPDATE SET limit_bytes = excluded.limit_bytes`,
    [id, limitBytes],
  )
}

/** Octets of the members of a collection. */
export async function collectionBytes({ sql }: Reader, id: CollectionId): Promise<number> {
  const text = 'SELECT CAST(coalesce(sum(size), 0) AS bigint) AS bytes FROM objects WHERE collection_id = $1'
  return (await sql.first<{ bytes: number }>(text, [id]))?.bytes ?? 0
}
