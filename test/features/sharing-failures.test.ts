import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaults } from '../../config/defaults.ts'
import { createAccount, findAccount } from '../../src/features/accounts/accounts.ts'
import { findAnybody } from '../../src/features/accounts/named.ts'
import { findOwnCollection } from '../../src/features/accounts/own-collection.ts'
import { removeCollection } from '../../src/features/collections.ts'
import {
  acceptInvite,
  declineInvite,
  reconcileGroup,
  type Sharing,
  shareCollection,
  unshare,
  withdrawPrincipal,
} from '../../src/features/sharing/sharing.ts'
import { addGroupMember, removeGroupMember } from '../../storage/groups.ts'
import { checkInvariants } from '../../storage/invariants.ts'
import { listMountsOf } from '../../storage/mounts.ts'
import { insertPrincipal } from '../../storage/principals.ts'
import type { Writer } from '../../storage/store.ts'
import { openTestStore, type TestStore } from '../store.ts'

class BrokenDisk extends Error {}

const sharing: Sharing = { origin: { kind: 'web' }, settings: defaults, newId: randomUUID }
let world: TestStore
/** The statement that fails, counted from 1; 0 for none. */
let failing = 0
let statements = 0
beforeAll(async () => {
  const beforeStatement = () => {
    statements += 1
    if (statements === failing) throw new BrokenDisk()
  }
  world = await openTestStore({ beforeStatement })
  await world.store.write(async (tx) => {
    for (const name of ['alice', 'bob', 'carol']) await createAccount(tx, { name }, defaults, randomUUID)
    await insertPrincipal(tx, { kind: 'group', name: 'team', segment: 'team', displayName: 'Team' })
  })
})
afterAll(() => world[Symbol.asyncDispose]())

const calendar = async (tx: Writer) => findOwnCollection(tx, await findAccount(tx, 'alice'), 'calendar')
const share = async (tx: Writer, name: string, access: 'read' | 'free-busy') => {
  const [collection, principal] = [await calendar(tx), await findAnybody(tx, name)]
  await shareCollection(tx, { collection, principal, access }, sharing)
}
const answer = async (tx: Writer, name: string, change: typeof declineInvite | typeof acceptInvite) => {
  for (const { mount } of await listMountsOf(tx, (await findAccount(tx, name)).id))
    await change(tx, mount, sharing)
}
const team = async (tx: Writer, change: typeof addGroupMember, name: string) => {
  const { id } = await findAnybody(tx, 'team')
  await change(tx, id, (await findAccount(tx, name)).id)
  await reconcileGroup(tx, id, sharing)
}

/** One after the other: each finds what those before it left. */
const writes: Record<string, (tx: Writer) => Promise<unknown>> = {
  'sharing with a person': (tx) => share(tx, 'bob', 'read'),
  declining: (tx) => answer(tx, 'bob', declineInvite),
  'sharing again': (tx) => share(tx, 'bob', 'read'),
  accepting: (tx) => answer(tx, 'bob', acceptInvite),
  'giving another view': (tx) => share(tx, 'bob', 'free-busy'),
  'sharing with a group': (tx) => share(tx, 'team', 'read'),
  'joining a group': (tx) => team(tx, addGroupMember, 'carol'),
  'accepting by a group': (tx) => answer(tx, 'carol', acceptInvite),
  'leaving a group': (tx) => team(tx, removeGroupMember, 'carol'),
  'joining it again': (tx) => team(tx, addGroupMember, 'bob'),
  'taking back': async (tx) =>
    unshare(tx, { collection: await calendar(tx), principal: await findAccount(tx, 'bob') }, sharing),
  'removing a group': async (tx) => withdrawPrincipal(tx, (await findAnybody(tx, 'team')).id, sharing),
  'sharing once more': (tx) => share(tx, 'bob', 'read'),
  'deleting what is shared': async (tx) => {
    const { name, ...row } = await calendar(tx)
    await tx.sql.run(
      "UPDATE collections SET components = 'VEVENT,VTODO' WHERE home_id = $1 AND name = 'tasks'",
      [row.homeId],
    )
    return removeCollection(tx, { name, ...row }, sharing.origin, defaults)
  },
}

async function contents(): Promise<unknown> {
  const tables =
    'shares mounts notifications group_members feeds collections collection_tombstones events'.split(' ')
  const found: Record<string, unknown> = {}
  for (const table of tables) {
    const rows = await world.store.read(({ sql }) => sql.all(`SELECT * FROM ${table}`))
    found[table] = rows.map((row) => JSON.stringify(row)).toSorted()
  }
  return found
}

describe.each(Object.entries(writes))('%s', (_name, write) => {
  it('leaves all as it was when any of its statements fails', async () => {
    const before = await contents()
    for (let nth = 1; ; nth++) {
      statements = 0
      failing = nth
      const outcome = await world.store.write(write).then(
        () => 'done',
        (error: unknown) => error,
      )
      failing = 0
      if (outcome === 'done') {
        expect(nth).toBeGreaterThan(3)
        expect(await contents()).not.toEqual(before)
        expect(await world.store.read(checkInvariants)).toEqual([])
        return
      }
      expect(outcome).toBeInstanceOf(BrokenDisk)
      expect(await contents()).toEqual(before)
    }
  })
})
