import { randomUUID } from 'node:crypto'
import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Settings } from '../config/defaults.ts'
import type { BlobStore } from '../storage/blobs/blob-store.ts'
import { fileBlobs } from '../storage/blobs/file-blobs.ts'
import { s3Blobs } from '../storage/blobs/s3-blobs.ts'
import { type DatabaseSettings, openDatabase } from '../storage/database.ts'
import { migrateDatabase } from '../storage/migrate.ts'
import { openStore } from '../storage/store.ts'
import { SettingsError } from './config.ts'
import { readSettings } from './features/admin/settings/follow.ts'
import { createFollower } from './follow.ts'
import { createLog } from './log.ts'
import type { Services } from './services.ts'

/** Opens the stores and puts together what every face needs. The caller closes both. */
export async function openServices(
  settings: Settings,
  options: { readonly migrate?: boolean } = {},
): Promise<Services> {
  const blobs = blobsOf(settings)
  await makeDataFolder(settings.data)
  const store = await openStore({
    database: databaseOf(settings),
    dataDirectory: settings.data,
    now: Date.now,
    newId: randomUUID,
    beforeCommit: createFollower({ settings, newId: randomUUID }),
    migrate: options.migrate ?? true,
  })
  const log = createLog(settings.log.level)
  const services = { store, blobs, settings, log, now: Date.now, newId: randomUUID }
  try {
    await readSettings(services)
  } catch (error) {
    await store[Symbol.asyncDispose]()
    throw error
  }
  return services
}

/** @throws SettingsError when the store lacks a setting */
export function blobsOf({ data, blobs: { store, s3 } }: Settings): BlobStore {
  if (store === 'file') return fileBlobs(join(data, 'blobs'))
  const missing = Object.entries(s3).find(([, value]) => value === '')
  if (missing)
    throw new SettingsError(`blobs.store is s3, and the setting blobs.s3.${missing[0]} is missing.`)
  return s3Blobs(join(data, 'blobs', 'staging'), s3)
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
