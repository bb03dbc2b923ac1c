import { describe, expect, it } from 'vitest'
import { type Calendar, readCalendar } from '../../../protocol/ical/calendar.ts'
import { expandCalendar, TooManyInstancesError } from '../../../protocol/ical/expand.ts'
import { BudgetError } from '../../../protocol/ical/recurrence.ts'
import { range } from './filters.ts'
import { calendarText, events, lines, one, zoneOf } from './objects.ts'

/** The lines of the expanded object, without those of the VCALENDAR, UID and DTSTAMP. */
function expand(calendar: Calendar, start: string, end: string, zone = 'UTC'): string[] {
  const text = expandCalendar(calendar, range(start, end), { zone: zoneOf(zone), budget: { steps: 10_000 } })
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  readCalendar(text)
  const left = /^(?:BEGIN:VEVENT|(?:BEGIN|END):VCALENDAR|VERSION|PRODID|UID|DTSTAMP|$)/
  return text.split('\r\n').filter((line) => !left.test(line))
}

describe('RFC 4791 §9.6.5 expand', () => {
  const series = [
    'DTSTART;TZID=Europe/Berlin:20260101T090000',
    'DTEND;TZID=Europe/Berlin:20260101T100000',
    'RRULE:FREQ=DAILY;COUNT=7',
    'EXDATE;TZID=Europe/Berlin:20260103T090000',
    'SUMMARY:Stand-up',
  ]
  const zone = lines('VTIMEZONE', 'TZID:Europe/Berlin', 'X-LIC-LOCATION:Europe/Berlin')

  it('writes each instance in UTC with its RECURRENCE-ID and without rule or zone', () => {
    const calendar = readCalendar(calendarText(...zone, ...lines('VEVENT', ...series)))
    expect(expand(calendar, '2026-01-02', '2026-01-05')).toEqual([
      'DTSTART:20260102T080000Z',
      'RECURRENCE-ID:20260102T080000Z',
      'DTEND:20260102T090000Z',
      'SUMMARY:Stand-up',
      'END:VEVENT',
      'DTSTART:20260104T080000Z',
      'RECURRENCE-ID:20260104T080000Z',
      'DTEND:20260104T090000Z',
      'SUMMARY:Stand-up',
      'END:VEVENT',
    ])
  })

  it('a daily series of a week with an override and an EXDATE has six instances', () => {
    const moved = [
      'RECURRENCE-ID;TZID=Europe/Berlin:20260102T090000',
      'DTSTART;TZID=Europe/Berlin:20260102T150000',
      'DURATION:PT30M',
    ]
    const found = expand(events(series, moved), '2026-01-01', '2026-01-08')
    expect(found.filter((line) => line === 'END:VEVENT')).toHaveLength(6)
    expect(found.filter((line) => line.startsWith('RECURRENCE-ID'))).toHaveLength(6)
    expect(found.slice(0, 3)).toEqual([
      'DTSTART:20260102T140000Z',
      'RECURRENCE-ID:20260102T080000Z',
      'DURATION:PT30M',
    ])
    expect(found.join()).not.toMatch(/RRULE|EXDATE|TZID/)
  })

  it('leaves out an override moved out of the range, takes in one moved in', () => {
    const moved = ['RECURRENCE-ID:20260102T080000Z', 'DTSTART:20260301T080000Z', 'SUMMARY:moved']
    expect(expand(events(series, moved), '2026-01-02', '2026-01-03')).toEqual([])
    expect(expand(events(series, moved), '2026-03-01', '2026-03-02')).toContain('SUMMARY:moved')
  })

  it('a cancelled first instance is written like any other', () => {
    const cancelled = ['RECURRENCE-ID:20260101T080000Z', 'DTSTART:20260101T080000Z', 'STATUS:CANCELLED']
    expect(expand(events(series, cancelled), '2026-01-01', '2026-01-02')).toContain('STATUS:CANCELLED')
  })

  it('dates stay dates', () => {
    const calendar = events(['DTSTART;VALUE=DATE:20260101', 'DTEND;VALUE=DATE:20260103', 'RRULE:FREQ=WEEKLY'])
    expect(expand(calendar, '2026-01-08', '2026-01-09', 'America/New_York')).toEqual([
      'DTSTART;VALUE=DATE:20260108',
      'RECURRENCE-ID;VALUE=DATE:20260108',
      'DTEND;VALUE=DATE:20260110',
      'END:VEVENT',
    ])
  })

  it('floating times stay local, and DURATION stays', () => {
    const calendar = events(['DTSTART:20260101T090000', 'DURATION:PT1H', 'RRULE:FREQ=DAILY'])
    expect(expand(calendar, '2026-01-02T13:30:00Z', '2026-01-02T15:00:00Z', 'America/New_York')).toEqual([
      'DTSTART:20260102T090000',
      'RECURRENCE-ID:20260102T090000',
      'DURATION:PT1H',
      'END:VEVENT',
    ])
  })

  it('an RDATE with a period has its own end', () => {
    const calendar = events([
      'DTSTART:20260101T090000Z',
      'DURATION:PT1H',
      'RDATE;VALUE=PERIOD:20260105T090000Z/PT3H',
    ])
    expect(expand(calendar, '2026-01-05', '2026-01-06')).toEqual([
      'DTSTART:20260105T090000Z',
      'RECURRENCE-ID:20260105T090000Z',
      'DTEND:20260105T120000Z',
      'END:VEVENT',
    ])
  })

  it('an object that does not recur has its times in UTC and no RECURRENCE-ID', () => {
    const calendar = events([
      'DTSTART;TZID=Europe/Berlin;X-A=b:20260701T090000',
      'X-TRAVEL;TZID=Europe/Berlin:20260701T083000',
      'X-NAME;TZID=Moon:20260701T083000',
      'BEGIN:VALARM',
      'TRIGGER:-PT5M',
      'END:VALARM',
    ])
    expect(expand(calendar, '2026-07-01', '2026-07-02')).toEqual([
      'DTSTART;X-A=b:20260701T070000Z',
      'X-TRAVEL:20260701T063000Z',
      'X-NAME;TZID=Moon:20260701T083000',
      'BEGIN:VALARM',
      'TRIGGER:-PT5M',
      'END:VALARM',
      'END:VEVENT',
    ])
    expect(expand(calendar, '2026-07-02', '2026-07-03')).toEqual([])
  })

  it('to-dos with DUE, without dates; free/busy as stored', () => {
    const due = one('VTODO', 'DTSTART:20260101T090000Z', 'DUE:20260101T100000Z', 'RRULE:FREQ=DAILY')
    expect(expand(due, '2026-01-03', '2026-01-04')).toContain('DUE:20260103T100000Z')
    expect(expand(one('VTODO', 'SUMMARY:some day'), '2026-01-03', '2026-01-04')).toContain('SUMMARY:some day')
    const busy = one('VFREEBUSY', 'FREEBUSY:20260101T090000Z/PT1H')
    expect(expand(busy, '2026-01-03', '2026-01-04')).toContain('FREEBUSY:20260101T090000Z/PT1H')
  })

  it('availability: its AVAILABLE as events, and no zone anywhere (RFC 7953 §7.2.2)', () => {
    const available = (...properties: string[]) => [
      'BEGIN:AVAILABLE',
      'UID:a',
      ...properties,
      'END:AVAILABLE',
    ]
    const office = one(
      'VAVAILABILITY',
      'DTSTART;TZID=Europe/Berlin:20260101T000000',
      ...available(
        'DTSTART;TZID=Europe/Berlin:20260101T090000',
        'DTEND;TZID=Europe/Berlin:20260101T170000',
        'RRULE:FREQ=WEEKLY;BYDAY=MO,TU',
      ),
      ...available(
        'RECURRENCE-ID;TZID=Europe/Berlin:20260106T090000',
        'DTSTART;TZID=Europe/Berlin:20260106T120000',
        'DURATION:PT1H',
      ),
    )
    const expanded = expand(office, '2026-01-05', '2026-01-12')
    expect(expanded).toEqual([
      'BEGIN:VAVAILABILITY',
      'DTSTART:20251231T230000Z',
      'BEGIN:AVAILABLE',
      'DTSTART:20260106T110000Z',
      'RECURRENCE-ID:20260106T080000Z',
      'DURATION:PT1H',
      'END:AVAILABLE',
      'BEGIN:AVAILABLE',
      'DTSTART:20260105T080000Z',
      'RECURRENCE-ID:20260105T080000Z',
      'DTEND:20260105T160000Z',
      'END:AVAILABLE',
      'END:VAVAILABILITY',
    ])
    const few = { zone: zoneOf('UTC'), budget: { steps: 5000 }, maxInstances: 3 }
    expect(() => expandCalendar(office, range('2026-01-05', '2026-02-12'), few)).toThrow(
      TooManyInstancesError,
    )
  })

  it('what is inside of a component has its times in UTC too', () => {
    const calendar = one(
      'VEVENT',
      'DTSTART;TZID=Europe/Berlin:20260101T090000',
      ...['BEGIN:VALARM', 'TRIGGER;VALUE=DATE-TIME;TZID=Europe/Berlin:20260101T080000', 'END:VALARM'],
    )
    expect(expand(calendar, '2026-01-01', '2026-01-02')).toContain('TRIGGER;VALUE=DATE-TIME:20260101T070000Z')
    const busy = one('VFREEBUSY', 'DTSTART;TZID=Europe/Berlin:20260101T090000')
    expect(expand(busy, '2026-01-01', '2026-01-02')).toContain('DTSTART:20260101T080000Z')
  })

  it('keeps folds and writes CRLF for other line ends', () => {
    const text = calendarText(...lines('VEVENT', 'DTSTART:20260101T090000Z', 'SUMMARY:a', ' b')).replaceAll(
      '\r\n',
      '\n',
    )
    expect(expand(readCalendar(text), '2026-01-01', '2026-01-02')).toContain(' b')
  })

  it('is bounded in steps and instances', () => {
    const calendar = events(['DTSTART:20260101T000000Z', 'RRULE:FREQ=SECONDLY'])
    const whole = range('2026-01-01', '2027-01-01')
    const options = { zone: zoneOf('UTC'), budget: { steps: 5000 } }
    expect(() => expandCalendar(calendar, whole, options)).toThrow(BudgetError)
    const few = { zone: zoneOf('UTC'), budget: { steps: 5000 }, maxInstances: 100 }
    expect(() => expandCalendar(calendar, whole, few)).toThrow(TooManyInstancesError)
  })
})
