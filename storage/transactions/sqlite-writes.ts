import { setImmediate, setTimeout } from 'node:timers/promises'
import type { Sql, SqliteDatabase } from '../database.ts'
import { bumpWrites } from '../epoch.ts'
import { faultOf, StorageBusyError, translateError } from '../errors.ts'
import type { Writer, WriteSettings, Writes } from '../store.ts'
import { runAfterCommit, transaction } from './transaction.ts'

/** A commit is shared by at most so many writes, begun within so long. */
const groupSize = 64
const groupMs = 20
/** How long another process may hold the lock before a write gives up. */
const patienceMs = 10_000

/**
 * Group commit: a first-in-first-out queue of writes on one connection. Those waiting together share a transaction, each
 * in its savepoint, closed before the next opens; one sync to disk, then all the replies.
 */
export function sqliteWrites(database: SqliteDatabase, settings: WriteSettings): Writes {
  const queue: Waiting[] = []
  let running: Promise<void> | undefined
  let isClosed = false
  const drain = async () => {
    try {
      while (queue.length > 0) await runGroup(database, queue, settings)
    } catch (error) {
      for (const waiting of queue.splice(0)) waiting.reject(error)
    }
    running = undefined
  }
  return {
    write: <T>(fn: (tx: Writer) => Promise<T>) => {
      if (isClosed) return Promise.reject(new Error('The store is closed.'))
      return new Promise<T>((resolve, reject) => {
        queue.push({
          run: async (tx) => {
            const value = await fn(tx)
            return () => resolve(value)
          },
          reject,
        })
        running ??= drain()
      })
    },
    close: async () => {
      isClosed = true
      await running
    },
  }
}

interface Waiting {
  /** @returns what gives the reply */
  run(tx: Writer): Promise<() => void>
  reject(error: unknown): void
}

/** A write whose callback has ended, one way or the other; its reply waits for the commit. */
interface Ended {
  readonly waiting: Waiting
  readonly reply: () => void
  readonly afterCommit: readonly (() => void)[]
  readonly hasChangedFeed: boolean
}

async function runGroup(database: SqliteDatabase, queue: Waiting[], settings: WriteSettings): Promise<void> {
  const { writer } = database
  try {
    await patiently(() => writer.run('BEGIN IMMEDIATE'))
  } catch (error) {
    for (const waiting of queue.splice(0)) waiting.reject(translateError(error))
    return
  }
  const ended: Ended[] = []
  let writes: number | undefined
  try {
    await runWaiting(database, queue, ended, settings)
    if (!database.inTransaction()) return
    if (ended.some((write) => write.hasChangedFeed)) writes = await bumpWrites(writer)
    await patiently(() => writer.run('COMMIT'))
  } catch (error) {
    for (const write of ended) write.waiting.reject(translateError(error))
    if (database.inTransaction()) await writer.run('ROLLBACK')
    return
  }
  if (writes !== undefined) settings.committed(writes)
  for (const write of ended) write.reply()
  for (const write of ended) runAfterCommit(write.afterCommit)
}

/** Runs what waits, and what comes to wait meanwhile, until the group is full or nobody is left. */
async function runWaiting(
  database: SqliteDatabase,
  queue: Waiting[],
  ended: Ended[],
  settings: WriteSettings,
): Promise<void> {
  const startedAt = performance.now()
  while (ended.length < groupSize && performance.now() - startedAt < groupMs) {
    if (queue.length === 0) await setImmediate()
    const waiting = queue.shift()
    if (waiting === undefined) return
    const write = await runInSavepoint(database, waiting, settings)
    if (!database.inTransaction()) {
      // A full disk ended the transaction: the one that met it is told so, those before it start again.
      queue.unshift(...ended.map((earlier) => earlier.waiting))
      write.reply()
      return
    }
    ended.push(write)
  }
}

async function runInSavepoint(
  database: SqliteDatabase,
  waiting: Waiting,
  settings: WriteSettings,
): Promise<Ended> {
  const { writer } = database
  const open = transaction(writer, settings.now(), settings.beforeStatement)
  try {
    await writer.run('SAVEPOINT one_write')
    const reply = await waiting.run(open.tx)
    open.end()
    await writer.run('RELEASE one_write')
    return { waiting, reply, afterCommit: open.afterCommit, hasChangedFeed: open.hasChangedFeed }
  } catch (error) {
    open.end()
    if (database.inTransaction()) await undo(writer)
    const reply = () => waiting.reject(translateError(error))
    return { waiting, reply, afterCommit: [], hasChangedFeed: false }
  }
}

/** Undoes one write; where that cannot be done, the whole group, which then starts again without it. */
async function undo(writer: Sql): Promise<void> {
  try {
    await writer.run('ROLLBACK TO one_write')
    await writer.run('RELEASE one_write')
  } catch {
    await writer.run('ROLLBACK')
  }
}

/** Tries again while another process holds the lock, without blocking this one. */
async function patiently(statement: () => Promise<unknown>): Promise<void> {
  const startedAt = performance.now()
  for (let waitMs = 1; ; waitMs = Math.min(waitMs * 2, 50)) {
    try {
      await statement()
      return
    } catch (error) {
      if (faultOf(error) !== 'busy') throw error
      if (performance.now() - startedAt > patienceMs) {
        throw new StorageBusyError('Another process holds the database.', { cause: error })
      }
    }
    await setTimeout(waitMs * (0.5 + Math.random()))
  }
}
