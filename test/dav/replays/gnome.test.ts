import { describe, expect, it } from 'vitest'
import { caldav, carddav, cs, dav } from '../../../protocol/dav/names.ts'
import { createClient } from '../client.ts'
import { card, event } from '../objects.ts'
import { useServer } from '../server.ts'
import {
  componentsIn,
  davTokens,
  etagOf,
  expectChallenge,
  fixture,
  multistatus,
  privilegesIn,
} from './exchange.ts'

/**
 * SEQ-14: GNOME Online Accounts and Evolution.
 * Left out with scheduling: that a DELETE with `Schedule-Reply: F` sends no mail (it is taken and deletes).
 */

const headers = { 'User-Agent': 'Evolution/3.56.2', 'Content-Type': 'application/xml; charset="utf-8"' }
const server = useServer()

describe('SEQ-14 GNOME (RFC 4918 §10.1, RFC 4791)', () => {
  it('asks by OPTIONS alone, first without credentials (GOA-01, GOA-02, GOA-03, EVO-04)', async () => {
    const alice = await server.account()
    const goa = { 'User-Agent': 'gnome-online-accounts/3.54.0' }
    expectChallenge(await createClient(server.url).request('OPTIONS', '/', { headers: goa }))
    const places = [
      '/',
      '/dav/',
      alice.principal,
      alice.calendars,
      alice.books,
      alice.calendar,
      alice.contacts,
    ]
    for (const path of places) {
      const answer = await alice.request('OPTIONS', path, { headers: goa })
      expect([path, answer.status, answer.text]).toEqual([path, 200, ''])
      expect(davTokens(answer)).toEqual(expect.arrayContaining(['1', 'calendar-access', 'addressbook']))
    }
    for (const name of ['caldav', 'carddav']) {
      const answer = await alice.request('OPTIONS', `/.well-known/${name}`, { headers: goa })
      expect([answer.status, answer.headers.location]).toEqual([301, `${server.url}/dav/`])
    }
    expect((await alice.request('OPTIONS', '/remote.php/nothing', { headers: goa })).status).toBe(404)
  })

  it('lists homes with the components of every calendar, and privileges it reads (EVO-01, EVO-03)', async () => {
    const alice = await server.account()
    const asked = { ...headers, Depth: '1' }
    const answer = await multistatus(alice, 'PROPFIND', alice.calendars, asked, fixture('evolution/home.xml'))
    for (const href of [alice.calendar, alice.tasks]) {
      const { props, text } = answer.of(href)
      expect(componentsIn(props.get(caldav('supported-calendar-component-set')))).toHaveLength(1)
      expect(text(cs('getctag'))).toBeTruthy()
    }
    const set = dav('current-user-privilege-set')
    const { props } = (await alice.propfind(alice.calendar, 0, [set])).of(alice.calendar)
    expect(privilegesIn(props.get(set))).toEqual(expect.arrayContaining(['write', 'write-content']))
  })

  it('syncs with Depth 0 and keeps a token with a colon (EVO-02)', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    const body = `<?xml version="1.0" encoding="utf-8"?><D:sync-collection xmlns:D="DAV:"><D:sync-token/><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>`
    const answer = await multistatus(alice, 'REPORT', alice.contacts, { ...headers, Depth: '0' }, body)
    expect(answer.hrefs).toEqual([`${alice.contacts}a.vcf`])
    expect(answer.syncToken).toContain(':')
  })

  it('fetches without Depth, writes with conditions, and deletes with Schedule-Reply (EVO-06, MIN-31)', async () => {
    const alice = await server.account()
    const path = `${alice.calendar}evo.ics`
    const text = { ...headers, 'Content-Type': 'text/calendar; charset=utf-8' }
    const made = await alice.put(path, event('evo'), { ...text, 'If-None-Match': '*' })
    expect(made.status).toBe(201)
    const changed = event('evo', ['DTSTART:20260116T100000Z', 'X-EVOLUTION-CALDAV-HREF:x'])
    const second = await alice.put(path, changed, { ...text, 'If-Match': etagOf(made) })
    expect(second.status).toBe(204)
    expect(etagOf(second), 'strong, so that what was sent needs no reading back').not.toBe(etagOf(made))
    expect((await alice.put(path, event('evo'), { ...text, 'If-Match': etagOf(made) })).status).toBe(412)
    const body = `<?xml version="1.0" encoding="utf-8"?><C:calendar-multiget xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:D="DAV:"><D:prop><D:getetag/><C:calendar-data/></D:prop><D:href>${path}</D:href></C:calendar-multiget>`
    const read = (await multistatus(alice, 'REPORT', alice.calendar, headers, body)).of(path)
    expect([read.text(caldav('calendar-data')), read.text(dav('getetag'))]).toEqual([changed, etagOf(second)])
    const gone = await alice.delete(path, { ...headers, 'If-Match': etagOf(second), 'Schedule-Reply': 'F' })
    expect(gone.status).toBe(204)
  })

  it('takes a large contact in chunks, without a length (EVO-08, MIN-04)', async () => {
    const alice = await server.account()
    const photo = Buffer.alloc(10 * 2 ** 20, 0x41).toString('base64')
    const big = card('big', 'Big Photo', [`PHOTO;ENCODING=b;TYPE=JPEG:${photo}`])
    const path = `${alice.contacts}big.vcf`
    const text = { ...headers, 'Content-Type': 'text/vcard; charset=utf-8', 'Transfer-Encoding': 'chunked' }
    expect((await alice.put(path, big, text)).status).toBe(201)
    const names = [carddav('supported-address-data'), carddav('max-resource-size')]
    const { text: get } = (await alice.propfind(alice.contacts, 0, names)).of(alice.contacts)
    expect(Number(get(carddav('max-resource-size')))).toBeGreaterThan(Buffer.byteLength(big))
    expect((await alice.get(path)).body.equals(Buffer.from(big))).toBe(true)
  })
})
