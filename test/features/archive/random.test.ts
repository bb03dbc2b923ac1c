import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkInvariants } from '../../../storage/invariants.ts'
import { call } from '../../api/json.ts'
import { type Account, startServer, type TestServer } from '../../dav/server.ts'
import { dialect } from '../../store.ts'
import { exportTo, keptRows, restoreFrom, signIn } from '../archive-world.ts'
import { useFolder } from '../folder.ts'
import { type Act, acts, makeOffice } from './random-world.ts'

const folder = useFolder()
const seed = Number(process.env.FARLEY_TEST_SEED ?? 4180)
const numRuns = Number(process.env.FARLEY_TEST_RUNS ?? (dialect === 'sqlite' ? 2 : 3))

/** The files of an archive, as texts, without the time it was made. */
function filesOf(name: string): Record<string, string> {
  const files = [...folder.files(name)]
  return Object.fromEntries(
    files.map(([path, octets]) => [
      path,
      path === 'manifest.json' ? '' : octets.toString(/\.(jsonl?|vcf|ics)$/.test(path) ? 'utf8' : 'hex'),
    ]),
  )
}

let runs = 0

/** On PostgreSQL there is a SQLite beside it: from either to the other by turns. */
function kindsOf(run: number): readonly ['sqlite' | 'postgres', 'sqlite' | 'postgres'] {
  if (dialect === 'sqlite') return ['sqlite', 'sqlite']
  return run % 2 === 0 ? ['postgres', 'sqlite'] : ['sqlite', 'postgres']
}

/** From a database to another, and back to one of the first kind: all three have and show the same. */
async function there(all: readonly Act[]): Promise<void> {
  const run = `run${(runs += 1)}`
  const path = (name: string): string => join(folder.path, run, name)
  const [from, to] = kindsOf(runs)
  await using first = await startServer({}, from)
  const { accounts } = await makeOffice(first, all)
  await exportTo(first, path('first'), undefined, true)
  await using second = await startServer({}, to)
  await moved(first, second, path('first'))
  await exportTo(second, path('second'), undefined, true)
  expect(filesOf(`${run}/second`)).toEqual(filesOf(`${run}/first`))
  await using third = await startServer({}, from)
  await moved(second, third, path('second'))
  await exportTo(third, path('third'), undefined, true)
  expect(filesOf(`${run}/third`)).toEqual(filesOf(`${run}/first`))
  for (const account of accounts) {
    const seen = await seenBy(account)
    expect(await seenBy(await signIn(second, account))).toEqual(seen)
    expect(await seenBy(await signIn(third, account))).toEqual(seen)
  }
}

async function moved(from: TestServer, to: TestServer, path: string): Promise<void> {
  to.clock.now = from.clock.now
  const outcomes = await restoreFrom(to, path)
  expect(outcomes.filter(({ kind }) => kind !== 'restored')).toEqual([])
  expect(await to.services.store.read(checkInvariants)).toEqual([])
  expect(await keptRows(to)).toEqual(await keptRows(from))
}

const xml = { 'Content-Type': 'application/xml', Depth: '1' }

/** Everything that an account sees: its members with hrefs, ETags and octets, and what is known of people, without ids. */
async function seenBy(account: Account): Promise<unknown> {
  const members: string[] = []
  for (const home of [account.books, account.calendars]) {
    const listed = await account.propfind(home, 1, ['{DAV:}displayname'])
    for (const path of listed.hrefs.filter((href) => href !== home)) {
      const { hrefs } = await account.propfind(path, 1, ['{DAV:}getetag'])
      for (const href of hrefs.filter((one) => one !== path && !one.endsWith('/'))) {
        const { status, headers, body } = await account.request('GET', href, { headers: xml })
        members.push([placeOf(href), status, headers.etag, body.toString()].join(' '))
      }
    }
  }
  return { members: members.toSorted(), facts: await factsOf(account) }
}

/** Copies of cards of others are made again, under names that nobody outside the database can tell. */
function placeOf(href: string): string {
  return href.replace(/(\/(?:alice|bob)-[^/]*\/).*$/, '$1')
}

async function factsOf(account: Account): Promise<unknown> {
  const ask = async (path: string) => (await call(account, 'GET', path)).json
  const shown: unknown[] = []
  for (const { id } of (await ask('/parties?limit=500')).items)
    for (const what of ['', '/timeline', '/fields', '/consents', '/pinned', '/links'])
      shown.push(await ask(`/parties/${id}${what}`))
  for (const path of ['/lists', '/labels', '/grants', '/fields']) shown.push(await ask(path))
  return JSON.parse(JSON.stringify(shown, withoutIds), inOneOrder)
}

/** Ids are other ones in another database, and what has happened at one time to several stands in another order. */
function withoutIds(key: string, value: unknown): unknown {
  return key === 'id' || key === 'etag' || (typeof value === 'number' && key !== 'version') ? 0 : value
}

function inOneOrder(_: string, value: unknown): unknown {
  return Array.isArray(value) ? value.map((item) => JSON.stringify(item)).toSorted() : value
}

describe('an archive of whatever there is', () => {
  it('makes the same again on the other database, and from there on the first', { timeout: 300_000 }, () =>
    fc.assert(fc.asyncProperty(acts, there), {
      seed,
      numRuns,
      endOnFailure: true,
      interruptAfterTimeLimit: 180_000,
    }),
  )
})
