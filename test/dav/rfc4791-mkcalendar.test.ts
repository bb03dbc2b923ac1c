import { describe, expect, it } from 'vitest'
import { caldav, carddav, cs, dav, ical } from '../../protocol/dav/names.ts'
import { child, children, elements, readXml, textOf } from '../../protocol/dav/xml-read.ts'
import { type Answer, type Client, preconditionsOf } from './client.ts'
import { card, event, todo } from './objects.ts'
import { useServer } from './server.ts'

const namespaces =
  'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:card="urn:ietf:params:xml:ns:carddav" xmlns:i="http://apple.com/ns/ical/" xmlns:cs="http://calendarserver.org/ns/"'
const mkcalendarBody = (props: string): string =>
  `<c:mkcalendar ${namespaces}><d:set><d:prop>${props}</d:prop></d:set></c:mkcalendar>`
const mkcolBody = (props: string): string =>
  `<d:mkcol ${namespaces}><d:set><d:prop>${props}</d:prop></d:set></d:mkcol>`
const typeOf = (types: string): string => `<d:resourcetype><d:collection/>${types}</d:resourcetype>`
const comps = (names: string): string => {
  const list = names.split(' ').map((name) => `<c:comp name="${name}"/>`)
  return `<c:supported-calendar-component-set>${list.join('')}</c:supported-calendar-component-set>`
}

const make = (client: Client, method: string, path: string, body?: string): Promise<Answer> =>
  client.request(method, path, body === undefined ? {} : { body })

const refusal = (answer: Answer): unknown[] => [answer.status, ...preconditionsOf(answer)]

async function componentsOf(client: Client, path: string): Promise<(string | undefined)[]> {
  const name = caldav('supported-calendar-component-set')
  const found = (await client.propfind(path, 0, [name])).of(path).props.get(name)
  return found ? elements(found).map(({ attributes }) => attributes.get('name')) : []
}

async function typesOf(client: Client, path: string): Promise<string[]> {
  const name = dav('resourcetype')
  const found = (await client.propfind(path, 0, [name])).of(path).props.get(name)
  return found ? elements(found).map((element) => element.name) : []
}

describe('RFC 4791 §5.3.1 MKCALENDAR', () => {
  const server = useServer()

  it('answers 201 without a body, with and without the slash, and the home tells of it (DVX-08, MIN-22)', async () => {
    const alice = await server.account()
    for (const name of ['a/', 'b']) {
      const token = (await alice.sync(alice.calendars, '')).syncToken ?? ''
      const answer = await make(alice, 'MKCALENDAR', `${alice.calendars}${name}`)
      expect([answer.status, answer.text, answer.headers['cache-control']]).toEqual([201, '', 'no-cache'])
      const path = `${alice.calendars}${name.replace('/', '')}/`
      expect((await alice.sync(alice.calendars, token)).hrefs).toEqual([path])
      expect(await typesOf(alice, path)).toEqual([dav('collection'), caldav('calendar')])
      expect(await componentsOf(alice, path)).toEqual(['VEVENT', 'VTODO', 'VJOURNAL'])
    }
  })

  it('keeps what Apple sets: one component, colour with its attribute, order, name (SEQ-03, IOS-06, IOS-07)', async () => {
    const alice = await server.account()
    const path = `${alice.calendars}7D1C/`
    const props = `<i:calendar-order>3</i:calendar-order>${comps('VTODO')}<i:calendar-color symbolic-color="blue">#1BADF8FF</i:calendar-color><d:displayname>Groceries</d:displayname>`
    expect((await make(alice, 'MKCALENDAR', path, mkcalendarBody(props))).status).toBe(201)
    expect(await componentsOf(alice, path)).toEqual(['VTODO'])
    const names = [ical('calendar-order'), ical('calendar-color'), dav('displayname')]
    const made = (await alice.propfind(path, 0, names)).of(path)
    expect(names.map((name) => made.text(name))).toEqual(['3', '#1BADF8FF', 'Groceries'])
    expect(made.props.get(ical('calendar-color'))?.attributes.get('symbolic-color')).toBe('blue')
    expect((await alice.put(`${path}a.ics`, event('a'))).text).toContain('supported-calendar-component')
    expect((await alice.put(`${path}b.ics`, todo('b'))).status).toBe(201)
  })

  it('takes a resourcetype and a zone by name, as DAVx5 sends them (DVX-08, SEQ-11)', async () => {
    const alice = await server.account()
    const path = `${alice.calendars}davx5/`
    const props = `${typeOf('<c:calendar/>')}<d:displayname>X</d:displayname><c:calendar-timezone-id>Europe/Vienna</c:calendar-timezone-id>`
    expect((await make(alice, 'MKCALENDAR', path, mkcalendarBody(props))).status).toBe(201)
    const id = caldav('calendar-timezone-id')
    expect((await alice.propfind(path, 0, [id])).of(path).text(id)).toBe('Europe/Vienna')
  })

  it('passes over component names it does not know while one is known (EVO-05, KDE-03)', async () => {
    const alice = await server.account()
    const path = `${alice.calendars}evolution/`
    const set = comps('VEVENT TIMEZONE VCALENDAR')
    expect((await make(alice, 'MKCALENDAR', path, mkcalendarBody(set))).status).toBe(201)
    expect(await componentsOf(alice, path)).toEqual(['VEVENT'])
    const none = await make(alice, 'MKCALENDAR', `${alice.calendars}none/`, mkcalendarBody(comps('TIMEZONE')))
    expect(refusal(none)).toEqual([403, caldav('supported-calendar-component')])
    expect((await alice.propfind(alice.calendars, 1, [])).hrefs).not.toContain(`${alice.calendars}none/`)
  })

  it('§5.3.1.1 names each precondition (design §6)', async () => {
    const alice = await server.account()
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    for (const path of [
      alice.calendar,
      alice.calendars,
      `${alice.calendar}a.ics`,
      alice.principal,
      '/dav/',
    ]) {
      expect(refusal(await make(alice, 'MKCALENDAR', path)), path).toEqual([
        403,
        dav('resource-must-be-null'),
      ])
    }
    const wrong = caldav('calendar-collection-location-ok')
    expect(refusal(await make(alice, 'MKCALENDAR', `${alice.calendar}below/`))).toEqual([403, wrong])
    expect(refusal(await make(alice, 'MKCALENDAR', `${alice.books}cal/`))).toEqual([
      403,
      carddav('addressbook-collection-location-ok'),
    ])
    expect((await make(alice, 'MKCALENDAR', `${alice.calendars}none/below/`)).status).toBe(409)
    const zone = await make(
      alice,
      'MKCALENDAR',
      `${alice.calendars}z/`,
      mkcalendarBody('<c:calendar-timezone>x</c:calendar-timezone>'),
    )
    expect(zone.text).toContain('<c:valid-calendar-data/>')
  })

  it('makes nothing when a property is refused, and says which (§5.3.1, RFC 5689 §3.4)', async () => {
    const alice = await server.account()
    const path = `${alice.calendars}half/`
    const token = (await alice.sync(alice.calendars, '')).syncToken ?? ''
    const props = '<d:displayname>Half</d:displayname><d:getetag>"x"</d:getetag>'
    for (const [method, body] of [
      ['MKCALENDAR', mkcalendarBody(props)],
      ['MKCOL', mkcolBody(typeOf('<c:calendar/>') + props)],
    ] as const) {
      const answer = await make(alice, method, path, body)
      expect(answer.status).toBe(424)
      const root = readXml(answer.body, { maxBytes: 1e6, maxDepth: 20, maxNodes: 1000 })
      expect(root?.name).toBe(method === 'MKCOL' ? dav('mkcol-response') : caldav('mkcalendar-response'))
      const byStatus = (root ? children(root, dav('propstat')) : []).map((propstat) => {
        const prop = child(propstat, dav('prop'))
        return [
          textOf(child(propstat, dav('status')) ?? propstat).slice(9, 12),
          prop ? elements(prop).map(({ name }) => name) : [],
        ]
      })
      expect(Object.fromEntries(byStatus)['403']).toEqual([dav('getetag')])
      expect(Object.fromEntries(byStatus)['424']).toContain(dav('displayname'))
      expect((await alice.get(path)).status).toBe(404)
    }
    expect((await alice.sync(alice.calendars, token)).hrefs).toEqual([])
  })

  it('refuses bodies that are none, and the 251st collection (law 10)', async () => {
    const alice = await server.account()
    expect((await make(alice, 'MKCALENDAR', `${alice.calendars}a/`, 'hello')).status).toBe(400)
    expect((await make(alice, 'MKCOL', `${alice.calendars}a/`, '<d:propfind xmlns:d="DAV:"/>')).status).toBe(
      415,
    )
    expect((await alice.get(`${alice.calendars}a/`)).status).toBe(404)
  })
})

describe('RFC 5689 §3 extended MKCOL', () => {
  const server = useServer({ limits: { collectionsPerHome: 4 } })

  it('makes calendars and books, with nothing but the type (VDS-05, KDE-03, OCS-08, SEQ-17)', async () => {
    const alice = await server.account()
    const calendar = `${alice.calendars}c/`
    const book = `${alice.books}b/`
    const asked = typeOf('<c:calendar/>') + comps('VEVENT VCALENDAR VFREEBUSY')
    expect((await make(alice, 'MKCOL', calendar, mkcolBody(asked))).status).toBe(201)
    expect((await make(alice, 'MKCOL', book, mkcolBody(typeOf('<card:addressbook/>')))).status).toBe(201)
    expect(await typesOf(alice, calendar)).toEqual([dav('collection'), caldav('calendar')])
    expect(await componentsOf(alice, calendar)).toContain('VEVENT')
    expect(await typesOf(alice, book)).toEqual([dav('collection'), carddav('addressbook')])
    expect((await alice.propfind(book, 0, [dav('displayname')])).of(book).text(dav('displayname'))).toBe('b')
    expect((await alice.put(`${book}a.vcf`, card('a'))).status).toBe(201)
  })

  it('sets the properties of the new collection', async () => {
    const alice = await server.account()
    const book = `${alice.books}b/`
    const props = `${typeOf('<card:addressbook/>')}<d:displayname>B</d:displayname><card:addressbook-description>D</card:addressbook-description><cs:x>1</cs:x>`
    expect((await make(alice, 'MKCOL', book, mkcolBody(props))).status).toBe(201)
    const names = [dav('displayname'), carddav('addressbook-description'), cs('x')]
    const made = (await alice.propfind(book, 0, names)).of(book)
    expect(names.map((name) => made.text(name))).toEqual(['B', 'D', '1'])
  })

  it('answers 405 on what exists, with the precondition (design §6, RFC 4918 §9.3.1)', async () => {
    const alice = await server.account()
    for (const path of [alice.contacts, alice.books, alice.calendar]) {
      expect(refusal(await make(alice, 'MKCOL', path))).toEqual([405, dav('resource-must-be-null')])
    }
  })

  it('§3.3 refuses types and places it does not make', async () => {
    const alice = await server.account()
    const plain = await make(alice, 'MKCOL', `${alice.books}b/`, mkcolBody(typeOf('')))
    expect(refusal(plain)).toEqual([403, dav('valid-resourcetype')])
    const book = mkcolBody(typeOf('<card:addressbook/>'))
    const calendar = mkcolBody(typeOf('<c:calendar/>'))
    expect(refusal(await make(alice, 'MKCOL', `${alice.calendars}b/`, book))).toEqual([
      403,
      caldav('calendar-collection-location-ok'),
    ])
    expect(refusal(await make(alice, 'MKCOL', `${alice.books}b/`, calendar))).toEqual([
      403,
      carddav('addressbook-collection-location-ok'),
    ])
    expect(refusal(await make(alice, 'MKCOL', `${alice.contacts}b/`, book))).toEqual([
      403,
      carddav('addressbook-collection-location-ok'),
    ])
    expect(preconditionsOf(await make(alice, 'MKCOL', '/dav/new/', book))).toHaveLength(1)
  })

  it('keeps to the limit of collections in a home (law 10)', async () => {
    const alice = await server.account()
    for (const name of ['a', 'b'])
      expect((await make(alice, 'MKCALENDAR', `${alice.calendars}${name}/`)).status).toBe(201)
    expect(refusal(await make(alice, 'MKCALENDAR', `${alice.calendars}c/`))).toEqual([
      403,
      cs('max-collections'),
    ])
    expect((await alice.delete(`${alice.calendars}a/`)).status).toBe(204)
    expect((await make(alice, 'MKCALENDAR', `${alice.calendars}c/`)).status).toBe(201)
  })
})

describe('RFC 4918 §9.6 DELETE', () => {
  const server = useServer()

  it('takes a collection with its members out of the home’s listing, sync and ctag (MIN-23)', async () => {
    const alice = await server.account()
    const path = `${alice.calendars}a/`
    await make(alice, 'MKCALENDAR', path)
    await alice.put(`${path}x.ics`, event('x'))
    const token = (await alice.sync(alice.calendars, '')).syncToken ?? ''
    const ctag = async () =>
      (await alice.propfind(alice.calendars, 0, [cs('getctag')])).of(alice.calendars).text(cs('getctag'))
    const before = await ctag()
    expect((await alice.delete(path)).status).toBe(204)
    expect((await alice.sync(alice.calendars, token)).of(path).status).toBe(404)
    expect(await ctag()).not.toBe(before)
    for (const gone of [path, `${path}x.ics`]) expect((await alice.get(gone)).status).toBe(404)
    expect((await alice.delete(path)).status).toBe(404)
    expect((await make(alice, 'MKCALENDAR', path)).status).toBe(201)
    expect((await alice.propfind(path, 1, [])).hrefs).toEqual([path])
    expect((await alice.put(`${path}x.ics`, event('x'))).status, 'the trash blocks nothing (law 4)').toBe(201)
  })

  it('§9.6.1 takes whole collections only', async () => {
    const alice = await server.account()
    await make(alice, 'MKCALENDAR', `${alice.calendars}a/`)
    for (const depth of ['0', '1']) {
      expect((await alice.delete(`${alice.calendars}a/`, { Depth: depth })).status).toBe(400)
    }
    expect((await alice.delete(`${alice.calendars}a/`, { Depth: 'infinity' })).status).toBe(204)
  })

  it('never takes the last calendar, task list or book (RFC 6638 §4.2, IOS-20, design §6)', async () => {
    const alice = await server.account()
    for (const path of [alice.calendar, alice.tasks]) {
      expect(refusal(await alice.delete(path))).toEqual([403, caldav('default-calendar-needed')])
    }
    expect(refusal(await alice.delete(alice.contacts))).toEqual([403, carddav('default-addressbook-needed')])
    await make(alice, 'MKCALENDAR', `${alice.calendars}all/`)
    await make(alice, 'MKCOL', `${alice.books}b/`)
    for (const path of [alice.calendar, alice.tasks, alice.contacts])
      expect((await alice.delete(path)).status).toBe(204)
    expect(refusal(await alice.delete(`${alice.calendars}all/`))).toEqual([
      403,
      caldav('default-calendar-needed'),
    ])
    expect((await alice.propfind(alice.calendars, 1, [])).hrefs).toEqual([
      alice.calendars,
      `${alice.calendars}all/`,
    ])
  })

  it('never takes what is not the account’s to remove', async () => {
    const alice = await server.account()
    for (const path of [
      '/',
      '/dav/',
      '/dav/principals/',
      '/dav/calendars/',
      alice.principal,
      alice.calendars,
      alice.books,
    ]) {
      for (const method of ['DELETE', 'COPY', 'MOVE']) {
        const answer = await alice.request(method, path, { headers: { Destination: `${alice.calendars}x/` } })
        expect(refusal(answer), `${method} ${path}`).toEqual([403, dav('need-privileges')])
      }
    }
  })

  it('of a member is 204, then 404 (SEQ-06)', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    expect((await alice.delete(`${alice.contacts}a.vcf`)).status).toBe(204)
    expect((await alice.delete(`${alice.contacts}a.vcf`)).status).toBe(404)
  })
})
