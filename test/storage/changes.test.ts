import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type ChangeRow, changesSince } from '../../storage/changes.ts'
import type { CollectionRow } from '../../storage/collections.ts'
import { feedState } from '../../storage/feeds.ts'
import { findObject, listMembers, listObjects, listObjectsWithBodies } from '../../storage/objects.ts'
import type { Store } from '../../storage/store.ts'
import { deleteObject, moveObject } from '../../storage/write-path.ts'
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

async function collect<T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = []
  for await (const page of pages) all.push(...page)
  return all
}
const presentChange = async (book: CollectionRow) =>
  (await store.read((reader) => feedState(reader, book.feedId)))?.change ?? 0
const put = (book: CollectionRow, name: string, text: string) =>
  store.write((tx) => putText(tx, book, name, text, { uid: null }))
const remove = (book: CollectionRow, name: string) =>
  store.write(async (tx) => {
    const row = await findObject(tx, book.id, name)
    if (row !== undefined) await deleteObject(tx, book, row, origin)
  })
const move = (book: CollectionRow, name: string, to: string) =>
  store.write(async (tx) => {
    const row = await findObject(tx, book.id, name)
    const replaced = await findObject(tx, book.id, to)
    if (row !== undefined && name !== to) await moveObject(tx, book, row, book, to, origin, replaced)
  })

describe('RFC 6578 §3.4 changes since a number', () => {
  it('are members and tombstones, oldest change first', async () => {
    const { book } = await makeAccount(store)
    await put(book, 'a', '1')
    await put(book, 'b', '2')
    await put(book, 'a', '3')
    await remove(book, 'b')
    await put(book, 'c', '5')
    const upTo = await presentChange(book)
    const all = await collect(changesSince(store, book.id, { since: 0, upTo, initial: false }))
    expect(all).toMatchObject([
      { kind: 'member', name: 'a', change: 3, mediaType: 'text/vcard' },
      { kind: 'tombstone', name: 'b', change: 4 },
      { kind: 'member', name: 'c', change: 5 },
    ])
    const later = await collect(changesSince(store, book.id, { since: 4, upTo, initial: false }))
    expect(later).toMatchObject([{ kind: 'member', name: 'c' }])
    expect(await collect(changesSince(store, book.id, { since: 5, upTo, initial: false }))).toEqual([])
  })

  it('of a first sync have no tombstones', async () => {
    const { book } = await makeAccount(store)
    await put(book, 'a', '1')
    await put(book, 'b', '2')
    await remove(book, 'a')
    const upTo = await presentChange(book)
    const all = await collect(changesSince(store, book.id, { since: 0, upTo, initial: true }))
    expect(all.map(({ name }) => name)).toEqual(['b'])
  })

  it('end at the number that was read first', async () => {
    const { book } = await makeAccount(store)
    await put(book, 'a', '1')
    await put(book, 'b', '2')
    const upTo = await presentChange(book)
    await put(book, 'a', '3')
    const first = await collect(changesSince(store, book.id, { since: 0, upTo, initial: true }))
    expect(first.map(({ name }) => name)).toEqual(['b'])
    const rest = await collect(changesSince(store, book.id, { since: upTo, upTo: upTo + 1, initial: false }))
    expect(rest.map(({ name }) => name)).toEqual(['a'])
  })

  it('in pages and with a limit are the same', async () => {
    const { book } = await makeAccount(store)
    for (let n = 0; n < 25; n++) await put(book, `${n % 17}`, `card ${n}`)
    for (const name of ['3', '9', '11']) await remove(book, name)
    const upTo = await presentChange(book)
    const options = { since: 0, upTo, initial: false }
    const all = await collect(changesSince(store, book.id, options))
    expect(await collect(changesSince(store, book.id, { ...options, pageSize: 3 }))).toEqual(all)
    const resumed: ChangeRow[] = []
    for (let since = 0; ; ) {
      const some = await collect(changesSince(store, book.id, { ...options, since, limit: 4, pageSize: 3 }))
      resumed.push(...some)
      const last = some.at(-1)
      if (last === undefined) break
      since = last.change
    }
    expect(resumed).toEqual(all)
  })
})

describe('listing a collection', () => {
  it('is by id, in pages, with or without octets', async () => {
    const { book } = await makeAccount(store)
    for (let n = 0; n < 12; n++) await put(book, `${n}`, `card ${n}`)
    const names = Array.from({ length: 12 }, (_, n) => `${n}`)
    expect((await collect(listMembers(store, book.id, { pageSize: 5 }))).map(({ name }) => name)).toEqual(
      names,
    )
    expect((await collect(listObjects(store, book.id, { pageSize: 12 }))).map(({ name }) => name)).toEqual(
      names,
    )
    const bodies = await collect(listObjectsWithBodies(store, book.id, { pageSize: 5 }))
    expect(bodies.map(({ body }) => body.toString())).toEqual(names.map((name) => `card ${name}`))
  })

  it('cuts pages where the octets would be too much', async () => {
    const { book } = await makeAccount(store)
    for (let n = 0; n < 4; n++) await put(book, `${n}`, `${n}`.repeat(1_500_000))
    const sizes: number[] = []
    for await (const page of listObjectsWithBodies(store, book.id)) sizes.push(page.length)
    expect(sizes).toEqual([2, 2])
  })
})

interface Device {
  readonly limit: number
  since: number | undefined
  readonly members: Map<string, string>
}

async function sync(book: CollectionRow, device: Device, between: () => Promise<void>): Promise<void> {
  const upTo = await presentChange(book)
  const since = device.since ?? 0
  const initial = device.since === undefined
  const pages = changesSince(store, book.id, { since, upTo, initial, limit: device.limit, pageSize: 2 })
  let count = 0
  let last = since
  for await (const page of pages) {
    for (const entry of page) {
      if (entry.kind === 'member') device.members.set(entry.name, entry.etag)
      else device.members.delete(entry.name)
      last = entry.change
      count += 1
    }
    await between()
  }
  device.since = count < device.limit ? upTo : last
}

describe('clients that sync while others write', () => {
  it('converge, whatever their limits and whatever happens between their pages', async () => {
    const name = fc.integer({ min: 0, max: 7 }).map(String)
    const edit = fc.oneof(
      fc.record({ kind: fc.constant('put'), name, other: name }),
      fc.record({ kind: fc.constant('remove'), name, other: name }),
      fc.record({ kind: fc.constant('move'), name, other: name }),
    )
    const step = fc.record({
      edits: fc.array(edit, { maxLength: 6 }),
      device: fc.integer({ min: 0, max: 2 }),
    })
    let texts = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const { book } = await makeAccount(store)
        const devices = [1, 3, 1_000].map(
          (limit): Device => ({ limit, since: undefined, members: new Map() }),
        )
        for (const { edits, device: at } of steps) {
          const waiting = [...edits]
          const next = async () => {
            const one = waiting.shift()
            if (one?.kind === 'put') await put(book, one.name, `text ${++texts}`)
            else if (one?.kind === 'remove') await remove(book, one.name)
            else if (one !== undefined) await move(book, one.name, one.other)
          }
          const device = devices[at]
          if (device !== undefined) await sync(book, device, next)
          while (waiting.length > 0) await next()
        }
        const truth = new Map((await collect(listMembers(store, book.id))).map((row) => [row.name, row.etag]))
        for (const device of devices) {
          for (let n = 0; n < 60; n++) await sync(book, device, async () => {})
          expect(new Map([...device.members].toSorted())).toEqual(new Map([...truth].toSorted()))
        }
      }),
      { numRuns: 15, seed: 4711 },
    )
  })
})
