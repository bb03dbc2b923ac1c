import { describe, expect, it } from 'vitest'
import type { Calendar } from '../../../protocol/ical/calendar.ts'
import { matchesFilter } from '../../../protocol/ical/filter.ts'
import { comp, inRange, prop, range, text, whole } from './filters.ts'
import { events, one, zoneOf } from './objects.ts'

type Bounds = readonly [start: string | undefined, end: string | undefined]

/** Times of one day as `HHMM`, to keep tables short. */
function time(hours: string | undefined): string | undefined {
  return hours && `2026-01-05T${hours.slice(0, 2)}:${hours.slice(2)}:00Z`
}

function within(calendar: Calendar, name: string, start?: string, end?: string, zone = 'UTC'): boolean {
  const options = { zone: zoneOf(zone), budget: { steps: 10_000 } }
  return matchesFilter(calendar, inRange(name, start, end), options)
}

/** Whether the component is found from `start` to `end`, both as HHMM. */
function found(calendar: Calendar, name: string, [start, end]: Bounds): boolean {
  return within(calendar, name, time(start), time(end))
}

const t = (name: string, hours: string) => `${name}:20260105T${hours}00Z`

describe('RFC 4791 §9.9 VEVENT', () => {
  const hour = events([t('DTSTART', '1000'), t('DTEND', '1100')])
  const lasting = events([t('DTSTART', '1000'), 'DURATION:PT1H'])
  const moment = events([t('DTSTART', '1000')])
  const still = events([t('DTSTART', '1000'), 'DURATION:PT0S'])

  it.each([
    [['0900', '1000'], false, false],
    [['0900', '1001'], true, true],
    [['1000', '1100'], true, true],
    [['1030', '1045'], true, false],
    [['1059', '1200'], true, false],
    [['1100', '1200'], false, false],
    [['0900', undefined], true, true],
    [['1100', undefined], false, false],
    [[undefined, '1000'], false, false],
    [[undefined, '1001'], true, true],
  ] as const)('%j: an hour %s, a moment %s', (bounds, ofHour, ofMoment) => {
    expect(found(hour, 'VEVENT', bounds)).toBe(ofHour)
    expect(found(lasting, 'VEVENT', bounds)).toBe(ofHour)
    expect(found(moment, 'VEVENT', bounds)).toBe(ofMoment)
    expect(found(still, 'VEVENT', bounds)).toBe(ofMoment)
  })

  it('a date lasts its day in the zone of the query', () => {
    const day = events(['DTSTART;VALUE=DATE:20260105'])
    expect(within(day, 'VEVENT', '2026-01-05T23:59:59Z', '2026-01-06')).toBe(true)
    expect(within(day, 'VEVENT', '2026-01-06', '2026-01-07')).toBe(false)
    expect(within(day, 'VEVENT', '2026-01-06', '2026-01-07', 'America/New_York')).toBe(true)
    expect(within(day, 'VEVENT', '2026-01-05', '2026-01-05T05:00:00Z', 'America/New_York')).toBe(false)
  })

  it('a floating time is in the zone of the query', () => {
    const floating = events(['DTSTART:20260105T100000', 'DURATION:PT1H'])
    expect(found(floating, 'VEVENT', ['1000', '1100'])).toBe(true)
    const [start, end] = [time('1500'), time('1600')]
    expect(within(floating, 'VEVENT', start, end, 'America/New_York')).toBe(true)
    expect(within(floating, 'VEVENT', start, end)).toBe(false)
  })

  it('recurrences: in range, between, excluded, far ahead', () => {
    const weekly = events([
      t('DTSTART', '1000'),
      'DURATION:PT1H',
      'RRULE:FREQ=WEEKLY',
      'EXDATE:20260119T100000Z',
    ])
    expect(within(weekly, 'VEVENT', '2026-01-12', '2026-01-13')).toBe(true)
    expect(within(weekly, 'VEVENT', '2026-01-13', '2026-01-19')).toBe(false)
    expect(within(weekly, 'VEVENT', '2026-01-19', '2026-01-20')).toBe(false)
    expect(within(weekly, 'VEVENT', '2199-12-30', '2200-01-06')).toBe(true)
    expect(within(weekly, 'VEVENT', '2026-06-01')).toBe(true)
    expect(within(weekly, 'VEVENT', undefined, '2026-01-05')).toBe(false)
  })

  it('overrides: moved in, moved out, cancelled ones too', () => {
    const calendar = events(
      [t('DTSTART', '1000'), 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=5'],
      ['RECURRENCE-ID:20260106T100000Z', 'DTSTART:20260301T100000Z', 'STATUS:CANCELLED'],
    )
    expect(within(calendar, 'VEVENT', '2026-01-06', '2026-01-07')).toBe(false)
    expect(within(calendar, 'VEVENT', '2026-03-01', '2026-03-02')).toBe(true)
  })

  it('THISANDFUTURE moves the rest of the series', () => {
    const calendar = events(
      [t('DTSTART', '1000'), 'RRULE:FREQ=DAILY;COUNT=5'],
      ['RECURRENCE-ID;RANGE=THISANDFUTURE:20260106T100000Z', 'DTSTART:20260106T200000Z'],
    )
    expect(within(calendar, 'VEVENT', '2026-01-08T09:00:00Z', '2026-01-08T11:00:00Z')).toBe(false)
    expect(within(calendar, 'VEVENT', '2026-01-08T19:00:00Z', '2026-01-08T21:00:00Z')).toBe(true)
  })

  it('the range and other conditions hold for one component', () => {
    const calendar = events(
      [t('DTSTART', '1000'), 'RRULE:FREQ=DAILY', 'SUMMARY:master'],
      ['RECURRENCE-ID:20260106T100000Z', 'DTSTART:20260106T200000Z', 'SUMMARY:moved'],
    )
    const both = (summary: string, ...bounds: [string?, string?]) =>
      matchesFilter(
        calendar,
        whole(
          comp('VEVENT', {
            timeRange: range(...bounds),
            props: [prop('SUMMARY', { textMatch: text(summary) })],
          }),
        ),
        { zone: zoneOf('UTC'), budget: { steps: 1000 } },
      )
    expect(both('moved', '2026-01-06', '2026-01-07')).toBe(true)
    expect(both('master', '2026-01-06', '2026-01-07')).toBe(false)
    expect(both('moved', '2026-01-07')).toBe(false)
    expect(both('master', '2026-01-07')).toBe(true)
  })

  it('what cannot be computed counts as recurring for ever', () => {
    const unreadable = events([t('DTSTART', '1000'), 'RRULE:RSCALE=CHINESE;FREQ=YEARLY'])
    expect(within(unreadable, 'VEVENT', '2030-01-01', '2030-01-02')).toBe(true)
    expect(within(unreadable, 'VEVENT', '2025-01-01', '2025-01-02')).toBe(false)
    const costly = events([t('DTSTART', '1000'), 'RRULE:FREQ=SECONDLY;COUNT=900000000'])
    expect(within(costly, 'VEVENT', '2030-01-01', '2030-01-02')).toBe(true)
    expect(within(events(['DTSTART:soon']), 'VEVENT', '2030-01-01', '2030-01-02')).toBe(false)
    expect(within(events([]), 'VEVENT', '2030-01-01', '2030-01-02')).toBe(false)
  })
})

describe('RFC 4791 §9.9 VTODO', () => {
  const rows: readonly [string, readonly string[], readonly Bounds[], readonly Bounds[]][] = [
    [
      'DTSTART and DURATION',
      [t('DTSTART', '1000'), 'DURATION:PT1H'],
      [
        ['1000', '1030'],
        ['1100', '1200'],
        ['0900', '1001'],
        ['1030', '1040'],
      ],
      [
        ['1101', '1200'],
        ['0900', '1000'],
      ],
    ],
    [
      'DTSTART and DUE',
      [t('DTSTART', '1000'), t('DUE', '1100')],
      [
        ['1000', '1001'],
        ['1059', '1200'],
        ['0900', '1001'],
        ['1030', '1040'],
      ],
      [
        ['1100', '1200'],
        ['0900', '1000'],
      ],
    ],
    [
      'DTSTART',
      [t('DTSTART', '1000')],
      [
        ['1000', '1001'],
        ['0900', undefined],
      ],
      [
        ['0900', '1000'],
        ['1001', '1100'],
      ],
    ],
    [
      'DUE',
      [t('DUE', '1000')],
      [
        ['0959', '1000'],
        ['0900', '1100'],
      ],
      [
        ['1000', '1100'],
        ['0900', '0959'],
      ],
    ],
    [
      'COMPLETED and CREATED',
      [t('CREATED', '1000'), t('COMPLETED', '1100')],
      [
        ['0900', '1000'],
        ['1030', '1040'],
        ['1100', '1200'],
      ],
      [
        ['0900', '0959'],
        ['1101', '1200'],
      ],
    ],
    [
      'COMPLETED',
      [t('COMPLETED', '1000')],
      [
        ['0900', '1000'],
        ['1000', '1100'],
      ],
      [
        ['0900', '0959'],
        ['1001', '1100'],
      ],
    ],
    [
      'CREATED',
      [t('CREATED', '1000')],
      [
        ['0900', '1001'],
        ['2000', '2100'],
      ],
      [['0900', '1000']],
    ],
    [
      'nothing',
      [],
      [
        ['0900', '1000'],
        ['2000', undefined],
      ],
      [],
    ],
  ]

  it.each(rows)('with %s', (_, properties, inside, outside) => {
    const todo = one('VTODO', ...properties)
    for (const bounds of inside) expect([bounds, found(todo, 'VTODO', bounds)]).toEqual([bounds, true])
    for (const bounds of outside) expect([bounds, found(todo, 'VTODO', bounds)]).toEqual([bounds, false])
  })

  it('recurs', () => {
    const todo = one('VTODO', t('DTSTART', '1000'), t('DUE', '1100'), 'RRULE:FREQ=DAILY')
    expect(within(todo, 'VTODO', '2026-02-01T10:59:00Z', '2026-02-01T12:00:00Z')).toBe(true)
    expect(within(todo, 'VTODO', '2026-02-01T11:00:00Z', '2026-02-01T12:00:00Z')).toBe(false)
  })
})

describe('RFC 4791 §9.9 VJOURNAL', () => {
  it('a time stands for itself, a date for its day, neither is never found', () => {
    const timed = one('VJOURNAL', t('DTSTART', '1000'))
    expect(found(timed, 'VJOURNAL', ['1000', '1001'])).toBe(true)
    expect(found(timed, 'VJOURNAL', ['1001', '1100'])).toBe(false)
    const dated = one('VJOURNAL', 'DTSTART;VALUE=DATE:20260105')
    expect(found(dated, 'VJOURNAL', ['2300', undefined])).toBe(true)
    expect(found(one('VJOURNAL'), 'VJOURNAL', ['1000', undefined])).toBe(false)
  })
})

describe('RFC 4791 §9.9 VFREEBUSY', () => {
  it('by DTSTART and DTEND when both are there', () => {
    const busy = one('VFREEBUSY', t('DTSTART', '1000'), t('DTEND', '1200'), 'FREEBUSY:20260105T100000Z/PT10M')
    expect(found(busy, 'VFREEBUSY', ['1100', '1130'])).toBe(true)
    expect(found(busy, 'VFREEBUSY', ['1200', '1300'])).toBe(true)
    expect(found(busy, 'VFREEBUSY', ['0900', '1000'])).toBe(false)
  })

  it('else by its periods', () => {
    const busy = one(
      'VFREEBUSY',
      'FREEBUSY;FBTYPE=BUSY:20260105T100000Z/PT1H,20260105T150000Z/20260105T160000Z',
    )
    expect(found(busy, 'VFREEBUSY', ['1030', '1040'])).toBe(true)
    expect(found(busy, 'VFREEBUSY', ['1100', '1500'])).toBe(false)
    expect(found(busy, 'VFREEBUSY', ['1559', '1700'])).toBe(true)
    expect(found(one('VFREEBUSY'), 'VFREEBUSY', ['1000', undefined])).toBe(false)
  })
})

describe('RFC 7953 §7.2.2 VAVAILABILITY', () => {
  it('is open where it has no bound', () => {
    expect(found(one('VAVAILABILITY'), 'VAVAILABILITY', ['1000', '1100'])).toBe(true)
    const bounded = one('VAVAILABILITY', t('DTSTART', '1000'), 'DURATION:PT1H')
    expect(found(bounded, 'VAVAILABILITY', ['0900', '1000'])).toBe(false)
    expect(found(bounded, 'VAVAILABILITY', ['1030', '1100'])).toBe(true)
    expect(found(bounded, 'VAVAILABILITY', ['1100', '1200'])).toBe(false)
  })
})
