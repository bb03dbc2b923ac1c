import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { deleteCollection, moveCollection, patchCollection } from '../../storage/collection-writes.ts'
import { findObject } from '../../storage/objects.ts'
import { emptyTrash, forgetHistory, purgeExpired } from '../../storage/purge.ts'
import { listTrash } from '../../storage/revisions.ts'
import type { Store, Writer } from '../../storage/store.ts'
import { deleteObject, moveObject, restoreObject } from '../../storage/write-path.ts'
import { openTestStore, type TestStore } from '../store.ts'
import { type Account, eventIndex, expectWhole, makeAccount, origin, putText } from './world.ts'

class BrokenDisk extends Error {}

let world: TestStore
let store: Store
/** The statement that fails, counted from 1; 0 for none. */
let failing = 0
let statements = 0
beforeAll(async () => {
  const beforeStatement = () => {
    statements += 1
    if (statements === failing) throw new BrokenDisk()
  }
  world = await openTestStore({ beforeStatement })
  store = world.store
})
afterEach(() => expectWhole(store))
afterAll(() => world[Symbol.asyncDispose]())

const mustFind = async (tx: Writer, account: Account, name: string) => {
  const row = await findObject(tx, account.calendar.id, name)
  if (row === undefined) throw new Error(`${name} is not there`)
  return row
}
/** Every member that is put so has a photo. */
const media = [{ start: 0, end: 4_000 }]
const index = eventIndex(Array.from({ length: 60 }, (_, n) => [n, n + 1]))

const writes: Record<string, (tx: Writer, account: Account) => Promise<unknown>> = {
  'putting a new member': (tx, { calendar }) => putText(tx, calendar, 'new.ics', 'new', { index }),
  'putting a member again': (tx, { calendar }) => putText(tx, calendar, 'a.ics', 'other', { index }),
  'putting a member with a photo': (tx, { calendar }) =>
    putText(tx, calendar, 'a.ics', 'p'.repeat(4_000), { index, media }),
  'putting under a name that was deleted': (tx, { calendar }) =>
    putText(tx, calendar, 'gone.ics', 'back', { index }),
  'deleting a member': async (tx, account) =>
    deleteObject(tx, account.calendar, await mustFind(tx, account, 'a.ics'), origin),
  'moving a member onto another': async (tx, account) => {
    const replaced = await mustFind(tx, account, 'b.ics')
    const object = await mustFind(tx, account, 'a.ics')
    return moveObject(tx, account.calendar, object, account.calendar, 'b.ics', origin, replaced)
  },
  'moving a member to another collection': async (tx, account) =>
    moveObject(tx, account.calendar, await mustFind(tx, account, 'a.ics'), account.book, 'a.ics', origin),
  'restoring a member': async (tx, account) => {
    const [revision] = await listTrash(tx, account.id, { limit: 1 })
    if (revision === undefined) throw new Error('the trash is empty')
    const fields = { name: 'gone.ics', uid: revision.uid, component: 'VEVENT', size: 4_011, index, origin }
    return restoreObject(tx, { revision, collection: account.calendar, ...fields })
  },
  'changing a collection': (tx, { calendar }) =>
    patchCollection(tx, calendar, { displayname: 'Other' }, origin),
  'moving a collection': (tx, { calendar, calendarHomeId }) =>
    moveCollection(tx, calendar, { homeId: calendarHomeId, name: 'renamed' }, origin),
  'deleting a collection': (tx, { calendar }) => deleteCollection(tx, calendar, origin),
  'emptying the trash': (tx, { id }) => emptyTrash(tx, id),
  'deleting a member, and forgetting that it and another ever changed': async (tx, account) => {
    const [gone, kept] = [await mustFind(tx, account, 'a.ics'), await mustFind(tx, account, 'b.ics')]
    await putText(tx, account.calendar, 'b.ics', 'changed', { index })
    await deleteObject(tx, account.calendar, gone, origin)
    await forgetHistory(tx, [gone.id, kept.id])
  },
  purging: (tx) => {
    const at = Number.MAX_SAFE_INTEGER
    const before = {
      revisionsBefore: at,
      trashBefore: at,
      tombstonesBefore: at,
      eventsBefore: at,
      notificationsBefore: at,
    }
    return purgeExpired(tx, { ...before, keepRevisions: 1, batch: 100 })
  },
}

/** Everything an account has, as the tables say. */
async function contents(account: Account): Promise<unknown> {
  const tables: Record<string, string> = {
    objects: 'collection_id IN ($1, $2)',
    revisions: 'collection_id IN ($1, $2)',
    tombstones: 'collection_id IN ($1, $2)',
    calendar_objects: 'collection_id IN ($1, $2)',
    calendar_instances: 'object_id IN (SELECT id FROM objects WHERE collection_id IN ($1, $2))',
    collections: 'id IN ($1, $2)',
    feeds: 'collection_id IN ($1, $2)',
  }
  const found: Record<string, unknown> = {}
  for (const [table, condition] of Object.entries(tables)) {
    const rows = await store.read(({ sql }) =>
      sql.all(`SELECT * FROM ${table} WHERE ${condition}`, [account.calendar.id, account.book.id]),
    )
    found[table] = rows.map((row) => JSON.stringify(row)).toSorted()
  }
  return found
}

async function prepare(): Promise<Account> {
  const account = await makeAccount(store)
  for (const name of ['a.ics', 'b.ics', 'gone.ics']) {
    await store.write((tx) =>
      putText(tx, account.calendar, name, `${'gone'.repeat(1_000)}1: ${name}`, { index, media }),
    )
  }
  await store.write(async (tx) =>
    deleteObject(tx, account.calendar, await mustFind(tx, account, 'gone.ics'), origin),
  )
  return account
}

describe.each(Object.entries(writes))('%s', (_name, write) => {
  it('leaves all as it was when any of its statements fails', async () => {
    const account = await prepare()
    const before = await contents(account)
    for (let nth = 1; ; nth++) {
      statements = 0
      failing = nth
      const outcome = await store
        .write((tx) => write(tx, account))
        .then(
          () => 'done',
          (error: unknown) => error,
        )
      failing = 0
      if (outcome === 'done') {
        expect(nth).toBeGreaterThan(3)
        expect(await contents(account)).not.toEqual(before)
        return
      }
      expect(outcome).toBeInstanceOf(BrokenDisk)
      expect(await contents(account)).toEqual(before)
      if (nth % 5 === 1) await expectWhole(store)
    }
  })
})
