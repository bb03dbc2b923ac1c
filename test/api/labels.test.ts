import { describe, expect, it } from 'vitest'
import { byCategories, byGroups, device, group, listed, sync } from '../dav/lists/devices.ts'
import { card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { labelBook, namesIn } from '../dav/virtual/books.ts'
import { masked, sharedWith } from '../dav/virtual/masked.ts'
import { idOf, person } from '../features/facts/world.ts'
import { call } from './json.ts'

const server = useServer({ api: { bulkOperations: 10 } })

async function put(account: Account, uid: string, fn: string, extra: readonly string[] = []): Promise<void> {
  expect((await account.put(`${account.contacts}${uid}.vcf`, card(uid, fn, extra))).status).toBe(201)
}

async function labels(account: Account): Promise<Record<string, number>> {
  const { json } = await call(account, 'GET', '/labels?limit=500')
  return Object.fromEntries(
    json.items.map(({ name, count }: { name: string; count: number }) => [name, count]),
  )
}

/** Ann and Bob are friends, Cid is a Friend of another spelling. */
async function friends(): Promise<Account> {
  const alice = await server.account()
  await put(alice, 'ann', 'Ann Berg', ['NOTE:x\\, y', 'CATEGORIES:friend,Zürich\\, north'])
  await put(alice, 'bob', 'Bob Holm', ['CATEGORIES:friend,crew'])
  await put(alice, 'cid', 'Cid Lund', ['CATEGORIES:Friend'])
  return alice
}

describe('labels of people', () => {
  it('are counted, and come in pages', async () => {
    const alice = await friends()
    expect(await labels(alice)).toEqual({ Friend: 1, 'Zürich, north': 1, crew: 1, friend: 2 })
    const first = (await call(alice, 'GET', '/labels?limit=3')).json
    const second = (await call(alice, 'GET', `/labels?limit=3&cursor=${first.next}`)).json
    expect([first.items.length, second.items.length, second.next]).toEqual([3, 1, null])
  })

  it('are renamed on every card as they are written, and phones hear of just those', async () => {
    const alice = await friends()
    const phone = await device(server, alice, 'davx5')
    await sync(phone)
    const { status, json } = await call(alice, 'PATCH', '/labels/friend', { name: 'close, friend' })
    expect([status, json]).toEqual([200, { name: 'close, friend', color: null, changed: 2, left: 0 }])
    expect((await sync(phone)).changed).toEqual(['ann.vcf', 'bob.vcf'])
    expect((await alice.get(`${alice.contacts}ann.vcf`)).text).toBe(
      card('ann', 'Ann Berg', ['NOTE:x\\, y', 'CATEGORIES:close\\, friend,Zürich\\, north']),
    )
    expect(await labels(alice)).toMatchObject({ 'close, friend': 2, Friend: 1 })
    expect((await call(alice, 'PATCH', '/labels/friend', { name: 'x' })).status).toBe(404)
    const there = await call(alice, 'PATCH', `/labels/${encodeURIComponent('Zürich, north')}`, {
      name: 'a/b',
    })
    expect(there.status).toBe(200)
    expect((await call(alice, 'DELETE', '/labels/a%2Fb')).json).toMatchObject({ changed: 1 })
  })

  it('of two of one name are one, each once on a card', async () => {
    const alice = await friends()
    expect((await call(alice, 'PATCH', '/labels/crew', { name: 'friend' })).json.changed).toBe(1)
    expect((await alice.get(`${alice.contacts}bob.vcf`)).text).toContain('CATEGORIES:friend\r\n')
    expect(await labels(alice)).toEqual({ Friend: 1, 'Zürich, north': 1, friend: 2 })
  })

  it('are renamed in group cards of clients, which keep their addresses', async () => {
    const alice = await friends()
    const [iphone, android] = [await device(server, alice, 'apple'), await device(server, alice, 'davx5')]
    await iphone.put(`${iphone.book}g.vcf`, group('g', 'Team', ['ann', 'cid']))
    await sync(iphone)
    expect((await call(alice, 'PATCH', '/labels/Team', { name: 'Staff' })).status).toBe(200)
    expect((await sync(iphone)).changed).toContain('g.vcf')
    expect(byGroups(await listed(iphone))).toContain('Staff: ann cid')
    expect(byCategories(await listed(android))).toContain('Staff: ann cid')
    expect(await labels(alice)).toMatchObject({ Staff: 2 })
    expect((await call(alice, 'PATCH', '/labels/Staff', { name: 'friend' })).status).toBe(200)
    expect(byGroups(await listed(iphone))).toContain('friend: ann bob cid')
    expect(byCategories(await listed(android))).toContain('friend: ann bob cid')
    expect((await iphone.get(`${iphone.book}g.vcf`)).status).toBe(404)
    expect(await labels(alice)).not.toHaveProperty('Staff')
  })

  it('are taken off all cards, and out of group cards', async () => {
    const alice = await friends()
    const iphone = await device(server, alice, 'apple')
    await iphone.put(`${iphone.book}g.vcf`, group('g', 'friend', ['ann', 'bob']))
    await sync(iphone)
    expect((await call(alice, 'DELETE', '/labels/friend')).json).toEqual({
      ...{ name: 'friend', color: null, changed: 2, left: 0 },
    })
    expect(await labels(alice)).toEqual({ Friend: 1, 'Zürich, north': 1, crew: 1 })
    expect(byGroups(await listed(iphone)).join()).not.toContain('friend')
  })

  it('are taken off as ordinary changes, which the history takes back', async () => {
    const alice = await friends()
    await call(alice, 'DELETE', '/labels/friend')
    const bob = (await call(alice, 'GET', `/parties/${await idOf(alice, 'Bob Holm')}`)).json.cards[0].id
    const history = (await call(alice, 'GET', `/objects/${bob}/history`)).json.items
    const first = history.at(-1).revision ?? history.at(-1).id
    expect((await call(alice, 'POST', `/objects/${bob}/restore`, { revision: first })).status).toBe(200)
    expect(await labels(alice)).toMatchObject({ friend: 1 })
  })

  it('are put on several people of a book that has had none yet', async () => {
    const alice = await server.account()
    const people = [await person(alice, 'Ann Berg'), await person(alice, 'Bob Holm')]
    expect((await call(alice, 'POST', '/labels/new/people', { add: people })).status).toBe(200)
    expect(await labels(alice)).toEqual({ new: 2 })
  })

  it('are put on people and taken off, each by itself', async () => {
    const alice = await friends()
    const iphone = await device(server, alice, 'apple')
    await iphone.put(`${iphone.book}g.vcf`, group('g', 'Team', ['ann']))
    await sync(iphone)
    const [ann, bob] = [await idOf(alice, 'Ann Berg'), await idOf(alice, 'Bob Holm')]
    const body = { add: [bob, 987_654_321], remove: [ann] }
    const { status, json } = await call(alice, 'POST', '/labels/Team/people', body)
    expect([
      status,
      json.results.map(({ id, status: one }: (typeof json.results)[number]) => [id, one]),
    ]).toEqual([
      200,
      [
        [bob, 204],
        [987_654_321, 404],
        [ann, 204],
      ],
    ])
    expect((await sync(iphone)).changed).toContain('g.vcf')
    expect(byGroups(await listed(iphone))).toContain('Team: bob')
    expect(await labels(alice)).toMatchObject({ Team: 1 })
    const many = Array.from({ length: 11 }, (_, at) => at + 1)
    expect((await call(alice, 'POST', '/labels/Team/people', { add: many })).status).toBe(413)
    expect((await call(alice, 'POST', '/labels/Team/people', { add: [bob], remove: [bob] })).status).toBe(422)
  })

  it('lead smart lists and books of a label', async () => {
    const alice = await friends()
    const bob = await server.account()
    const { path } = await labelBook(server, { viewer: bob, owner: alice, label: 'friend' })
    const filter = { field: 'label', op: 'is', text: 'friend' }
    const { id } = (await call(alice, 'POST', '/lists', { name: 'Mine', filter })).json
    const { name } = (await call(alice, 'POST', `/lists/${id}/book`)).json
    const dot = await person(alice, 'Dot Ek')
    expect((await call(alice, 'POST', '/labels/friend/people', { add: [dot] })).status).toBe(200)
    for (const [account, book] of [
      [bob, path],
      [alice, `${alice.books}${name}/`],
    ] as const)
      expect(await namesIn(account, book)).toEqual(expect.arrayContaining(['Ann Berg', 'Bob Holm', 'Dot Ek']))
    await call(alice, 'DELETE', '/labels/friend')
    expect(await namesIn(bob, path)).toEqual([])
  })

  it('are everybody’s own: a stranger finds none, and a reader changes none', async () => {
    const [alice, bob, mallory] = [await friends(), await server.account(), await server.account()]
    await sharedWith(alice, bob, 'read')
    expect(await labels(mallory)).toEqual({})
    expect((await call(mallory, 'DELETE', '/labels/friend')).status).toBe(404)
    expect(await labels(bob)).toMatchObject({ friend: 2 })
    expect((await call(bob, 'PATCH', '/labels/friend', { name: 'x' })).json).toMatchObject({
      ...{ changed: 0, left: 2 },
    })
    const ann = await idOf(bob, 'Ann Berg')
    const { json } = await call(bob, 'POST', '/labels/x/people', { add: [ann] })
    expect(json.results).toMatchObject([{ id: ann, status: 403 }])
    expect(await labels(alice)).toMatchObject({ friend: 2 })
  })

  it('are not there for whom CATEGORIES are hidden from, and change nothing else that is', async () => {
    const [alice, bob, carol] = [await friends(), await server.account(), await server.account()]
    await masked(server, { hide: ['CATEGORIES'] }, bob)
    await masked(server, { hide: ['NOTE'] }, carol)
    await sharedWith(alice, bob)
    await sharedWith(alice, carol)
    expect(await labels(bob)).toEqual({})
    expect((await call(bob, 'DELETE', '/labels/friend')).status).toBe(404)
    const ann = await idOf(bob, 'Ann Berg')
    const put = await call(bob, 'POST', '/labels/x/people', { add: [ann] })
    expect(put.json.results).toMatchObject([{ status: 403 }])
    expect((await call(carol, 'PATCH', '/labels/friend', { name: 'pal' })).json.changed).toBe(2)
    expect((await alice.get(`${alice.contacts}ann.vcf`)).text).toContain('NOTE:x\\, y\r\n')
    expect(await labels(alice)).toMatchObject({ pal: 2 })
  })
})
