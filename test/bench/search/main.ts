import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { defaults, type Settings } from '../../../config/defaults.ts'
import { databaseOf, openServices } from '../../../src/compose.ts'
import { createAccount } from '../../../src/features/accounts/accounts.ts'
import { prepareObject } from '../../../src/features/objects.ts'
import { search } from '../../../src/features/search/search.ts'
import type { Services } from '../../../src/services.ts'
import { type CollectionRow, findCollectionById } from '../../../storage/collections.ts'
import { openDatabase } from '../../../storage/database.ts'
import { scopeOf } from '../../../storage/search/scopes.ts'
import { settleSearch } from '../../../storage/search/settle.ts'
import { putObject } from '../../../storage/write-path.ts'
import { generatePeople, type Person } from './people.ts'
import { queriesOf } from './queries.ts'

const usage = `npm run bench:search -- [--contacts 100000] [--each 200] [--database postgres://…] [--data FOLDER] [--only 'typing mistake']
  --data keeps the database, and uses what an earlier run left`

const { values } = parseArgs({
  options: {
    contacts: { type: 'string', default: '100000' },
    each: { type: 'string', default: '200' },
    database: { type: 'string', default: '' },
    data: { type: 'string' },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}

const data = values.data ?? mkdtempSync(join(tmpdir(), 'farley-search-'))
const settings: Settings = { ...defaults, data, database: { ...defaults.database, url: values.database } }
const people = generatePeople(Number(values.contacts))
const services = await openServices({ ...settings, log: { level: 'silent' } })
try {
  const book = await findBook(services)
  await fill(services, book, people)
  await measureAll(services, book, queriesOf(people, Number(values.each)))
} finally {
  await services.store[Symbol.asyncDispose]()
  if (values.data === undefined) rmSync(data, { recursive: true, force: true })
}

async function findBook({ store, newId }: Services): Promise<CollectionRow> {
  const find =
    "SELECT id FROM collections WHERE kind = 'addressbook' AND generated IS NULL ORDER BY id LIMIT 1"
  const known = await store.read(({ sql }) => sql.first<{ id: number }>(find))
  if (!known) await store.write((tx) => createAccount(tx, { name: 'bench' }, settings, newId))
  const id = known?.id ?? (await store.read(({ sql }) => sql.first<{ id: number }>(find)))?.id ?? 0
  const book = await store.read((reader) => findCollectionById(reader, id))
  if (!book) throw new Error('There is no address book.')
  return book
}

/** By the write path, as clients do it, many in one write. */
async function fill({ store, now }: Services, book: CollectionRow, all: readonly Person[]): Promise<void> {
  const collection = { ...book, listsSince: undefined }
  const known = await store.read(({ sql }) =>
    sql.first<{ count: number }>('SELECT count(*) AS count FROM objects'),
  )
  const missing = all.slice(known?.count ?? 0)
  if (missing.length === 0) return
  const startedAt = performance.now()
  const before = process.cpuUsage()
  for (let at = 0; at < missing.length; at += 250) {
    await store.write(async (tx) => {
      for (const { name, body } of missing.slice(at, at + 250)) {
        const object = prepareObject('addressbook', Buffer.from(body), settings, now())
        const size = object.body.byteLength
        await putObject(tx, {
          ...object,
          collection,
          name,
          size,
          origin: { kind: 'import' },
          existing: undefined,
        })
      }
    })
  }
  while ((await store.write(settleSearch)) > 0);
  if (values.database !== '') await analyze()
  const { user, system } = process.cpuUsage(before)
  const each = (ms: number): string => (ms / missing.length).toFixed(3)
  console.log(
    `${missing.length} contacts stored: ${each(performance.now() - startedAt)} ms each, ${each((user + system) / 1_000)} ms of this process`,
  )
}

/** As PostgreSQL does by itself a minute later. */
async function analyze(): Promise<void> {
  const database = await openDatabase(databaseOf(settings))
  await database.dataSource.query('VACUUM ANALYZE')
  await database.close()
}

async function measureAll(
  { store }: Services,
  book: CollectionRow,
  queries: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  const request = {
    scopes: [scopeOf.collection(book.id)],
    kinds: ['person', 'org'] as const,
    limit: 20,
    country: '49',
  }
  const all = { times: [] as number[], busy: [] as number[] }
  console.log(
    '| looked for | p50 ms | p95 ms | p99 ms | worst ms | processor p50 ms | p95 ms | found |\n|---|---|---|---|---|---|---|---|',
  )
  for (const [kind, texts] of queries) {
    if (values.only !== undefined && kind !== values.only) continue
    const times: number[] = []
    const busy: number[] = []
    let found = 0
    for (const text of texts) {
      const before = process.cpuUsage()
      const startedAt = performance.now()
      const rows = await store.read((reader) => search(reader, { ...request, text }))
      times.push(performance.now() - startedAt)
      const { user, system } = process.cpuUsage(before)
      busy.push((user + system) / 1_000)
      found += rows.length
    }
    all.times.push(...times)
    all.busy.push(...busy)
    console.log(rowOf(kind, times, busy, found / texts.length))
  }
  console.log(rowOf('all', all.times, all.busy, Number.NaN))
}

function rowOf(kind: string, times: readonly number[], busy: readonly number[], found: number): string {
  const shares = [0.5, 0.95, 0.99, 1]
  const cells = [
    ...shares.map((share) => quantile(times, share)),
    ...shares.slice(0, 2).map((share) => quantile(busy, share)),
  ]
  return `| ${[kind, ...cells.map((ms) => ms.toFixed(1)), found.toFixed(1)].join(' | ')} |`
}

function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((one, other) => one - other)
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? 0
}
