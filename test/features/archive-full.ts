import { expect } from 'vitest'
import { findAnybody } from '../../src/features/accounts/named.ts'
import { switchOn } from '../../src/features/birthdays/birthdays.ts'
import { etagOf } from '../../src/features/bodies.ts'
import { prepareCopy } from '../../src/features/objects.ts'
import { makePublicLink } from '../../src/features/sharing/public-links.ts'
import { findCollection } from '../../storage/collections.ts'
import { wantDirectoryBook } from '../../storage/generated/directory-books.ts'
import { listHomes } from '../../storage/homes.ts'
import { setAccountTraits, setBookableTraits } from '../../storage/principals.ts'
import { setQuota } from '../../storage/quotas.ts'
import { putObject } from '../../storage/write-path.ts'
import { call } from '../api/json.ts'
import { mustSetAcl } from '../dav/acls.ts'
import { delegate, group, room } from '../dav/directory.ts'
import { filesOf } from '../dav/files/files.ts'
import { card, event, todo } from '../dav/objects.ts'
import { filled } from '../dav/random-objects.ts'
import type { Account, TestServer } from '../dav/server.ts'
import { useShares } from './shares.ts'
import { rowOf } from './world.ts'

/** An installation that has one of everything. */
export interface FullWorld {
  readonly alice: Account
  readonly bob: Account
  readonly carol: Account
}

const note = (text: string): string =>
  `<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><x:note xmlns:x="urn:x">${text}</x:note></d:prop></d:set></d:propertyupdate>`
const look = `<d:propertyupdate xmlns:d="DAV:" xmlns:a="http://apple.com/ns/ical/"><d:set><d:prop><d:displayname>From Alice</d:displayname><a:calendar-color>#112233FF</a:calendar-color></d:prop></d:set></d:propertyupdate>`
const alarm = [
  ...['DTSTART:20260115T100000Z', 'BEGIN:VALARM', 'ACTION:DISPLAY', 'DESCRIPTION:a', 'TRIGGER:-PT15M'],
  'END:VALARM',
]

/** Long enough to be kept beside the body. */
const photo =
  Buffer.alloc(30_000, 'octets')
    .toString('base64')
    .replace(/^/, 'PHOTO;ENCODING=b;TYPE=JPEG:')
    .match(/.{1,74}/g)
    ?.map((line, nth) => (nth === 0 ? line : ` ${line}`)) ?? []

/** Fills an installation; `server` is empty before. */
export async function fill(server: TestServer): Promise<FullWorld> {
  const alice = await server.account({ name: 'alice', email: 'alice@example.org' })
  const bob = await server.account({ name: 'bob' })
  const carol = await server.account({ name: 'carol' })
  await fillCards(server, alice)
  await fillCalendars(server, alice)
  await fillFiles(alice, bob)
  await group(server, 'staff', bob, carol)
  await group(server, 'all', { name: 'staff' }, alice)
  const { calendar } = await room(server, 'saal')
  await delegate(server, 'alice', 'carol', 'write')
  await delegate(server, 'saal', 'alice', 'write')
  expect((await alice.put(`${calendar}r.ics`, event('r'))).status).toBe(201)
  await share(server, { alice, bob, carol })
  const traits = { language: 'de', timeZone: 'Europe/Berlin', requestLimit: 100 }
  const { id } = await rowOf(server, bob)
  await server.services.store.write((tx) => setAccountTraits(tx, id, traits))
  const like = { description: 'Mit Beamer & Tafel', place: '2. Stock', capacity: 12 }
  await server.services.store.write(async (tx) =>
    setBookableTraits(tx, (await findAnybody(tx, 'saal')).id, like),
  )
  const { id: withoutDirectory } = await rowOf(server, carol)
  await server.services.store.write((tx) => wantDirectoryBook(tx, withoutDirectory, false))
  const row = await rowOf(server, alice)
  await server.services.store.write(async (tx) => {
    await setQuota(tx, row.id, 5_000_000_000)
    await tx.sql.run('INSERT INTO reserved_segments (segment, at) VALUES ($1, $2)', ['gone', tx.now])
  })
  return { alice, bob, carol }
}

async function fillCards(server: TestServer, alice: Account): Promise<void> {
  const utf16 = Buffer.from(`\ufeff${card('utf16', 'Zoë Žižka')}`, 'utf16le')
  const bodies: readonly (readonly [string, string | Uint8Array])[] = [
    ['plain.vcf', card('plain')],
    ['BOM.vcf', Buffer.from(`\ufeff${card('bom')}`)],
    ['utf16.vcf', utf16],
    ['a%20b%3F.vcf', card('odd name')],
    ['CASE', card('case').replaceAll('\r\n', '\n')],
    ['case', card('case2', 'Jane Doe', ['X-ODD;P="a:b":c\\qd'])],
    [`${'l'.repeat(200)}.vcf`, card('u'.repeat(700))],
    ['photo.vcf', card('photo', 'Jane Doe', photo)],
    ['friend.vcf', card('friend', 'Jane Doe', ['CATEGORIES:Friends,Team'])],
    ['con.vcf', card('con', '🎉 žluťoučký kůň')],
  ]
  for (const [name, body] of bodies) {
    const { status, text } = await alice.put(alice.contacts + name, body, { 'Content-Type': 'text/vcard' })
    expect(status, `${name}: ${text}`).toBe(201)
  }
  const made = await alice.request('MKCOL', `${alice.books}second%20book/`, {
    headers: { 'Content-Type': 'application/xml' },
    body: '<d:mkcol xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"><d:set><d:prop><d:resourcetype><d:collection/><c:addressbook/></d:resourcetype><d:displayname>Zweites</d:displayname><c:addressbook-description>Büro &amp; mehr</c:addressbook-description></d:prop></d:set></d:mkcol>',
  })
  expect(made.status).toBe(201)
  for (const path of [alice.contacts, `${alice.contacts}plain.vcf`, alice.books, alice.principal])
    await alice.request('PROPPATCH', path, { body: note(path) })
  await putBroken(server, alice)
  const born = card('born', 'Ada Lovelace', ['BDAY:18151210'])
  expect((await alice.put(`${alice.contacts}born.vcf`, born)).status).toBe(201)
  const book = await useShares(server).at(alice.contacts)
  const making = { ...server.services, origin: { kind: 'web' } } as const
  await server.services.store.write((tx) => switchOn(tx, book, { alarms: '09:00' }, making))
}

/** Octets that are no text, as a database may have from days when they were not judged. */
async function putBroken({ services }: TestServer, alice: Account): Promise<void> {
  const body = Buffer.from([...Buffer.from('BEGIN:VCARD\r\nFN:'), 0x80, 0xff, 0x00, ...Buffer.from('\nEND')])
  const known = {
    uid: 'broken',
    component: 'VCARD',
    mediaType: null,
    version: '3.0',
    etag: etagOf(body),
    body,
  }
  await services.store.write(async (tx) => {
    const { id } = await rowOf({ services } as TestServer, alice)
    const home = (await listHomes(tx, id)).find(({ kind }) => kind === 'addressbooks')
    const collection = home && (await findCollection(tx, home.id, 'contacts'))
    if (!collection) throw new Error('There is no book.')
    const object = prepareCopy('addressbook', known, services.settings, services.now())
    const put = { ...object, collection, name: 'broken.vcf', size: body.length, scheduleTag: '"tag"' }
    await putObject(tx, { ...put, origin: { kind: 'import' }, existing: undefined })
  })
}

async function fillCalendars(server: TestServer, alice: Account): Promise<void> {
  const [, objects] = await filled(alice, 20)
  expect(objects.size).toBeGreaterThan(10)
  expect((await alice.put(`${alice.calendar}e.ics`, event('e'))).status).toBe(201)
  expect((await alice.put(`${alice.tasks}t.ics`, todo('t'))).status).toBe(201)
  const held = await alice.put(`${alice.tasks}t.ics`, todo('t', ['PRIORITY:1']), { 'If-Match': '"old"' })
  expect(held.status).toBe(412)
  await alice.request('PROPPATCH', `${alice.calendar}e.ics`, { body: note('e') })
  server.clock.now += 60_000
  expect((await alice.put(`${alice.calendar}e.ics`, event('e', alarm))).status).toBe(204)
  server.clock.now += 60_000
  const collection = await useShares(server).at(alice.calendar)
  await server.services.store.write((tx) => makePublicLink(tx, collection, 'for all', server.settings))
}

async function fillFiles(alice: Account, bob: Account): Promise<void> {
  const octets = Buffer.from(Array.from({ length: 70_000 }, (_, n) => (n * 7) % 251))
  await filesOf(alice).make('a/', 'a/b/', 'a/b/c.txt', 'a/empty/', 'CASE.txt', 'case.txt')
  await filesOf(alice).put('a/big.bin', octets, { 'Content-Type': 'image/x-odd' })
  await filesOf(alice).put('none', '')
  await filesOf(alice).put('a/e.ics', event('document'))
  await alice.request('PROPPATCH', `${alice.files}a/`, { body: note('folder') })
  await mustSetAcl(alice, `${alice.files}a/`, [{ who: bob.principal, grant: ['read', 'write'] }])
  await openFolder(alice, 'a', [null, '2030-01-01T00:00:00.000Z'])
}

async function share(server: TestServer, { alice, bob, carol }: FullWorld): Promise<void> {
  const shares = useShares(server)
  await mustSetAcl(alice, alice.tasks, [
    { who: carol.principal, deny: ['write'] },
    { who: '<d:authenticated/>', grant: ['read'] },
  ])
  const staff = await server.services.store.read((reader) => findAnybody(reader, 'staff'))
  await shares.share(alice.calendar, bob, 'read-write', 'Work')
  await shares.share(`${alice.calendars}filled/`, staff, 'read')
  await shares.share(`${alice.books}contacts/`, bob, 'no-delete')
  await shares.share(alice.tasks, carol, 'free-busy')
  const [mounted = ''] = await shares.accept(bob)
  expect((await bob.request('PROPPATCH', mounted, { body: look })).status).toBe(207)
  await bob.request('PROPPATCH', mounted, { body: note('mine') })
  const { text } = await bob.get(`${mounted}e.ics`)
  const own = text.replace('END:VEVENT', alarm.slice(1).join('\r\n').concat('\r\nEND:VEVENT'))
  expect((await bob.put(`${mounted}e.ics`, own)).status).toBe(204)
  await shares.decline(carol)
}

/** Public links to a folder of somebody, with an end or without. @returns the paths of all */
export async function openFolder(
  owner: Account,
  name: string,
  ends: readonly (string | null)[],
): Promise<string[]> {
  const [{ id: home }] = (await call(owner, 'GET', '/file-homes')).json.items
  const { items } = (await call(owner, 'GET', `/file-homes/${home}/children`)).json
  const folder = items.find((one: { name: string }) => one.name === name)
  for (const expiresAt of ends) {
    const { status } = await call(owner, 'POST', `/files/${folder.id}/links`, { expiresAt })
    expect(status).toBe(200)
  }
  const links = (await call(owner, 'GET', `/files/${folder.id}/links`)).json.items
  return links.map(({ path }: { path: string }) => path)
}
