import type { PrincipalId } from '../ids.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** What was answered to a request that has a key of idempotency, so that the same again gets the same. */
export interface AnswerRow {
  readonly id: number
  readonly principalId: PrincipalId
  readonly key: string
  /** Of the method, the path, the query and the body. */
  readonly requestHash: string
  /** 0 as long as it is being done. */
  readonly status: number
  readonly etag: string | null
  /** The body and the headers of its own, as JSON; null where they are not kept. */
  readonly body: string | null
  readonly size: number
  readonly at: number
}

const columns = selectList<AnswerRow>('a', [
  'id',
  'principalId',
  'key',
  'requestHash',
  'status',
  'etag',
  'body',
  'size',
  'at',
])

/** @param since  older ones are over */
export function findAnswer(
  reader: Reader,
  { principalId, key }: Pick<AnswerRow, 'principalId' | 'key'>,
  since: number,
): Promise<AnswerRow | undefined> {
  const text = `SELECT ${columns} FROM api_answers a WHERE a.principal_id = $1 AND a.key = $2 AND a.at >= $3`
  return reader.sql.first<AnswerRow>(text, [principalId, key, since])
}

/** How much of one account is kept. */
export interface AnswerBounds {
  readonly count: number
  readonly bytes: number
}

/**
 * Takes a key for a request that is about to be answered. Of two at a time the second waits for the first.
 * @param since  an answer of the same key that is older is over
 * @returns undefined where the key has been taken meanwhile
 */
export async function claimKey(
  tx: Writer,
  { principalId, key, requestHash }: Pick<AnswerRow, 'principalId' | 'key' | 'requestHash'>,
  since: number,
): Promise<number | undefined> {
  const { sql, now } = tx
  const over = 'DELETE FROM api_answers WHERE principal_id = $1 AND key = $2 AND at < $3'
  await sql.run(over, [principalId, key, since])
  const row = await sql.first<{ id: number }>(
    `INSERT INTO api_answers (principal_id, key, request_hash, status, size, at) VALUES ($1, $2, $3, 0, 0, $4)
     ON CONFLICT (principal_id, key) DO NOTHING RETURNING id`,
    [principalId, key, requestHash, now],
  )
  return row?.id
}

/** Keeps an answer in the write that it tells of; the oldest ones of the account go where there are too many. */
export async function keepAnswer(
  { sql }: Writer,
  answer: Pick<AnswerRow, 'id' | 'principalId' | 'status' | 'etag' | 'body' | 'size'>,
  bounds: AnswerBounds,
): Promise<void> {
  const { id, principalId, status, etag, body, size } = answer
  const text = 'UPDATE api_answers SET status = $2, etag = $3, body = $4, size = $5 WHERE id = $1'
  await sql.run(text, [id, status, etag, body, size])
  await sql.run(
    `DELETE FROM api_answers WHERE id <> $4 AND id IN (SELECT r.id FROM
       (SELECT id, row_number() OVER (ORDER BY id DESC) AS place, sum(size) OVER (ORDER BY id DESC) AS total
        FROM api_answers WHERE principal_id = $1) r
      WHERE r.place > $2 OR r.total > $3)`,
    [principalId, bounds.count, bounds.bytes, id],
  )
}

/** Gives a key back that was taken, and whose request was refused. */
export async function releaseKey({ sql }: Writer, id: number): Promise<void> {
  await sql.run('DELETE FROM api_answers WHERE id = $1 AND status = 0', [id])
}

/** @returns how many went */
export function purgeAnswers(tx: Writer, before: number, batch: number): Promise<number> {
  const text = `DELETE FROM api_answers WHERE id IN
    (SELECT id FROM api_answers WHERE at < $1 ORDER BY at LIMIT $2)`
  return tx.sql.run(text, [before, batch])
}
