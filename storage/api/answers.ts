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
  readonly status: number
  readonly etag: string | null
  /** As JSON; null where there was none. */
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
 * Keeps an answer in the write that it tells of; the oldest ones go where there are too many. Two requests of one key at a
 * time: the one that comes second runs again, and finds the answer of the first.
 */
export async function keepAnswer(
  tx: Writer,
  answer: Omit<AnswerRow, 'id' | 'at'>,
  bounds: AnswerBounds,
): Promise<void> {
  const { principalId, key, requestHash, status, etag, body, size } = answer
  const { sql, now } = tx
  await sql.run('DELETE FROM api_answers WHERE principal_id = $1 AND key = $2', [principalId, key])
  await sql.run(
    `INSERT INTO api_answers (principal_id, key, request_hash, status, etag, body, size, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [principalId, key, requestHash, status, etag, body, size, now],
  )
  await sql.run(
    `DELETE FROM api_answers WHERE id IN (SELECT r.id FROM
       (SELECT id, row_number() OVER (ORDER BY id DESC) AS place, sum(size) OVER (ORDER BY id DESC) AS total
        FROM api_answers WHERE principal_id = $1) r
      WHERE r.place > 1 AND (r.place > $2 OR r.total > $3))`,
    [principalId, bounds.count, bounds.bytes],
  )
}

/** @returns how many went */
export function purgeAnswers(tx: Writer, before: number, batch: number): Promise<number> {
  const text = `DELETE FROM api_answers WHERE id IN
    (SELECT id FROM api_answers WHERE at < $1 ORDER BY at LIMIT $2)`
  return tx.sql.run(text, [before, batch])
}
