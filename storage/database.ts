import { DataSource } from 'typeorm'
import { faultOf } from './errors.ts'
import { migrations } from './migrations/index.ts'
import { entities } from './schema.ts'

export type Dialect = 'sqlite' | 'postgres'

export type DatabaseSettings =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: string; readonly poolSize: number }

/**
 * Statements with `$1 …` for parameters, on either database. An array is one parameter: name it with `inList`.
 * Bytes are Buffers, integers numbers, truth values 0 and 1.
 */
export interface Sql {
  all<T>(text: string, params?: readonly unknown[]): Promise<T[]>
  first<T>(text: string, params?: readonly unknown[]): Promise<T | undefined>
  /** @returns the number of rows the statement affected */
  run(text: string, params?: readonly unknown[]): Promise<number>
  readonly dialect: Dialect
}

/** The two connections to an SQLite file: the only one that writes, and one that sees committed states only. */
export interface SqliteDatabase {
  readonly kind: 'sqlite'
  readonly writer: Sql
  readonly reader: Sql
  /** Whether the writer is inside a transaction; SQLite ends one by itself when the disk is full. */
  inTransaction(): boolean
  /** Brings the write-ahead log into the file, and empties it. @returns whether nobody was in the way */
  settle(): boolean
  readonly dataSource: DataSource
  close(): Promise<void>
}

/** A connection taken out of the pool. */
export interface PostgresSession {
  readonly sql: Sql
  /** @throws when the server rolled back instead, because a statement had failed */
  commit(): Promise<void>
  /** @param broken  the connection is not to be used again */
  release(broken: boolean): void
}

export interface PostgresEar {
  heard(text: string): void
  /** The connection broke after it had stood; nothing is heard any more. */
  lost(): void
}

export interface PostgresDatabase {
  readonly kind: 'postgres'
  readonly reader: Sql
  begin(): Promise<PostgresSession>
  /**
   * Listens on a connection of its own, which is not taken from the pool.
   * @returns ends it, without `lost` being called
   */
  listen(channel: string, on: PostgresEar): Promise<() => Promise<void>>
  readonly dataSource: DataSource
  close(): Promise<void>
}

export type Database = SqliteDatabase | PostgresDatabase

/** Opens the connections; the schema is left as it is. */
export function openDatabase(settings: DatabaseSettings): Promise<Database> {
  return settings.kind === 'sqlite' ? openSqlite(settings.path) : openPostgres(settings)
}

/** The condition `column IN (the array given as this parameter)`. */
export function inList(dialect: Dialect, column: string, parameter: string, type: 'bigint' | 'text'): string {
  return dialect === 'sqlite'
    ? `${column} IN (SELECT value FROM json_each(${parameter}))`
    : `${column} = ANY(${parameter}::${type}[])`
}

/** How long the connections block the process for another one's lock while they are being opened. */
const openingTimeoutMs = 5_000

async function openSqlite(path: string): Promise<SqliteDatabase> {
  let handle: SqliteHandle | undefined
  let readingHandle: SqliteHandle | undefined
  const writer = new DataSource({
    type: 'better-sqlite3',
    database: path,
    timeout: openingTimeoutMs,
    entities: entities('sqlite'),
    migrations: [...migrations],
    prepareDatabase: (db: SqliteHandle) => {
      handle = db
      db.pragma('journal_mode = WAL')
      db.pragma('synchronous = FULL')
      db.pragma('cache_size = -8192')
      db.pragma('busy_timeout = 0')
      // What is deleted is overwritten: who was erased is in no free page of the file.
      db.pragma('secure_delete = ON')
    },
  })
  await writer.initialize()
  const reader = new DataSource({
    type: 'better-sqlite3',
    database: path,
    readonly: true,
    fileMustExist: true,
    timeout: openingTimeoutMs,
    prepareDatabase: (db: SqliteHandle) => {
      readingHandle = db
      db.pragma('cache_size = -8192')
      db.pragma('busy_timeout = 0')
    },
  })
  await reader.initialize()
  return {
    kind: 'sqlite',
    writer: sqliteSql(handle),
    reader: retrying(sqliteSql(readingHandle)),
    inTransaction: () => handle?.inTransaction === true,
    settle: () => handle?.inTransaction === false && checkpoint(handle),
    dataSource: writer,
    close: async () => {
      await reader.destroy()
      checkpoint(handle)
      await writer.destroy()
    },
  }
}

/** What is used of better-sqlite3's connection beside TypeORM. */
interface SqliteHandle {
  pragma(text: string): unknown
  prepare(text: string): SqliteStatement
  readonly inTransaction: boolean
}

interface SqliteStatement {
  all(...values: readonly unknown[]): unknown[]
  run(...values: readonly unknown[]): { readonly changes: number }
}

/** Brings the write-ahead log into the file. Another process may hold it: then its last one does. */
function checkpoint(handle: SqliteHandle | undefined): boolean {
  try {
    const rows = handle?.pragma('wal_checkpoint(TRUNCATE)') as
      | readonly { readonly busy: number }[]
      | undefined
    return rows?.[0]?.busy === 0
  } catch (error) {
    if (faultOf(error) !== 'busy') throw error
    return false
  }
}

/** The driver's own statements: TypeORM's query runner takes as long about one as SQLite itself. */
function sqliteSql(handle: SqliteHandle | undefined): Sql {
  if (handle === undefined) throw new TypeError('TypeORM opened no connection.')
  const prepared = new Map<string, Prepared>()
  const prepare = (text: string): Prepared => {
    const known = prepared.get(text)
    if (known !== undefined) return known
    const [oldest] = prepared.keys()
    if (prepared.size >= preparedStatements && oldest !== undefined) prepared.delete(oldest)
    const translated = toSqlite(text)
    const made = { statement: handle.prepare(translated.text), order: translated.order }
    prepared.set(text, made)
    return made
  }
  const rowsOf = (text: string, params: readonly unknown[]): unknown[] => {
    const { statement, order } = prepare(text)
    return statement.all(...order.map((at) => toSqliteValue(params[at])))
  }
  return {
    dialect: 'sqlite',
    all: async <T>(text: string, params: readonly unknown[] = []) => rowsOf(text, params) as T[],
    first: async <T>(text: string, params: readonly unknown[] = []) =>
      rowsOf(text, params)[0] as T | undefined,
    run: async (text, params = []) => {
      const { statement, order } = prepare(text)
      return statement.run(...order.map((at) => toSqliteValue(params[at]))).changes
    },
  }
}

/** So many statements are kept at most: those that follow a client's filter have no end. */
const preparedStatements = 500

interface Prepared {
  readonly statement: SqliteStatement
  /** For each `?`, the parameter that stands there. */
  readonly order: readonly number[]
}

function toSqlite(text: string): { readonly text: string; readonly order: readonly number[] } {
  const order: number[] = []
  const translated = text.replace(/\$(\d+)/g, (_, digits: string) => {
    order.push(Number(digits) - 1)
    return '?'
  })
  return { text: translated, order }
}

function toSqliteValue(value: unknown): unknown {
  if (value === undefined) return null
  return Array.isArray(value) ? JSON.stringify(value) : value
}

/** Reads meet a lock only while another process opens or closes the file: a short wait, without blocking ours. */
function retrying(sql: Sql): Sql {
  const patiently = <T>(statement: () => Promise<T>): Promise<T> =>
    statement().catch((error: unknown) => tryAgain(statement, error))
  return {
    dialect: sql.dialect,
    all: <T>(text: string, params?: readonly unknown[]) => patiently(() => sql.all<T>(text, params)),
    first: <T>(text: string, params?: readonly unknown[]) => patiently(() => sql.first<T>(text, params)),
    run: (text, params) => patiently(() => sql.run(text, params)),
  }
}

async function tryAgain<T>(statement: () => Promise<T>, first: unknown): Promise<T> {
  let error = first
  for (let waitMs = 1; ; waitMs *= 2) {
    if (faultOf(error) !== 'busy' || waitMs > 4_096) throw error
    await new Promise((resolve) => setTimeout(resolve, waitMs))
    try {
      return await statement()
    } catch (next) {
      error = next
    }
  }
}

async function openPostgres(settings: { url: string; poolSize: number }): Promise<PostgresDatabase> {
  const dataSource = new DataSource({
    type: 'postgres',
    url: settings.url,
    poolSize: settings.poolSize,
    applicationName: 'farley',
    parseInt8: true,
    installExtensions: false,
    entities: entities('postgres'),
    migrations: [...migrations],
  })
  await dataSource.initialize()
  const pool = poolOf(dataSource)
  return {
    kind: 'postgres',
    reader: postgresSql(pool),
    dataSource,
    begin: async () => {
      const client = await pool.connect()
      client.on('error', ignore)
      await client.query('BEGIN').catch((error: unknown) => {
        client.release(true)
        throw error
      })
      return {
        sql: postgresSql(client),
        commit: async () => {
          const result = await client.query('COMMIT')
          if (result.command !== 'COMMIT') throw new Error('The transaction was rolled back by the server.')
        },
        release: (broken) => {
          client.off('error', ignore)
          client.release(broken)
        },
      }
    },
    listen: (channel, on) => listenTo(pool, channel, on),
    close: () => dataSource.destroy(),
  }
}

async function listenTo(pool: PostgresPool, channel: string, on: PostgresEar): Promise<() => Promise<void>> {
  const client = new pool.Client(pool.options)
  let isEnding = false
  client.on('error', ignore)
  try {
    await client.connect()
    client.on('notification', ({ payload = '' }) => on.heard(payload))
    await client.query(`LISTEN ${channel}`)
  } catch (error) {
    await client.end().catch(ignore)
    throw error
  }
  client.on('end', () => {
    if (!isEnding) on.lost()
  })
  return async () => {
    isEnding = true
    await client.end().catch(ignore)
  }
}

/** A connection's end reaches whoever waits for its statement; nobody else needs to hear of it. */
const ignore = () => {}

interface PostgresQueryable {
  query(query: string | { name?: string; text: string; values: unknown[] }): Promise<PostgresResult>
}
interface PostgresClient extends PostgresQueryable {
  on(event: 'error', listener: (error: Error) => void): void
  off(event: 'error', listener: (error: Error) => void): void
  release(broken: boolean): void
}
interface PostgresPool extends PostgresQueryable {
  connect(): Promise<PostgresClient>
  readonly Client: new (options: unknown) => PostgresOwnClient
  readonly options: unknown
}
interface PostgresOwnClient extends PostgresQueryable {
  on(event: 'error' | 'end', listener: () => void): void
  on(event: 'notification', listener: (message: { readonly payload?: string }) => void): void
  connect(): Promise<void>
  end(): Promise<void>
}
interface PostgresResult {
  readonly rows: unknown[]
  readonly rowCount: number | null
  readonly command: string
}

/** TypeORM's own pool: its query runner knows no named statements, which spare the server planning each time. */
function poolOf(dataSource: DataSource): PostgresPool {
  const { driver } = dataSource
  if (!('master' in driver)) throw new TypeError('TypeORM keeps its pool elsewhere.')
  return driver.master as PostgresPool
}

/** So many texts are prepared at most: those that follow a client's filter have no end. */
const namedStatements = 500
/** Longer texts follow a client's filter, and seldom come twice. */
const namedLength = 3_000
/** Statement names by text, the same on all connections. */
const statementNames = new Map<string, string>()

function postgresSql(on: PostgresQueryable): Sql {
  const run = (text: string, params: readonly unknown[]) => {
    let name = statementNames.get(text)
    if (name === undefined && text.length <= namedLength && statementNames.size < namedStatements) {
      name = `farley_${statementNames.size}`
      statementNames.set(text, name)
    }
    return on.query({ ...(name === undefined ? {} : { name }), text, values: [...params] })
  }
  return {
    dialect: 'postgres',
    all: async <T>(text: string, params: readonly unknown[] = []) => (await run(text, params)).rows as T[],
    first: async <T>(text: string, params: readonly unknown[] = []) =>
      (await run(text, params)).rows[0] as T | undefined,
    run: async (text, params = []) => (await run(text, params)).rowCount ?? 0,
  }
}
