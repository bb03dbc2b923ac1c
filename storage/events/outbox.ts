import { inList } from '../database.ts'
import type { OutboxId, PrincipalId } from '../ids.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** `dead`: it was tried too often; `dropped`: it is not to leave any more. Both can be sent again. */
export type OutboxState = 'waiting' | 'sent' | 'dead' | 'dropped'

/** Something that is to leave the server, written in the transaction of what it tells. */
export interface OutboxRow {
  readonly id: OutboxId
  /** Who sends it: see the table of senders. */
  readonly kind: string
  /** Where to, as the sender knows it. */
  readonly target: string
  /** The same for what is the same: of a kind there is one with it. */
  readonly key: string
  /** Whose it is. */
  readonly principalId: PrincipalId
  readonly payload: string
  readonly state: OutboxState
  readonly attempts: number
  /** When it is to be tried. */
  readonly nextAt: number
  readonly lastError: string | null
  /** What the other side said last: a code, and how its answer began. */
  readonly answerStatus: number | null
  readonly answer: string | null
  readonly createdAt: number
  /** When it was sent, or given up. */
  readonly endedAt: number | null
}

export type NewOutboxRow = Pick<OutboxRow, 'kind' | 'target' | 'key' | 'principalId' | 'payload'>

/** Where something goes to. */
export type OutboxTarget = Pick<OutboxRow, 'kind' | 'target'>

const columns = selectList<OutboxRow>('outbox', [
  ...(['id', 'kind', 'target', 'key', 'principalId', 'payload', 'state', 'attempts', 'nextAt'] as const),
  ...(['lastError', 'answerStatus', 'answer', 'createdAt', 'endedAt'] as const),
])

/** Lays something into the outbox; what is there under its key already is not laid there again. */
export async function addToOutbox(tx: Writer, rows: readonly NewOutboxRow[]): Promise<void> {
  for (const { kind, target, key, principalId, payload } of rows) {
    await tx.sql.run(
      `INSERT INTO outbox (kind, target, key, principal_id, payload, state, next_at, created_at)
       VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $6) ON CONFLICT (kind, key) DO NOTHING`,
      [kind, target, key, principalId, payload, tx.now],
    )
  }
  if (rows.length > 0) tx.wakes.add('outbox')
}

/** What is due, the longest first; without what goes to where something is on its way. */
export function dueInOutbox(
  { sql }: Reader,
  now: number,
  { limit, except }: { readonly limit: number; readonly except: readonly string[] },
): Promise<OutboxRow[]> {
  const isBusy = inList(sql.dialect, "(kind || ':' || target)", '$2', 'text')
  return sql.all<OutboxRow>(
    `SELECT ${columns} FROM outbox WHERE state = 'waiting' AND next_at <= $1 AND NOT ${isBusy}
     ORDER BY next_at, id LIMIT $3`,
    [now, except, limit],
  )
}

/** When something is due next; undefined where nothing waits. */
export async function nextInOutbox({ sql }: Reader): Promise<number | undefined> {
  const text = "SELECT min(next_at) AS at FROM outbox WHERE state = 'waiting'"
  return (await sql.first<{ at: number | null }>(text))?.at ?? undefined
}

/** What became of an attempt. */
export interface OutboxEnd extends Pick<OutboxRow, 'state' | 'lastError' | 'answerStatus' | 'answer'> {
  /** For what waits on. */
  readonly nextAt?: number | undefined
}

/** Writes down an attempt. @returns false where the row is gone, or was sent again meanwhile */
export async function settleOutbox(
  tx: Writer,
  { id, attempts }: Pick<OutboxRow, 'id' | 'attempts'>,
  { state, lastError, answerStatus, answer, nextAt }: OutboxEnd,
): Promise<boolean> {
  const settled = await tx.sql.run(
    `UPDATE outbox SET state = $3, attempts = attempts + 1, last_error = $4, answer_status = $5, answer = $6,
       next_at = $7, ended_at = $8 WHERE id = $1 AND attempts = $2 AND state = 'waiting'`,
    [
      ...[id, attempts, state, lastError, answerStatus, answer, nextAt ?? tx.now],
      state === 'waiting' ? null : tx.now,
    ],
  )
  return settled > 0
}

/** What goes, or went, to a target, the latest first. */
export function listOutbox(
  reader: Reader,
  { kind, target }: OutboxTarget,
  { state, before, limit }: { state?: OutboxState | undefined; before?: OutboxId | undefined; limit: number },
): Promise<OutboxRow[]> {
  const conditions = ['kind = $1 AND target = $2']
  const params: unknown[] = [kind, target]
  if (state !== undefined) conditions.push(`state = $${params.push(state)}`)
  if (before !== undefined) conditions.push(`id < $${params.push(before)}`)
  return reader.sql.all<OutboxRow>(
    `SELECT ${columns} FROM outbox WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT $${params.push(limit)}`,
    params,
  )
}

/** All that goes, or went, anywhere, the latest first, with whose it is. */
export function pageOutbox(
  reader: Reader,
  {
    state,
    kind,
    before,
    limit,
  }: {
    state?: OutboxState | undefined
    kind?: string | undefined
    before?: OutboxId | undefined
    limit: number
  },
): Promise<(OutboxRow & { readonly account: string })[]> {
  const conditions = ['1 = 1']
  const params: unknown[] = []
  if (state !== undefined) conditions.push(`outbox.state = $${params.push(state)}`)
  if (kind !== undefined) conditions.push(`outbox.kind = $${params.push(kind)}`)
  if (before !== undefined) conditions.push(`outbox.id < $${params.push(before)}`)
  return reader.sql.all(
    `SELECT ${columns}, p.name AS account FROM outbox JOIN principals p ON p.id = outbox.principal_id
     WHERE ${conditions.join(' AND ')} ORDER BY outbox.id DESC LIMIT $${params.push(limit)}`,
    params,
  )
}

/** How many there are of each state. */
export function countOutbox({ sql }: Reader): Promise<{ state: OutboxState; count: number }[]> {
  return sql.all('SELECT state, count(*) AS count FROM outbox GROUP BY state ORDER BY state', [])
}

export function findInOutbox({ sql }: Reader, id: OutboxId): Promise<OutboxRow | undefined> {
  return sql.first<OutboxRow>(`SELECT ${columns} FROM outbox WHERE id = $1`, [id])
}

/** Has something not leave any more, whether it waits or was given up. @returns false where it has left, or was dropped */
export async function dropFromOutbox({ sql, now }: Writer, id: OutboxId): Promise<boolean> {
  const text =
    "UPDATE outbox SET state = 'dropped', ended_at = $2 WHERE id = $1 AND state IN ('waiting', 'dead')"
  return (await sql.run(text, [id, now])) > 0
}

/** Sends one again, whatever became of it. @returns it; undefined where there is none */
export async function replayOutbox(
  tx: Writer,
  { kind, target }: OutboxTarget,
  id: OutboxId,
): Promise<OutboxRow | undefined> {
  const row = await tx.sql.first<OutboxRow>(
    `UPDATE outbox SET ${anew} WHERE id = $2 AND kind = $3 AND target = $4 RETURNING ${columns}`,
    [tx.now, id, kind, target],
  )
  if (row) tx.wakes.add('outbox')
  return row
}

/** Sends again what was laid there since a time and has not arrived. @returns how many */
export async function replayFailed(
  tx: Writer,
  { kind, target }: OutboxTarget,
  since: number,
): Promise<number> {
  const count = await tx.sql.run(
    `UPDATE outbox SET ${anew} WHERE kind = $2 AND target = $3 AND state IN ('dead', 'dropped') AND created_at >= $4`,
    [tx.now, kind, target, since],
  )
  if (count > 0) tx.wakes.add('outbox')
  return count
}

const anew = "state = 'waiting', attempts = 0, next_at = $1, ended_at = NULL"

export async function countWaiting({ sql }: Reader, { kind, target }: OutboxTarget): Promise<number> {
  const text = "SELECT count(*) AS count FROM outbox WHERE kind = $1 AND target = $2 AND state = 'waiting'"
  return (await sql.first<{ count: number }>(text, [kind, target]))?.count ?? 0
}

/** Forgets all that goes, or went, to a target. */
export async function dropTarget({ sql }: Writer, { kind, target }: OutboxTarget): Promise<void> {
  await sql.run('DELETE FROM outbox WHERE kind = $1 AND target = $2', [kind, target])
}

/** Forgets what was sent, or given up, before a time. @returns how many */
export function purgeOutbox({ sql }: Writer, before: number, batch: number): Promise<number> {
  return sql.run(
    `DELETE FROM outbox WHERE id IN
       (SELECT id FROM outbox WHERE state <> 'waiting' AND ended_at < $1 ORDER BY id LIMIT $2)`,
    [before, batch],
  )
}
