import { expect } from 'vitest'
import { hashPassword } from '../../src/auth/password.ts'
import { findAccount } from '../../src/features/accounts/accounts.ts'
import {
  archiveOf,
  type Exported,
  type LeftOut,
  writeFolder,
  zipOctets,
} from '../../src/features/archive/archive.ts'
import { openArchive } from '../../src/features/archive/read/archive-source.ts'
import {
  type RestoreOptions,
  type RestoreOutcome,
  restoreArchive,
} from '../../src/features/archive/restore/restore.ts'
import { listPrincipals, type PrincipalRow, setPassword } from '../../storage/principals.ts'
import { createClient, readMultistatus } from '../dav/client.ts'
import type { Account, TestServer } from '../dav/server.ts'
import { archivedTables } from './archive-tables.ts'
import { collect, rowOf } from './world.ts'

type Tested = Pick<TestServer, 'services'>

/** Writes everybody, or an account, into a folder. @returns what was said */
export async function exportTo(
  server: TestServer,
  folder: string,
  account?: Account | PrincipalRow,
  history = false,
): Promise<(Exported | LeftOut)[]> {
  const outcomes: (Exported | LeftOut)[] = []
  const principals = await principalsOf(server, account)
  const onOutcome = (outcome: Exported | LeftOut): void => void outcomes.push(outcome)
  const options = { isWhole: account === undefined, history, onOutcome }
  await writeFolder(archiveOf(server.services, principals, options), folder)
  return outcomes
}

/** The octets of the same as a ZIP file. */
export async function zipOf(server: TestServer, account?: Account): Promise<Buffer> {
  const entries = archiveOf(server.services, await principalsOf(server, account), {
    isWhole: account === undefined,
  })
  return Buffer.concat(await collect(zipOctets(entries)))
}

async function principalsOf(
  server: TestServer,
  account: Account | PrincipalRow | undefined,
): Promise<PrincipalRow[]> {
  if (account === undefined) return server.services.store.read((reader) => listPrincipals(reader))
  return ['id' in account ? account : await rowOf(server, account)]
}

/** Restores from a folder or a ZIP file. */
export async function restoreFrom(
  { services }: Tested,
  path: string,
  options: RestoreOptions = {},
): Promise<RestoreOutcome[]> {
  await using source = await openArchive(path)
  return await collect(restoreArchive(services, source, options))
}

/** Every row of every table that an archive keeps, without what it leaves out. */
export async function keptRows({ services }: Tested): Promise<Record<string, string[]>> {
  const kept: Record<string, string[]> = {}
  for (const [table, archived] of Object.entries(archivedTables)) {
    if (typeof archived === 'string') continue
    const columns =
      archived.kept.length > 0 ? archived.kept.map((name) => `"${name}"`).join(', ') : '1 AS one'
    const rows = await services.store.read(({ sql }) =>
      sql.all<Record<string, unknown>>(
        `SELECT ${columns} FROM ${table}${archived.where ? ` WHERE ${archived.where}` : ''}`,
      ),
    )
    kept[table] = rows.map((row) => JSON.stringify(row, withoutBuffers)).toSorted()
  }
  return kept
}

function withoutBuffers(_: string, value: unknown): unknown {
  const isBuffer = typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer'
  return isBuffer && 'data' in value ? Buffer.from(value.data as number[]).toString('hex') : value
}

/** Somebody who was restored, with a password that he is given. */
export async function signIn(server: TestServer, account: Account): Promise<Account> {
  const { store } = server.services
  const { passwordHash } = await rowOf(server, account)
  if (passwordHash === null) {
    const hash = await hashPassword(account.password, 4)
    await store.write(async (tx) => setPassword(tx, (await findAccount(tx, account.name)).id, hash))
  }
  return { ...account, ...createClient(server.url, account) }
}

/** What an account sees by DAV: every property of everything that it can reach, and every body. */
export async function walk(account: Account): Promise<Map<string, string>> {
  const seen = new Map<string, string>()
  const notifications = `/dav/notifications/${account.segment}/`
  for (const home of [account.principal, account.calendars, account.books, account.files, notifications])
    await walkFrom(account, home, seen)
  return seen
}

/** What the server makes from something else has the octets and ETags it had, and times of its own. */
const isMade = (href: string): boolean => /\/birthdays\/./.test(href)
/** What says how far somebody has synced, or is counted anew. */
const counted = /^\{.*\}(?:sync-token|getctag)$/

async function walkFrom(account: Account, path: string, seen: Map<string, string>): Promise<void> {
  const names = await namesAt(account, path)
  const found = await account.propfind(path, 1, names)
  for (const { href, props } of found.responses) {
    const isCollection = href.endsWith('/')
    for (const [name, element] of props) {
      const isNumber = counted.test(name) || (isCollection && name === '{DAV:}getetag')
      const isMadeAnew = isMade(href) && /^\{DAV:\}(?:creationdate|getlastmodified)$/.test(name)
      if (!isNumber && !isMadeAnew) seen.set(`${href} ${name}`, JSON.stringify(element, asEntries))
    }
    if (isCollection && href !== path) await walkFrom(account, href, seen)
    else if (!isCollection) {
      const { status, body, headers } = await account.get(href)
      const { etag, 'content-type': type, 'last-modified': modified } = headers
      expect(status, href).toBe(200)
      seen.set(`${href} GET`, [etag, type, isMade(href) ? '' : modified, body.toString('hex')].join(' '))
    }
  }
}

const asEntries = (_: string, value: unknown): unknown => (value instanceof Map ? [...value] : value)

/** The names of every property of a collection and of what is in it. */
async function namesAt(account: Account, path: string): Promise<string[]> {
  const body = '<d:propfind xmlns:d="DAV:"><d:propname/></d:propfind>'
  const headers = { Depth: '1', 'Content-Type': 'application/xml' }
  const named = readMultistatus(await account.request('PROPFIND', path, { headers, body }))
  return [...new Set(named.responses.flatMap((one) => one.namesWith(200)))]
}
