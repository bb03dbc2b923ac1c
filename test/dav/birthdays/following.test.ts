import { describe, expect, it } from 'vitest'
import { restoreFromTrash } from '../../../src/features/trash/restore.ts'
import { listTrashEntries } from '../../../src/features/trash/trash.ts'
import { emptyTrash } from '../../../storage/purge.ts'
import { collect, rowOf } from '../../features/world.ts'
import { card, lines } from '../objects.ts'
import { type Account, useServer } from '../server.ts'
import { callApi, eventsIn, putCard, switchedOn, titlesIn } from './birthdays.ts'

const server = useServer({ publicUrl: 'https://dav.example.org/' })

const bday = 'BDAY:1980-03-22'
const stateOf = async (account: Account, path: string) => {
  const shown = (await account.propfind(path, 0, ['{http://calendarserver.org/ns/}getctag'])).of(path)
  return shown.text('{http://calendarserver.org/ns/}getctag')
}

/** Brings all back that is in the trash. */
async function restoreAll(account: Account): Promise<string[]> {
  const { store } = server.services
  const row = await rowOf(server, account)
  const entries = await collect(listTrashEntries(store, row))
  for (const { id } of entries) await store.write((tx) => restoreFromTrash(tx, row, id, server.services))
  return entries.map(({ kind }) => kind)
}

async function synced(account: Account, path: string, token: string) {
  const { changed, removed, token: next } = await account.syncAll(path, token)
  return { changed: changed.length, removed: removed.length, token: next }
}

describe('RFC 6578: birthdays follow the cards', () => {
  it('comes, changes and goes with the date on the card, in the write that changes it', async () => {
    const alice = await server.account()
    const path = await switchedOn(alice)
    let { token } = await synced(alice, path, '')
    const steps: readonly (readonly [readonly string[], number, number])[] = [
      [[bday], 1, 0],
      [['BDAY:1981-03-22'], 1, 0],
      [['BDAY:1981-03-22', 'X-ANNIVERSARY:2010-06-12'], 1, 0],
      [['X-ANNIVERSARY:2010-06-12'], 0, 1],
      [[], 0, 1],
    ]
    for (const [extra, changed, removed] of steps) {
      await putCard(alice, 'a', extra)
      const now = await synced(alice, path, token)
      expect([extra, now.changed, now.removed]).toEqual([extra, changed, removed])
      token = now.token
    }
  })

  it('is not touched by what is not in it: no ETag, ctag or token moves (law 5)', async () => {
    const alice = await server.account()
    const path = await switchedOn(alice)
    await putCard(alice, 'a', [bday])
    const [before, tag] = [await alice.syncAll(path, ''), await stateOf(alice, path)]
    await putCard(alice, 'a', [bday, 'TEL:1', 'REV:2026-01-01T00:00:00Z'])
    await putCard(alice, 'b', ['TEL:2'])
    const [href = ''] = before.changed
    const etag = (await alice.get(href)).headers.etag
    await putCard(alice, 'a', ['TEL:3', 'REV:2026-02-01T00:00:00Z', 'BDAY;VALUE=date:19800322'])
    expect(await stateOf(alice, path)).toBe(tag)
    expect((await alice.get(href)).headers.etag).toBe(etag)
    expect(await alice.syncAll(path, before.token)).toEqual({ ...before, changed: [] })
  })

  it('keeps UID and URL when a name or a date changes, and over trash and restore (anchors: stable UID and href)', async () => {
    const alice = await server.account()
    const path = await switchedOn(alice)
    const href = await putCard(alice, 'a', [bday])
    const before = await eventsIn(alice, path)
    await putCard(alice, 'a', ['BDAY:--0322'], 'Jane Roe')
    const changed = await eventsIn(alice, path)
    expect([...changed.keys()]).toEqual([...before.keys()])
    expect([...changed.values()][0]).toContain('SUMMARY:Jane Roe: birthday\r\n')
    await putCard(alice, 'a', [bday])
    const { token } = await synced(alice, path, '')
    await alice.delete(href)
    expect(await synced(alice, path, token)).toMatchObject({ changed: 0, removed: 1 })
    expect(await restoreAll(alice)).toEqual(['VCARD'])
    expect(await eventsIn(alice, path)).toEqual(before)
  })

  it('follows a card that moves, and one that comes to the place of another', async () => {
    const alice = await server.account()
    const path = await switchedOn(alice)
    await alice.request('MKCOL', `${alice.books}work/`, {
      headers: { 'Content-Type': 'application/xml' },
      body: '<d:mkcol xmlns:d="DAV:" xmlns:a="urn:ietf:params:xml:ns:carddav"><d:set><d:prop><d:resourcetype><d:collection/><a:addressbook/></d:resourcetype></d:prop></d:set></d:mkcol>',
    })
    const work = await switchedOn(alice, { book: 'work', displayName: 'Work' })
    const a = await putCard(alice, 'a', [bday])
    const b = await putCard(alice, 'b', ['BDAY:1990-03-22'], 'Bob')
    const move = (from: string, to: string) => alice.request('MOVE', from, { headers: { Destination: to } })
    const { token } = await synced(alice, path, '')
    expect((await move(a, `${alice.contacts}renamed.vcf`)).status).toBe(201)
    const [href = ''] = [...(await eventsIn(alice, path)).keys()]
    expect((await eventsIn(alice, path)).size).toBe(2)
    expect((await synced(alice, path, token)).removed).toBe(0)
    expect((await move(`${alice.contacts}renamed.vcf`, `${alice.books}work/x.vcf`)).status).toBe(201)
    expect(await titlesIn(alice, path)).toEqual(['Bob: birthday (1990)'])
    expect(await titlesIn(alice, work)).toEqual(['Jane Doe: birthday (1980)'])
    expect([...(await eventsIn(alice, work)).keys()]).not.toContain(href.replace(path, work))
    expect((await alice.delete(`${alice.books}work/x.vcf`)).status).toBe(204)
    expect((await move(b, `${alice.books}work/x.vcf`)).status).toBe(201)
    expect([await titlesIn(alice, path), await titlesIn(alice, work)]).toEqual([[], ['Bob: birthday (1990)']])
  })

  it('goes into the trash with its book, and comes back with it; what was switched off does not', async () => {
    const alice = await server.account()
    const make = (name: string) =>
      alice.request('MKCOL', `${alice.books}${name}/`, {
        headers: { 'Content-Type': 'application/xml' },
        body: '<d:mkcol xmlns:d="DAV:" xmlns:a="urn:ietf:params:xml:ns:carddav"><d:set><d:prop><d:resourcetype><d:collection/><a:addressbook/></d:resourcetype></d:prop></d:set></d:mkcol>',
      })
    await make('one')
    await putCard(alice, 'a', [bday], 'Jane Doe', `${alice.books}one/`)
    const path = await switchedOn(alice, { book: 'one', displayName: 'One' })
    const before = await eventsIn(alice, path)
    expect((await alice.delete(`${alice.books}one/`)).status).toBe(204)
    expect((await alice.get(path)).status).toBe(404)
    expect(await restoreAll(alice)).toEqual(['addressbook'])
    expect(await eventsIn(alice, path)).toEqual(before)
    await alice.delete(path)
    await alice.delete(`${alice.books}one/`)
    expect(await restoreAll(alice)).toEqual(['addressbook'])
    expect((await alice.get(path)).status).toBe(404)
    await switchedOn(alice, { book: 'one' })
    await alice.delete(`${alice.books}one/`)
    const row = await rowOf(server, alice)
    await server.services.store.write((tx) => emptyTrash(tx, row.id))
    expect((await alice.get(path)).status).toBe(404)
  })

  it('is about individuals and organisations, not about groups, and takes what cannot be read for none (law 9)', async () => {
    const alice = await server.account()
    const path = await switchedOn(alice)
    await putCard(alice, 'g', ['X-ADDRESSBOOKSERVER-KIND:group', bday])
    await putCard(alice, 'o', ['X-ABShowAs:COMPANY', 'ORG:ACME', bday], 'ACME')
    await putCard(alice, 'w', ['BDAY:yesterday'], 'Wrong')
    const bare = lines([
      'BEGIN:VCARD',
      'VERSION:3.0',
      'FN:No Uid',
      'N:Uid;No;;;',
      'BDAY:1970-01-01',
      'END:VCARD',
    ])
    expect((await alice.put(`${alice.contacts}bare.vcf`, bare)).status).toBe(201)
    const utf16 = Buffer.from(`\ufeff${card('u16', 'Ünal Ö', ['BDAY:--0229'])}`, 'utf16le')
    expect((await alice.put(`${alice.contacts}u16.vcf`, utf16)).status).toBe(201)
    expect(await titlesIn(alice, path)).toEqual([
      'ACME: birthday (1980)',
      'No Uid: birthday (1970)',
      'Ünal Ö: birthday',
    ])
  })

  it('has other dates, alarms and a name by setting, and a link to the card', async () => {
    const alice = await server.account()
    await putCard(alice, 'a%20b', ['item1.X-ABDATE:2015-01-02', 'item1.X-ABLabel:Contract', bday])
    const path = await switchedOn(alice, { displayName: 'Days', alarms: '1d 18:00', otherDates: true })
    expect(await titlesIn(alice, path)).toEqual(['Jane Doe: Contract (2015)', 'Jane Doe: birthday (1980)'])
    const text = [...(await eventsIn(alice, path)).values()].find((one) => one.includes('(1980)')) ?? ''
    expect(text).toContain('TRIGGER:-PT6H\r\n')
    expect(text).toContain(`URL:https://dav.example.org${alice.contacts}a%20b.vcf\r\n`)
    const [shown] = JSON.parse((await callApi(alice, 'GET', '/birthdays')).text).birthdays
    expect(shown).toMatchObject({ alarms: '1d 18:00', otherDates: true, calendar: { displayName: 'Days' } })
    const changed = await callApi(alice, 'PATCH', `/birthdays/${shown.id}`, { alarms: '', otherDates: false })
    expect([changed.status, JSON.parse(changed.text).alarms]).toEqual([200, ''])
    expect(await titlesIn(alice, path)).toEqual(['Jane Doe: birthday (1980)'])
    expect([...(await eventsIn(alice, path)).values()][0]).not.toContain('VALARM')
    const wrong = await callApi(alice, 'PATCH', `/birthdays/${shown.id}`, { alarms: 'soon' })
    expect([wrong.status, JSON.parse(wrong.text).detail]).toEqual([422, expect.stringContaining('Say when')])
    expect((await callApi(alice, 'DELETE', `/birthdays/${shown.id}`)).status).toBe(204)
    expect((await callApi(alice, 'DELETE', `/birthdays/${shown.id}`)).status).toBe(404)
    const calendar = await callApi(alice, 'POST', '/birthdays', { book: 'calendar' })
    expect(calendar.status).toBe(422)
  })

  it('names the place of its book when that is renamed', async () => {
    const alice = await server.account()
    await putCard(alice, 'a', [bday])
    const path = await switchedOn(alice)
    const to = `${alice.books}people/`
    expect((await alice.request('MOVE', alice.contacts, { headers: { Destination: to } })).status).toBe(201)
    const [text = ''] = [...(await eventsIn(alice, path)).values()]
    expect(text).toContain(`URL:https://dav.example.org${to}a.vcf\r\n`)
    await putCard(alice, 'b', [bday], 'Bob', to)
    expect(await titlesIn(alice, path)).toHaveLength(2)
  })

  it('misses nothing of many who write at the same time, while it is switched on, off and on', async () => {
    const alice = await server.account()
    const path = `${alice.calendars}birthdays/`
    const writing = Array.from({ length: 40 }, (_, at) => putCard(alice, `c${at}`, [bday], `Jane ${at}`))
    const switching = async () => {
      await switchedOn(alice)
      await alice.delete(path)
      await switchedOn(alice)
    }
    await Promise.all([...writing, switching()])
    expect(await titlesIn(alice, path)).toHaveLength(40)
    const { token } = await synced(alice, path, '')
    const changing = Array.from({ length: 40 }, async (_, at) => {
      if (at % 2 === 0) await alice.delete(`${alice.contacts}c${at}.vcf`)
      else await putCard(alice, `c${at}`, ['BDAY:--0322'], `Jane ${at}`)
    })
    await Promise.all(changing)
    expect(await synced(alice, path, token)).toMatchObject({ changed: 20, removed: 20 })
  })

  it('is seen by nobody else, and not touched by what others do (RFC 3744)', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const path = await switchedOn(alice)
    await putCard(bob, 'b', [bday])
    expect(await titlesIn(alice, path)).toEqual([])
    expect((await bob.get(path)).status).toBe(403)
    const [shown] = JSON.parse((await callApi(alice, 'GET', '/birthdays')).text).birthdays
    expect((await callApi(bob, 'DELETE', `/birthdays/${shown.id}`)).status).toBe(404)
    expect((await callApi(bob, 'PATCH', `/birthdays/${shown.id}`, {})).status).toBe(404)
  })
})
