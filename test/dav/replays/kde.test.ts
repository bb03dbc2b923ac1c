import { describe, expect, it } from 'vitest'
import { caldav, carddav, cs, dav, ical } from '../../../protocol/dav/names.ts'
import { card, event, todo } from '../objects.ts'
import { useServer } from '../server.ts'
import { componentsIn, etagOf, fixture, multistatus, privilegesIn } from './exchange.ts'

/** SEQ-15: Akonadi's DAV resource. Left out with push: topics and transports, which are 404. */

const headers = { 'User-Agent': 'KDE DAV groupware client', 'Content-Type': 'text/xml' }
const server = useServer()

describe('SEQ-15 KDE (RFC 4791, RFC 6352, RFC 5689)', () => {
  it('lists both homes with the change tags it polls (KDE-04, KDE-07)', async () => {
    const alice = await server.account()
    const asked = { ...headers, Depth: '1' }
    const body = fixture('kde/home.xml')
    const calendars = await multistatus(alice, 'PROPFIND', alice.calendars, asked, body)
    const books = await multistatus(alice, 'PROPFIND', alice.books, asked, body)
    for (const response of [
      calendars.of(alice.calendar),
      calendars.of(alice.tasks),
      books.of(alice.contacts),
    ]) {
      expect(response.propstatLines).toEqual(['HTTP/1.1 200 OK', 'HTTP/1.1 404 Not Found'])
      expect(response.text(cs('getctag'))).toBeTruthy()
      const privileges = privilegesIn(response.props.get(dav('current-user-privilege-set')))
      expect(privileges).toEqual(expect.arrayContaining(['read', 'write', 'bind', 'unbind']))
    }
  })

  it('asks for three components wherever it is, and gets 207 each time (KDE-01)', async () => {
    const alice = await server.account()
    await alice.put(`${alice.calendar}e.ics`, event('e'))
    await alice.put(`${alice.tasks}t.ics`, todo('t'))
    const asked = { ...headers, Depth: '1' }
    const found = async (path: string) => {
      const answers = []
      for (const component of ['VEVENT', 'VTODO', 'VJOURNAL']) {
        const body = fixture('kde/component.xml', { COMPONENT: component })
        answers.push((await multistatus(alice, 'REPORT', path, asked, body)).hrefs)
      }
      return answers
    }
    expect(await found(alice.calendar)).toEqual([[`${alice.calendar}e.ics`], [], []])
    expect(await found(alice.tasks)).toEqual([[], [`${alice.tasks}t.ics`], []])
  })

  it('fetches a whole card as one text node of the first propstat (KDE-02, KDE-05)', async () => {
    const alice = await server.account()
    const path = `${alice.contacts}kde.vcf`
    const body = card('kde', 'Karl Käfer', ['NOTE:a < b & c > d ]]> e', 'X-KADDRESSBOOK-BlogFeed:x'])
    await alice.put(path, body)
    const asked = { ...headers, Depth: '1' }
    const fetched = await multistatus(
      alice,
      'REPORT',
      alice.contacts,
      asked,
      fixture('kde/cards.xml', { HREF: path }),
    )
    const { propstatLines, props } = fetched.of(path)
    expect(propstatLines).toEqual(['HTTP/1.1 200 OK'])
    expect(props.get(carddav('address-data'))?.children).toEqual([body])
    expect(fetched.text).not.toContain('<![CDATA[')
  })

  it('makes a calendar by MKCOL, with names of components that are passed over (KDE-03, RFC 5689 §3)', async () => {
    const alice = await server.account()
    const path = `${alice.calendars}kalender/`
    const made = await alice.request('MKCOL', path, { headers, body: fixture('kde/make-calendar.xml') })
    expect(made.status).toBe(201)
    const components = caldav('supported-calendar-component-set')
    const names = [dav('resourcetype'), dav('displayname'), ical('calendar-color'), components]
    const { props, text } = (await alice.propfind(path, 0, names)).of(path)
    const kept = componentsIn(props.get(components))
    expect(kept).toContain('VEVENT')
    expect(kept).not.toContain('VCALENDAR')
    expect([text(dav('displayname')), text(ical('calendar-color'))]).toEqual(['Kalender', '#aabbcc'])
  })

  it('writes with conditions, then GETs the ETag, and deletes what may be gone (KDE-06)', async () => {
    const alice = await server.account()
    const path = `${alice.calendar}kde.ics`
    const text = { ...headers, 'Content-Type': 'text/calendar' }
    const made = await alice.put(path, event('kde'), { ...text, 'If-None-Match': '*' })
    expect([made.status, made.headers.location]).toEqual([201, undefined])
    expect((await alice.get(path)).headers.etag).toBe(etagOf(made))
    expect((await alice.delete(path, { ...headers, 'If-Match': etagOf(made) })).status).toBe(204)
    expect((await alice.delete(path, headers)).status).toBe(404)
  })
})
