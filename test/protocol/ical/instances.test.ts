import fc from 'fast-check'
import ICAL from 'ical.js'
import { describe, expect, it } from 'vitest'
import { readCalendar } from '../../../protocol/ical/calendar.ts'
import { instances } from '../../../protocol/ical/instances.ts'
import { BudgetError } from '../../../protocol/ical/recurrence.ts'
import { formatTime } from '../../../protocol/ical/values.ts'
import { at, calendarText, events, lines, one, spans, zoneOf } from './objects.ts'

describe('RFC 5545 §3.6.1 how long an event lasts', () => {
  it.each([
    ['DTEND', ['DTSTART:20260101T090000Z', 'DTEND:20260101T100000Z'], '2026-01-01T09:00Z/2026-01-01T10:00Z'],
    ['DURATION', ['DTSTART:20260101T090000Z', 'DURATION:PT90M'], '2026-01-01T09:00Z/2026-01-01T10:30Z'],
    ['neither', ['DTSTART:20260101T090000Z'], '2026-01-01T09:00Z/2026-01-01T09:00Z'],
    ['a date alone', ['DTSTART;VALUE=DATE:20260101'], '2026-01-01T00:00Z/2026-01-02T00:00Z'],
    [
      'two dates',
      ['DTSTART;VALUE=DATE:20260101', 'DTEND;VALUE=DATE:20260104'],
      '2026-01-01T00:00Z/2026-01-04T00:00Z',
    ],
    [
      'the same date twice',
      ['DTSTART;VALUE=DATE:20260101', 'DTEND;VALUE=DATE:20260101'],
      '2026-01-01T00:00Z/2026-01-02T00:00Z',
    ],
    [
      'an end before the start',
      ['DTSTART:20260101T090000Z', 'DTEND:20250101T100000Z'],
      '2026-01-01T09:00Z/2026-01-01T09:00Z',
    ],
    [
      'a negative DURATION',
      ['DTSTART:20260101T090000Z', 'DURATION:-PT1H'],
      '2026-01-01T09:00Z/2026-01-01T09:00Z',
    ],
    [
      'zones that differ',
      ['DTSTART;TZID=Europe/Berlin:20260101T090000', 'DTEND;TZID=America/New_York:20260101T090000'],
      '2026-01-01T08:00Z/2026-01-01T14:00Z',
    ],
    [
      'a time and a date',
      ['DTSTART:20260101T090000Z', 'DTEND;VALUE=DATE:20260102'],
      '2026-01-01T09:00Z/2026-01-02T00:00Z',
    ],
  ])('%s', (_, properties, expected) => {
    expect(spans(events(properties))).toEqual([expected])
  })

  it('a DURATION of days is nominal, a DTEND exact, over a clock change', () => {
    const start = 'DTSTART;TZID=Europe/Berlin:20260328T120000'
    expect(spans(events([start, 'DURATION:P1D']))).toEqual(['2026-03-28T11:00Z/2026-03-29T10:00Z'])
    const daily = events([start, 'DTEND;TZID=Europe/Berlin:20260328T130000', 'RRULE:FREQ=DAILY;COUNT=2'])
    expect(spans(daily)).toEqual([
      '2026-03-28T11:00Z/2026-03-28T12:00Z',
      '2026-03-29T10:00Z/2026-03-29T11:00Z',
    ])
  })

  it('dates and floating times are in the zone asked for, unknown TZIDs too', () => {
    const zone = 'America/New_York'
    expect(spans(events(['DTSTART;VALUE=DATE:20260101']), { zone })).toEqual([
      '2026-01-01T05:00Z/2026-01-02T05:00Z',
    ])
    expect(spans(events(['DTSTART:20260701T090000']), { zone })).toEqual([
      '2026-07-01T13:00Z/2026-07-01T13:00Z',
    ])
    expect(spans(events(['DTSTART;TZID=Moon:20260701T090000']), { zone })).toEqual([
      '2026-07-01T13:00Z/2026-07-01T13:00Z',
    ])
  })
})

describe('RFC 5545 §3.8.5 recurrence sets', () => {
  const daily = ['DTSTART:20260101T090000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=4']
  const days = (calendar: ReturnType<typeof events>, options = {}) =>
    spans(calendar, options).map((span) => span.slice(5, 16))

  it('DTSTART is the first instance though the rule does not yield it', () => {
    const calendar = events(['DTSTART:20260101T090000Z', 'RRULE:FREQ=WEEKLY;BYDAY=FR;COUNT=2'])
    expect(days(calendar)).toEqual(['01-01T09:00', '01-02T09:00', '01-09T09:00'])
  })

  it('EXDATE takes out instances, whatever form it is written in', () => {
    const zoned = ['DTSTART;TZID=Europe/Berlin:20260101T090000', 'RRULE:FREQ=DAILY;COUNT=3']
    for (const exdate of [
      'EXDATE;TZID=Europe/Berlin:20260102T090000',
      'EXDATE:20260102T080000Z',
      'EXDATE:20260102T090000',
      'EXDATE;TZID=America/New_York:20260102T030000',
      'EXDATE;VALUE=DATE:20260102',
      'EXDATE:rubbish,20260102T080000Z',
    ]) {
      expect(days(events([...zoned, exdate]))).toEqual(['01-01T08:00', '01-03T08:00'])
    }
    const allDay = ['DTSTART;VALUE=DATE:20260101', 'RRULE:FREQ=DAILY;COUNT=3', 'EXDATE:20260102T000000Z']
    expect(days(events(allDay))).toEqual(['01-01T00:00', '01-03T00:00'])
  })

  it('EXDATE may take out DTSTART', () => {
    expect(days(events([...daily, 'EXDATE:20260101T090000Z']))).toEqual([
      '01-02T09:00',
      '01-03T09:00',
      '01-04T09:00',
    ])
  })

  it('RDATE adds instances, once, with a period of its own length, before DTSTART too', () => {
    const calendar = events([
      'DTSTART;TZID=Europe/Berlin:20260110T090000',
      'DURATION:PT1H',
      'RDATE:20260105T080000Z,20260110T080000Z',
      'RDATE;VALUE=PERIOD:20260112T080000Z/PT3H,20260113T080000Z/20260113T083000Z',
      'RDATE;VALUE=DATE:20260114',
    ])
    expect(spans(calendar)).toEqual([
      '2026-01-05T08:00Z/2026-01-05T09:00Z',
      '2026-01-10T08:00Z/2026-01-10T09:00Z',
      '2026-01-12T08:00Z/2026-01-12T11:00Z',
      '2026-01-13T08:00Z/2026-01-13T08:30Z',
      '2026-01-14T08:00Z/2026-01-14T09:00Z',
    ])
  })

  it('several RRULEs make one set, and an EXRULE takes from it', () => {
    const calendar = events([
      'DTSTART:20260101T090000Z',
      'RRULE:FREQ=DAILY;INTERVAL=2;COUNT=4',
      'RRULE:FREQ=DAILY;INTERVAL=3;COUNT=3',
      'EXRULE:FREQ=DAILY;INTERVAL=4;COUNT=2',
    ])
    expect(days(calendar)).toEqual(['01-03T09:00', '01-04T09:00', '01-07T09:00'])
  })

  it('UNTIL in UTC ends a zoned series, inclusive', () => {
    const calendar = events([
      'DTSTART;TZID=Europe/Berlin:20260101T090000',
      'RRULE:FREQ=DAILY;UNTIL=20260103T080000Z',
    ])
    expect(days(calendar)).toHaveLength(3)
  })

  it('an override moves an instance, into the range and out of it', () => {
    const moved = ['RECURRENCE-ID:20260102T090000Z', 'DTSTART:20260301T090000Z', 'DURATION:PT1H']
    const calendar = events(daily, moved)
    expect(days(calendar)).toEqual(['01-01T09:00', '01-03T09:00', '01-04T09:00', '03-01T09:00'])
    expect(days(calendar, { from: '2026-03-01', to: '2026-03-02' })).toEqual(['03-01T09:00'])
    expect(days(calendar, { from: '2026-01-02', to: '2026-01-03' })).toEqual([])
  })

  it('an override names its instance in any form', () => {
    const zoned = ['DTSTART;TZID=Europe/Berlin:20260101T090000', 'RRULE:FREQ=DAILY;COUNT=2']
    for (const id of [
      ':20260102T080000Z',
      ';TZID=Europe/Berlin:20260102T090000',
      ';VALUE=DATE:20260102',
      ':20260102T090000',
    ]) {
      const calendar = events(zoned, [`RECURRENCE-ID${id}`, 'DTSTART:20260202T000000Z'])
      expect(days(calendar)).toEqual(['01-01T08:00', '02-02T00:00'])
    }
  })

  it('overrides alone are instances; so is one that names none of the master', () => {
    const override = ['RECURRENCE-ID:20260109T090000Z', 'DTSTART:20260109T100000Z']
    expect(days(events(override))).toEqual(['01-09T10:00'])
    expect(days(events(daily, override))).toHaveLength(5)
  })

  it('THISANDFUTURE shifts what follows, until the next one', () => {
    const calendar = events(
      daily,
      ['RECURRENCE-ID;RANGE=THISANDFUTURE:20260102T090000Z', 'DTSTART:20260102T110000Z', 'DURATION:PT2H'],
      ['RECURRENCE-ID;RANGE=THISANDFUTURE:20260104T090000Z', 'DTSTART:20260103T080000Z'],
    )
    expect(spans(calendar)).toEqual([
      '2026-01-01T09:00Z/2026-01-01T10:00Z',
      '2026-01-02T11:00Z/2026-01-02T13:00Z',
      '2026-01-03T08:00Z/2026-01-03T08:00Z',
      '2026-01-03T11:00Z/2026-01-03T13:00Z',
    ])
  })

  it('names each instance by its RECURRENCE-ID, and one that does not recur by none', () => {
    const ids = (calendar: ReturnType<typeof events>) =>
      [...instances(calendar, { zone: zoneOf('UTC') }, { steps: 100 })].map(
        ({ recurrenceId: id }) => id && formatTime(id.wall, id.form),
      )
    const zoned = events(['DTSTART;TZID=Europe/Berlin:20260101T090000', 'RRULE:FREQ=DAILY;COUNT=2'])
    expect(ids(zoned)).toEqual(['20260101T090000', '20260102T090000'])
    expect(ids(events(['DTSTART:20260101T090000Z']))).toEqual([undefined])
  })

  it('to-dos recur by DTSTART, or by DUE when there is none', () => {
    const calendar = one('VTODO', 'DUE:20260101T090000Z', 'RRULE:FREQ=DAILY;COUNT=2')
    expect(days(calendar)).toEqual(['01-01T09:00', '01-02T09:00'])
  })

  it('events of different UIDs do not touch each other', () => {
    const calendar = events(daily, ['UID:two', 'RECURRENCE-ID:20260102T090000Z', 'DTSTART:20260301T090000Z'])
    expect(days(calendar)).toHaveLength(5)
  })
})

describe('RFC 4791 §9.9 bounds', () => {
  it('reaches a far range of an endless rule in few steps', () => {
    const calendar = events(['DTSTART:19000101T090000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY'])
    expect(spans(calendar, { from: '2026-06-01', to: '2026-06-03', steps: 50 })).toHaveLength(2)
  })

  it('finds what began long before the range', () => {
    const calendar = events(['DTSTART:20200101T000000Z', 'DURATION:P400D', 'RRULE:FREQ=YEARLY'])
    expect(spans(calendar, { from: '2026-01-05', to: '2026-01-06' })).toHaveLength(2)
  })

  it('stops when the budget is spent', () => {
    const calendar = events(['DTSTART:19000101T000000Z', 'RRULE:FREQ=SECONDLY'])
    expect(() => spans(calendar, { steps: 1000 })).toThrow(BudgetError)
    const many = events(['DTSTART:19000101T000000Z', ...Array(5000).fill('RRULE:FREQ=SECONDLY')])
    expect(() => spans(many, { steps: 100_000 })).toThrow(BudgetError)
  })

  it('an unreadable rule leaves the start, an unreadable start nothing', () => {
    expect(spans(events(['DTSTART:20260101T090000Z', 'RRULE:FREQ=NEVER']))).toHaveLength(1)
    expect(spans(events(['DTSTART:soon', 'RRULE:FREQ=DAILY']))).toEqual([])
  })
})

describe('RFC 5545 §3.8.5 against another library', () => {
  const rule = fc.oneof(
    fc.record({
      freq: fc.constant('DAILY'),
      interval: fc.integer({ min: 1, max: 5 }),
      count: fc.integer({ min: 1, max: 9 }),
    }),
    fc.record({
      freq: fc.constant('WEEKLY'),
      interval: fc.integer({ min: 1, max: 3 }),
      count: fc.integer({ min: 1, max: 9 }),
    }),
    fc.record({
      freq: fc.constant('MONTHLY'),
      interval: fc.integer({ min: 1, max: 3 }),
      count: fc.integer({ min: 1, max: 9 }),
    }),
  )
  const series = fc.record({
    rule,
    day: fc.integer({ min: 1, max: 28 }),
    hour: fc.integer({ min: 4, max: 23 }),
    excluded: fc.uniqueArray(fc.nat(8), { maxLength: 3 }),
    moved: fc.array(fc.tuple(fc.nat(8), fc.integer({ min: -50, max: 50 })), { maxLength: 3 }),
  })

  it('the same instances of rules with exclusions and overrides', () => {
    fc.assert(
      fc.property(series, ({ rule: { freq, interval, count }, day, hour, excluded, moved }) => {
        const start = Date.UTC(2026, 0, day, hour)
        const nth = (n: number) =>
          freq === 'MONTHLY'
            ? Date.UTC(2026, n * interval, day, hour)
            : start + n * interval * (freq === 'DAILY' ? 1 : 7) * 86_400_000
        const text = (time: number) => formatTime(time, 'utc')
        const overrides = new Map(moved.filter(([n]) => n < count && !excluded.includes(n)))
        const calendar = calendarText(
          ...lines(
            'VEVENT',
            `DTSTART:${text(start)}`,
            'DURATION:PT1H',
            `RRULE:FREQ=${freq};INTERVAL=${interval};COUNT=${count}`,
            ...excluded.map((n) => `EXDATE:${text(nth(n))}`),
          ),
          ...[...overrides].flatMap(([n, hours]) =>
            lines(
              'VEVENT',
              `RECURRENCE-ID:${text(nth(n))}`,
              `DTSTART:${text(nth(n) + hours * 3_600_000)}`,
              'DURATION:PT1H',
            ),
          ),
        )
        const ours = spans(readCalendar(calendar)).map((span) => at(span.slice(0, 17)))
        expect(ours).toEqual(byIcalJs(calendar))
      }),
      { seed: 2, numRuns: 200 },
    )
  })

  function byIcalJs(text: string): number[] {
    const [master, ...rest] = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent')
    if (!master) return []
    const event = new ICAL.Event(master)
    for (const override of rest) event.relateException(override)
    const iterator = event.iterator()
    const starts: number[] = []
    for (let next = iterator.next(); next; next = iterator.next()) {
      starts.push(event.getOccurrenceDetails(next).startDate.toUnixTime() * 1000)
    }
    return starts.sort((a, b) => a - b)
  }
})
