import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../storage/database.ts'
import { migrateDatabase } from '../../storage/migrate.ts'
import { createTestDatabase, dialect, type TestDatabase } from '../store.ts'

let made: TestDatabase
let database: Database
beforeAll(async () => {
  made = await createTestDatabase({ migrated: false })
  database = await openDatabase(made.database)
  await migrateDatabase(database)
})
afterAll(async () => {
  await database.close()
  await made[Symbol.asyncDispose]()
})

/** The statements that made the indexes, without what each database writes in its own way. */
async function indexesMade(): Promise<string[]> {
  const catalog =
    dialect === 'sqlite'
      ? "SELECT sql AS text FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
      : "SELECT indexdef AS text FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT LIKE '%_pkey' AND indexname NOT LIKE 'PK_%' AND tablename <> 'search_grams'"
  const rows = await database.reader.all<{ text: string }>(catalog)
  const plain = rows.map(({ text }) =>
    text
      .replace(/"|public\.|USING btree |::text/g, '')
      .replace(dialect === 'postgres' ? /WHERE \((.*)\)$/ : /WHERE (.*)$/, 'WHERE $1')
      .trim(),
  )
  return plain.toSorted()
}

describe('the tables that the migrations make', () => {
  it('are those that the entity schemas describe', async () => {
    const difference = await database.dataSource.driver.createSchemaBuilder().log()
    expect(difference.upQueries.map((query) => query.query)).toEqual([])
  })

  it('have the indexes that the entity schemas describe', async () => {
    const described = database.dataSource.entityMetadatas.flatMap(({ tableName, indices }) =>
      indices.map((index) => {
        const columns = index.columns.map((column) => column.databaseName).join(', ')
        const where = index.where === undefined ? '' : ` WHERE ${index.where}`
        return `CREATE ${index.isUnique ? 'UNIQUE ' : ''}INDEX ${index.name} ON ${tableName} (${columns})${where}`
      }),
    )
    expect(await indexesMade()).toEqual(described.toSorted())
  })

  it('answer the hot queries from their indexes', async () => {
    if (database.kind !== 'sqlite') return
    const plan = async (query: string) =>
      (await database.reader.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${query}`)).map(
        ({ detail }) => detail,
      )
    const columns = 'o.id, o.name, o.etag, o.component, o.size, o.modified_at, o.change'
    const list = `SELECT ${columns} FROM objects o WHERE o.collection_id = 1 AND o.id > 5 ORDER BY o.id LIMIT 9`
    const sync = `SELECT ${columns} FROM objects o WHERE o.collection_id = 1 AND o.change > 5 AND o.change <= 9 ORDER BY o.change LIMIT 9`
    expect(await plan(list)).toEqual([expect.stringMatching(/^SEARCH o USING COVERING INDEX objects_list/)])
    expect(await plan(sync)).toEqual([expect.stringMatching(/^SEARCH o USING COVERING INDEX objects_sync/)])
    const isOf = (row: string) =>
      `${row}.request_id = 'a' AND (${row}.origin = 'web' OR ${row}.origin = 'restore' OR ${row}.origin = 'move' OR ${row}.origin = 'copy')`
    const [request] = await plan(`SELECT r.object_id FROM revisions r WHERE ${isOf('r')}`)
    expect(request).toMatch(/^SEARCH r USING INDEX revisions_request/)
  })
})
