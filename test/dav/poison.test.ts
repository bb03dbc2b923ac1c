import { describe, expect, it } from 'vitest'
import { caldav, carddav, dav } from '../../protocol/dav/names.ts'
import { calendarQueryBody, multigetBody, syncBody } from './client.ts'
import { calendar, card, event } from './objects.ts'
import { poison, series } from './poison.ts'
import { addressQueryBody, compFilter, inRange, propFilter, putAll, textMatch, timeRange } from './queries.ts'
import { type Account, useServer } from './server.ts'

/** What a body may have become: by an older version, another program, a disk. */
const damaged: readonly (readonly [string, Uint8Array])[] = [
  ['nothing', Buffer.alloc(0)],
  ['zeros', Buffer.alloc(1000)],
  ['not UTF-8', Buffer.from([0xff, 0xc0, 0x80, 0xfe, 0x41])],
  ['UTF-16 that is cut off', Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x41])],
  ['every octet', Buffer.from(Array.from({ length: 256 }, (_, n) => n))],
  ['control characters', Buffer.from(event('u', [...series, 'SUMMARY:a\0\x07\x0b\x1b]]>&<b>\ufffe\uffff']))],
  ['half an object', Buffer.from(event('u', series).slice(0, 80))],
  ['BEGIN without end', Buffer.from('BEGIN:VCALENDAR\r\n'.repeat(5_000))],
  ['another kind of object', Buffer.from(card('u').replace('VERSION:3.0', 'VERSION:2.1'))],
  ['an unreadable start', Buffer.from(event('u', ['DTSTART:soon', 'RRULE:FREQ=DAILY']))],
  ['an unreadable rule', Buffer.from(event('u', ['DTSTART:20260115T100000Z', 'RRULE:FREQ=NEVER;COUNT=x']))],
  [
    'a rule without end or sense',
    Buffer.from(event('u', ['DTSTART:00010101T000000Z', 'RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30'])),
  ],
  ['no UID', Buffer.from(calendar(['BEGIN:VEVENT', 'END:VEVENT']))],
  [
    'years past counting',
    Buffer.from(
      event('u', ['DTSTART:99991231T235959Z', 'DURATION:P99999999W', 'RRULE:FREQ=YEARLY;INTERVAL=99999']),
    ),
  ],
]

describe('law 9: one poisonous item never fails a collection (complaints 13, 14)', () => {
  const server = useServer()

  it.each(damaged)('a calendar with %s', async (_, bytes) => {
    const alice = await server.account()
    const [bad, good] = [`${alice.calendar}bad.ics`, `${alice.calendar}good.ics`]
    await putAll(alice, alice.calendar, 'ics', { bad: event('bad', series), good: event('good', series) })
    const { syncToken = '' } = await alice.sync(alice.calendar, '')
    for (const isExact of [true, false]) {
      await poison(server, { uid: 'bad', bytes, isExact })
      const data = '<d:getetag/><c:calendar-data/>'
      const expanded = `<c:calendar-data><c:expand start="20260115T000000Z" end="20260118T000000Z"/></c:calendar-data>`
      const selected =
        '<c:calendar-data><c:comp name="VCALENDAR"><c:comp name="VEVENT"><c:prop name="UID"/></c:comp></c:comp></c:calendar-data>'
      const reports = [
        syncBody(''),
        syncBody('', undefined, [dav('getetag'), caldav('calendar-data')]),
        multigetBody('calendar', [bad, good]),
        calendarQueryBody('', data),
        calendarQueryBody('', expanded),
        calendarQueryBody('', selected),
        calendarQueryBody(inRange('VEVENT', '20260115T000000Z', '20260116T000000Z'), data),
        calendarQueryBody(inRange('VEVENT', '20500115T000000Z', '20500116T000000Z'), expanded),
        calendarQueryBody(compFilter('VEVENT', propFilter('SUMMARY', textMatch('Event'))), data),
        calendarQueryBody(compFilter('VEVENT', compFilter('VALARM', '<c:is-not-defined/>')), data),
        calendarQueryBody(
          compFilter('VEVENT', timeRange('20260115T000000Z'), propFilter('UID', textMatch('good'))),
        ),
      ]
      for (const body of reports) {
        const { hrefs, of } = await alice.report(alice.calendar, body)
        expect(hrefs).toContain(good)
        expect(of(good).namesWith(200)).not.toEqual([])
      }
      const names = [dav('getetag'), dav('getcontenttype'), dav('getcontentlength'), caldav('calendar-data')]
      expect((await alice.propfind(alice.calendar, 1, names)).hrefs).toEqual([alice.calendar, bad, good])
      const whole = await alice.get(alice.calendar)
      expect([whole.status, whole.text.includes('UID:good')]).toEqual([200, true])
    }
    await repair(alice, bad, bytes, event('bad', series))
    expect((await alice.sync(alice.calendar, syncToken)).hrefs).toContain(bad)
  })

  it.each(damaged)('an address book with %s', async (_, bytes) => {
    const alice = await server.account()
    const [bad, good] = [`${alice.contacts}bad.vcf`, `${alice.contacts}good.vcf`]
    await putAll(alice, alice.contacts, 'vcf', {
      bad: card('bad', 'Jane Bad'),
      good: card('good', 'Jane Good'),
    })
    await poison(server, { uid: 'bad', bytes, isExact: true })
    const data = '<d:getetag/><c:address-data/>'
    const part = '<c:address-data><c:prop name="FN"/></c:address-data>'
    const reports = [
      syncBody('', undefined, [dav('getetag'), carddav('address-data')]),
      multigetBody('addressbook', [bad, good]),
      addressQueryBody([], { props: data }),
      addressQueryBody([], { props: part }),
      addressQueryBody([propFilter('FN', textMatch('jane'))], { props: data }),
      addressQueryBody([propFilter('X-NONE', '<c:is-not-defined/>')], { props: part }),
    ]
    for (const body of reports) {
      const { hrefs, of } = await alice.report(alice.contacts, body)
      expect(hrefs).toContain(good)
      expect(of(good).namesWith(200)).not.toEqual([])
    }
    expect((await alice.propfind(alice.contacts, 1, [dav('getetag')])).hrefs).toEqual([
      alice.contacts,
      bad,
      good,
    ])
    expect((await alice.get(alice.contacts)).text).toContain('UID:good')
    await repair(alice, bad, bytes, card('bad'))
  })

  it('a calendar and a book with them are copied whole (RFC 4918 §9.8.3)', async () => {
    const alice = await server.account()
    const [, bytes] = damaged[2] ?? []
    if (!bytes) throw new Error('Nothing is damaged.')
    await putAll(alice, alice.calendar, 'ics', { bad: event('bad', series), good: event('good', series) })
    await putAll(alice, alice.contacts, 'vcf', { bad: card('bad'), good: card('good') })
    await poison(server, { uid: 'bad', bytes, isExact: true })
    for (const place of [alice.calendar, alice.contacts]) {
      const to = place.replace(/\w+\/$/, 'copied/')
      expect((await alice.request('COPY', place, { headers: { Destination: to } })).status).toBe(201)
      const copied = (await alice.sync(to, '')).hrefs
      expect(copied).toHaveLength(2)
      const [bad = ''] = copied.filter((href) => href.includes('/bad.'))
      expect((await alice.get(bad)).body.equals(Buffer.from(bytes))).toBe(true)
    }
    const copy = alice.calendar.replace(/\w+\/$/, 'copied/')
    const far = calendarQueryBody(inRange('VEVENT', '20260120T000000Z', '20260121T000000Z'))
    expect((await alice.report(copy, far)).hrefs).toEqual([`${copy}good.ics`])
  })

  /** It is served as stored, and can be moved, mended and deleted like any other. */
  async function repair(alice: Account, path: string, bytes: Uint8Array, body: string): Promise<void> {
    const got = await alice.get(path)
    expect([got.status, got.body.equals(Buffer.from(bytes))]).toEqual([200, true])
    const aside = path.replace('bad', 'aside')
    expect((await alice.request('MOVE', path, { headers: { Destination: aside } })).status).toBe(201)
    expect((await alice.request('MOVE', aside, { headers: { Destination: path } })).status).toBe(201)
    const copied = await alice.request('COPY', path, { headers: { Destination: aside } })
    expect([201, 403]).toContain(copied.status)
    if (copied.status === 201) await alice.delete(aside)
    expect((await alice.put(path, body)).status).toBe(204)
    expect((await alice.get(path)).text).toBe(body)
    expect((await alice.delete(path)).status).toBe(204)
    expect((await alice.put(path, body)).status).toBe(201)
  }
})
