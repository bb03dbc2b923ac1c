import { describe, expect, it } from 'vitest'
import { caldav, dav } from '../../../protocol/dav/names.ts'
import { event, todo } from '../objects.ts'
import { useServer } from '../server.ts'
import { etagOf, fixture, hrefElements, multistatus } from './exchange.ts'

/**
 * SEQ-06 and SEQ-07: an event's life on an iPhone, and its first fetch of a calendar.
 * Left out with scheduling: schedule tags that have a value, and mails that a MOVE must not send.
 */

const headers = {
  'User-Agent': 'iOS/18.5 (22F76) dataaccessd/1.0',
  Accept: '*/*',
  'Accept-Encoding': 'gzip, deflate',
}
const text = { ...headers, 'Content-Type': 'text/calendar' }
const xml = { ...headers, 'Content-Type': 'text/xml', Brief: 't', Prefer: 'return=minimal' }
const server = useServer()

describe('SEQ-06 an event on an iPhone (RFC 4791 §5.3.2, RFC 9110 §13)', () => {
  const version = (summary: string) => fixture('apple/event.ics', { SUMMARY: summary })

  it('keeps every octet and one ETag through create, change, conflict and delete (IOS-11, IOS-12, IOS-13, MIN-31)', async () => {
    const alice = await server.account()
    const path = `${alice.calendar}A1B2C3D4-0000-4000-8000-00000000A1B2.ics`
    const created = await alice.put(path, version('One'), { ...text, 'If-None-Match': '*' })
    expect(created.status).toBe(201)
    const first = etagOf(created)
    const got = await alice.get(path, headers)
    expect(got.body.equals(Buffer.from(version('One')))).toBe(true)
    expect([got.headers.etag, got.headers['content-type']]).toEqual([
      first,
      'text/calendar; charset=utf-8; component=vevent',
    ])
    expect((await alice.propfind(path, 0, [dav('getetag')])).of(path).text(dav('getetag'))).toBe(first)

    const updated = await alice.put(path, version('Two'), { ...text, 'If-Match': first })
    expect(updated.status).toBe(204)
    const second = etagOf(updated)
    expect(second).not.toBe(first)
    const late = await alice.put(path, version('Late'), { ...text, 'If-Match': first })
    expect([late.status, late.headers.etag]).toEqual([412, second])
    const again = await alice.put(path, version('New?'), { ...text, 'If-None-Match': '*' })
    expect([again.status, again.headers.etag]).toEqual([412, second])
    const untagged = { ...text, 'If-Schedule-Tag-Match': '', 'If-Match': second }
    const third = await alice.put(path, version('Three'), untagged)
    expect(third.status).toBe(204)
    expect((await alice.get(path, headers)).text).toBe(version('Three'))

    expect((await alice.delete(path, { ...headers, 'If-Match': second })).status).toBe(412)
    expect((await alice.delete(path, { ...headers, 'If-Match': etagOf(third) })).status).toBe(204)
    expect((await alice.delete(path, headers)).status).toBe(404)
    const back = await alice.put(path, version('Back'), { ...text, 'If-None-Match': '*' })
    expect(back.status, 'the trash blocks nothing (IOS-24)').toBe(201)
  })

  it('moves to a sibling calendar by MOVE, seen as gone here and new there (IOS-23, RFC 4918 §9.9)', async () => {
    const alice = await server.account()
    const sibling = `${alice.calendars}3F0E5A4C/`
    expect((await alice.request('MKCALENDAR', sibling)).status).toBe(201)
    const from = `${alice.calendar}A1B2.ics`
    const to = `${sibling}A1B2.ics`
    expect((await alice.put(from, version('Moves'), text)).status).toBe(201)
    const here = await alice.syncAll(alice.calendar, '')
    const there = await alice.syncAll(sibling, '')

    const destination = { ...headers, Destination: `${server.url}${to}`, Overwrite: 'F' }
    expect((await alice.request('MOVE', from, { headers: destination })).status).toBe(201)
    const left = await alice.sync(alice.calendar, here.token)
    expect(left.responses.map(({ href, status }) => [href, status])).toEqual([[from, 404]])
    const arrived = await alice.sync(sibling, there.token)
    expect(arrived.hrefs).toEqual([to])
    expect((await alice.get(to, headers)).text).toBe(version('Moves'))
    expect([left.syncToken, arrived.syncToken]).not.toContain(here.token)
    const nothing = await alice.request('MOVE', from, { headers: destination })
    expect(nothing.status, 'the phone then PUTs there').toBe(404)
  })
})

describe('SEQ-07 an iPhone fetches a calendar first (RFC 4791 §7.8, §7.9)', () => {
  it('gets the events since a month ago, and no tasks', async () => {
    const alice = await server.account()
    const mixed = `${alice.calendars}mixed/`
    expect((await alice.request('MKCALENDAR', mixed)).status).toBe(201)
    const at = (day: string) => [`DTSTART:${day}T100000Z`, `DTEND:${day}T110000Z`]
    await alice.put(`${mixed}old.ics`, event('old', at('20250901')))
    await alice.put(`${mixed}new.ics`, event('new', at('20260301')))
    await alice.put(`${mixed}weekly.ics`, event('weekly', [...at('20200106'), 'RRULE:FREQ=WEEKLY']))
    await alice.put(`${mixed}task.ics`, todo('task', ['DUE:20260301T100000Z']))
    const body = fixture('apple/events-since.xml', { START: '20251215T000000Z' })
    const answer = await multistatus(alice, 'REPORT', mixed, { ...xml, Depth: '1' }, body)
    expect(answer.hrefs.toSorted()).toEqual([`${mixed}new.ics`, `${mixed}weekly.ics`])
    for (const { text: get } of answer.responses) {
      expect(get(dav('getcontenttype'))).toMatch(/^text\/calendar; charset=utf-8/)
      expect(get(dav('getetag'))).toMatch(/^"[^"]+"$/)
    }
  })

  it('gets fifty by multiget without Depth, whatever their spelling, and 404 for the one that went (MIN-13, MIN-30)', async () => {
    const alice = await server.account()
    const names = Array.from({ length: 50 }, (_, n) => `E0${String(n).padStart(2, '0')}-4A5B.ics`)
    for (const name of names) await alice.put(alice.calendar + name, event(name))
    const gone = `${alice.calendar}${names[7]}`
    expect((await alice.delete(gone)).status).toBe(204)
    const hrefs = names.map((name, n) => alice.calendar + (n === 3 ? name.replace('-', '%2D') : name))
    const data = '<A:prop><A:getetag/><B:calendar-data/><B:schedule-tag/></A:prop>'
    const body = `<?xml version="1.0" encoding="UTF-8"?>\n<B:calendar-multiget xmlns:A="DAV:" xmlns:B="urn:ietf:params:xml:ns:caldav">${data}${hrefElements('A:href', hrefs)}</B:calendar-multiget>`
    const { Brief: _, Prefer: __, ...plain } = xml
    const answer = await multistatus(alice, 'REPORT', alice.calendar, plain, body)
    expect(answer.hrefs.toSorted()).toEqual(names.map((name) => alice.calendar + name))
    for (const { href, status, text: get, namesWith } of answer.responses) {
      if (href === gone) {
        expect(status).toBe(404)
        continue
      }
      expect(get(caldav('calendar-data'))).toBe(event(href.slice(alice.calendar.length)))
      expect(namesWith(404)).toEqual([caldav('schedule-tag')])
    }
  })
})
