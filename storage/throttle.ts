import type { Reader, Writer } from './store.ts'

/** How often a password was wrong lately, and until when no more are looked at. */
export interface ThrottleState {
  readonly failures: number
  /** 0 when nothing is blocked. */
  readonly blockedUntil: number
}

export interface ThrottleLimits {
  /** Failures are counted in windows of this length. */
  readonly windowMs: number
  /** So many failures in a window block. */
  readonly limit: number
  readonly blockMs: number
}

/** @param key  see `throttleKeyOf` */
export async function throttleState({ sql }: Reader, key: string): Promise<ThrottleState> {
  const row = await sql.first<ThrottleState>(
    'SELECT failures, blocked_until AS "blockedUntil" FROM throttle WHERE key = $1',
    [key],
  )
  return row ?? { failures: 0, blockedUntil: 0 }
}

/** Counts a wrong password; the one that reaches the limit blocks, and starts a new window after the block. */
export async function countFailure(tx: Writer, key: string, limits: ThrottleLimits): Promise<ThrottleState> {
  const isOver = 'throttle.window_started_at <= CAST($3 AS bigint)'
  const row = await tx.sql.first<{ failures: number }>(
    `INSERT INTO throttle (key, failures, window_started_at, blocked_until) VALUES ($1, 1, $2, 0)
     ON CONFLICT (key) DO UPDATE SET
       failures = CASE WHEN ${isOver} THEN 1 ELSE throttle.failures + 1 END,
       window_started_at = CASE WHEN ${isOver} THEN excluded.window_started_at ELSE throttle.window_started_at END
     RETURNING failures`,
    [key, tx.now, tx.now - limits.windowMs],
  )
  const failures = row?.failures ?? 1
  if (failures < limits.limit) return { failures, blockedUntil: 0 }
  const blockedUntil = tx.now + limits.blockMs
  await tx.sql.run(
    'UPDATE throttle SET failures = 0, blocked_until = $2, window_started_at = $2 WHERE key = $1',
    [key, blockedUntil],
  )
  return { failures, blockedUntil }
}

/** From where nobody is let in for a while. */
export interface Blocked {
  /** The account, or what was given for its name; empty where the address is blocked for all. */
  readonly name: string
  readonly address: string
  readonly until: number
}

/** Those that last longest first. @param now  what is over by then is no block any more */
export async function listBlocked({ sql }: Reader, now: number, limit: number): Promise<Blocked[]> {
  const rows = await sql.all<{ key: string; until: number }>(
    `SELECT t.key, t.blocked_until AS until FROM throttle t WHERE t.blocked_until > $1
     ORDER BY t.blocked_until DESC, t.key LIMIT $2`,
    [now, limit],
  )
  return rows.map(({ key, until }) => {
    const at = key.lastIndexOf('|')
    return { name: key.slice(0, at), address: key.slice(at + 1), until }
  })
}

/** What wrong passwords for an account are counted under that come from an address; for all of them with an empty name. */
export function throttleKeyOf({ name, address }: Pick<Blocked, 'name' | 'address'>): string {
  return `${name}|${address}`
}

export async function clearThrottle(tx: Writer, key: string): Promise<void> {
  await tx.sql.run('DELETE FROM throttle WHERE key = $1', [key])
}
