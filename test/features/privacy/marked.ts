import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { runNextJob } from '../../../src/jobs/run-job.ts'
import { jobs } from '../../../src/jobs/runner.ts'
import { hasUnsettled } from '../../../storage/events/position.ts'
import { ensureJob } from '../../../storage/upkeep/jobs.ts'
import { call } from '../../api/json.ts'
import { deviceOf } from '../../dav/devices.ts'
import { filesOf } from '../../dav/files/files.ts'
import { calendar, card } from '../../dav/objects.ts'
import type { Account, TestServer } from '../../dav/server.ts'
import { labelBook } from '../../dav/virtual/books.ts'
import { masked, sharedWith } from '../../dav/virtual/masked.ts'
import { nodeOf } from '../archive/firm.ts'
import { person } from '../facts/world.ts'
import { move } from '../moves.ts'
import { merge } from '../people/merge-world.ts'
import { placedAt } from '../people/sessions.ts'
import { importAll } from '../world.ts'
import { eraser } from './eraser.ts'

/** Stands in all that is of somebody, and nowhere else. */
export const marker = 'qzxmark'

export const full = 'Qzxmarkgiven Qzxmarkfamily'
export const mail = 'qzxmark@qzxmarkhost.example'
const formerMail = 'qzxmarkformer@qzxmarkhost.example'
const uid = 'qzxmark-uid-4711'
const phone = '+49 30 55501239'

const text = (fn: string, lines: readonly string[]): string => card(uid, fn, ['CATEGORIES:friend', ...lines])

/** Somebody with a mark on everything, with whom everything was done that can be done. */
export interface Marked {
  readonly alice: Account
  readonly bob: Account
  readonly id: number
  readonly friend: number
  readonly href: string
  /** An account of another server, from which he was moved in. */
  readonly there: Account
}

/** @param other  a server from which somebody moves in */
export async function makeMarked(server: TestServer, other: TestServer, folder: string): Promise<Marked> {
  const [alice, bob] = [await eraser(server), await server.account()]
  await hook(alice)
  const href = `${alice.contacts}qzxmarkhref.vcf`
  await grown(alice, href)
  const { partyId: id } = await placedAt(server, href)
  const friend = await person(alice, 'Anna Other', ['EMAIL:anna@example.org'])
  const world = { alice, bob, id, friend, href, there: await other.account() }
  await seenByOthers(server, world)
  await facts(server, world)
  await cameIn(server, world, folder)
  await movedIn(server, other, world)
  await inCalendars(world)
  await asked(world)
  await twins(server, world)
  await tellAll(server)
  return world
}

async function hook(alice: Account): Promise<void> {
  const made = await call(alice, 'POST', '/webhooks', { url: 'http://127.0.0.1:9/' })
  expect([made.status, made.text]).toEqual([201, made.text])
}

/** Lays into the outbox what a webhook is to be told, and tries once: nobody listens. */
async function tellAll({ services, clock }: TestServer): Promise<void> {
  await expect.poll(() => services.store.read(hasUnsettled), { timeout: 20_000 }).toBe(false)
  await services.store.write((tx) => ensureJob(tx, 'outbox', clock.now))
  await runNextJob(services, jobs, new AbortController().signal, 'outbox')
}

const photo = Buffer.from('qzxmark photo '.repeat(2_000)).toString('base64')
const folded = (photo.match(/.{1,74}/g) ?? []).map((part, nth) =>
  nth === 0 ? `PHOTO;ENCODING=b;TYPE=JPEG:${part}` : ` ${part}`,
)

/** A card as it was in all its states. */
async function grown(alice: Account, href: string): Promise<void> {
  const states = [
    text('Qzxmarkformer Maiden', [`EMAIL:${formerMail}`, 'NOTE:qzxmark note', `TEL:${phone}`]),
    text(full, [
      `EMAIL:${mail}`,
      'ORG:Qzxmarkcompany;Qzxmarkunit',
      'TITLE:Qzxmarktitle',
      'URL:http://qzxmark/',
    ]),
    text(full, [
      ...[`EMAIL:${mail}`, `TEL:${phone}`, 'NICKNAME:Qzxmarknick', 'ADR:;;Qzxmarkstreet;City;;1;Land'],
      ...['item1.X-ABDATE:2001-01-01', 'item1.X-ABLABEL:Qzxmarkday', 'X-OWN:qzxmark', ...folded],
      ...['BDAY:19700102', 'RELATED;TYPE=friend;VALUE=text:Qzxmarkfriend', 'X-SOCIALPROFILE:qzxmark'],
    ]),
  ]
  for (const state of states) expect((await alice.put(href, state)).status).toBeLessThan(300)
  const note =
    '<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><x:n xmlns:x="urn:x">qzxmark</x:n></d:prop></d:set></d:propertyupdate>'
  expect((await alice.request('PROPPATCH', href, { body: note })).status).toBe(207)
  await alice.delete(href)
  expect((await alice.put(href, states[2] ?? '')).status).toBe(201)
  const second = `${alice.books}second/`
  const body =
    '<d:mkcol xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"><d:set><d:prop><d:resourcetype><d:collection/><c:addressbook/></d:resourcetype></d:prop></d:set></d:mkcol>'
  const headers = { 'Content-Type': 'application/xml' }
  expect((await alice.request('MKCOL', second, { headers, body })).status).toBe(201)
  expect((await alice.put(`${second}qzxmarkcopy.vcf`, states[1] ?? '')).status).toBe(201)
  await alice.put(`${alice.contacts}club.vcf`, group(['other', uid]))
}

const group = (members: readonly string[]): string =>
  card('club-uid', 'Club', [
    'X-ADDRESSBOOKSERVER-KIND:group',
    ...members.map((one) => `X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:${one}`),
  ])

/** Through masks, as a label, as what is given, and in the calendar of birthdays. */
async function seenByOthers(server: TestServer, { alice, bob, id, href }: Marked): Promise<void> {
  const carol = await server.account()
  await sharedWith(alice, bob)
  await masked(server, { hide: ['NOTE'] }, bob)
  await labelBook(server, { viewer: carol, owner: alice, label: 'friend' })
  const ask = asking(alice)
  await ask('POST', '/grants', { what: { kind: 'person', party: id }, with: carol.name })
  await ask('POST', '/birthdays', {})
  const device = await deviceOf(server, alice, 'other')
  await device.put(href, text(full, ['NOTE:qzxmark held']), { 'If-Match': '"old"' })
}

async function facts(server: TestServer, { alice, id, friend }: Marked): Promise<void> {
  const ask = asking(alice)
  const of = `/parties/${id}`
  const note = { kind: 'note', visibility: 'public', parties: [id] }
  const { id: activity } = await ask('POST', '/activities', { ...note, html: 'qzxmark note' })
  await ask('PATCH', `/activities/${activity}`, { html: 'qzxmark note again', isPinned: true })
  await ask('POST', '/activities', { kind: 'call', html: 'qzxmark call', parties: [id], outcome: 'qzxmark' })
  await ask('PATCH', of, { roles: ['customer', 'qzxmarkrole'], owner: alice.name })
  await ask('POST', `${of}/relations`, { type: 'child', name: 'Qzxmarkchild' })
  await ask('POST', `/parties/${friend}/relations`, { type: 'spouse', other: id })
  const org = await person(alice, 'Acme', ['KIND:org'])
  await ask('POST', `${of}/memberships`, { organisation: org, title: 'Qzxmarkjob', from: '2019-05-01' })
  await ask('PUT', `${of}/cadence`, { everyDays: 1 })
  server.clock.now += 3 * 86_400_000
  await server.services.store.write((tx) => ensureJob(tx, 'cadence', server.clock.now))
  await runNextJob(server.services, jobs, new AbortController().signal, 'cadence')
  const field = await ask('POST', '/fields', { label: 'Colour', type: 'text' })
  await ask('PATCH', `${of}/fields`, { [field.key]: 'qzxmark' })
  const kin = await ask('POST', '/fields', { label: 'Assistant', type: 'person' })
  await ask('PATCH', `/parties/${friend}/fields`, { [kin.key]: { id } })
  await filesOf(alice).make('offer.txt')
  await ask('POST', `${of}/links`, { kind: 'file', id: await nodeOf(server, 'offer.txt') })
  const { request } = await ask('POST', '/parties/bulk', {
    ids: [id, friend],
    action: { do: 'role', add: ['press'] },
  })
  await ask('POST', '/history/undo', { request })
}

/** From a file, twice. */
async function cameIn(server: TestServer, { alice }: Marked, folder: string): Promise<void> {
  const path = join(folder, 'Qzxmarkfamily, Qzxmarkgiven.vcf')
  writeFileSync(path, text(full, [`EMAIL:${mail}`, 'NOTE:qzxmark import']))
  await importAll(server, alice, [path])
  await importAll(server, alice, [path], { onMatch: 'skip' })
}

async function movedIn(server: TestServer, other: TestServer, { alice, there }: Marked) {
  await there.put(`${there.contacts}qzxmarkthere.vcf`, text(full, [`EMAIL:${mail}`, 'NOTE:qzxmark there']))
  return move(server, there, alice, { url: new URL(other.url) })
}

/** Asks once for something, with a key. */
export function once({ alice, id }: Pick<Marked, 'alice' | 'id'>) {
  const consent = { channel: 'mail', state: 'given', source: 'qzxmark source', note: 'qzxmark' }
  const key = { 'Idempotency-Key': `once-${id}` }
  return call(alice, 'POST', `/parties/${id}/consents`, consent, key)
}

async function inCalendars({ alice }: Marked): Promise<void> {
  const put = async (name: string, lines: readonly string[]) => {
    const about = ['BEGIN:VEVENT', `UID:${name}`, 'DTSTAMP:20260101T000000Z', 'DTSTART:20260110T100000Z']
    const body = calendar([...about, 'SUMMARY:Lunch', ...lines, 'END:VEVENT'])
    expect((await alice.put(`${alice.calendar}${name}.ics`, body)).status).toBeLessThan(300)
  }
  const others = ['ATTENDEE:mailto:other@example.org', `ATTENDEE;CN=Me:mailto:${alice.name}@example.org`]
  await put('invited', [`ATTENDEE;CN=${full}:mailto:${mail}`, ...others])
  await put('invited', [`ATTENDEE;CN=${full};PARTSTAT=ACCEPTED:mailto:${mail}`, ...others])
  await put('organized', [`ORGANIZER;CN=${full}:mailto:${mail}`, ...others])
  await put('sent', [
    `ORGANIZER;SENT-BY="mailto:${mail}":mailto:boss@example.org`,
    `ATTENDEE;DELEGATED-FROM="mailto:${mail}":mailto:other@example.org`,
  ])
  await put('once', [`ATTENDEE:mailto:${mail}`, ...others])
  await put('once', others)
  await put('former', [`ATTENDEE:mailto:${formerMail}`, ...others])
  await put('trashed', [`ATTENDEE;CN=${full}:mailto:${mail}`, ...others])
  await alice.delete(`${alice.calendar}trashed.ics`)
}

/** What was asked for, with him in the question. */
async function asked({ alice, id, friend }: Marked): Promise<void> {
  const ask = asking(alice)
  const list = (name: string, filter: unknown) => ask('POST', '/lists', { name, filter })
  await list('of his mail', {
    any: [
      { field: 'mail', op: 'is', text: mail.toUpperCase() },
      { field: 'name', op: 'begins', text: 'Anna' },
    ],
  })
  await list('of his name', { not: { field: 'name', op: 'contains', text: 'qzxmarkgiven Qzxmarkfamily' } })
  await list('of his number', { field: 'phone', op: 'begins', text: '+49 30 5550 1239' })
  await list('of him', {
    any: [
      { field: 'relation', to: id },
      { field: 'relation', to: friend },
    ],
  })
  const about = await list('about him', { field: 'note', op: 'contains', text: `ask ${mail}` })
  await ask('POST', `/lists/${about.id}/book`, {})
  const answer = await once({ alice, id })
  expect([answer.status, answer.text]).toEqual([201, answer.text])
}

async function twins(server: TestServer, { alice, id }: Marked): Promise<void> {
  const href = `${alice.contacts}qzxmarktwin.vcf`
  await alice.put(href, card('qzxmark-twin', 'Qzxmarktwin Qzxmarkfamily', [`EMAIL:${mail}`, `TEL:${phone}`]))
  await merge(alice, id, (await placedAt(server, href)).partyId)
  await call(alice, 'GET', '/duplicates')
}

function asking(account: Account) {
  return async (method: string, path: string, body?: unknown) => {
    const answer = await call(account, method, path, body)
    expect([method, path, answer.status < 300, answer.text]).toEqual([method, path, true, answer.text])
    return answer.json
  }
}
