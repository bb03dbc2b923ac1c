import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Calendar, readCalendar } from '../../../protocol/ical/calendar.ts'
import { expandCalendar } from '../../../protocol/ical/expand.ts'
import { matchesFilter } from '../../../protocol/ical/filter.ts'
import { busyTimeOf, combineBusyTime } from '../../../protocol/ical/freebusy.ts'
import { calendarIndex } from '../../../protocol/ical/index-fields.ts'
import { limitRecurrenceSet } from '../../../protocol/ical/partial.ts'
import { BudgetError } from '../../../protocol/ical/recurrence.ts'
import { withTimezones } from '../../../protocol/ical/timezone-references.ts'
import { validateCalendarObject } from '../../../protocol/ical/validate.ts'
import { InvalidObjectError } from '../../../protocol/text/invalid-object.ts'
import { comp, range, whole } from './filters.ts'
import { calendarText, lines, zoneOf } from './objects.ts'

const zone = zoneOf('Europe/Berlin')
const steps = 20_000

/** Everything that a server does with an object. */
function useAll(calendar: Calendar): void {
  const month = range('2026-06-01', '2026-07-01')
  const horizon = { from: Date.UTC(2025, 0), until: Date.UTC(2028, 0), maxInstances: 500, budget: { steps } }
  calendarIndex(calendar, horizon)
  for (const name of ['VEVENT', 'VTODO', 'VJOURNAL', 'VFREEBUSY', 'VAVAILABILITY']) {
    const inner = comp('VALARM', { timeRange: month })
    for (const timeRange of [month, range('2026-06-01'), range(undefined, '2026-06-01')]) {
      matchesFilter(calendar, whole(comp(name, { timeRange })), { zone, budget: { steps } })
    }
    matchesFilter(calendar, whole(comp(name, { comps: [inner] })), { zone, budget: { steps } })
  }
  limitRecurrenceSet(calendar, month, { zone })
  readCalendar(expandCalendar(calendar, month, { zone, budget: { steps } }))
}

/** What is told of an object's busy time, and how it is sent. */
function tell(calendar: Calendar): void {
  for (const wanted of ['T', 'F'] as const) readCalendar(withTimezones(calendar, wanted))
  const busy = { start: Date.UTC(2026, 5, 1), end: Date.UTC(2026, 6, 1) }
  for (const { start, end } of combineBusyTime(busyTimeOf(calendar, busy, { zone, budget: { steps } }))) {
    expect(busy.start <= start && start < end && end <= busy.end).toBe(true)
  }
}

function survives(text: string, use: (calendar: Calendar) => void = useAll): void {
  try {
    const calendar = readCalendar(text)
    use(calendar)
    validateCalendarObject(calendar)
  } catch (error) {
    if (!(error instanceof InvalidObjectError || error instanceof BudgetError)) throw error
  }
}

describe('RFC 5545 objects made to hurt', () => {
  const time = fc.constantFrom(
    '20260601T090000Z',
    '20260601',
    '20260601T090000',
    '00000101T000000Z',
    '99991231T235959Z',
    '20260230',
    '20260301T090000Z/P1W',
    '20260301T090000Z/20260101T000000Z',
    'P999999999W',
    '-P999999999DT999999999S',
    '',
    ',',
    '20260601T090000Z,20260602',
    'soon',
  )
  const rule = fc.constantFrom(
    'FREQ=SECONDLY',
    'FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;BYSETPOS=-366',
    'FREQ=DAILY;COUNT=999999999999',
    'FREQ=MONTHLY;INTERVAL=999999999999',
    'FREQ=WEEKLY;UNTIL=00000101',
    'FREQ=X',
    'FREQ=YEARLY;BYYEARDAY=366;BYMONTH=2',
    'FREQ=MINUTELY;BYHOUR=3;BYMINUTE=7;BYSECOND=11;BYDAY=5FR',
  )
  const property = fc.oneof(
    fc
      .tuple(
        fc.constantFrom(
          'DTSTART',
          'DTEND',
          'DUE',
          'DURATION',
          'RDATE',
          'EXDATE',
          'RECURRENCE-ID',
          'COMPLETED',
          'CREATED',
          'FREEBUSY',
          'TRIGGER',
          'REPEAT',
        ),
        fc.constantFrom(
          '',
          ';VALUE=DATE',
          ';TZID=Europe/Berlin',
          ';TZID=Moon',
          ';VALUE=PERIOD',
          ';RANGE=THISANDFUTURE',
          ';TZID=',
          ';RELATED=END',
        ),
        time,
      )
      .map(([name, parameters, value]) => `${name}${parameters}:${value}`),
    fc.tuple(fc.constantFrom('RRULE', 'EXRULE'), rule).map(([name, value]) => `${name}:${value}`),
    fc.constantFrom(
      'BEGIN:VALARM\r\nTRIGGER:-PT5M\r\nREPEAT:999999999\r\nDURATION:P9999W\r\nEND:VALARM',
      'broken',
    ),
  )
  const component = fc
    .tuple(
      fc.constantFrom('VEVENT', 'VTODO', 'VJOURNAL', 'VFREEBUSY', 'VAVAILABILITY'),
      fc.array(property, { maxLength: 8 }),
      fc.array(property, { maxLength: 4 }),
    )
    .map(([name, own, inner]) => {
      const available = ['BEGIN:AVAILABLE', ...inner, 'END:AVAILABLE']
      return lines(name, ...own, ...(name === 'VAVAILABILITY' ? available : []))
    })

  it('properties of any kind anywhere are used or refused, never thrown through', () => {
    fc.assert(
      fc.property(fc.array(component, { maxLength: 4 }), (all) => {
        for (const use of [useAll, tell]) survives(calendarText(...all.flat()), use)
      }),
      { seed: 5, numRuns: 1500 },
    )
  })

  it.each([
    [
      'a hundred thousand EXDATEs',
      ['RRULE:FREQ=DAILY', `EXDATE:${Array(100_000).fill('20260601T090000Z').join()}`],
    ],
    ['a hundred thousand RDATEs', [`RDATE:${Array(100_000).fill('20260601T090000Z').join()}`]],
    ['twenty thousand rules', Array(20_000).fill('RRULE:FREQ=SECONDLY')],
    ['twenty thousand rules to exclude', ['RRULE:FREQ=DAILY', ...Array(20_000).fill('EXRULE:FREQ=SECONDLY')]],
    ['a thousand alarms', Array(1000).fill('BEGIN:VALARM\r\nTRIGGER:-P9W\r\nEND:VALARM')],
  ])('%s cost a bounded time', (_, properties) => {
    const text = calendarText(...lines('VEVENT', 'DTSTART:19000101T000000Z', ...properties))
    for (const use of [useAll, tell]) {
      const began = performance.now()
      survives(text, use)
      expect(performance.now() - began).toBeLessThan(5000)
    }
  })

  it('ten thousand overrides, each of this and future, cost a bounded time', () => {
    const override = (n: number) => {
      const stamp = new Date(Date.UTC(2000, 0, 1) + n * 86_400_000)
        .toISOString()
        .slice(0, 10)
        .replaceAll('-', '')
      return lines('VEVENT', `RECURRENCE-ID;RANGE=THISANDFUTURE:${stamp}T000000Z`, `DTSTART:${stamp}T010000Z`)
    }
    const all = Array.from({ length: 10_000 }, (_, n) => override(n)).flat()
    const began = performance.now()
    survives(calendarText(...lines('VEVENT', 'DTSTART:20000101T000000Z', 'RRULE:FREQ=DAILY'), ...all))
    expect(performance.now() - began).toBeLessThan(5000)
  })
})
