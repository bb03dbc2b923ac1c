import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** Work that is due at a time, for whichever process claims it first. */
export interface JobRow {
  /** The kind of work, and after a colon what it is done to: `purge`, `subscription:12`. */
  readonly key: string
  readonly nextAt: number
  /** When it last ended, well or not. */
  readonly lastAt: number | null
  /** How often it was begun since it last ended well. */
  readonly attempts: number
  /** Why it last failed; null since it ended well. */
  readonly lastError: string | null
  /** Until when the process that claimed it may take; of no matter once that has passed. */
  readonly leasedUntil: number
  /** How far one is that takes long, as that job writes it: see `Progress`. */
  readonly progress: string | null
}

/** How much of something is done. */
export interface Progress {
  readonly done: number
  readonly total: number
  /** The last of it, so that it goes on from there. */
  readonly after: number
}

/** A claimed job; who has lost the lease changes nothing any more. */
export interface Claim extends JobRow {
  readonly lease: string
}

const fields = ['key', 'nextAt', 'lastAt', 'attempts', 'lastError', 'leasedUntil', 'progress'] as const
const returned = selectList<Claim>('jobs', [...fields, 'lease'])

/** Makes a job due at a time, whatever was to become of it before. */
export async function scheduleJob(tx: Writer, key: string, at: number): Promise<void> {
  await tx.sql.run(
    `INSERT INTO jobs (key, next_at) VALUES ($1, $2)
     ON CONFLICT (key) DO UPDATE SET next_at = excluded.next_at, attempts = 0`,
    [key, at],
  )
}

/** Makes a job due at a time, unless there is one of that key. */
export async function ensureJob(tx: Writer, key: string, at: number): Promise<void> {
  await tx.sql.run('INSERT INTO jobs (key, next_at) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING', [key, at])
}

/** Writes down how far a job is, for people and for whoever goes on with it. */
export async function noteProgress(tx: Writer, key: string, progress: Progress): Promise<void> {
  await tx.sql.run('UPDATE jobs SET progress = $2 WHERE key = $1', [key, JSON.stringify(progress)])
}

export function progressOf({ progress }: Pick<JobRow, 'progress'>): Progress | undefined {
  return progress === null ? undefined : (JSON.parse(progress) as Progress)
}

export function findJob({ sql }: Reader, key: string): Promise<JobRow | undefined> {
  return sql.first<JobRow>(`SELECT ${selectList<JobRow>('j', fields)} FROM jobs j WHERE j.key = $1`, [key])
}

/** Takes a job away that somebody else has done, unless it is being done. */
export async function dropJob({ sql, now }: Writer, key: string): Promise<void> {
  await sql.run('DELETE FROM jobs WHERE key = $1 AND leased_until <= $2', [key, now])
}

/** Makes a job that is there due now. @returns false where there is none of that key */
export async function hurryJob({ sql, now }: Writer, key: string): Promise<boolean> {
  return (await sql.run('UPDATE jobs SET next_at = $2, attempts = 0 WHERE key = $1', [key, now])) > 0
}

/** Whether a job waits to be claimed: a look that costs no write. */
export async function hasDueJob(reader: Reader, now: number): Promise<boolean> {
  const text = 'SELECT 1 FROM jobs WHERE next_at <= $1 AND leased_until <= $1 LIMIT 1'
  return (await reader.sql.first(text, [now])) !== undefined
}

/**
 * Takes a job for a while: nobody else gets it until `until`, or until it is settled.
 * @param lease  unique to this claim
 * @param key  that job, due or not; without it the one that is due for longest
 */
export function claimJob(
  tx: Writer,
  { lease, until, key }: { readonly lease: string; readonly until: number; readonly key?: string },
): Promise<Claim | undefined> {
  const skip = tx.sql.dialect === 'postgres' ? ' FOR UPDATE SKIP LOCKED' : ''
  const wanted = key === undefined ? 'next_at <= $1' : 'key = $4'
  return tx.sql.first<Claim>(
    `UPDATE jobs SET lease = $2, leased_until = $3, attempts = attempts + 1 WHERE key =
       (SELECT key FROM jobs WHERE ${wanted} AND leased_until <= $1 ORDER BY next_at LIMIT 1${skip})
     RETURNING ${returned}`,
    [tx.now, lease, until, ...(key === undefined ? [] : [key])],
  )
}

/** @returns false when somebody else has claimed the job meanwhile */
export async function renewLease(tx: Writer, { key, lease }: Claim, until: number): Promise<boolean> {
  const text = 'UPDATE jobs SET leased_until = $3 WHERE key = $1 AND lease = $2'
  return (await tx.sql.run(text, [key, lease, until])) > 0
}

export type JobEnd =
  | { readonly kind: 'done'; readonly nextAt: number }
  | { readonly kind: 'failed'; readonly nextAt: number; readonly error: string }
  /** It is not to be done again. */
  | { readonly kind: 'over' }
  /** It was stopped before its end: another process may go on at once. */
  | { readonly kind: 'stopped' }

/** Gives a claimed job back. One that was made due anew while it ran stays due. */
export async function settleJob(tx: Writer, claim: Claim, end: JobEnd): Promise<void> {
  const { key, lease, nextAt } = claim
  const free = 'lease = NULL, leased_until = 0'
  const mine = 'WHERE key = $1 AND lease = $2'
  if (end.kind === 'stopped') {
    await tx.sql.run(`UPDATE jobs SET ${free}, attempts = $3 ${mine}`, [key, lease, claim.attempts - 1])
    return
  }
  if (end.kind === 'over') {
    await tx.sql.run(`DELETE FROM jobs ${mine} AND next_at = $3`, [key, lease, nextAt])
    await tx.sql.run(`UPDATE jobs SET ${free} ${mine}`, [key, lease])
    return
  }
  const error = end.kind === 'failed' ? end.error : null
  const attempts = end.kind === 'failed' ? claim.attempts : 0
  await tx.sql.run(
    `UPDATE jobs SET ${free}, last_at = $3, last_error = $4,
       next_at = CASE WHEN next_at = $5 THEN $6 ELSE next_at END,
       attempts = CASE WHEN next_at = $5 THEN $7 ELSE 0 END ${mine}`,
    [key, lease, tx.now, error, nextAt, end.nextAt, attempts],
  )
}

/** Every job, the next one first. */
export function listJobs(reader: Reader): Promise<JobRow[]> {
  return reader.sql.all<JobRow>(
    `SELECT ${selectList<JobRow>('j', fields)} FROM jobs j ORDER BY j.next_at, j.key`,
  )
}
