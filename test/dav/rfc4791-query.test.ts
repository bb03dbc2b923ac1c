import { describe, expect, it } from 'vitest'
import { caldav, dav } from '../../protocol/dav/names.ts'
import { calendarQueryBody, multigetBody, preconditionsOf } from './client.ts'
import { calendar, event, todo } from './objects.ts'
import {
  compFilter,
  found,
  inRange,
  isNotDefined,
  makeCalendar,
  paramFilter,
  propFilter,
  putAll,
  textMatch,
} from './queries.ts'
import { type Account, useServer } from './server.ts'

const start = 'DTSTART:20260115T100000Z'

async function mixed(alice: Account): Promise<string> {
  const place = await makeCalendar(alice, 'mixed', ['VEVENT', 'VTODO', 'VJOURNAL'])
  await putAll(alice, place, 'ics', {
    event: event('e', [start]),
    todo: todo('t'),
    journal: calendar(['BEGIN:VJOURNAL', 'UID:j', 'END:VJOURNAL']),
    zoned: calendar(['BEGIN:VTIMEZONE', 'TZID:X', 'END:VTIMEZONE', 'BEGIN:VEVENT', 'UID:z', 'END:VEVENT']),
  })
  return place
}

describe('RFC 4791 §9.7.1 comp-filter', () => {
  const server = useServer()

  it('VCALENDAR alone is everything; a component is its objects (OTH-06, PYC-04)', async () => {
    const alice = await server.account()
    const place = await mixed(alice)
    expect(await found(alice, place)).toEqual(['event', 'journal', 'todo', 'zoned'])
    expect(await found(alice, place, compFilter('VEVENT'))).toEqual(['event', 'zoned'])
    expect(await found(alice, place, compFilter('VTODO'))).toEqual(['todo'])
    expect(await found(alice, place, compFilter('vjournal'))).toEqual(['journal'])
    expect(await found(alice, place, compFilter('VTIMEZONE'))).toEqual(['zoned'])
    expect(await found(alice, place, compFilter('VEVENT', isNotDefined))).toEqual(['journal', 'todo'])
    expect(await found(alice, place, compFilter('VTIMEZONE', isNotDefined))).toHaveLength(3)
    expect(await found(alice, place, compFilter('VEVENT'), compFilter('VTIMEZONE'))).toEqual(['zoned'])
    expect(await found(alice, place, compFilter('VEVENT'), compFilter('VTODO'))).toEqual([])
    expect(await found(alice, place, compFilter('X-NONE'))).toEqual([])
  })

  it('what a calendar does not hold is an empty 207 (KDE-01, DVX SEQ-11, SEQ-15)', async () => {
    const alice = await server.account()
    await putAll(alice, alice.calendar, 'ics', { a: event('a') })
    for (const kind of ['VTODO', 'VJOURNAL', 'VFREEBUSY', 'VPOLL']) {
      const answer = await alice.report(alice.calendar, calendarQueryBody(compFilter(kind)))
      expect(answer.responses).toEqual([])
    }
  })

  it('any Depth or none, no 404 elements, every asked property (MIN-17, MIN-30, TSD-05)', async () => {
    const alice = await server.account()
    const place = await mixed(alice)
    const body = calendarQueryBody(compFilter('VEVENT'), '<d:getetag/><c:calendar-data/><d:x/>')
    const answer = await alice.report(place, body)
    const { text, namesWith, propstatLines } = answer.of(`${place}event.ics`)
    expect(text(caldav('calendar-data'))).toBe(event('e', [start]))
    expect(namesWith(404)).toEqual([dav('x')])
    expect(propstatLines[0]).toBe('HTTP/1.1 200 OK')
    expect(answer.responses.every(({ status }) => status === undefined)).toBe(true)
    for (const Depth of ['0', '1', 'infinity']) {
      expect((await alice.report(place, body, { Depth })).text).toBe(answer.text)
    }
    expect((await alice.request('REPORT', place, { body })).text).toBe(answer.text)
  })

  it('more than a page of objects', async () => {
    const alice = await server.account()
    const names = Array.from({ length: 530 }, (_, n) => `n${n}`)
    for (let from = 0; from < names.length; from += 53) {
      const puts = names
        .slice(from, from + 53)
        .map((n) => alice.put(`${alice.calendar}${n}.ics`, event(n, [start])))
      await Promise.all(puts)
    }
    expect(await found(alice, alice.calendar)).toHaveLength(530)
    expect(await found(alice, alice.calendar, inRange('VEVENT', '20260115T100000Z'))).toHaveLength(530)
    const summary = compFilter('VEVENT', propFilter('SUMMARY', textMatch('Event n1')))
    expect((await found(alice, alice.calendar, summary)).length).toBe(111)
  })
})

describe('RFC 4791 §9.7.2–9.7.5 prop-filter, param-filter, text-match', () => {
  const server = useServer()

  async function texts(alice: Account): Promise<(...filters: readonly string[]) => Promise<string>> {
    const place = alice.calendar
    await putAll(alice, place, 'ics', {
      a: event('UID-a', [start, 'SUMMARY:Team lunch', 'CATEGORIES:WORK,Food']),
      b: event('UID-b', [
        start,
        'SUMMARY:LUNCH\\, with\r\n  Zoë',
        'CATEGORIES:private',
        'LOCATION;LANGUAGE=en:Bar',
      ]),
      c: event('UID-c', [
        'DTSTART;TZID=Europe/Berlin:20260115T100000',
        'ATTENDEE;PARTSTAT=NEEDS-ACTION;CN="A, B":mailto:a@example.org',
      ]),
      d: event('UID-d', [
        start,
        'CREATED:20260101T000000Z',
        'ATTENDEE;PARTSTAT=DECLINED:mailto:a@example.org',
      ]),
    })
    return async (...filters) => (await found(alice, place, compFilter('VEVENT', ...filters))).join('')
  }

  it('text by part, whatever its case, folds and escapes (PYC-04)', async () => {
    const find = await texts(await server.account())
    expect(await find(propFilter('SUMMARY', textMatch('lunch')))).toBe('ab')
    expect(await find(propFilter('SUMMARY', textMatch('LUNCH, with Zoë')))).toBe('b')
    expect(await find(propFilter('UID', textMatch('uid-a')))).toBe('a')
    expect(await find(propFilter('UID', textMatch('UID-a', { collation: 'i;octet' })))).toBe('a')
    expect(await find(propFilter('UID', textMatch('uid-a', { collation: 'i;octet' })))).toBe('')
    expect(await find(propFilter('UID', textMatch('UID')))).toBe('abcd')
    expect(await find(propFilter('SUMMARY', textMatch('ZOË', { collation: 'i;unicode-casemap' })))).toBe('b')
    expect(await find(propFilter('SUMMARY', textMatch('ZOË')))).toBe('')
    expect(await find(propFilter('CATEGORIES', textMatch('food')))).toBe('a')
    expect(await find(propFilter('CATEGORIES', textMatch('Food', { 'match-type': 'equals' })))).toBe('a')
    expect(await find(propFilter('SUMMARY', textMatch('team', { 'match-type': 'starts-with' })))).toBe('a')
    expect(await find(propFilter('SUMMARY', textMatch('team', { 'match-type': 'ends-with' })))).toBe('')
  })

  it('a UID of a thousand letters', async () => {
    const alice = await server.account()
    const uid = `${'x'.repeat(1_000)}-end`
    await putAll(alice, alice.calendar, 'ics', { long: event(uid, [start]), short: event('x', [start]) })
    expect(
      await found(alice, alice.calendar, compFilter('VEVENT', propFilter('UID', textMatch('-end')))),
    ).toEqual(['long'])
    const conflict = await alice.put(`${alice.calendar}again.ics`, event(uid, [start]))
    expect(preconditionsOf(conflict)).toEqual([caldav('no-uid-conflict')])
  })

  it('the opposite, and what is not defined', async () => {
    const find = await texts(await server.account())
    expect(await find(propFilter('UID', textMatch('uid-a', { 'negate-condition': 'yes' })))).toBe('bcd')
    expect(await find(propFilter('CATEGORIES', textMatch('work', { 'negate-condition': 'yes' })))).toBe('b')
    expect(await find(propFilter('CATEGORIES', isNotDefined))).toBe('cd')
    expect(await find(propFilter('CATEGORIES'))).toBe('ab')
    expect(
      await find(propFilter('SUMMARY', textMatch('Event UID')), propFilter('CREATED', isNotDefined)),
    ).toBe('abc')
    expect(await find(propFilter('UID', isNotDefined))).toBe('')
  })

  it('parameters', async () => {
    const find = await texts(await server.account())
    expect(await find(propFilter('DTSTART', paramFilter('TZID', textMatch('berlin'))))).toBe('c')
    expect(await find(propFilter('DTSTART', paramFilter('TZID', isNotDefined)))).toBe('abd')
    expect(await find(propFilter('LOCATION', paramFilter('LANGUAGE')))).toBe('b')
    const attendee = (status: string) =>
      propFilter('ATTENDEE', textMatch('mailto:a@example.org'), paramFilter('PARTSTAT', textMatch(status)))
    expect(await find(attendee('NEEDS-ACTION'))).toBe('c')
    expect(await find(attendee('DECLINED'))).toBe('d')
  })

  it('the time of a property', async () => {
    const find = await texts(await server.account())
    const created = (from: string, to: string) =>
      propFilter('CREATED', `<c:time-range start="${from}" end="${to}"/>`)
    expect(await find(created('20260101T000000Z', '20260102T000000Z'))).toBe('d')
    expect(await find(created('20260102T000000Z', '20260103T000000Z'))).toBe('')
  })

  it('with a time range too, on one and the same component', async () => {
    const alice = await server.account()
    const find = await texts(alice)
    const lunch = propFilter('SUMMARY', textMatch('lunch'))
    expect(await find('<c:time-range start="20260115T000000Z" end="20260116T000000Z"/>', lunch)).toBe('ab')
    expect(await find('<c:time-range start="20260116T000000Z" end="20260117T000000Z"/>', lunch)).toBe('')
    const anyOf = `<c:comp-filter name="VEVENT" test="anyof">${lunch}${propFilter('CREATED')}</c:comp-filter>`
    expect(await found(alice, alice.calendar, anyOf)).toEqual(['a', 'b', 'd'])
  })
})

const range = (attributes: string) =>
  `<c:comp-filter name="VEVENT"><c:time-range ${attributes}/></c:comp-filter>`

const bad: readonly (readonly [string, string])[] = [
  ['a date for a time', range('start="20260101"')],
  ['a floating time', range('start="20260101T000000"')],
  ['a day that is none', range('start="20260230T000000Z"')],
  ['neither start nor end', range('')],
  ['an end before the start', range('start="20260102T000000Z" end="20260101T000000Z"')],
  ['an empty range', range('start="20260101T000000Z" end="20260101T000000Z"')],
  ['two time ranges', compFilter('VEVENT', '<c:time-range start="20260101T000000Z"/>'.repeat(2))],
  ['a comp-filter without name', '<c:comp-filter/>'],
  ['a prop-filter without name', compFilter('VEVENT', '<c:prop-filter/>')],
  ['is-not-defined with something else', compFilter('VEVENT', isNotDefined, propFilter('UID'))],
  ['an element that is unknown', compFilter('VEVENT', '<c:sometimes/>')],
  [
    'a negate-condition of maybe',
    compFilter('VEVENT', propFilter('UID', textMatch('x', { 'negate-condition': 'maybe' }))),
  ],
]

describe('RFC 4791 §7.8 valid-filter and its like', () => {
  const server = useServer()

  it.each(bad)('%s', async (_, filter) => {
    const alice = await server.account()
    const answer = await alice.request('REPORT', alice.calendar, { body: calendarQueryBody(filter) })
    expect([answer.status, preconditionsOf(answer)]).toEqual([403, [caldav('valid-filter')]])
  })

  it('no filter, two, or one that is not for VCALENDAR', async () => {
    const alice = await server.account()
    const whole = calendarQueryBody('')
    const bodies = [
      whole.replace(/<c:filter>.*<\/c:filter>/, ''),
      whole.replace(/<c:filter>.*<\/c:filter>/, '<c:filter/>'),
      whole.replace('VCALENDAR', 'VEVENT'),
      whole.replace('</c:filter>', '<c:comp-filter name="VCALENDAR"/></c:filter>'),
    ]
    for (const body of bodies) {
      const answer = await alice.request('REPORT', alice.calendar, { body })
      expect([answer.status, preconditionsOf(answer)]).toEqual([403, [caldav('valid-filter')]])
    }
  })

  it('a collation that is not known', async () => {
    const alice = await server.account()
    const filter = compFilter('VEVENT', propFilter('UID', textMatch('x', { collation: 'i;klingon' })))
    const answer = await alice.request('REPORT', alice.calendar, { body: calendarQueryBody(filter) })
    expect([answer.status, preconditionsOf(answer)]).toEqual([403, [caldav('supported-collation')]])
    const told = await alice.propfind(alice.calendar, 0, [caldav('supported-collation-set')])
    expect(told.of(alice.calendar).text(caldav('supported-collation-set'))).toContain('i;unicode-casemap')
  })

  it('calendar-data of another kind or version', async () => {
    const alice = await server.account()
    await putAll(alice, alice.calendar, 'ics', { a: event('a') })
    const multiget = multigetBody('calendar', [`${alice.calendar}a.ics`])
    for (const of of ['content-type="text/vcard"', 'version="1.0"']) {
      const data = `<c:calendar-data xmlns:c="urn:ietf:params:xml:ns:caldav" ${of}/>`
      for (const body of [calendarQueryBody('', data), multiget.replace(/<x:calendar-data[^>]*\/>/, data)]) {
        const answer = await alice.request('REPORT', alice.calendar, { body })
        expect([answer.status, preconditionsOf(answer)]).toEqual([403, [caldav('supported-calendar-data')]])
      }
    }
  })

  it('one object is asked as its calendar is (§7.8, §7)', async () => {
    const alice = await server.account()
    const zone = '<c:calendar-timezone-id>America/New_York</c:calendar-timezone-id>'
    const place = await makeCalendar(alice, 'there', ['VEVENT'], zone)
    await putAll(alice, place, 'ics', {
      a: event('a', ['DTSTART;VALUE=DATE:20260115', 'RRULE:FREQ=DAILY;COUNT=5']),
      b: event('b', ['DTSTART;VALUE=DATE:20260115']),
    })
    const href = `${place}a.ics`
    const expand = '<c:expand start="20260116T050000Z" end="20260117T050000Z"/>'
    const ask = (start: string, end: string) =>
      alice.report(
        href,
        calendarQueryBody(inRange('VEVENT', start, end), `<c:calendar-data>${expand}</c:calendar-data>`),
      )
    const there = await ask('20260120T040000Z', '20260120T050000Z')
    expect(there.hrefs).toEqual([href])
    expect(there.text.match(/(?<=DTSTART;VALUE=DATE:)\d+/g)).toEqual(['20260116'])
    expect((await ask('20260120T050000Z', '20260120T060000Z')).hrefs).toEqual([])
  })

  it('is for calendars and their objects only', async () => {
    const alice = await server.account()
    for (const path of [alice.contacts, alice.calendars, alice.principal]) {
      const answer = await alice.request('REPORT', path, { body: calendarQueryBody('') })
      expect([answer.status, preconditionsOf(answer)]).toEqual([403, [dav('supported-report')]])
    }
    expect(
      (await alice.request('REPORT', `${alice.calendars}none/`, { body: calendarQueryBody('') })).status,
    ).toBe(404)
  })
})
