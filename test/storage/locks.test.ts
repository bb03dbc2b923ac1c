import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PrincipalId } from '../../storage/ids.ts'
import {
  addLock,
  claimTree,
  countLocks,
  extendLock,
  findLocks,
  findLocksForWrite,
  type LockQuery,
  type LockRow,
  lockPath,
  pathsAround,
  removeLock,
  removeLocksAt,
} from '../../storage/locks.ts'
import { purgeExpired, removePrincipal } from '../../storage/purge.ts'
import type { Store } from '../../storage/store.ts'
import { dialect, openTestStore, type TestStore } from '../store.ts'
import { makeAccount } from './world.ts'

let world: TestStore
let store: Store
let alice: PrincipalId
let bob: PrincipalId
beforeAll(async () => {
  world = await openTestStore()
  store = world.store
  alice = (await makeAccount(store)).id
  bob = (await makeAccount(store)).id
})
afterAll(() => world[Symbol.asyncDispose]())

let made = 0
const lockOf = (path: string, now: number): Omit<LockRow, 'id' | 'createdAt'> => ({
  token: `urn:uuid:${(made += 1)}`,
  path,
  folder: 0,
  treeId: alice,
  principalId: alice,
  deviceId: null,
  scope: 'exclusive',
  deep: 0,
  owner: null,
  seconds: 60,
  expiresAt: now + 60_000,
})
const take = (path: string, options: Partial<LockRow> = {}): Promise<LockRow> =>
  store.write((tx) => addLock(tx, { ...lockOf(path, tx.now), ...options }))
const find = async (query: LockQuery, now = world.clock.now) =>
  (await store.read((reader) => findLocks(reader, query, now))).map(({ path }) => path)
const clear = () => store.write((tx) => removeLocksAt(tx, '/'))

describe('paths of locks', () => {
  it('are decoded segments with a slash behind each', () => {
    expect(lockPath([])).toBe('/')
    expect(lockPath(['dav', 'ü b', 'c%'])).toBe('/dav/ü b/c%/')
    expect(pathsAround('/dav/files/a/b/')).toEqual(['/dav/', '/dav/files/', '/dav/files/a/'])
    expect(pathsAround('/dav/')).toEqual([])
    expect(pathsAround('/')).toEqual([])
  })
})

describe('locks', () => {
  it('come back as they were kept', async () => {
    const lock = await take('/x/', { scope: 'shared', deep: 1, folder: 1, owner: '<o/>', deviceId: 7 })
    const [row] = await store.read((reader) => findLocks(reader, { on: ['/x/'] }, world.clock.now))
    expect(row).toEqual(lock)
    expect(row).toMatchObject({ createdAt: world.clock.now, deep: 1, owner: '<o/>', deviceId: 7 })
    await clear()
  })

  it('are found on paths and below paths, whatever sorts beside them', async () => {
    const paths = [
      '/a/b/',
      '/a/b/c/',
      '/a/b/c/d/',
      '/a/b-c/',
      '/a/b c/',
      '/a/b0/',
      '/a/bÄ/',
      '/a/B/x/',
      '/a/b/Ü/',
    ]
    for (const path of paths) await take(path)
    expect(await find({ on: ['/a/', '/a/b/', '/a/b0/', '/nowhere/'] })).toEqual(['/a/b/', '/a/b0/'])
    expect(await find({ on: [], below: ['/a/b/'] })).toEqual(['/a/b/c/', '/a/b/c/d/', '/a/b/Ü/'])
    expect(await find({ on: ['/a/b/c/'], below: ['/a/B/', '/a/b/c/'] })).toEqual([
      '/a/b/c/',
      '/a/b/c/d/',
      '/a/B/x/',
    ])
    await store.write((tx) => removeLocksAt(tx, '/a/b/'))
    expect(await find({ on: [], below: ['/'] })).toEqual([
      '/a/b-c/',
      '/a/b c/',
      '/a/b0/',
      '/a/bÄ/',
      '/a/B/x/',
    ])
    await clear()
  })

  it('below any path are those whose segments begin with its segments', async () => {
    const segment = fc.constantFrom('a', 'b', 'A', 'a-', 'a0', 'ä', '😀', '~', ' ')
    const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map(lockPath)
    const cases = fc.tuple(fc.uniqueArray(path, { maxLength: 12 }), path)
    await fc.assert(
      fc.asyncProperty(cases, async ([paths, asked]) => {
        await clear()
        for (const one of paths) await take(one)
        const below = paths.filter((one) => one.startsWith(asked) && one !== asked)
        expect(await find({ on: [], below: [asked] })).toEqual(below)
        const around = pathsAround(asked)
        expect(await find({ on: around })).toEqual(paths.filter((one) => around.includes(one)))
      }),
      { numRuns: dialect === 'sqlite' ? 60 : 15, seed: 4918 },
    )
    await clear()
  })

  it('are seen the same by who is about to write', async () => {
    for (const path of ['/w/', '/w/a/', '/w/a/b/', '/x/']) await take(path)
    const query = { on: ['/w/', '/w/a/'], below: ['/w/', '/y/'] }
    const rows = await store.write((tx) => findLocksForWrite(tx, [alice, bob, alice], query))
    expect(rows).toEqual(await store.read((reader) => findLocks(reader, query, world.clock.now)))
    expect(rows.map(({ path }) => path)).toEqual(['/w/', '/w/a/', '/w/a/b/'])
    await clear()
  })

  it('hold until their time is over, which can start anew', async () => {
    const lock = await take('/t/', { seconds: 10, expiresAt: world.clock.now + 10_000 })
    expect(await find({ on: ['/t/'] }, world.clock.now + 9_999)).toEqual(['/t/'])
    expect(await find({ on: ['/t/'], below: ['/'] }, world.clock.now + 10_000)).toEqual([])
    const longer = await store.write((tx) => extendLock(tx, lock, 20))
    expect(longer).toMatchObject({ seconds: 20, expiresAt: world.clock.now + 20_000 })
    expect(await find({ on: ['/t/'] }, world.clock.now + 19_999)).toEqual(['/t/'])
    await store.write((tx) => removeLock(tx, lock))
    expect(await find({ on: ['/t/'] })).toEqual([])
  })

  it('are counted by account, and go from the table when their time is over', async () => {
    for (let n = 0; n < 5; n += 1) await take(`/c${n}/`, { expiresAt: world.clock.now + n })
    await take('/d/', { principalId: bob })
    expect(await store.write((tx) => countLocks(tx, alice))).toBe(4)
    expect(await store.write((tx) => countLocks(tx, bob))).toBe(1)
    world.clock.now += 2
    const never = {
      revisionsBefore: 0,
      trashBefore: 0,
      tombstonesBefore: 0,
      eventsBefore: 0,
      notificationsBefore: 0,
    }
    const purge = () => store.write((tx) => purgeExpired(tx, { ...never, keepRevisions: 10, batch: 2 }))
    expect(await purge()).toMatchObject({ locks: 2, more: true })
    expect(await purge()).toMatchObject({ locks: 1, more: false })
    expect(await find({ on: [], below: ['/'] })).toEqual(['/c3/', '/c4/', '/d/'])
    await clear()
  })

  it('go with the account that took them, and with the account in whose tree they are', async () => {
    const carol = (await makeAccount(store)).id
    await take('/e/', { treeId: carol })
    await take('/f/', { principalId: carol })
    await take('/g/')
    await store.write((tx) => removePrincipal(tx, carol))
    expect(await find({ on: [], below: ['/'] })).toEqual(['/g/'])
    await clear()
  })
})

describe('a lock that is being taken', () => {
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

  it('waits for the writes in its tree, and is seen by those that wait for it', async () => {
    const order: string[] = []
    const query = { on: ['/r/'] }
    const seen = async (name: string, ms: number) =>
      store.write(async (tx) => {
        const rows = await findLocksForWrite(tx, [alice], query)
        await wait(ms)
        order.push(`${name} saw ${rows.length}`)
      })
    const first = seen('first', 60)
    await wait(10)
    const lock = store.write(async (tx) => {
      await claimTree(tx, alice)
      order.push('claimed')
      await wait(30)
      await addLock(tx, lockOf('/r/', tx.now))
    })
    await wait(10)
    await Promise.all([first, lock, seen('second', 0)])
    expect(order).toEqual(['first saw 0', 'claimed', 'second saw 1'])
    await clear()
  })
})
