import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type DatabaseSettings, openDatabase } from '../storage/database.ts'
import { migrateDatabase } from '../storage/migrate.ts'
import { openStore, type Store, type StoreOptions } from '../storage/store.ts'
import { databaseUrl, templateName } from './postgres.ts'

/** Which database this run of the tests is about. */
export const dialect: 'sqlite' | 'postgres' =
  process.env.FARLEY_TEST_DATABASE === 'postgres' ? 'postgres' : 'sqlite'

/** How many of so many random cases are tried: on PostgreSQL, which takes longer, a part of those of SQLite. */
export const runsOf = (count: number): number => (dialect === 'sqlite' ? count : Math.ceil(count / 3))

/** A database of its own and a folder for what lies beside it; both go when it is disposed of. */
export interface TestDatabase extends AsyncDisposable {
  readonly database: DatabaseSettings
  readonly dataDirectory: string
}

/**
 * @param options.migrated  false for a database without tables
 * @param options.kind  another database than the one this run is about
 */
export async function createTestDatabase(
  options: { migrated?: boolean | undefined; kind?: typeof dialect | undefined } = {},
): Promise<TestDatabase> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'farley-test-'))
  const removeDirectory = () => rmSync(dataDirectory, { recursive: true, force: true })
  if ((options.kind ?? dialect) === 'sqlite') {
    const path = join(dataDirectory, 'farley.db')
    if (options.migrated !== false) writeFileSync(path, await sqliteTemplate())
    return {
      database: { kind: 'sqlite', path },
      dataDirectory,
      [Symbol.asyncDispose]: async () => removeDirectory(),
    }
  }
  const url = process.env.FARLEY_TEST_POSTGRES_URL
  if (url === undefined) throw new Error('No PostgreSQL was started: FARLEY_TEST_POSTGRES_URL is not set.')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const template = options.migrated === false ? 'template0' : templateName
  await administer(url, `CREATE DATABASE ${name} TEMPLATE ${template}`)
  return {
    database: { kind: 'postgres', url: databaseUrl(url, name), poolSize: 4 },
    dataDirectory,
    [Symbol.asyncDispose]: async () => {
      removeDirectory()
      await administer(url, `DROP DATABASE ${name} WITH (FORCE)`)
    },
  }
}

let template: Promise<Buffer> | undefined

/** The octets of a migrated database, those of the tests of this process begin with. */
function sqliteTemplate(): Promise<Buffer> {
  template ??= makeSqliteTemplate()
  return template
}

async function makeSqliteTemplate(): Promise<Buffer> {
  const directory = mkdtempSync(join(tmpdir(), 'farley-test-'))
  const path = join(directory, 'farley.db')
  const database = await openDatabase({ kind: 'sqlite', path })
  await migrateDatabase(database)
  await database.close()
  const octets = readFileSync(path)
  rmSync(directory, { recursive: true, force: true })
  return octets
}

/** A store on a database of its own, with a clock that a test can set. */
export interface TestStore extends TestDatabase {
  readonly store: Store
  readonly clock: { now: number }
}

export async function openTestStore({
  kind,
  ...options
}: Partial<StoreOptions> & { kind?: typeof dialect | undefined } = {}): Promise<TestStore> {
  const made = await createTestDatabase({ kind })
  const clock = { now: Date.UTC(2026, 0, 15, 12) }
  const { database, dataDirectory } = made
  const store = await openStore({
    database,
    dataDirectory,
    now: () => clock.now,
    newId: randomUUID,
    ...options,
  })
  return {
    store,
    clock,
    database,
    dataDirectory,
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]()
      await made[Symbol.asyncDispose]()
    },
  }
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
