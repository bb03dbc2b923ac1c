import { describe, expect, it } from 'vitest'
import { caldav, carddav, cs, dav, ical } from '../../../protocol/dav/names.ts'
import { elements, type XmlElement } from '../../../protocol/dav/xml-read.ts'
import { preconditionsOf } from '../client.ts'
import { card, event, lines, todo } from '../objects.ts'
import { useServer } from '../server.ts'
import {
  componentsIn,
  davTokens,
  etagOf,
  fixture,
  hrefElements,
  hrefsIn,
  multistatus,
  privilegesIn,
} from './exchange.ts'

/**
 * SEQ-09 to SEQ-11: DAVx5 sets up an account, syncs contacts and tasks, and makes a calendar.
 * Left out with the features that bring them: push topics and transports, delegates, schedule tags.
 */

const headers = {
  'User-Agent': 'DAVx5/4.5.6-ose (at.bitfire.davdroid) dav4jvm (okhttp/5.1.0) Android/15',
  'Content-Type': 'application/xml; charset=utf-8',
  'Accept-Encoding': 'gzip',
  Accept: '*/*',
}
const server = useServer()
const push = (local: string) => `{https://bitfire.at/webdav-push}${local}`

describe('SEQ-09 DAVx5 finds everything from the address alone (RFC 6764, RFC 4791 §6.2.1)', () => {
  it('goes from / to the principal, whose OPTIONS says both services, without a redirect (DVX-01, DVX-02)', async () => {
    const alice = await server.account({ email: 'alice@example.org' })
    const asked = { ...headers, Depth: '0' }
    const root = await multistatus(alice, 'PROPFIND', '/', asked, fixture('davx5/caldav-detect.xml'))
    const [principal = ''] = hrefsIn(root.of('/').props.get(dav('current-user-principal')))
    expect(principal).toBe(alice.principal)
    const identity = { ...headers, 'Accept-Encoding': 'identity', 'Content-Length': '0' }
    const options = await alice.request('OPTIONS', principal, { headers: identity })
    expect([options.status, options.text]).toEqual([200, ''])
    expect(davTokens(options)).toEqual(expect.arrayContaining(['calendar-access', 'addressbook']))
    const found = await multistatus(alice, 'PROPFIND', principal, asked, fixture('davx5/principal.xml'))
    const { props, text } = found.of(principal)
    expect(hrefsIn(props.get(caldav('calendar-home-set')))).toEqual([alice.calendars])
    expect(text(dav('group-membership')), 'empty, but there').toBe('')
  })

  it('lists a home whose hrefs begin with the request path, with an owner that can be asked (DVX-03, DVX-14)', async () => {
    const alice = await server.account()
    const asked = { ...headers, Depth: '1' }
    const list = await multistatus(
      alice,
      'PROPFIND',
      alice.calendars,
      asked,
      fixture('davx5/calendar-home.xml'),
    )
    expect(list.hrefs).toEqual([alice.calendars, alice.calendar, alice.tasks])
    for (const href of [alice.calendar, alice.tasks]) {
      expect(href.startsWith(alice.calendars)).toBe(true)
      const { props, namesWith } = list.of(href)
      const [owner = ''] = hrefsIn(props.get(dav('owner')))
      const named = await alice.propfind(owner, 0, [dav('displayname')])
      expect(named.of(owner).text(dav('displayname'))).toBe(alice.name)
      const privileges = privilegesIn(props.get(dav('current-user-privilege-set')))
      expect(privileges).toEqual(expect.arrayContaining(['write-content', 'unbind', 'bind']))
      expect(componentsIn(props.get(caldav('supported-calendar-component-set')))).toHaveLength(1)
      expect(namesWith(404)).toEqual(expect.arrayContaining([push('topic'), push('transports')]))
    }
  })
})

describe('SEQ-10 DAVx5 syncs contacts (RFC 6578, RFC 6352 §8.7)', () => {
  const sync = (token: string) => fixture('davx5/sync.xml', { T: token })
  const asked = { ...headers, Depth: '0' }
  const multiget = (hrefs: readonly string[], version: string) =>
    `<?xml version='1.0' encoding='UTF-8' ?><CARD:addressbook-multiget xmlns="DAV:" xmlns:CARD="urn:ietf:params:xml:ns:carddav"><prop><getcontenttype /><getetag /><CARD:address-data content-type="text/vcard"${version} /></prop>${hrefElements('href', hrefs)}</CARD:addressbook-multiget>`

  const supported = (props: ReadonlyMap<string, XmlElement>): XmlElement => {
    const found = props.get(carddav('supported-address-data'))
    if (!found) throw new Error('The book does not say what it holds.')
    return found
  }

  it('reads the state of a book, and finds sync-collection in it (MIN-18, DVX-09)', async () => {
    const alice = await server.account()
    const body = fixture('davx5/book-state.xml')
    const { props, text } = (await multistatus(alice, 'PROPFIND', alice.contacts, asked, body)).of(
      alice.contacts,
    )
    expect(text(dav('sync-token'))).toMatch(/^urn:/)
    expect(text(cs('getctag'))).toBeTruthy()
    const reports = props.get(dav('supported-report-set'))
    expect(JSON.stringify(reports?.children)).toContain('{DAV:}sync-collection')
    const types = elements(supported(props))
    expect(types.map(({ attributes }) => attributes.get('version')).slice(0, 2)).toEqual(['3.0', '4.0'])
  })

  it('asks for 4.0 since it is offered, gets it of cards of either version, and GET agrees (DVX-09, ABK-09)', async () => {
    const alice = await server.account()
    const [older, newer] = [`${alice.contacts}3.vcf`, `${alice.contacts}4.vcf`]
    const ofIphone = card('3', 'Jane Doe', [
      'item1.TEL;type=CELL;type=VOICE;type=pref:1',
      'item1.X-ABLabel:Mobile',
    ])
    const own = lines(['BEGIN:VCARD', 'VERSION:4.0', 'UID:4', 'FN:Four', 'BDAY:--0229', 'END:VCARD'])
    await alice.put(older, ofIphone)
    await alice.put(newer, own)
    const body = multiget([older, newer], ' version="4.0"')
    const answer = await multistatus(alice, 'REPORT', alice.contacts, asked, body)
    const [first = '', second = ''] = answer.responses.map(({ text }) => text(carddav('address-data')))
    expect(first).toMatch(/^BEGIN:VCARD\r\nVERSION:4\.0\r\n/)
    expect(first).toMatch(/^item1\.TEL;.*PREF=1.*:1\r\nitem1\.X-ABLabel:Mobile\r$/m)
    expect(second).toBe(own)
    const got = await alice.get(older, { ...headers, Accept: 'text/vcard;version=4.0' })
    expect(got.text).toBe(first)
    expect(answer.of(older).text(dav('getetag'))).toBe(got.headers.etag)
    expect(answer.of(older).text(dav('getcontenttype'))).toBe('text/vcard; charset=utf-8')
    expect((await alice.get(older)).text, 'as the iPhone wrote it').toBe(ofIphone)
  })

  it('fetches by tens, writes, and hears of a deletion only as 404 (DVX-04, DVX-06, MIN-26)', async () => {
    const alice = await server.account()
    const paths = Array.from({ length: 12 }, (_, n) => `${alice.contacts}${n}@phone.vcf`.replace('@', '%40'))
    for (const [n, path] of paths.entries()) await alice.put(path, card(`${n}@phone`))
    const first = await multistatus(alice, 'REPORT', alice.contacts, asked, sync(''))
    expect(first.hrefs).toEqual(paths)
    for (const { text } of first.responses) expect(text(dav('getetag'))).toMatch(/^"[^"]+"$/)
    const got: string[] = []
    for (let at = 0; at < first.hrefs.length; at += 10) {
      const body = multiget(first.hrefs.slice(at, at + 10), '')
      const { responses } = await multistatus(alice, 'REPORT', alice.contacts, asked, body)
      for (const { text } of responses) got.push(text(carddav('address-data')) ?? '')
    }
    expect(got).toEqual(paths.map((_, n) => card(`${n}@phone`)))

    const text = { ...headers, 'Content-Type': 'text/vcard;charset=utf-8', 'If-None-Match': '*' }
    const made = await alice.put(`${alice.contacts}new.vcf`, card('new'), text)
    expect([made.status, etagOf(made) !== '']).toEqual([201, true])
    const afterPut = await multistatus(alice, 'REPORT', alice.contacts, asked, sync(first.syncToken ?? ''))
    expect(afterPut.responses.map(({ href, text: get }) => [href, get(dav('getetag'))])).toEqual([
      [`${alice.contacts}new.vcf`, made.headers.etag],
    ])
    expect((await alice.delete(paths[4] ?? '', { ...headers, 'If-Match': '*' })).status).toBe(204)
    const afterDelete = await multistatus(
      alice,
      'REPORT',
      alice.contacts,
      asked,
      sync(afterPut.syncToken ?? ''),
    )
    expect(afterDelete.responses.map(({ href, status }) => [href, status])).toEqual([[paths[4], 404]])
    expect(afterDelete.responses[0]?.propstatLines).toEqual([])
  })

  it('loops over a cut answer until it has all (DVX-07, RFC 6578 §3.6)', async () => {
    const alice = await server.account()
    for (let n = 0; n < 7; n += 1) await alice.put(`${alice.contacts}${n}.vcf`, card(String(n)))
    const cut = (token: string) =>
      sync(token).replace('<prop>', '<limit><nresults>3</nresults></limit><prop>')
    const seen: string[] = []
    let token = ''
    for (let round = 0; round < 3; round += 1) {
      const answer = await multistatus(alice, 'REPORT', alice.contacts, asked, cut(token))
      const isCut = answer.responses.some(({ href, status }) => href === alice.contacts && status === 507)
      expect(isCut).toBe(round < 2)
      seen.push(...answer.hrefs.filter((href) => href !== alice.contacts))
      token = answer.syncToken ?? ''
    }
    expect(seen).toEqual(Array.from({ length: 7 }, (_, n) => `${alice.contacts}${n}.vcf`))
  })

  it('writes a card as 4.0 if told to, and gets it back as 4.0 (TBA-05, EVO-06)', async () => {
    const alice = await server.account()
    const body = lines(['BEGIN:VCARD', 'VERSION:4.0', 'UID:urn:uuid:4a', 'FN:Four', 'END:VCARD'])
    const path = `${alice.contacts}4a.vcf`
    const text = { ...headers, 'Content-Type': 'text/vcard;version=4.0', 'If-None-Match': '*' }
    expect(etagOf(await alice.put(path, body, text))).toBeTruthy()
    const read = await multistatus(alice, 'REPORT', alice.contacts, asked, multiget([path], ' version="4.0"'))
    expect(read.of(path).text(carddav('address-data'))).toBe(body)
    const bare = body.replace('urn:uuid:', '')
    const update = { ...headers, 'Content-Type': 'text/vcard;version=4.0', 'If-Match': '*' }
    expect((await alice.put(path, bare, update)).status, 'without urn:uuid: (DVX-10)').toBe(204)
  })

  it('starts again when told that its token is not known (DVX-05, MIN-25)', async () => {
    const alice = await server.account()
    const refused = await alice.request('REPORT', alice.contacts, {
      headers: asked,
      body: sync('urn:x:gone'),
    })
    expect(refused.status).toBe(403)
    expect(preconditionsOf(refused)).toEqual([dav('valid-sync-token')])
  })
})

describe('SEQ-11 DAVx5 makes a calendar and asks for tasks (RFC 4791 §5.3.1, §7.8)', () => {
  it('gets 201 and nothing else, and every property back (DVX-08, MIN-22)', async () => {
    const alice = await server.account()
    const path = `${alice.calendars}0e1f3c5a-0000-4000-8000-000000000001/`
    const made = await alice.request('MKCALENDAR', path, {
      headers,
      body: fixture('davx5/make-calendar.xml'),
    })
    expect([made.status, made.text]).toEqual([201, ''])
    const names = [dav('displayname'), caldav('calendar-description'), ical('calendar-color')]
    const zone = caldav('calendar-timezone-id')
    const { text, props } = (
      await alice.propfind(path, 0, [...names, zone, caldav('supported-calendar-component-set')])
    ).of(path)
    expect(names.map(text)).toEqual(['Work & play', 'Made on a phone', '#FF8800FF'])
    expect(text(zone)).toBe('Europe/Vienna')
    expect(componentsIn(props.get(caldav('supported-calendar-component-set')))).toEqual(['VEVENT'])
    expect((await alice.delete(path, headers)).status, 'without conditions').toBe(204)
  })

  it('finds tasks where there are, and an empty 207 on a calendar of events (MIN-30, KDE-01)', async () => {
    const alice = await server.account()
    await alice.put(`${alice.calendar}e.ics`, event('e'))
    await alice.put(`${alice.tasks}t.ics`, todo('t'))
    const asked = { ...headers, Depth: '1' }
    const body = fixture('davx5/tasks.xml')
    expect((await multistatus(alice, 'REPORT', alice.calendar, asked, body)).responses).toEqual([])
    expect((await multistatus(alice, 'REPORT', alice.tasks, asked, body)).hrefs).toEqual([
      `${alice.tasks}t.ics`,
    ])
  })

  it('fetches a task by multiget without Depth (DVX-04)', async () => {
    const alice = await server.account()
    const path = `${alice.tasks}t.ics`
    await alice.put(path, todo('t'))
    const body = `<?xml version='1.0' encoding='UTF-8' ?><CAL:calendar-multiget xmlns="DAV:" xmlns:CAL="urn:ietf:params:xml:ns:caldav"><prop><getcontenttype /><getetag /><CAL:schedule-tag /><CAL:calendar-data /></prop><href>${path}</href></CAL:calendar-multiget>`
    const { text, propstatLines } = (await multistatus(alice, 'REPORT', alice.tasks, headers, body)).of(path)
    expect(propstatLines[0]).toBe('HTTP/1.1 200 OK')
    expect(text(caldav('calendar-data'))).toBe(todo('t'))
  })
})
