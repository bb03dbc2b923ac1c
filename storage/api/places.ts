import type { Writer } from '../store.ts'

/** The first number of the advisory locks that stand for addresses of the API. */
const placeSpace = 7_103

/**
 * Lets changes at one address of the API come one after the other, until the end of the write: what is judged by what was
 * there is still so when it is changed. On SQLite writes do that anyway.
 */
export async function lockPlace({ sql }: Writer, path: string): Promise<void> {
  if (sql.dialect === 'sqlite') return
  await sql.first(`SELECT pg_advisory_xact_lock(${placeSpace}, hashtext($1))`, [path])
}
