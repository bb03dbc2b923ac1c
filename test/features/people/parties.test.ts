import { describe, expect, it } from 'vitest'
import { findParty } from '../../../src/features/people/parties.ts'
import { reindexAll } from '../../../src/features/reindex.ts'
import { restoreFromTrash } from '../../../src/features/trash/restore.ts'
import { listParties, type PartyPage } from '../../../storage/people/parties.ts'
import { emptyTrash } from '../../../storage/purge.ts'
import { card } from '../../dav/objects.ts'
import { useServer } from '../../dav/server.ts'
import { useShares } from '../shares.ts'
import { rowOf } from '../world.ts'
import { placedAt, reachFor } from './sessions.ts'

const server = useServer()
const shares = useShares(server)

const read: typeof server.services.store.read = (fn) => server.services.store.read(fn)
const secondBook = async (account: Awaited<ReturnType<typeof server.account>>) => {
  const href = `${account.books}work/`
  const body = `<d:mkcol xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"><d:set><d:prop><d:resourcetype>
    <d:collection/><c:addressbook/></d:resourcetype></d:prop></d:set></d:mkcol>`
  const headers = { 'Content-Type': 'application/xml' }
  expect((await account.request('MKCOL', href, { headers, body })).status).toBe(201)
  return href
}

describe('whom a card describes', () => {
  it('is a person or an organisation of our own, who stays when the card changes', async () => {
    const alice = await server.account()
    const href = `${alice.contacts}a.vcf`
    await alice.put(href, card('a', 'Jane Doe'))
    const before = await placedAt(server, href)
    expect(before).toMatchObject({ kind: 'person', name: 'Jane Doe', removedAt: null, uidKey: 'a' })
    await alice.put(href, card('a', 'Doe GmbH', ['KIND:org']))
    const { partyId } = before
    expect(await placedAt(server, href)).toMatchObject({ partyId, kind: 'org', name: 'Doe GmbH' })
  })

  it('is the same in another book of the same owner, whichever way the card goes there', async () => {
    const alice = await server.account()
    const [href, work] = [`${alice.contacts}a.vcf`, await secondBook(alice)]
    await alice.put(href, card('a'))
    const { partyId } = await placedAt(server, href)
    const to = (path: string) => ({ headers: { Destination: server.url + path } })
    expect((await alice.request('COPY', href, to(`${work}copied.vcf`))).status).toBe(201)
    expect((await placedAt(server, `${work}copied.vcf`)).partyId).toBe(partyId)
    await alice.delete(`${work}copied.vcf`)
    expect((await alice.request('MOVE', href, to(`${work}moved.vcf`))).status).toBe(201)
    expect(await placedAt(server, `${work}moved.vcf`)).toMatchObject({ partyId, removedAt: null })
    await alice.delete(`${work}moved.vcf`)
    await alice.put(`${work}sent-anew.vcf`, card('a'))
    expect((await placedAt(server, `${work}sent-anew.vcf`)).partyId).toBe(partyId)
  })

  it("is nobody of somebody else's who happens to have the UID", async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await alice.put(`${alice.contacts}a.vcf`, card('known'))
    await bob.put(`${bob.contacts}a.vcf`, card('known'))
    const [one, other] = [
      await placedAt(server, `${alice.contacts}a.vcf`),
      await placedAt(server, `${bob.contacts}a.vcf`),
    ]
    expect(one.partyId).not.toBe(other.partyId)
  })

  it('stays while the card is in the trash, and the card comes back to him', async () => {
    const alice = await server.account()
    const href = `${alice.contacts}a.vcf`
    await alice.put(href, card('a'))
    const { partyId, objectId } = await placedAt(server, href)
    await alice.delete(href)
    expect((await placedAt(server, href)).removedAt).not.toBeNull()
    const revision = await read(({ sql }) =>
      sql.first<{ id: number }>("SELECT id FROM revisions WHERE object_id = $1 AND kind = 'deleted'", [
        objectId,
      ]),
    )
    const principal = await rowOf(server, alice)
    await server.services.store.write((tx) =>
      restoreFromTrash(tx, principal, String(revision?.id), server.services),
    )
    expect(await placedAt(server, href)).toMatchObject({ partyId, objectId, removedAt: null })
  })

  it('goes when his last card leaves the trash', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    const { partyId } = await placedAt(server, `${alice.contacts}a.vcf`)
    await alice.delete(`${alice.contacts}a.vcf`)
    const { id } = await rowOf(server, alice)
    await server.services.store.write((tx) => emptyTrash(tx, id))
    expect(await read(({ sql }) => sql.all('SELECT id FROM parties WHERE id = $1', [partyId]))).toEqual([])
  })

  it('is nobody where the card is a list of people', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}g.vcf`, card('g', 'Friends', ['X-ADDRESSBOOKSERVER-KIND:group']))
    await expect(placedAt(server, `${alice.contacts}g.vcf`)).rejects.toThrow()
    await alice.put(`${alice.contacts}g.vcf`, card('g', 'Friend'))
    expect(await placedAt(server, `${alice.contacts}g.vcf`)).toMatchObject({
      name: 'Friend',
      removedAt: null,
    })
    await alice.put(`${alice.contacts}g.vcf`, card('g', 'Friends', ['X-ADDRESSBOOKSERVER-KIND:group']))
    expect((await placedAt(server, `${alice.contacts}g.vcf`)).removedAt).not.toBeNull()
  })

  it('is derived again by reindex, and stays the same', async () => {
    const alice = await server.account()
    const href = `${alice.contacts}a.vcf`
    await alice.put(href, card('a', 'Jane Doe', ['KIND:org']))
    const before = await placedAt(server, href)
    await server.services.store.write(({ sql }) =>
      sql.run("UPDATE placements SET name = 'x', kind = 'person' WHERE object_id = $1", [before.objectId]),
    )
    await reindexAll(server.services)
    expect(await placedAt(server, href)).toEqual(before)
  })
})

describe('whom somebody sees', () => {
  it('is whoever has a card that he reads, and nobody else', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const href = `${alice.contacts}a.vcf`
    await alice.put(href, card('a'))
    const { partyId } = await placedAt(server, href)
    const sees = async (account: typeof alice) => {
      const reach = await reachFor(server, account)
      return (await read((reader) => findParty(reader, reach, partyId)))?.placements.length
    }
    expect([await sees(alice), await sees(bob)]).toEqual([1, undefined])
    await shares.share(alice.contacts, bob, 'read')
    expect(await sees(bob)).toBeUndefined()
    await shares.accept(bob)
    expect(await sees(bob)).toBe(1)
    await alice.delete(href)
    expect([await sees(alice), await sees(bob)]).toEqual([undefined, undefined])
  })

  it('is listed by name, once, page by page', async () => {
    const alice = await server.account()
    const work = await secondBook(alice)
    const names = ['Zoë', 'Ärmel', 'bert', 'Anna', 'Émile', 'anna b']
    for (const [at, name] of names.entries())
      await alice.put(`${at % 2 ? work : alice.contacts}${at}.vcf`, card(`u${at}`, name))
    await alice.put(`${work}again.vcf`, card('u0', 'Zoë'))
    const { bookIds } = await reachFor(server, alice)
    const page = (rest: Partial<PartyPage>) =>
      read((reader) => listParties(reader, { books: bookIds, limit: 10, ...rest }))
    const all = await page({})
    expect(all.map(({ name }) => name)).toEqual(['Anna', 'Ärmel', 'anna b', 'bert', 'Émile', 'Zoë'])
    const first = await page({ limit: 4 })
    expect([...first, ...(await page({ after: first.at(-1) }))]).toEqual(all)
    expect(await page({ kind: 'org' })).toEqual([])
  })
})
