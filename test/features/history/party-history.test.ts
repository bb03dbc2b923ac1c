import { describe, expect, it } from 'vitest'
import { directoryOf, type Session } from '../../../src/auth/session.ts'
import type { FactKind } from '../../../src/features/history/fact-kinds.ts'
import { type FactChange, recordFact } from '../../../src/features/history/history.ts'
import { listPartyChanges, restoreFact } from '../../../src/features/history/party-history.ts'
import type { PartyId } from '../../../storage/ids.ts'
import { placementsByObject } from '../../../storage/people/parties.ts'
import { card } from '../../dav/objects.ts'
import { type Account, useServer } from '../../dav/server.ts'
import { useShares } from '../shares.ts'
import { rowOf } from '../world.ts'
import { call, idOf, uniqueName } from './world.ts'

const server = useServer()
const shares = useShares(server)

async function sessionOf(account: Account): Promise<Session> {
  return {
    ...{ principal: await rowOf(server, account), deviceId: undefined, clientKind: undefined, lists: 'both' },
    ...{ scope: 'write', directory: directoryOf(server.settings), hasDirectoryBook: false },
  }
}

/** Somebody with a card in each of these states. */
async function somebody(alice: Account, ...names: readonly string[]): Promise<{ id: PartyId; path: string }> {
  const path = `${alice.contacts}${uniqueName('vcf')}`
  for (const name of names) await alice.put(path, card(path, name))
  const object = await idOf(server, path)
  const placed = await server.services.store.read((reader) => placementsByObject(reader, [object]))
  return { id: placed.get(object)?.partyId ?? 0, path }
}

/** Facts that are kept nowhere but in their history. */
const restored: unknown[] = []
const kinds: readonly FactKind[] = [
  {
    ...{ kind: 'x-role', label: 'role' },
    restore: async (tx, { partyId, key, before, after, origin }) => {
      restored.push(before)
      await recordFact(tx, { partyId, kind: 'x-role', key, before: after, after: before }, origin)
    },
  },
  {
    ...{ kind: 'x-note', label: 'note', restore: async () => {} },
    isShown: (session, { after }) => after?.author === session.principal.id,
  },
]

async function record(account: Account, change: FactChange): Promise<void> {
  const { id } = await rowOf(server, account)
  await server.services.store.write((tx) => recordFact(tx, change, { kind: 'web', authorId: id }))
  server.clock.now += 1_000
}

async function historyOf(account: Account, id: PartyId, limit = 50) {
  const session = await sessionOf(account)
  const { store, settings } = server.services
  const seen = []
  let before: Parameters<typeof listPartyChanges>[3]['before']
  for (let pages = 0; pages < 20; pages += 1) {
    const page = await store.read((reader) =>
      listPartyChanges(reader, session, id, { before, limit }, settings, kinds),
    )
    seen.push(...page.changes)
    before = page.next
    if (!before) break
  }
  return seen
}

const inShort = (changes: Awaited<ReturnType<typeof historyOf>>) =>
  changes.map((one) =>
    one.type === 'card' ? `card ${one.revision.kind}` : `${one.fact.kind} ${one.revision.key}`,
  )

describe('the history of somebody', () => {
  it('has what happened to the cards and to the facts beside them, in one order, page by page', async () => {
    const alice = await server.account()
    const { id, path } = await somebody(alice, 'Ann')
    server.clock.now += 1_000
    const { id: author } = await rowOf(server, alice)
    await record(alice, { partyId: id, kind: 'x-role', key: 'a', before: undefined, after: { role: 'lead' } })
    await alice.put(path, card(path, 'Ann Lee'))
    server.clock.now += 1_000
    await record(alice, { partyId: id, kind: 'x-note', key: 'b', before: undefined, after: { author } })
    await record(alice, { partyId: id, kind: 'unknown', key: 'c', before: undefined, after: { x: 1 } })
    const all = await historyOf(alice, id)
    expect(inShort(all)).toEqual(['x-note b', 'card updated', 'x-role a', 'card created'])
    expect(all[1]).toMatchObject({ type: 'card', summary: 'name changed' })
    for (const limit of [1, 2, 3]) expect(inShort(await historyOf(alice, id, limit))).toEqual(inShort(all))
  })

  it('shows whoever reads a card what is for all, and nobody else anything', async () => {
    const [alice, bob, carol] = [await server.account(), await server.account(), await server.account()]
    const { id } = await somebody(alice, 'Ann')
    const { id: author } = await rowOf(server, alice)
    await record(alice, { partyId: id, kind: 'x-role', key: 'a', before: undefined, after: { role: 'lead' } })
    await record(alice, { partyId: id, kind: 'x-note', key: 'b', before: undefined, after: { author } })
    await shares.share(alice.contacts, bob, 'read')
    await shares.accept(bob)
    expect(inShort(await historyOf(bob, id))).toEqual(['x-role a', 'card created'])
    await expect(historyOf(carol, id)).rejects.toMatchObject({ status: 404 })
    const absent = await call(carol, 'GET', '/parties/999999999/history')
    const hidden = await call(carol, 'GET', `/parties/${id}/history`)
    expect([hidden.status, hidden.json]).toEqual([404, absent.json])
    expect((await call(bob, 'GET', `/parties/${id}/history`)).json.items).toMatchObject([
      { type: 'card', kind: 'created', author: alice.name },
    ])
  })

  it('brings one fact back by an ordinary change, where the card may be written', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const { id } = await somebody(alice, 'Ann')
    await record(alice, { partyId: id, kind: 'x-role', key: 'a', before: { role: 'lead' }, after: undefined })
    await shares.share(alice.contacts, bob, 'read')
    await shares.accept(bob)
    const [change] = await historyOf(alice, id)
    const revisionId = change?.type === 'fact' ? change.revision.id : 0
    const restore = async (account: Account) => {
      const session = await sessionOf(account)
      const wanted = { partyId: id, revisionId, origin: { kind: 'restore' } } as const
      await server.services.store.write((tx) => restoreFact(tx, session, wanted, server.services, kinds))
    }
    await expect(restore(bob)).rejects.toMatchObject({ status: 403 })
    await restore(alice)
    expect(restored).toEqual([{ role: 'lead' }])
    expect(await historyOf(alice, id)).toMatchObject([
      { type: 'fact', revision: { origin: 'restore', beforeJson: null, afterJson: '{"role":"lead"}' } },
      { type: 'fact' },
      { type: 'card' },
    ])
    const other = await somebody(alice, 'Zoe')
    expect((await call(alice, 'POST', `/parties/${other.id}/history/${revisionId}/restore`)).status).toBe(404)
  })
})
