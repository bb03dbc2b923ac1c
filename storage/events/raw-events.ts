import type { FeedId, PrincipalId } from '../ids.ts'
import type { Reader } from '../store.ts'
import { isAfter, isFinal, order, type Position } from './position.ts'

/** As much of an event as says whom it may concern. */
export interface RawEvent extends Position {
  readonly principalId: PrincipalId
  readonly feedId: FeedId
}

/** The next events after a position, whomever they concern, in the order of the log. */
export function readRawEvents({ sql }: Reader, after: Position, limit: number): Promise<RawEvent[]> {
  const { dialect } = sql
  return sql.all<RawEvent>(
    `SELECT e.xact, e.id, e.principal_id AS "principalId", e.feed_id AS "feedId" FROM events e
     WHERE ${isAfter(dialect)} AND ${isFinal(dialect)} ORDER BY ${order(dialect, 'ASC')} LIMIT $3`,
    [after.xact, after.id, limit],
  )
}
