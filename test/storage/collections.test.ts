import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  createCollection,
  deleteCollection,
  moveCollection,
  patchCollection,
  restoreCollection,
  setDefaultCollection,
  touchHome,
} from '../../storage/collection-writes.ts'
import {
  type CollectionRow,
  countCollections,
  deletedCollectionsSince,
  findCollection,
  findCollectionById,
  findTree,
  listCollections,
  listDeletedCollections,
} from '../../storage/collections.ts'
import {
  changeDeadProperties,
  copyDeadProperties,
  countDeadProperties,
  deadProperties,
  setDeadProperty,
  targetKey,
} from '../../storage/dead-properties.ts'
import { databaseEpoch } from '../../storage/epoch.ts'
import { feedState, lockFeed, raiseFloor } from '../../storage/feeds.ts'
import { listHomes } from '../../storage/homes.ts'
import type { HomeId } from '../../storage/ids.ts'
import { countObjects } from '../../storage/objects.ts'
import type { PrincipalRow } from '../../storage/principals.ts'
import type { Store } from '../../storage/store.ts'
import { dialect, openTestStore, type TestStore } from '../store.ts'
import { expectWhole, makeAccount, origin, putText } from './world.ts'

let world: TestStore
let store: Store
beforeAll(async () => {
  world = await openTestStore()
  store = world.store
})
afterEach(() => expectWhole(store))
afterAll(() => world[Symbol.asyncDispose]())

const create = (homeId: HomeId, name: string, more = {}) =>
  store.write((tx) =>
    createCollection(tx, homeId, { kind: 'calendar', name, resourceId: randomUUID(), ...more }, origin),
  )
const remove = (collection: CollectionRow) => store.write((tx) => deleteCollection(tx, collection, origin))
const homeChange = async (principalId: number, at = 0) =>
  (await store.read((reader) => listHomes(reader, principalId)))[at]?.feedChange ?? 0

describe('the tree', () => {
  it('is found in one query: account, home, collection and the numbers of their feeds', async () => {
    const { id, calendar } = await makeAccount(store, 'tree')
    await store.write((tx) => putText(tx, calendar, 'a.ics', 'one'))
    const tree = await store.read((reader) => findTree(reader, 'tree', 'calendars', 'calendar'))
    expect(tree).toEqual({
      principal: expect.objectContaining({ id, name: 'tree', segment: 'tree', stamp: 1 }),
      home: (await store.read((reader) => listHomes(reader, id)))[0],
      collection: { ...calendar, feedChange: 1 },
      epoch: await store.read((reader) => databaseEpoch(reader)),
    })
    expect(tree?.collection).toEqual(await store.read((reader) => findCollectionById(reader, calendar.id)))
  })

  it('is found without a collection, and not found without an account', async () => {
    const { addressbookHomeId } = await makeAccount(store, 'bare')
    const home = await store.read((reader) => findTree(reader, 'bare', 'addressbooks'))
    expect(home).toMatchObject({
      home: { id: addressbookHomeId, kind: 'addressbooks' },
      collection: undefined,
    })
    const missing = await store.read((reader) => findTree(reader, 'bare', 'addressbooks', 'none'))
    expect(missing).toMatchObject({ home: { id: addressbookHomeId }, collection: undefined })
    expect(await store.read((reader) => findTree(reader, 'nobody', 'calendars'))).toBeUndefined()
  })

  it('is the same for an account that is known already', async () => {
    const { calendar } = await makeAccount(store, 'known')
    const find = (owner: string | PrincipalRow, name?: string) =>
      store.read((reader) => findTree(reader, owner, 'calendars', name))
    const found = await find('known', calendar.name)
    if (!found) throw new Error('no tree')
    expect(await find(found.principal, calendar.name)).toEqual(found)
    expect(await find(found.principal)).toEqual({ ...found, collection: undefined })
    expect(await find({ ...found.principal, id: 0 })).toBeUndefined()
  })
})

describe('a collection', () => {
  it('keeps what it was made with', async () => {
    const { calendarHomeId } = await makeAccount(store)
    const properties = {
      displayname: 'Täglich',
      description: 'd',
      color: '#ff0000',
      sortOrder: 3,
      components: 'VEVENT,VTODO',
      timezone: 'BEGIN:VCALENDAR',
      timezoneId: 'Europe/Berlin',
      transparent: 1,
    }
    const made = await create(calendarHomeId, 'other', properties)
    expect(made).toMatchObject({ ...properties, name: 'other', isDefault: 0, feedChange: 0, feedFloor: 0 })
    expect(await store.read((reader) => findCollection(reader, calendarHomeId, 'other'))).toEqual(made)
  })

  it('has a name that lives once in its home', async () => {
    const { calendarHomeId } = await makeAccount(store)
    await expect(create(calendarHomeId, 'calendar')).rejects.toThrow()
    expect(await store.read((reader) => countCollections(reader, calendarHomeId))).toBe(1)
  })

  it('is listed after the default, in the order of making', async () => {
    const { calendarHomeId } = await makeAccount(store)
    const second = await create(calendarHomeId, 'b')
    await create(calendarHomeId, 'a')
    const names = async () =>
      (await store.read((reader) => listCollections(reader, calendarHomeId))).map((c) => c.name)
    expect(await names()).toEqual(['calendar', 'b', 'a'])
    await store.write((tx) => setDefaultCollection(tx, second))
    expect(await names()).toEqual(['b', 'calendar', 'a'])
    const books = await store.read((reader) =>
      listCollections(reader, calendarHomeId, { kind: 'addressbook' }),
    )
    expect(books).toEqual([])
  })

  it('tells the home of its coming, its changes and its going', async () => {
    const { id, calendarHomeId } = await makeAccount(store)
    const made = await create(calendarHomeId, 'other')
    expect(await homeChange(id)).toBe(2)
    const patched = await store.write((tx) =>
      patchCollection(tx, made, { displayname: 'New', color: null }, origin),
    )
    expect(patched).toMatchObject({ displayname: 'New', homeChange: 3, feedChange: 0 })
    await remove(made)
    const gone = await store.read((reader) => deletedCollectionsSince(reader, calendarHomeId, 3))
    expect(gone).toMatchObject([{ name: 'other', collectionId: made.id, change: 4 }])
    const [home] = await store.read((reader) => listHomes(reader, id))
    if (home !== undefined) await store.write((tx) => touchHome(tx, home))
    expect(await homeChange(id)).toBe(5)
  })

  it('leaves its name free when it is deleted', async () => {
    const { calendarHomeId } = await makeAccount(store)
    const made = await create(calendarHomeId, 'other')
    await remove(made)
    const again = await create(calendarHomeId, 'other')
    expect(again.id).not.toBe(made.id)
    expect(again.feedId).not.toBe(made.feedId)
    expect(await store.read((reader) => deletedCollectionsSince(reader, calendarHomeId, 0))).toEqual([])
  })

  it('takes no more members once it is deleted', async () => {
    const { calendar } = await makeAccount(store)
    await remove(calendar)
    await expect(store.write((tx) => putText(tx, calendar, 'a.ics', 'one'))).rejects.toThrow(/busy/)
    await expect(remove(calendar)).rejects.toThrow(/busy/)
  })

  it('comes back from the trash with its members', async () => {
    const { id, calendar } = await makeAccount(store)
    await store.write((tx) => putText(tx, calendar, 'a.ics', 'one'))
    await remove(calendar)
    const [deleted] = await store.read((reader) => listDeletedCollections(reader, id))
    if (deleted === undefined) throw new Error('nothing was deleted')
    expect(deleted).toMatchObject({ id: calendar.id, deletedAt: world.clock.now })
    const back = await store.write((tx) => restoreCollection(tx, deleted, 'again', origin))
    expect(back).toMatchObject({ id: calendar.id, feedId: calendar.feedId, name: 'again' })
    expect(await store.read((reader) => countObjects(reader, back.id))).toBe(1)
    await store.write((tx) => putText(tx, back, 'b.ics', 'two'))
  })

  it('keeps resource id, feed and members when it moves, and leaves a tombstone of its name', async () => {
    const { id, calendarHomeId, calendar } = await makeAccount(store)
    await store.write((tx) => putText(tx, calendar, 'a.ics', 'one'))
    const moved = await store.write((tx) =>
      moveCollection(tx, calendar, { homeId: calendarHomeId, name: 'renamed' }, origin),
    )
    const { resourceId, feedId } = calendar
    expect(moved).toMatchObject({
      id: calendar.id,
      resourceId,
      feedId,
      name: 'renamed',
      isDefault: 1,
      feedChange: 1,
    })
    expect(await homeChange(id)).toBe(3)
    const gone = await store.read((reader) => deletedCollectionsSince(reader, calendarHomeId, 1))
    expect(gone).toMatchObject([{ name: 'calendar', change: 2 }])
  })

  it('moves into another home, which is another account', async () => {
    const from = await makeAccount(store)
    const to = await makeAccount(store)
    const target = { homeId: to.calendarHomeId, name: 'given' }
    const moved = await store.write((tx) => moveCollection(tx, from.calendar, target, origin))
    expect(moved).toMatchObject({ principalId: to.id, homeId: to.calendarHomeId, isDefault: 0 })
    expect(await store.read((reader) => countCollections(reader, from.calendarHomeId))).toBe(0)
  })
})

describe('a feed', () => {
  it('has a floor that only rises', async () => {
    const { book } = await makeAccount(store)
    await store.write((tx) => raiseFloor(tx, book.feedId, 5))
    await store.write((tx) => raiseFloor(tx, book.feedId, 3))
    expect(await store.read((reader) => feedState(reader, book.feedId))).toEqual({ change: 0, floor: 5 })
  })

  it('that is locked lets those who decide by what they read decide one after the other', async () => {
    const { book } = await makeAccount(store)
    let inside = 0
    const decide = () =>
      store.write(async (tx) => {
        await lockFeed(tx, book.feedId)
        inside += 1
        expect(inside).toBe(1)
        const count = await countObjects(tx, book.id)
        if (count < 3) await putText(tx, book, randomUUID(), 'card')
        inside -= 1
      })
    await Promise.all(Array.from({ length: 10 }, decide))
    expect(await store.read((reader) => countObjects(reader, book.id))).toBe(3)
  })

  it.runIf(dialect === 'postgres')('that others write to makes a write decide again', async () => {
    const { book } = await makeAccount(store)
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, n) => store.write((tx) => putText(tx, book, 'same.vcf', `card ${n}`))),
    )
    expect(outcomes.map(({ change }) => change).toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(outcomes.filter(({ kind }) => kind === 'created')).toHaveLength(1)
  })
})

describe('RFC 4918 §4 dead properties', () => {
  it('are kept by target and name, set again, copied and taken away', async () => {
    const { calendar, book } = await makeAccount(store)
    const one = { kind: 'collection', id: calendar.id } as const
    const other = { kind: 'collection', id: book.id } as const
    const a = { name: '{urn:x}a', xml: '<a xmlns="urn:x">é\r\n</a>' }
    const b = { name: '{urn:x}b', xml: '<b/>' }
    const read = () =>
      store.read((reader) => deadProperties(reader, [one, other, { kind: 'home', id: calendar.id }]))
    await store.write(async (tx) => {
      await setDeadProperty(tx, one, { ...a, xml: 'old' })
      await setDeadProperty(tx, one, a)
      await setDeadProperty(tx, one, b)
      await setDeadProperty(tx, other, { name: '{urn:x}gone', xml: '<gone/>' })
    })
    expect(await store.read((reader) => countDeadProperties(reader, one))).toBe(2)
    await store.write((tx) => copyDeadProperties(tx, one, other))
    await store.write((tx) => changeDeadProperties(tx, one, [[b.name, undefined]]))
    const found = await read()
    expect(found.get(targetKey(one))).toEqual([a])
    expect(found.get(targetKey(other))).toEqual([a, b])
    expect(found.size).toBe(2)
  })
})
