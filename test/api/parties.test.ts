import { describe, expect, it } from 'vitest'
import { dav } from '../../protocol/dav/names.ts'
import { card } from '../dav/objects.ts'
import { useServer } from '../dav/server.ts'
import { company, idOf, party, person } from '../features/facts/world.ts'
import { useShares } from '../features/shares.ts'
import { call } from './json.ts'

const server = useServer()
const shares = useShares(server)

describe('the API: people and organisations', () => {
  it('names each thing of a request that nobody knows, behind the question mark too', async () => {
    const alice = await server.account()
    const typo = await call(alice, 'GET', '/parties?limt=3&rol=x')
    expect(typo.status).toBe(422)
    expect(typo.json.errors.map(({ parameter }: { parameter: string }) => parameter)).toEqual(['limt', 'rol'])
    const wrong = await call(alice, 'POST', '/activities', { kind: 'note', parties: [1], body: 'x' })
    expect([wrong.status, wrong.json.errors[0].pointer]).toEqual([422, '/body'])
  })

  it('are listed by name, in pages, each once', async () => {
    const alice = await server.account()
    for (const name of ['Cleo', 'Ann', 'Élodie', 'Bob', 'Acme']) await person(alice, name)
    const seen: string[] = []
    let cursor = ''
    do {
      const { json } = await call(alice, 'GET', `/parties?limit=2${cursor}`)
      seen.push(...json.items.map(({ name }: { name: string }) => name))
      cursor = json.next === null ? '' : `&cursor=${json.next}`
    } while (cursor !== '' && seen.length < 20)
    expect([...seen].sort()).toEqual(['Acme', 'Ann', 'Bob', 'Cleo', 'Élodie'])
    expect(new Set(seen).size).toBe(5)
  })

  it('are found by kind, owner, role, label and book', async () => {
    const alice = await server.account()
    const [ann, acme] = [await person(alice, 'Ann', ['CATEGORIES:VIP,Club']), await company(alice, 'Acme')]
    await person(alice, 'Bob')
    await call(alice, 'PATCH', `/parties/${ann}`, { roles: ['Customer', 'Sponsor'], owner: alice.name })
    const ids = async (query: string) =>
      (await call(alice, 'GET', `/parties?${query}`)).json.items.map(({ id }: { id: number }) => id)
    expect(await ids('kind=org')).toEqual([acme])
    expect(await ids('role=customer')).toEqual([ann])
    expect(await ids('role=Sponsor')).toEqual([ann])
    expect(await ids(`owner=${alice.name}`)).toEqual([ann])
    expect(await ids('label=VIP')).toEqual([ann])
    const [{ book }] = (await party(alice, ann)).cards
    expect(await ids(`book=${book.id}&role=customer`)).toEqual([ann])
    expect(await ids('book=999999')).toEqual([])
    const { json } = await call(alice, 'GET', '/party-roles')
    expect(json.roles).toContainEqual({ role: 'customer', isOwn: false })
    expect(json.roles).toContainEqual({ role: 'Sponsor', isOwn: true })
  })

  it('have a version: what was changed meanwhile is not overwritten (RFC 9110 §13.1.1)', async () => {
    const alice = await server.account()
    const ann = await person(alice, 'Ann')
    const first = await call(alice, 'GET', `/parties/${ann}`)
    const match = { 'If-Match': String(first.headers.etag) }
    const changed = await call(alice, 'PATCH', `/parties/${ann}`, { roles: ['lead'] }, match)
    expect([changed.status, changed.json.roles]).toEqual([200, ['lead']])
    expect(changed.headers.etag).not.toBe(first.headers.etag)
    expect((await call(alice, 'PATCH', `/parties/${ann}`, { roles: [] }, match)).status).toBe(412)
    expect(
      (await call(alice, 'POST', `/parties/${ann}/relations`, { type: 'friend', name: 'x' }, match)).status,
    ).toBe(412)
    expect((await party(alice, ann)).roles).toEqual(['lead'])
  })

  it('are not taken for the same when a phone renames them (RFC 9110 §13.1.2)', async () => {
    const alice = await server.account()
    const ann = await person(alice, 'Ann')
    const first = await call(alice, 'GET', `/parties/${ann}`)
    const seen = { 'If-None-Match': String(first.headers.etag) }
    expect((await call(alice, 'GET', `/parties/${ann}`, undefined, seen)).status).toBe(304)
    const { responses } = await alice.propfind(alice.contacts, 1, [dav('getetag')])
    const path = responses.map(({ href }) => href).find((href) => href.endsWith('.vcf')) ?? ''
    await alice.put(path, (await alice.get(path)).text.replace('FN:Ann', 'FN:Anna'))
    const again = await call(alice, 'GET', `/parties/${ann}`, undefined, seen)
    expect([again.status, again.json?.name]).toEqual([200, 'Anna'])
    const match = { 'If-Match': String(first.headers.etag) }
    expect((await call(alice, 'PATCH', `/parties/${ann}`, { roles: ['lead'] }, match)).status).toBe(200)
  })

  it('are absent for whoever does not read a card of them, and unchanged by whoever only reads it', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const ann = await person(alice, 'Ann')
    for (const [method, path, body] of [
      ['GET', `/parties/${ann}`],
      ['GET', `/parties/${ann}/tree`],
      ['GET', `/parties/${ann}/people`],
      ['PATCH', `/parties/${ann}`, { roles: ['lead'] }],
      ['POST', `/parties/${ann}/memberships`, { title: 'x' }],
    ] as const) {
      const [there, none] = [
        await call(bob, method, path, body),
        await call(bob, method, path.replace(String(ann), '999999'), body),
      ]
      expect([there.status, there.text]).toEqual([404, none.text])
    }
    await shares.share(alice.contacts, bob, 'read')
    await shares.accept(bob)
    expect((await party(bob, ann)).cards).toMatchObject([{ mayWrite: false, book: { isMine: false } }])
    expect((await call(bob, 'PATCH', `/parties/${ann}`, { roles: ['lead'] })).status).toBe(403)
    expect((await party(alice, ann)).roles).toEqual([])
  })

  it('say no more than may be kept', async () => {
    const alice = await server.account()
    const ann = await person(alice, 'Ann')
    const many = Array.from({ length: 21 }, (_, at) => `role ${at}`)
    expect((await call(alice, 'PATCH', `/parties/${ann}`, { roles: many })).status).toBe(422)
    expect((await call(alice, 'PATCH', `/parties/${ann}`, { roles: ['a\nb'] })).status).toBe(422)
    expect((await call(alice, 'PATCH', `/parties/${ann}`, { owner: 'nobody at all' })).status).toBe(422)
  })
})

describe('the API: where people work', () => {
  it('is several organisations, one of them primary, and those that are over', async () => {
    const alice = await server.account()
    const [ann, acme, globex] = [
      await person(alice, 'Ann'),
      await company(alice, 'Acme'),
      await company(alice, 'Globex'),
    ]
    const at = `/parties/${ann}/memberships`
    const first = await call(alice, 'POST', at, { organisation: acme, title: 'Engineer', from: '2020-03' })
    expect(first).toMatchObject({
      status: 201,
      json: { isPrimary: true, organisation: { id: acme, name: 'Acme' } },
    })
    const second = await call(alice, 'POST', at, { organisation: globex, title: 'Advisor' })
    expect(second.json.isPrimary).toBe(false)
    await call(alice, 'PATCH', `${at}/${second.json.id}`, { isPrimary: true })
    const shown = await party(alice, ann)
    expect(shown.memberships.map(({ isPrimary }: { isPrimary: boolean }) => isPrimary)).toEqual([false, true])
    await call(alice, 'PATCH', `${at}/${first.json.id}`, { until: '2024-01' })
    const people = async (org: number, when: string) =>
      (await call(alice, 'GET', `/parties/${org}/people?when=${when}`)).json.items
    expect(await people(acme, 'now')).toEqual([])
    expect(await people(acme, 'past')).toMatchObject([
      { person: { id: ann }, membership: { until: '2024-01' } },
    ])
    expect(await people(globex, 'now')).toMatchObject([
      { person: { id: ann }, membership: { title: 'Advisor' } },
    ])
    expect((await call(alice, 'GET', '/parties')).json.items[1]).toMatchObject({
      name: 'Ann',
      organisation: 'Globex',
      title: 'Advisor',
    })
    expect((await call(alice, 'DELETE', `${at}/${first.json.id}`)).status).toBe(204)
    expect(await people(acme, 'all')).toEqual([])
    expect((await call(alice, 'DELETE', `${at}/${first.json.id}`)).status).toBe(404)
  })

  it('is refused where it cannot be', async () => {
    const alice = await server.account()
    const [ann, bob] = [await person(alice, 'Ann'), await person(alice, 'Bob')]
    const at = `/parties/${ann}/memberships`
    for (const body of [
      {},
      { organisation: bob },
      { organisation: ann },
      { organisation: 999_999 },
      { title: 'x', from: '2024', until: '2023' },
      { title: 'x', from: 'yesterday' },
    ])
      expect((await call(alice, 'POST', at, body)).status).toBe(422)
    expect((await party(alice, ann)).memberships).toEqual([])
  })
})

describe('the API: whom people know', () => {
  it('stands with both, each with what the other is', async () => {
    const alice = await server.account()
    const [ann, leo] = [await person(alice, 'Ann'), await person(alice, 'Leo')]
    const made = await call(alice, 'POST', `/parties/${ann}/relations`, { type: 'Child', other: leo })
    expect(made).toMatchObject({
      status: 201,
      json: { type: 'child', inverse: 'parent', other: { id: leo } },
    })
    expect((await party(alice, leo)).relations).toMatchObject([
      { type: 'parent', other: { id: ann, name: 'Ann' } },
    ])
    const again = await call(alice, 'POST', `/parties/${leo}/relations`, { type: 'parent', other: ann })
    expect(again.status).toBe(422)
    const { id } = made.json
    await call(alice, 'PATCH', `/parties/${leo}/relations/${id}`, { type: 'mother', since: '1999-05-17' })
    expect((await party(alice, ann)).relations).toMatchObject([
      { id, type: 'child', inverse: 'mother', since: '1999-05-17' },
    ])
    await call(alice, 'DELETE', `/parties/${leo}/relations/${id}`)
    expect((await party(alice, ann)).relations).toEqual([])
  })

  it('may be of a type of one’s own, and of somebody who has no card', async () => {
    const alice = await server.account()
    const ann = await person(alice, 'Ann')
    const body = { type: 'Piano teacher', inverse: 'Pupil', name: 'Mr Leo' }
    const { json } = await call(alice, 'POST', `/parties/${ann}/relations`, body)
    expect(json).toMatchObject({ type: 'Piano teacher', inverse: 'Pupil', other: null, name: 'Mr Leo' })
  })

  it('is absent where the other is not seen', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const ann = await person(alice, 'Ann')
    const book = `${alice.books}private/`
    const body = `<d:mkcol xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"><d:set><d:prop><d:resourcetype>
      <d:collection/><c:addressbook/></d:resourcetype></d:prop></d:set></d:mkcol>`
    await alice.request('MKCOL', book, { headers: { 'Content-Type': 'application/xml' }, body })
    await alice.put(`${book}z.vcf`, card('z', 'Zoe'))
    await alice.put(`${book}y.vcf`, card('y', 'Yard', ['KIND:org']))
    const [zoe, yard] = [await idOf(alice, 'Zoe'), await idOf(alice, 'Yard')]
    const friend = await call(alice, 'POST', `/parties/${ann}/relations`, { type: 'friend', other: zoe })
    const job = await call(alice, 'POST', `/parties/${ann}/memberships`, { organisation: yard })
    await shares.share(alice.contacts, bob, 'read-write')
    await shares.accept(bob)
    expect(await party(bob, ann)).toMatchObject({ relations: [], memberships: [] })
    for (const path of [`relations/${friend.json.id}`, `memberships/${job.json.id}`])
      expect((await call(bob, 'DELETE', `/parties/${ann}/${path}`)).status).toBe(404)
    expect(
      (await call(bob, 'POST', `/parties/${ann}/relations`, { type: 'friend', other: zoe })).status,
    ).toBe(422)
    expect((await party(alice, ann)).relations).toHaveLength(1)
  })
})

describe('the API: what organisations are part of', () => {
  it('is a tree of some levels, without circles', async () => {
    const alice = await server.account()
    const [group, west, shop] = [
      await company(alice, 'Group'),
      await company(alice, 'West'),
      await company(alice, 'Shop'),
    ]
    const under = (child: number, parent: number, more = {}) =>
      call(alice, 'POST', `/parties/${child}/parents`, { organisation: parent, ...more })
    const west1 = await under(west, group, { from: '2001' })
    expect(west1).toMatchObject({
      status: 201,
      json: { organisation: { name: 'Group' }, kind: 'subsidiary' },
    })
    expect((await under(shop, west, { kind: 'branch' })).status).toBe(201)
    for (const [child, parent] of [
      [group, shop],
      [group, west],
      [west, west],
      [shop, west],
    ] as const)
      expect((await under(child, parent)).status).toBe(422)
    const { json } = await call(alice, 'GET', `/parties/${west}/tree`)
    expect(json).toEqual({
      isWhole: true,
      nodes: [
        { id: west, kind: 'org', name: 'West', level: 0 },
        { id: group, kind: 'org', name: 'Group', level: -1 },
        { id: shop, kind: 'org', name: 'Shop', level: 1 },
      ],
      links: [
        { parent: group, child: west, kind: 'subsidiary' },
        { parent: west, child: shop, kind: 'branch' },
      ],
    })
    expect((await party(alice, west)).below).toMatchObject([{ organisation: { id: shop } }])
    // What is over is no part of the tree, and may be turned round.
    await call(alice, 'PATCH', `/parties/${west}/parents/${west1.json.id}`, { until: '2010' })
    expect((await under(group, shop)).status).toBe(201)
    const reopened = await call(alice, 'PATCH', `/parties/${west}/parents/${west1.json.id}`, { until: null })
    expect(reopened.status).toBe(422)
  })

  it('has so many levels at most', async () => {
    const alice = await server.account()
    const all: number[] = []
    for (let at = 0; at <= 21; at += 1) all.push(await company(alice, `Level ${at}`))
    const answers: number[] = []
    for (let at = 1; at < all.length; at += 1) {
      const path = `/parties/${all[at]}/parents`
      answers.push((await call(alice, 'POST', path, { organisation: all[at - 1] })).status)
    }
    expect(answers).toEqual([...Array(20).fill(201), 422])
  })
})

describe('the API: what was known of people', () => {
  it('comes back, one fact at a time', async () => {
    const alice = await server.account()
    const [ann, acme] = [await person(alice, 'Ann'), await company(alice, 'Acme')]
    const group = await company(alice, 'Group')
    await call(alice, 'PATCH', `/parties/${ann}`, { roles: ['lead'], owner: alice.name })
    const job = await call(alice, 'POST', `/parties/${ann}/memberships`, { organisation: acme, title: 'CTO' })
    const friend = await call(alice, 'POST', `/parties/${ann}/relations`, { type: 'friend', name: 'Zoe' })
    const link = await call(alice, 'POST', `/parties/${acme}/parents`, { organisation: group })
    const [person1, company1] = [await party(alice, ann), await party(alice, acme)]
    await call(alice, 'PATCH', `/parties/${ann}`, { roles: ['customer'], owner: null })
    await call(alice, 'DELETE', `/parties/${ann}/memberships/${job.json.id}`)
    await call(alice, 'DELETE', `/parties/${ann}/relations/${friend.json.id}`)
    await call(alice, 'DELETE', `/parties/${acme}/parents/${link.json.id}`)
    for (const [id, changes] of [
      [acme, 1],
      [ann, 5],
    ] as const) {
      const { json } = await call(alice, 'GET', `/parties/${id}/history?limit=50`)
      const facts = json.items.filter(({ type }: { type: string }) => type === 'fact')
      for (const { revision } of facts.slice(0, changes))
        expect((await call(alice, 'POST', `/parties/${id}/history/${revision}/restore`)).status).toBe(204)
    }
    const same = ({ version, changedAt, ...known }: Record<string, unknown>) => known
    expect(same(await party(alice, ann))).toEqual(same(person1))
    expect(same(await party(alice, acme))).toEqual(same(company1))
  })
})
