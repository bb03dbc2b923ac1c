import { describe, expect, it } from 'vitest'
import { removeDelegate } from '../../src/features/rights/delegates.ts'
import { replaceAces } from '../../storage/aces.ts'
import { findPrincipalById } from '../../storage/principals.ts'
import { setShare } from '../../storage/shares.ts'
import { mustSetAcl } from './acls.ts'
import { delegate, group, leave } from './directory.ts'
import { lock, locked } from './locking.ts'
import { event } from './objects.ts'
import { type Places, placesOf } from './places.ts'
import { type Account, useServer } from './server.ts'
import { postShare, remove, set } from './sharing.ts'

const server = useServer()

interface Pair {
  readonly alice: Account
  readonly bob: Account
  readonly hers: Places
  readonly his: Places
}

/** Over the API, which a lock does not bar: changes the only share of an account. */
async function changeShare(owner: Account, method: 'DELETE' | 'PATCH', change?: object): Promise<void> {
  const given = JSON.parse((await owner.get('/api/shares')).text) as { shares: { id: number }[] }
  const body = change && { body: JSON.stringify(change) }
  const headers = { 'Content-Type': 'application/json' }
  const answer = await owner.request(method, `/api/shares/${given.shares[0]?.id}`, { headers, ...body })
  if (answer.status >= 300) throw new Error(`${method} answered ${answer.status}: ${answer.text}`)
}

/** How a right to write is given, and taken back. */
const rights: Readonly<
  Record<string, readonly [give: (pair: Pair) => Promise<unknown>, take: (pair: Pair) => Promise<unknown>]>
> = {
  'a share': [
    ({ alice, bob }) => postShare(alice, alice.calendar, set(bob.principal, 'read-write')),
    ({ alice }) => changeShare(alice, 'DELETE'),
  ],
  'a share that now lets read only': [
    ({ alice, bob }) => postShare(alice, alice.calendar, set(bob.principal, 'read-write')),
    ({ alice }) => changeShare(alice, 'PATCH', { access: 'read' }),
  ],
  'an access control list': [
    ({ alice, bob }) => mustSetAcl(alice, alice.calendar, [{ who: bob.principal, grant: ['read', 'write'] }]),
    ({ hers }) => server.services.store.write((tx) => replaceAces(tx, hers.calendar, [])),
  ],
  'a delegation': [
    ({ alice, bob }) => delegate(server, alice.name, bob.name, 'write'),
    ({ hers, his }) =>
      server.services.store.write(async (tx) => {
        const [owner, other] = [await findPrincipalById(tx, hers.id), await findPrincipalById(tx, his.id)]
        return owner && other && removeDelegate(tx, owner, other)
      }),
  ],
  'a group': [
    async ({ alice, bob }) => {
      const { principal } = await group(server, 'lost', bob)
      await mustSetAcl(alice, alice.calendar, [{ who: principal, grant: ['read', 'write'] }])
    },
    ({ bob }) => leave(server, 'lost', bob.name),
  ],
}

describe('RFC 4918 §6.6 locks of who may not change any more what he has locked', () => {
  it.each(Object.entries(rights))('%s: they hold nobody back', async (_, [give, take]) => {
    const [alice, bob] = [await server.account(), await server.account()]
    const pair = { alice, bob, hers: await placesOf(server, alice), his: await placesOf(server, bob) }
    await give(pair)
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    await locked(bob, alice.calendar, { headers: { Depth: 'infinity' } })
    const put = () => alice.put(`${alice.calendar}b.ics`, event('b'))
    expect((await put()).status).toBe(423)
    expect((await lock(alice, `${alice.calendar}a.ics`)).status).toBe(423)
    await take(pair)
    expect((await lock(alice, `${alice.calendar}a.ics`)).status).toBe(200)
    expect((await put()).status).toBe(201)
  })

  it('nor do they keep an owner from taking a share back, in clients that know no UNLOCK (IOS-22)', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await postShare(alice, alice.calendar, set(bob.principal, 'read-write'))
    await locked(bob, alice.calendar, { headers: { Depth: 'infinity' } })
    expect((await postShare(alice, alice.calendar, remove(bob.principal))).status).toBe(200)
    expect((await alice.put(`${alice.calendar}b.ics`, event('b'))).status).toBe(201)
    await locked(alice, alice.calendar)
    expect((await postShare(alice, alice.calendar, set(bob.principal, 'read'))).status).toBe(423)
  })

  it('who may by another right keeps his lock', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const [hers, his] = [await placesOf(server, alice), await placesOf(server, bob)]
    await delegate(server, alice.name, bob.name, 'write')
    const share = {
      collectionId: hers.calendar.id,
      principalId: his.id,
      access: 'read-write',
      summary: null,
    } as const
    await server.services.store.write((tx) => setShare(tx, share))
    await locked(bob, alice.calendar)
    await changeShare(alice, 'DELETE')
    expect((await alice.put(`${alice.calendar}b.ics`, event('b'))).status).toBe(423)
  })
})
