import { setTimeout } from 'node:timers/promises'
import { type DataSource, MigrationExecutor, type QueryRunner } from 'typeorm'
import { type Database, type DatabaseSettings, openDatabase } from './database.ts'
import { faultOf, NewerDatabaseError, OlderDatabaseError } from './errors.ts'

/** How long another process may be migrating before this one gives up. */
const patienceMs = 60_000
/** The advisory lock of those who migrate a PostgreSQL database. */
const migrationLock = 0x4641524c

/** The names of the migrations that the database lacks. @throws NewerDatabaseError */
export async function pendingMigrations(settings: DatabaseSettings): Promise<string[]> {
  const database = await openDatabase(settings)
  try {
    return await compareMigrations(database.dataSource)
  } finally {
    await database.close()
  }
}

/** @throws NewerDatabaseError; OlderDatabaseError when migrations are missing */
export async function requireMigrated(database: Database): Promise<void> {
  const pending = await compareMigrations(database.dataSource)
  if (pending.length > 0) throw new OlderDatabaseError(pending)
}

/**
 * Runs the missing migrations, each in a transaction that keeps other processes out; those of a database that has had none
 * all in one, so that a new one is synced to disk once.
 * @returns the names of those it ran
 * @throws NewerDatabaseError
 */
export async function migrateDatabase(database: Database): Promise<string[]> {
  const { dataSource } = database
  const ran: string[] = []
  const pending = await compareMigrations(dataSource)
  if (pending.length === 0) return ran
  const most = pending.length === dataSource.migrations.length ? pending.length : 1
  const runner = dataSource.createQueryRunner()
  try {
    for (;;) {
      const names = await withLock(database, runner, () => runNext(dataSource, runner, most))
      ran.push(...names)
      if (names.length < most) return ran
    }
  } finally {
    await runner.release()
  }
}

async function compareMigrations(dataSource: DataSource, runner?: QueryRunner): Promise<string[]> {
  const executor = new MigrationExecutor(dataSource, runner)
  const known = new Set(dataSource.migrations.map((migration) => migration.name))
  const unknown = (await executor.getExecutedMigrations()).filter((migration) => !known.has(migration.name))
  if (unknown.length > 0) throw new NewerDatabaseError(unknown.map((migration) => migration.name))
  return (await executor.getPendingMigrations()).map((migration) => migration.name)
}

/** Asks again under the lock: another process may have been faster. */
async function runNext(dataSource: DataSource, runner: QueryRunner, most: number): Promise<string[]> {
  await compareMigrations(dataSource, runner)
  const executor = new MigrationExecutor(dataSource, runner)
  const next = (await executor.getPendingMigrations()).slice(0, most)
  for (const migration of next) await executor.executeMigration(migration)
  return next.map(({ name }) => name)
}

async function withLock<T>(database: Database, runner: QueryRunner, fn: () => Promise<T>): Promise<T> {
  const isSqlite = database.kind === 'sqlite'
  if (isSqlite) await runner.query('PRAGMA foreign_keys = OFF')
  try {
    await begin(runner, isSqlite)
    const result = await fn()
    if (isSqlite) await checkForeignKeys(runner)
    await runner.query('COMMIT')
    return result
  } catch (error) {
    await runner.query('ROLLBACK').catch(() => undefined)
    throw error
  } finally {
    if (isSqlite) await runner.query('PRAGMA foreign_keys = ON')
  }
}

async function begin(runner: QueryRunner, isSqlite: boolean): Promise<void> {
  if (!isSqlite) {
    await runner.query('BEGIN')
    await runner.query(`SELECT pg_advisory_xact_lock(${migrationLock})`)
    return
  }
  const startedAt = performance.now()
  for (;;) {
    try {
      await runner.query('BEGIN IMMEDIATE')
      return
    } catch (error) {
      if (faultOf(error) !== 'busy' || performance.now() - startedAt > patienceMs) throw error
    }
    await setTimeout(20)
  }
}

/** Foreign keys are off while tables are rebuilt, and looked at before the commit. */
async function checkForeignKeys(runner: QueryRunner): Promise<void> {
  const broken: unknown[] = await runner.query('PRAGMA foreign_key_check')
  if (broken.length > 0) throw new Error(`The migration leaves ${broken.length} rows that point nowhere.`)
}
