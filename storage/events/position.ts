import type { Dialect } from '../database.ts'
import type { EventId } from '../ids.ts'
import type { Reader, Writer } from '../store.ts'

/**
 * Where an event stands in the log. On PostgreSQL ids are given out before it is known who commits first, so that what
 * orders events is the transaction that wrote them; on SQLite `xact` is always 0.
 */
export interface Position {
  readonly xact: number
  readonly id: EventId
}

/** Before every event. */
export const logStart: Position = { xact: 0, id: 0 }

/** The log of a database, of which a position is one. */
export interface LogState {
  /** Another one after a backup was restored: then positions of the old one say nothing. */
  readonly log: string
  /** The last event that was taken out of it: what comes after is there. */
  readonly floor: Position
}

const floorKey = 'events-floor'
const renewedKey = 'events-log'

/** @returns the log as it is now */
export async function logState({ sql }: Reader): Promise<LogState> {
  const text = `SELECT key, value FROM meta WHERE key IN ('epoch', '${floorKey}', '${renewedKey}')`
  const rows = await sql.all<{ key: string; value: string }>(text)
  const values = new Map(rows.map(({ key, value }) => [key, value]))
  const renewed = values.get(renewedKey)
  return {
    log: `${values.get('epoch') ?? ''}${renewed === undefined ? '' : `-${renewed}`}`,
    floor: readPosition(values.get(floorKey) ?? '') ?? logStart,
  }
}

export function isBefore(one: Position, other: Position): boolean {
  return one.xact < other.xact || (one.xact === other.xact && one.id < other.id)
}

/** As it is kept and sent: `0.12`. */
export function formatPosition({ xact, id }: Position): string {
  return `${xact}.${id}`
}

export function readPosition(text: string): Position | undefined {
  const [, xact = '', id = ''] = /^(\d{1,15})\.(\d{1,15})$/.exec(text) ?? []
  return id === '' ? undefined : { xact: Number(xact), id: Number(id) }
}

/** The last event that is final; the floor where there is none. */
export async function lastPosition(reader: Reader): Promise<Position> {
  const { sql } = reader
  const row = await sql.first<Position>(
    `SELECT e.xact, e.id FROM events e WHERE ${isFinal(sql.dialect)} ORDER BY ${order(sql.dialect, 'DESC')} LIMIT 1`,
  )
  const { floor } = await logState(reader)
  return row && isBefore(floor, row) ? row : floor
}

/** Whether events were committed that are not final yet: a transaction that began before may still add one. */
export async function hasUnsettled({ sql }: Reader): Promise<boolean> {
  if (sql.dialect === 'sqlite') return false
  const text = `SELECT 1 FROM events e WHERE NOT (${isFinal('postgres')}) ORDER BY e.xact DESC LIMIT 1`
  return (await sql.first(text)) !== undefined
}

/** No event that comes later stands before such a one. */
export function isFinal(dialect: Dialect): string {
  return dialect === 'sqlite' ? '1 = 1' : 'e.xact < txid_snapshot_xmin(txid_current_snapshot())'
}

/** After the position of the first two parameters. */
export function isAfter(dialect: Dialect): string {
  return dialect === 'sqlite' ? 'e.id > $2' : '(e.xact, e.id) > ($1, $2)'
}

export function order(dialect: Dialect, direction: 'ASC' | 'DESC'): string {
  return dialect === 'sqlite' ? `e.id ${direction}` : `e.xact ${direction}, e.id ${direction}`
}

/** Takes events out of the log that are older, the oldest first. @returns how many */
export async function purgeEvents(tx: Writer, before: number, batch: number): Promise<number> {
  const gone = await tx.sql.all<Position>(
    `DELETE FROM events WHERE id IN
       (SELECT id FROM (SELECT id, at FROM events ORDER BY id LIMIT $2) oldest WHERE at < $1) RETURNING xact, id`,
    [before, batch],
  )
  if (gone.length > 0) await raiseLogFloor(tx, gone)
  return gone.length
}

async function raiseLogFloor(tx: Writer, gone: readonly Position[]): Promise<void> {
  const { floor } = await logState(tx)
  const raised = gone.reduce((highest, one) => (isBefore(highest, one) ? one : highest), floor)
  await setMeta(tx, floorKey, formatPosition(raised))
}

/**
 * A dump that is read into another PostgreSQL brings numbers of transactions that are still to come there: new events
 * would stand before the old ones. They are put before all others, and positions of before are void.
 */
export async function settleLog(tx: Writer, newId: () => string): Promise<void> {
  if (tx.sql.dialect === 'sqlite') return
  const foreign = await tx.sql.first(
    `SELECT 1 FROM events e WHERE e.xact >= txid_snapshot_xmax(txid_current_snapshot())
     ORDER BY e.xact DESC LIMIT 1`,
  )
  const floor = (await logState(tx)).floor.xact
  if (foreign === undefined && floor <= (await currentXact(tx))) return
  await tx.sql.run('UPDATE events SET xact = 0')
  await tx.sql.run('UPDATE webhooks SET cursor_xact = 0')
  await setMeta(tx, floorKey, formatPosition(logStart))
  await setMeta(tx, renewedKey, newId())
}

async function currentXact({ sql }: Reader): Promise<number> {
  return (await sql.first<{ xact: number }>('SELECT txid_current() AS xact'))?.xact ?? 0
}

async function setMeta(tx: Writer, key: string, value: string): Promise<void> {
  await tx.sql.run(
    'INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    [key, value],
  )
}
