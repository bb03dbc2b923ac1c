import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Calendar, readCalendar } from '../../../protocol/ical/calendar.ts'
import {
  type Availability,
  type BusyPeriod,
  busyTimeOf,
  busyTypes,
  combineBusyTime,
  writeFreeBusy,
} from '../../../protocol/ical/freebusy.ts'
import { formatTime } from '../../../protocol/ical/values.ts'
import { at, calendarText, events, lines, one, zoneOf } from './objects.ts'

const day = { start: at('2026-01-05'), end: at('2026-01-06') }

function timeOf(calendar: Calendar, range = day, zone = 'UTC', steps = 10_000) {
  return busyTimeOf(calendar, range, { zone: zoneOf(zone), budget: { steps } })
}

/** `type start/end`, as HHMM where it is the fifth of January 2026. */
function told(periods: readonly BusyPeriod[]): string[] {
  const short = (time: number) => formatTime(time, 'utc').replace('20260105T', '').replace(/00Z$/, '')
  return periods.map(({ start, end, type }) => `${type} ${short(start)}/${short(end)}`)
}

const busy = (
  calendar: Calendar,
  ...more: Parameters<typeof timeOf> extends [unknown, ...infer R] ? R : never
) => told(combineBusyTime(timeOf(calendar, ...more)))

const meeting = (from: string, to: string, ...more: readonly string[]) => [
  `DTSTART:20260105T${from}00Z`,
  `DTEND:20260105T${to}00Z`,
  ...more,
]

describe('RFC 4791 §7.10 events', () => {
  it.each([
    [[], 'BUSY'],
    [['STATUS:CONFIRMED'], 'BUSY'],
    [['STATUS:tentative'], 'BUSY-TENTATIVE'],
    [['STATUS:X-MAYBE'], 'BUSY'],
    [['TRANSP:OPAQUE'], 'BUSY'],
    [['STATUS:CANCELLED'], undefined],
    [['TRANSP:TRANSPARENT'], undefined],
    [['TRANSP:TRANSPARENT', 'STATUS:TENTATIVE'], undefined],
  ] as const)('with %j are %s', (more, type) => {
    expect(busy(events(meeting('1000', '1100', ...more)))).toEqual(type ? [`${type} 1000/1100`] : [])
  })

  it('one without length makes nobody busy, a whole day does', () => {
    expect(busy(events(['DTSTART:20260105T100000Z']))).toEqual([])
    expect(busy(events(['DTSTART;VALUE=DATE:20260105']))).toEqual(['BUSY 0000/20260106T0000'])
    const newYork = busy(events(['DTSTART;VALUE=DATE:20260105']), day, 'America/New_York')
    expect(newYork).toEqual(['BUSY 0500/20260106T0000'])
  })

  it('to-dos and journals make nobody busy', () => {
    expect(busy(one('VTODO', 'DTSTART:20260105T100000Z', 'DUE:20260105T120000Z'))).toEqual([])
    expect(busy(one('VJOURNAL', 'DTSTART;VALUE=DATE:20260105'))).toEqual([])
  })

  it('are cut at the range; instances count with their own status', () => {
    const calendar = events(
      ['DTSTART:20260101T230000Z', 'DURATION:PT2H', 'RRULE:FREQ=DAILY', 'EXDATE:20260103T230000Z'],
      ['RECURRENCE-ID:20260104T230000Z', 'DTSTART:20260105T030000Z', 'DURATION:PT1H', 'STATUS:TENTATIVE'],
      ['RECURRENCE-ID:20260105T230000Z', 'DTSTART:20260105T200000Z', 'DURATION:PT1H', 'TRANSP:TRANSPARENT'],
      ['RECURRENCE-ID:20260106T230000Z', 'DTSTART:20260105T230000Z', 'DURATION:PT5H'],
    )
    expect(busy(calendar)).toEqual(['BUSY-TENTATIVE 0300/0400', 'BUSY 2300/20260106T0000'])
  })

  it('what cannot be computed counts as far as it can be', () => {
    const costly = events([
      'DTSTART:20260105T000000Z',
      'DURATION:PT1M',
      'RRULE:FREQ=HOURLY',
      'RDATE:20260105T003000Z',
    ])
    const few = busy(costly, day, 'UTC', 10)
    expect(few.slice(0, 2)).toEqual(['BUSY 0000/0001', 'BUSY 0030/0031'])
    expect(few.length).toBeLessThan(25)
    const chinese = events([...meeting('1000', '1100'), 'RRULE:RSCALE=CHINESE;FREQ=YEARLY'])
    expect(busy(chinese)).toEqual(['BUSY 1000/1100'])
    expect(busy(events(['DTSTART:soon']))).toEqual([])
  })
})

describe('RFC 4791 §7.10 stored free/busy', () => {
  it('counts by its periods and their types, in any form', () => {
    const calendar = one(
      'VFREEBUSY',
      'DTSTART:20260101T000000Z',
      'DTEND:20260201T000000Z',
      'FREEBUSY:20260105T080000Z/PT1H,20260105T103000Z/20260105T110000Z',
      'FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20260104T220000Z/PT3H',
      'FREEBUSY;FBTYPE=busy-tentative:20260105T120000Z/PT1H',
      'FREEBUSY;FBTYPE=X-ELSEWHERE:20260105T140000Z/PT1H',
      'FREEBUSY;FBTYPE=FREE:20260105T160000Z/PT1H',
      'FREEBUSY:rubbish',
    )
    expect(busy(calendar)).toEqual([
      'BUSY-UNAVAILABLE 0000/0100',
      'BUSY 0800/0900',
      'BUSY 1030/1100',
      'BUSY-TENTATIVE 1200/1300',
      'BUSY 1400/1500',
    ])
  })
})

describe('RFC 4791 §7.10 coalescing', () => {
  it('one kind is merged where it overlaps or touches; where kinds overlap the stronger holds', () => {
    const calendar = readCalendar(
      calendarText(
        ...lines('VEVENT', 'UID:a', ...meeting('1000', '1100')),
        ...lines('VEVENT', 'UID:b', ...meeting('1030', '1130')),
        ...lines('VEVENT', 'UID:c', ...meeting('1130', '1200')),
        ...lines('VEVENT', 'UID:d', ...meeting('0900', '1300', 'STATUS:TENTATIVE')),
        ...lines('VEVENT', 'UID:e', ...meeting('1400', '1500')),
      ),
    )
    expect(busy(calendar)).toEqual([
      'BUSY-TENTATIVE 0900/1000',
      'BUSY 1000/1200',
      'BUSY-TENTATIVE 1200/1300',
      'BUSY 1400/1500',
    ])
  })

  const start = fc.integer({ min: 0, max: 40 })
  const span = fc.tuple(start, fc.integer({ min: 1, max: 12 })).map(([from, length]) => ({
    start: from,
    end: from + length,
  }))
  const type = fc.constantFrom(...busyTypes)
  const period = fc.tuple(span, type).map(([own, kind]): BusyPeriod => ({ ...own, type: kind }))
  const availability = fc
    .tuple(period, fc.constantFrom(0, 1, 5, 9), fc.array(span, { maxLength: 4 }))
    .map(([own, priority, free]): Availability => ({ ...own, priority, free }))
  const sample = fc.record({
    busy: fc.array(period, { maxLength: 8 }),
    availabilities: fc.array(availability, { maxLength: 5 }),
  })

  /** What holds at one moment, by the words of the RFCs. */
  function typeAt(time: number, own: { busy: BusyPeriod[]; availabilities: Availability[] }) {
    const covers = (one: { start: number; end: number }) => one.start <= time && time < one.end
    const ruling = [1, 5, 9, 0]
      .map((priority) => own.availabilities.filter((one) => one.priority === priority && covers(one)))
      .find((equals) => equals.length > 0)
    const types = own.busy.filter(covers).map((one) => one.type)
    if (ruling && !ruling.some((one) => one.free.some(covers))) types.push(...ruling.map((one) => one.type))
    return busyTypes.find((one) => types.includes(one))
  }

  it('is at every moment what the parts are, in order, without overlap or seam', () => {
    fc.assert(
      fc.property(sample, (own) => {
        const periods = combineBusyTime(own)
        for (let time = 0; time < 60; time += 1) {
          const found = periods.filter((one) => one.start <= time && time < one.end)
          expect(found.map((one) => one.type)).toEqual([typeAt(time, own) ?? []].flat())
        }
        for (const [index, one] of periods.entries()) {
          const next = periods[index + 1]
          expect(one.start).toBeLessThan(one.end)
          if (!next) continue
          expect(one.end).toBeLessThanOrEqual(next.start)
          expect(one.end === next.start && one.type === next.type).toBe(false)
        }
      }),
      { seed: 4791, numRuns: 500 },
    )
  })
})

describe('law 10: combining costs little', () => {
  it('whatever there is of it', () => {
    const minute = 60_000
    const many = Array.from({ length: 20_000 }, (_, n) => ({ start: n * minute, end: (n + 2) * minute }))
    const availabilities = many.map(
      (span, n): Availability => ({
        ...span,
        priority: n % 10,
        type: 'BUSY',
        free: [many[(n * 7) % 20_000] ?? span],
      }),
    )
    const begin = performance.now()
    combineBusyTime({ busy: many.map((span) => ({ ...span, type: 'BUSY-TENTATIVE' })), availabilities })
    expect(performance.now() - begin).toBeLessThan(2_000)
  })
})

describe('RFC 7953 §5 availability', () => {
  const office = (...more: readonly string[]) =>
    one(
      'VAVAILABILITY',
      'UID:office',
      'DTSTART;TZID=America/Montreal:20060101T000000',
      ...more,
      'BEGIN:AVAILABLE',
      'UID:weekdays',
      'DTSTART;TZID=America/Montreal:20061002T080000',
      'DTEND;TZID=America/Montreal:20061002T180000',
      'RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
      'END:AVAILABLE',
    )
  const montreal = { start: at('2006-11-06T05:00:00Z'), end: at('2006-11-07T05:00:00Z') }
  const hour = (time: number) => (time - montreal.start) / 3_600_000
  const hours = (periods: readonly BusyPeriod[]) =>
    periods.map((one) => `${one.type} ${hour(one.start)}-${hour(one.end)}`)

  it('a day at the office with a meeting (the example of §5)', () => {
    const lunch = events(['DTSTART;TZID=America/Montreal:20061106T120000', 'DURATION:PT2H'])
    const [rules, own] = [timeOf(office(), montreal), timeOf(lunch, montreal)]
    expect(hours(combineBusyTime({ busy: own.busy, availabilities: rules.availabilities }))).toEqual([
      'BUSY-UNAVAILABLE 0-8',
      'BUSY 12-14',
      'BUSY-UNAVAILABLE 18-24',
    ])
  })

  it('BUSYTYPE says how busy; a higher priority takes the place of a lower one', () => {
    const away = one(
      'VAVAILABILITY',
      'UID:away',
      'DTSTART:20061106T200000Z',
      'DURATION:P1D',
      'PRIORITY:1',
      'BUSYTYPE:BUSY-TENTATIVE',
    )
    const open = one(
      'VAVAILABILITY',
      'UID:open',
      'DTEND:20061106T070000Z',
      'PRIORITY:8',
      ...['BEGIN:AVAILABLE', 'UID:a', 'DTSTART:20060101T000000Z', 'DURATION:P400D', 'END:AVAILABLE'],
    )
    const all = [away, open, office('PRIORITY:9', 'BUSYTYPE:BUSY')].flatMap(
      (one) => timeOf(one, montreal).availabilities,
    )
    for (const availabilities of [all, all.toReversed()]) {
      expect(hours(combineBusyTime({ busy: [], availabilities }))).toEqual([
        'BUSY 2-8',
        'BUSY-TENTATIVE 15-24',
      ])
    }
  })

  it('an instance of available time can be moved, and one without length frees nothing', () => {
    const text = office().text.replace(
      'END:AVAILABLE\r\n',
      [
        'END:AVAILABLE',
        'BEGIN:AVAILABLE',
        'UID:weekdays',
        'RECURRENCE-ID;TZID=America/Montreal:20061106T080000',
        'DTSTART;TZID=America/Montreal:20061106T200000',
        'DURATION:PT1H',
        'END:AVAILABLE',
        'BEGIN:AVAILABLE',
        'UID:never',
        'DTSTART;TZID=America/Montreal:20061106T220000',
        'END:AVAILABLE',
        '',
      ].join('\r\n'),
    )
    expect(hours(combineBusyTime(timeOf(readCalendar(text), montreal)))).toEqual([
      'BUSY-UNAVAILABLE 0-20',
      'BUSY-UNAVAILABLE 21-24',
    ])
  })

  it('outside of its time it says nothing', () => {
    const past = one('VAVAILABILITY', 'DTSTART:20050101T000000Z', 'DTEND:20060101T000000Z')
    expect(timeOf(past, montreal)).toEqual({ busy: [], availabilities: [] })
  })
})

describe('RFC 5545 §3.6.4 the answer', () => {
  it('is a VFREEBUSY with the range and the periods, in UTC', () => {
    const periods: BusyPeriod[] = [
      { start: at('2026-01-05T10:00:00Z'), end: at('2026-01-05T11:00:00Z'), type: 'BUSY' },
    ]
    const text = writeFreeBusy(periods, { range: day, uid: 'u', stampAt: at('2026-01-01') })
    const [component] = readCalendar(text).root.components
    expect(component?.name).toBe('VFREEBUSY')
    expect(component?.lines.map(({ name, value }) => `${name}:${value}`)).toEqual([
      'UID:u',
      'DTSTAMP:20260101T000000Z',
      'DTSTART:20260105T000000Z',
      'DTEND:20260106T000000Z',
      'FREEBUSY:20260105T100000Z/20260105T110000Z',
    ])
    expect(combineBusyTime(timeOf(readCalendar(text)))).toEqual(periods)
  })
})
