import { describe, expect, it } from 'vitest'
import { device, group, sync } from '../dav/lists/devices.ts'
import { card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { labelBook, namesIn } from '../dav/virtual/books.ts'
import { masked, sharedWith } from '../dav/virtual/masked.ts'
import { call } from './json.ts'

const server = useServer({ limits: { labels: 3 } })

async function put(account: Account, uid: string, fn: string, labels: string): Promise<void> {
  const { status } = await account.put(
    `${account.contacts}${uid}.vcf`,
    card(uid, fn, [`CATEGORIES:${labels}`]),
  )
  expect(status).toBe(201)
}

async function labels(account: Account): Promise<readonly object[]> {
  return (await call(account, 'GET', '/labels')).json.items
}

/** Somebody who works with labels: two friends, and one of the crew. */
async function friends(): Promise<Account> {
  const alice = await server.account()
  await put(alice, 'ann', 'Ann Berg', 'friend')
  await put(alice, 'bob', 'Bob Holm', 'friend,crew')
  await put(alice, 'cid', 'Cid Lund', 'crew')
  return alice
}

const is = (text: string, was?: readonly string[]): object => ({
  ...{ field: 'label', op: 'is', text },
  ...(was && { was }),
})

/** A list, and the address book that it is. */
async function listOf(account: Account, filter: object) {
  const { json: list } = await call(account, 'POST', '/lists', { name: `L${Math.random()}`, filter })
  const { json: book } = await call(account, 'POST', `/lists/${list.id}/book`)
  const path = `${account.books}${book.name}/`
  await namesIn(account, path)
  return { path, now: async () => (await call(account, 'GET', `/lists/${list.id}`)).json.filter }
}

/** The book that somebody has of the only grant to him, and what it is called. */
async function received(viewer: Account) {
  const { books } = (await call(viewer, 'GET', '/grants/received')).json
  return books.map(({ name, displayName }: { name: string; displayName: string }) => ({
    ...{ displayName, path: `${viewer.books}${name}/` },
  }))
}

describe('a label that somebody makes', () => {
  it('is there before anybody has it, with its colour, until it is taken away', async () => {
    const alice = await friends()
    const made = await call(alice, 'POST', '/labels', { name: 'Later', color: '#1e90ff' })
    expect([made.status, made.json]).toEqual([201, { name: 'Later', color: '#1e90ff', count: 0 }])
    expect(await labels(alice)).toEqual([
      { name: 'Later', color: '#1e90ff', count: 0 },
      { name: 'crew', color: null, count: 2 },
      { name: 'friend', color: null, count: 2 },
    ])
    for (const name of ['Later', 'friend'])
      expect((await call(alice, 'POST', '/labels', { name })).status).toBe(422)
    expect((await call(alice, 'POST', '/labels', { name: 'x', color: 'red' })).status).toBe(422)
    const renamed = await call(alice, 'PATCH', '/labels/Later', { name: 'Soon', color: '#00ff00' })
    expect(renamed.json).toEqual({ name: 'Soon', color: '#00ff00', changed: 0, left: 0 })
    expect((await call(alice, 'DELETE', '/labels/Soon')).json).toMatchObject({ changed: 0, left: 0 })
    expect(await labels(alice)).toHaveLength(2)
  })

  it('has a colour that stays with it, and changes no card', async () => {
    const alice = await friends()
    const { token } = await alice.syncAll(alice.contacts, '')
    const colored = await call(alice, 'PATCH', '/labels/friend', { color: '#ff0000' })
    expect(colored.json).toEqual({ name: 'friend', color: '#ff0000', changed: 0, left: 0 })
    expect((await alice.syncAll(alice.contacts, token)).changed).toEqual([])
    await call(alice, 'PATCH', '/labels/friend', { name: 'pal' })
    expect(await labels(alice)).toContainEqual({ name: 'pal', color: '#ff0000', count: 2 })
    await call(alice, 'PATCH', '/labels/pal', { name: 'crew' })
    expect(await labels(alice)).toEqual([{ name: 'crew', color: '#ff0000', count: 3 }])
    expect((await call(alice, 'PATCH', '/labels/crew', { color: null })).json.color).toBeNull()
    expect((await call(alice, 'PATCH', '/labels/crew', {})).status).toBe(422)
  })

  it('is seen by who reads all of a book, in the colour of whose it is where he has no other', async () => {
    const [alice, bob, carol, mallory] = [
      ...[await friends(), await server.account(), await server.account(), await server.account()],
    ] as const
    if (!alice || !bob || !carol || !mallory) throw new Error('There are four.')
    await masked(server, { hide: ['CATEGORIES'] }, carol)
    await call(alice, 'PATCH', '/labels/friend', { color: '#ff0000' })
    await call(alice, 'POST', '/labels', { name: 'Later' })
    await sharedWith(alice, bob, 'read')
    await sharedWith(alice, carol, 'read')
    expect(await labels(bob)).toContainEqual({ name: 'friend', color: '#ff0000', count: 2 })
    expect(await labels(bob)).toContainEqual({ name: 'Later', color: null, count: 0 })
    await call(bob, 'PATCH', '/labels/friend', { color: '#0000ff' })
    expect(await labels(bob)).toContainEqual({ name: 'friend', color: '#0000ff', count: 2 })
    expect(await labels(alice)).toContainEqual({ name: 'friend', color: '#ff0000', count: 2 })
    for (const stranger of [carol, mallory]) {
      expect(await labels(stranger)).toEqual([])
      expect((await call(stranger, 'PATCH', '/labels/Later', { color: '#0000ff' })).status).toBe(404)
    }
  })

  it('is one of so many', async () => {
    const alice = await server.account()
    for (const name of ['a', 'b', 'c'])
      expect((await call(alice, 'POST', '/labels', { name })).status).toBe(201)
    expect((await call(alice, 'POST', '/labels', { name: 'd' })).status).toBe(422)
    expect((await call(alice, 'PATCH', '/labels/a', { color: '#00ff00' })).status).toBe(200)
  })
})

describe('a label that is renamed', () => {
  it('is followed in saved lists, wherever they ask for it, and nobody leaves their books', async () => {
    const alice = await friends()
    const plain = await listOf(alice, is('friend'))
    const nested = await listOf(alice, { all: [{ not: is('friend') }, { any: [is('crew'), is('other')] }] })
    const before = await alice.syncAll(plain.path, '')
    await call(alice, 'PATCH', '/labels/friend', { name: 'pal' })
    expect(await plain.now()).toEqual(is('pal'))
    expect(await nested.now()).toEqual({ all: [{ not: is('pal') }, { any: [is('crew'), is('other')] }] })
    expect((await alice.syncAll(plain.path, before.token)).removed).toEqual([])
    expect(await namesIn(alice, plain.path)).toEqual(['Ann Berg', 'Bob Holm'])
    expect(await namesIn(alice, nested.path)).toEqual(['Cid Lund'])
    await call(alice, 'PATCH', '/labels/pal', { name: 'crew' })
    expect(await plain.now()).toEqual(is('crew'))
    expect(await namesIn(alice, plain.path)).toEqual(['Ann Berg', 'Bob Holm', 'Cid Lund'])
  })

  it('stays what it was in a list of somebody else, who may share that', async () => {
    const [alice, bob, dora] = [await friends(), await server.account(), await server.account()]
    await sharedWith(alice, bob, 'read')
    await put(bob, 'own', 'Own Friend', 'friend')
    await put(dora, 'dora', 'Of Dora', 'friend')
    const [both, foreign] = [await listOf(bob, is('friend')), await listOf(dora, is('friend'))]
    expect(await namesIn(bob, both.path)).toEqual(['Ann Berg', 'Bob Holm', 'Own Friend'])
    await call(alice, 'PATCH', '/labels/friend', { name: 'pal' })
    // What somebody else calls otherwise changes no list: it may be shared.
    expect([await both.now(), await foreign.now()]).toEqual([is('friend'), is('friend')])
    expect(await namesIn(bob, both.path)).toEqual(['Own Friend'])
    await call(bob, 'PATCH', '/labels/friend', { name: 'pal' })
    expect(await both.now()).toEqual(is('pal'))
    expect(await namesIn(dora, foreign.path)).toEqual(['Of Dora'])
  })

  it('is followed by what is shared of it: the same book, that loses nobody', async () => {
    const [alice, viewer] = [await friends(), await server.account()]
    const what = { kind: 'label', label: 'friend' }
    const { json: grant } = await call(alice, 'POST', '/grants', { what, with: viewer.name })
    const { path } = await labelBook(server, { viewer, owner: alice, label: 'friend' })
    const [{ path: given }] = await received(viewer)
    const before = await viewer.syncAll(given, '')
    await call(alice, 'PATCH', '/labels/friend', { name: 'pal' })
    expect(await received(viewer)).toEqual([{ path: given, displayName: `pal (${alice.name})` }])
    expect((await viewer.syncAll(given, before.token)).removed).toEqual([])
    for (const book of [given, path]) expect(await namesIn(viewer, book)).toEqual(['Ann Berg', 'Bob Holm'])
    expect((await call(alice, 'GET', `/grants/${grant.id}`)).json.what.label).toBe('pal')
    await put(alice, 'new', 'New Pal', 'pal')
    expect(await namesIn(viewer, given)).toEqual(['Ann Berg', 'Bob Holm', 'New Pal'])
    expect((await call(alice, 'DELETE', `/grants/${grant.id}`)).status).toBe(204)
    expect(await received(viewer)).toEqual([])
  })

  it('by somebody who may write in one of many books shares nothing more of the others', async () => {
    const [alice, bob] = [await friends(), await server.account()]
    await sharedWith(alice, bob)
    const own = await listOf(alice, is('friend'))
    const body = '<d:mkcol xmlns:d="DAV:"><d:set><d:prop><d:resourcetype><d:collection/>'
    const type = '<a:addressbook xmlns:a="urn:ietf:params:xml:ns:carddav"/>'
    const other = `${alice.books}other/`
    await alice.request('MKCOL', other, {
      body: `${body}${type}</d:resourcetype></d:prop></d:set></d:mkcol>`,
    })
    await alice.put(`${other}sec.vcf`, card('sec', 'Sec Ret', ['CATEGORIES:private']))
    const what = { kind: 'label', label: 'friend' }
    const { json: grant } = await call(alice, 'POST', '/grants', { what, with: bob.name })
    const [{ path }] = await received(bob)
    await labelBook(server, { viewer: bob, owner: alice, label: 'friend' })
    expect((await call(bob, 'PATCH', '/labels/friend', { name: 'private' })).json.changed).toBeGreaterThan(0)
    expect((await call(alice, 'GET', `/grants/${grant.id}`)).json.what.label).toBe('friend')
    expect(await own.now()).toEqual(is('friend'))
    expect(await namesIn(bob, path)).toEqual([])
    expect((await call(bob, 'GET', '/parties?limit=50')).text).not.toContain('Sec Ret')
    await call(alice, 'PATCH', '/labels/private', { name: 'friend' })
    expect((await call(alice, 'GET', `/grants/${grant.id}`)).json.what.label).toBe('friend')
  })

  it('is one with another that is shared too: who had both has one book of all', async () => {
    const [alice, viewer] = [await friends(), await server.account()]
    for (const label of ['friend', 'crew'])
      await call(alice, 'POST', '/grants', { what: { kind: 'label', label }, with: viewer.name })
    expect(await received(viewer)).toHaveLength(2)
    await call(alice, 'PATCH', '/labels/friend', { name: 'crew' })
    const books = await received(viewer)
    expect(books).toHaveLength(1)
    expect(await namesIn(viewer, books[0].path)).toEqual(['Ann Berg', 'Bob Holm', 'Cid Lund'])
    expect((await call(alice, 'GET', '/grants')).json.items).toHaveLength(1)
  })

  it('by a phone that gives its group another name is followed in the same way', async () => {
    const [alice, viewer] = [await friends(), await server.account()]
    const iphone = await device(server, alice, 'apple')
    await iphone.put(`${iphone.book}g.vcf`, group('g', 'Team', ['ann', 'cid']))
    await sync(iphone)
    await call(alice, 'PATCH', '/labels/Team', { color: '#ff0000' })
    const list = await listOf(alice, is('Team'))
    await call(alice, 'POST', '/grants', { what: { kind: 'label', label: 'Team' }, with: viewer.name })
    await iphone.put(`${iphone.book}g.vcf`, group('g', 'Staff', ['ann', 'cid']))
    expect(await list.now()).toEqual(is('Staff'))
    expect(await namesIn(alice, list.path)).toEqual(['Ann Berg', 'Cid Lund'])
    expect(await namesIn(viewer, (await received(viewer))[0].path)).toEqual(['Ann Berg', 'Cid Lund'])
    expect(await labels(alice)).toContainEqual({ name: 'Staff', color: '#ff0000', count: 2 })
  })
})

describe('labels of cards that are seen through masks, or one by one', () => {
  it('are counted, asked for in lists, and are none where CATEGORIES are hidden', async () => {
    const [alice, bob, carol, dan] = await Promise.all([friends(), ...[1, 2, 3].map(() => server.account())])
    if (!alice || !bob || !carol || !dan) throw new Error('There are four.')
    await masked(server, { hide: ['NOTE'] }, bob)
    await masked(server, { hide: ['CATEGORIES'] }, carol)
    for (const sharee of [bob, carol]) await sharedWith(alice, sharee, 'read')
    const what = { kind: 'label', label: 'friend' }
    await call(alice, 'POST', '/grants', { what, with: dan.name })
    const seen = async (account: Account) => {
      const asked = { filter: is('friend') }
      const { json } = await call(account, 'POST', '/parties/query', asked)
      const listed = (await call(account, 'GET', '/parties?label=friend')).json.items
      return [json.items.length, listed.length, (await labels(account)).length]
    }
    expect(await seen(bob)).toEqual([2, 2, 2])
    expect(await seen(carol)).toEqual([0, 0, 0])
    expect(await seen(dan)).toEqual([2, 2, 2])
    const list = await listOf(bob, is('friend'))
    expect(await namesIn(bob, list.path)).toEqual(['Ann Berg', 'Bob Holm'])
    expect(await namesIn(carol, (await listOf(carol, is('friend'))).path)).toEqual([])
    await put(alice, 'eve', 'Eve New', 'friend')
    expect(await namesIn(bob, list.path)).toEqual(['Ann Berg', 'Bob Holm', 'Eve New'])
  })
})
