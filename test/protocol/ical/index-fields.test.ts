import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Calendar, readCalendar } from '../../../protocol/ical/calendar.ts'
import { matchesFilter } from '../../../protocol/ical/filter.ts'
import { calendarIndex, indexAnswer } from '../../../protocol/ical/index-fields.ts'
import { formatTime } from '../../../protocol/ical/values.ts'
import { comp, whole } from './filters.ts'
import { at, calendarText, events, lines, one, zoneOf } from './objects.ts'

function index(calendar: Calendar, { maxInstances = 1000, steps = 10_000 } = {}) {
  const [from, until] = [at('2026-01-01'), at('2027-01-01')]
  return calendarIndex(calendar, { from, until, maxInstances, budget: { steps } })
}

describe('the calendar index of an event', () => {
  it('has a row for each instance in the horizon', () => {
    const calendar = events([
      'DTSTART:20260101T090000Z',
      'DURATION:PT1H',
      'RRULE:FREQ=WEEKLY;COUNT=2',
      'TRANSP:transparent',
      'STATUS:tentative',
    ])
    const common = { allDay: false, floating: false, transparent: true, status: 'TENTATIVE' }
    expect(index(calendar)).toMatchObject({ uid: 'one', component: 'VEVENT', exact: true })
    expect(index(calendar).instances).toEqual([
      { start: at('2026-01-01T09:00:00Z'), end: at('2026-01-01T10:00:00Z'), ...common },
      { start: at('2026-01-08T09:00:00Z'), end: at('2026-01-08T10:00:00Z'), ...common },
    ])
  })

  it('has wall times for dates and floating times', () => {
    const [row] = index(events(['DTSTART;VALUE=DATE:20260105'])).instances
    expect(row).toMatchObject({
      start: at('2026-01-05'),
      end: at('2026-01-06'),
      allDay: true,
      floating: true,
    })
  })

  it('knows where a series begins and ends, or that it does not end', () => {
    const bounds = (...properties: string[]) => {
      const { earliest, latest } = index(events(['DTSTART:20260105T090000Z', 'DURATION:PT1H', ...properties]))
      return { earliest, latest }
    }
    expect(bounds().earliest).toBe(at('2026-01-05T09:00:00Z'))
    expect(bounds('RRULE:FREQ=DAILY').latest).toBeNull()
    expect(bounds('RRULE:FREQ=DAILY;COUNT=90000000').latest).toBeNull()
    for (const end of ['COUNT=3', 'UNTIL=20260107T090000Z']) {
      const { latest } = bounds(`RRULE:FREQ=DAILY;${end}`)
      expect(latest).toBeGreaterThanOrEqual(at('2026-01-07T10:00:00Z'))
      expect(latest).toBeLessThan(at('2026-01-09'))
    }
    expect(bounds('RDATE:20251224T090000Z').earliest).toBe(at('2025-12-24T09:00:00Z'))
  })
})

describe('the calendar index of what it cannot tell', () => {
  it.each([
    ['an unreadable rule', ['DTSTART:20260101T090000Z', 'RRULE:FREQ=NEVER']],
    ['an unreadable start', ['DTSTART:soon']],
    ['an unreadable RDATE', ['DTSTART:20260101T090000Z', 'RDATE:soon']],
    ['an unreadable RECURRENCE-ID', ['DTSTART:20260101T090000Z', 'RECURRENCE-ID:soon']],
  ])('%s: not exact, no bounds', (_, properties) => {
    expect(index(events(properties))).toMatchObject({
      exact: false,
      earliest: null,
      latest: null,
      instances: [],
    })
  })

  it('too many instances, or too many steps: not exact', () => {
    const hourly = events(['DTSTART:20260101T090000Z', 'RRULE:FREQ=HOURLY'])
    expect(index(hourly)).toMatchObject({ exact: false, earliest: at('2026-01-01T09:00:00Z'), instances: [] })
    expect(index(hourly, { steps: 100 })).toMatchObject({ exact: false, earliest: null, instances: [] })
  })

  it('to-dos and free/busy: bounds only', () => {
    const todo = index(one('VTODO', 'DTSTART:20260101T090000Z', 'DUE:20260102T090000Z'))
    expect(todo).toMatchObject({ exact: false, earliest: at('2026-01-01T09:00:00Z') })
    expect(todo.latest).toBeGreaterThanOrEqual(at('2026-01-02T09:00:00Z'))
    expect(index(one('VTODO'))).toMatchObject({ exact: false, earliest: null, latest: null })
    expect(index(one('VTODO', 'CREATED:20260101T000000Z')).latest).toBeNull()
    expect(index(one('VFREEBUSY', 'FREEBUSY:20260101T000000Z/PT1H')).earliest).toBeLessThan(at('2026-01-01'))
    expect(index(readCalendar(calendarText()))).toMatchObject({ component: undefined, exact: false })
  })
})

describe('RFC 4791 §9.9 the index answers as the filter does', () => {
  const horizon = { from: at('2026-01-01'), until: at('2027-01-01') }
  const hours = fc.integer({ min: -24 * 100, max: 24 * 500 })
  const form = fc.constantFrom('date', 'floating', 'utc', 'Europe/Berlin', 'America/New_York', 'Moon')
  const length = fc.constantFrom(
    '',
    'DURATION:PT0S',
    'DURATION:PT1H',
    'DURATION:P1D',
    'DURATION:P3DT2H',
    'DURATION:-PT1H',
  )
  const rule = fc.constantFrom(
    '',
    'RRULE:FREQ=DAILY',
    'RRULE:FREQ=DAILY;INTERVAL=40;COUNT=5',
    'RRULE:FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20260601T000000Z',
    'RRULE:FREQ=MONTHLY;BYMONTHDAY=31',
    'RRULE:FREQ=YEARLY;COUNT=2',
  )
  const override = fc.record({
    nth: fc.integer({ min: 0, max: 30 }),
    form,
    start: hours,
    length,
    future: fc.boolean(),
  })
  const event = fc.record({
    form,
    start: hours,
    length,
    rule,
    excluded: fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 4 }),
    overrides: fc.uniqueArray(override, { maxLength: 3, selector: ({ nth }) => nth }),
    added: fc.array(fc.tuple(form, hours), { maxLength: 2 }),
    isThere: fc.boolean(),
  })

  function stamp(name: string, kind: string, offset: number): string {
    const time = horizon.from + offset * 3_600_000
    if (kind === 'date') return `${name};VALUE=DATE:${formatTime(time, 'date')}`
    if (kind === 'utc') return `${name}:${formatTime(time, 'utc')}`
    return `${name}${kind === 'floating' ? '' : `;TZID=${kind}`}:${formatTime(time, 'floating')}`
  }

  function textOf(own: typeof event extends fc.Arbitrary<infer T> ? T : never): string {
    const master = lines(
      'VEVENT',
      stamp('DTSTART', own.form, own.start),
      ...[own.length, own.rule].filter((line) => line !== ''),
      ...own.excluded.map((n) => stamp('EXDATE', own.form, own.start + n * 24)),
      ...own.added.map(([kind, offset]) => stamp('RDATE', kind, offset)),
    )
    const overrides = own.overrides.flatMap(({ nth, form: kind, start, length: lasts, future }) =>
      lines(
        'VEVENT',
        stamp(`RECURRENCE-ID${future ? ';RANGE=THISANDFUTURE' : ''}`, own.form, own.start + nth * 24),
        stamp('DTSTART', kind, own.start + nth * 24 + Math.trunc(start / 24)),
        ...(lasts === '' ? [] : [lasts]),
      ),
    )
    return calendarText(...(own.isThere || overrides.length === 0 ? master : []), ...overrides)
  }

  it('for events of any kind, in any zone, in and beyond the horizon', () => {
    const query = fc.record({
      start: fc.option(hours, { nil: undefined }),
      lasts: fc.option(fc.integer({ min: 1, max: 24 * 60 }), { nil: undefined }),
      zone: fc.constantFrom('UTC', 'Europe/Berlin', 'Pacific/Kiritimati', 'Etc/GMT+12'),
    })
    let answered = 0
    fc.assert(
      fc.property(event, fc.array(query, { minLength: 1, maxLength: 8 }), (own, queries) => {
        const calendar = readCalendar(textOf(own))
        const rows = calendarIndex(calendar, { ...horizon, maxInstances: 2000, budget: { steps: 20_000 } })
        for (const { start, lasts, zone: name } of queries) {
          const from = start === undefined ? undefined : horizon.from + start * 3_600_000
          const end = lasts === undefined ? undefined : (from ?? horizon.from) + lasts * 3_600_000
          const zone = zoneOf(name)
          const timeRange = { start: from, end }
          const answer = indexAnswer(rows, timeRange, zone)
          const isInside =
            from !== undefined && end !== undefined && from >= horizon.from && end <= horizon.until
          if (isInside && rows.exact) expect(answer).toBeDefined()
          if (answer === undefined) continue
          answered += 1
          const filter = whole(comp('VEVENT', { timeRange }))
          expect(answer).toBe(matchesFilter(calendar, filter, { zone, budget: { steps: 20_000 } }))
        }
      }),
      { seed: 3, numRuns: 600 },
    )
    expect(answered).toBeGreaterThan(1000)
  })
})
