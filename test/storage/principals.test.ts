import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  addAppPassword,
  findAppPassword,
  listAppPasswords,
  revokeAppPassword,
  touchAppPassword,
} from '../../storage/credentials.ts'
import { findObject } from '../../storage/objects.ts'
import {
  createPrincipal,
  findPrincipalByName,
  findPrincipalBySegment,
  listPrincipals,
  segmentTaken,
  setPassword,
  updatePrincipal,
} from '../../storage/principals.ts'
import { removePrincipal } from '../../storage/purge.ts'
import type { Store } from '../../storage/store.ts'
import { clearThrottle, countFailure, throttleState } from '../../storage/throttle.ts'
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

const account = (name: string) => store.read((reader) => findPrincipalByName(reader, name))

describe('an account', () => {
  it('is found by its name and by its segment', async () => {
    const { id } = await store.write((tx) =>
      createPrincipal(tx, { name: 'anna', segment: 'anna-1', displayName: 'Anna', email: 'a@example.org' }),
    )
    const row = await account('anna')
    expect(row).toMatchObject({
      id,
      kind: 'user',
      displayName: 'Anna',
      email: 'a@example.org',
      passwordHash: null,
    })
    expect(await store.read((reader) => findPrincipalBySegment(reader, 'anna-1'))).toEqual(row)
    expect(await store.read((reader) => segmentTaken(reader, 'anna-1'))).toBe(true)
    expect(await store.read((reader) => segmentTaken(reader, 'anna'))).toBe(false)
    expect((await store.read((reader) => listPrincipals(reader))).map(({ name }) => name)).toContain('anna')
  })

  it('has a name and a segment of its own', async () => {
    await makeAccount(store, 'taken')
    const again = (name: string, segment: string) =>
      store.write((tx) => createPrincipal(tx, { name, segment, displayName: '' }))
    await expect(again('taken', 'free')).rejects.toThrow()
    await expect(again('free', 'taken')).rejects.toThrow()
  })

  it('changes its stamp with its password, not with its name', async () => {
    const { id } = await makeAccount(store, 'stamped')
    await store.write((tx) => updatePrincipal(tx, id, { displayName: 'New', email: 'n@example.org' }))
    expect(await account('stamped')).toMatchObject({ displayName: 'New', email: 'n@example.org', stamp: 1 })
    await store.write((tx) => setPassword(tx, id, 'hash'))
    expect(await account('stamped')).toMatchObject({ passwordHash: 'hash', stamp: 2 })
  })

  it('is removed with all that it has, and nothing of others', async () => {
    const other = await makeAccount(store)
    await store.write((tx) => putText(tx, other.book, 'a.vcf', 'kept'))
    const { id, book, calendar } = await makeAccount(store, 'leaving')
    await store.write((tx) => putText(tx, book, 'a.vcf', 'one'))
    await store.write((tx) => putText(tx, calendar, 'b.ics', 'two'))
    await store.write(async (tx) => {
      const row = await findObject(tx, book.id, 'a.vcf')
      if (row !== undefined) await deleteObject(tx, book, row, origin)
    })
    await store.write((tx) => removePrincipal(tx, id))
    expect(await account('leaving')).toBeUndefined()
    for (const table of ['collections', 'feeds', 'homes', 'revisions', 'events', 'app_passwords']) {
      const rows = await store.read(({ sql }) =>
        sql.all(`SELECT * FROM ${table} WHERE principal_id = $1`, [id]),
      )
      expect(rows, table).toEqual([])
    }
    expect(await store.read((reader) => findObject(reader, other.book.id, 'a.vcf'))).toBeDefined()
    await makeAccount(store, 'leaving')
  })
})

describe('an app password', () => {
  it('is found until it is revoked, which changes the stamp', async () => {
    const { id } = await makeAccount(store, 'device')
    const password = { principalId: id, label: 'Pixel 9', secretHash: 'a'.repeat(64), scope: 'read' } as const
    const deviceId = await store.write((tx) => addAppPassword(tx, password))
    const find = () => store.read((reader) => findAppPassword(reader, id, password.secretHash))
    expect(await find()).toMatchObject({ ...password, id: deviceId, lastUsedAt: null, clientKind: null })
    const use = { at: 123, address: '192.0.2.7', agent: 'DAVx5/4.4', suggested: undefined }
    await store.write((tx) => touchAppPassword(tx, { id: deviceId, principalId: id }, use))
    const last = { lastUsedAt: 123, lastAddress: use.address, lastAgent: use.agent }
    expect(await find()).toMatchObject(last)
    expect(await store.write((tx) => revokeAppPassword(tx, id + 1, deviceId))).toBe(false)
    expect(await store.write((tx) => revokeAppPassword(tx, id, deviceId))).toBe(true)
    expect(await store.write((tx) => revokeAppPassword(tx, id, deviceId))).toBe(false)
    expect(await find()).toBeUndefined()
    expect(await account('device')).toMatchObject({ stamp: 2 })
    const all = await store.read((reader) => listAppPasswords(reader, id))
    expect(all).toMatchObject([{ id: deviceId, revokedAt: world.clock.now }])
  })
})

describe('the throttle', () => {
  const limits = { windowMs: 1_000, limit: 3, blockMs: 5_000 }
  const fail = (key: string) => store.write((tx) => countFailure(tx, key, limits))
  const state = (key: string) => store.read((reader) => throttleState(reader, key))

  it('blocks at the limit, and starts anew after it', async () => {
    const { clock } = world
    expect(await state('k')).toEqual({ failures: 0, blockedUntil: 0 })
    await fail('k')
    await fail('k')
    expect(await state('k')).toEqual({ failures: 2, blockedUntil: 0 })
    expect(await fail('k')).toEqual({ failures: 3, blockedUntil: clock.now + 5_000 })
    expect(await state('k')).toEqual({ failures: 0, blockedUntil: clock.now + 5_000 })
    clock.now += 6_000
    expect(await fail('k')).toEqual({ failures: 1, blockedUntil: 0 })
  })

  it('forgets failures of an older window, and all after a success', async () => {
    const { clock } = world
    await fail('w')
    await fail('w')
    clock.now += 1_001
    expect(await fail('w')).toMatchObject({ failures: 1 })
    await store.write((tx) => clearThrottle(tx, 'w'))
    expect(await state('w')).toEqual({ failures: 0, blockedUntil: 0 })
  })
})
