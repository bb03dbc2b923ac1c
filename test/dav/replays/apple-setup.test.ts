import { describe, expect, it } from 'vitest'
import { caldav, cs, dav, ical, me } from '../../../protocol/dav/names.ts'
import { elements, textOf } from '../../../protocol/dav/xml-read.ts'
import { createClient, preconditionsOf } from '../client.ts'
import { event } from '../objects.ts'
import { useServer } from '../server.ts'
import {
  componentsIn,
  davTokens,
  expectChallenge,
  fixture,
  hrefsIn,
  multistatus,
  namesIn,
  privilegesIn,
} from './exchange.ts'

/**
 * SEQ-01 to SEQ-05: iOS and macOS set up an account, list, make and change calendars, and sync the home.
 * Left out with the features that bring them: `access-control` among the DAV tokens, the scheduling inbox and outbox,
 * delegates that expand to anything.
 */

const headers = {
  'User-Agent': 'iOS/18.5 (22F76) accountsd/1.0',
  'Content-Type': 'text/xml',
  Accept: '*/*',
  'Accept-Encoding': 'gzip, deflate',
  Brief: 't',
}
const macos = {
  'User-Agent': 'macOS/26.2 (25C56) dataaccessd/1.0',
  'Content-Type': 'text/xml',
  Accept: '*/*',
}
const server = useServer()

describe('SEQ-01 Apple account set-up (RFC 6764 §5, RFC 5397 §3)', () => {
  const body = fixture('apple/well-known.xml')

  it('is redirected from the well-known address without credentials, then challenged (IOS-01, IOS-02, MIN-06)', async () => {
    const stranger = createClient(server.url)
    const redirect = await stranger.request('PROPFIND', '/.well-known/caldav', {
      headers: { ...headers, Depth: '0' },
      body,
    })
    expect(redirect.status).toBe(301)
    expect(redirect.headers.location).toBe(`${server.url}/dav/`)
    for (const path of ['/dav/', '/', '/principals/', '/dav/principals/nobody/']) {
      const answer = await stranger.request('PROPFIND', path, { headers: { ...headers, Depth: '0' }, body })
      expectChallenge(answer)
    }
  })

  it('finds the principal wherever it looks, with the user name percent-encoded in Basic (IOS-01, IOS-05)', async () => {
    const alice = await server.account({ name: 'alice@example.org' })
    const credentials = Buffer.from(`alice%40example.org:${alice.password}`).toString('base64')
    const phone = createClient(server.url)
    const places = [
      '/dav/',
      '/',
      '/principals/',
      alice.principal,
      alice.calendars,
      alice.calendar,
      alice.contacts,
    ]
    for (const path of places) {
      const asked = { ...headers, Depth: '0', Authorization: `Basic ${credentials}` }
      const { responses } = await multistatus(phone, 'PROPFIND', path, asked, body)
      expect(responses).toHaveLength(1)
      const [{ href, props } = { href: '', props: new Map() }] = responses
      expect(href).toBe(path)
      expect(hrefsIn(props.get(dav('current-user-principal')))).toEqual([alice.principal])
      expect(hrefsIn(props.get(dav('principal-URL')))).toEqual([alice.principal])
    }
  })

  it('reads the tokens on the principal, with credentials only (IOS-02, IOS-03)', async () => {
    const alice = await server.account()
    const stranger = createClient(server.url)
    expectChallenge(await stranger.request('OPTIONS', alice.principal, { headers }))
    const answer = await alice.request('OPTIONS', alice.principal, { headers })
    expect(answer.status).toBe(200)
    expect(davTokens(answer)).toEqual([
      '1',
      '2',
      '3',
      'access-control',
      'extended-mkcol',
      'calendar-access',
      'addressbook',
      'calendar-query-extended',
      'calendarserver-sharing',
      'calendar-proxy',
      'calendarserver-principal-property-search',
      'calendarserver-principal-search',
    ])
  })

  it('is not throttled for the many requests that come without credentials first (MIN-03)', async () => {
    const alice = await server.account()
    const stranger = createClient(server.url)
    for (let n = 0; n < 25; n += 1) {
      expectChallenge(await stranger.request('PROPFIND', alice.calendars, { headers, body }))
    }
    expect((await alice.propfind(alice.calendars, 0, [dav('resourcetype')])).status).toBe(207)
  })

  it('gets one home, an address with preferred, and 404 propstats only when not brief (IOS-04, IOS-17, MIN-09)', async () => {
    const alice = await server.account({ email: 'Alice@example.org' })
    const asked = fixture('apple/principal.xml')
    const brief = { ...headers, Depth: '0', Prefer: 'return=minimal' }
    const answer = await multistatus(alice, 'PROPFIND', alice.principal, brief, asked)
    const { props, propstatLines } = answer.of(alice.principal)
    expect(propstatLines).toEqual(['HTTP/1.1 200 OK'])
    expect(hrefsIn(props.get(caldav('calendar-home-set')))).toEqual([alice.calendars])
    const addresses = props.get(caldav('calendar-user-address-set'))
    const preferred = addresses && elements(addresses).filter(({ attributes }) => attributes.has('preferred'))
    expect(preferred?.map(textOf)).toContain('mailto:Alice@example.org')
    expect(hrefsIn(props.get(dav('principal-collection-set')))).toEqual(['/dav/principals/'])

    const { Brief: _, ...plain } = headers
    const full = await multistatus(alice, 'PROPFIND', alice.principal, { ...plain, Depth: '0' }, asked)
    const response = full.of(alice.principal)
    expect(response.propstatLines).toEqual(['HTTP/1.1 200 OK', 'HTTP/1.1 404 Not Found'])
    expect(response.namesWith(404)).toContain(caldav('schedule-inbox-URL'))
    expect(response.namesWith(404)).toContain(caldav('schedule-outbox-URL'))
  })

  it('asks for delegates, and there are none (OTH-02, RFC 3253 §3.8)', async () => {
    const alice = await server.account()
    const asked = { ...headers, Depth: '0' }
    const body = fixture('apple/proxies.xml')
    const answer = await multistatus(alice, 'REPORT', alice.principal, asked, body)
    const proxies = answer.of(alice.principal).props.get(cs('calendar-proxy-read-for'))
    expect(hrefsIn(proxies)).toEqual([])
  })
})

describe('SEQ-02 Apple lists the home (RFC 4791 §6.2.1)', () => {
  it('shows an event calendar and a task list, each of one component, writable (IOS-06, IOS-08, IOS-14)', async () => {
    const alice = await server.account()
    const { Brief: _, ...plain } = headers
    const asked = { ...plain, Depth: '1' }
    const answer = await multistatus(
      alice,
      'PROPFIND',
      alice.calendars,
      asked,
      fixture('apple/calendar-home.xml'),
    )
    expect(answer.hrefs).toEqual([alice.calendars, alice.calendar, alice.tasks])
    const typesOf = (href: string) => namesIn(answer.of(href).props.get(dav('resourcetype')))
    expect(typesOf(alice.calendars)).toEqual([dav('collection')])
    for (const [href, component] of [
      [alice.calendar, 'VEVENT'],
      [alice.tasks, 'VTODO'],
    ] as const) {
      const { props, text, namesWith } = answer.of(href)
      expect(typesOf(href)).toEqual([dav('collection'), caldav('calendar')])
      expect(componentsIn(props.get(caldav('supported-calendar-component-set')))).toEqual([component])
      expect(text(dav('displayname'))).not.toBe('')
      expect(text(ical('calendar-color'))).toMatch(/^#[0-9A-F]{6}([0-9A-F]{2})?$/i)
      expect(text(cs('getctag'))).toMatch(/\D/)
      expect(text(dav('sync-token'))).toMatch(/^urn:/)
      expect(privilegesIn(props.get(dav('current-user-privilege-set')))).toContain('write')
      expect(text(dav('add-member'))).toBe(href)
      const unannounced = [cs('push-transports'), cs('pushkey'), me('bulk-requests')]
      expect(namesIn(props.get(cs('allowed-sharing-modes')))).toEqual([cs('can-be-shared')])
      expect(namesWith(404)).toEqual(expect.arrayContaining(unannounced))
    }
  })
})

describe('SEQ-03 Apple makes a list (RFC 4791 §5.3.1)', () => {
  it('keeps component, colour, its symbolic name and order (IOS-06, IOS-07, IOS-08)', async () => {
    const alice = await server.account()
    const list = `${alice.calendars}7D1C5F0A-0000-4000-8000-00000000B00C/`
    const made = await alice.request('MKCALENDAR', list, { headers, body: fixture('apple/make-list.xml') })
    expect([made.status, made.text]).toEqual([201, ''])
    const names = [ical('calendar-color'), ical('calendar-order'), dav('displayname')]
    const componentSet = caldav('supported-calendar-component-set')
    const { props, text } = (await alice.propfind(list, 0, [...names, componentSet])).of(list)
    expect(componentsIn(props.get(componentSet))).toEqual(['VTODO'])
    expect(names.map(text)).toEqual(['#1BADF8FF', '3', 'Groceries'])
    expect(props.get(ical('calendar-color'))?.attributes.get('symbolic-color')).toBe('blue')
    const again = await alice.request('MKCALENDAR', list, { headers, body: fixture('apple/make-list.xml') })
    expect(again.status).toBe(403)
    expect(preconditionsOf(again)).toEqual([dav('resource-must-be-null')])
  })
})

describe('SEQ-04 Apple changes properties after set-up (RFC 4918 §9.2)', () => {
  const meCard = (href: string) =>
    `<?xml version="1.0" encoding="UTF-8"?><A:propertyupdate xmlns:A="DAV:"><A:set><A:prop><C:me-card xmlns:C="http://calendarserver.org/ns/"><A:href>${href}</A:href></C:me-card></A:prop></A:set></A:propertyupdate>`

  it('answers one 200 propstat naming every property, and keeps the values (IOS-07, IOS-19, ABK-04)', async () => {
    const alice = await server.account()
    const card = `${alice.contacts}ME.vcf`
    const alarm = caldav('default-alarm-vevent-datetime')
    const transparent = caldav('schedule-calendar-transp')
    const settings = [
      ical('calendar-order'),
      ical('calendar-color'),
      caldav('calendar-timezone'),
      transparent,
    ]
    const changes = [
      { path: alice.calendars, names: [alarm], body: fixture('apple/default-alarm.xml') },
      { path: alice.calendar, names: [alarm], body: fixture('apple/default-alarm.xml') },
      { path: alice.calendar, names: settings, body: fixture('apple/calendar-settings.xml') },
      { path: alice.books, names: [cs('me-card')], body: meCard(card) },
    ]
    for (const { path, names, body } of changes) {
      const answer = await multistatus(alice, 'PROPPATCH', path, macos, body)
      const { propstatLines, namesWith } = answer.of(path)
      expect(propstatLines).toEqual(['HTTP/1.1 200 OK'])
      expect(namesWith(200)).toEqual(names)
    }
    const home = (await alice.propfind(alice.calendars, 0, [alarm])).of(alice.calendars)
    expect(home.text(alarm)).toMatch(
      /^BEGIN:VALARM\r\nX-WR-ALARMUID:[^\r]+\r\nUID:[^\r]+\r\nTRIGGER;.*\r\nEND:VALARM\r\n$/s,
    )
    const calendar = (await alice.propfind(alice.calendar, 0, [...settings, alarm])).of(alice.calendar)
    expect(calendar.text(ical('calendar-order'))).toBe('7')
    expect(calendar.text(ical('calendar-color'))).toBe('#CC73E1')
    expect(calendar.props.get(ical('calendar-color'))?.attributes.get('symbolic-color')).toBe('custom')
    expect(calendar.text(caldav('calendar-timezone'))).toMatch(
      /^BEGIN:VCALENDAR\r\nVERSION:2\.0\r\n.*END:VCALENDAR\r\n$/s,
    )
    expect(namesIn(calendar.props.get(transparent))).toEqual([caldav('transparent')])
    expect(calendar.text(alarm)).toBe(home.text(alarm))
    const book = (await alice.propfind(alice.books, 0, [cs('me-card')])).of(alice.books)
    expect(hrefsIn(book.props.get(cs('me-card')))).toEqual([card])
  })
})

describe('SEQ-05 macOS syncs the home (RFC 6578 §3.3)', () => {
  const sync = (token: string) => fixture('apple/home-sync.xml', { T: token })
  const asked = { ...macos, Depth: '1' }

  it('hears of calendars that appeared, changed and went, by property or by member (IOS-10)', async () => {
    const alice = await server.account()
    const first = await multistatus(alice, 'REPORT', alice.calendars, asked, sync(''))
    expect(first.hrefs.toSorted()).toEqual([alice.calendar, alice.tasks])
    const token = first.syncToken ?? ''
    const quiet = await multistatus(alice, 'REPORT', alice.calendars, asked, sync(token))
    expect(quiet.responses).toEqual([])

    const [kept, gone] = [`${alice.calendars}kept/`, `${alice.calendars}gone/`]
    for (const path of [kept, gone]) expect((await alice.request('MKCALENDAR', path)).status).toBe(201)
    const second = await multistatus(alice, 'REPORT', alice.calendars, asked, sync(token))
    expect(second.hrefs.toSorted()).toEqual([gone, kept].toSorted())
    expect((await alice.delete(gone)).status).toBe(204)
    expect((await alice.put(`${alice.calendar}one.ics`, event('one'))).status).toBe(201)
    const third = await multistatus(alice, 'REPORT', alice.calendars, asked, sync(second.syncToken ?? ''))
    expect(third.hrefs.toSorted()).toEqual([alice.calendar, gone].toSorted())
    expect(third.of(gone).status).toBe(404)
    expect(third.of(alice.calendar).text(cs('getctag'))).not.toBe(
      first.of(alice.calendar).text(cs('getctag')),
    )
  })

  it('is told to start again for an invented token, and does so without a level (IOS-09, MIN-25)', async () => {
    const alice = await server.account()
    const body = sync('3E5A0C0E-0000-4000-8000-000000000000')
    const refused = await alice.request('REPORT', alice.calendars, { headers: asked, body })
    expect(refused.status).toBe(403)
    expect(preconditionsOf(refused)).toEqual([dav('valid-sync-token')])
    const withoutLevel = sync('').replace('<A:sync-level>1</A:sync-level>', '')
    const full = await multistatus(alice, 'REPORT', alice.calendars, asked, withoutLevel)
    expect(full.hrefs.toSorted()).toEqual([alice.calendar, alice.tasks])
    expect(full.syncToken).toMatch(/^urn:/)
  })
})
