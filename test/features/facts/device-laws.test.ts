import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newLine } from '../../../protocol/vcard/convert/line.ts'
import type { DeviceKind } from '../../../src/features/devices/kinds.ts'
import { factTables } from '../../../storage/people/fact-tables.ts'
import { call } from '../../api/json.ts'
import { type Device, deviceOf } from '../../dav/devices.ts'
import { card, event } from '../../dav/objects.ts'
import { type Account, useServer } from '../../dav/server.ts'
import { type Dialect, sentBy, zoo } from '../../protocol/vcard/merge/zoo.ts'
import { idOf as objectAt } from '../history/world.ts'
import { placedAt } from '../people/sessions.ts'
import { company, person } from './world.ts'

const server = useServer({ limits: { apiRequestsPerMinute: 100_000 }, bursts: { objects: 0 } })

interface World {
  readonly alice: Account
  readonly devices: readonly (readonly [Device, Dialect])[]
  readonly other: string
  readonly jane: number
  /** Where jane's card is now, and whether there is a copy in the other book. */
  path: string
  hasCopy: boolean
  count: number
}

type Row = Readonly<Record<string, unknown>>

async function world(): Promise<World> {
  const alice = await server.account()
  const other = `${alice.books}other/`
  const body =
    '<d:mkcol xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"><d:set><d:prop><d:resourcetype><d:collection/><c:addressbook/></d:resourcetype></d:prop></d:set></d:mkcol>'
  const made = await alice.request('MKCOL', other, { headers: { 'Content-Type': 'application/xml' }, body })
  expect(made.status).toBe(201)
  const path = `${alice.contacts}jane.vcf`
  const [acme, leo] = [await company(alice, 'Acme'), await person(alice, 'Leo Roe')]
  const lines = ['ORG:Acme', 'TITLE:Head', 'TEL;TYPE=WORK:+49301234', 'NOTE:old', 'X-OWN:1', 'CATEGORIES:VIP']
  await alice.put(path, card('jane', 'Jane Doe', lines))
  const { partyId: jane } = await placedAt(server, path)
  await know(alice, jane, { acme, leo })
  const devices = await Promise.all(
    zoo.map(async (one) => [await deviceOf(server, alice, one.kind as DeviceKind, true), one] as const),
  )
  return { alice, devices, other, jane, path, hasCopy: false, count: 0 }
}

/** Facts of every kind, each made as people make them. */
async function know(alice: Account, jane: number, { acme, leo }: { acme: number; leo: number }) {
  await alice.put(`${alice.calendar}e.ics`, event('e'))
  const object = await objectAt(server, `${alice.calendar}e.ics`)
  const label = `Size ${jane}`
  const { key } = (await call(alice, 'POST', '/fields', { label, type: 'number' })).json
  const asked: readonly (readonly [string, string, unknown])[] = [
    ['PATCH', `/parties/${jane}`, { roles: ['customer', 'lead'], owner: alice.name }],
    ['POST', `/parties/${jane}/memberships`, { organisation: acme, title: 'Founder', until: '2020' }],
    ['POST', `/parties/${jane}/relations`, { type: 'friend', other: leo }],
    ['PATCH', `/parties/${jane}/fields`, { [key]: '42' }],
    ['POST', '/activities', { kind: 'note', parties: [jane], html: '<p>met</p>' }],
    ['POST', '/activities', { kind: 'call', parties: [jane, leo], html: '<p>called</p>', minutes: 5 }],
    ['POST', `/parties/${jane}/links`, { kind: 'object', id: object }],
    ['PUT', `/parties/${jane}/cadence`, { everyDays: 30 }],
    ['POST', `/parties/${jane}/consents`, { channel: 'mail', state: 'given' }],
  ]
  for (const [method, path, body] of asked) {
    const answer = await call(alice, method, path, body)
    expect([path, answer.status < 300, answer.text]).toEqual([path, true, answer.text])
  }
}

/** Names are as cards have them, and follow these. */
const ofCards = new Set(['name', 'other_name'])

/** All that is known of somebody, table by table, as it is kept. */
async function factsOf(party: number): Promise<Readonly<Record<string, readonly string[]>>> {
  const facts: Record<string, readonly string[]> = {}
  for (const { table, parties, key } of factTables) {
    const isAbout = parties.map((column) => `${column} = $1`).join(' OR ')
    const rows = await server.services.store.read(({ sql }) =>
      sql.all<Row>(`SELECT * FROM ${table} WHERE ${isAbout} ORDER BY ${key.join(', ')}`, [party]),
    )
    facts[table] = rows.map((row) =>
      JSON.stringify(Object.entries(row).filter(([column]) => !ofCards.has(column))),
    )
  }
  return facts
}

const steps = [
  'edit',
  'rename',
  'rewrite',
  'rename file',
  'move',
  'copy',
  'drop copy',
  'delete and add',
  'delete and restore',
] as const
type Step = readonly [step: (typeof steps)[number], device: number]

async function take(at: World, [step, who]: Step): Promise<void> {
  const [device, dialect] = at.devices[who % at.devices.length] ?? []
  if (!device || !dialect) return
  at.count += 1
  server.clock.now += 60_000
  if (step === 'edit' || step === 'rename' || step === 'rewrite') return write(at, device, dialect, step)
  if (step === 'copy') return copy(at, device)
  if (step === 'drop copy') {
    if (at.hasCopy) await done(device.delete(`${at.other}copy.vcf`))
    at.hasCopy = false
    return
  }
  if (step === 'rename file') return move(at, device, at.path.replace(/[^/]+$/, `jane-${at.count}.vcf`))
  if (step === 'move') {
    const away = at.path.startsWith(at.other) ? at.alice.contacts : at.other
    return at.hasCopy ? undefined : move(at, device, `${away}jane-${at.count}.vcf`)
  }
  await away(at, device, step)
}

async function write(at: World, device: Device, dialect: Dialect, step: string): Promise<void> {
  const served = await device.get(at.path)
  expect(served.status).toBe(200)
  const sent = sentBy(dialect, served.text, (lines) => {
    if (step === 'edit') return [...lines, newLine('TEL', `+49 30 ${at.count}`)]
    if (step === 'rewrite') return lines
    return lines.map((line) => {
      if (line.name === 'FN') return { ...line, value: `Jane ${at.count}` }
      return line.name === 'N' ? { ...line, value: `${at.count};Jane;;;` } : line
    })
  })
  await done(device.put(at.path, sent, { 'If-Match': served.headers.etag ?? '' }))
}

async function copy(at: World, device: Device): Promise<void> {
  if (at.hasCopy || at.path.startsWith(at.other)) return
  const { text } = await device.get(at.path)
  await done(device.put(`${at.other}copy.vcf`, text))
  at.hasCopy = true
}

async function move(at: World, device: Device, to: string): Promise<void> {
  await done(device.request('MOVE', at.path, { headers: { Destination: to } }))
  at.path = to
}

/** What is gone from a phone is known all the same, and is there again with the card. */
async function away(at: World, device: Device, step: Step[0]): Promise<void> {
  const { text } = await device.get(at.path)
  const object = await objectAt(server, at.path)
  const before = await factsOf(at.jane)
  await done(device.delete(at.path))
  expectKept(before, await factsOf(at.jane), `${step}: deleted`)
  if (step === 'delete and add') return done(device.put(at.path, text))
  const { items } = (await call(at.alice, 'GET', `/objects/${object}/history`)).json
  const { revision } = items.find(({ isKept }: { isKept: boolean }) => isKept)
  const restored = await call(at.alice, 'POST', `/objects/${object}/restore`, { revision })
  expect([restored.status, restored.text]).toEqual([200, restored.text])
}

async function done(answer: ReturnType<Device['delete']>): Promise<void> {
  const { status, text } = await answer
  expect([status < 300, status, text]).toEqual([true, status, text])
}

function expectKept(before: Awaited<ReturnType<typeof factsOf>>, after: typeof before, step: string): void {
  for (const [table, rows] of Object.entries(before)) {
    // What has happened is added to the history; nothing else is.
    if (table === 'fact_revisions') expect(after[table], step).toEqual(expect.arrayContaining([...rows]))
    else expect([table, after[table]], step).toEqual([table, rows])
  }
}

describe('law: no device loses what is known beside a card', () => {
  it('whatever it edits, renames, moves, copies into another book, deletes, adds again or has restored', async () => {
    const at = await world()
    const known = await factsOf(at.jane)
    const empty = Object.entries(known).flatMap(([table, rows]) => (rows.length === 0 ? [table] : []))
    expect(empty.sort()).toEqual(['grants', 'org_links', 'suggestions', 'virtual_people'])
    const step = fc.tuple(fc.constantFrom(...steps), fc.nat(zoo.length - 1))
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (all) => {
        for (const one of all) {
          const before = await factsOf(at.jane)
          await take(at, one)
          expectKept(before, await factsOf(at.jane), one.join(' '))
          expect((await placedAt(server, at.path)).partyId, one.join(' ')).toBe(at.jane)
          expect((await call(at.alice, 'GET', `/parties/${at.jane}`)).status).toBe(200)
        }
      }),
      { numRuns: 25, endOnFailure: true },
    )
  })
})
