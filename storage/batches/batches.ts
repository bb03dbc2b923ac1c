import type { BatchId, BlobId, PrincipalId } from '../ids.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** What came in together: it goes on where it stopped, and is undone as a whole. */
export interface BatchRow {
  readonly id: BatchId
  /** The request id of all its writes. */
  readonly key: string
  /** Whose collections it went into. */
  readonly principalId: PrincipalId
  readonly kind: 'import' | 'migration' | 'undo' | 'bulk'
  /** 1 where nothing was stored: its items say what would have been. */
  readonly trial: number
  readonly state: BatchState
  /** Where it came from, as JSON: the names and hashes of files, the address of a server. */
  readonly source: string
  /** What was asked for, as JSON. */
  readonly options: string
  /** How far it got, in the words of whoever runs it; null at its beginning. */
  readonly reached: string | null
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly skipped: number
  readonly refused: number
  /** What was taken away: undoing puts what was new into the trash. */
  readonly removed: number
  /** Items that were undone, and those that were to be and were left as they are. */
  readonly undone: number
  readonly kept: number
  /** Why it stopped. */
  readonly error: string | null
  /** Of an import that was tried and waits to be done: its file, which is kept for it. */
  readonly blobId: BlobId | null
  readonly startedAt: number
  readonly touchedAt: number
}

/** A batch that is 'running' may have stopped with its process: it can be gone on with. */
export type BatchState = 'running' | 'failed' | 'finished' | 'undoing' | 'undone'

const fields: readonly (keyof BatchRow & string)[] = [
  'id',
  'key',
  'principalId',
  'kind',
  'trial',
  'state',
  'source',
  'options',
  'reached',
  'created',
  'updated',
  'unchanged',
  'skipped',
  'refused',
  'removed',
  'undone',
  'kept',
  'error',
  'blobId',
  'startedAt',
  'touchedAt',
]
const columns = selectList<BatchRow>('b', fields)

/** A batch as it stands in a list: what was asked for, which may be much, is read of one alone. */
export type BatchHead = Omit<BatchRow, 'options'>
const heads = selectList<BatchHead>(
  'b',
  fields.filter((field): field is keyof BatchHead & string => field !== 'options'),
)

export interface NewBatch extends Pick<BatchRow, 'key' | 'principalId' | 'kind' | 'source' | 'options'> {
  readonly isTrial: boolean
  /** Unique to the process that runs it: whoever takes it over has another. */
  readonly runner: string
}

export async function addBatch(tx: Writer, made: NewBatch): Promise<BatchId> {
  const { key, principalId, kind, isTrial, runner, source, options } = made
  const row = await tx.sql.first<{ id: BatchId }>(
    `INSERT INTO batches (key, principal_id, kind, trial, state, runner, source, options, started_at, touched_at)
     VALUES ($1, $2, $3, $4, 'running', $5, $6, $7, $8, $8) RETURNING id`,
    [key, principalId, kind, isTrial ? 1 : 0, runner, source, options, tx.now],
  )
  if (row === undefined) throw new Error('The batch was not stored.')
  return row.id
}

/** What it came from is known better by now. */
export async function changeSource(tx: Writer, id: BatchId, source: string): Promise<void> {
  await tx.sql.run('UPDATE batches SET source = $2 WHERE id = $1', [id, source])
}

/** Keeps what whoever runs it needs to go on. */
export async function changeOptions(tx: Writer, id: BatchId, options: string): Promise<void> {
  await tx.sql.run('UPDATE batches SET options = $2 WHERE id = $1', [id, options])
}

export function findBatch(
  reader: Reader,
  principalId: PrincipalId,
  id: BatchId,
): Promise<BatchRow | undefined> {
  const text = `SELECT ${columns} FROM batches b WHERE b.id = $1 AND b.principal_id = $2`
  return reader.sql.first<BatchRow>(text, [id, principalId])
}

export function findBatchById(reader: Reader, id: BatchId): Promise<BatchRow | undefined> {
  return reader.sql.first<BatchRow>(`SELECT ${columns} FROM batches b WHERE b.id = $1`, [id])
}

/**
 * The batches of an account of these kinds, the latest first, without what was asked for: 200 may hold 30 MB of that.
 * @param options.before  the id of the last one seen
 */
export function listBatches(
  reader: Reader,
  principalId: PrincipalId,
  options: {
    readonly before?: BatchId | undefined
    readonly limit: number
    readonly kinds: readonly [BatchRow['kind'], ...BatchRow['kind'][]]
  },
): Promise<BatchHead[]> {
  const { before = Number.MAX_SAFE_INTEGER, limit, kinds } = options
  const kind = `b.kind IN (${kinds.map((one) => `'${one}'`).join(', ')})`
  return reader.sql.all<BatchHead>(
    `SELECT ${heads} FROM batches b WHERE b.principal_id = $1 AND b.id < $2 AND ${kind} ORDER BY b.id DESC LIMIT $3`,
    [principalId, before, limit],
  )
}

/** Whether a batch with this request id is being run. */
export async function isRunning({ sql }: Reader, principalId: PrincipalId, key: string): Promise<boolean> {
  const text = "SELECT 1 FROM batches WHERE principal_id = $1 AND key = $2 AND state = 'running'"
  return (await sql.first(text, [principalId, key])) !== undefined
}

/** How many batches of an account wait for a job of this kind, or are run by one. */
export async function countQueued(reader: Reader, principalId: PrincipalId, kind: string): Promise<number> {
  const row = await reader.sql.first<{ n: number }>(
    `SELECT count(*) AS n FROM batches b WHERE b.principal_id = $1
       AND EXISTS (SELECT 1 FROM jobs j WHERE j.key = $2 || b.id)`,
    [principalId, `${kind}:`],
  )
  return Number(row?.n ?? 0)
}

/**
 * Goes on with a batch: whoever ran it before can write no more.
 * @returns false when it is over, or being undone
 */
export async function takeBatch(tx: Writer, id: BatchId, runner: string): Promise<boolean> {
  const text = `UPDATE batches SET runner = $2, state = 'running', error = NULL, touched_at = $3
    WHERE id = $1 AND state IN ('running', 'failed')`
  return (await tx.sql.run(text, [id, runner, tx.now])) > 0
}

/**
 * Goes on with a batch that ended, since there is more of it: whoever ran it before can write no more.
 * @returns false when it is undone, or being undone
 */
export async function reopenBatch(tx: Writer, id: BatchId, runner: string): Promise<boolean> {
  const text = `UPDATE batches SET runner = $2, state = 'running', error = NULL, touched_at = $3
    WHERE id = $1 AND state IN ('running', 'failed', 'finished')`
  return (await tx.sql.run(text, [id, runner, tx.now])) > 0
}

export type BatchCounts = Pick<BatchRow, 'created' | 'updated' | 'unchanged' | 'skipped' | 'refused'>

/**
 * The first statement of a write that goes on with a batch: nobody takes it over before the write ends.
 * @returns false when somebody else runs it meanwhile, or it is to be undone: then the write must not be
 */
export async function holdBatch(
  tx: Writer,
  { id, runner }: { readonly id: BatchId; readonly runner: string },
): Promise<boolean> {
  const text = "UPDATE batches SET touched_at = $3 WHERE id = $1 AND runner = $2 AND state = 'running'"
  return (await tx.sql.run(text, [id, runner, tx.now])) > 0
}

/**
 * Notes how far a batch got, in the write that got it there and holds it.
 * @param counts  what this write adds to those of the batch
 */
export async function advanceBatch(
  tx: Writer,
  id: BatchId,
  reached: string,
  counts: BatchCounts & Partial<Pick<BatchRow, 'removed'>>,
): Promise<void> {
  const { created, updated, unchanged, skipped, refused, removed = 0 } = counts
  await tx.sql.run(
    `UPDATE batches SET reached = $2, created = created + $3, updated = updated + $4,
       unchanged = unchanged + $5, skipped = skipped + $6, refused = refused + $7, removed = removed + $8 WHERE id = $1`,
    [id, reached, created, updated, unchanged, skipped, refused, removed],
  )
}

/** Ends a batch, well or not. @returns false when it is no longer this runner's */
export async function endBatch(
  tx: Writer,
  batch: { readonly id: BatchId; readonly runner: string },
  end: { readonly kind: 'finished' } | { readonly kind: 'failed'; readonly error: string },
): Promise<boolean> {
  const error = end.kind === 'failed' ? end.error : null
  const text = `UPDATE batches SET state = $3, error = $4, touched_at = $5
    WHERE id = $1 AND runner = $2 AND state = 'running'`
  return (await tx.sql.run(text, [batch.id, batch.runner, end.kind, error, tx.now])) > 0
}

/** Ends a batch where it is: whoever runs it can write no more. Nothing happens to one that is over. */
export async function stopBatch(tx: Writer, id: BatchId): Promise<void> {
  const text = `UPDATE batches SET state = 'finished', runner = NULL, touched_at = $2
    WHERE id = $1 AND state IN ('running', 'failed')`
  await tx.sql.run(text, [id, tx.now])
}

/** From now on the batch is being undone; whoever runs it can write no more. */
export async function beginUndo(tx: Writer, id: BatchId): Promise<void> {
  const text = "UPDATE batches SET state = 'undoing', runner = NULL, touched_at = $2 WHERE id = $1"
  await tx.sql.run(text, [id, tx.now])
}

/** Notes what has been undone of a batch. @param counts  what this write adds; `kept` may be less than none */
export async function noteUndo(
  tx: Writer,
  id: BatchId,
  { undone, kept }: Pick<BatchRow, 'undone' | 'kept'>,
): Promise<void> {
  const text = 'UPDATE batches SET undone = undone + $2, kept = kept + $3, touched_at = $4 WHERE id = $1'
  await tx.sql.run(text, [id, undone, kept, tx.now])
}

export async function endUndo(tx: Writer, id: BatchId): Promise<void> {
  const text = "UPDATE batches SET state = 'undone', touched_at = $2 WHERE id = $1 AND state = 'undoing'"
  await tx.sql.run(text, [id, tx.now])
}

/**
 * Forgets batches that nobody has touched since: their items first, a number of them at a time.
 * @returns how many rows went; the caller comes again when it was a whole batch
 */
export async function purgeBatches(tx: Writer, before: number, batch: number): Promise<number> {
  const items = await tx.sql.run(
    `DELETE FROM batch_items WHERE id IN (SELECT i.id FROM batch_items i JOIN batches b ON b.id = i.batch_id
       WHERE b.touched_at < $1 LIMIT $2)`,
    [before, batch],
  )
  if (items >= batch) return items
  const batches = await tx.sql.run(
    `DELETE FROM batches WHERE id IN (SELECT id FROM batches WHERE touched_at < $1 LIMIT $2)
       AND NOT EXISTS (SELECT 1 FROM batch_items i WHERE i.batch_id = batches.id)`,
    [before, batch],
  )
  return items + batches
}
