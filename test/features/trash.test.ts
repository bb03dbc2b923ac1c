import { describe, expect, it } from 'vitest'
import { createAppPassword } from '../../src/features/accounts/accounts.ts'
import { type RestoreOutcome, restoreFromTrash } from '../../src/features/trash/restore.ts'
import { listTrashEntries } from '../../src/features/trash/trash.ts'
import { emptyTrash } from '../../storage/purge.ts'
import { createClient } from '../dav/client.ts'
import { card, event } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { collect, rowOf } from './world.ts'

const server = useServer()

const trashOf = async (account: Account) =>
  collect(listTrashEntries(server.services.store, await rowOf(server, account)))

async function restore(account: Account, id: string): Promise<RestoreOutcome> {
  const row = await rowOf(server, account)
  return server.services.store.write((tx) => restoreFromTrash(tx, row, id, server.services))
}

async function firstId(account: Account): Promise<string> {
  const [first] = await trashOf(account)
  if (!first) throw new Error('the trash is empty')
  return first.id
}

async function makeBook(account: Account, name: string): Promise<string> {
  const body =
    '<d:mkcol xmlns:d="DAV:"><d:set><d:prop><d:resourcetype><d:collection/><a:addressbook xmlns:a="urn:ietf:params:xml:ns:carddav"/></d:resourcetype><d:displayname>Friends</d:displayname></d:prop></d:set></d:mkcol>'
  const href = `${account.books}${name}/`
  expect((await account.request('MKCOL', href, { body })).status).toBe(201)
  return href
}

describe('the trash', () => {
  it('lists what was deleted, the latest first, with its name, collection and device', async () => {
    const alice = await server.account()
    const { store } = server.services
    const row = await rowOf(server, alice)
    const phone = await store.write((tx) => createAppPassword(tx, row, { label: 'Pixel 9', scope: 'write' }))
    const device = createClient(server.url, { name: alice.name, password: phone.secret })
    await alice.put(`${alice.contacts}jane.vcf`, card('jane', 'Jane Doe'))
    await alice.put(`${alice.calendar}e.ics`, event('e', ['SUMMARY:Tea\\, at\\nfive']).replace('Event e', ''))
    await device.delete(`${alice.contacts}jane.vcf`)
    server.clock.now += 1_000
    await alice.delete(`${alice.calendar}e.ics`)
    server.clock.now += 1_000
    await alice.delete(await makeBook(alice, 'friends'))
    const [book, tea, jane, ...rest] = await trashOf(alice)
    expect(rest).toEqual([])
    expect(book).toMatchObject({
      kind: 'addressbook',
      name: 'friends',
      summary: 'Friends',
      id: expect.stringMatching(/^c/),
    })
    expect(tea).toMatchObject({ kind: 'VEVENT', name: 'e.ics', collection: 'Calendar', device: 'client' })
    expect(jane).toMatchObject({
      kind: 'VCARD',
      summary: 'Jane Doe',
      collection: 'Contacts',
      device: 'Pixel 9',
    })
    expect((jane?.deletedAt ?? 0) < (tea?.deletedAt ?? 0)).toBe(true)
  })

  it('is listed in pages', async () => {
    const alice = await server.account()
    const names = Array.from({ length: 230 }, (_, n) => `${n}.vcf`)
    for (const name of names) await alice.put(`${alice.contacts}${name}`, card(name))
    for (const name of names) await alice.delete(`${alice.contacts}${name}`)
    expect((await trashOf(alice)).map(({ name }) => name)).toEqual(names.toReversed())
  })

  it('gives an object back under its href and UID, with its octets and ETag', async () => {
    const alice = await server.account()
    const href = `${alice.calendar}odd%20name.ics`
    const { headers } = await alice.put(href, event('tea'))
    await alice.delete(href)
    const { token } = await alice.syncAll(alice.calendar, '')
    expect(await restore(alice, await firstId(alice))).toEqual({
      kind: 'restored',
      name: 'odd name.ics',
      collection: 'calendar',
    })
    const back = await alice.get(href)
    expect(back.text).toBe(event('tea'))
    expect(back.headers.etag).toBe(headers.etag)
    expect((await alice.syncAll(alice.calendar, token)).changed).toEqual([href])
    expect(await trashOf(alice)).toEqual([])
    expect((await alice.put(`${alice.calendar}other.ics`, event('tea'))).status).toBe(403)
  })

  it('gives a collection back with all that it held', async () => {
    const alice = await server.account()
    const book = await makeBook(alice, 'friends')
    await alice.put(`${book}jane.vcf`, card('jane'))
    await alice.delete(book)
    expect(await restore(alice, await firstId(alice))).toMatchObject({ kind: 'restored', name: 'friends' })
    expect((await alice.get(`${book}jane.vcf`)).text).toBe(card('jane'))
  })

  it('says why something cannot come back, and keeps it', async () => {
    const alice = await server.account()
    const book = await makeBook(alice, 'friends')
    await alice.put(`${book}jane.vcf`, card('jane'))
    await alice.delete(`${book}jane.vcf`)
    const jane = await firstId(alice)
    await alice.put(`${book}jane.vcf`, card('joan'))
    expect(await restore(alice, jane)).toMatchObject({ reason: expect.stringContaining('another object') })
    await alice.delete(`${book}jane.vcf`)
    await alice.put(`${book}new.vcf`, card('jane'))
    expect(await restore(alice, jane)).toMatchObject({ reason: expect.stringContaining('as "new.vcf"') })
    await alice.delete(book)
    const deletedBook = await firstId(alice)
    expect(await restore(alice, jane)).toMatchObject({
      reason: expect.stringContaining(`restore ${deletedBook} first`),
    })
    await makeBook(alice, 'friends')
    expect(await restore(alice, deletedBook)).toMatchObject({ reason: expect.stringContaining('rename') })
    expect(await trashOf(alice)).toHaveLength(3)
  })

  it('gives nothing of another account, nothing twice, and nothing that is not there', async () => {
    const alice = await server.account()
    const eve = await server.account()
    await alice.put(`${alice.contacts}jane.vcf`, card('jane'))
    await alice.delete(`${alice.contacts}jane.vcf`)
    const jane = await firstId(alice)
    const notThere = { kind: 'refused', reason: 'It is not in the trash.', isAbsent: true }
    expect(await restore(eve, jane)).toEqual(notThere)
    expect(await restore(alice, 'c999999')).toEqual(notThere)
    expect(await restore(alice, 'x')).toEqual(notThere)
    expect(await restore(alice, jane)).toMatchObject({ kind: 'restored' })
    expect(await restore(alice, jane)).toEqual(notThere)
  })

  it('is emptied for good, and for one account', async () => {
    const alice = await server.account()
    const bob = await server.account()
    for (const one of [alice, bob]) {
      await one.put(`${one.contacts}jane.vcf`, card('jane'))
      await one.delete(`${one.contacts}jane.vcf`)
    }
    await alice.delete(await makeBook(alice, 'friends'))
    const { id } = await rowOf(server, alice)
    expect(await server.services.store.write((tx) => emptyTrash(tx, id))).toEqual({ removed: 2, more: false })
    expect(await trashOf(alice)).toEqual([])
    expect(await trashOf(bob)).toHaveLength(1)
  })
})
