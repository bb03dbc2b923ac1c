import type { BatchId, BlobId, PrincipalId } from '../ids.ts'
import type { Reader, Writer } from '../store.ts'
import type { BatchRow } from './batches.ts'
import type { BatchItem, Meets } from './items.ts'

/** What is wished of an import that was tried, as JSON; undefined where nobody has said. */
export async function findWish({ sql }: Reader, id: BatchId): Promise<string | undefined> {
  const row = await sql.first<{ wish: string | null }>('SELECT wish FROM batches WHERE id = $1', [id])
  return row?.wish ?? undefined
}

/** Keeps what is wished of an import; that counts as touching it. */
export async function keepWish(tx: Writer, id: BatchId, wish: string): Promise<void> {
  await tx.sql.run('UPDATE batches SET wish = $2, touched_at = $3 WHERE id = $1', [id, wish, tx.now])
}

/** From now on an import waits to be done, and its file is kept for it; or waits no longer. */
export async function setWaiting(tx: Writer, id: BatchId, blobId: BlobId | null): Promise<void> {
  await tx.sql.run('UPDATE batches SET blob_id = $2 WHERE id = $1', [id, blobId])
}

/** Of what waits of an account only the latest go on waiting. */
export async function limitWaiting(tx: Writer, principalId: PrincipalId, most: number): Promise<void> {
  await tx.sql.run(
    `UPDATE batches SET blob_id = NULL WHERE principal_id = $1 AND blob_id IS NOT NULL AND id NOT IN
       (SELECT b.id FROM batches b WHERE b.principal_id = $1 AND b.blob_id IS NOT NULL ORDER BY b.id DESC LIMIT $2)`,
    [principalId, most],
  )
}

/** What nobody has touched since waits no longer. */
export async function endWaiting(tx: Writer, before: number): Promise<void> {
  await tx.sql.run('UPDATE batches SET blob_id = NULL WHERE blob_id IS NOT NULL AND touched_at < $1', [
    before,
  ])
}

/** The latest other import of an account that waits with the very same file. */
export function findTwin(
  { sql }: Reader,
  { id, principalId, blobId }: Pick<BatchRow, 'id' | 'principalId' | 'blobId'>,
): Promise<Pick<BatchRow, 'id' | 'startedAt'> | undefined> {
  return sql.first(
    `SELECT b.id, b.started_at AS "startedAt" FROM batches b
     WHERE b.blob_id = $1 AND b.principal_id = $2 AND b.id <> $3 ORDER BY b.id DESC LIMIT 1`,
    [blobId, principalId, id],
  )
}

/** Which items meet what is there already, and what becomes of them. */
export async function meetingsOf(
  { sql }: Reader,
  batchId: BatchId,
): Promise<{ readonly number: number; readonly meets: Meets; readonly outcome: BatchItem['outcome'] }[]> {
  return sql.all(
    'SELECT i.number, i.meets, i.outcome FROM batch_items i WHERE i.batch_id = $1 AND i.meets IS NOT NULL',
    [batchId],
  )
}
