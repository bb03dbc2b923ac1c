import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../storage/database.ts'
import { migrateDatabase } from '../../storage/migrate.ts'
import { createTestDatabase, type TestDatabase } from '../store.ts'

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

describe('the tables that the migrations make', () => {
  it('are those that the entity schemas describe', async () => {
    const difference = await database.dataSource.driver.createSchemaBuilder().log()
    expect(difference.upQueries.map((query) => query.query)).toEqual([])
  })
})
