import { describe, expect, it } from 'vitest'
import { caldav, carddav, cs, dav, ical } from '../../protocol/dav/names.ts'
import { children, elements, textOf, type XmlElement } from '../../protocol/dav/xml-read.ts'
import {
  type Answer,
  type Client,
  type Headers,
  preconditionsOf,
  propfindBody,
  readMultistatus,
} from './client.ts'
import { card, event } from './objects.ts'
import { useServer } from './server.ts'

const propfind = (
  client: Client,
  path: string,
  body?: string | Uint8Array,
  headers: Headers = {},
): Promise<Answer> =>
  client.request('PROPFIND', path, {
    headers: { Depth: '0', ...headers },
    ...(body === undefined ? {} : { body }),
  })

const namesIn = (element: XmlElement | undefined): string[] =>
  element ? elements(element).map(({ name }) => name) : []

describe('RFC 4918 §9.1 PROPFIND', () => {
  const server = useServer()

  it('answers 207 in one XML type, with a declaration and prefixes on the root (MIN-15, TSD-04, PYC-06)', async () => {
    const alice = await server.account()
    const answer = await propfind(alice, alice.calendar, propfindBody([dav('displayname')]))
    expect(answer.status).toBe(207)
    expect(answer.headers['content-type']).toBe('application/xml; charset=utf-8')
    expect(answer.text).toMatch(/^<\?xml version="1\.0" encoding="utf-8"\?>\n<d:multistatus xmlns:d="DAV:"/)
    expect(answer.text).not.toContain('CDATA')
  })

  it('puts what was found first, with the exact status line, and the rest into one 404 (MIN-14, TBA-01, KDE-04)', async () => {
    const alice = await server.account()
    const names = '<d:displayname/><e:none xmlns:e="urn:example"/><d:getetag/><bare xmlns=""/>'
    const body = `<d:propfind xmlns:d="DAV:"><d:prop>${names}</d:prop></d:propfind>`
    const answer = readMultistatus(await propfind(alice, alice.contacts, body))
    const response = answer.of(alice.contacts)
    expect(response.propstatLines).toEqual(['HTTP/1.1 200 OK', 'HTTP/1.1 404 Not Found'])
    expect([...response.props.keys()]).toEqual([dav('displayname')])
    expect(response.namesWith(404)).toEqual(['{urn:example}none', dav('getetag'), 'bare'])
  })

  it('answers 404 to a client that asks only for what is not there, as a propstat', async () => {
    const alice = await server.account()
    const answer = await alice.propfind(alice.contacts, 0, ['{urn:example}none'])
    expect(answer.of(alice.contacts).propstatLines).toEqual(['HTTP/1.1 404 Not Found'])
  })

  it('lists the resource first and its members after it, each with a resourcetype (MIN-14, TBC-01, VDS-01)', async () => {
    const alice = await server.account()
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    await alice.put(`${alice.calendar}b.ics`, event('b'))
    const answer = await alice.propfind(alice.calendar, 1, [
      dav('resourcetype'),
      dav('getcontenttype'),
      dav('getetag'),
    ])
    expect(answer.hrefs).toEqual([alice.calendar, `${alice.calendar}a.ics`, `${alice.calendar}b.ics`])
    const [own, ...members] = answer.responses
    expect(namesIn(own?.props.get(dav('resourcetype')))).toEqual([dav('collection'), caldav('calendar')])
    for (const { props, text } of members) {
      expect(namesIn(props.get(dav('resourcetype')))).toEqual([])
      expect(text(dav('getcontenttype'))).toMatch(/^text\/calendar; ?charset=utf-8/)
      expect(text(dav('getetag'))).toMatch(/^"[^"]+"$/)
    }
  })

  it('gives the whole home with Depth 1, default collections first (MIN-36, ABK-02)', async () => {
    const alice = await server.account()
    await alice.request('MKCALENDAR', `${alice.calendars}a/`)
    const listing = await alice.propfind(alice.calendars, 1, [dav('resourcetype')])
    expect(listing.hrefs).toEqual([alice.calendars, alice.calendar, alice.tasks, `${alice.calendars}a/`])
  })

  it('takes a missing Depth for 0, and refuses infinity and others (MIN-17, DFS-04, §9.1)', async () => {
    const alice = await server.account()
    const body = propfindBody([dav('resourcetype')])
    const none = await alice.request('PROPFIND', alice.calendars, { body })
    expect(readMultistatus(none).hrefs).toEqual([alice.calendars])
    for (const path of ['/', alice.calendars, alice.calendar]) {
      for (const depth of ['infinity', 'Infinity']) {
        const answer = await propfind(alice, path, body, { Depth: depth })
        expect([answer.status, ...preconditionsOf(answer)]).toEqual([403, dav('propfind-finite-depth')])
      }
    }
    for (const depth of ['2', 'x', ''])
      expect((await propfind(alice, '/', body, { Depth: depth })).status).toBe(400)
  })

  it('answers 404 for what is not there, in whatever depth of the tree', async () => {
    const alice = await server.account()
    for (const path of [
      `${alice.calendars}none/`,
      `${alice.calendars}none/a.ics`,
      `${alice.calendar}none.ics`,
      '/dav/none/',
    ]) {
      expect((await propfind(alice, path)).status, path).toBe(404)
      expect((await alice.request('PROPPATCH', path)).status, path).toBe(404)
    }
    expect((await propfind(alice, `${alice.calendar}none/below/`)).status).toBe(404)
  })

  it('answers a folder without its slash directly, and says where it is (MIN-10, TBC-09)', async () => {
    const alice = await server.account()
    for (const path of [
      '/dav/',
      '/principals/',
      alice.principal,
      alice.calendars,
      alice.books,
      alice.calendar,
      alice.contacts,
    ]) {
      const answer = await propfind(alice, path.slice(0, -1), propfindBody([dav('resourcetype')]))
      expect(answer.status).toBe(207)
      expect(answer.headers['content-location']).toBe(path)
      expect(readMultistatus(answer).hrefs).toEqual([path])
      const slashed = await propfind(alice, path)
      expect(slashed.headers['content-location']).toBeUndefined()
    }
  })
})

describe('RFC 4918 §14.20 what a PROPFIND asks for', () => {
  const server = useServer()
  const x = 'xmlns="DAV:"'

  it('everything, where the body is empty (DFS-06)', async () => {
    const alice = await server.account()
    for (const path of [alice.calendars, alice.calendar, alice.principal]) {
      const empty = await propfind(alice, path)
      const allprop = await propfind(alice, path, `<propfind ${x}><allprop/></propfind>`)
      expect(empty.status).toBe(207)
      expect(empty.text).toBe(allprop.text)
    }
  })

  it('allprop: the properties of RFC 4918 and dead ones; others when included (§9.1, DFS-04)', async () => {
    const alice = await server.account()
    await setDead(alice, alice.calendar)
    const answer = readMultistatus(
      await propfind(alice, alice.calendar, `<propfind ${x}><allprop/></propfind>`),
    )
    const { props } = answer.of(alice.calendar)
    const basic = ['resourcetype', 'displayname', 'creationdate', 'supportedlock', 'lockdiscovery'].map(dav)
    expect([...props.keys()].sort()).toEqual([...basic, '{urn:example}dead'].sort())
    const include = `<propfind ${x}><allprop/><include><sync-token/><supported-report-set/><none/></include></propfind>`
    const more = readMultistatus(await propfind(alice, alice.calendar, include)).of(alice.calendar).props
    expect([...more.keys()]).toEqual(
      expect.arrayContaining([...basic, dav('sync-token'), dav('supported-report-set')]),
    )
  })

  it('allprop on members: all of RFC 4918 that a member has', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    const answer = readMultistatus(await propfind(alice, alice.contacts, undefined, { Depth: '1' }))
    const names = [
      'resourcetype',
      'creationdate',
      'getlastmodified',
      'getcontentlength',
      'getcontenttype',
      'getetag',
      'supportedlock',
      'lockdiscovery',
    ]
    const { props } = answer.of(`${alice.contacts}a.vcf`)
    expect([...props.keys()].sort()).toEqual(names.map(dav).sort())
  })

  it('propname: names without values, of every kind of resource at Depth 0 and 1 (DFS-04)', async () => {
    const alice = await server.account()
    await setDead(alice, alice.calendar)
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    for (const path of ['/', alice.principal, alice.calendars, alice.books, alice.calendar, alice.contacts]) {
      const named = readMultistatus(
        await propfind(alice, path, `<propfind ${x}><propname/></propfind>`, { Depth: '1' }),
      )
      for (const { href, props, propstatLines } of named.responses) {
        expect(propstatLines).toEqual(['HTTP/1.1 200 OK'])
        for (const element of props.values()) expect(element.children, element.name).toEqual([])
        const asked = (await alice.propfind(href, 0, [...props.keys()])).of(href)
        expect(asked.namesWith(404), href).toEqual([])
      }
    }
    const { props } = readMultistatus(
      await propfind(alice, alice.calendar, `<propfind ${x}><propname/></propfind>`),
    ).of(alice.calendar)
    expect([...props.keys()]).toEqual(
      expect.arrayContaining([dav('sync-token'), cs('getctag'), '{urn:example}dead']),
    )
  })

  it('each name once, unknown elements passed over, prefixes as the client likes (MIN-16)', async () => {
    const alice = await server.account()
    const bodies = [
      `<propfind ${x}><prop><displayname/><displayname/></prop></propfind>`,
      `\r\n  <A:propfind xmlns:A="DAV:" xmlns:B="DAV:"><future/><A:prop><B:displayname/></A:prop></A:propfind>`,
      `\uFEFF<?xml version="1.0"?><propfind ${x} xmlns:D="DAV:" odd="1"><prop><D:displayname xml:lang="en">x</D:displayname></prop></propfind>`,
      `<!-- c --><propfind ${x}><?pi x?><prop><displayname></displayname></prop></propfind>`,
    ]
    for (const body of bodies) {
      const { props } = readMultistatus(await propfind(alice, alice.calendar, body)).of(alice.calendar)
      expect([...props.keys()], body).toEqual([dav('displayname')])
    }
    const utf16 = Buffer.from(`\uFEFF<?xml version="1.0" encoding="utf-16"?>${bodies[0]}`, 'utf16le')
    expect((await propfind(alice, alice.calendar, utf16)).status, 'OTH-04').toBe(207)
  })

  it('is read whatever the media type says (MIN-16)', async () => {
    const alice = await server.account()
    const body = propfindBody([dav('displayname')])
    for (const type of ['text/xml', 'application/xml; charset="utf-8"', 'text/plain', 'nonsense']) {
      expect((await propfind(alice, '/', body, { 'Content-Type': type })).status).toBe(207)
    }
  })

  it('is refused with 4xx when it is no such thing (behaviours: bad bodies)', async () => {
    const alice = await server.account()
    const bad = [
      'hello',
      '<propfind xmlns="DAV:">',
      '<propfind xmlns="DAV:"/>',
      '<propfind/>',
      '<propertyupdate xmlns="DAV:"/>',
      `<propfind ${x}><unknown/></propfind>`,
      `<propfind ${x}><prop/><allprop/></propfind>`,
      `<propfind ${x}><prop><n:a/></prop></propfind>`,
      `<propfind ${x}><prop>&undefined;</prop></propfind>`,
      `<!DOCTYPE a [<!ENTITY b "c">]><propfind ${x}><prop/></propfind>`,
      `<?xml version="1.0" encoding="ebcdic"?><propfind ${x}><prop/></propfind>`,
      Buffer.from([0xff, 0xff, 0x3c]),
    ]
    for (const body of bad) expect((await propfind(alice, '/', body)).status, String(body)).toBe(400)
  })
})

describe('RFC 4918 §15 the properties clients rely on', () => {
  const server = useServer()
  const always = [
    ...[
      'resourcetype',
      'displayname',
      'sync-token',
      'supported-report-set',
      'current-user-privilege-set',
    ].map(dav),
    ...['owner', 'current-user-principal'].map(dav),
    cs('getctag'),
  ]
  const calendarsAlways = [
    ...always,
    ...['supported-calendar-component-set', 'supported-calendar-data', 'max-resource-size'].map(caldav),
    caldav('schedule-calendar-transp'),
    ical('calendar-color'),
    ical('calendar-order'),
  ]
  const booksAlways = [...always, ...['supported-address-data', 'max-resource-size'].map(carddav)]

  it('stand on every calendar, seeded or made without a body (MIN-18, EVO-01, OCS-02, OCS-03, TSK-01)', async () => {
    const alice = await server.account()
    await alice.request('MKCALENDAR', `${alice.calendars}bare/`)
    await alice.request('MKCOL', `${alice.calendars}plain/`)
    const listing = await alice.propfind(alice.calendars, 1, calendarsAlways)
    expect(listing.responses).toHaveLength(5)
    for (const { href, namesWith, text, props } of listing.responses.slice(1)) {
      expect(namesWith(404), href).toEqual([])
      expect(text(dav('displayname'))).not.toBe('')
      expect(text(ical('calendar-color'))).toMatch(/^#[0-9A-F]{6}([0-9A-F]{2})?$/i)
      expect(text(cs('getctag')), 'TSD-02').toMatch(/\D/)
      expect(text(dav('sync-token')), 'EVO-02').toContain(':')
      expect(namesIn(props.get(dav('resourcetype')))).toEqual([dav('collection'), caldav('calendar')])
    }
    expect(listing.of(`${alice.calendars}bare/`).text(dav('displayname')), 'VDS-05').toBe('bare')
  })

  it('stand on every book (MIN-18, ABK-03, ABK-05, KDE-07, DVX-09)', async () => {
    const alice = await server.account()
    await alice.request('MKCOL', `${alice.books}bare/`)
    const listing = await alice.propfind(alice.books, 1, booksAlways)
    for (const { href, namesWith, text, props } of listing.responses.slice(1)) {
      expect(namesWith(404), href).toEqual([])
      expect(text(dav('displayname'))).not.toBe('')
      expect(Number(text(carddav('max-resource-size')))).toBeGreaterThanOrEqual(10 * 1024 * 1024)
      const versions = props.get(carddav('supported-address-data'))
      expect(versions && elements(versions).map(({ attributes }) => attributes.get('version'))).toEqual([
        '3.0',
        '4.0',
        '4.0',
      ])
    }
    expect(listing.responses).toHaveLength(3)
  })

  it('seed one component each, for Calendar and for Reminders (IOS-06, OTH-01, MIN-36)', async () => {
    const alice = await server.account()
    const set = caldav('supported-calendar-component-set')
    const listing = await alice.propfind(alice.calendars, 1, [set])
    const componentsOf = (href: string) => {
      const found = listing.of(href).props.get(set)
      return found && elements(found).map(({ attributes }) => attributes.get('name'))
    }
    expect(componentsOf(alice.calendar)).toEqual(['VEVENT'])
    expect(componentsOf(alice.tasks)).toEqual(['VTODO'])
  })

  it('list privileges flat, each in an element of its own (MIN-19, OCS-04, EVO-03)', async () => {
    const alice = await server.account()
    const name = dav('current-user-privilege-set')
    for (const href of [alice.calendars, alice.calendar, alice.books, alice.contacts]) {
      const set = (await alice.propfind(href, 0, [name])).of(href).props.get(name)
      const privileges = set ? children(set, dav('privilege')).map((privilege) => namesIn(privilege)) : []
      const wanted = ['read', 'write', 'write-properties', 'write-content', 'bind', 'unbind', 'all']
      expect(privileges.every((names) => names.length === 1)).toBe(true)
      expect(privileges.flat()).toEqual(
        expect.arrayContaining([...wanted, 'read-current-user-privilege-set'].map(dav)),
      )
    }
  })

  it('describe members: type, length, dates and a strong ETag that GET repeats (MIN-29)', async () => {
    const alice = await server.account()
    const body = event('a', ['DTSTART:20260101T000000Z', 'SUMMARY:Grüße'])
    await alice.put(`${alice.calendar}a.ics`, body)
    const names = ['getetag', 'getcontenttype', 'getcontentlength', 'getlastmodified', 'creationdate'].map(
      dav,
    )
    const { text } = (await alice.propfind(`${alice.calendar}a.ics`, 0, names)).of(`${alice.calendar}a.ics`)
    const got = await alice.get(`${alice.calendar}a.ics`)
    expect(text(dav('getetag'))).toBe(got.headers.etag)
    expect(text(dav('getcontenttype'))).toBe(got.headers['content-type'])
    expect(text(dav('getcontentlength'))).toBe(String(Buffer.byteLength(body)))
    expect(text(dav('getlastmodified'))).toBe(new Date(server.clock.now).toUTCString())
    expect(text(dav('creationdate'))).toBe('2026-01-15T12:00:00Z')
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    const type = (await alice.propfind(`${alice.contacts}a.vcf`, 0, [dav('getcontenttype')])).responses[0]
    expect(type?.text(dav('getcontenttype'))).toBe('text/vcard; charset=utf-8')
  })

  it('do not give a collection a length, a type or an ETag of a member (behaviours)', async () => {
    const alice = await server.account()
    const names = ['getcontentlength', 'getcontenttype', 'getetag'].map(dav)
    for (const href of [alice.calendar, alice.contacts, alice.calendars]) {
      expect((await alice.propfind(href, 0, names)).of(href).namesWith(404)).toEqual(names)
    }
  })

  it('name the reports of each kind of resource, and no other (RFC 3253 §3.1.5, EVO, DVX-04)', async () => {
    const alice = await server.account()
    const name = dav('supported-report-set')
    const reportsOf = async (href: string): Promise<string[]> => {
      const set = (await alice.propfind(href, 0, [name])).of(href).props.get(name)
      return set
        ? children(set, dav('supported-report')).flatMap((each) => elements(each).flatMap(namesIn))
        : []
    }
    const calendar = await reportsOf(alice.calendar)
    const book = await reportsOf(alice.contacts)
    expect(calendar).toEqual(
      expect.arrayContaining([dav('sync-collection'), caldav('calendar-query'), caldav('calendar-multiget')]),
    )
    expect(book).toEqual(
      expect.arrayContaining([
        dav('sync-collection'),
        carddav('addressbook-query'),
        carddav('addressbook-multiget'),
      ]),
    )
    expect(calendar).not.toContain(carddav('addressbook-query'))
    expect(book).not.toContain(caldav('calendar-query'))
    for (const home of [alice.calendars, alice.books])
      expect(await reportsOf(home)).toContain(dav('sync-collection'))
    expect(await reportsOf(alice.principal)).not.toContain(dav('sync-collection'))
  })

  it('escape what XML needs escaped, and drop what it cannot hold (VDS-06, MRD-07)', async () => {
    const alice = await server.account()
    const value =
      '<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><d:displayname>100% &lt;b> &amp; &quot;c&quot; ]]&gt; é&#13;</d:displayname></d:prop></d:set></d:propertyupdate>'
    expect((await alice.request('PROPPATCH', alice.calendar, { body: value })).status).toBe(207)
    const got = (await alice.propfind(alice.calendar, 0, [dav('displayname')])).of(alice.calendar)
    expect(got.text(dav('displayname'))).toBe('100% <b> & "c" ]]> é\r')
    expect(textOf(got.element)).toContain('100%')
  })
})

async function setDead(client: Client, path: string): Promise<void> {
  const body =
    '<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><e:dead xmlns:e="urn:example">kept</e:dead></d:prop></d:set></d:propertyupdate>'
  expect((await client.request('PROPPATCH', path, { body })).status).toBe(207)
}
