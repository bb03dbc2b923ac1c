import fc from 'fast-check'
import { expect } from 'vitest'
import { call } from '../../api/json.ts'
import { group } from '../../dav/directory.ts'
import { filesOf } from '../../dav/files/files.ts'
import { card, event, todo } from '../../dav/objects.ts'
import type { Account, TestServer } from '../../dav/server.ts'
import { masked, sharedWith } from '../../dav/virtual/masked.ts'
import { nodeOf } from './firm.ts'

/** One thing that somebody does; numbers choose among whatever is there. */
export interface Act {
  readonly kind: (typeof kinds)[number]
  readonly who: number
  readonly a: number
  readonly b: number
  readonly text: string
}

const kinds = [
  ...([
    'card',
    'card',
    'card',
    'org',
    'edit',
    'copy',
    'group',
    'delete',
    'restore',
    'event',
    'task',
    'file',
  ] as const),
  ...([
    'role',
    'owner',
    'job',
    'parent',
    'relation',
    'named',
    'consent',
    'refuse',
    'cadence',
    'note',
    'call',
  ] as const),
  ...([
    'private',
    'remark',
    'unsaid',
    'link',
    'paper',
    'unlink',
    'field',
    'value',
    'value',
    'retire',
    'label',
  ] as const),
  ...(['list', 'give', 'giveLabel', 'merge', 'unmerge', 'apart', 'mask', 'todoOf'] as const),
] as const

const text = fc.oneof(
  fc.constantFrom(
    'Ada',
    'Łódź, "x"; y\\n',
    'עברית 🎉',
    'a\tb',
    '<b>&amp;</b>',
    "O'Hara %41",
    'e\u0301',
    'Zoë  two',
  ),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 24 }),
)

export const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.record({
    ...{ kind: fc.constantFrom(...kinds), who: fc.nat(1), a: fc.nat(1_000), b: fc.nat(1_000), text },
  }),
  { minLength: 30, maxLength: 60 },
)

/** Two colleagues who do what they are told, as far as it can be done. */
export interface Office {
  readonly accounts: readonly [Account, Account]
}

interface Doing {
  readonly server: TestServer
  readonly me: Account
  readonly other: Account
  readonly act: Act
  /** As a value of a card or an event may have it. */
  readonly said: string
  /** Nobody is refused by a fault of the server. @returns what was answered */
  ask(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ readonly id?: number; readonly [key: string]: unknown }>
  /** One of those whom I see; undefined where there is nobody. */
  party(choice: number): Promise<number | undefined>
}

export async function makeOffice(server: TestServer, all: readonly Act[]): Promise<Office> {
  const accounts = [await server.account({ name: 'alice' }), await server.account({ name: 'bob' })] as const
  await group(server, 'team', ...accounts)
  await sharedWith(accounts[0], accounts[1])
  for (const [at, act] of all.entries()) {
    server.clock.now += 60_000
    const [me, other] = act.who === 0 ? accounts : ([accounts[1], accounts[0]] as const)
    await doings[act.kind](doing(server, me, other, { ...act, b: act.b + at * 1_001 }))
  }
  return { accounts }
}

function doing(server: TestServer, me: Account, other: Account, act: Act): Doing {
  const ask: Doing['ask'] = async (method, path, body) => {
    const answer = await call(me, method, path, body)
    expect([method, path, answer.status < 500, answer.text]).toEqual([method, path, true, answer.text])
    return answer.status < 300 ? (answer.json ?? {}) : {}
  }
  const party: Doing['party'] = async (choice) => {
    const { items } = (await call(me, 'GET', '/parties?limit=500')).json
    return items.length === 0 ? undefined : items[choice % items.length].id
  }
  const said = act.text.replace(/[\p{Cc}]/gu, ' ').replace(/[\\;,]/g, (c) => `\\${c}`)
  return { server, me, other, act, said, ask, party }
}

async function put(
  { me, act, said }: Doing,
  extra: readonly string[] = [],
  name = `c${act.b}`,
): Promise<void> {
  const lines = [
    `EMAIL:p${act.a % 7}@example.org`,
    `TEL:+49 30 ${act.a}`,
    `CATEGORIES:l${act.a % 3}`,
    `NOTE:${said}`,
  ]
  const some = lines.filter((_, at) => (act.a >> at) % 2 === 0)
  const answer = await me.put(
    `${me.contacts}${name}.vcf`,
    card(name, said, [...some, 'X-ODD;P="a:b":c\\qd', ...extra]),
  )
  expect(answer.status, answer.text).toBeLessThan(500)
}

/** Something of somebody, by a route below him. */
async function of(one: Doing, path: string, body: object, method = 'POST') {
  const id = await one.party(one.act.a)
  return id === undefined ? {} : one.ask(method, `/parties/${id}${path}`, body)
}

async function write(one: Doing, note: object): Promise<void> {
  const { act, party, ask } = one
  const [first, second] = [await party(act.a), await party(act.b)]
  if (first === undefined) return
  const html = `<p>${act.text.replace(/[<&]/g, ' ')}</p>`
  const parties = [...new Set([first, second])]
  await ask('POST', '/activities', { kind: 'note', html, parties, ...note })
}

async function cardsOf({ me }: Doing): Promise<string[]> {
  return (await me.syncAll(me.contacts, '')).changed.toSorted()
}

/** One of what a list of the API has. */
async function oneOf(
  { me, act }: Doing,
  path: string,
): Promise<{ id: number; key: string; type: string } | undefined> {
  const { json, status } = await call(me, 'GET', path)
  const items = status === 200 ? (Object.values(json).find(Array.isArray) ?? []) : []
  return items[act.b % Math.max(items.length, 1)]
}

const doings: Readonly<Record<Act['kind'], (one: Doing) => Promise<unknown>>> = {
  card: (one) => put(one),
  org: (one) => put(one, ['KIND:org']),
  edit: async (one) => {
    const hrefs = await cardsOf(one)
    const href = hrefs[one.act.a % Math.max(hrefs.length, 1)]
    const name = href?.split('/').at(-1)?.replace('.vcf', '')
    if (name?.startsWith('c')) await put(one, [`TITLE:${one.said}`, `ORG:${one.said}`], name)
  },
  copy: async (one) => {
    const { me, act } = one
    const hrefs = await cardsOf(one)
    const href = hrefs[act.a % Math.max(hrefs.length, 1)]
    const body =
      '<d:mkcol xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"><d:set><d:prop><d:resourcetype><d:collection/><c:addressbook/></d:resourcetype></d:prop></d:set></d:mkcol>'
    await me.request('MKCOL', `${me.books}second/`, { headers: { 'Content-Type': 'application/xml' }, body })
    const headers = { Destination: `${me.books}second/o${act.b}.vcf` }
    if (href) expect((await me.request('COPY', href, { headers })).status).toBeLessThan(500)
  },
  group: (one) => {
    const member = `X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:c${one.act.a}`
    return put(one, ['X-ADDRESSBOOKSERVER-KIND:group', member])
  },
  delete: async (one) => {
    const hrefs = await cardsOf(one)
    const href = hrefs[one.act.a % Math.max(hrefs.length, 1)]
    if (href && one.act.b % 3 > 0) await one.me.delete(href)
  },
  restore: async (one) => {
    const gone = await oneOf(one, '/trash')
    if (gone) await one.ask('POST', `/trash/objects/${gone.id}/restore`, {})
  },
  event: ({ me, act }) =>
    me.put(
      `${me.calendar}e${act.b}.ics`,
      event(`e${act.b}`, ['DTSTART:20260115T100000Z', `ATTENDEE:mailto:p${act.a % 7}@example.org`]),
    ),
  task: ({ me, act, said }) => me.put(`${me.tasks}t${act.b}.ics`, todo(`t${act.b}`, [`DESCRIPTION:${said}`])),
  file: ({ me, act }) => filesOf(me).put(`f${act.a % 5}.bin`, Buffer.from(`${act.text}${act.b}`)),
  role: (one) =>
    of(one, '', { roles: [...new Set(['customer', one.act.text.trim().slice(0, 40) || 'x'])] }, 'PATCH'),
  owner: (one) => of(one, '', { owner: one.act.b % 2 === 0 ? one.other.name : null }, 'PATCH'),
  job: async (one) =>
    of(one, '/memberships', {
      organisation: await one.party(one.act.b),
      title: one.act.text.trim(),
      from: '2019-05-01',
    }),
  parent: async (one) => of(one, '/parents', { organisation: await one.party(one.act.b), kind: 'branch' }),
  relation: async (one) => of(one, '/relations', { type: 'friend', other: await one.party(one.act.b) }),
  named: (one) => of(one, '/relations', { type: 'child', name: one.act.text.trim() || 'Tim' }),
  consent: (one) =>
    of(one, '/consents', {
      channel: 'mail',
      state: 'given',
      source: one.act.text,
      purpose: `p${one.act.b % 3}`,
    }),
  refuse: (one) => of(one, '/consents', { channel: 'phone', state: 'refused' }),
  cadence: (one) => of(one, '/cadence', { everyDays: 1 + (one.act.b % 300) }, 'PUT'),
  note: (one) => write(one, { isPinned: one.act.b % 2 === 0 }),
  call: (one) =>
    write(one, {
      kind: 'call',
      direction: 'in',
      outcome: one.act.text.slice(0, 20),
      minutes: one.act.b % 90,
    }),
  private: (one) => write(one, { visibility: 'private' }),
  remark: (one) => write(one, { visibility: 'team', team: 'team' }),
  unsaid: async (one) => {
    const party = await one.party(one.act.a)
    const { items = [] } =
      party === undefined ? {} : (await call(one.me, 'GET', `/parties/${party}/timeline`)).json
    const said = items.find(({ kind }: { kind: string }) => kind === 'note' || kind === 'call')
    if (said) await one.ask('DELETE', `/activities/${said.id}`)
  },
  link: async (one) => {
    const { me, act, server } = one
    const path = `${me.calendar}l${act.b}.ics`
    await me.put(path, event(`l${act.b}`))
    const row = await server.services.store.read(({ sql }) =>
      sql.first<{ id: number }>('SELECT id FROM objects WHERE name = $1', [`l${act.b}.ics`]),
    )
    return of(one, '/links', { kind: 'object', id: row?.id ?? 0 })
  },
  paper: async (one) => {
    const name = `paper${one.act.b}.txt`
    await filesOf(one.me).make(name)
    return of(one, '/links', { kind: 'file', id: await nodeOf(one.server, name) })
  },
  unlink: async (one) => {
    const party = await one.party(one.act.a)
    const link = party === undefined ? undefined : await oneOf(one, `/parties/${party}/links`)
    if (link) await one.ask('DELETE', `/party-links/${link.id}`)
  },
  field: ({ ask, act }) => ask('POST', '/fields', fieldOf(act)),
  value: async (one) => {
    const field = await oneOf(one, '/fields')
    if (field) await of(one, '/fields', { [field.key]: await fieldValue(one, field.type) }, 'PATCH')
  },
  retire: async (one) => {
    const field = await oneOf(one, '/fields')
    if (field && one.act.a % 3 === 0)
      await one.ask('PATCH', `/fields/${field.id}`, { isRetired: true, label: `Old ${one.act.b}` })
  },
  label: ({ ask, act }) => ask('PATCH', `/labels/l${act.a % 3}`, { color: '#ff0000' }),
  list: ({ ask, act }) =>
    ask('POST', '/lists', {
      name: `list ${act.b}`,
      filter: {
        any: [{ field: 'label', op: 'is', text: `l${act.a % 3}` }, { not: { field: 'role', op: 'known' } }],
      },
    }),
  give: async (one) => {
    const party = await one.party(one.act.a)
    if (party !== undefined)
      await one.ask('POST', '/grants', {
        what: { kind: 'person', party },
        with: one.other.name,
        masks: [{ hide: ['TEL'] }],
      })
  },
  giveLabel: ({ ask, act }) =>
    ask('POST', '/grants', { what: { kind: 'label', label: `l${act.a % 3}` }, with: 'team' }),
  merge: async (one) => {
    const [survivor, loser] = [await one.party(one.act.a), await one.party(one.act.b)]
    if (survivor !== loser) await one.ask('POST', '/merges', { survivor, loser })
  },
  unmerge: async (one) => {
    const party = await one.party(one.act.a)
    const merge = party === undefined ? undefined : await oneOf(one, `/merges?party=${party}`)
    if (merge) await one.ask('POST', `/merges/${merge.id}/undo`)
  },
  apart: async (one) => {
    const pair = await oneOf(one, '/duplicates')
    if (pair) await one.ask('POST', `/duplicates/${pair.id}/not-same`)
  },
  mask: ({ server, other, act }) => masked(server, { hide: [['NOTE', 'TEL'][act.a % 2] ?? 'NOTE'] }, other),
  todoOf: (one) => of(one, '/tasks', { summary: one.act.text.trim() || 'Call' }),
}

const fieldTypes = ['text', 'number', 'date', 'yes-no', 'choice', 'link', 'person', 'file'] as const

function fieldOf({ a, b }: Act): object {
  const type = fieldTypes[a % fieldTypes.length]
  const choices = ['red', 'blue'].map((key) => ({ key, label: key.toUpperCase() }))
  return { label: `Field ${b}`, type, ...(type === 'choice' && { options: { choices } }) }
}

async function fieldValue({ act, party, server }: Doing, type: string): Promise<unknown> {
  switch (type) {
    case 'number':
      return act.a / 8
    case 'date':
      return '2024-02-29'
    case 'yes-no':
      return act.a % 2 === 0
    case 'choice':
      return act.a % 2 === 0 ? 'red' : 'blue'
    case 'link':
      return `https://example.org/${act.a}`
    case 'person':
      return act.a % 2 === 0 ? { name: 'Al' } : { id: await party(act.b) }
    case 'file':
      return { id: await nodeOf(server, 'f1.bin') }
    default:
      return act.text
  }
}
