import { describe, expect, it } from 'vitest'
import { caldav, dav } from '../../protocol/dav/names.ts'
import { calendarQueryBody, multigetBody } from './client.ts'
import { calendar, event, lines, todo } from './objects.ts'
import { inRange, makeCalendar, putAll } from './queries.ts'
import { type Account, useServer } from './server.ts'

const [from, to] = ['20260101T000000Z', '20260108T000000Z']
const expand = `<c:expand start="${from}" end="${to}"/>`

/** What a calendar-data with these children gives of one object. */
async function dataOf(alice: Account, text: string, inner: string, path = `${alice.calendar}x.ics`) {
  expect((await alice.put(path, text)).status).toBeLessThan(300)
  const place = path.slice(0, path.lastIndexOf('/') + 1)
  const data = `<c:calendar-data>${inner}</c:calendar-data>`
  const queried = await alice.report(place, calendarQueryBody('', `<d:getetag/>${data}`))
  const body = multigetBody('calendar', [path]).replace(
    /<x:calendar-data[^>]*\/>/,
    data.replaceAll('c:', 'm:'),
  )
  const gotten = (await alice.report(place, body)).of(path).text(caldav('calendar-data'))
  expect(queried.of(path).text(caldav('calendar-data'))).toBe(gotten)
  return gotten ?? ''
}

/** The properties of each event, one array each, without BEGIN and END. */
function eventsIn(text: string): string[][] {
  return [...text.matchAll(/BEGIN:VEVENT\r\n([\s\S]*?)END:VEVENT/g)].map(([, inner = '']) =>
    inner.trim().split('\r\n'),
  )
}

const valuesOf = (text: string, name: string) =>
  text.match(new RegExp(`^${name}[;:].*$`, 'gm'))?.map((line) => line.trim())

describe('RFC 4791 §9.6.5 expand (PYC-03, HAS-02, SEQ-17)', () => {
  const server = useServer()
  const override = (id: string, ...properties: readonly string[]) => [
    'BEGIN:VEVENT',
    'UID:u',
    `RECURRENCE-ID${id}`,
    ...properties,
    'END:VEVENT',
  ]

  it('a daily series with an override and an EXDATE: six instances in UTC, no rule, no zone', async () => {
    const alice = await server.account()
    const daily = [
      'BEGIN:VTIMEZONE',
      'TZID:Europe/Berlin',
      'END:VTIMEZONE',
      'BEGIN:VEVENT',
      'UID:u',
      'SUMMARY:S',
      'DTSTART;TZID=Europe/Berlin:20251201T100000',
      'DTEND;TZID=Europe/Berlin:20251201T110000',
      'RRULE:FREQ=DAILY',
      'EXDATE;TZID=Europe/Berlin:20260103T100000',
      'END:VEVENT',
      ...override(
        ';TZID=Europe/Berlin:20260105T100000',
        'SUMMARY:O',
        'DTSTART;TZID=Europe/Berlin:20260105T150000',
        'DURATION:PT2H',
      ),
    ]
    const text = await dataOf(alice, calendar(daily), expand)
    expect(text).not.toMatch(/RRULE|EXDATE|RDATE|VTIMEZONE|TZID/)
    expect(eventsIn(text)).toHaveLength(6)
    expect(valuesOf(text, 'RECURRENCE-ID')?.sort()).toEqual(
      ['01', '02', '04', '05', '06', '07'].map((day) => `RECURRENCE-ID:202601${day}T090000Z`),
    )
    const moved = eventsIn(text).find((lines) => lines.includes('SUMMARY:O'))
    expect(moved).toEqual(expect.arrayContaining(['DTSTART:20260105T140000Z', 'DURATION:PT2H']))
    const plain = eventsIn(text).find((lines) => lines.includes('RECURRENCE-ID:20260101T090000Z'))
    expect(plain?.sort()).toEqual([
      'DTEND:20260101T100000Z',
      'DTSTART:20260101T090000Z',
      'RECURRENCE-ID:20260101T090000Z',
      'SUMMARY:S',
      'UID:u',
    ])
  })

  it('whole days stay dates', async () => {
    const alice = await server.account()
    const text = await dataOf(alice, event('u', ['DTSTART;VALUE=DATE:20260101', 'RRULE:FREQ=WEEKLY']), expand)
    expect(valuesOf(text, 'DTSTART')).toEqual(['DTSTART;VALUE=DATE:20260101'])
    expect(valuesOf(text, 'RECURRENCE-ID')).toEqual(['RECURRENCE-ID;VALUE=DATE:20260101'])
  })

  it('overrides that move in are there, those that move out are not', async () => {
    const alice = await server.account()
    const master = ['BEGIN:VEVENT', 'UID:u', 'DTSTART:20260101T100000Z', 'RRULE:FREQ=WEEKLY', 'END:VEVENT']
    const text = await dataOf(
      alice,
      calendar([
        ...master,
        ...override(':20260101T100000Z', 'DTSTART:20260201T100000Z'),
        ...override(':20260301T100000Z', 'DTSTART:20260102T100000Z'),
      ]),
      expand,
    )
    expect(valuesOf(text, 'DTSTART')).toEqual(['DTSTART:20260102T100000Z'])
  })

  it('a cancelled first instance stays cancelled; one that does not recur gets no RECURRENCE-ID', async () => {
    const alice = await server.account()
    const master = [
      'BEGIN:VEVENT',
      'UID:u',
      'DTSTART:20260101T100000Z',
      'RRULE:FREQ=DAILY;COUNT=2',
      'END:VEVENT',
    ]
    const cancelled = override(':20260101T100000Z', 'DTSTART:20260101T100000Z', 'STATUS:CANCELLED')
    const text = await dataOf(alice, calendar([...master, ...cancelled]), expand)
    expect(eventsIn(text).filter((lines) => lines.includes('STATUS:CANCELLED'))).toHaveLength(1)
    expect(eventsIn(text)).toHaveLength(2)
    const single = await dataOf(
      alice,
      event('v', ['DTSTART:20260101T100000Z']),
      expand,
      `${alice.calendar}v.ics`,
    )
    expect(valuesOf(single, 'RECURRENCE-ID')).toBeUndefined()
  })

  it('outside the range nothing is left, and with a selection only what is selected', async () => {
    const alice = await server.account()
    const text = await dataOf(alice, event('u', ['DTSTART:20270101T100000Z']), expand)
    expect(eventsIn(text)).toEqual([])
    const selection =
      '<c:comp name="VCALENDAR"><c:comp name="VEVENT"><c:prop name="DTSTART"/></c:comp></c:comp>'
    const both = await dataOf(
      alice,
      event('v', ['DTSTART:20260101T100000Z', 'RRULE:FREQ=DAILY;COUNT=2']),
      selection + expand,
      `${alice.calendar}v.ics`,
    )
    expect(eventsIn(both)).toEqual([['DTSTART:20260101T100000Z'], ['DTSTART:20260102T100000Z']])
  })

  it('needs a start and an end, and not a limited set beside it: 400', async () => {
    const alice = await server.account()
    await putAll(alice, alice.calendar, 'ics', { a: event('a') })
    const wrong = [
      '<c:expand/>',
      `<c:expand start="${from}"/>`,
      `${expand}<c:limit-recurrence-set start="${from}" end="${to}"/>`,
    ]
    for (const inner of wrong) {
      const body = calendarQueryBody('', `<c:calendar-data>${inner}</c:calendar-data>`)
      expect((await alice.request('REPORT', alice.calendar, { body })).status).toBe(400)
    }
  })
})

describe('RFC 4791 §9.6.1–9.6.4, §9.6.6–9.6.7 parts', () => {
  const server = useServer()
  const full = calendar([
    'BEGIN:VTIMEZONE',
    'TZID:X',
    'X-Z:1',
    'END:VTIMEZONE',
    'BEGIN:VEVENT',
    'UID:u',
    'DTSTART;TZID=X:20260101T100000',
    'SUMMARY;LANGUAGE=en:S\r\n 1',
    'BEGIN:VALARM',
    'TRIGGER:-PT1H',
    'END:VALARM',
    'END:VEVENT',
  ])

  it('properties and components, their lines as stored', async () => {
    const alice = await server.account()
    const ask = (inner: string) => dataOf(alice, full, `<c:comp name="VCALENDAR">${inner}</c:comp>`)
    const version = '<c:prop name="VERSION"/>'
    expect(await ask('')).toBe(full)
    expect(await ask('<c:allprop/><c:allcomp/>')).toBe(full)
    expect(await ask(version)).toBe(lines(['BEGIN:VCALENDAR', 'VERSION:2.0', 'END:VCALENDAR']))
    expect(await ask(`${version}<c:comp name="VTIMEZONE"/>`)).toBe(
      lines([
        'BEGIN:VCALENDAR',
        'VERSION:2.0',
        'BEGIN:VTIMEZONE',
        'TZID:X',
        'X-Z:1',
        'END:VTIMEZONE',
        'END:VCALENDAR',
      ]),
    )
    const of = (inner: string) => ask(`${version}<c:comp name="VEVENT">${inner}</c:comp>`)
    const wrapped = (...inner: readonly string[]) =>
      lines(['BEGIN:VCALENDAR', 'VERSION:2.0', 'BEGIN:VEVENT', ...inner, 'END:VEVENT', 'END:VCALENDAR'])
    expect(await of('<c:prop name="summary"/>')).toBe(wrapped('SUMMARY;LANGUAGE=en:S\r\n 1'))
    expect(await of('<c:prop name="SUMMARY" novalue="yes"/>')).toBe(wrapped('SUMMARY;LANGUAGE=en:'))
    expect(await of('<c:prop name="UID"/><c:comp name="VALARM"/>')).toBe(
      wrapped('UID:u', 'BEGIN:VALARM', 'TRIGGER:-PT1H', 'END:VALARM'),
    )
    expect(await of('<c:prop name="NONE"/>')).toBe(wrapped())
    expect((await alice.get(`${alice.calendar}x.ics`)).text).toBe(full)
  })

  it('a limited recurrence set keeps the master and the overrides that matter', async () => {
    const alice = await server.account()
    const override = (day: string) => [
      'BEGIN:VEVENT',
      'UID:u',
      `RECURRENCE-ID:202601${day}T100000Z`,
      `DTSTART:202601${day}T120000Z`,
      'END:VEVENT',
    ]
    const master = ['BEGIN:VEVENT', 'UID:u', 'DTSTART:20260101T100000Z', 'RRULE:FREQ=DAILY', 'END:VEVENT']
    const text = calendar([...master, ...override('05'), ...override('20')])
    const limited = await dataOf(alice, text, `<c:limit-recurrence-set start="${from}" end="${to}"/>`)
    expect(limited).toBe(calendar([...master, ...override('05')]))
  })

  it('a limited free/busy set keeps the periods in the range', async () => {
    const alice = await server.account()
    const place = await makeCalendar(alice, 'busy', ['VFREEBUSY'])
    const busy = (value: string) =>
      calendar(['BEGIN:VFREEBUSY', 'UID:u', `FREEBUSY:${value}`, 'END:VFREEBUSY'])
    const [inside, outside] = ['20260102T000000Z/PT1H', '20260202T000000Z/PT1H']
    const inner = `<c:limit-freebusy-set start="${from}" end="${to}"/>`
    expect(await dataOf(alice, busy(`${inside},${outside}`), inner, `${place}x.ics`)).toBe(busy(inside))
  })

  it('GET never gives parts, and PROPFIND gives the data too (§9.6)', async () => {
    const alice = await server.account()
    await putAll(alice, alice.tasks, 'ics', { a: todo('a') })
    const listed = await alice.propfind(alice.tasks, 1, [caldav('calendar-data')])
    expect(listed.of(`${alice.tasks}a.ics`).text(caldav('calendar-data'))).toBe(todo('a'))
  })
})

describe('law 10: instances in an answer are bounded', () => {
  const server = useServer({ limits: { answerInstances: 20 } })

  it('an object with more is answered without its data, the others with theirs', async () => {
    const alice = await server.account()
    await putAll(alice, alice.calendar, 'ics', {
      few: event('few', ['DTSTART:20260101T100000Z', 'RRULE:FREQ=DAILY;COUNT=3']),
      many: event('many', ['DTSTART:20260101T100000Z', 'RRULE:FREQ=HOURLY']),
      one: event('one', ['DTSTART:20260102T100000Z']),
    })
    const body = calendarQueryBody(
      inRange('VEVENT', from, to),
      `<d:getetag/><c:calendar-data>${expand}</c:calendar-data>`,
    )
    const answer = await alice.report(alice.calendar, body)
    expect(answer.hrefs).toHaveLength(3)
    const many = answer.of(`${alice.calendar}many.ics`)
    expect(many.text(dav('getetag'))).toBeTruthy()
    expect(many.namesWith(404)).toEqual([caldav('calendar-data')])
    expect(eventsIn(answer.of(`${alice.calendar}few.ics`).text(caldav('calendar-data')) ?? '')).toHaveLength(
      3,
    )
    expect(eventsIn(answer.of(`${alice.calendar}one.ics`).text(caldav('calendar-data')) ?? '')).toHaveLength(
      1,
    )
  })

  it('an answer that would hold more is cut with 507 for the request-URI (§7.8)', async () => {
    const alice = await server.account()
    const names = Array.from({ length: 9 }, (_, n) => `n${n}`)
    const daily = (name: string) => event(name, ['DTSTART:20260101T100000Z', 'RRULE:FREQ=DAILY;COUNT=3'])
    await putAll(alice, alice.calendar, 'ics', Object.fromEntries(names.map((name) => [name, daily(name)])))
    const data = `<d:getetag/><c:calendar-data>${expand}</c:calendar-data>`
    const hrefs = names.map((name) => `${alice.calendar}${name}.ics`)
    const multiget = multigetBody('calendar', hrefs).replace(
      /<x:calendar-data[^>]*\/>/,
      data.replaceAll('c:', 'm:'),
    )
    for (const body of [calendarQueryBody('', data), multiget]) {
      const { responses } = await alice.report(alice.calendar, body)
      expect(responses.map(({ href }) => href)).toEqual([...hrefs.slice(0, 6), alice.calendar])
      expect(responses.at(-1)?.status).toBe(507)
      expect(eventsIn(responses[5]?.text(caldav('calendar-data')) ?? '')).toHaveLength(3)
    }
    expect((await alice.report(alice.calendar, calendarQueryBody('', '<c:calendar-data/>'))).hrefs).toEqual(
      hrefs,
    )
  })
})

describe('RFC 4791 §7.3, §9.6.5 floating times are expanded in the zone of the query, else of the calendar', () => {
  const server = useServer()

  it('a range of one day in New York holds one whole day', async () => {
    const alice = await server.account()
    const zone = '<c:calendar-timezone-id>America/New_York</c:calendar-timezone-id>'
    const there = await makeCalendar(alice, 'there', ['VEVENT'], zone)
    const day = ['20260115T050000Z', '20260116T050000Z'] as const
    const data = `<c:calendar-data><c:expand start="${day[0]}" end="${day[1]}"/></c:calendar-data>`
    const starts = async (place: string, extra = '') => {
      await alice.put(`${place}a.ics`, event('a', ['DTSTART;VALUE=DATE:20260101', 'RRULE:FREQ=DAILY']))
      const body = calendarQueryBody(inRange('VEVENT', ...day), data).replace(
        '</c:calendar-query>',
        `${extra}</c:calendar-query>`,
      )
      return valuesOf(
        (await alice.report(place, body)).of(`${place}a.ics`).text(caldav('calendar-data')) ?? '',
        'DTSTART',
      )
    }
    const one = ['DTSTART;VALUE=DATE:20260115']
    const both = [...one, 'DTSTART;VALUE=DATE:20260116']
    expect(await starts(there)).toEqual(one)
    expect(await starts(alice.calendar)).toEqual(both)
    expect(await starts(alice.calendar, '<c:timezone-id>America/New_York</c:timezone-id>')).toEqual(one)
    expect(await starts(there, '<c:timezone-id>UTC</c:timezone-id>')).toEqual(both)
  })

  it('by PROPFIND of one object too', async () => {
    const alice = await server.account()
    const zone = '<c:calendar-timezone-id>America/New_York</c:calendar-timezone-id>'
    const there = await makeCalendar(alice, 'there', ['VEVENT'], zone)
    await alice.put(`${there}a.ics`, event('a', ['DTSTART;VALUE=DATE:20260101', 'RRULE:FREQ=DAILY']))
    const data =
      '<c:calendar-data><c:expand start="20260115T050000Z" end="20260116T050000Z"/></c:calendar-data>'
    const body = `<d:propfind xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:prop>${data}</d:prop></d:propfind>`
    for (const [path, Depth] of [
      [`${there}a.ics`, '0'],
      [there, '1'],
    ] as const) {
      const { text } = await alice.request('PROPFIND', path, { headers: { Depth }, body })
      expect(text.match(/DTSTART;VALUE=DATE:\d+/g)).toEqual(['DTSTART;VALUE=DATE:20260115'])
    }
  })
})
