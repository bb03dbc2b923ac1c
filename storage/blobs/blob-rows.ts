import { inList } from '../database.ts'
import type { BlobId } from '../ids.ts'
import type { Reader, Writer } from '../store.ts'

/** Octets that are stored once under their hash, whoever refers to them. */
export interface BlobRow {
  readonly id: BlobId
  /** SHA-256, 64 hexadecimal digits in lower case. */
  readonly hash: string
  readonly size: number
  /** When somebody last said that he is about to refer to it: until some time after it is not swept. */
  readonly claimedAt: number
}

const columns = 'id, hash, size, claimed_at AS "claimedAt"'

/**
 * Says that octets of this hash are about to be put in place and referred to. It is committed before they are put in
 * place: a sweep then leaves them alone, and one that was under way has taken the old ones away by then.
 */
export async function claimBlob(tx: Writer, blob: { hash: string; size: number }): Promise<BlobId> {
  const row = await tx.sql.first<{ id: BlobId }>(
    `INSERT INTO blobs (hash, size, created_at, claimed_at) VALUES ($1, $2, $3, $3)
     ON CONFLICT (hash) DO UPDATE SET size = excluded.size, claimed_at = excluded.claimed_at RETURNING id`,
    [blob.hash, blob.size, tx.now],
  )
  if (row === undefined) throw new Error('The blob was not claimed.')
  return row.id
}

/** Makes octets known that have no row; nothing is changed where there is one. */
export async function adoptBlob(tx: Writer, hash: string): Promise<void> {
  await tx.sql.run(
    `INSERT INTO blobs (hash, size, created_at, claimed_at) VALUES ($1, 0, $2, $2) ON CONFLICT (hash) DO NOTHING`,
    [hash, tx.now],
  )
}

export function findBlob(reader: Reader, id: BlobId): Promise<BlobRow | undefined> {
  return reader.sql.first<BlobRow>(`SELECT ${columns} FROM blobs WHERE id = $1`, [id])
}

/** The blobs of these ids, by id. The caller bounds their number. */
export async function findBlobs(
  { sql }: Reader,
  ids: readonly BlobId[],
): Promise<ReadonlyMap<BlobId, BlobRow>> {
  const text = `SELECT ${columns} FROM blobs WHERE ${inList(sql.dialect, 'id', '$1', 'bigint')}`
  return new Map((await sql.all<BlobRow>(text, [ids])).map((blob) => [blob.id, blob]))
}

/** Which of these hashes have rows. */
export async function knownHashes({ sql }: Reader, hashes: readonly string[]): Promise<ReadonlySet<string>> {
  const text = `SELECT hash FROM blobs WHERE ${inList(sql.dialect, 'hash', '$1', 'text')}`
  return new Set((await sql.all<{ hash: string }>(text, [hashes])).map(({ hash }) => hash))
}

/** Whoever refers to blobs: their tables have a column `blob_id` with an index. */
const referring = ['nodes', 'node_revisions', 'batches']
const isUnused = referring
  .map((table) => `NOT EXISTS (SELECT 1 FROM ${table} r WHERE r.blob_id = b.id)`)
  .join(' AND ')

/**
 * Looks at the next blobs, by id.
 * @param options.before  only those that were claimed before this time
 * @returns those that nothing refers to, and where to go on; undefined at the end
 */
export async function unusedBlobs(
  { sql }: Reader,
  options: { readonly after: BlobId; readonly before: number; readonly batch: number },
): Promise<{ readonly unused: BlobRow[]; readonly next: BlobId | undefined }> {
  const { after, before, batch } = options
  const rows = await sql.all<BlobRow & { unused: number }>(
    `SELECT b.id, b.hash, b.size, b.claimed_at AS "claimedAt",
       CASE WHEN b.claimed_at < $2 AND ${isUnused} THEN 1 ELSE 0 END AS unused
     FROM blobs b WHERE b.id > $1 ORDER BY b.id LIMIT $3`,
    [after, before, batch],
  )
  return {
    unused: rows.filter(({ unused }) => unused === 1),
    next: rows.length < batch ? undefined : rows[rows.length - 1]?.id,
  }
}

/**
 * Forgets a blob that nothing refers to. The caller takes the octets away before the write ends: who claims the same hash
 * meanwhile waits for it, and then finds that there are none.
 * @returns false, with nothing done, when it is used or was claimed again
 */
export async function forgetBlob(tx: Writer, id: BlobId, before: number): Promise<boolean> {
  const gone = await tx.sql.run(
    `DELETE FROM blobs AS b WHERE b.id = $1 AND b.claimed_at < $2 AND ${isUnused}`,
    [id, before],
  )
  return gone > 0
}
