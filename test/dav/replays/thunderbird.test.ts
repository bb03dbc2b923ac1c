import { describe, expect, it } from 'vitest'
import { caldav, carddav, cs, dav } from '../../../protocol/dav/names.ts'
import { children, elements } from '../../../protocol/dav/xml-read.ts'
import { createClient, preconditionsOf } from '../client.ts'
import { card, event, lines } from '../objects.ts'
import { useServer } from '../server.ts'
import {
  davTokens,
  etagOf,
  expectChallenge,
  fixture,
  hrefElements,
  hrefsIn,
  multistatus,
  privilegesIn,
} from './exchange.ts'

/**
 * SEQ-12 and SEQ-13: Thunderbird's calendar and address book.
 * Left out with scheduling: `calendar-auto-schedule` and the free-busy request to the outbox. Until then inbox, outbox
 * and their URLs are all absent, which makes Thunderbird send invitations itself (TBC-05).
 */

const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.0'
const headers = {
  'User-Agent': agent,
  'Content-Type': 'text/xml; charset=utf-8',
  Accept: 'text/xml',
  'Accept-Language': 'en-US,en;q=0.9',
  'Accept-Charset': 'utf-8,*;q=0.1',
}
const server = useServer()

describe('SEQ-12 Thunderbird calendar (RFC 4791, RFC 6578)', () => {
  it('is redirected within its origin, challenged with one realm, and finds the home (TBC-10, MIN-06)', async () => {
    const alice = await server.account()
    const stranger = createClient(server.url)
    const body = fixture('thunderbird/calendar-detect.xml')
    const asked = { ...headers, Depth: '0' }
    const redirect = await stranger.request('PROPFIND', '/.well-known/caldav', { headers: asked, body })
    expect(redirect.status).toBe(301)
    const to = new URL(redirect.headers.location ?? '')
    expect(to.origin).toBe(server.url)
    expectChallenge(await stranger.request('PROPFIND', to.pathname, { headers: asked, body }))
    expectChallenge(await stranger.request('PROPFIND', alice.calendar, { headers: asked, body }))
    const root = (await multistatus(alice, 'PROPFIND', to.pathname, asked, body)).of(to.pathname)
    expect(hrefsIn(root.props.get(dav('current-user-principal')))).toEqual([alice.principal])
    const listing = fixture('thunderbird/calendar-home.xml')
    const home = await multistatus(alice, 'PROPFIND', alice.calendars, { ...headers, Depth: '1' }, listing)
    expect(home.hrefs[0], 'the requested address comes first').toBe(alice.calendars)
    for (const { props } of home.responses) expect(props.has(dav('resourcetype'))).toBe(true)
    const privileges = privilegesIn(home.of(alice.calendar).props.get(dav('current-user-privilege-set')))
    expect(privileges).toContain('write')
  })

  it('starts on a calendar without a final slash, asks the home for its classes, and finds no scheduling (TBC-02, TBC-05, TBC-09)', async () => {
    const alice = await server.account()
    const typed = alice.calendar.slice(0, -1)
    const asked = { ...headers, Depth: '0' }
    const start = await multistatus(
      alice,
      'PROPFIND',
      typed,
      asked,
      fixture('thunderbird/calendar-start.xml'),
    )
    expect(start.hrefs).toEqual([alice.calendar])
    expect(start.of(alice.calendar).text(cs('getctag'))).toBeTruthy()
    const options = await alice.request('OPTIONS', alice.calendars, { headers })
    expect(options.status).toBe(200)
    expect(davTokens(options)[0]).toBe('1')
    expect(davTokens(options).join()).not.toMatch(/schedule/)
    const body = fixture('thunderbird/calendar-principal.xml')
    const principal = (await multistatus(alice, 'PROPFIND', alice.principal, asked, body)).of(alice.principal)
    expect(principal.namesWith(404)).toEqual([caldav('schedule-inbox-URL'), caldav('schedule-outbox-URL')])
  })

  it('syncs with Depth 1 and types of members, over deletions and writes of its own (TBC-03, TBC-07)', async () => {
    const alice = await server.account()
    const asked = { ...headers, Depth: '1' }
    const sync = (token: string) => fixture('thunderbird/calendar-sync.xml', { T: token })
    const text = { ...headers, 'Content-Type': 'text/calendar; charset=utf-8' }
    const path = `${alice.calendar}tb.ics`
    const made = await alice.put(path, event('tb', ['DTSTART:20260115T100000Z', 'X-MOZ-GENERATION:1']), {
      ...text,
      'If-None-Match': '*',
    })
    expect(made.status).toBe(201)
    const first = await multistatus(alice, 'REPORT', alice.calendar, asked, sync(''))
    expect(first.hrefs).toEqual([path])
    expect(first.of(path).text(dav('getcontenttype'))).toMatch(/^text\/calendar; charset=utf-8/)
    expect(first.of(path).text(dav('getetag'))).toBe(etagOf(made))
    expect((await alice.delete(path, { ...headers, 'If-Match': etagOf(made) })).status).toBe(204)
    const second = await multistatus(alice, 'REPORT', alice.calendar, asked, sync(first.syncToken ?? ''))
    expect(second.responses.map(({ href, status }) => [href, status])).toEqual([[path, 404]])
    const refused = await alice.request('REPORT', alice.calendar, {
      headers: asked,
      body: sync('urn:x:gone'),
    })
    expect(refused.status, 'calendars start again on any 4xx').toBe(403)
    expect(preconditionsOf(refused), 'never an empty error (TBC-04)').toEqual([dav('valid-sync-token')])
  })

  it('fetches names as encodeURIComponent writes them, and gets the canonical ones (TBC-06, MIN-13)', async () => {
    const alice = await server.account()
    const uid = 'a@b:c'
    expect((await alice.put(`${alice.calendar}${uid}.ics`, event(uid))).status).toBe(201)
    const href = `${alice.calendar}${encodeURIComponent(`${uid}.ics`)}`
    const body = fixture('thunderbird/calendar-multiget.xml', { HREFS: hrefElements('D:href', [href]) })
    const answer = await multistatus(alice, 'REPORT', alice.calendar, { ...headers, Depth: '1' }, body)
    expect(answer.hrefs).toEqual([`${alice.calendar}a%40b%3Ac.ics`])
    expect(answer.responses[0]?.text(caldav('calendar-data'))).toBe(event(uid))
  })
})

describe('SEQ-13 Thunderbird address book (RFC 6352, RFC 6578)', () => {
  const asked = { ...headers, Depth: '1' }
  const sync = (token: string) => fixture('thunderbird/book-sync.xml', { T: token })
  const multiget = (hrefs: readonly string[]) =>
    fixture('thunderbird/book-multiget.xml', { HREFS: hrefElements('href', hrefs) })

  it('gets 400 for a token that is not known, others 403 (TBA-02, MIN-25)', async () => {
    const alice = await server.account()
    const answers = [
      await alice.request('REPORT', alice.contacts, { headers: asked, body: sync('urn:x:gone') }),
      await alice.request('REPORT', alice.contacts, {
        headers: { ...asked, 'User-Agent': 'Evolution/3.56' },
        body: sync('urn:x:gone'),
      }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([400, 403])
    for (const answer of answers) expect(preconditionsOf(answer)).toEqual([dav('valid-sync-token')])
  })

  it('lists, fetches, and keeps a token, by the same href strings throughout (TBA-01, TBA-03, TBA-07)', async () => {
    const alice = await server.account()
    for (let n = 0; n < 120; n += 1) await alice.put(`${alice.contacts}${n}~(x).vcf`, card(`c${n}`))
    const list = await multistatus(
      alice,
      'PROPFIND',
      alice.contacts,
      asked,
      fixture('thunderbird/book-list.xml'),
    )
    const hrefs = list.hrefs.filter((href) => href !== alice.contacts)
    expect(hrefs).toHaveLength(120)
    for (const { element } of list.responses) {
      const [first] = children(element, dav('propstat'))
      const status = first && children(first, dav('status'))[0]
      expect(status?.children).toEqual(['HTTP/1.1 200 OK'])
    }
    const fetched = await multistatus(alice, 'REPORT', alice.contacts, asked, multiget(hrefs))
    expect(fetched.hrefs).toEqual(hrefs)
    const state = fixture('thunderbird/book-state.xml')
    const book = (await multistatus(alice, 'PROPFIND', alice.contacts, { ...headers, Depth: '0' }, state)).of(
      alice.contacts,
    )
    const token = book.text(dav('sync-token')) ?? ''
    await alice.put(hrefs[5] ?? '', card('c5', 'Changed Name'))
    await alice.delete(hrefs[6] ?? '')
    const later = await multistatus(alice, 'REPORT', alice.contacts, asked, sync(token))
    expect(later.hrefs).toEqual([hrefs[5], hrefs[6]])
    expect(later.of(hrefs[5] ?? '').text(carddav('address-data'))).toBe(card('c5', 'Changed Name'))
    expect(elements(later.of(hrefs[6] ?? '').element).map(({ name }) => name)).toEqual([
      dav('href'),
      dav('status'),
    ])
  })

  it('is never cut unless it asks for a limit (TBA-08, MIN-27)', async () => {
    const alice = await server.account()
    for (let n = 0; n < 30; n += 1) await alice.put(`${alice.contacts}${n}.vcf`, card(`c${n}`))
    const all = await multistatus(alice, 'REPORT', alice.contacts, asked, sync(''))
    expect(all.responses).toHaveLength(30)
    for (const { text } of all.responses) expect(text(carddav('address-data'))).toMatch(/^BEGIN:VCARD/)
  })

  it('writes 4.0 cards without conditions, and reads each back in one propstat (TBA-05, TBA-06, TBA-09)', async () => {
    const alice = await server.account()
    const path = `${alice.contacts}tb.vcf`
    const text = { ...headers, 'Content-Type': 'text/vcard' }
    const version = (fn: string) =>
      lines(['BEGIN:VCARD', 'VERSION:4.0', `FN:${fn}`, 'EMAIL;PREF=1:tb@example.org', 'UID:tb', 'END:VCARD'])
    expect((await alice.put(path, version('One'), text)).status).toBe(201)
    const over = await alice.put(path, version('Two'), text)
    expect(over.status).toBe(204)
    const { propstatLines, text: get } = (
      await multistatus(alice, 'REPORT', alice.contacts, asked, multiget([path]))
    ).of(path)
    expect(propstatLines).toEqual(['HTTP/1.1 200 OK'])
    expect([get(dav('getetag')), get(carddav('address-data'))]).toEqual([etagOf(over), version('Two')])
    expect((await alice.delete(path, headers)).status).toBe(204)
  })
})
