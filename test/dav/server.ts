import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { defaults, type Settings } from '../../config/defaults.ts'
import { hashPassword } from '../../src/auth/password.ts'
import { blobsOf } from '../../src/compose.ts'
import { createAccount } from '../../src/features/accounts/accounts.ts'
import { createFollower } from '../../src/follow.ts'
import { createHttpServer } from '../../src/http.ts'
import { createLog } from '../../src/log.ts'
import type { Services } from '../../src/services.ts'
import { checkInvariants } from '../../storage/invariants.ts'
import { openTestStore, type TestStore } from '../store.ts'
import { type Client, createClient } from './client.ts'

/** Settings a test file wants otherwise, by group. */
export type SettingsPatch = {
  readonly [Group in keyof Settings]?: Partial<Settings[Group]> | string | number
}

/** A server on a database of its own, for all tests of one file. */
export interface TestServer {
  readonly url: string
  readonly services: Services
  readonly clock: TestStore['clock']
  /** Where the database is, for a second process. */
  readonly database: TestStore['database']
  readonly dataDirectory: string
  readonly settings: Settings
  /** A new account with the seeded collections, and a client that is signed in to it. */
  account(options?: { readonly name?: string; readonly email?: string }): Promise<Account>
}

/** An account and how to speak for it. */
export interface Account extends Client {
  readonly name: string
  readonly password: string
  /** The name in URLs. */
  readonly segment: string
  /** The seeded collections and the homes, as paths. */
  readonly calendar: string
  readonly tasks: string
  readonly contacts: string
  readonly calendars: string
  readonly books: string
  readonly files: string
  readonly principal: string
}

const password = 'correct horse'
/** bcrypt's cheapest, made once: tests make many accounts. */
const passwordHash = hashPassword(password, 4)

/**
 * Starts a server before the tests of a file and stops it after them; after each test the invariants of the store are
 * checked, and that the API did and answered as its routes say.
 */
export function useServer(patch: SettingsPatch = {}): TestServer {
  let running: Awaited<ReturnType<typeof start>> | undefined
  beforeAll(async () => {
    running = await start(patch)
  })
  afterEach(async () => {
    if (running) expect(await running.store.store.read(checkInvariants)).toEqual([])
    expect(running?.apiFaults.splice(0) ?? []).toEqual([])
  })
  afterAll(async () => {
    running?.server.closeAllConnections()
    await new Promise((resolve) => running?.server.close(resolve))
    await running?.store[Symbol.asyncDispose]()
  })
  const get = (): TestServer => {
    if (!running) throw new Error('The server is started before the tests, not while they are described.')
    return running.made
  }
  return {
    get url() {
      return get().url
    },
    get services() {
      return get().services
    },
    get clock() {
      return get().clock
    },
    get database() {
      return get().database
    },
    get dataDirectory() {
      return get().dataDirectory
    },
    get settings() {
      return get().settings
    },
    account: (options) => get().account(options),
  }
}

/** A server beside that of the file; the caller stops it. @param kind  of the database, where not that of the run */
export async function startServer(
  patch: SettingsPatch = {},
  kind?: 'sqlite' | 'postgres',
): Promise<TestServer & AsyncDisposable> {
  const { store, server, made } = await start(patch, kind)
  const stop = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await store[Symbol.asyncDispose]()
  }
  return { ...made, [Symbol.asyncDispose]: stop }
}

async function start(patch: SettingsPatch, kind?: 'sqlite' | 'postgres') {
  const settings = patched(patch)
  const store = await openTestStore({ kind, beforeCommit: createFollower({ settings, newId: randomUUID }) })
  const services: Services = {
    store: store.store,
    blobs: blobsOf({ ...settings, data: store.dataDirectory }),
    settings,
    log: createLog('silent'),
    now: () => store.clock.now,
    newId: randomUUID,
  }
  const apiFaults: string[] = []
  const server = createHttpServer(services, undefined, { onFault: (fault) => apiFaults.push(fault) })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const made: TestServer = {
    url,
    services,
    clock: store.clock,
    database: store.database,
    dataDirectory: store.dataDirectory,
    settings,
    account: (options) => account(services, url, options),
  }
  return { store, server, made, apiFaults }
}

function patched(patch: SettingsPatch): Settings {
  const settings = structuredClone(defaults) as unknown as Record<string, unknown>
  for (const [group, values] of Object.entries({ auth: { bcryptCost: 4 }, ...patch })) {
    const before = settings[group]
    settings[group] = typeof values === 'object' ? { ...(before as object), ...values } : values
  }
  return settings as unknown as Settings
}

let accounts = 0

async function account(
  services: Services,
  url: string,
  { name = `user${(accounts += 1)}`, email }: { readonly name?: string; readonly email?: string } = {},
): Promise<Account> {
  const { store, settings, newId } = services
  const hash = await passwordHash
  await store.write((tx) => createAccount(tx, { name, email, passwordHash: hash }, settings, newId))
  const { findAccount } = await import('../../src/features/accounts/accounts.ts')
  const { segment } = await store.read((reader) => findAccount(reader, name))
  const calendars = `/dav/calendars/${segment}/`
  const books = `/dav/addressbooks/${segment}/`
  return {
    ...createClient(url, { name, password }),
    name,
    password,
    segment,
    calendars,
    books,
    files: `/dav/files/${segment}/`,
    calendar: `${calendars}calendar/`,
    tasks: `${calendars}tasks/`,
    contacts: `${books}contacts/`,
    principal: `/dav/principals/${segment}/`,
  }
}
