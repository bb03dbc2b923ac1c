import { setTimeout } from 'node:timers/promises'
import type { PostgresDatabase, PostgresSession } from '../database.ts'
import { bumpWrites } from '../epoch.ts'
import { faultOf, translateError } from '../errors.ts'
import type { Writer, WriteSettings, Writes } from '../store.ts'
import { runAfterCommit, transaction } from './transaction.ts'

/** How often a write that others made impossible is tried before it gives up. */
const attempts = 10

/** Each write has a pooled connection of its own, and runs again when it lost a race. */
export function postgresWrites(database: PostgresDatabase, settings: WriteSettings): Writes {
  const running = new Set<Promise<unknown>>()
  let isClosed = false
  return {
    write: (fn) => {
      if (isClosed) return Promise.reject(new Error('The store is closed.'))
      const write = writeWithRetries(database, settings, fn).finally(() => running.delete(write))
      running.add(write)
      return write
    },
    close: async () => {
      isClosed = true
      await Promise.allSettled([...running])
    },
  }
}

async function writeWithRetries<T>(
  database: PostgresDatabase,
  settings: WriteSettings,
  fn: (tx: Writer) => Promise<T>,
): Promise<T> {
  let hasMetUnique = false
  for (let attempt = 1; ; attempt++) {
    try {
      return await writeOnce(database, settings, fn)
    } catch (error) {
      const fault = faultOf(error)
      const isRace =
        fault === 'serialization' || fault === 'conflict' || (fault === 'unique' && !hasMetUnique)
      if (!isRace || attempt === attempts) throw translateError(error)
      if (fault === 'unique') hasMetUnique = true
    }
    await setTimeout(attempt * 5 * Math.random())
  }
}

async function writeOnce<T>(
  database: PostgresDatabase,
  settings: WriteSettings,
  fn: (tx: Writer) => Promise<T>,
): Promise<T> {
  const session = await database.begin()
  const open = transaction(session.sql, settings.now(), settings.beforeStatement)
  let writes: number | undefined
  let value: T
  try {
    value = await fn(open.tx)
    open.end()
    if (open.hasChangedFeed) writes = await bumpWrites(session.sql)
    await session.commit()
  } catch (error) {
    open.end()
    await rollBack(session)
    throw error
  }
  session.release(false)
  if (writes !== undefined) settings.committed(writes)
  runAfterCommit(open.afterCommit)
  return value
}

/** A connection that cannot roll back is thrown away, which makes the server do it. */
async function rollBack(session: PostgresSession): Promise<void> {
  try {
    await session.sql.run('ROLLBACK')
    session.release(false)
  } catch {
    session.release(true)
  }
}
