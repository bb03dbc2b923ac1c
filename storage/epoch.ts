import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sql } from './database.ts'
import { settleLog } from './events/position.ts'
import type { Reader, Writer, Writes } from './store.ts'
import { keepSecret } from './views/secret.ts'

/** What the file beside the database says: the newest state that this machine has seen. */
interface HighWater {
  readonly epoch: string
  readonly writes: number
}

/** Keeps the high-water file behind the commits. */
export interface Epoch {
  /** Told after each commit that changed a feed. */
  readonly committed: (writes: number) => void
  close(): Promise<void>
}

interface EpochOptions {
  readonly dataDirectory: string
  readonly newId: () => string
}

/** How long the file may lag behind the commits. */
const lagMs = 200

/** The database's epoch, which every sync token carries. Another epoch makes every token invalid. */
export async function databaseEpoch(reader: Reader): Promise<string> {
  const row = await reader.sql.first<{ value: string }>("SELECT value FROM meta WHERE key = 'epoch'")
  if (row === undefined) throw new Error('The database has no epoch.')
  return row.value
}

/**
 * Gives a new database its epoch and its secret, and a database that is older than the file beside it another one: it was put back
 * from a copy, and clients know states that it does not.
 */
export async function openEpoch(writes: Writes, options: EpochOptions): Promise<Epoch> {
  const path = join(options.dataDirectory, 'epoch.json')
  await mkdir(options.dataDirectory, { recursive: true })
  const seen = await readHighWater(path)
  const state = await writes.write((tx) => judge(tx, seen, options.newId))
  await writeHighWater(path, state)
  return keepHighWater(path, state)
}

/** Counts one more commit that changed a feed. @returns the count */
export async function bumpWrites(sql: Sql): Promise<number> {
  const row =
    sql.dialect === 'postgres'
      ? await sql.first<{ writes: number }>("SELECT nextval('farley_writes') AS writes")
      : await sql.first<{ writes: number }>(
          "UPDATE meta SET value = CAST(value AS integer) + 1 WHERE key = 'writes' RETURNING CAST(value AS integer) AS writes",
        )
  if (row === undefined) throw new Error('The database does not count its writes.')
  return row.writes
}

async function judge(tx: Writer, seen: HighWater | undefined, newId: () => string): Promise<HighWater> {
  const insert = 'INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING'
  await tx.sql.run(insert, ['epoch', newId()])
  await tx.sql.run(insert, ['writes', '0'])
  await keepSecret(tx)
  await settleLog(tx, newId)
  const writes = await countWrites(tx)
  if (seen === undefined ? !isMoved(tx, writes) : writes >= seen.writes) {
    return { epoch: await databaseEpoch(tx), writes }
  }
  const epoch = newId()
  const reached = Math.max(writes, seen?.writes ?? 0) + 1
  await beginEpoch(tx, epoch)
  await setWrites(tx, reached)
  return { epoch, writes: reached }
}

/**
 * An SQLite database with a history but no file beside it was put somewhere else: from a backup, as likely as not, and
 * nobody can tell how old. A new node of PostgreSQL has no file either.
 */
function isMoved({ sql }: Writer, writes: number): boolean {
  return sql.dialect === 'sqlite' && writes > 0
}

/** Makes every token invalid, so that every client starts afresh: after a backup was restored. */
export async function beginEpoch({ sql }: Writer, epoch: string): Promise<void> {
  await sql.run("UPDATE meta SET value = $1 WHERE key = 'epoch'", [epoch])
}

/** On PostgreSQL a sequence counts: a row would make every write wait for every other one. */
async function countWrites({ sql }: Writer): Promise<number> {
  const row =
    sql.dialect === 'postgres'
      ? await sql.first<{ writes: number }>('SELECT last_value AS writes FROM farley_writes')
      : await sql.first<{ writes: number }>(
          "SELECT CAST(value AS integer) AS writes FROM meta WHERE key = 'writes'",
        )
  return row?.writes ?? 0
}

async function setWrites({ sql }: Writer, writes: number): Promise<void> {
  if (sql.dialect === 'postgres')
    await sql.first("SELECT setval('farley_writes', CAST($1 AS bigint))", [writes])
  else await sql.run("UPDATE meta SET value = $1 WHERE key = 'writes'", [String(writes)])
}

function keepHighWater(path: string, state: HighWater): Epoch {
  let { writes } = state
  let written = writes
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()
  const save = () => {
    timer = undefined
    if (writes <= written) return
    written = writes
    const next = { epoch: state.epoch, writes }
    writing = writing.then(() => writeHighWater(path, next)).catch(warn)
  }
  return {
    committed: (count) => {
      writes = Math.max(writes, count)
      timer ??= setTimeout(save, lagMs).unref()
    },
    close: async () => {
      clearTimeout(timer)
      save()
      await writing
    },
  }
}

/** Without the file a copy put back is not noticed; that is no reason to stop serving. */
function warn(error: unknown): void {
  process.emitWarning(`The high-water file could not be written: ${String(error)}`)
}

async function readHighWater(path: string): Promise<HighWater | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    if (typeof value !== 'object' || value === null || !('epoch' in value) || !('writes' in value))
      return undefined
    const { epoch, writes } = value
    return typeof epoch === 'string' && Number.isSafeInteger(writes)
      ? { epoch, writes: Number(writes) }
      : undefined
  } catch {
    return undefined
  }
}

let temporaryFiles = 0

/** Another process may have written a higher mark meanwhile: that one stays. */
async function writeHighWater(path: string, state: HighWater): Promise<void> {
  const seen = await readHighWater(path)
  if (seen !== undefined && seen.epoch === state.epoch && seen.writes >= state.writes) return
  const temporary = `${path}.${process.pid}.${++temporaryFiles}`
  const file = await open(temporary, 'w', 0o600)
  try {
    await file.writeFile(JSON.stringify(state))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
}
