import { randomUUID } from 'node:crypto'
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { beginEpoch, databaseEpoch } from '../../storage/epoch.ts'
import { openStore, type Store } from '../../storage/store.ts'
import { createTestDatabase, dialect, type TestDatabase } from '../store.ts'
import { makeAccount, putText } from './world.ts'

let made: TestDatabase
beforeEach(async () => {
  made = await createTestDatabase()
})
afterEach(() => made[Symbol.asyncDispose]())

const open = () => {
  const { database, dataDirectory } = made
  return openStore({ database, dataDirectory, now: Date.now, newId: randomUUID })
}
const epochOf = (store: Store) => store.read((reader) => databaseEpoch(reader))
const highWater = (): unknown => JSON.parse(readFileSync(join(made.dataDirectory, 'epoch.json'), 'utf8'))

/** Opens the store for one thing. */
async function during<T>(fn: (store: Store) => Promise<T>): Promise<T> {
  await using store = await open()
  return await fn(store)
}

describe('the epoch', () => {
  it('stays when the store is closed and opened again, after writes too', async () => {
    const first = await during(async (store) => {
      const { book } = await makeAccount(store)
      await store.write((tx) => putText(tx, book, 'a.vcf', 'one'))
      return epochOf(store)
    })
    expect(await during(epochOf)).toBe(first)
    expect(await during(epochOf)).toBe(first)
  })

  it.runIf(dialect === 'sqlite')('is another one when an older copy of the file was put back', async () => {
    if (made.database.kind !== 'sqlite') throw new Error('not a file')
    const { path } = made.database
    const book = await during(async (store) => (await makeAccount(store)).book)
    const first = await during(epochOf)
    copyFileSync(path, `${path}.copy`)
    await during((store) => store.write((tx) => putText(tx, book, 'a.vcf', 'one')))
    copyFileSync(`${path}.copy`, path)
    const second = await during(epochOf)
    expect(second).not.toBe(first)
    expect(await during(epochOf)).toBe(second)
    copyFileSync(`${path}.copy`, path)
    const third = await during(epochOf)
    expect([first, second]).not.toContain(third)
  })

  it('is another one when the database counts fewer writes than the file beside it', async () => {
    const first = await during(epochOf)
    writeFileSync(join(made.dataDirectory, 'epoch.json'), JSON.stringify({ epoch: first, writes: 1_000 }))
    const second = await during(epochOf)
    expect(second).not.toBe(first)
    expect(highWater()).toEqual({ epoch: second, writes: 1_001 })
    expect(await during(epochOf)).toBe(second)
  })

  it('stays when the file beside the database is lost or unreadable', async () => {
    const first = await during(epochOf)
    rmSync(join(made.dataDirectory, 'epoch.json'))
    expect(await during(epochOf)).toBe(first)
    writeFileSync(join(made.dataDirectory, 'epoch.json'), '{')
    expect(await during(epochOf)).toBe(first)
  })

  it('is another one for an SQLite database with a history and no file: it was put there from somewhere', async () => {
    const first = await during(async (store) => {
      await makeAccount(store)
      return epochOf(store)
    })
    rmSync(join(made.dataDirectory, 'epoch.json'))
    const second = await during(epochOf)
    if (dialect === 'sqlite') expect(second).not.toBe(first)
    else expect(second).toBe(first)
    expect(await during(epochOf)).toBe(second)
  })

  it('is another one when it is told to begin', async () => {
    const first = await during(epochOf)
    await during((store) => store.write((tx) => beginEpoch(tx, 'another')))
    expect(first).not.toBe('another')
    expect(await during(epochOf)).toBe('another')
  })

  it('has its mark beside the database soon after a commit that changed a feed, and only then', async () => {
    await using store = await open()
    const { book } = await makeAccount(store)
    await setTimeout(400)
    const before = highWater()
    await store.write((tx) => tx.sql.run("INSERT INTO jobs (key, next_at) VALUES ('quiet', 0)"))
    await setTimeout(400)
    expect(highWater()).toEqual(before)
    await store.write((tx) => putText(tx, book, 'a.vcf', 'one'))
    await expect.poll(highWater, { timeout: 2_000 }).not.toEqual(before)
  })
})
