import { beforeAll, describe, expect, it } from 'vitest'
import { type ClarkName, caldav, carddav, cs, dav } from '../../protocol/dav/names.ts'
import { children, elements } from '../../protocol/dav/xml-read.ts'
import type { Kind } from '../../src/dav/resource.ts'
import { useShares } from '../features/shares.ts'
import { type Answer, calendarQueryBody, multigetBody, preconditionsOf, syncBody } from './client.ts'
import { card, event } from './objects.ts'
import { addressQueryBody } from './queries.ts'
import { type Account, useServer } from './server.ts'
import { notificationsOf, toldTo } from './sharing.ts'

const server = useServer()
let bob: Account
let places: Readonly<Record<Kind, readonly string[]>>

/** A resource of every kind, as one account sees them. */
beforeAll(async () => {
  const alice = await server.account()
  bob = await server.account()
  await bob.put(`${bob.calendar}a.ics`, event('a'))
  await bob.put(`${bob.contacts}a.vcf`, card('a'))
  await bob.request('MKCOL', `${bob.files}folder/`)
  await bob.request('PUT', `${bob.files}folder/a.txt`, { body: 'a' })
  await useShares(server).share(alice.calendar, bob, 'read')
  const [told] = await toldTo(bob)
  places = {
    root: ['/', '/dav/'],
    principals: ['/principals/', '/dav/principals/'],
    homes: ['/dav/calendars/', '/dav/addressbooks/', '/dav/files/'],
    principal: [bob.principal],
    proxy: [`${bob.principal}calendar-proxy-read/`, `${bob.principal}calendar-proxy-write/`],
    'calendar-home': [bob.calendars],
    'addressbook-home': [bob.books],
    calendar: [bob.calendar, bob.tasks],
    addressbook: [bob.contacts],
    event: [`${bob.calendar}a.ics`],
    card: [`${bob.contacts}a.vcf`],
    'file-home': [bob.files],
    folder: [`${bob.files}folder/`],
    file: [`${bob.files}folder/a.txt`],
    notifications: [notificationsOf(bob)],
    notification: [told?.href ?? ''],
  }
})

const everywhere = (): string[] => Object.values(places).flat()
const headerOf = async (path: string, name: 'allow' | 'dav'): Promise<string[]> =>
  String((await bob.request('OPTIONS', path)).headers[name]).split(', ')

describe('RFC 9110 §10.2.1 Allow', () => {
  const methods =
    'GET HEAD PROPFIND PROPPATCH REPORT PUT POST MKCOL MKCALENDAR COPY MOVE ACL LOCK UNLOCK DELETE'.split(' ')
  /** What stands on a collection and means what comes into it (EVO). */
  const ofMembers = new Set(['PUT', 'MKCOL', 'MKCALENDAR'])

  /** A request that does nothing where the method is known: it lacks its body, its destination is itself, or it has an If-Match. */
  const sent = (method: string, path: string): Promise<Answer> =>
    bob.request(method, path, { headers: { Destination: path, 'If-Match': '"none"' } })

  it('names the methods that there are, on every kind of resource (law 11, MIN-08)', async () => {
    for (const path of everywhere()) {
      const allow = await headerOf(path, 'allow')
      expect([...methods, 'OPTIONS'], path).toEqual(expect.arrayContaining(allow))
      for (const method of methods) {
        const isAllowed = allow.includes(method)
        const isOfMembers = ofMembers.has(method) && path.endsWith('/')
        const { status, headers } = await sent(method, isAllowed && isOfMembers ? `${path}new` : path)
        if (isAllowed) expect([405, 501], `${method} ${path}`).not.toContain(status)
        else if (method !== 'REPORT') expect([403, 405], `${method} ${path}`).toContain(status)
        if (status === 405 && !ofMembers.has(method)) expect(headers.allow, method).toBe(allow.join(', '))
      }
    }
  })
})

describe('RFC 4918 §10.1 DAV', () => {
  it('says the same on every kind of resource, class numbers first (IOS-03, TBC-02)', async () => {
    const [first, ...others] = await Promise.all(everywhere().map((path) => headerOf(path, 'dav')))
    expect(first?.slice(0, 3)).toEqual(['1', '2', '3'])
    for (const tokens of others) expect(tokens).toEqual(first)
  })

  it('has a token only with what it stands for (law 11)', async () => {
    const tokens = new Set(await headerOf(bob.calendar, 'dav'))
    const onHome = await headerOf(bob.calendars, 'allow')
    const onCalendar = await headerOf(bob.calendar, 'allow')
    const [reports, bookReports] = [await reportsOf(bob.calendar), await reportsOf(bob.contacts)]
    const onProxy = await headerOf(`${bob.principal}calendar-proxy-write/`, 'allow')
    const principals = await reportsOf('/dav/principals/')
    const works: Readonly<Record<string, boolean>> = {
      '1': true,
      '2': onCalendar.includes('LOCK') && onCalendar.includes('UNLOCK'),
      '3': true,
      'extended-mkcol': onHome.includes('MKCOL'),
      'calendar-access': onHome.includes('MKCALENDAR') && reports.includes(caldav('calendar-query')),
      addressbook: bookReports.includes(carddav('addressbook-query')),
      'access-control': onCalendar.includes('ACL'),
      'calendarserver-sharing': onCalendar.includes('POST'),
      'calendar-query-extended': true,
      'calendar-proxy': onProxy.includes('PROPPATCH'),
      'calendarserver-principal-property-search': principals.includes(dav('principal-property-search')),
      'calendarserver-principal-search': principals.includes(cs('calendarserver-principal-search')),
    }
    for (const token of tokens) expect([token, works[token]]).toEqual([token, true])
  })
})

describe('what a client may look for on any resource', () => {
  it('who it is (RFC 5397 §3), what it may do (RFC 3744 §5.4), and what kind of thing it sees (IOS-01, TBC-01)', async () => {
    const names = ['current-user-principal', 'current-user-privilege-set', 'resourcetype'].map(dav)
    for (const path of everywhere()) {
      const told = (await bob.propfind(path, 0, names)).of(path)
      expect(told.namesWith(200), path).toEqual(names)
      expect(told.text(dav('current-user-principal')), path).toBe(bob.principal)
    }
  })
})

describe('RFC 3253 §3.1.5 supported-report-set', () => {
  const range = '<c:time-range start="20260101T000000Z" end="20260102T000000Z"/>'
  const inDav = (name: string, inner: string): string => `<d:${name} xmlns:d="DAV:">${inner}</d:${name}>`
  const prop = '<d:prop><d:displayname/></d:prop>'
  const search = `<d:property-search>${prop}<d:match>user</d:match></d:property-search>${prop}`

  /** A request for every report there is. */
  const bodies = (): Readonly<Record<ClarkName, string>> => ({
    [dav('sync-collection')]: syncBody(''),
    [dav('expand-property')]: inDav('expand-property', '<d:property name="owner"/>'),
    [dav('principal-match')]: inDav('principal-match', `<d:self/>${prop}`),
    [dav('principal-property-search')]: inDav('principal-property-search', search),
    [dav('principal-search-property-set')]: inDav('principal-search-property-set', ''),
    [dav('acl-principal-prop-set')]: inDav('acl-principal-prop-set', prop),
    [cs('calendarserver-principal-search')]:
      `<s:calendarserver-principal-search xmlns:s="http://calendarserver.org/ns/" xmlns:d="DAV:"><s:search-token>user</s:search-token>${prop}</s:calendarserver-principal-search>`,
    [caldav('calendar-query')]: calendarQueryBody(''),
    [caldav('calendar-multiget')]: multigetBody('calendar', [`${bob.calendar}a.ics`]),
    [caldav('free-busy-query')]:
      `<c:free-busy-query xmlns:c="urn:ietf:params:xml:ns:caldav">${range}</c:free-busy-query>`,
    [carddav('addressbook-query')]: addressQueryBody([]),
    [carddav('addressbook-multiget')]: multigetBody('addressbook', [`${bob.contacts}a.vcf`]),
  })

  it('names the reports that are answered, and each other is refused by supported-report (behaviours)', async () => {
    for (const path of everywhere()) {
      const supported = await reportsOf(path)
      expect(Object.keys(bodies()), path).toEqual(expect.arrayContaining(supported))
      for (const [name, body] of Object.entries(bodies())) {
        const answer = await bob.request('REPORT', path, { headers: { Depth: '0' }, body })
        const refusal = [answer.status, ...preconditionsOf(answer)]
        if (supported.includes(name)) expect([200, 207], `${name} ${path}`).toContain(answer.status)
        else if (answer.status !== 405)
          expect(refusal, `${name} ${path}`).toEqual([403, dav('supported-report')])
      }
    }
  })

  it('is empty only where REPORT is not allowed', async () => {
    for (const path of everywhere()) {
      const isAllowed = (await headerOf(path, 'allow')).includes('REPORT')
      expect([path, (await reportsOf(path)).length > 0]).toEqual([path, isAllowed])
    }
  })
})

async function reportsOf(path: string): Promise<string[]> {
  const name = dav('supported-report-set')
  const set = (await bob.propfind(path, 0, [name])).of(path).props.get(name)
  const reports = set ? children(set, dav('supported-report')) : []
  return reports
    .flatMap((report) => elements(report))
    .flatMap((report) => elements(report).map((one) => one.name))
}
