import { describe, expect, it } from 'vitest'
import { caldav, cs, dav } from '../../../protocol/dav/names.ts'
import { child, elements, textOf, type XmlElement } from '../../../protocol/dav/xml-read.ts'
import { event } from '../objects.ts'
import { useServer } from '../server.ts'
import { documentOf } from '../sharing.ts'
import { etagOf, fixture, hrefsIn, multistatus, namesIn, privilegesIn } from './exchange.ts'

/** SEQ-18: macOS shares a calendar, another Mac is invited, accepts and leaves. */

const macos = {
  'User-Agent': 'macOS/15.5 (24F74) CalendarAgent/1221',
  'Content-Type': 'text/xml',
  Accept: '*/*',
  Brief: 't',
}
const server = useServer()

/** The notification and its only statement. */
function statementOf(root: XmlElement): XmlElement {
  expect(root.name).toBe(cs('notification'))
  const [stamp, statement, ...others] = elements(root)
  expect(stamp && [stamp.name, textOf(stamp)]).toEqual([
    cs('dtstamp'),
    expect.stringMatching(/^\d{4}-.*T.*Z$/),
  ])
  expect(others).toEqual([])
  if (!statement) throw new Error('The notification says nothing.')
  return statement
}

const textIn = (element: XmlElement, name: string): string => {
  const found = child(element, cs(name))
  return found ? textOf(found) : ''
}

describe('SEQ-18 sharing as Apple’s clients do (caldav-sharing, caldav-notifications)', () => {
  it('from the invitation to the decline (IOS-16, IOS-22, IOS-15)', async () => {
    const mail = 'bob@example.org'
    const alice = await server.account({ name: 'alice', email: 'alice@example.org' })
    const bob = await server.account({ name: 'bob', email: mail })
    const principal = dav('current-user-principal')
    await alice.put(`${alice.calendar}a.ics`, event('a'))

    // The owner's calendar offers sharing, and takes it.
    const options = await alice.request('OPTIONS', alice.calendars, { headers: macos })
    expect(options.headers.dav).toContain('calendarserver-sharing')
    const shared = await alice.request('POST', alice.calendar, {
      headers: macos,
      body: fixture('apple/share.xml', { MAIL: mail, NAME: 'Bob' }),
    })
    expect([shared.status, shared.text]).toEqual([200, ''])
    const owners = await alice.propfind(alice.calendar, 0, [cs('invite'), dav('resourcetype')])
    const { props } = owners.of(alice.calendar)
    expect(namesIn(props.get(dav('resourcetype')))).toContain(cs('shared-owner'))
    const [organizer, user] = elements(props.get(cs('invite')) ?? documentOf(options))
    expect(organizer && hrefsIn(organizer)).toEqual([alice.principal])
    expect(user && namesIn(user)).toContain(cs('invite-noresponse'))
    expect(user && hrefsIn(user)).toEqual([bob.principal])

    // The sharee finds his notifications by his principal.
    const url = cs('notification-URL')
    const found = (await bob.propfind(bob.principal, 0, [url, principal])).of(bob.principal)
    const [folder = ''] = hrefsIn(found.props.get(url))
    const headers = { ...macos, Depth: '1' }
    const listed = await multistatus(bob, 'PROPFIND', folder, headers, fixture('apple/notifications.xml'))
    const [, href = ''] = listed.hrefs
    const type = listed.of(href).props.get(cs('notificationtype'))
    expect(
      type && elements(type).map(({ name, attributes }) => [name, attributes.get('shared-type')]),
    ).toEqual([[cs('invite-notification'), 'calendar']])
    const got = await bob.get(href, { 'User-Agent': macos['User-Agent'] })
    expect(etagOf(got)).toBe(listed.of(href).text(dav('getetag')))
    const invite = statementOf(documentOf(got))
    expect(namesIn(invite)).toContain(cs('invite-noresponse'))
    expect([textIn(invite, 'summary'), textIn(invite, 'hosturl')]).toEqual(['Team', alice.calendar])

    // He accepts, and has it in his only home.
    const before = await bob.sync(bob.calendars, '')
    const values = { MAIL: mail, HOST: alice.calendar, UID: textIn(invite, 'uid'), SUMMARY: 'Team' }
    const accepted = await bob.request('POST', bob.calendars, {
      headers: macos,
      body: fixture('apple/invite-reply.xml', { ...values, ANSWER: 'invite-accepted' }),
    })
    expect(accepted.status).toBe(200)
    const [mounted = ''] = hrefsIn(documentOf(accepted))
    expect(mounted.startsWith(bob.calendars)).toBe(true)
    const homeBody = fixture('apple/calendar-home.xml')
    const home = await multistatus(bob, 'PROPFIND', bob.calendars, headers, homeBody)
    const seen = home.of(mounted)
    expect(namesIn(seen.props.get(dav('resourcetype')))).toEqual([
      dav('collection'),
      caldav('calendar'),
      cs('shared'),
    ])
    expect(seen.text(dav('owner'))).toBe(alice.principal)
    expect(privilegesIn(seen.props.get(dav('current-user-privilege-set')))).toContain('write')
    expect((await bob.sync(bob.calendars, before.syncToken ?? '')).hrefs).toEqual([mounted])
    expect((await bob.sync(mounted, '')).hrefs).toEqual([`${mounted}a.ics`])

    // The client removes what it has shown: it may be gone already.
    expect([204, 404]).toContain((await bob.delete(href)).status)

    // He leaves: his home has it no more, the owner is told, and keeps all.
    const token = (await bob.sync(bob.calendars, '')).syncToken ?? ''
    expect((await bob.request('DELETE', mounted, { headers: macos })).status).toBe(204)
    expect((await bob.sync(bob.calendars, token)).of(mounted).status).toBe(404)
    expect((await alice.get(`${alice.calendar}a.ics`)).text).toBe(event('a'))
    const told = `/dav/notifications/${alice.segment}/`
    const toOwner = await multistatus(alice, 'PROPFIND', told, headers, fixture('apple/notifications.xml'))
    const reply = statementOf(documentOf(await alice.get(toOwner.hrefs[1] ?? '')))
    expect([reply.name, namesIn(reply).includes(cs('invite-declined'))]).toEqual([cs('invite-reply'), true])
    expect(textIn(reply, 'in-reply-to')).toBe(values.UID)
  })
})
