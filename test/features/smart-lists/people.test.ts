import { describe, expect, it } from 'vitest'
import { call } from '../../api/json.ts'
import { event } from '../../dav/objects.ts'
import { type Account, useServer } from '../../dav/server.ts'
import { masked, sharedWith } from '../../dav/virtual/masked.ts'
import { company, person } from '../facts/world.ts'

const server = useServer()
const dayMs = 86_400_000

interface Asked {
  readonly filter?: unknown
  readonly q?: string
  readonly order?: string
  readonly from?: string
  readonly skip?: number
  readonly limit?: number
  readonly of?: number
}

async function ask(account: Account, asked: Asked & { readonly cursor?: string; readonly count?: boolean }) {
  const { status, json, text } = await call(account, 'POST', '/parties/query', asked)
  expect([status, text]).toEqual([200, text])
  return json
}

async function found(account: Account, asked: Asked): Promise<string[]> {
  return (await ask(account, asked)).items.map(({ name }: { name: string }) => name)
}

/** The same from pages of two. */
async function paged(account: Account, order: string): Promise<string[]> {
  const names: string[] = []
  let cursor: string | undefined
  for (let round = 0; round < 10; round += 1) {
    const { items, next } = await ask(account, { order, limit: 2, ...(cursor !== undefined && { cursor }) })
    names.push(...items.map(({ name }: { name: string }) => name))
    if (next === null) break
    cursor = next
  }
  return names
}

async function field(account: Account, type: string, options: object = {}): Promise<string> {
  const label = `${type} ${Math.random().toString(36).slice(2)}`
  const made = await call(account, 'POST', '/fields', { label, type, options })
  expect([made.status, made.text]).toEqual([201, made.text])
  return made.json.key
}

async function set(account: Account, party: number, key: string, value: unknown): Promise<void> {
  const { status, text } = await call(account, 'PATCH', `/parties/${party}/fields`, { [key]: value })
  expect([status, text]).toEqual([200, text])
}

const choices = [
  { key: 'z-first', label: 'Alpha' },
  { key: 'a-last', label: 'Beta' },
]
const address = (street: string) => ({ street, locality: 'Lyon' })

/** A lower and a higher value of each type, and what asks for the lower one. */
const types: readonly (readonly [string, object, unknown, unknown, object])[] = [
  ['text', {}, 'Ähre', 'Zebra', { op: 'contains', value: 'AHR' }],
  ['number', {}, '-12.5', '3', { op: 'at-most', value: -12.5 }],
  ['money', {}, { amount: '9', currency: 'EUR' }, { amount: '100', currency: 'EUR' }, { op: 'is', value: 9 }],
  ['date', {}, '2020-05-17', '2026-01-01', { op: 'at-most', value: '2020-12-31' }],
  ['choice', { choices }, 'z-first', 'a-last', { op: 'is', value: 'z-first' }],
  ['multi-choice', { choices }, ['z-first'], ['a-last'], { op: 'is', value: 'z-first' }],
  ['yes-no', {}, false, true, { op: 'is', value: false }],
  ['link', {}, 'https://a.example/', 'https://z.example/', { op: 'contains', value: 'a.example' }],
  ['phone', {}, '+33 1 11', '+33 9 99', { op: 'contains', value: '1 11' }],
  ['mail', {}, 'a@x.example', 'z@x.example', { op: 'is', value: 'A@x.example' }],
  ['address', {}, address('1 A'), address('9 Z'), { op: 'contains', value: '1 a' }],
  ['person', {}, { name: 'Ada' }, { name: 'Zoe' }, { op: 'is', value: 'ada' }],
]

describe('people by a filter, in any order', () => {
  it.each(types)('a field of type %s', async (type, options, low, high, question) => {
    const alice = await server.account()
    const key = await field(alice, type, options)
    await set(alice, await person(alice, 'Bob'), key, high)
    await set(alice, await person(alice, 'Cleo'), key, low)
    await person(alice, 'Ann')
    await person(alice, 'Dora')
    expect(await found(alice, { filter: { field: 'custom', key, ...question } })).toEqual(['Cleo'])
    expect(await paged(alice, `field:${key}`)).toEqual(['Cleo', 'Bob', 'Ann', 'Dora'])
    expect(await paged(alice, `-field:${key}`)).toEqual(['Bob', 'Cleo', 'Ann', 'Dora'])
  })

  it('by the company on their cards, those without one last', async () => {
    const alice = await server.account()
    for (const [name, org] of [
      ['Bob', 'Zebra'],
      ['Ann', ''],
      ['Cleo', 'Ähre;Sales'],
      ['Dora', 'beta'],
    ] as const)
      await person(alice, name, org === '' ? [] : [`ORG:${org}`])
    expect(await paged(alice, 'organisation')).toEqual(['Cleo', 'Dora', 'Bob', 'Ann'])
    expect(await paged(alice, '-organisation')).toEqual(['Bob', 'Dora', 'Cleo', 'Ann'])
  })

  it('by when they were made and changed, on cards and beside them', async () => {
    const alice = await server.account()
    for (const name of ['Cleo', 'Ann', 'Bob']) {
      server.clock.now += dayMs
      await person(alice, name, [`NOTE:${name}`])
    }
    expect(await paged(alice, 'created')).toEqual(['Cleo', 'Ann', 'Bob'])
    expect(await paged(alice, '-created')).toEqual(['Bob', 'Ann', 'Cleo'])
    const [ann, , cleo] = (await ask(alice, {})).items
    server.clock.now += dayMs
    const { json } = await call(alice, 'GET', `/parties/${cleo.id}`)
    const edits = [{ op: 'employer', title: 'Boss' }]
    const patched = await call(alice, 'PATCH', `/cards/${json.cards[0].id}`, { edits })
    expect([patched.status, patched.text]).toEqual([200, patched.text])
    server.clock.now += dayMs
    await call(alice, 'PATCH', `/parties/${ann.id}`, { roles: ['customer'] })
    expect(await paged(alice, '-changed')).toEqual(['Ann', 'Cleo', 'Bob'])
    expect(await paged(alice, 'changed')).toEqual(['Bob', 'Cleo', 'Ann'])
  })

  it('by the last contact: a call, or a meeting that names an address', async () => {
    const alice = await server.account()
    const called = await person(alice, 'Called')
    await person(alice, 'Met', ['EMAIL:met@x.example'])
    await person(alice, 'Never')
    const noted = await person(alice, 'Noted')
    const at = (days: number) => new Date(server.clock.now - days * dayMs)
    const say = (kind: string, party: number, days: number) =>
      call(alice, 'POST', '/activities', { kind, parties: [party], at: at(days).toISOString(), html: 'x' })
    expect((await say('call', called, 9)).status).toBe(201)
    await say('note', noted, 1)
    const start = at(3).toISOString().slice(0, 10).replaceAll('-', '')
    const lines = [`DTSTART;VALUE=DATE:${start}`, 'ATTENDEE:mailto:met@x.example']
    const put = await alice.put(`${alice.calendar}met.ics`, event('met', lines))
    expect(put.status).toBe(201)
    expect(await paged(alice, '-contact')).toEqual(['Met', 'Called', 'Never', 'Noted'])
    expect(await paged(alice, 'contact')).toEqual(['Called', 'Met', 'Never', 'Noted'])
  })

  it('pages stay where they are while people come, go and change', async () => {
    const alice = await server.account()
    for (const name of ['Ann', 'Bob', 'Cleo', 'Dora']) await person(alice, name)
    const first = await ask(alice, { limit: 2, count: true })
    expect(first.count).toBe(4)
    await person(alice, 'Abe')
    await person(alice, 'Carl')
    const next = await ask(alice, { cursor: first.next })
    expect(next.items.map(({ name }: { name: string }) => name)).toEqual(['Carl', 'Cleo', 'Dora'])
    expect(next).not.toHaveProperty('count')
  })

  it('letters say where a screen may jump to', async () => {
    const alice = await server.account()
    for (const name of ['Ähre', 'Ann', 'Bob', 'Moe', 'Max']) await person(alice, name)
    await company(alice, 'Mega')
    const letters = [
      { letter: 'a', count: 2 },
      { letter: 'b', count: 1 },
      { letter: 'm', count: 3 },
    ]
    expect((await call(alice, 'GET', '/parties/letters')).json).toEqual({ count: 6, letters })
    expect((await call(alice, 'GET', '/parties/letters?kind=org')).json.letters).toEqual([
      { letter: 'm', count: 1 },
    ])
    const some = await call(alice, 'POST', '/parties/letters', { q: 'a' })
    expect(some.json).toMatchObject({ count: 4 })
    expect(await found(alice, { from: 'm', limit: 2 })).toEqual(['Max', 'Mega'])
    expect(await found(alice, { from: 'm', skip: 2 })).toEqual(['Moe'])
    expect(await found(alice, { from: 'b', order: '-name' })).toEqual(['Bob', 'Ann', 'Ähre'])
    expect(await found(alice, { q: 'MEG' })).toEqual(['Mega'])
  })

  it('of somebody it is told where he stands, of nobody else', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    for (const name of ['Cleo', 'Ann', 'Bob', 'Anna', 'Dora']) await person(alice, name)
    const stranger = await person(bob, 'Bea')
    for (const order of ['name', '-name']) {
      const { items } = await ask(alice, { order })
      const positions = items.map(
        async ({ id }: { id: number }) => (await ask(alice, { order, of: id })).position,
      )
      expect(await Promise.all(positions)).toEqual([0, 1, 2, 3, 4])
      expect(await ask(alice, { order, of: items[0].id, q: 'cleo' })).toMatchObject({ position: null })
    }
    expect(await ask(alice, { of: stranger })).toMatchObject({ position: null })
    const refused = await call(alice, 'POST', '/parties/query', { order: 'created', of: stranger })
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('order of names')])
  })

  it('refuse what has no meaning, with a sentence', async () => {
    const alice = await server.account()
    await person(alice, 'Ann')
    await person(alice, 'Bob')
    const refused = async (asked: unknown) => {
      const { status, text } = await call(alice, 'POST', '/parties/query', asked)
      expect(status, text).toBe(422)
      return text
    }
    expect(await refused({ order: 'field:none' })).toContain('none')
    await refused({ order: 'colour' })
    await refused({ order: 'created', from: 'a' })
    const { next } = await ask(alice, { limit: 1 })
    expect(await refused({ order: 'changed', cursor: next })).toContain('cursor')
  })

  it('what masks hide neither filters nor sorts', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const key = await field(alice, 'mail')
    await set(alice, await person(alice, 'Zed'), key, 'a@secret.example')
    await set(alice, await person(alice, 'Ann'), key, 'z@secret.example')
    await sharedWith(alice, bob)
    await masked(server, { hide: ['EMAIL'] }, bob)
    expect(await found(alice, { order: `field:${key}` })).toEqual(['Zed', 'Ann'])
    expect(await found(bob, { order: `field:${key}` })).toEqual(['Ann', 'Zed'])
    expect(await found(bob, { order: `-field:${key}` })).toEqual(['Ann', 'Zed'])
    expect(await found(bob, { filter: { field: 'custom', key, op: 'known' } })).toEqual([])
    expect(await found(bob, { q: 'secret' })).toEqual([])
    expect(await found(alice, { q: 'secret' })).toEqual(['Ann', 'Zed'])
  })

  it('whom another shares one by one is there by what is shown of him', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const jane = await person(alice, 'Jane', ['EMAIL:j@secret.example', 'TITLE:Chief'])
    await call(alice, 'POST', `/parties/${jane}/memberships`, { organisation: await company(alice, 'Acme') })
    await person(bob, 'Zed')
    const made = await call(alice, 'POST', '/grants', {
      what: { kind: 'person', party: jane },
      with: bob.name,
      masks: [{ hide: ['EMAIL', 'ORG'] }],
    })
    expect([made.status, made.text]).toEqual([201, made.text])
    for (const order of ['name', 'created', '-contact'])
      expect((await found(bob, { order })).toSorted()).toEqual(['Jane', 'Zed'])
    expect(await found(bob, { filter: { field: 'title', op: 'is', text: 'chief' } })).toEqual(['Jane'])
    expect(await found(bob, { filter: { field: 'mail', op: 'known' } })).toEqual([])
    expect(await found(bob, { filter: { field: 'works-at', when: 'ever' } })).toEqual([])
    expect(await found(bob, { filter: { not: { field: 'works-at', when: 'ever' } } })).toEqual(['Zed'])
    expect((await call(bob, 'GET', '/parties/letters')).json.count).toBe(2)
  })
})
