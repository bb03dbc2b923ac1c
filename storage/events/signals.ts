import type { Database, PostgresDatabase } from '../database.ts'

/** What was written that somebody waits for. */
export type Topic = 'events' | 'outbox' | 'settings'

/** Tells those who wait that something was committed, in whatever process. */
export interface Signals {
  /**
   * Calls back after commits that wrote something of this kind: those of this process at once, those of other processes
   * soon on PostgreSQL, and not at all on SQLite. A call may be for nothing, and one may be lost with the connection:
   * whoever listens looks from time to time by itself too.
   * @returns ends it
   */
  listen(topic: Topic, heard: () => void): () => void
  /** Told of what a write has written, once it is committed. */
  ring(topics: ReadonlySet<Topic>): void
  close(): Promise<void>
}

/** What one process hears of others, and says to them. */
interface Line {
  say(topics: ReadonlySet<Topic>): void
  /** Others are listened to from the first time somebody here does. */
  open(): void
  close(): Promise<void>
}

export function createSignals(database: Database): Signals {
  const listeners = new Map<Topic, Set<() => void>>()
  const tell = (topics: Iterable<Topic>): void => {
    for (const topic of topics) for (const heard of listeners.get(topic) ?? []) heard()
  }
  const line = database.kind === 'postgres' ? postgresLine(database, tell) : undefined
  return {
    listen: (topic, heard) => {
      const all = listeners.get(topic) ?? new Set()
      listeners.set(topic, all)
      // The same function may listen twice.
      const own = (): void => heard()
      all.add(own)
      line?.open()
      return () => all.delete(own)
    },
    ring: (topics) => {
      tell(topics)
      line?.say(topics)
    },
    close: async () => {
      listeners.clear()
      await line?.close()
    },
  }
}

const channel = 'farley'
/** So that many commits are one message: each costs all that listen a wake-up. */
const togetherMs = 20
const firstRetryMs = 500
const longestRetryMs = 30_000

/** NOTIFY goes out after the commit, and by itself: within transactions it would make commits wait for each other. */
function postgresLine(database: PostgresDatabase, tell: (topics: Iterable<Topic>) => void): Line {
  const me = `${process.pid}.${Math.random().toString(36).slice(2)}`
  const waiting = new Set<Topic>()
  let timer: NodeJS.Timeout | undefined
  let sending: Promise<unknown> = Promise.resolve()
  const send = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (waiting.size === 0) return
    const text = [me, ...waiting].join(' ')
    waiting.clear()
    sending = sending
      .then(() => database.reader.first('SELECT pg_notify($1, $2)', [channel, text]))
      .catch(forgotten)
  }
  const hear = (text: string): void => {
    const [from, ...topics] = text.split(' ')
    if (from !== me) tell(topics as Topic[])
  }
  const ear = keepListening(database, hear)
  return {
    say: (topics) => {
      for (const topic of topics) waiting.add(topic)
      timer ??= setTimeout(send, togetherMs).unref()
    },
    open: ear.open,
    close: async () => {
      send()
      await sending
      await ear.close()
    },
  }
}

/** Others look by themselves after a while. */
const forgotten = (): void => {}

/** One connection that listens, opened anew after it was lost. */
function keepListening(
  database: PostgresDatabase,
  heard: (text: string) => void,
): { open(): void; close(): Promise<void> } {
  let state: 'closed' | 'open' | 'over' = 'closed'
  let connection: Promise<() => Promise<void>> | undefined
  let retry: NodeJS.Timeout | undefined
  let waitMs = firstRetryMs
  const again = (): void => {
    if (state === 'over') return
    retry = setTimeout(connect, waitMs).unref()
    waitMs = Math.min(waitMs * 2, longestRetryMs)
  }
  const connect = (): void => {
    connection = database.listen(channel, { heard, lost: again })
    connection.then(
      () => {
        waitMs = firstRetryMs
      },
      () => again(),
    )
  }
  return {
    open: () => {
      if (state !== 'closed') return
      state = 'open'
      connect()
    },
    close: async () => {
      state = 'over'
      clearTimeout(retry)
      const end = await connection?.catch(() => undefined)
      await end?.()
    },
  }
}
