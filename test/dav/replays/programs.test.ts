import { describe, expect, it } from 'vitest'
import { caldav, carddav, cs, dav } from '../../../protocol/dav/names.ts'
import { createClient } from '../client.ts'
import { calendar, card, event } from '../objects.ts'
import { useServer } from '../server.ts'
import { componentsIn, fixture, hrefElements, hrefsIn, multistatus } from './exchange.ts'

/**
 * SEQ-17: vdirsyncer, pimsync, tsdav, python-caldav and Home Assistant. The programs themselves run in `test:clients`;
 * here are the exact bytes of their odder requests. Nothing of the sequence is left out.
 */

const server = useServer()
const vdirsyncer = { 'User-Agent': 'vdirsyncer/0.20.0', 'Content-Type': 'application/xml; charset=UTF-8' }
const tsdav = { 'Content-Type': 'text/xml;charset=UTF-8', Accept: '*/*' }
const python = {
  'User-Agent': 'python-caldav/2.0.1',
  'Content-Type': 'text/xml',
  Accept: 'text/xml, text/calendar',
}

describe('SEQ-17 programs discover (RFC 6764 §5)', () => {
  it.each(['PROPFIND', 'GET', 'HEAD', 'OPTIONS', 'REPORT'])(
    'redirects %s without Depth and credentials (MIN-06, PYC-02)',
    async (method) => {
      const stranger = createClient(server.url)
      for (const service of ['caldav', 'carddav']) {
        const answer = await stranger.request(method, `/.well-known/${service}`, { headers: tsdav })
        expect([answer.status, answer.headers.location]).toEqual([301, `${server.url}/dav/`])
      }
    },
  )

  it('answers tsdav with an XML type, and numbers that stay text (TSD-02, TSD-04)', async () => {
    const alice = await server.account()
    const home = await alice.propfind(alice.calendars, 1, [cs('getctag'), dav('sync-token')], tsdav)
    for (const { text } of home.responses) {
      expect(text(cs('getctag'))).toMatch(/[a-z]/)
      expect(text(dav('sync-token'))).toMatch(/[a-z]/)
    }
    expect(
      hrefsIn(
        (await alice.propfind('/dav', 0, [dav('current-user-principal')])).responses[0]?.props.get(
          dav('current-user-principal'),
        ),
      ),
    ).toEqual([alice.principal])
  })
})

describe('SEQ-17 vdirsyncer and pimsync (RFC 5689, RFC 4791 §7.9)', () => {
  it('makes a collection of a resource type alone, with a name and components of its own (VDS-05)', async () => {
    const alice = await server.account()
    const body = `<?xml version="1.0" encoding="utf-8" ?>
            <mkcol xmlns="DAV:">
                <set>
                    <prop>
                        <resourcetype>
                            <collection/>
                            <C:calendar xmlns:C="urn:ietf:params:xml:ns:caldav"/>
                        </resourcetype>
                    </prop>
                </set>
            </mkcol>
        `
    const path = `${alice.calendars}from%20a%20pair/`
    expect((await alice.request('MKCOL', path, { headers: vdirsyncer, body })).status).toBe(201)
    const components = caldav('supported-calendar-component-set')
    const { text, props } = (await alice.propfind(path, 0, [dav('displayname'), components])).of(path)
    expect(text(dav('displayname'))).toBe('from a pair')
    expect(componentsIn(props.get(components))).toEqual(expect.arrayContaining(['VEVENT', 'VTODO']))
  })

  it('finds items whose names it spells its own way, and is told of each that is gone (VDS-02, VDS-03, MIN-13)', async () => {
    const alice = await server.account()
    const names = ['a@b:c.ics', 'blank here.ics', 'plus+sign.ics', 'ümlaut.ics', 'plain.ics']
    const encoded = (name: string) => encodeURIComponent(name)
    for (const name of names) {
      expect((await alice.put(alice.calendar + encoded(name), event(name))).status).toBe(201)
    }
    const spelled = (name: string) => alice.calendar + encodeURIComponent(name).replaceAll('%40', '@')
    const hrefs = [...names, 'gone.ics'].map(spelled)
    const body = `<?xml version="1.0" encoding="utf-8" ?>
            <C:calendar-multiget xmlns="DAV:"
                xmlns:C="urn:ietf:params:xml:ns:caldav">
                <prop>
                    <getetag/>
                    <C:calendar-data/>
                </prop>
                ${hrefElements('href', hrefs)}
            </C:calendar-multiget>`
    const answer = await multistatus(alice, 'REPORT', alice.calendar, vdirsyncer, body)
    const gone = `${alice.calendar}gone.ics`
    expect(answer.hrefs.toSorted()).toEqual(
      [...names.map((name) => alice.calendar + encoded(name)), gone].toSorted(),
    )
    expect(answer.of(gone).status).toBe(404)
    for (const name of names) {
      expect(answer.of(alice.calendar + encoded(name)).text(caldav('calendar-data'))).toBe(event(name))
    }
  })

  it('is understood with blanks before the root, no declaration, and odd attributes (VDS-04, VDS-07, MIN-16)', async () => {
    const alice = await server.account()
    const path = `${alice.contacts}v.vcf`
    const kept = card('v', 'Jane Doe', ['TEL;TYPE=pref:1'])
    await alice.put(path, kept)
    const body = (version: string) => `
            <C:addressbook-multiget xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav">
                <prop><getetag/><C:address-data Content-Type="text/vcard" Version="${version}"/></prop>
                <href>${path}</href>
            </C:addressbook-multiget>`
    const asked = async (version: string) =>
      (await multistatus(alice, 'REPORT', alice.contacts, vdirsyncer, body(version)))
        .of(path)
        .text(carddav('address-data'))
    expect(await asked('3.0')).toBe(kept)
    expect(await asked('4.0')).toBe(kept.replace('VERSION:3.0', 'VERSION:4.0').replace('TYPE=pref', 'PREF=1'))
  })

  it('lists members with types and ETags, and leaves out what XML cannot hold (VDS-01, VDS-06)', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}v.vcf`, card('v'))
    const body = `<?xml version="1.0" encoding="utf-8" ?>
            <propfind xmlns="DAV:">
                <prop>
                    <resourcetype/>
                    <getcontenttype/>
                    <getetag/>
                </prop>
            </propfind>`
    const list = await multistatus(alice, 'PROPFIND', alice.contacts, { ...vdirsyncer, Depth: '1' }, body)
    const { text, props } = list.of(`${alice.contacts}v.vcf`)
    expect(text(dav('getcontenttype'))).toContain('vcard')
    expect(text(dav('getetag'))).toMatch(/^"/)
    expect(props.get(dav('resourcetype'))?.children).toEqual([])
    expect(list.text).not.toMatch(/[\0-\x08\x0b\x0c\x0e-\x1f]/)
  })
})

describe('SEQ-17 tsdav (RFC 6578, RFC 4791 §7.8)', () => {
  it('syncs without Depth, with the level before the token, and asks for data (TSD-03)', async () => {
    const alice = await server.account()
    await alice.put(`${alice.calendar}t.ics`, event('t'))
    const body = `<?xml version="1.0" encoding="utf-8"?><d:sync-collection xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:card="urn:ietf:params:xml:ns:carddav" xmlns:oc="http://owncloud.org/ns"><d:sync-level>1</d:sync-level><d:sync-token></d:sync-token><d:prop><d:getetag/><c:calendar-data/></d:prop></d:sync-collection>`
    const answer = await multistatus(alice, 'REPORT', alice.calendar, tsdav, body)
    expect(answer.of(`${alice.calendar}t.ics`).text(caldav('calendar-data'))).toBe(event('t'))
    expect(answer.syncToken).toMatch(/^urn:/)
  })

  it('never finds a 404 in the answer of a query (TSD-05, MIN-30)', async () => {
    const alice = await server.account()
    await alice.put(`${alice.calendar}here.ics`, event('here'))
    await alice.put(`${alice.calendar}gone.ics`, event('gone'))
    await alice.delete(`${alice.calendar}gone.ics`)
    const body = `<?xml version="1.0" encoding="utf-8"?><c:calendar-query xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"><d:prop><d:getetag/></d:prop><c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"/></c:comp-filter></c:filter></c:calendar-query>`
    const answer = await multistatus(alice, 'REPORT', alice.calendar, { ...tsdav, Depth: '1' }, body)
    expect(answer.hrefs).toEqual([`${alice.calendar}here.ics`])
    expect(answer.text).not.toContain('404')
  })
})

describe('SEQ-17 python-caldav and Home Assistant (RFC 4791 §9.6.5)', () => {
  it('expands a series with an override and an EXDATE into instances in UTC (PYC-03, HAS-02)', async () => {
    const alice = await server.account()
    const series = calendar([
      'BEGIN:VTIMEZONE',
      'TZID:Europe/Berlin',
      'BEGIN:STANDARD',
      'DTSTART:19961027T030000',
      'TZOFFSETFROM:+0200',
      'TZOFFSETTO:+0100',
      'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
      'END:STANDARD',
      'END:VTIMEZONE',
      'BEGIN:VEVENT',
      'UID:daily',
      'DTSTAMP:20251201T000000Z',
      'DTSTART;TZID=Europe/Berlin:20251220T080000',
      'DTEND;TZID=Europe/Berlin:20251220T083000',
      'RRULE:FREQ=DAILY',
      'EXDATE;TZID=Europe/Berlin:20260103T080000',
      'SUMMARY:Daily',
      'END:VEVENT',
      'BEGIN:VEVENT',
      'UID:daily',
      'DTSTAMP:20251201T000000Z',
      'RECURRENCE-ID;TZID=Europe/Berlin:20260105T080000',
      'DTSTART;TZID=Europe/Berlin:20260105T100000',
      'DTEND;TZID=Europe/Berlin:20260105T103000',
      'SUMMARY:Later',
      'END:VEVENT',
    ])
    const path = `${alice.calendar}daily.ics`
    const put = { ...python, 'Content-Type': 'text/calendar; charset="utf-8"' }
    const created = await alice.put(path, series, put)
    const replaced = await alice.put(path, series.replace('SUMMARY:Later', 'SUMMARY:Late'), put)
    expect([created.status, replaced.status], 'never 200 (PYC-01)').toEqual([201, 204])
    const range = 'start="20260101T000000Z" end="20260108T000000Z"'
    const body = `<?xml version='1.0' encoding='utf-8'?>
<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><C:calendar-data><C:expand ${range}/></C:calendar-data></D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:time-range ${range}/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>`
    const answer = await multistatus(alice, 'REPORT', alice.calendar, { ...python, Depth: '1' }, body)
    const data = answer.of(path).text(caldav('calendar-data')) ?? ''
    expect(data).not.toMatch(/^(RRULE|RDATE|EXDATE|BEGIN:VTIMEZONE)/m)
    const lines = (name: string) =>
      [...data.matchAll(new RegExp(`^${name}[:;](.*)\r$`, 'gm'))].map(([, value]) => value).toSorted()
    const days = ['01', '02', '04', '05', '06', '07']
    expect(lines('RECURRENCE-ID')).toEqual(days.map((day) => `202601${day}T070000Z`))
    expect(lines('DTSTART')).toEqual(days.map((day) => `202601${day}T${day === '05' ? '09' : '07'}0000Z`))
    expect(lines('SUMMARY')).toEqual(['Daily', 'Daily', 'Daily', 'Daily', 'Daily', 'Late'])
  })

  it('looks up by UID, and takes everything from a bare VCALENDAR filter (PYC-04, OTH-06)', async () => {
    const alice = await server.account()
    const mixed = `${alice.calendars}mixed/`
    await alice.request('MKCALENDAR', mixed)
    await alice.put(`${mixed}one.ics`, event('uid-one'))
    await alice.put(`${mixed}two.ics`, event('uid-two'))
    const query = (inner: string) =>
      `<?xml version='1.0' encoding='utf-8'?>\n<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><C:calendar-data/></D:prop><C:filter><C:comp-filter name="VCALENDAR">${inner}</C:comp-filter></C:filter></C:calendar-query>`
    const byUid =
      '<C:comp-filter name="VEVENT"><C:prop-filter name="UID"><C:text-match collation="i;octet">uid-two</C:text-match></C:prop-filter></C:comp-filter>'
    const asked = { ...python, Depth: '1' }
    expect((await multistatus(alice, 'REPORT', mixed, asked, query(byUid))).hrefs).toEqual([
      `${mixed}two.ics`,
    ])
    const all = await multistatus(alice, 'REPORT', mixed, asked, query(''))
    expect(all.hrefs.toSorted()).toEqual([`${mixed}one.ics`, `${mixed}two.ics`])
  })

  it('falls back to a full listing after a made-up token, as Akonadi and python do (PYC-06, MIN-25)', async () => {
    const alice = await server.account()
    const body = fixture('davx5/sync.xml', { T: 'fake-sync-token-1' })
    const answer = await alice.request('REPORT', alice.calendar, { headers: { ...python, Depth: '1' }, body })
    expect(answer.status).toBe(403)
    expect(answer.headers['content-type']).toMatch(/^(text|application)\/xml/)
    expect(answer.text).toMatch(/^<\?xml/)
  })
})
