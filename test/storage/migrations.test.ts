import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCollection } from '../../storage/collection-writes.ts'
import { openDatabase } from '../../storage/database.ts'
import { migrateDatabase, pendingMigrations } from '../../storage/migrate.ts'
import { migrations } from '../../storage/migrations/index.ts'
import { countObjects } from '../../storage/objects.ts'
import { addParty } from '../../storage/people/placements.ts'
import { findQuota } from '../../storage/quotas.ts'
import { NewerDatabaseError, OlderDatabaseError, openStore, type Store } from '../../storage/store.ts'
import { listJobs } from '../../storage/upkeep/jobs.ts'
import { createTestDatabase, type TestDatabase } from '../store.ts'
import { expectWhole, makeAccount, putText } from './world.ts'

let made: TestDatabase
beforeEach(async () => {
  made = await createTestDatabase({ migrated: false })
})
afterEach(() => made[Symbol.asyncDispose]())

const open = (migrate = true) => {
  const { database, dataDirectory } = made
  return openStore({ database, dataDirectory, now: Date.now, newId: randomUUID, migrate })
}

/** A migration that does half of its work. */
const broken = {
  name: 'Broken9000000000000',
  up: async (runner: { query(text: string): Promise<unknown> }) => {
    await runner.query('CREATE TABLE half (id integer)')
    await runner.query('ALTER TABLE nowhere ADD COLUMN more integer')
  },
  down: async () => {},
}

describe('migrations', () => {
  it('make an empty database ready, once', async () => {
    const all = migrations.map((Migration) => new Migration().name)
    expect(await pendingMigrations(made.database)).toEqual(all)
    await (await open())[Symbol.asyncDispose]()
    expect(await pendingMigrations(made.database)).toEqual([])
    await (await open())[Symbol.asyncDispose]()
  })

  it('leave what a filled database holds', async () => {
    const first = await open()
    const { book } = await makeAccount(first)
    await first.write((tx) => putText(tx, book, 'a.vcf', 'one'))
    await first[Symbol.asyncDispose]()
    await using again = await open()
    expect(await again.read((reader) => countObjects(reader, book.id))).toBe(1)
    await expectWhole(again)
  })

  it('have what was stored before derived anew, and nothing where nothing was', async () => {
    const due = async (store: Store) =>
      (await store.read(listJobs)).filter(({ key }) => key === 'reindex').map(({ nextAt }) => nextAt)
    const first = await open()
    const { book } = await makeAccount(first)
    expect(await due(first)).toEqual([])
    await first.write((tx) => putText(tx, book, 'a.vcf', 'one'))
    await first.write(async ({ sql }) => {
      await sql.run('ALTER TABLE jobs DROP COLUMN progress')
      await sql.run("DELETE FROM migrations WHERE name = 'IndexAnew0000000000040'")
    })
    await first[Symbol.asyncDispose]()
    await using again = await open()
    expect(await due(again)).toEqual([0])
  })

  it('count what accounts keep already', async () => {
    const first = await open()
    const { book, id } = await makeAccount(first)
    await first.write((tx) => putText(tx, book, 'a.vcf', 'one'))
    await first.write(async ({ sql }) => {
      await sql.run('DROP TABLE quotas')
      await sql.run("DELETE FROM migrations WHERE name = 'Quota0000000000003'")
    })
    await first[Symbol.asyncDispose]()
    await using again = await open()
    expect(await again.read((reader) => findQuota(reader, id))).toMatchObject({ usedBytes: 3 })
    await expectWhole(again)
  })

  it('make one person of the cards that have the same UID in the books of one owner', async () => {
    const first = await open()
    const [{ book }, { book: another }] = [await makeAccount(first), await makeAccount(first)]
    const made = { kind: 'addressbook', name: 'work', resourceId: 'work' } as const
    const second = await first.write((tx) => createCollection(tx, book.homeId, made, { kind: 'client' }))
    for (const [of, name, uid] of [
      [book, 'a.vcf', 'one'],
      [book, 'b.vcf', 'two'],
      [book, 'c.vcf', null],
      [another, 'a.vcf', 'one'],
      [second, 'd.vcf', 'two'],
    ] as const)
      await first.write((tx) => putText(tx, of, name, name, { uid }))
    await first.write(async ({ sql }) => {
      await sql.run('DROP TABLE placements')
      await sql.run(`DROP TABLE parties${sql.dialect === 'postgres' ? ' CASCADE' : ''}`)
      await sql.run("DELETE FROM migrations WHERE name = 'People0000000000018'")
    })
    await first[Symbol.asyncDispose]()
    await using again = await open()
    const rows = await again.read(({ sql }) =>
      sql.all<{ name: string; party: number }>(
        `SELECT p.name, p.party_id AS party FROM placements p ORDER BY p.object_id`,
      ),
    )
    expect(rows.map(({ name }) => name)).toEqual(['a.vcf', 'b.vcf', 'c.vcf', 'a.vcf', 'd.vcf'])
    expect(new Set(rows.map(({ party }) => party)).size).toBe(4)
    expect(rows.at(-1)?.party).toBe(rows[1]?.party)
    expect(rows.map(({ party }) => party)).not.toContain(await again.write(addParty))
  })

  it('may be run by several who start at once', async () => {
    const stores = await Promise.all([open(), open(), open()])
    for (const store of stores) await store.check()
    for (const store of stores) await store[Symbol.asyncDispose]()
  })

  it('that fail half-way leave nothing behind', async () => {
    await (await open())[Symbol.asyncDispose]()
    const database = await openDatabase(made.database)
    database.dataSource.migrations.push(broken)
    await expect(migrateDatabase(database)).rejects.toThrow(/nowhere/)
    await expect(database.reader.all('SELECT * FROM half')).rejects.toThrow(/half/)
    await database.close()
    expect(await pendingMigrations(made.database)).toEqual([])
  })

  it('of a newer version make the database refused with a sentence', async () => {
    const store = await open()
    await store.write((tx) =>
      tx.sql.run("INSERT INTO migrations (timestamp, name) VALUES (9000000000000, 'Later9000000000000')"),
    )
    await store[Symbol.asyncDispose]()
    await expect(open()).rejects.toThrow(NewerDatabaseError)
    await expect(open(false)).rejects.toThrow(
      'The database was written by a newer version of Farley (Later9000000000000): ' +
        'update Farley, or restore a backup made by this version.',
    )
    await expect(pendingMigrations(made.database)).rejects.toThrow(NewerDatabaseError)
  })

  it('are not run by one who may not', async () => {
    await expect(open(false)).rejects.toThrow(OlderDatabaseError)
    const all = migrations.map((Migration) => new Migration().name)
    expect(await pendingMigrations(made.database)).toEqual(all)
  })
})
