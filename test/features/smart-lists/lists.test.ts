import { describe, expect, it } from 'vitest'
import { call } from '../../api/json.ts'
import { event } from '../../dav/objects.ts'
import { type Account, useServer } from '../../dav/server.ts'
import { namesIn } from '../../dav/virtual/books.ts'
import { masked, sharedWith } from '../../dav/virtual/masked.ts'
import { company, person } from '../facts/world.ts'

const server = useServer()
const dayMs = 86_400_000

const inLyon = ['ADR:;;1 rue X;Lyon;;69001;France']

async function customer(alice: Account, name: string, lines: readonly string[]): Promise<number> {
  const id = await person(alice, name, lines)
  expect((await call(alice, 'PATCH', `/parties/${id}`, { roles: ['customer'] })).status).toBe(200)
  return id
}

async function spoke(alice: Account, party: number, daysAgo: number): Promise<number> {
  const at = new Date(server.clock.now - daysAgo * dayMs).toISOString()
  const { status, json } = await call(alice, 'POST', '/activities', {
    kind: 'call',
    parties: [party],
    at,
    html: '',
  })
  expect(status).toBe(201)
  return json.id
}

async function makeList(alice: Account, filter: unknown, name = 'Mine'): Promise<number> {
  const { status, json, text } = await call(alice, 'POST', '/lists', { name, filter })
  expect([status, text]).toEqual([201, text])
  return json.id
}

async function membersOf(alice: Account, list: number): Promise<string[]> {
  const { json } = await call(alice, 'GET', `/lists/${list}/members`)
  return json.items.map(({ name }: { name: string }) => name)
}

async function found(alice: Account, filter: unknown): Promise<string[]> {
  const { status, json, text } = await call(alice, 'POST', '/lists/preview', { filter })
  expect([status, text]).toEqual([200, text])
  expect(json.count).toBe(json.items.length)
  return json.items.map(({ name }: { name: string }) => name)
}

/** Subscribes a list. @returns its path for devices */
async function subscribe(alice: Account, list: number): Promise<string> {
  const { status, json } = await call(alice, 'POST', `/lists/${list}/book`)
  expect(status).toBe(201)
  return `${alice.books}${json.name}/`
}

const neglected = {
  all: [
    { field: 'role', op: 'is', text: 'customer' },
    { field: 'city', op: 'is', text: 'lyon' },
    { not: { field: 'last-contact', op: 'within', days: 90 } },
  ],
}

describe('smart lists', () => {
  it('customers in Lyon, no contact for 90 days', async () => {
    const alice = await server.account()
    const [never, long, lately] = [
      await customer(alice, 'Never Met', inLyon),
      await customer(alice, 'Long Ago', inLyon),
      await customer(alice, 'Last Week', inLyon),
    ]
    await customer(alice, 'In Paris', ['ADR:;;;Paris;;;France'])
    await person(alice, 'No Customer', inLyon)
    await spoke(alice, long, 100)
    await spoke(alice, lately, 7)
    const list = await makeList(alice, neglected)
    expect(await membersOf(alice, list)).toEqual(['Long Ago', 'Never Met'])
    const path = await subscribe(alice, list)
    expect(await namesIn(alice, path)).toEqual(['Long Ago', 'Never Met'])
    const { token } = await alice.syncAll(path, '')
    await spoke(alice, never, 0)
    const { removed, changed } = await alice.syncAll(path, token)
    expect([removed.length, changed.length]).toEqual([1, 0])
    expect(await namesIn(alice, path)).toEqual(['Long Ago'])
    server.clock.now += 85 * dayMs
    expect(await namesIn(alice, path)).toEqual(['Last Week', 'Long Ago'])
  })

  it('are saved, changed and removed by whoever has them, and by nobody else', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const id = await makeList(alice, { all: [] })
    const first = await call(alice, 'GET', `/lists/${id}`)
    expect(first.json).toMatchObject({ name: 'Mine', book: null, filter: { all: [] }, version: 1 })
    expect((await call(alice, 'POST', '/lists', { name: 'Mine', filter: { all: [] } })).status).toBe(422)
    const match = { 'If-Match': first.headers.etag ?? '' }
    const color = '#1e90ff'
    expect((await call(alice, 'PATCH', `/lists/${id}`, { name: 'Ours', color }, match)).json).toMatchObject({
      ...{ name: 'Ours', color, version: 2 },
    })
    expect((await call(alice, 'PATCH', `/lists/${id}`, { name: 'Theirs' }, match)).status).toBe(412)
    for (const [method, path] of [
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['GET', '/members'],
      ['POST', '/book'],
      ['DELETE', '/book'],
    ] as const)
      expect(
        (await call(bob, method, `/lists/${id}${path}`, method === 'PATCH' ? {} : undefined)).status,
      ).toBe(404)
    expect((await call(bob, 'GET', '/lists')).json.lists).toEqual([])
    expect((await call(alice, 'GET', '/lists/counts')).json.counts).toEqual([{ id, count: 0 }])
    expect((await call(alice, 'DELETE', `/lists/${id}`)).status).toBe(204)
    expect((await call(alice, 'GET', `/lists/${id}`)).status).toBe(404)
  })

  it('refuse what is too deep, too large or has no meaning, with a sentence', async () => {
    const alice = await server.account()
    const refused = async (filter: unknown) => {
      const { status, text } = await call(alice, 'POST', '/lists/preview', { filter })
      expect(status, JSON.stringify(filter).slice(0, 200)).toBe(422)
      return text
    }
    let deep: unknown = { all: [] }
    for (let level = 0; level < 20; level += 1) deep = { not: deep }
    expect(await refused(deep)).toContain('8 deep')
    expect(await refused({ any: Array.from({ length: 200 }, () => ({ field: 'photo' })) })).toContain(
      '50 questions',
    )
    expect(await refused({ field: 'city', op: 'is' })).toContain('does not say its')
    expect(await refused({ field: 'owner', op: 'is', who: 'nobody-here' })).toContain('nobody-here')
    expect(await refused({ field: 'book', book: 999_999 })).toContain('999999')
    expect(await refused({ field: 'works-at', organisation: 999_999 })).toContain('999999')
    expect(await refused({ field: 'custom', key: 'none', op: 'known' })).toContain('none')
    await refused({ field: 'colour', op: 'is', text: 'red' })
    await refused({ all: [], any: [] })
  })

  it('refuse the cursor of another order', async () => {
    const alice = await server.account()
    for (const name of ['Ann', 'Bob', 'Cleo']) await person(alice, name)
    const list = await makeList(alice, { all: [] })
    const path = `/lists/${list}/members?limit=1`
    const { json } = await call(alice, 'GET', `${path}&order=name`)
    const cursor = encodeURIComponent(json.next)
    expect((await call(alice, 'GET', `${path}&order=changed&cursor=${cursor}`)).status).toBe(422)
    expect((await call(alice, 'GET', `${path}&order=-name&cursor=${cursor}`)).status).toBe(200)
  })

  it('go over pages in every order', async () => {
    const alice = await server.account()
    for (const name of ['Cleo', 'Ann', 'Bob', 'Dora', 'Eve']) await person(alice, name)
    const list = await makeList(alice, { not: { field: 'name', op: 'begins', text: 'e' } })
    const pages = async (order: string): Promise<string[]> => {
      const names: string[] = []
      let cursor = ''
      for (let round = 0; round < 4; round += 1) {
        const { json } = await call(alice, 'GET', `/lists/${list}/members?limit=2&order=${order}${cursor}`)
        names.push(...json.items.map(({ name }: { name: string }) => name))
        if (json.next === null) break
        cursor = `&cursor=${encodeURIComponent(json.next)}`
      }
      return names
    }
    expect(await pages('name')).toEqual(['Ann', 'Bob', 'Cleo', 'Dora'])
    expect(await pages('-name')).toEqual(['Dora', 'Cleo', 'Bob', 'Ann'])
    expect(await pages('created')).toEqual(['Cleo', 'Ann', 'Bob', 'Dora'])
    expect(await pages('-created')).toEqual(['Dora', 'Bob', 'Ann', 'Cleo'])
  })

  it('ask for what is on cards, in all their forms', async () => {
    const alice = await server.account()
    await person(alice, 'Zoë Müller', [
      'TEL:+33 4 72 10 30 30',
      'BDAY:1980-05-17',
      'CATEGORIES:VIP',
      'TITLE:Head of X',
    ])
    await person(alice, 'Ann', [
      'EMAIL:ann@example.org',
      'ORG:Acme;Sales',
      'PHOTO;ENCODING=b;TYPE=JPEG:AAAA',
      'NOTE:likes tea',
    ])
    const all = (field: string, op: string, text?: string) => found(alice, { field, op, text })
    expect(await all('name', 'contains', 'MULLER')).toEqual(['Zoë Müller'])
    expect(await all('phone', 'contains', '72.10.30')).toEqual(['Zoë Müller'])
    expect(await all('phone', 'is', '+33472103030')).toEqual(['Zoë Müller'])
    expect(await all('mail', 'contains', '@example.org')).toEqual(['Ann'])
    expect(await all('organisation', 'is', 'ACME')).toEqual(['Ann'])
    expect(await all('organisation', 'is', 'Acm')).toEqual([])
    expect(await all('note', 'contains', 'tea')).toEqual(['Ann'])
    expect(await all('title', 'known')).toEqual(['Zoë Müller'])
    expect(await all('label', 'is', 'VIP')).toEqual(['Zoë Müller'])
    expect(await found(alice, { field: 'photo' })).toEqual(['Ann'])
    expect(await found(alice, { field: 'kind', kind: 'org' })).toEqual([])
    expect(await found(alice, { field: 'birthday', op: 'month', month: 5 })).toEqual(['Zoë Müller'])
    expect(await found(alice, { field: 'birthday', op: 'until', date: '1980-05-18' })).toEqual(['Zoë Müller'])
    expect(await found(alice, { field: 'birthday', op: 'until', date: '1980-05-17' })).toEqual([])
  })

  it('ask for organisations with their parts, for relations and fields of one’s own', async () => {
    const alice = await server.account()
    const [group, acme] = [await company(alice, 'Group'), await company(alice, 'Acme')]
    await call(alice, 'POST', `/parties/${acme}/parents`, { organisation: group })
    const [ann, bob] = [await person(alice, 'Ann'), await person(alice, 'Bob')]
    await call(alice, 'POST', `/parties/${ann}/memberships`, { organisation: acme })
    await call(alice, 'POST', `/parties/${ann}/relations`, { type: 'child', other: bob })
    const works = { field: 'works-at', organisation: group }
    expect(await found(alice, works)).toEqual([])
    expect(await found(alice, { ...works, withParts: true })).toEqual(['Ann'])
    expect(await found(alice, { ...works, withParts: true, when: 'past' })).toEqual([])
    expect(await found(alice, { field: 'relation', type: 'child' })).toEqual(['Ann'])
    expect(await found(alice, { field: 'relation', type: 'parent', to: ann })).toEqual(['Bob'])
    const key = (await call(alice, 'POST', '/fields', { label: `Size ${ann}`, type: 'number' })).json.key
    await call(alice, 'PATCH', `/parties/${bob}/fields`, { [key]: '12.5' })
    expect(await found(alice, { field: 'custom', key, op: 'at-least', value: 12.5 })).toEqual(['Bob'])
    expect(await found(alice, { field: 'custom', key, op: 'at-least', value: 13 })).toEqual([])
    expect(await found(alice, { field: 'custom', key, op: 'known' })).toEqual(['Bob'])
  })

  it('ask for meetings, and for what is still to be done, and follow the calendars', async () => {
    const alice = await server.account()
    await person(alice, 'Ann', ['EMAIL:ann@example.org'])
    const bob = await person(alice, 'Bob')
    const day = (days: number) =>
      new Date(server.clock.now + days * dayMs).toISOString().slice(0, 10).replaceAll('-', '')
    const meeting = (days: number) =>
      event('m', [
        `DTSTART:${day(days)}T120000Z`,
        `DTEND:${day(days)}T130000Z`,
        'ATTENDEE:mailto:Ann@Example.org',
      ])
    const soon = { field: 'meeting', op: 'within', days: 7 }
    const path = await subscribe(alice, await makeList(alice, { any: [soon, { field: 'open-task' }] }))
    expect(await namesIn(alice, path)).toEqual([])
    expect((await alice.put(`${alice.calendar}m.ics`, meeting(3))).status).toBe(201)
    expect(await namesIn(alice, path)).toEqual(['Ann'])
    await alice.put(`${alice.calendar}m.ics`, meeting(30))
    expect(await namesIn(alice, path)).toEqual([])
    await alice.put(`${alice.calendar}m.ics`, meeting(-3))
    expect(await found(alice, { field: 'last-contact', op: 'within', days: 5 })).toEqual(['Ann'])
    const made = await call(alice, 'POST', `/parties/${bob}/tasks`, { summary: 'Ring Bob' })
    expect([made.status, made.text]).toEqual([201, made.text])
    expect(await namesIn(alice, path)).toEqual(['Bob'])
  })

  it('do not tell what a mask hides, nor by an address book', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await person(alice, 'Private Number', ['TEL;TYPE=home:+33 1 23 45 67', 'TEL;TYPE=work:+33 9 99 99'])
    await masked(server, { hide: ['TEL;TYPE=home', 'CATEGORIES'] }, bob)
    await sharedWith(alice, bob)
    const asks = (text: string) => ({ field: 'phone', op: 'contains', text })
    expect(await found(alice, asks('123456'))).toEqual(['Private Number'])
    expect(await found(bob, asks('123456'))).toEqual([])
    expect(await found(bob, asks('99999'))).toEqual(['Private Number'])
    const [hidden, seen] = [await makeList(bob, asks('123456'), 'a'), await makeList(bob, asks('99999'), 'b')]
    const paths = [await subscribe(bob, hidden), await subscribe(bob, seen)]
    expect(await Promise.all(paths.map((path) => namesIn(bob, path)))).toEqual([[], ['Private Number']])
    await person(alice, 'Second', ['TEL;TYPE=home:+33 1 23 45 68', 'TEL;TYPE=work:+33 9 99 98'])
    await person(alice, 'Third', ['TEL;TYPE=home:+33 1 23 45 67', 'TEL;TYPE=work:+33 9 99 99'])
    expect(await Promise.all(paths.map((path) => namesIn(bob, path)))).toEqual([
      [],
      ['Private Number', 'Third'],
    ])
  })

  it('follow what whoever has them reads', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await person(alice, 'Shared')
    const path = await subscribe(bob, await makeList(bob, { all: [] }))
    expect(await namesIn(bob, path)).toEqual([])
    await sharedWith(alice, bob)
    expect(await namesIn(bob, path)).toEqual(['Shared'])
    const [{ id }] = (await call(alice, 'GET', '/shares')).json.shares
    expect((await call(alice, 'DELETE', `/shares/${id}`)).status).toBeLessThan(300)
    expect(await namesIn(bob, path)).toEqual([])
  })

  it('move no entity tag but where somebody enters or leaves (law 5)', async () => {
    const alice = await server.account()
    const ann = await person(alice, 'Ann')
    await person(alice, 'Bob')
    const path = await subscribe(alice, await makeList(alice, { field: 'role', op: 'is', text: 'customer' }))
    const other = await subscribe(alice, await makeList(alice, { field: 'name', op: 'known' }, 'All'))
    const [book, all] = [await alice.syncAll(alice.contacts, ''), await alice.syncAll(other, '')]
    await call(alice, 'PATCH', `/parties/${ann}`, { roles: ['customer'] })
    expect(await alice.syncAll(alice.contacts, book.token)).toMatchObject({ changed: [], removed: [] })
    expect((await alice.syncAll(other, all.token)).token).toBe(all.token)
    expect(await namesIn(alice, path)).toEqual(['Ann'])
  })
})
