import { describe, expect, it } from 'vitest'
import { caldav, carddav, cs, dav } from '../../protocol/dav/names.ts'
import { child, children, elements, textOf, type XmlElement } from '../../protocol/dav/xml-read.ts'
import { createClient, propfindBody } from './client.ts'
import { listen } from './listen.ts'
import { useServer } from './server.ts'

const methods = 'GET HEAD OPTIONS PROPFIND REPORT PUT POST DELETE MKCALENDAR PROPPATCH'.split(' ')

const hrefIn = (element: XmlElement | undefined): string | undefined => {
  const href = element && child(element, dav('href'))
  return href && textOf(href)
}

describe('RFC 6764 §5 well-known addresses', () => {
  const server = useServer()

  it('redirects every method at any Depth, without asking who is there (MIN-06, PYC-02)', async () => {
    const stranger = createClient(server.url)
    for (const name of ['caldav', 'carddav', 'caldav/', 'carddav?x=1']) {
      for (const method of methods) {
        const answer = await stranger.request(method, `/.well-known/${name}`, { headers: { Depth: '1' } })
        expect(answer.status, `${method} ${name}`).toBe(301)
        expect(answer.headers.location).toBe(`${server.url}/dav/`)
        expect(answer.body).toHaveLength(0)
      }
    }
  })

  it('redirects a PROPFIND with a body, without Depth, and with credentials (TSD, SEQ-17)', async () => {
    const alice = await server.account()
    const body = propfindBody([dav('current-user-principal')])
    for (const client of [alice, createClient(server.url)]) {
      const answer = await client.request('PROPFIND', '/.well-known/caldav', { body })
      expect(answer.status).toBe(301)
    }
  })

  it('has nothing else there', async () => {
    expect((await createClient(server.url).get('/.well-known/webdav')).status).toBe(404)
  })

  it('names the public address, a declared proxy’s host, or the host of the request (design §6)', async () => {
    const { services } = server
    const { settings } = services
    const published = await listen({
      ...services,
      settings: { ...settings, publicUrl: 'https://dav.example.org/' },
    })
    const proxied = await listen({ ...services, settings: { ...settings, proxy: { trusted: '127.0.0.1' } } })
    const forwarded = {
      'X-Forwarded-For': '192.0.2.7',
      'X-Forwarded-Proto': 'https',
      'X-Forwarded-Host': 'pim.example.net',
    }
    const locationOf = async (url: string, headers: Record<string, string> = {}) =>
      (await createClient(url).get('/.well-known/carddav', headers)).headers.location
    expect(await locationOf(published)).toBe('https://dav.example.org/dav/')
    expect(await locationOf(proxied, forwarded)).toBe('https://pim.example.net/dav/')
    // A client writes this header itself, and most proxies pass it on.
    const forged = { ...forwarded, Forwarded: 'for=192.0.2.8;proto=http;host="evil.example"' }
    expect(await locationOf(proxied, forged)).toBe('https://pim.example.net/dav/')
    expect(await locationOf(proxied, { 'X-Forwarded-Proto': 'https', Host: 'a.example' })).toBe(
      'https://a.example/dav/',
    )
    expect(await locationOf(server.url, { ...forwarded, Host: 'b.example' })).toBe('http://b.example/dav/')
    expect(await locationOf(server.url, { Host: 'c.example/d@e' })).toBe('http://localhost/dav/')
  })
})

describe('RFC 5397 §3 the current principal', () => {
  const server = useServer()
  const asked = [dav('current-user-principal'), dav('principal-URL'), dav('resourcetype')]

  it('is told wherever a client looks: /, the redirect’s target, principals, homes, collections (MIN-07, IOS-01)', async () => {
    const alice = await server.account()
    const { principal, calendars, books, calendar, contacts } = alice
    for (const path of [
      '/',
      '/dav/',
      '/principals/',
      '/dav/principals/',
      principal,
      calendars,
      books,
      calendar,
      contacts,
    ]) {
      const answer = await alice.propfind(path, 0, asked)
      expect(answer.hrefs).toEqual([path])
      const { props } = answer.of(path)
      expect(hrefIn(props.get(dav('current-user-principal'))), path).toBe(principal)
      expect(hrefIn(props.get(dav('principal-URL'))), path).toBe(principal)
      expect(props.has(dav('resourcetype'))).toBe(true)
    }
  })

  it('leads from / down to the account by Depth 1 alone', async () => {
    const alice = await server.account()
    const below = async (path: string) =>
      (await alice.propfind(path, 1, [dav('resourcetype')])).hrefs.slice(1)
    expect(await below('/')).toEqual(['/dav/'])
    expect(await below('/dav/')).toEqual([
      '/dav/principals/',
      '/dav/calendars/',
      '/dav/addressbooks/',
      '/dav/files/',
    ])
    expect(await below('/dav/files/')).toEqual([alice.files])
    expect((await below('/dav/principals/'))[0]).toBe(alice.principal)
    expect(await below('/dav/calendars/')).toEqual([alice.calendars])
    expect(await below('/dav/addressbooks/')).toEqual([alice.books])
    expect(await below(alice.calendars)).toEqual([alice.calendar, alice.tasks])
    expect(await below(alice.books)).toEqual([alice.contacts])
  })

  it('is never DAV:unauthenticated: that is 401 (DVX-02)', async () => {
    const answer = await createClient(server.url).request('PROPFIND', '/', { body: propfindBody(asked) })
    expect(answer.status).toBe(401)
    expect(answer.text).not.toContain('unauthenticated')
  })
})

describe('RFC 4791 §6.2.1, RFC 6352 §7.1.1 principals and home sets', () => {
  const server = useServer()

  it('gives one home of each kind, by path, in one answer (MIN-09, IOS-04, OCS-01)', async () => {
    const alice = await server.account()
    const names = [
      caldav('calendar-home-set'),
      carddav('addressbook-home-set'),
      dav('current-user-principal'),
      dav('principal-URL'),
      dav('displayname'),
      caldav('calendar-user-address-set'),
      dav('group-membership'),
      dav('principal-collection-set'),
      dav('supported-report-set'),
      cs('email-address-set'),
      dav('resourcetype'),
    ]
    const { props, namesWith, text } = (await alice.propfind(alice.principal, 0, names)).of(alice.principal)
    expect(namesWith(404)).toEqual([])
    const homes = props.get(caldav('calendar-home-set'))
    expect(homes && children(homes, dav('href')).map(textOf)).toEqual([alice.calendars])
    expect(hrefIn(props.get(carddav('addressbook-home-set')))).toBe(alice.books)
    expect(hrefIn(props.get(dav('principal-collection-set')))).toBe('/dav/principals/')
    expect(text(dav('displayname'))).toBe(alice.name)
    const types = props.get(dav('resourcetype'))
    expect(types && elements(types).map(({ name }) => name)).toEqual([dav('collection'), dav('principal')])
    const reports = props.get(dav('supported-report-set'))
    expect(reports && textOf(reports)).toBe('')
    expect(reports && elements(reports).length).toBeGreaterThan(0)
  })

  it('gives the mail address first, last and preferred (MIN-33)', async () => {
    const alice = await server.account({ email: 'alice@example.org' })
    const answer = await alice.propfind(alice.principal, 0, [caldav('calendar-user-address-set')])
    const set = answer.of(alice.principal).props.get(caldav('calendar-user-address-set'))
    const hrefs = set ? children(set, dav('href')) : []
    expect(hrefs.map(textOf)).toEqual([
      'mailto:alice@example.org',
      alice.principal,
      'mailto:alice@example.org',
    ])
    expect(hrefs[0]?.attributes.get('preferred')).toBe('1')
  })

  it('announces no inbox, outbox or push, which would be relied on (MIN-35, TBC-05)', async () => {
    const alice = await server.account()
    const names = ['schedule-inbox-URL', 'schedule-outbox-URL', 'schedule-default-calendar-URL'].map(caldav)
    const others = [cs('push-transports'), cs('pushkey')]
    const principal = (await alice.propfind(alice.principal, 0, [...names, ...others])).of(alice.principal)
    expect(principal.namesWith(404)).toEqual([...names, ...others])
    const calendar = (await alice.propfind(alice.calendar, 0, others)).of(alice.calendar)
    expect(calendar.namesWith(404)).toEqual(others)
  })

  it('has homes that are no calendars or books themselves, each at a URL of its own (IOS-04, ABK-08, MIN-10)', async () => {
    const alice = await server.account()
    for (const home of [alice.calendars, alice.books]) {
      const type = (await alice.propfind(home, 0, [dav('resourcetype')]))
        .of(home)
        .props.get(dav('resourcetype'))
      expect(type && elements(type).map(({ name }) => name)).toEqual([dav('collection')])
    }
    expect(
      new Set([alice.principal, alice.calendars, alice.books, alice.calendar, alice.contacts]).size,
    ).toBe(5)
  })

  it('refuses another’s tree alike, whether or not anything is there (design §6, DVX-13, EVO-09)', async () => {
    const alice = await server.account()
    const bob = await server.account()
    const { segment } = bob
    const paths = [
      bob.calendars,
      bob.calendar,
      `/dav/calendars/${segment}/none/`,
      `/dav/calendars/${segment}/calendar/none.ics`,
      '/dav/calendars/nobody/',
      '/dav/principals/nobody/',
    ]
    for (const path of paths) {
      for (const method of [
        'PROPFIND',
        'GET',
        'OPTIONS',
        'PUT',
        'DELETE',
        'PROPPATCH',
        'MKCALENDAR',
        'REPORT',
      ]) {
        const answer = await alice.request(method, path)
        expect(answer.status, `${method} ${path}`).toBe(403)
        expect(answer.text, `${method} ${path}`).toContain('<d:need-privileges>')
      }
    }
  })
})
