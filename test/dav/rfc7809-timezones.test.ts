import { describe, expect, it } from 'vitest'
import { caldav, dav } from '../../protocol/dav/names.ts'
import { readCalendar } from '../../protocol/ical/calendar.ts'
import { calendarQueryBody, multigetBody } from './client.ts'
import { calendar } from './objects.ts'
import { putAll } from './queries.ts'
import { type Account, useServer } from './server.ts'

const berlin = ['BEGIN:VTIMEZONE', 'TZID:Europe/Berlin', 'END:VTIMEZONE']
const own = [
  'BEGIN:VTIMEZONE',
  'TZID:Mine',
  ...['BEGIN:STANDARD', 'DTSTART:19700101T000000', 'TZOFFSETFROM:+0330', 'TZOFFSETTO:+0330', 'END:STANDARD'],
  'END:VTIMEZONE',
]
const at = (uid: string, tzid: string) => [
  ...['BEGIN:VEVENT', `UID:${uid}`, `DTSTART;TZID=${tzid}:20260715T100000`, 'DURATION:PT1H'],
  ...['RRULE:FREQ=DAILY;COUNT=2', 'END:VEVENT'],
]
const objects = {
  full: calendar([...berlin, ...at('full', 'Europe/Berlin')]),
  reference: calendar(at('reference', 'Europe/Berlin')),
  mine: calendar([...own, ...at('mine', 'Mine')]),
}

const zonesIn = (text: string | undefined) => [...readCalendar(text ?? '').timezones.keys()]

describe('RFC 7809 §3.1.3, §7.1 CalDAV-Timezones', () => {
  const server = useServer()

  async function stored(): Promise<[Account, string]> {
    const alice = await server.account()
    await putAll(alice, alice.calendar, 'ics', objects)
    return [alice, alice.calendar]
  }

  it('GET without it gives the octets as stored, under one entity tag whatever is asked', async () => {
    const [alice, place] = await stored()
    for (const [name, body] of Object.entries(objects)) {
      const path = `${place}${name}.ics`
      const plain = await alice.get(path)
      expect(plain.text).toBe(body)
      for (const value of ['T', 'F', 'maybe']) {
        const answer = await alice.request('GET', path, { headers: { 'CalDAV-Timezones': value } })
        expect([answer.status, answer.headers.etag]).toEqual([200, plain.headers.etag])
        expect(answer.headers['content-length']).toBe(String(answer.body.byteLength))
        expect(answer.headers.vary).toContain('CalDAV-Timezones')
        if (value === 'maybe') expect(answer.text).toBe(body)
      }
    }
  })

  const expected = {
    T: { full: ['Europe/Berlin'], reference: ['Europe/Berlin'], mine: ['Mine'] },
    F: { full: [], reference: [], mine: ['Mine'] },
    none: { full: ['Europe/Berlin'], reference: [], mine: ['Mine'] },
  }

  it.each(['T', 'F', 'none'] as const)('%s: GET, multiget, query and PROPFIND agree', async (value) => {
    const [alice, place] = await stored()
    const headers: Record<string, string> = value === 'none' ? {} : { 'CalDAV-Timezones': value }
    const data = caldav('calendar-data')
    const hrefs = Object.keys(objects).map((name) => `${place}${name}.ics`)
    const answers = [
      await alice.report(place, calendarQueryBody('', '<c:calendar-data/>'), headers),
      await alice.report(place, multigetBody('calendar', hrefs), headers),
      await alice.propfind(place, 1, [data], headers),
    ]
    for (const [name, zones] of Object.entries(expected[value])) {
      const href = `${place}${name}.ics`
      expect(zonesIn((await alice.request('GET', href, { headers })).text)).toEqual(zones)
      for (const answer of answers) expect(zonesIn(answer.of(href).text(data))).toEqual(zones)
      const one = await alice.propfind(href, 0, [data], headers)
      expect(zonesIn(one.of(href).text(data))).toEqual(zones)
    }
  })

  it('after what is selected and expanded: nothing in UTC needs a zone', async () => {
    const [alice, place] = await stored()
    const href = `${place}reference.ics`
    const ask = async (inner: string) => {
      const body = calendarQueryBody('', `<c:calendar-data>${inner}</c:calendar-data>`)
      return (await alice.report(place, body, { 'CalDAV-Timezones': 'T' }))
        .of(href)
        .text(caldav('calendar-data'))
    }
    expect(zonesIn(await ask('<c:expand start="20260701T000000Z" end="20260801T000000Z"/>'))).toEqual([])
    const parts = '<c:comp name="VCALENDAR"><c:comp name="VEVENT"><c:prop name="DTSTART"/></c:comp></c:comp>'
    const selected = await ask(parts)
    expect(zonesIn(selected)).toEqual(['Europe/Berlin'])
    expect(selected).not.toContain('RRULE:FREQ=DAILY')
  })

  it('what a PUT sends back follows it too (RFC 8144 §3.1)', async () => {
    const alice = await server.account()
    const headers = {
      'Content-Type': 'text/calendar',
      Prefer: 'return=representation',
      'CalDAV-Timezones': 'T',
    }
    const answer = await alice.request('PUT', `${alice.calendar}a.ics`, { headers, body: objects.reference })
    expect(answer.status).toBe(201)
    expect(zonesIn(answer.text)).toEqual(['Europe/Berlin'])
    expect((await alice.get(`${alice.calendar}a.ics`)).text).toBe(objects.reference)
  })

  it('is not announced: that would promise a time zone service, and clients would leave definitions out for all', async () => {
    const alice = await server.account()
    const options = await alice.request('OPTIONS', alice.calendar)
    expect(options.headers.dav).not.toContain('calendar-no-timezone')
    const told = await alice.propfind(alice.calendars, 0, [
      caldav('timezone-service-set'),
      dav('resourcetype'),
    ])
    expect(told.of(alice.calendars).namesWith(404)).toEqual([caldav('timezone-service-set')])
  })
})
