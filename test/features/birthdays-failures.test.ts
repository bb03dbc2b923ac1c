import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaults } from '../../config/defaults.ts'
import { createAccount, findAccount } from '../../src/features/accounts/accounts.ts'
import { findOwnCollection } from '../../src/features/accounts/own-collection.ts'
import { switchOff, switchOn } from '../../src/features/birthdays/birthdays.ts'
import { prepareObject } from '../../src/features/objects.ts'
import { storeObject } from '../../src/features/store-object.ts'
import { createFollower } from '../../src/follow.ts'
import type { CollectionRow } from '../../storage/collections.ts'
import { type Birthdays, birthdaysOfBook } from '../../storage/generated/birthdays.ts'
import { checkInvariants } from '../../storage/invariants.ts'
import { findObject, listObjects } from '../../storage/objects.ts'
import { type Reader, WriteConflictError, type Writer } from '../../storage/store.ts'
import { card } from '../dav/objects.ts'
import { openTestStore, type TestStore } from '../store.ts'
import { collect } from './world.ts'

class BrokenDisk extends Error {}

const making = { origin: { kind: 'web' as const }, settings: defaults, newId: randomUUID }
let world: TestStore
/** The statement that fails, counted from 1; 0 for none. */
let failing = 0
let statements = 0
beforeAll(async () => {
  const beforeStatement = () => {
    statements += 1
    if (statements === failing) throw new BrokenDisk()
  }
  const beforeCommit = createFollower({ settings: defaults, newId: randomUUID })
  world = await openTestStore({ beforeStatement, beforeCommit })
  await world.store.write((tx) => createAccount(tx, { name: 'jane' }, defaults, randomUUID))
})
afterAll(() => world[Symbol.asyncDispose]())

const book = async (reader: Reader): Promise<CollectionRow> =>
  findOwnCollection(reader, await findAccount(reader, 'jane'), 'contacts')
const calendar = async (reader: Reader): Promise<Birthdays | undefined> =>
  birthdaysOfBook(reader, (await book(reader)).id)

const put = (extra: readonly string[]) => async (tx: Writer) => {
  const collection = await book(tx)
  const object = prepareObject('addressbook', Buffer.from(card('a', 'Jane Doe', extra)), defaults, 0)
  const existing = await findObject(tx, collection.id, 'a.vcf')
  const request = { collection, name: 'a.vcf', object, existing, origin: making.origin, hrefOf: () => '' }
  await storeObject(tx, request, defaults)
}

/** One after the other, and how many events there are then. */
const writes: Record<string, readonly [write: (tx: Writer) => Promise<unknown>, events: number]> = {
  'switching on': [async (tx) => switchOn(tx, await book(tx), {}, making), 0],
  'a birthday': [put(['BDAY:--0322']), 1],
  'another one, and an anniversary': [put(['BDAY:--0323', 'X-ANNIVERSARY:2000-01-01']), 2],
  'no dates': [put([]), 0],
  'a birthday again': [put(['BDAY:--0322']), 1],
  'switching off': [
    async (tx) => {
      const found = await calendar(tx)
      if (found) await switchOff(tx, found, making)
    },
    0,
  ],
}

async function eventsNow(): Promise<string[]> {
  const found = await world.store.read(calendar)
  const pages = found ? await collect(listObjects(world.store, found.calendar.id)) : []
  return pages.flat().map(({ name, etag, change }) => `${name} ${etag} ${change}`)
}

describe('a write that fails at any statement leaves cards and birthdays as they were', () => {
  for (const [name, [write, events]] of Object.entries(writes)) {
    it(name, async () => {
      const before = await eventsNow()
      for (let at = 1; ; at += 1) {
        ;[statements, failing] = [0, at]
        const failed = await world.store.write(write).then(
          () => undefined,
          (error: unknown) => error,
        )
        const ran = statements
        failing = 0
        if (ran < at) break
        expect(failed instanceof BrokenDisk || failed instanceof WriteConflictError, `${failed}`).toBe(true)
        expect(await eventsNow()).toEqual(before)
        expect(await world.store.read(checkInvariants)).toEqual([])
      }
      expect(await eventsNow()).toHaveLength(events)
      expect(await world.store.read(checkInvariants)).toEqual([])
    })
  }
})
