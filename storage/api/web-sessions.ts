import type { PrincipalId, WebSessionId } from '../ids.ts'
import { type PrincipalRow, principalFields } from '../principals.ts'
import { rowTaker, selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** Somebody who is signed in on the web page. */
export interface WebSessionRow {
  readonly id: WebSessionId
  readonly principalId: PrincipalId
  /** SHA-256 in hexadecimal: the secret is random and needs no slow hash. */
  readonly secretHash: string
  /** Where it was signed in from, and with which browser, as it says. */
  readonly address: string
  readonly agent: string
  readonly createdAt: number
  readonly lastUsedAt: number
}

const fields: readonly (keyof WebSessionRow & string)[] = [
  'id',
  'principalId',
  'secretHash',
  'address',
  'agent',
  'createdAt',
  'lastUsedAt',
]
const columns = selectList<WebSessionRow>('s', fields)
const takeSession = rowTaker<WebSessionRow>(fields, 's_')
const takeAccount = rowTaker<PrincipalRow>(principalFields, 'p_')
const joined = `SELECT ${selectList<WebSessionRow>('s', fields, 's_')}, ${selectList<PrincipalRow>('p', principalFields, 'p_')}
  FROM web_sessions s JOIN principals p ON p.id = s.principal_id`

/** From when on a session holds: those that were made, or were last used, before are over. */
export interface SessionTimes {
  readonly madeAfter: number
  readonly usedAfter: number
}

/** A session with whom it is of; undefined where there is none, or its time is over. */
export async function findWebSession(
  reader: Reader,
  secretHash: string,
  { madeAfter, usedAfter }: SessionTimes,
): Promise<{ session: WebSessionRow; account: PrincipalRow } | undefined> {
  const text = `${joined} WHERE s.secret_hash = $1 AND s.created_at > $2 AND s.last_used_at > $3
    AND p.locked_at IS NULL AND p.removed_at IS NULL`
  const row = await reader.sql.first<Record<string, unknown>>(text, [secretHash, madeAfter, usedAfter])
  return row && { session: takeSession(row), account: takeAccount(row) }
}

/** All of an account that hold, the last used first. */
export function listWebSessions(
  reader: Reader,
  principalId: PrincipalId,
  { madeAfter, usedAfter }: SessionTimes,
): Promise<WebSessionRow[]> {
  const text = `SELECT ${columns} FROM web_sessions s
    WHERE s.principal_id = $1 AND s.created_at > $2 AND s.last_used_at > $3 ORDER BY s.last_used_at DESC, s.id DESC`
  return reader.sql.all<WebSessionRow>(text, [principalId, madeAfter, usedAfter])
}

/** Whether a session of an account holds still. */
export async function holdsWebSession(
  reader: Reader,
  principalId: PrincipalId,
  id: WebSessionId,
  { madeAfter, usedAfter }: SessionTimes,
): Promise<boolean> {
  const text = `SELECT 1 FROM web_sessions WHERE id = $1 AND principal_id = $2 AND created_at > $3 AND last_used_at > $4`
  return (await reader.sql.first(text, [id, principalId, madeAfter, usedAfter])) !== undefined
}

export type NewWebSession = Pick<WebSessionRow, 'principalId' | 'secretHash' | 'address' | 'agent'>

/** @param most  of one account; those that were not used for longest go */
export async function addWebSession(tx: Writer, made: NewWebSession, most: number): Promise<WebSessionId> {
  await tx.sql.run(
    `DELETE FROM web_sessions WHERE id IN
      (SELECT id FROM web_sessions WHERE principal_id = $1 ORDER BY last_used_at DESC, id DESC LIMIT 1000 OFFSET $2)`,
    [made.principalId, most - 1],
  )
  const row = await tx.sql.first<{ id: WebSessionId }>(
    `INSERT INTO web_sessions (principal_id, secret_hash, address, agent, created_at, last_used_at)
     VALUES ($1, $2, $3, $4, $5, $5) RETURNING id`,
    [made.principalId, made.secretHash, made.address, made.agent, tx.now],
  )
  if (row === undefined) throw new Error('The session was not stored.')
  return row.id
}

/** @returns false when the account has none of that id */
export async function removeWebSession(
  tx: Writer,
  principalId: PrincipalId,
  id: WebSessionId,
): Promise<boolean> {
  const text = 'DELETE FROM web_sessions WHERE id = $1 AND principal_id = $2'
  return (await tx.sql.run(text, [id, principalId])) > 0
}

/** All of an account, but for the one that it says so with. @returns how many */
export function removeWebSessions(
  tx: Writer,
  principalId: PrincipalId,
  keep: WebSessionId | undefined,
): Promise<number> {
  const text = 'DELETE FROM web_sessions WHERE principal_id = $1 AND id <> $2'
  return tx.sql.run(text, [principalId, keep ?? 0])
}

export async function touchWebSession(tx: Writer, id: WebSessionId, at: number): Promise<void> {
  await tx.sql.run('UPDATE web_sessions SET last_used_at = $2 WHERE id = $1', [id, at])
}

/** @returns how many were over */
export function purgeWebSessions(tx: Writer, { madeAfter, usedAfter }: SessionTimes): Promise<number> {
  const text = 'DELETE FROM web_sessions WHERE last_used_at <= $1 OR created_at <= $2'
  return tx.sql.run(text, [usedAfter, madeAfter])
}
