import { setTimeout as wait } from 'node:timers/promises'
import { type Database, type DatabaseSettings, openDatabase, type Sql } from './database.ts'
import { openEpoch } from './epoch.ts'
import { translateError } from './errors.ts'
import { createSignals, type Signals, type Topic } from './events/signals.ts'
import type { BodyId, CollectionId, DeviceId, FeedId, NodeId, ObjectId, PartyId, PrincipalId } from './ids.ts'
import { migrateDatabase, requireMigrated } from './migrate.ts'
import type { Origin } from './origin.ts'
import type { PlacementRow } from './people/parties.ts'
import { postgresWrites } from './transactions/postgres-writes.ts'
import { sqliteWrites } from './transactions/sqlite-writes.ts'
import { writeGuard } from './transactions/write-guard.ts'

export {
  NestedWriteError,
  NewerDatabaseError,
  OlderDatabaseError,
  StorageBusyError,
  StorageFullError,
  WriteConflictError,
} from './errors.ts'

/** What can look at committed rows. Each statement sees the latest commit: no snapshot spans two of them. */
export interface Reader {
  readonly sql: Sql
}

/** An open transaction. Only functions that take one write. */
export interface Writer extends Reader {
  /** The time of the write, the same for all its rows. */
  readonly now: number
  /** Runs once the transaction is committed and synced; never when it is not. */
  afterCommit(fn: () => void): void
  /** Tells the store that a feed has moved on, for the high-water mark of the epoch. */
  feedChanged(): void
  /** Feeds that something is made from: what has moved on, or is put here, `beforeCommit` looks at. */
  readonly followed: Set<FeedId>
  /** Cards that the write path has put, moved or removed, for `beforeCommit`. */
  readonly touched: Map<ObjectId, TouchedCard>
  /** People whose facts beside their cards have changed, for `beforeCommit`. */
  readonly touchedParties: Set<PartyId>
  /** People whom this write has made: nothing is known of them but what it says. */
  readonly madeParties: Set<PartyId>
  /** How much devices have deleted and overwritten, by device and collection, for `beforeCommit`. */
  readonly deviceChanges: Map<string, DeviceChange>
  /** To-dos that the write path has put or removed, for `beforeCommit`. */
  readonly touchedTasks: Map<ObjectId, TouchedTask>
  /** Folders and files that have come, gone, or been moved, and folders whose rights have changed, for `beforeCommit`. */
  readonly touchedNodes: Set<NodeId>
  /** Calendars in which the write path has put or removed something, for `beforeCommit`. */
  readonly touchedCalendars: Set<CollectionId>
  /** Labels that have got another name in a book, for `beforeCommit`. */
  readonly renamedLabels: Set<RenamedLabel>
  /** What was written that somebody waits for, who is told after the commit. */
  readonly wakes: Set<Topic>
}

/** A label of cards in a book that is called otherwise, as a whole or as far as this write has come. */
export interface RenamedLabel {
  readonly collectionId: CollectionId
  /** Whose book it is. */
  readonly principalId: PrincipalId
  /** Who renames it; undefined where nobody does, as in a job. */
  readonly authorId: PrincipalId | undefined
  /** By what he does it. */
  readonly origin?: Origin | undefined
  readonly from: string
  readonly to: string
}

/** What became of a to-do in a write. */
export interface TouchedTask {
  readonly objectId: ObjectId
  readonly kind: 'put' | 'removed'
  readonly origin: Origin
}

/** What became of a card in a write, from the state before all of it to the state after. */
export interface TouchedCard {
  readonly objectId: ObjectId
  /** Where it is, or was at last. */
  readonly collectionId: CollectionId
  /** The owner of that. */
  readonly principalId: PrincipalId
  readonly kind: 'put' | 'removed' | 'moved'
  /** Its octets before the write; undefined where there was none. They are in its history for as long as that is kept. */
  readonly before: BodyId | undefined
  /** Its octets now, without large media, where the write has them at hand and they are in UTF-8. */
  readonly after?: CardState | undefined
  /** Whom it describes, where the write path has just placed it. */
  readonly placed?: PlacementRow | undefined
  /** Whether it is to be compared with others whatever has become of its octets. */
  readonly isToCompare?: boolean | undefined
  readonly origin: Origin
}

/** Octets of a card, and where they are kept. */
export interface CardState {
  readonly bodyId: BodyId
  readonly octets: Uint8Array
}

/** How much one device has deleted and overwritten in one collection in a write. */
export interface DeviceChange {
  readonly deviceId: DeviceId
  readonly collectionId: CollectionId
  /** The owner of that. */
  readonly principalId: PrincipalId
  readonly authorId: PrincipalId | undefined
  readonly deleted: number
  readonly changed: number
}

export interface Store extends AsyncDisposable {
  read<T>(fn: (reader: Reader) => Promise<T>): Promise<T>
  /**
   * Runs `fn` in a transaction, and answers after it is committed and synced to disk.
   * `fn` may run twice, so it touches nothing outside of `tx`; what it throws rolls back and is thrown here.
   * @throws NestedWriteError inside another write; StorageFullError; StorageBusyError
   */
  write<T>(fn: (tx: Writer) => Promise<T>): Promise<T>
  /**
   * Has what was deleted overwritten in the files too: SQLite's write-ahead log is brought into the database and emptied.
   * PostgreSQL does it by itself, a little later.
   * @returns whether it is; another process, or a write, may be in the way for long
   */
  settle(): Promise<boolean>
  /** Where files lie that belong to the database. */
  readonly dataDirectory: string
  /** Tells of what was committed. */
  readonly signals: Pick<Signals, 'listen'>
  /** Readiness: a query on the connection that reads and on one that writes. */
  check(): Promise<void>
}

/** A transaction as what is read from page by page: what was written in it is seen. */
export function readsWithin(tx: Reader): Pick<Store, 'read'> {
  return { read: (fn) => fn(tx) }
}

export interface StoreOptions {
  readonly database: DatabaseSettings
  /** Where the high-water mark of the epoch is kept. */
  readonly dataDirectory: string
  readonly now: () => number
  readonly newId: () => string
  /** Told of every statement of a write, for tests and metrics; what it throws fails the statement. */
  readonly beforeStatement?: ((sql: string) => void) | undefined
  /**
   * Runs at the end of a write that has `followed` feeds or `touched` people, in its transaction: what depends on them is
   * brought up to date. It takes what it has looked at out of `touched` and `touchedParties`.
   */
  readonly beforeCommit?: ((tx: Writer) => Promise<void>) | undefined
  /** Whether missing migrations are run (they are, unless this is false). */
  readonly migrate?: boolean | undefined
}

/** Runs transactions one way or the other; `close` waits for those under way. */
export interface Writes {
  write<T>(fn: (tx: Writer) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export interface WriteSettings {
  readonly now: () => number
  readonly beforeStatement?: ((sql: string) => void) | undefined
  /** Told of the number of writes that have changed a feed, as committed. */
  readonly committed: (writes: number) => void
}

/**
 * Opens the database, brings its tables up to date and judges its epoch.
 * @throws NewerDatabaseError, or OlderDatabaseError where it may not migrate
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const database = await openDatabase(options.database)
  try {
    if (options.migrate === false) await requireMigrated(database)
    else await migrateDatabase(database)
    return await startStore(database, options)
  } catch (error) {
    await database.close()
    throw error
  }
}

const settleAttempts = 50
const settleEveryMs = 100

async function startStore(database: Database, options: StoreOptions): Promise<Store> {
  let committed: (writes: number) => void = () => {}
  const settings: WriteSettings = {
    now: options.now,
    beforeStatement: options.beforeStatement,
    committed: (writes) => committed(writes),
  }
  const writes =
    database.kind === 'sqlite' ? sqliteWrites(database, settings) : postgresWrites(database, settings)
  const epoch = await openEpoch(writes, options)
  committed = epoch.committed
  const guard = writeGuard()
  const signals = createSignals(database)
  const run = <T>(tx: Writer, fn: (tx: Writer) => Promise<T>): Promise<T> =>
    runWrite(tx, fn, { ...options, signals })
  const reader: Reader = { sql: database.reader }
  let closed: Promise<void> | undefined
  return {
    read: async (fn) => {
      try {
        return await fn(reader)
      } catch (error) {
        throw translateError(error)
      }
    },
    write: (fn) => guard.outside(() => writes.write((tx) => guard.inside(() => run(tx, fn)))),
    signals,
    dataDirectory: options.dataDirectory,
    settle: () => settle(database),
    check: async () => {
      await database.reader.first('SELECT 1')
      await writes.write((tx) => tx.sql.first('SELECT 1'))
    },
    [Symbol.asyncDispose]: () => {
      closed ??= closeStore(database, writes, epoch, signals)
      return closed
    },
  }
}

async function runWrite<T>(
  tx: Writer,
  fn: (tx: Writer) => Promise<T>,
  { beforeCommit, signals }: Pick<StoreOptions, 'beforeCommit'> & { readonly signals: Signals },
): Promise<T> {
  const value = await fn(tx)
  if (beforeCommit && hasToFollow(tx)) await beforeCommit(tx)
  if (tx.wakes.size > 0) tx.afterCommit(() => signals.ring(tx.wakes))
  return value
}

function hasToFollow(tx: Writer): boolean {
  const { followed, touched, touchedParties, touchedTasks, touchedNodes, deviceChanges } = tx
  const people = touched.size + touchedParties.size + touchedTasks.size
  const places = followed.size + touchedNodes.size + tx.touchedCalendars.size
  return people + places + deviceChanges.size + tx.renamedLabels.size > 0
}

/** Tries for some seconds. */
async function settle(database: Database): Promise<boolean> {
  if (database.kind === 'postgres') return true
  for (let attempt = 0; attempt < settleAttempts; attempt += 1) {
    if (database.settle()) return true
    await wait(settleEveryMs)
  }
  return false
}

async function closeStore(
  database: Database,
  writes: Writes,
  epoch: { close(): Promise<void> },
  signals: Signals,
): Promise<void> {
  await writes.close()
  await epoch.close()
  await signals.close()
  await database.close()
}
