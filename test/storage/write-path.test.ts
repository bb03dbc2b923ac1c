import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { findObject, readBody } from '../../storage/objects.ts'
import { openTestStore, type TestStore } from '../store.ts'
import { expectWhole, makeAccount, putText } from './world.ts'

let world: TestStore
beforeAll(async () => {
  world = await openTestStore()
})
afterEach(() => expectWhole(world.store))
afterAll(() => world[Symbol.asyncDispose]())

describe('putting a member', () => {
  it('stores the octets and counts the feed on', async () => {
    const { store } = world
    const { book } = await makeAccount(store)
    const first = await store.write((tx) => putText(tx, book, 'a.vcf', 'one'))
    const second = await store.write((tx) => putText(tx, book, 'a.vcf', 'two'))
    expect(first).toMatchObject({ kind: 'created', change: 1 })
    expect(second).toMatchObject({ kind: 'updated', change: 2, objectId: first.objectId })
    const row = await store.read((reader) => findObject(reader, book.id, 'a.vcf'))
    const body = row && (await store.read((reader) => readBody(reader, row.bodyId)))
    expect(body?.toString()).toBe('two')
  })
})
