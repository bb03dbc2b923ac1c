import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordFact } from '../../../src/features/history/history.ts'
import {
  forgetFactRevisions,
  listDeviceFacts,
  listFactRevisions,
  purgeFactRevisions,
} from '../../../storage/history/fact-revisions.ts'
import type { PartyId } from '../../../storage/ids.ts'
import type { Origin } from '../../../storage/origin.ts'
import { openTestStore, type TestStore } from '../../store.ts'

let world: TestStore
beforeAll(async () => {
  world = await openTestStore()
})
afterAll(() => world[Symbol.asyncDispose]())

const origin: Origin = { kind: 'web', authorId: 7, deviceId: 70, clientKind: 'api', requestId: 'r1' }
let people = 0
const somebody = (): PartyId => ++people

/** Says that the role of somebody was changed, so many times. */
async function recordRoles(partyId: PartyId, states: readonly (string | undefined)[]): Promise<void> {
  const stateOf = (role: string | undefined) => (role === undefined ? undefined : { role })
  for (const [at, role] of states.entries()) {
    if (at === 0) continue
    const change = { partyId, kind: 'role', key: 1, before: stateOf(states[at - 1]), after: stateOf(role) }
    await world.store.write((tx) => recordFact(tx, change, origin))
  }
}

const rolesOf = async (partyId: PartyId) =>
  (await world.store.read((reader) => listFactRevisions(reader, partyId, { limit: 50 }))).map(
    ({ afterJson }) => (afterJson === null ? null : JSON.parse(afterJson).role),
  )

describe('the history of facts beside cards', () => {
  it('has who changed what, when and with what, the newest first, page by page', async () => {
    const party = somebody()
    await recordRoles(party, [undefined, 'lead', 'customer', undefined])
    expect(await rolesOf(party)).toEqual([null, 'customer', 'lead'])
    const [newest] = await world.store.read((reader) => listFactRevisions(reader, party, { limit: 1 }))
    expect(newest).toMatchObject({
      ...{ partyId: party, otherId: null, kind: 'role', key: '1', beforeJson: '{"role":"customer"}' },
      ...{ afterJson: null, at: world.clock.now, origin: 'web', authorId: 7, deviceId: 70, requestId: 'r1' },
    })
    const older = await world.store.read((reader) =>
      listFactRevisions(reader, party, { before: newest?.id, limit: 5 }),
    )
    expect(older).toHaveLength(2)
  })

  it('says nothing of what stayed as it was, however its keys are ordered', async () => {
    const partyId = somebody()
    const change = { partyId, kind: 'note', key: 'x' }
    const [before, after] = [
      { a: 1, b: { c: [1, { d: 2, e: undefined }] } },
      { b: { c: [1, { d: 2 }] }, a: 1 },
    ]
    await world.store.write((tx) => recordFact(tx, { ...change, before, after }, origin))
    expect(await rolesOf(partyId)).toEqual([])
  })

  it('shows what is about two in the history of both, once', async () => {
    const [person, company] = [somebody(), somebody()]
    const change = { kind: 'membership', key: 4, before: undefined, after: { title: 'CEO' } }
    await world.store.write((tx) => recordFact(tx, { ...change, partyId: person, otherId: company }, origin))
    await world.store.write((tx) => recordFact(tx, { ...change, partyId: person, otherId: person }, origin))
    expect(await rolesOf(company)).toHaveLength(1)
    expect(await rolesOf(person)).toHaveLength(2)
  })

  it('is forgotten with whom it is about, and with whom it is about too', async () => {
    const [gone, other] = [somebody(), somebody()]
    await recordRoles(gone, [undefined, 'lead'])
    const change = { kind: 'relation', key: 4, before: undefined, after: { type: 'friend' } }
    await world.store.write((tx) => recordFact(tx, { ...change, partyId: other, otherId: gone }, origin))
    await recordRoles(other, [undefined, 'customer'])
    await world.store.write((tx) => forgetFactRevisions(tx, [gone]))
    expect(await rolesOf(gone)).toEqual([])
    expect(await rolesOf(other)).toEqual(['customer'])
  })

  it('is found by device and time', async () => {
    const party = somebody()
    const device: Origin = { ...origin, deviceId: 71 }
    for (const role of ['a', 'b', 'c']) {
      world.clock.now += 1_000
      const change = { partyId: party, kind: 'role', key: role, before: undefined, after: { role } }
      await world.store.write((tx) => recordFact(tx, change, device))
    }
    const { now } = world.clock
    const found = await world.store.read((reader) =>
      listDeviceFacts(reader, 71, { from: now - 1_000, to: now, limit: 10 }),
    )
    expect(found.map(({ key }) => key)).toEqual(['c', 'b'])
  })

  it('stays as long as the states of cards: every change so long, then the last ones of each fact', async () => {
    const [one, other] = [somebody(), somebody()]
    await recordRoles(one, [undefined, 'a', 'b', 'c', 'd'])
    await recordRoles(other, [undefined, 'x', 'y'])
    const purge = (before: number, after: PartyId) =>
      world.store.write((tx) => purgeFactRevisions(tx, { before, keep: 2, batch: 1, after }))
    expect(await purge(world.clock.now, one - 1)).toEqual({ removed: 0, next: one })
    expect(await purge(world.clock.now + 1, one - 1)).toEqual({ removed: 2, next: one })
    expect(await purge(world.clock.now + 1, one)).toEqual({ removed: 0, next: other })
    expect(await purge(world.clock.now + 1, other)).toEqual({ removed: 0, next: undefined })
    expect(await rolesOf(one)).toEqual(['d', 'c'])
    expect(await rolesOf(other)).toEqual(['y', 'x'])
  })
})
