import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { findObject, readBody } from '../../storage/objects.ts'
import { emptyTrash } from '../../storage/purge.ts'
import { listTrash } from '../../storage/revisions.ts'
import type { Store } from '../../storage/store.ts'
import { deleteObject, restoreObject } from '../../storage/write-path.ts'
import { openTestStore, type TestStore } from '../store.ts'
import { expectWhole, makeAccount, origin, putText } from './world.ts'

let world: TestStore
let store: Store
beforeAll(async () => {
  world = await openTestStore()
  store = world.store
})
afterEach(() => expectWhole(store))
afterAll(() => world[Symbol.asyncDispose]())

describe('a restore beside a purge', () => {
  it('wins or loses as a whole: what is listed has its octets, what is gone is gone (law 4)', async () => {
    for (let round = 0; round < 25; round += 1) {
      const account = await makeAccount(store)
      await store.write((tx) => putText(tx, account.book, 'a.vcf', 'one', { uid: null }))
      await store.write(async (tx) => {
        const row = await findObject(tx, account.book.id, 'a.vcf')
        if (row) await deleteObject(tx, account.book, row, origin)
      })
      const restore = store.write(async (tx) => {
        const [revision] = await listTrash(tx, account.id, { limit: 1 })
        if (!revision) return 'gone'
        const index = { contact: [{ kind: 'fn', value: 'x', folded: 'x' }] }
        const fields = { component: 'VCARD', uid: null, size: 3, index, origin: { kind: 'restore' } as const }
        await restoreObject(tx, { revision, collection: account.book, name: 'a.vcf', ...fields })
        return 'restored'
      })
      const purge = store.write((tx) => emptyTrash(tx, account.id))
      const [outcome] = await Promise.all([restore, purge])
      const row = await store.read((reader) => findObject(reader, account.book.id, 'a.vcf'))
      expect(row !== undefined).toBe(outcome === 'restored')
      const body = row && (await store.read((reader) => readBody(reader, row.bodyId)))
      expect(body?.toString()).toBe(row && 'one')
    }
  })
})
