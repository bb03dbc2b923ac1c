import { z } from 'zod'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { countOutbox } from '../../../storage/events/outbox.ts'
import { type DeviceOverview, pageDevices } from '../../../storage/overview/devices.ts'
import {
  databaseBytes,
  largestAccounts,
  migrationsRun,
  storedCounts,
} from '../../../storage/overview/sizes.ts'
import type { Reader } from '../../../storage/store.ts'
import { findJob, hurryJob, type JobRow, listJobs, progressOf } from '../../../storage/upkeep/jobs.ts'
import { page, readCursor } from '../../api/cursor.ts'
import type { RawCall, Route } from '../../api/route.ts'
import { foldName } from '../../auth/basic.ts'
import { version } from '../../version.ts'
import { addressIn } from '../devices/in-use.ts'
import { shownDevice, timeOf } from '../devices/sync.ts'
import { limitOf } from '../quota.ts'
import { adminAct, adminLook } from '../team/administering.ts'
import { outboxRoutes } from './outbox-routes.ts'
import { devicePage, deviceQuery, jobList, jobState, serverReport, storageReport } from './schema.ts'
import { settingRoutes } from './settings/routes.ts'

const mostAccounts = 100
const startedAt = Date.now()

/** What whoever runs the place looks at. */
export const adminRoutes: readonly Route[] = [
  ...outboxRoutes,
  ...settingRoutes,
  adminLook(
    { path: '/all-devices', summary: 'The devices of all accounts, and their sync' },
    { query: deviceQuery, reply: devicePage },
    async (reader, call) => {
      const { limit, cursor, account } = call.query
      const after = readCursor(cursor, z.tuple([z.int()]))?.[0]
      const name = account === undefined ? undefined : foldName(account)
      const rows = await pageDevices(reader, { after, account: name, limit: limit + 1 })
      return { body: page(rows, limit, { keyOf: ({ id }) => [id], shown: shownOverview }) }
    },
  ),
  adminLook(
    { path: '/storage', summary: 'What is kept, and by whom' },
    { reply: storageReport },
    async (reader, call) => {
      const accounts = (await largestAccounts(reader, mostAccounts)).map((row) => ({
        ...{ name: row.name, displayName: row.displayName, usedBytes: row.usedBytes },
        limitBytes: limitOf(row, call.settings),
      }))
      const database = { kind: reader.sql.dialect, bytes: await databaseBytes(reader) }
      return { body: { database, counts: await storedCounts(reader), accounts } }
    },
  ),
  adminLook(
    { path: '/jobs', summary: 'The work that the server does by itself' },
    { reply: jobList },
    async (reader, call) => {
      const rows = await listJobs(reader)
      return { body: { jobs: rows.map((row) => shownJob(row, call.now())) } }
    },
  ),
  adminAct(
    { method: 'POST', path: '/jobs/:key/run', summary: 'Have one done as soon as may be' },
    { reply: jobState },
    async (tx, call) => {
      const { key = '' } = call.params
      if (!(await hurryJob(tx, key))) throw refuseStatus(404, 'There is no such job.')
      const row = await findJob(tx, key)
      if (!row) throw refuseStatus(404, 'There is no such job.')
      return { body: shownJob(row, tx.now) }
    },
  ),
  adminLook(
    { path: '/server', summary: 'What runs here, and how it is' },
    { reply: serverReport },
    async (reader, call) => ({ body: await serverIn(reader, call) }),
  ),
]

function shownOverview(row: DeviceOverview) {
  const { merge: _, ...device } = shownDevice(row)
  const { account, collections, behind, refusals } = row
  return { ...device, account, collections, behind, refusals }
}

function shownJob(row: JobRow, now: number) {
  const progress = progressOf(row)
  const isRunning = row.leasedUntil > now
  const state = isRunning ? 'running' : row.lastError === null ? 'waiting' : 'failing'
  return {
    ...({ key: row.key, state, attempts: row.attempts, lastError: row.lastError } as const),
    ...{ nextAt: new Date(row.nextAt).toISOString(), lastAt: timeOf(row.lastAt) },
    progress: progress ? { done: progress.done, total: progress.total } : null,
  }
}

async function serverIn(reader: Reader, { settings }: Pick<RawCall, 'settings'>) {
  const jobs = await listJobs(reader)
  const dead = (await countOutbox(reader)).find(({ state }) => state === 'dead')
  return {
    ...{ version, node: process.versions.node, startedAt: new Date(startedAt).toISOString() },
    ...{ database: reader.sql.dialect, migrations: await migrationsRun(reader) },
    publicUrl: addressIn(settings) ?? null,
    failingJobs: jobs.filter(({ lastError }) => lastError !== null).length,
    deadOutbox: dead?.count ?? 0,
  }
}
