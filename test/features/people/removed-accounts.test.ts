import { describe, expect, it } from 'vitest'
import { removeAccount } from '../../../src/features/accounts/accounts.ts'
import { bringBack, mustFindRemoved } from '../../../src/features/accounts/removed/bring-back.ts'
import { checkInvariants } from '../../../storage/invariants.ts'
import { call } from '../../api/json.ts'
import { card, event } from '../../dav/objects.ts'
import { type Account, useServer } from '../../dav/server.ts'
import { asking, nodeOf } from '../archive/firm.ts'
import { person } from '../facts/world.ts'
import { idOf } from '../history/world.ts'
import { useShares } from '../shares.ts'

const server = useServer()

const remove = (account: Account, options: { purge: boolean; giveTo?: string }) =>
  server.services.store.write((tx) => removeAccount(tx, account.name, options, server.services))

const broken = () => server.services.store.read(checkInvariants)

/** Alice, who shares a book with bob, and one person in it of whom something is known. */
async function colleagues() {
  const [alice, bob] = [await server.account(), await server.account()]
  const jane = await person(alice, 'Jane', ['ORG:Acme'])
  await useShares(server).share(alice.contacts, bob, 'read-write')
  await useShares(server).accept(bob)
  const { ask } = asking(alice)
  await ask('PATCH', `/parties/${jane}`, { owner: alice.name, roles: ['customer'] })
  await ask('POST', '/activities', { kind: 'note', html: 'for Quentin and all', parties: [jane] })
  await ask('POST', '/activities', { kind: 'note', html: 'mine', visibility: 'private', parties: [jane] })
  return { alice, bob, jane, ask }
}

describe('an account that is removed, and whose books are given to another', () => {
  it('leaves everything that is known of its people to whoever gets them', async () => {
    const { alice, bob, jane } = await colleagues()
    const before = await call(bob, 'GET', `/parties/${jane}`)
    const outcome = await remove(alice, { purge: true, giveTo: bob.name })
    expect(outcome).toMatchObject({ given: [expect.stringContaining('contacts')], people: 1, notes: 1 })
    const { json } = await call(bob, 'GET', `/parties/${jane}`)
    expect(json).toMatchObject({ roles: ['customer'], owner: { name: bob.name } })
    expect(json.version).toBe(before.json.version + 1)
    expect(json.memberships).toEqual(before.json.memberships)
    const { items } = (await call(bob, 'GET', `/parties/${jane}/history`)).json
    expect(items[0]).toMatchObject({ fact: 'owner' })
    expect(await broken()).toEqual([])
  })

  it('is named as the author of what it wrote for others, which is found; what it kept for itself is gone', async () => {
    const { alice, bob, jane } = await colleagues()
    await remove(alice, { purge: true, giveTo: bob.name })
    const { items } = (await call(bob, 'GET', `/parties/${jane}/timeline`)).json
    const notes = items.filter(({ kind }: { kind: string }) => kind === 'note')
    expect(notes).toMatchObject([{ title: 'for Quentin and all', author: alice.name }])
    const found = (await call(bob, 'GET', '/search?q=Quentin')).json
    expect(JSON.stringify(found)).toContain('Quentin')
    const rows = await server.services.store.read(({ sql }) =>
      sql.all<{ text: string }>("SELECT text FROM activities WHERE text = 'mine' AND author_id IS NULL"),
    )
    expect(rows).toEqual([])
  })

  it('looks after nobody any more where nobody gets its people', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const jane = await person(bob, 'Jane')
    await asking(bob).ask('PATCH', `/parties/${jane}`, { owner: alice.name })
    await remove(alice, { purge: true })
    expect((await call(bob, 'GET', `/parties/${jane}`)).json).toMatchObject({ owner: null })
    expect(await broken()).toEqual([])
  })
})

describe('an account that is purged', () => {
  it('leaves nothing of its people, their facts, notes, links and history, those of the trash neither', async () => {
    const { alice, bob, jane, ask } = await colleagues()
    const his = await person(bob, 'Hers', ['ORG:Other'])
    await alice.put(`${alice.calendar}e.ics`, event('e'))
    const object = await idOf(server, `${alice.calendar}e.ics`)
    await alice.request('PUT', `${alice.files}offer-${jane}.txt`, { body: 'offer' })
    await ask('POST', `/parties/${jane}/links`, { kind: 'object', id: object })
    await ask('POST', `/parties/${jane}/links`, {
      kind: 'file',
      id: await nodeOf(server, `offer-${jane}.txt`),
    })
    await server.services.store.write((tx) =>
      tx.sql.run("INSERT INTO party_links (party_id, kind, target_id, at) VALUES ($1, 'object', $2, 0)", [
        ...[his, object],
      ]),
    )
    await alice.delete(`${alice.calendar}e.ics`)
    await alice.put(`${alice.contacts}gone.vcf`, card('gone', 'Gone'))
    await alice.delete(`${alice.contacts}gone.vcf`)
    const [survivor, loser] = [await person(alice, 'Ann Doe'), await person(alice, 'Anne Doe')]
    await ask('POST', '/activities', { kind: 'call', parties: [loser] })
    await ask('POST', '/merges', { survivor, loser })
    await useShares(server).unshare(alice.contacts, bob)
    await remove(alice, { purge: true })
    expect(await broken()).toEqual([])
    const parties = await server.services.store.read(({ sql }) =>
      sql.all<{ id: number }>('SELECT party_id AS id FROM placements WHERE party_id IN ($1, $2, $3)', [
        ...[jane, survivor, loser],
      ]),
    )
    expect(parties).toEqual([])
    expect((await call(bob, 'GET', `/parties/${his}`)).json.name).toBe('Hers')
  })

  it('keeps its private notes without it, for nobody else, until it is back', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const jane = await person(bob, 'Jane')
    await useShares(server).share(bob.contacts, alice, 'read')
    await useShares(server).accept(alice)
    const mine = { kind: 'note', html: 'mine', visibility: 'private', parties: [jane] }
    await asking(alice).ask('POST', '/activities', mine)
    const { removed } = await remove(alice, { purge: false })
    expect((await call(bob, 'GET', `/parties/${jane}/timeline`)).text).not.toContain('mine')
    const sharing = { ...server.services, origin: { kind: 'restore' } } as const
    await server.services.store.write(async (tx) =>
      bringBack(tx, await mustFindRemoved(tx, removed ?? 0), {}, sharing),
    )
    expect((await call(alice, 'GET', `/parties/${jane}/timeline`)).text).toContain('mine')
  })
})
