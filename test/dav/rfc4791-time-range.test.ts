import { describe, expect, it } from 'vitest'
import { caldav } from '../../protocol/dav/names.ts'
import { calendarQueryBody, preconditionsOf } from './client.ts'
import { calendar, event } from './objects.ts'
import {
  compFilter,
  found,
  inRange,
  isNotDefined,
  makeCalendar,
  propFilter,
  putAll,
  timeRange,
} from './queries.ts'
import { type Account, useServer } from './server.ts'

const vevent = (uid: string, ...properties: readonly string[]) => [
  'BEGIN:VEVENT',
  `UID:${uid}`,
  ...properties,
  'END:VEVENT',
]
const every = ['VEVENT', 'VTODO', 'VJOURNAL', 'VFREEBUSY']

/** A calendar with these objects, each of one component of that kind. */
async function filled(alice: Account, kind: string, bodies: Readonly<Record<string, readonly string[]>>) {
  const place = await makeCalendar(alice, 'filled', every)
  const objects = Object.entries(bodies).map(([name, properties]) => [
    name,
    calendar([`BEGIN:${kind}`, `UID:${name}`, ...properties, `END:${kind}`]),
  ])
  await putAll(alice, place, 'ics', Object.fromEntries(objects))
  return place
}

/** Who is found in [start, end), each written as MMDDTHHMM of 2026. */
async function hits(
  alice: Account,
  place: string,
  kind: string,
  start?: string,
  end?: string,
): Promise<string> {
  const full = (time?: string) => time && (time.length === 9 ? `2026${time}00Z` : time)
  return (await found(alice, place, inRange(kind, full(start), full(end)))).join(' ')
}

describe('RFC 4791 §9.9 VEVENT', () => {
  const server = useServer()

  it('each way to say how long, and both edges', async () => {
    const alice = await server.account()
    const place = await filled(alice, 'VEVENT', {
      end: ['DTSTART:20260115T100000Z', 'DTEND:20260115T110000Z'],
      duration: ['DTSTART:20260115T100000Z', 'DURATION:PT1H'],
      nothing: ['DTSTART:20260115T100000Z', 'DURATION:PT0S'],
      point: ['DTSTART:20260115T100000Z'],
      day: ['DTSTART;VALUE=DATE:20260115'],
      days: ['DTSTART;VALUE=DATE:20260115', 'DTEND;VALUE=DATE:20260117'],
    })
    const at = (start: string, end: string) => hits(alice, place, 'VEVENT', start, end)
    expect(await at('0115T1000', '0115T1100')).toBe('day days duration end nothing point')
    expect(await at('0115T0900', '0115T1000')).toBe('day days')
    expect(await at('0115T1100', '0115T1200')).toBe('day days')
    expect(await at('0115T1030', '0115T1031')).toBe('day days duration end')
    expect(await at('0115T0959', '0115T1001')).toBe('day days duration end nothing point')
    expect(await at('0116T0000', '0116T0100')).toBe('days')
    expect(await at('0117T0000', '0118T0000')).toBe('')
    expect(await at('0114T0000', '0115T0000')).toBe('')
  })

  it('recurring ones by each instance; EXDATE, RDATE and overrides that move in and out', async () => {
    const alice = await server.account()
    const weekly = ['DTSTART:20260105T100000Z', 'DTEND:20260105T110000Z', 'RRULE:FREQ=WEEKLY;COUNT=6']
    const place = await makeCalendar(alice, 'filled', every)
    const moved = (uid: string, id: string, to: string) =>
      vevent(uid, `RECURRENCE-ID:2026${id}`, `DTSTART:2026${to}`, 'DURATION:PT1H')
    await putAll(alice, place, 'ics', {
      plain: calendar(vevent('p', ...weekly)),
      without: calendar(vevent('w', ...weekly, 'EXDATE:20260119T100000Z')),
      added: calendar(
        vevent('a', ...weekly, 'RDATE:20260121T100000Z', 'RDATE;VALUE=PERIOD:20260122T100000Z/PT5H'),
      ),
      out: calendar([...vevent('o', ...weekly), ...moved('o', '0119T100000Z', '0121T100000Z')]),
      alone: calendar(moved('s', '0119T100000Z', '0123T100000Z')),
    })
    const at = (start: string, end: string) => hits(alice, place, 'VEVENT', start, end)
    expect(await at('0119T0000', '0120T0000')).toBe('added plain')
    expect(await at('0121T0000', '0122T0000')).toBe('added out')
    expect(await at('0122T1400', '0122T1500')).toBe('added')
    expect(await at('0123T1030', '0123T1031')).toBe('alone')
    expect(await at('0119T1100', '0121T1000')).toBe('')
    expect(await at('0209T1000', '0209T1001')).toBe('added out plain without')
    expect(await at('0209T1100', '0301T0000')).toBe('')
  })

  it('THISANDFUTURE moves what follows', async () => {
    const alice = await server.account()
    const place = await makeCalendar(alice, 'filled', every)
    const master = vevent('m', 'DTSTART:20260105T100000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY')
    const future = vevent(
      'm',
      'RECURRENCE-ID;RANGE=THISANDFUTURE:20260120T100000Z',
      'DTSTART:20260120T150000Z',
      'DURATION:PT1H',
    )
    await putAll(alice, place, 'ics', { m: calendar([...master, ...future]) })
    expect(await hits(alice, place, 'VEVENT', '0119T1000', '0119T1100')).toBe('m')
    expect(await hits(alice, place, 'VEVENT', '0125T1000', '0125T1100')).toBe('')
    expect(await hits(alice, place, 'VEVENT', '0125T1500', '0125T1600')).toBe('m')
  })

  it('open ends, before the window of the index and in the far future (PYC-05)', async () => {
    const alice = await server.account()
    const place = await filled(alice, 'VEVENT', {
      endless: ['DTSTART:20200101T100000Z', 'RRULE:FREQ=MONTHLY;BYDAY=1MO'],
      old: ['DTSTART:19990101T100000Z', 'RRULE:FREQ=YEARLY;UNTIL=20100101T100000Z'],
      counted: ['DTSTART:20260101T100000Z', 'RRULE:FREQ=YEARLY;COUNT=10'],
      single: ['DTSTART:20260101T100000Z'],
      birthday: ['DTSTART;VALUE=DATE:19400229', 'RRULE:FREQ=YEARLY'],
    })
    const at = (start?: string, end?: string) => hits(alice, place, 'VEVENT', start, end)
    expect(await at('19900101T000000Z')).toBe('birthday counted endless old single')
    expect(await at(undefined, '20000101T000000Z')).toBe('birthday old')
    expect(await at('20100102T000000Z')).toBe('birthday counted endless single')
    expect(await at('20260101T100001Z')).toBe('birthday counted endless')
    expect(await at('20350101T100001Z')).toBe('birthday endless')
    expect(await at('20990101T000000Z', '20990201T000000Z')).toBe('endless')
    expect(await at('20960229T000000Z', '20960229T010000Z')).toBe('birthday')
    expect(await at('20970101T000000Z', '20970301T000000Z')).toBe('endless')
    expect(await at(undefined, '19400229T000000Z')).toBe('')
  })

  it('zones: of the object, of its own VTIMEZONE, across a change of clocks', async () => {
    const alice = await server.account()
    const place = await makeCalendar(alice, 'filled', every)
    const own = [
      'BEGIN:VTIMEZONE',
      'TZID:Mine',
      'BEGIN:STANDARD',
      'DTSTART:19700101T000000',
      'TZOFFSETFROM:+0330',
      'TZOFFSETTO:+0330',
      'END:STANDARD',
      'END:VTIMEZONE',
    ]
    await putAll(alice, place, 'ics', {
      berlin: event('b', ['DTSTART;TZID=Europe/Berlin:20260105T100000', 'DURATION:PT1H', 'RRULE:FREQ=DAILY']),
      windows: event('w', [
        'DTSTART;TZID=W. Europe Standard Time:20260105T100000',
        'DURATION:PT1H',
        'RRULE:FREQ=DAILY',
      ]),
      mine: calendar([...own, ...vevent('m', 'DTSTART;TZID=Mine:20260701T123000', 'DURATION:PT1H')]),
    })
    expect(await hits(alice, place, 'VEVENT', '0115T0900', '0115T1000')).toBe('berlin windows')
    expect(await hits(alice, place, 'VEVENT', '0701T0800', '0701T0900')).toBe('berlin windows')
    expect(await hits(alice, place, 'VEVENT', '0701T0900', '0701T1000')).toBe('mine')
  })
})

describe('RFC 4791 §9.8–9.9 floating times and whole days', () => {
  const server = useServer()
  const zoneText = (tzid: string) =>
    calendar(['BEGIN:VTIMEZONE', `TZID:${tzid}`, 'END:VTIMEZONE']).replaceAll('\r\n', '&#13;\n')

  async function ask(alice: Account, place: string, range: readonly [string, string], extra = '') {
    const body = calendarQueryBody(inRange('VEVENT', ...range)).replace(
      '</c:calendar-query>',
      `${extra}</c:calendar-query>`,
    )
    return (await alice.report(place, body)).hrefs.map((href) => href.slice(place.length, -4)).sort()
  }

  const objects = {
    day: ['DTSTART;VALUE=DATE:20260115'],
    floating: ['DTSTART:20260115T000000', 'DURATION:PT1H'],
  }

  it('are meant in the zone of the query, else of the calendar, else UTC', async () => {
    const alice = await server.account()
    const place = await filled(alice, 'VEVENT', objects)
    const kiritimati = ['20260114T100000Z', '20260114T110000Z'] as const
    const utc = ['20260115T000000Z', '20260115T010000Z'] as const
    const newYork = ['20260115T050000Z', '20260115T060000Z'] as const
    const named = (id: string) => `<c:timezone-id>${id}</c:timezone-id>`
    const written = (id: string) => `<c:timezone>${zoneText(id)}</c:timezone>`
    expect(await ask(alice, place, utc)).toEqual(['day', 'floating'])
    expect(await ask(alice, place, kiritimati)).toEqual([])
    for (const say of [named, written]) {
      expect(await ask(alice, place, kiritimati, say('Pacific/Kiritimati'))).toEqual(['day', 'floating'])
      expect(await ask(alice, place, newYork, say('America/New_York'))).toEqual(['day', 'floating'])
      expect(await ask(alice, place, utc, say('America/New_York'))).toEqual([])
    }
    const body = `<d:propertyupdate xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop><c:calendar-timezone>${zoneText('America/New_York')}</c:calendar-timezone></d:prop></d:set></d:propertyupdate>`
    expect((await alice.request('PROPPATCH', place, { body })).status).toBe(207)
    expect(await ask(alice, place, newYork)).toEqual(['day', 'floating'])
    expect(await ask(alice, place, utc)).toEqual([])
    expect(await ask(alice, place, kiritimati, named('Pacific/Kiritimati'))).toEqual(['day', 'floating'])
  })

  it('a whole day of 23 or 25 hours, and times that do not exist or come twice', async () => {
    const alice = await server.account()
    const place = await filled(alice, 'VEVENT', {
      short: ['DTSTART;VALUE=DATE:20260329'],
      long: ['DTSTART;VALUE=DATE:20261025'],
      never: ['DTSTART:20260329T023000', 'DURATION:PT15M'],
      twice: ['DTSTART:20261025T023000', 'DURATION:PT15M'],
    })
    const berlin = '<c:timezone-id>Europe/Berlin</c:timezone-id>'
    const at = (from: string, to: string) => ask(alice, place, [`2026${from}00Z`, `2026${to}00Z`], berlin)
    expect(await at('0328T2300', '0328T2301')).toEqual(['short'])
    expect(await at('0329T2159', '0329T2200')).toEqual(['short'])
    expect(await at('0329T2200', '0329T2300')).toEqual([])
    expect(await at('1024T2200', '1024T2201')).toEqual(['long'])
    expect(await at('1025T2259', '1025T2300')).toEqual(['long'])
    expect(await at('0329T0130', '0329T0145')).toEqual(['never', 'short'])
    expect(await at('0329T0030', '0329T0045')).toEqual(['short'])
    expect(await at('1025T0030', '1025T0045')).toEqual(['long', 'twice'])
    expect(await at('1025T0130', '1025T0145')).toEqual(['long'])
  })

  it('a zone that is not known is refused by its own precondition', async () => {
    const alice = await server.account()
    const two = ['Europe/Berlin', 'Europe/Paris'].flatMap((tzid) => [
      'BEGIN:VTIMEZONE',
      `TZID:${tzid}`,
      'END:VTIMEZONE',
    ])
    for (const [extra, precondition] of [
      ['<c:timezone-id>Moon/Sea</c:timezone-id>', 'valid-timezone'],
      ['<c:timezone>BEGIN:VCALENDAR</c:timezone>', 'valid-calendar-data'],
      [`<c:timezone>${zoneText('Moon/Sea')}</c:timezone>`, 'valid-calendar-data'],
      [`<c:timezone>${calendar(two)}</c:timezone>`, 'valid-calendar-data'],
    ] as const) {
      const body = calendarQueryBody(inRange('VEVENT', '20260101T000000Z')).replace(
        '</c:calendar-query>',
        `${extra}</c:calendar-query>`,
      )
      const answer = await alice.request('REPORT', alice.calendar, { body })
      expect([answer.status, preconditionsOf(answer)]).toEqual([403, [caldav(precondition)]])
    }
  })
})

describe('RFC 4791 §9.9 VTODO, VJOURNAL, VFREEBUSY', () => {
  const server = useServer()

  it('the eight rows of the table for to-dos', async () => {
    const alice = await server.account()
    const [start, due] = ['DTSTART:20260115T100000Z', 'DUE:20260115T120000Z']
    const place = await filled(alice, 'VTODO', {
      duration: [start, 'DURATION:PT2H'],
      due: [start, due],
      start: [start],
      dueOnly: [due],
      both: ['CREATED:20260115T100000Z', 'COMPLETED:20260115T120000Z'],
      completed: ['COMPLETED:20260115T120000Z'],
      created: ['CREATED:20260115T100000Z'],
      none: ['SUMMARY:x'],
    })
    const at = (from?: string, to?: string) => hits(alice, place, 'VTODO', from, to)
    expect(await at('0115T1030', '0115T1100')).toBe('both created due duration none')
    expect(await at('0115T1000', '0115T1001')).toBe('both created due duration none start')
    expect(await at('0115T0900', '0115T1000')).toBe('both none')
    expect(await at('0115T1159', '0115T1200')).toBe('both completed created due dueOnly duration none')
    expect(await at('0115T1200', '0115T1300')).toBe('both completed created duration none')
    expect(await at('0115T1201', '0115T1300')).toBe('created none')
    expect(await at('0114T0000', '0114T0100')).toBe('none')
    expect(await at('0115T1201')).toBe('created none')
    expect(await at(undefined, '0115T0959')).toBe('none')
    expect(await found(alice, place, compFilter('VTODO'))).toHaveLength(8)
  })

  it('recurring to-dos', async () => {
    const alice = await server.account()
    const place = await filled(alice, 'VTODO', {
      daily: ['DTSTART:20260115T100000Z', 'DUE:20260115T120000Z', 'RRULE:FREQ=DAILY;COUNT=3'],
    })
    expect(await hits(alice, place, 'VTODO', '0117T1130', '0117T1145')).toBe('daily')
    expect(await hits(alice, place, 'VTODO', '0118T1000', '0118T1200')).toBe('')
  })

  it('open to-dos, as tasks apps ask for them (RFC 4791 §7.8.9)', async () => {
    const alice = await server.account()
    const place = await filled(alice, 'VTODO', {
      open: ['STATUS:NEEDS-ACTION'],
      done: ['STATUS:COMPLETED', 'COMPLETED:20260101T000000Z'],
      cancelled: ['STATUS:CANCELLED'],
    })
    const isOpen = propFilter('STATUS', '<c:text-match negate-condition="yes">CANCELLED</c:text-match>')
    const filter = compFilter('VTODO', propFilter('COMPLETED', isNotDefined), isOpen)
    expect(await found(alice, place, filter)).toEqual(['open'])
  })

  it('journals count for their day or moment; without one never', async () => {
    const alice = await server.account()
    const place = await filled(alice, 'VJOURNAL', {
      day: ['DTSTART;VALUE=DATE:20260115'],
      moment: ['DTSTART:20260115T100000Z'],
      none: ['SUMMARY:x'],
    })
    const at = (from: string, to: string) => hits(alice, place, 'VJOURNAL', from, to)
    expect(await at('0115T1000', '0115T1001')).toBe('day moment')
    expect(await at('0115T1001', '0116T0000')).toBe('day')
    expect(await at('0116T0000', '0117T0000')).toBe('')
    expect(await found(alice, place, compFilter('VJOURNAL'))).toHaveLength(3)
  })

  it('free/busy by DTSTART and DTEND, else by its periods', async () => {
    const alice = await server.account()
    const place = await filled(alice, 'VFREEBUSY', {
      span: ['DTSTART:20260115T100000Z', 'DTEND:20260115T120000Z'],
      periods: ['FREEBUSY:20260115T100000Z/PT1H,20260117T100000Z/20260117T110000Z'],
      none: ['COMMENT:x'],
    })
    const at = (from: string, to: string) => hits(alice, place, 'VFREEBUSY', from, to)
    expect(await at('0115T1030', '0115T1031')).toBe('periods span')
    expect(await at('0115T1130', '0115T1131')).toBe('span')
    expect(await at('0117T1030', '0117T1031')).toBe('periods')
    expect(await at('0118T0000', '0119T0000')).toBe('')
  })
})

describe('RFC 4791 §9.9 VALARM', () => {
  const server = useServer()

  it('goes off before or after start or end, repeatedly, at a moment, for each instance', async () => {
    const alice = await server.account()
    const alarm = (...lines: readonly string[]) => [
      'DTSTART:20260115T100000Z',
      'DTEND:20260115T110000Z',
      'BEGIN:VALARM',
      'ACTION:DISPLAY',
      ...lines,
      'END:VALARM',
    ]
    const place = await filled(alice, 'VEVENT', {
      before: alarm('TRIGGER:-PT30M'),
      after: alarm('TRIGGER;RELATED=END:PT30M'),
      often: alarm('TRIGGER:-PT30M', 'REPEAT:3', 'DURATION:PT1H'),
      moment: alarm('TRIGGER;VALUE=DATE-TIME:20260101T000000Z'),
      none: alarm().slice(0, 2),
      daily: ['RRULE:FREQ=DAILY', ...alarm('TRIGGER:-P1D')],
    })
    const at = (from: string, to: string) =>
      found(alice, place, compFilter('VEVENT', inRange('VALARM', `2026${from}00Z`, `2026${to}00Z`)))
    expect(await at('0115T0930', '0115T0931')).toEqual(['before', 'often'])
    expect(await at('0115T1130', '0115T1131')).toEqual(['after', 'often'])
    expect(await at('0115T1230', '0115T1231')).toEqual(['often'])
    expect(await at('0115T1330', '0115T1331')).toEqual([])
    expect(await at('0101T0000', '0101T0001')).toEqual(['moment'])
    expect(await at('0114T1000', '0114T1001')).toEqual(['daily'])
    expect(await at('0701T1000', '0701T1001')).toEqual(['daily'])
    expect(await found(alice, place, compFilter('VEVENT', compFilter('VALARM', isNotDefined)))).toEqual([
      'none',
    ])
  })

  it('of an override at its own time, in place of the one it stands for', async () => {
    const alice = await server.account()
    const alarm = (trigger: string) => ['BEGIN:VALARM', `TRIGGER:${trigger}`, 'END:VALARM']
    const master = vevent('m', 'DTSTART:20260105T100000Z', 'RRULE:FREQ=DAILY', ...alarm('-PT30M'))
    const moved = vevent(
      'm',
      'RECURRENCE-ID:20260107T100000Z',
      'DTSTART:20260107T150000Z',
      ...alarm('-PT10M'),
    )
    const silent = vevent('m', 'RECURRENCE-ID:20260108T100000Z', 'DTSTART:20260108T100000Z')
    const place = await makeCalendar(alice, 'filled', every)
    await putAll(alice, place, 'ics', { m: calendar([...master, ...moved, ...silent]) })
    const at = (time: string) => {
      const range = inRange('VALARM', `202601${time}00Z`, `202601${time}01Z`)
      return found(alice, place, compFilter('VEVENT', range))
    }
    for (const time of ['06T0930', '07T1450', '09T0930'])
      expect([time, await at(time)]).toEqual([time, ['m']])
    for (const time of ['07T0930', '07T1430', '08T0930']) expect([time, await at(time)]).toEqual([time, []])
  })

  it('of a to-do before its start or its end, each time', async () => {
    const alice = await server.account()
    const alarm = (...lines: readonly string[]) => ['BEGIN:VALARM', ...lines, 'END:VALARM']
    const [start, due] = ['DTSTART:20260115T100000Z', 'DUE:20260115T120000Z']
    const place = await filled(alice, 'VTODO', {
      start: [start, due, ...alarm('TRIGGER:-PT1H')],
      due: [start, due, ...alarm('TRIGGER;RELATED=END:-PT1H')],
      dueOnly: [due, ...alarm('TRIGGER;RELATED=END:-PT1H')],
      daily: [start, due, 'RRULE:FREQ=DAILY', ...alarm('TRIGGER;RELATED=END:-PT1H')],
      none: [start, due],
    })
    const at = async (time: string) => {
      const range = inRange('VALARM', `202601${time}00Z`, `202601${time}01Z`)
      return (await found(alice, place, compFilter('VTODO', range))).join(' ')
    }
    expect(await at('15T0900')).toBe('start')
    expect(await at('15T1100')).toBe('daily due dueOnly')
    expect(await at('20T1100')).toBe('daily')
    expect(await at('15T1000')).toBe('')
  })

  it('together with a time range on the event', async () => {
    const alice = await server.account()
    const place = await filled(alice, 'VEVENT', {
      a: ['DTSTART:20260115T100000Z', 'BEGIN:VALARM', 'TRIGGER:-PT30M', 'END:VALARM'],
    })
    const both = (day: string) =>
      found(
        alice,
        place,
        compFilter(
          'VEVENT',
          timeRange(`2026${day}T000000Z`, `2026${day}T235959Z`),
          inRange('VALARM', '20260115T093000Z', '20260115T093100Z'),
        ),
      )
    expect([await both('0115'), await both('0116')]).toEqual([['a'], []])
  })
})
