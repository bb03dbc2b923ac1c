import { describe, expect, it } from 'vitest'
import { caldav, dav } from '../../protocol/dav/names.ts'
import { child, elements, readXml, textOf } from '../../protocol/dav/xml-read.ts'
import { type Answer, preconditionsOf } from './client.ts'
import { calendar, card, event, todo } from './objects.ts'
import { makeCalendar } from './queries.ts'
import { useServer } from './server.ts'

const start = 'DTSTART:20260115T100000Z'

/** One event; `properties` replace everything but BEGIN and END. */
function bare(...properties: readonly string[]): string[] {
  return ['BEGIN:VEVENT', ...properties, 'END:VEVENT']
}

const uid = ['UID:u', 'DTSTAMP:20260101T000000Z']
const master = bare(...uid, start, 'RRULE:FREQ=DAILY')

/** Each line of the design's table of what PUT refuses: name, body, precondition. */
const refused: readonly (readonly [string, string | Uint8Array, string])[] = [
  [
    'octets that are not UTF-8',
    Buffer.from(event('u', ['SUMMARY:caf\xe9']), 'latin1'),
    'valid-calendar-data',
  ],
  ['broken UTF-16', Buffer.from([0xff, 0xfe, 0x42, 0x00, 0x00, 0xd8]), 'valid-calendar-data'],
  ['nothing', '', 'valid-calendar-data'],
  ['no iCalendar at all', 'hello', 'valid-calendar-data'],
  ['a vCard', card('u'), 'valid-calendar-data'],
  ['an END that is missing', event('u').replace('END:VEVENT\r\n', ''), 'valid-calendar-data'],
  ['a BEGIN that is missing', event('u').replace('BEGIN:VEVENT\r\n', ''), 'valid-calendar-data'],
  ['components that cross', event('u').replace('END:VEVENT', 'END:VTODO'), 'valid-calendar-data'],
  ['a body that is cut off', event('u').slice(0, -30), 'valid-calendar-data'],
  ['two calendars', event('u') + event('u'), 'valid-calendar-data'],
  ['a NUL', event('u', [start, 'SUMMARY:a\0b']), 'valid-calendar-data'],
  ['a BEL', event('u', [start, 'SUMMARY:a\x07b']), 'valid-calendar-data'],
  ['a vertical tab', event('u', [start, 'SUMMARY:a\x0bb']), 'valid-calendar-data'],
  ['a DEL', event('u', [start, 'SUMMARY:a\x7fb']), 'valid-calendar-data'],
  ['vCalendar 1.0', event('u').replace('VERSION:2.0', 'VERSION:1.0'), 'supported-calendar-data'],
  ['a METHOD', event('u').replace('VERSION', 'METHOD:REQUEST\r\nVERSION'), 'valid-calendar-object-resource'],
  ['no component', calendar([]), 'valid-calendar-object-resource'],
  [
    'a time zone alone',
    calendar(['BEGIN:VTIMEZONE', 'TZID:X', 'END:VTIMEZONE']),
    'valid-calendar-object-resource',
  ],
  [
    'two UIDs',
    calendar([...bare('UID:a', start), ...bare('UID:b', start)]),
    'valid-calendar-object-resource',
  ],
  ['two UIDs in one event', calendar(bare('UID:a', 'UID:b', start)), 'valid-calendar-object-resource'],
  [
    'two component types',
    calendar([...bare(...uid, start), 'BEGIN:VTODO', 'UID:u', 'END:VTODO']),
    'valid-calendar-object-resource',
  ],
  [
    'an event without UID',
    calendar(bare('DTSTAMP:20260101T000000Z', start)),
    'valid-calendar-object-resource',
  ],
  ['an empty UID', calendar(bare('UID:', start)), 'valid-calendar-object-resource'],
  [
    'an override without UID',
    calendar([...master, ...bare('RECURRENCE-ID:20260116T100000Z', start)]),
    'valid-calendar-object-resource',
  ],
  [
    'a RECURRENCE-ID that is no day',
    calendar([...master, ...bare(...uid, 'RECURRENCE-ID:20260230T100000Z', start)]),
    'valid-calendar-object-resource',
  ],
  [
    'a RECURRENCE-ID that is no time',
    calendar([...master, ...bare(...uid, 'RECURRENCE-ID:soon', start)]),
    'valid-calendar-object-resource',
  ],
  [
    'a RECURRENCE-ID that comes twice',
    calendar([
      ...master,
      ...bare(...uid, 'RECURRENCE-ID:20260116T100000Z', start),
      ...bare(...uid, 'RECURRENCE-ID:20260116T100000Z', start),
    ]),
    'valid-calendar-object-resource',
  ],
  ['two masters', calendar([...master, ...master]), 'valid-calendar-object-resource'],
  ['an RRULE without FREQ', event('u', [start, 'RRULE:COUNT=3']), 'valid-calendar-object-resource'],
  ['an RRULE of nonsense', event('u', [start, 'RRULE:FREQ=SOMETIMES']), 'valid-calendar-object-resource'],
  [
    'an RRULE of month 13',
    event('u', [start, 'RRULE:FREQ=YEARLY;BYMONTH=13']),
    'valid-calendar-object-resource',
  ],
  [
    'a component type that is unknown',
    calendar(['BEGIN:VPOLL', 'UID:u', 'END:VPOLL']),
    'supported-calendar-component',
  ],
  [
    'too many attendees',
    event('u', [start, ...Array.from({ length: 1001 }, (_, n) => `ATTENDEE:mailto:a${n}@example.org`)]),
    'max-attendees-per-instance',
  ],
]

describe('RFC 4791 §5.3.2.1 what PUT refuses', () => {
  const server = useServer()

  it.each(refused)('%s', async (_, body, precondition) => {
    const alice = await server.account()
    const path = `${await makeCalendar(alice, 'all')}x.ics`
    const before = (await alice.sync(alice.calendar, '')).syncToken
    const answer = await alice.put(path, body)
    expect(answer.status).toBe(403)
    expect(preconditionsOf(answer)).toEqual([caldav(precondition)])
    expect((await alice.get(path)).status).toBe(404)
    expect((await alice.sync(alice.calendar, '')).syncToken).toBe(before)
  })

  it('a refused PUT leaves what was there', async () => {
    const alice = await server.account()
    const path = `${alice.calendar}x.ics`
    const { headers } = await alice.put(path, event('u'))
    expect((await alice.put(path, 'rubbish')).status).toBe(403)
    const now = await alice.get(path)
    expect(now.text).toBe(event('u'))
    expect(now.headers.etag).toBe(headers.etag)
  })

  it('media types of anything else; a missing or general one lets the octets decide', async () => {
    const alice = await server.account()
    const path = `${alice.calendar}x.ics`
    for (const type of ['text/vcard', 'application/calendar+json', 'text/html', 'image/png']) {
      const answer = await alice.put(path, event('u'), { 'Content-Type': type })
      expect(answer.status).toBe(403)
      expect(preconditionsOf(answer)).toEqual([caldav('supported-calendar-data')])
    }
    for (const type of [
      'text/calendar',
      'TEXT/Calendar; charset="UTF-8"; component=VEVENT',
      'text/plain',
      '',
    ]) {
      expect((await alice.put(path, event('u'), { 'Content-Type': type })).status).toBeLessThan(300)
    }
    expect((await alice.request('PUT', path, { body: event('u') })).status).toBe(204)
    expect((await alice.get(path)).headers['content-type']).toMatch(/^text\/calendar; *charset=utf-8/)
  })

  it('octets that are not UTF-8, also where another charset is declared (RFC 5545 §3.1.4, behaviours)', async () => {
    const alice = await server.account()
    const path = `${alice.calendar}x.ics`
    const latin1 = Buffer.from(event('u', [start, 'SUMMARY:caf\xe9']), 'latin1')
    for (const charset of ['iso-8859-1', 'windows-1252', 'utf-8']) {
      const answer = await alice.put(path, latin1, { 'Content-Type': `text/calendar; charset=${charset}` })
      expect([answer.status, preconditionsOf(answer)]).toEqual([403, [caldav('valid-calendar-data')]])
    }
    expect((await alice.get(path)).status).toBe(404)
  })

  it('an XML answer holds the element alone and says why in a header (TBC-04, DVX-13)', async () => {
    const alice = await server.account()
    const answer = await alice.put(`${alice.calendar}x.ics`, 'hello')
    expect(answer.headers['content-type']).toBe('application/xml; charset=utf-8')
    const root = readXml(answer.body, { maxBytes: 1e6, maxDepth: 9, maxNodes: 99 })
    expect(root && elements(root)).toHaveLength(1)
    expect(root && textOf(root)).toBe('')
    expect(answer.headers['x-farley-reason']).toBeTruthy()
  })
})

describe('RFC 4791 §5.2.3 components a calendar takes', () => {
  const server = useServer()

  it('refuses others by PUT, COPY and MOVE (MIN-38)', async () => {
    const alice = await server.account()
    const isRefused = (answer: Answer) => {
      expect(answer.status).toBe(403)
      expect(preconditionsOf(answer)).toEqual([caldav('supported-calendar-component')])
    }
    isRefused(await alice.put(`${alice.calendar}t.ics`, todo('t')))
    isRefused(await alice.put(`${alice.tasks}e.ics`, event('e')))
    expect((await alice.put(`${alice.tasks}t.ics`, todo('t'))).status).toBe(201)
    for (const method of ['COPY', 'MOVE']) {
      const headers = { Destination: `${alice.calendar}t.ics` }
      isRefused(await alice.request(method, `${alice.tasks}t.ics`, { headers }))
    }
    expect((await alice.get(`${alice.tasks}t.ics`)).status).toBe(200)
    expect((await alice.sync(alice.calendar, '')).hrefs).toEqual([])
  })

  it('stores the set it was made with, free/busy and availability too, and keeps to it (IOS-06, KDE-03)', async () => {
    const alice = await server.account()
    const path = await makeCalendar(alice, 'busy', ['VFREEBUSY', 'VAVAILABILITY', 'VCALENDAR', 'TIMEZONE'])
    const listed = await alice.propfind(path, 0, [caldav('supported-calendar-component-set')])
    const set = listed.of(path).props.get(caldav('supported-calendar-component-set'))
    const names = set ? elements(set).map(({ attributes }) => attributes.get('name')) : []
    expect(names.sort()).toEqual(['VAVAILABILITY', 'VFREEBUSY'])
    const busy = ['BEGIN:VFREEBUSY', ...uid, 'FREEBUSY:20260115T100000Z/PT1H', 'END:VFREEBUSY']
    expect((await alice.put(`${path}f.ics`, calendar(busy))).status).toBe(201)
    const free = ['BEGIN:VAVAILABILITY', 'UID:v', 'END:VAVAILABILITY']
    expect((await alice.put(`${path}v.ics`, calendar(free))).status).toBe(201)
    expect((await alice.put(`${path}e.ics`, event('e'))).status).toBe(403)
  })
})

describe('RFC 4791 §5.3.2.1 no-uid-conflict', () => {
  const server = useServer()

  function conflictOf(answer: Answer): string | undefined {
    expect(answer.status).toBe(403)
    expect(preconditionsOf(answer)).toEqual([caldav('no-uid-conflict')])
    const root = readXml(answer.body, { maxBytes: 1e6, maxDepth: 9, maxNodes: 99 })
    const conflict = root && child(root, caldav('no-uid-conflict'))
    const href = conflict && child(conflict, dav('href'))
    return href && textOf(href)
  }

  it('a UID lives once in a collection; the refusal names where (MIN-37, VDS-08)', async () => {
    const alice = await server.account()
    await alice.put(`${alice.calendar}a%20b.ics`, event('u'))
    expect(conflictOf(await alice.put(`${alice.calendar}c.ics`, event('u')))).toBe(
      `${alice.calendar}a%20b.ics`,
    )
    const copy = { headers: { Destination: `${alice.calendar}c.ics` } }
    expect(conflictOf(await alice.request('COPY', `${alice.calendar}a%20b.ics`, copy))).toBe(
      `${alice.calendar}a%20b.ics`,
    )
  })

  it('but may live in two calendars, which is how some clients move (MIN-37)', async () => {
    const alice = await server.account()
    const other = await makeCalendar(alice, 'other', ['VEVENT'])
    await alice.put(`${alice.calendar}a.ics`, event('u'))
    expect((await alice.put(`${other}a.ics`, event('u'))).status).toBe(201)
    expect((await alice.delete(`${alice.calendar}a.ics`)).status).toBe(204)
  })

  it('does not change in place, except for a urn:uuid: before it (DVX-10)', async () => {
    const alice = await server.account()
    const path = `${alice.calendar}a.ics`
    await alice.put(path, event('7d1c'))
    expect(conflictOf(await alice.put(path, event('other')))).toBe(path)
    for (const same of ['urn:uuid:7d1c', '7d1c']) {
      expect((await alice.put(path, event(same))).status).toBe(204)
      expect((await alice.get(path)).text).toBe(event(same))
    }
    await alice.put(`${alice.calendar}b.ics`, event('urn:uuid:7d1d'))
    await alice.put(`${alice.calendar}c.ics`, event('7d1e'))
    expect(conflictOf(await alice.put(`${alice.calendar}c.ics`, event('urn:uuid:7d1d')))).toBeDefined()
  })

  it('case matters in a UID', async () => {
    const alice = await server.account()
    expect((await alice.put(`${alice.calendar}a.ics`, event('u'))).status).toBe(201)
    expect((await alice.put(`${alice.calendar}b.ics`, event('U'))).status).toBe(201)
  })
})

describe('RFC 4791 §5.2.5 max-resource-size', () => {
  const server = useServer({ limits: { bodyBytes: 4_000 } })

  it('refuses more, and leaves the connection usable or closed, never hanging (ABK-05)', async () => {
    const alice = await server.account()
    const big = event('u', ['DTSTART:20260115T100000Z', `DESCRIPTION:${'x'.repeat(9_000)}`])
    for (const headers of [{}, { 'Transfer-Encoding': 'chunked' }] as Record<string, string>[]) {
      const answer = await alice.put(`${alice.calendar}x.ics`, big, headers)
      expect(answer.status).toBe(403)
      expect(preconditionsOf(answer)).toEqual([caldav('max-resource-size')])
    }
    expect((await alice.put(`${alice.calendar}x.ics`, event('u'))).status).toBe(201)
    const told = await alice.propfind(alice.calendar, 0, [caldav('max-resource-size')])
    expect(told.of(alice.calendar).text(caldav('max-resource-size'))).toBe('4000')
  })

  it('counts what a compressed body holds', async () => {
    const alice = await server.account()
    const { gzipSync } = await import('node:zlib')
    const packed = gzipSync(event('u', [start, `DESCRIPTION:${'x'.repeat(9_000)}`]))
    expect(packed.length).toBeLessThan(4_000)
    const answer = await alice.put(`${alice.calendar}x.ics`, packed, { 'Content-Encoding': 'gzip' })
    expect(preconditionsOf(answer)).toEqual([caldav('max-resource-size')])
    const small = gzipSync(event('u'))
    expect((await alice.put(`${alice.calendar}x.ics`, small, { 'Content-Encoding': 'gzip' })).status).toBe(
      201,
    )
    expect((await alice.get(`${alice.calendar}x.ics`)).text).toBe(event('u'))
  })
})
