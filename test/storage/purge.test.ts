import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { deleteCollection } from '../../storage/collection-writes.ts'
import { type CollectionRow, findCollection, listDeletedCollections } from '../../storage/collections.ts'
import { feedState } from '../../storage/feeds.ts'
import { findScaled, keepScaled } from '../../storage/media/scaled-media.ts'
import { findObject } from '../../storage/objects.ts'
import type { Origin } from '../../storage/origin.ts'
import { emptyTrash, purgeExpired } from '../../storage/purge.ts'
import { listRevisions, listTrash } from '../../storage/revisions.ts'
import type { Store } from '../../storage/store.ts'
import type { PurgeCounts, Retention } from '../../storage/upkeep/retention.ts'
import { deleteObject } from '../../storage/write-path.ts'
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

const day = 86_400_000
const put = (book: CollectionRow, name: string, text: string) =>
  store.write((tx) => putText(tx, book, name, text, { uid: null }))
const remove = (book: CollectionRow, name: string) =>
  store.write(async (tx) => {
    const row = await findObject(tx, book.id, name)
    if (row !== undefined) await deleteObject(tx, book, row, origin)
  })

/** Purges until nothing is left to purge; adds up. */
async function purge(options: Partial<Retention> = {}): Promise<Record<string, number>> {
  const never = {
    revisionsBefore: 0,
    trashBefore: 0,
    tombstonesBefore: 0,
    eventsBefore: 0,
    notificationsBefore: 0,
  }
  const sums: Record<string, number> = {}
  let afterObject: number | undefined
  for (;;) {
    const retention = { ...never, keepRevisions: 10, batch: 3, ...options, afterObject }
    const counts: PurgeCounts = await store.write((tx) => purgeExpired(tx, retention))
    for (const [kind, count] of Object.entries(counts)) {
      if (typeof count === 'number' && kind !== 'nextObject') sums[kind] = (sums[kind] ?? 0) + count
    }
    await expectWhole(store)
    afterObject = counts.nextObject
    if (afterObject === undefined && !counts.more) return sums
  }
}

describe('the purge', () => {
  it('keeps every young revision, and the last ones of an object however old', async () => {
    const { book } = await makeAccount(store)
    const { objectId } = await put(book, 'a.vcf', 'state 0')
    for (let n = 1; n < 15; n++) await put(book, 'a.vcf', `state ${n}`)
    expect(await purge({ revisionsBefore: world.clock.now })).toMatchObject({ revisions: 0 })
    const sums = await purge({ revisionsBefore: world.clock.now + 1 })
    expect(sums).toMatchObject({ revisions: 5, bodies: 5 })
    const left = await store.read((reader) => listRevisions(reader, objectId))
    expect(left.map(({ change }) => change)).toEqual([15, 14, 13, 12, 11, 10, 9, 8, 7, 6])
  })

  it('takes states between that a rule wrote one after the other, beyond the last ones of an object', async () => {
    const { book } = await makeAccount(store)
    const rule = { ...origin, kind: 'rule' } as const
    const write = (name: string, text: string, by: Origin) =>
      store.write((tx) => putText(tx, book, name, text, { origin: by }))
    const { objectId } = await write('list.vcf', 'made', rule)
    for (let n = 0; n < 5; n++) await write('list.vcf', `first ${n}`, rule)
    await write('list.vcf', 'renamed', origin)
    for (let n = 0; n < 12; n++) await write('list.vcf', `then ${n}`, rule)
    const { objectId: person } = await write('person.vcf', 'once', rule)
    await write('person.vcf', 'again', rule)
    expect(await purge({ stepsBefore: world.clock.now })).toMatchObject({ revisions: 0, bodies: 0 })
    const sums = await purge({ stepsBefore: world.clock.now + 1 })
    // Of the first run the end stays, from which somebody went on; of the second the last ten.
    expect(sums).toMatchObject({ revisions: 6, bodies: 6 })
    const left = await store.read((reader) => listRevisions(reader, objectId))
    expect(left.map(({ change }) => change)).toEqual([19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 7, 6, 1])
    expect(await store.read((reader) => listRevisions(reader, person))).toHaveLength(2)
  })

  it('takes smaller copies of photos that are not kept beside a card, after a time', async () => {
    const { book } = await makeAccount(store)
    const photo = 'p'.repeat(4_000)
    await store.write((tx) => putText(tx, book, 'a.vcf', photo, { media: [{ start: 0, end: photo.length }] }))
    const { hash = '' } =
      (await store.read(({ sql }) => sql.first<{ hash: string }>('SELECT hash FROM media'))) ?? {}
    const copy = { sizeClass: 'any', scaled: null, originalWidth: 0, originalHeight: 0 }
    const hashes = [hash, ...['a', 'b', 'c', 'd'].map((letter) => letter.repeat(64))]
    for (const each of hashes) await store.write((tx) => keepScaled(tx, { ...copy, hash: each }))
    expect(await purge({ trashBefore: world.clock.now })).toMatchObject({ scaled: 0 })
    expect(await purge({ trashBefore: world.clock.now + 1 })).toMatchObject({ scaled: 4 })
    const left = await store.read((reader) => findScaled(reader, 'any', hashes))
    expect([...left.keys()]).toEqual([hash])
  })

  it('empties what has been in the trash for long, with all its revisions', async () => {
    const { id, book } = await makeAccount(store)
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      await put(book, name, `${name} 1`)
      await put(book, name, `${name} 2`)
      await remove(book, name)
    }
    world.clock.now += day
    await put(book, 'late', 'late')
    await remove(book, 'late')
    const sums = await purge({ trashBefore: world.clock.now })
    expect(sums).toMatchObject({ trash: 5, bodies: 10 })
    const trash = await store.read((reader) => listTrash(reader, id, { limit: 10 }))
    expect(trash.map(({ name }) => name)).toEqual(['late'])
  })

  it('makes tokens invalid that would need a tombstone which is gone', async () => {
    const { book } = await makeAccount(store)
    for (const name of ['a', 'b', 'c', 'd']) await put(book, name, name)
    for (const name of ['a', 'b', 'c', 'd']) await remove(book, name)
    await put(book, 'e', 'e')
    world.clock.now += day
    await remove(book, 'e')
    const sums = await purge({ tombstonesBefore: world.clock.now })
    expect(sums.tombstones).toBeGreaterThanOrEqual(4)
    expect(await store.read((reader) => feedState(reader, book.feedId))).toEqual({ change: 10, floor: 8 })
  })

  it('takes events of before', async () => {
    const { book } = await makeAccount(store)
    await put(book, 'a', 'a')
    world.clock.now += day
    await put(book, 'a', 'b')
    await purge({ eventsBefore: world.clock.now })
    const events = await store.read(({ sql }) =>
      sql.all('SELECT kind, name FROM events WHERE feed_id = $1 ORDER BY id', [book.feedId]),
    )
    expect(events).toEqual([{ kind: 'object-put', name: 'a' }])
  })

  it('takes deleted collections, their members in batches', async () => {
    const { id, addressbookHomeId, book } = await makeAccount(store)
    for (let n = 0; n < 8; n++) await put(book, `${n}`, `card ${n}`)
    await remove(book, '3')
    await store.write((tx) => deleteCollection(tx, book, origin))
    expect(await purge({ trashBefore: world.clock.now })).toMatchObject({ collections: 0 })
    expect(await store.read((reader) => listDeletedCollections(reader, id))).toHaveLength(1)
    const sums = await purge({ trashBefore: world.clock.now + 1 })
    expect(sums).toMatchObject({ collections: 1, members: 7 })
    expect(
      await store.read((reader) => findCollection(reader, addressbookHomeId, 'contacts')),
    ).toBeUndefined()
    expect(await store.read((reader) => listDeletedCollections(reader, id))).toEqual([])
  })
})

describe('the trash', () => {
  it('is listed in pages, the latest deletion first', async () => {
    const { id, book } = await makeAccount(store)
    for (const name of ['a', 'b', 'c']) await put(book, name, name)
    for (const name of ['b', 'a', 'c']) await remove(book, name)
    const first = await store.read((reader) => listTrash(reader, id, { limit: 2 }))
    const after = first.at(-1)?.id
    const second = await store.read((reader) => listTrash(reader, id, { limit: 2, after }))
    expect([...first, ...second].map(({ name }) => name)).toEqual(['c', 'a', 'b'])
  })

  it('is emptied of objects and collections', async () => {
    const { id, book, calendar } = await makeAccount(store)
    await put(book, 'a', 'a')
    await put(book, 'b', 'b')
    await remove(book, 'a')
    await put(calendar, 'c', 'c')
    await store.write((tx) => deleteCollection(tx, calendar, origin))
    expect(await store.write((tx) => emptyTrash(tx, id))).toEqual({ removed: 2, more: false })
    expect(await store.read((reader) => listTrash(reader, id, { limit: 10 }))).toEqual([])
    expect(await store.read((reader) => listDeletedCollections(reader, id))).toEqual([])
    expect(await store.read((reader) => findObject(reader, book.id, 'b'))).toBeDefined()
  })
})

describe('emptying a large trash', () => {
  it('goes a batch at a time, objects first and then what deleted collections held', async () => {
    const { id, book } = await makeAccount(store)
    for (const name of ['a', 'b', 'c']) await put(book, name, name)
    for (const name of ['a', 'b', 'c']) await remove(book, name)
    for (const name of ['d', 'e', 'f']) await put(book, name, name)
    await store.write((tx) => deleteCollection(tx, book, origin))
    let rounds = 0
    let removed = 0
    for (let more = true; more; rounds += 1) {
      const batch = await store.write((tx) => emptyTrash(tx, id, 2))
      removed += batch.removed
      more = batch.more
    }
    expect(removed).toBe(4)
    expect(rounds).toBeGreaterThan(1)
    expect(await store.read((reader) => listTrash(reader, id, { limit: 10 }))).toEqual([])
    expect(await store.read((reader) => listDeletedCollections(reader, id))).toEqual([])
  })
})
