import { describe, expect, it } from 'vitest'
import { type Calendar, readCalendar } from '../../../protocol/ical/calendar.ts'
import { matchesFilter } from '../../../protocol/ical/filter.ts'
import { comp, range, whole } from './filters.ts'
import { calendarText, lines, zoneOf } from './objects.ts'

const alarm = (...properties: string[]) => ['BEGIN:VALARM', 'ACTION:AUDIO', ...properties, 'END:VALARM']

function object(name: string, ...properties: string[]): Calendar {
  return readCalendar(calendarText(...lines(name, ...properties)))
}

function goesOff(
  calendar: Calendar,
  start: string | undefined,
  end: string | undefined,
  name = 'VEVENT',
): boolean {
  const filter = whole(comp(name, { comps: [comp('VALARM', { timeRange: range(start, end) })] }))
  return matchesFilter(calendar, filter, { zone: zoneOf('UTC'), budget: { steps: 10_000 } })
}

/** Whether it goes off in that minute of 5 January 2026. */
function at(calendar: Calendar, minute: string, name?: string): boolean {
  return goesOff(calendar, `2026-01-05T${minute}:00Z`, `2026-01-05T${minute}:59Z`, name)
}

const hour = ['DTSTART:20260105T100000Z', 'DTEND:20260105T110000Z']

describe('RFC 4791 §9.9 VALARM', () => {
  it('before the start', () => {
    const calendar = object('VEVENT', ...hour, ...alarm('TRIGGER:-PT15M'))
    expect(at(calendar, '09:45')).toBe(true)
    expect(at(calendar, '09:44')).toBe(false)
    expect(at(calendar, '09:46')).toBe(false)
    expect(goesOff(calendar, '2026-01-05T09:00:00Z', '2026-01-05T09:45:00Z')).toBe(false)
  })

  it('related to the end', () => {
    const calendar = object('VEVENT', ...hour, ...alarm('TRIGGER;RELATED=END:PT5M'))
    expect(at(calendar, '11:05')).toBe(true)
    expect(at(calendar, '10:05')).toBe(false)
  })

  it('at a given time, whenever the event is', () => {
    const calendar = object('VEVENT', ...hour, ...alarm('TRIGGER;VALUE=DATE-TIME:20260105T200000Z'))
    expect(at(calendar, '20:00')).toBe(true)
    expect(at(calendar, '10:00')).toBe(false)
  })

  it('again and again', () => {
    const calendar = object('VEVENT', ...hour, ...alarm('TRIGGER:-PT1H', 'REPEAT:3', 'DURATION:PT10M'))
    for (const minute of ['09:00', '09:10', '09:20', '09:30']) expect(at(calendar, minute)).toBe(true)
    for (const minute of ['08:50', '09:05', '09:40']) expect(at(calendar, minute)).toBe(false)
    const endless = object('VEVENT', ...hour, ...alarm('TRIGGER:PT0S', 'REPEAT:99999999', 'DURATION:PT1M'))
    expect(goesOff(endless, '2100-01-01', '2100-01-02')).toBe(true)
  })

  it('for each instance of a series, not for excluded ones', () => {
    const calendar = object(
      'VEVENT',
      ...hour,
      'RRULE:FREQ=DAILY',
      'EXDATE:20260110T100000Z',
      ...alarm('TRIGGER:-P1D'),
    )
    expect(goesOff(calendar, '2026-01-20T10:00:00Z', '2026-01-20T10:01:00Z')).toBe(true)
    expect(goesOff(calendar, '2026-01-09T10:00:00Z', '2026-01-09T10:01:00Z')).toBe(false)
    expect(goesOff(calendar, '2026-01-20T11:00:00Z', '2026-01-21T09:00:00Z')).toBe(false)
  })

  it('of an override goes with the override', () => {
    const calendar = readCalendar(
      calendarText(
        ...lines('VEVENT', ...hour, 'RRULE:FREQ=DAILY', ...alarm('TRIGGER:-PT15M')),
        ...lines(
          'VEVENT',
          'RECURRENCE-ID:20260106T100000Z',
          'DTSTART:20260106T150000Z',
          ...alarm('TRIGGER:-PT30M'),
        ),
      ),
    )
    expect(goesOff(calendar, '2026-01-06T09:40:00Z', '2026-01-06T09:50:00Z')).toBe(false)
    expect(goesOff(calendar, '2026-01-06T14:30:00Z', '2026-01-06T14:31:00Z')).toBe(true)
    expect(goesOff(calendar, '2026-01-06T14:45:00Z', '2026-01-06T14:46:00Z')).toBe(false)
  })

  it('a day before is the same time of day, over a clock change too', () => {
    const start = 'DTSTART;TZID=Europe/Berlin:20260329T100000'
    const calendar = object('VEVENT', start, ...alarm('TRIGGER:-P1D'))
    expect(goesOff(calendar, '2026-03-28T09:00:00Z', '2026-03-28T09:00:01Z')).toBe(true)
  })

  it('of to-dos: by start, by due', () => {
    const due = object('VTODO', 'DUE:20260105T100000Z', ...alarm('TRIGGER;RELATED=END:-PT15M'))
    expect(at(due, '09:45', 'VTODO')).toBe(true)
    const undated = object('VTODO', ...alarm('TRIGGER:-PT15M'), ...alarm('TRIGGER:20260105T120000Z'))
    expect(at(undated, '09:45', 'VTODO')).toBe(false)
    expect(at(undated, '12:00', 'VTODO')).toBe(true)
  })

  it('without a trigger that can be read it never goes off', () => {
    const calendar = object('VEVENT', ...hour, ...alarm('TRIGGER:soon'), ...alarm())
    expect(goesOff(calendar, undefined, '2030-01-01')).toBe(false)
  })
})
