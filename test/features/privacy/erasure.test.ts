import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compareProofs, eraseAgain } from '../../../src/features/privacy/again.ts'
import { removePrincipal } from '../../../storage/purge.ts'
import { call } from '../../api/json.ts'
import { deviceOf } from '../../dav/devices.ts'
import { calendar, card } from '../../dav/objects.ts'
import { type Account, useServer } from '../../dav/server.ts'
import { labelBook } from '../../dav/virtual/books.ts'
import { masked, sharedWith } from '../../dav/virtual/masked.ts'
import { exportTo, restoreFrom } from '../archive-world.ts'
import { person } from '../facts/world.ts'
import { useFolder } from '../folder.ts'
import { merge } from '../people/merge-world.ts'
import { placedAt } from '../people/sessions.ts'
import { rowOf } from '../world.ts'
import { eraser } from './eraser.ts'
import { tracesOf } from './traces.ts'

const server = useServer()
const folder = useFolder()

/** Words that stand nowhere else. */
const words = {
  ...{ name: 'Quixworth', given: 'Zebulona', alias: 'Zebbie', mail: 'zq@wobble.example', old: '0987612345' },
  ...{ phone: '+49 30 5550123', note: 'likes gooseberries', private: 'owes marmalade', field: 'chartreuse' },
  ...{ source: 'fair of Timbuctoo', held: 'typed in vain' },
}

async function known(account: Account) {
  const href = `${account.contacts}5b1f.vcf`
  const full = `${words.given} ${words.name}`
  const text = (...lines: string[]) =>
    card('6d7c-uid', full, [`EMAIL:${words.mail}`, 'BDAY:19700102', 'CATEGORIES:friend', ...lines])
  expect((await account.put(href, text(`TEL:${words.old}`))).status).toBe(201)
  const first = (await account.get(href)).headers.etag ?? ''
  await account.put(href, text(`TEL:${words.phone}`, `NOTE:${words.note}`), { 'If-Match': first })
  const { partyId } = await placedAt(server, href)
  return { href, first, text, id: partyId, full }
}

/** Everything that a place can know of somebody. */
async function world() {
  const [alice, bob, carol] = [await eraser(server), await server.account(), await server.account()]
  const jane = await known(alice)
  const friend = await person(alice, 'Anna Other')
  await sharedWith(alice, bob)
  await masked(server, { hide: ['NOTE'] }, bob)
  await labelBook(server, { viewer: carol, owner: alice, label: 'friend' })
  await call(alice, 'POST', '/birthdays', {})
  const phone = await deviceOf(server, alice, 'other')
  await phone.put(jane.href, jane.text(`NOTE:${words.held}`), { 'If-Match': jane.first })
  const made = async (method: string, path: string, body: unknown, headers = {}) => {
    const answer = await call(alice, method, path, body, headers)
    expect([path, answer.status < 300, answer.text]).toEqual([path, true, answer.text])
    return answer.json
  }
  const { id } = jane
  const note = { kind: 'note', visibility: 'public' }
  await made('POST', '/activities', { ...note, parties: [id], html: words.private, visibility: 'private' })
  const shared = await made('POST', '/activities', { ...note, parties: [id, friend], html: 'dinner for two' })
  const once = { 'Idempotency-Key': 'erase-me' }
  await made('PATCH', `/parties/${id}`, { roles: ['customer', words.field] }, once)
  await made('POST', `/parties/${id}/consents`, { channel: 'mail', state: 'given', source: words.source })
  await made('POST', `/parties/${friend}/relations`, { type: 'spouse', other: id })
  const field = await made('POST', '/fields', { label: 'Colour', type: 'text' })
  await made('PATCH', `/parties/${id}/fields`, { [field.key]: words.field })
  const other = `${alice.contacts}9c1d.vcf`
  await alice.put(other, card('9c1d-uid', `${words.alias} ${words.name}`, [`TEL:${words.old}`]))
  const { partyId: twin } = await placedAt(server, other)
  await merge(alice, id, twin)
  const event = `${alice.calendar}e.ics`
  await alice.put(
    event,
    calendar([
      ...['BEGIN:VEVENT', 'UID:e', 'DTSTAMP:20260101T000000Z', 'DTSTART:20260101T100000Z', 'SUMMARY:Lunch'],
      ...[`ATTENDEE;CN=${jane.full}:mailto:${words.mail}`, 'ATTENDEE:mailto:other@example.org', 'END:VEVENT'],
    ]),
  )
  await call(alice, 'GET', '/duplicates')
  const many = { ids: [id, friend], action: { do: 'role', add: ['press'] } }
  const { request } = await made('POST', '/parties/bulk', many)
  await made('POST', '/history/undo', { request })
  return { alice, bob, carol, jane, friend, shared, event }
}

describe('an erasure', () => {
  it('leaves nothing of somebody in the database, and phones hear that the cards are gone', async () => {
    const { alice, carol, jane, friend, shared, event } = await world()
    expect(await tracesOf(server, Object.values(words))).not.toEqual([])
    const before = await alice.syncAll(alice.contacts, '')
    const preview = await call(alice, 'GET', `/parties/${jane.id}/erasure`)
    expect(preview.json).toMatchObject({
      goes: { consents: 1, party_roles: 2 },
      stays: { sharedActivities: 1, events: 1 },
    })
    const body = { token: preview.json.token, attendees: 'remove' }
    const { status, json, text } = await call(alice, 'POST', `/parties/${jane.id}/erase`, body)
    expect([status, text]).toEqual([200, text])
    expect(json).toMatchObject({ by: alice.name, reason: 'request', isGenuine: true })
    expect(await tracesOf(server, Object.values(words))).toEqual([])
    const { removed } = await alice.syncAll(alice.contacts, before.token)
    expect(removed).toContain(jane.href)
    expect((await call(alice, 'GET', `/parties/${jane.id}`)).status).toBe(404)
    const kept = await alice.get(event)
    expect([kept.text.includes('SUMMARY:Lunch'), kept.text.includes('other@example.org')]).toEqual([
      true,
      true,
    ])
    expect((await call(alice, 'GET', `/activities/${shared.id}`)).json).toMatchObject({
      parties: [{ id: friend }],
    })
    expect((await call(alice, 'GET', '/search?q=dinner')).json.items).toHaveLength(1)
    expect((await carol.request('PROPFIND', carol.books, { headers: { Depth: '1' } })).status).toBe(207)
    expect((await call(alice, 'GET', `/erasures/${json.id}`)).json).toEqual(json)
  }, 60_000)

  it('takes names along that tell who it was, and no device keeps the card for that', async () => {
    const alice = await eraser(server)
    const [href, other] = [`${alice.contacts}tibbaldina-hoxley.vcf`, `${alice.contacts}o.vcf`]
    await alice.put(href, card('t-uid', 'Tibbaldina Hoxley'))
    await alice.put(other, card('o-uid', 'Olga'))
    const { token } = await alice.syncAll(alice.contacts, '')
    const { partyId: id } = await placedAt(server, href)
    const preview = await call(alice, 'GET', `/parties/${id}/erasure`)
    const erased = await call(alice, 'POST', `/parties/${id}/erase`, { token: preview.json.token })
    expect(erased.status).toBe(200)
    expect(await tracesOf(server, ['tibbaldina', 'hoxley'])).toEqual([])
    await expect(alice.sync(alice.contacts, token)).rejects.toThrow('valid-sync-token')
    expect((await alice.syncAll(alice.contacts, '')).changed).toEqual([other])
    const plain = `${alice.contacts}3f2a9c.vcf`
    await alice.put(plain, card('3f2a9c', 'Jane Plain'))
    const { partyId: jane } = await placedAt(server, plain)
    const before = await alice.syncAll(alice.contacts, '')
    const next = await call(alice, 'GET', `/parties/${jane}/erasure`)
    await call(alice, 'POST', `/parties/${jane}/erase`, { token: next.json.token })
    expect((await alice.syncAll(alice.contacts, before.token)).removed).toEqual([plain])
  })

  it('needs the right to, and what was looked at last', async () => {
    const [alice, bob] = [await eraser(server), await server.account()]
    const id = await person(alice, 'Ann')
    const { token } = (await call(alice, 'GET', `/parties/${id}/erasure`)).json
    expect((await call(bob, 'POST', `/parties/${id}/erase`, { token })).status).toBe(404)
    expect((await call(await server.account(), 'GET', '/erasures')).status).toBe(403)
    await sharedWith(alice, bob)
    expect((await call(bob, 'GET', `/parties/${id}/erasure`)).status).toBe(403)
    expect((await call(bob, 'POST', `/parties/${id}/erase`, { token })).status).toBe(403)
    await call(alice, 'POST', `/parties/${id}/consents`, { channel: 'mail', state: 'given' })
    expect((await call(alice, 'POST', `/parties/${id}/erase`, { token })).status).toBe(409)
    expect((await call(alice, 'GET', `/parties/${id}`)).status).toBe(200)
  })

  it('is proved by what can be checked, and is done again where a copy was put back', async () => {
    const alice = await eraser(server)
    const href = `${alice.contacts}k.vcf`
    await alice.put(href, card('uid-of-k', 'Kay'))
    const { partyId: id } = await placedAt(server, href)
    const { token } = (await call(alice, 'GET', `/parties/${id}/erasure`)).json
    const { json } = await call(alice, 'POST', `/parties/${id}/erase`, { token })
    const { store } = server.services
    expect(await compareProofs(server.services)).toMatchObject({ broken: [], unknown: [] })
    // As in a copy from before: the card is there, and the database does not know.
    await store.write(async ({ sql }) => {
      await sql.run("UPDATE erasures SET counts = '{}' WHERE proof_id = $1", [json.id])
    })
    expect((await compareProofs(server.services)).broken).toEqual([json.id])
    expect((await call(alice, 'GET', `/erasures/${json.id}`)).json.isGenuine).toBe(false)
    await store.write(({ sql }) => sql.run('DELETE FROM erasures WHERE proof_id = $1', [json.id]))
    await alice.put(href, card('uid-of-k', 'Kay'))
    const other = `${alice.contacts}o.vcf`
    await alice.put(other, card('uid-of-o', 'Olga'))
    expect(await eraseAgain(server.services, { everybody: false })).toBe(1)
    expect([(await alice.get(href)).status, (await alice.get(other)).status]).toEqual([404, 200])
    expect(await eraseAgain(server.services, { everybody: false })).toBe(0)
  })

  it('lets nobody come back with an archive from before, nor what was of him in the trash or held', async () => {
    const alice = await eraser(server)
    const [gone, kept] = [`${alice.contacts}g.vcf`, `${alice.contacts}h.vcf`]
    const text = (fn: string) => card('uid-of-g', fn)
    await alice.put(gone, text('Gonzo'))
    await alice.put(gone, text('Gonzo Grobian'))
    await alice.put(kept, card('uid-of-h', 'Hera'))
    const phone = await deviceOf(server, alice, 'other')
    await phone.put(gone, text('Gonzo Held'), { 'If-Match': '"old"' })
    await exportTo(server, join(folder.path, 'before'))
    const { partyId: id } = await placedAt(server, gone)
    const { token } = (await call(alice, 'GET', `/parties/${id}/erasure`)).json
    expect((await call(alice, 'POST', `/parties/${id}/erase`, { token })).status).toBe(200)
    await server.services.store.write(async (tx) => removePrincipal(tx, (await rowOf(server, alice)).id))
    const outcomes = await restoreFrom(server, join(folder.path, 'before'), { names: [alice.name] })
    expect(outcomes).toContainEqual(
      expect.objectContaining({ reason: expect.stringContaining('was erased here') }),
    )
    expect(outcomes).toContainEqual(expect.objectContaining({ kind: 'restored', objects: 1 }))
    expect(await tracesOf(server, ['Gonzo'])).toEqual([])
    expect(
      await server.services.store.read(({ sql }) => sql.all("SELECT name FROM objects WHERE name = 'h.vcf'")),
    ).toHaveLength(1)
  })
})
