import { randomUUID } from 'node:crypto'
import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Settings } from '../config/defaults.ts'
import { type DatabaseSettings, openDatabase } from '../storage/database.ts'
import { migrateDatabase } from '../storage/migrate.ts'
import { openStore } from '../storage/store.ts'
import { createLog } from './log.ts'
import type { Services } from './services.ts'

/** Opens the store and puts together what every face needs. The caller disposes of the store. */
export async function openServices(
  settings: Settings,
  options: { readonly migrate?: boolean } = {},
): Promise<Services> {
  await makeDataFolder(settings.data)
  const store = await openStore({
    database: databaseOf(settings),
    dataDirectory: settings.data,
    now: Date.now,
    newId: randomUUID,
    migrate: options.migrate ?? true,
  })
  return { store, settings, log: createLog(settings.log.level), now: Date.now, newId: randomUUID }
}

/** Brings the database up to date. @returns the names of the migrations that were missing */
export async function migrate(settings: Settings): Promise<string[]> {
  await makeDataFolder(settings.data)
  const database = await openDatabase(databaseOf(settings))
  try {
    return await migrateDatabase(database)
  } finally {
    await database.close()
  }
}

export function databaseOf({ data, database }: Settings): DatabaseSettings {
  if (database.url === '') return { kind: 'sqlite', path: join(data, 'farley.sqlite') }
  return { kind: 'postgres', url: database.url, poolSize: database.poolSize }
}

/** For its owner's eyes only: it holds everybody's contacts. */
async function makeDataFolder(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true, mode: 0o700 })
  if (made !== undefined) await chmod(path, 0o700)
}
