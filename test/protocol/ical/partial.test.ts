import { describe, expect, it } from 'vitest'
import { readCalendar } from '../../../protocol/ical/calendar.ts'
import type { CompSelection } from '../../../protocol/ical/filter-types.ts'
import {
  limitFreebusySet,
  limitRecurrenceSet,
  renderCalendarData,
  selectCalendarData,
} from '../../../protocol/ical/partial.ts'
import { range } from './filters.ts'
import { calendarText, events, lines, one, zoneOf } from './objects.ts'

const comp = (name: string, more: Partial<CompSelection> = {}): CompSelection => ({
  name,
  allprop: false,
  props: [],
  allcomp: false,
  comps: [],
  ...more,
})
const props = (...names: string[]) => names.map((name) => ({ name, novalue: false }))

const text = calendarText(
  ...lines('VTIMEZONE', 'TZID:Here', 'BEGIN:STANDARD', 'TZNAME:X', 'END:STANDARD'),
  ...lines(
    'VEVENT',
    'Summary;LANGUAGE=en:long',
    '  er',
    'rubbish',
    'ATTENDEE;CN=A:mailto:a',
    'BEGIN:VALARM',
    'END:VALARM',
  ),
)
const calendar = readCalendar(text)
const shown = (selection: CompSelection) =>
  selectCalendarData(calendar, selection)
    .split('\r\n')
    .filter((line) => !/VCALENDAR|^$/.test(line))

describe('RFC 4791 §9.6.1 comp, §9.6.4 prop', () => {
  it('gives the lines asked for as stored, folds and all', () => {
    const event = comp('VEVENT', { props: props('SUMMARY', 'UID') })
    expect(shown(comp('VCALENDAR', { props: props('VERSION'), comps: [event] }))).toEqual([
      'VERSION:2.0',
      'BEGIN:VEVENT',
      'UID:one',
      'Summary;LANGUAGE=en:long',
      '  er',
      'END:VEVENT',
    ])
  })

  it('a comp without children is the whole component, as in the example of §7.8.1', () => {
    expect(shown(comp('VCALENDAR', { comps: [comp('VTIMEZONE')] }))).toEqual(
      lines('VTIMEZONE', 'TZID:Here', 'BEGIN:STANDARD', 'TZNAME:X', 'END:STANDARD'),
    )
    expect(selectCalendarData(calendar, comp('VCALENDAR'))).toBe(text)
  })

  it('only the properties of the VCALENDAR', () => {
    expect(shown(comp('VCALENDAR', { allprop: true }))).toEqual(['VERSION:2.0', 'PRODID:-//Example//EN'])
  })

  it('allprop and allcomp', () => {
    const event = comp('VEVENT', { allprop: true })
    const found = shown(comp('VCALENDAR', { comps: [event] }))
    expect(found).toContain('rubbish')
    expect(found).not.toContain('BEGIN:VALARM')
    expect(selectCalendarData(calendar, comp('VCALENDAR', { allprop: true, allcomp: true }))).toBe(text)
  })

  it('novalue keeps name and parameters', () => {
    const event = comp('VEVENT', { props: [{ name: 'ATTENDEE', novalue: true }] })
    expect(shown(comp('VCALENDAR', { comps: [event] }))).toContain('ATTENDEE;CN=A:')
  })
})

describe('RFC 4791 §9.6.6 limit-recurrence-set', () => {
  const series = events(
    ['DTSTART:20260101T090000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY', 'SUMMARY:master'],
    ['RECURRENCE-ID:20260105T090000Z', 'DTSTART:20260105T120000Z', 'SUMMARY:fifth'],
    ['RECURRENCE-ID:20260106T090000Z', 'DTSTART:20260301T120000Z', 'SUMMARY:moved away'],
    ['RECURRENCE-ID:20260107T090000Z', 'DTSTART:20260101T120000Z', 'SUMMARY:moved early'],
    [
      'RECURRENCE-ID;RANGE=THISANDFUTURE:20260108T090000Z',
      'DTSTART:20260108T120000Z',
      'SUMMARY:from the eighth',
    ],
  )
  const kept = (start: string, end: string) =>
    limitRecurrenceSet(series, range(start, end), { zone: zoneOf('UTC') }).match(/(?<=SUMMARY:)[a-z ]+/g)

  it('keeps the master and what is or was in the range', () => {
    expect(kept('2026-01-05', '2026-01-06')).toEqual(['master', 'fifth'])
    expect(kept('2026-01-06', '2026-01-06T23:00:00Z')).toContain('moved away')
    expect(kept('2026-01-01', '2026-01-02')).toEqual(['master', 'moved early'])
    expect(kept('2026-03-01', '2026-03-02')).toEqual(['master', 'moved away', 'from the eighth'])
  })

  it('of available times as of events', () => {
    const available = (...properties: string[]) => [
      'BEGIN:AVAILABLE',
      'UID:a',
      ...properties,
      'END:AVAILABLE',
    ]
    const office = one(
      'VAVAILABILITY',
      ...available('DTSTART:20260101T090000Z', 'DURATION:PT8H', 'RRULE:FREQ=DAILY', 'SUMMARY:daily'),
      ...available('RECURRENCE-ID:20260105T090000Z', 'DTSTART:20260105T120000Z', 'SUMMARY:fifth'),
      ...available('RECURRENCE-ID:20260106T090000Z', 'DTSTART:20260106T120000Z', 'SUMMARY:sixth'),
    )
    const limited = limitRecurrenceSet(office, range('2026-01-05', '2026-01-06'), { zone: zoneOf('UTC') })
    expect(limited.match(/(?<=SUMMARY:)\w+/g)).toEqual(['daily', 'fifth'])
  })
})

describe('RFC 4791 §9.6.7 limit-freebusy-set', () => {
  it('keeps the periods of the range', () => {
    const busy = one(
      'VFREEBUSY',
      'FREEBUSY;FBTYPE=BUSY:20260101T090000Z/PT1H,20260105T090000Z/PT1H',
      'FREEBUSY:20260101T090000Z/PT1H',
    )
    const limited = limitFreebusySet(busy, range('2026-01-05', '2026-01-06'), zoneOf('UTC'))
    expect(limited.match(/FREEBUSY[;:].*/g)).toEqual(['FREEBUSY;FBTYPE=BUSY:20260105T090000Z/PT1H'])
  })
})

describe('RFC 4791 §9.6 calendar-data', () => {
  const options = { zone: zoneOf('UTC'), budget: { steps: 1000 } }

  it('is the object as stored when nothing is asked', () => {
    expect(renderCalendarData(calendar, {}, options)).toBe(text)
  })

  it('is reduced after it is expanded', () => {
    const series = events(['DTSTART:20260101T090000Z', 'RRULE:FREQ=DAILY', 'SUMMARY:x'])
    const event = comp('VEVENT', { props: props('RECURRENCE-ID') })
    const request = { expand: range('2026-01-02', '2026-01-03'), comp: comp('VCALENDAR', { comps: [event] }) }
    expect(renderCalendarData(series, request, options)).toBe(
      [
        'BEGIN:VCALENDAR',
        'BEGIN:VEVENT',
        'RECURRENCE-ID:20260102T090000Z',
        'END:VEVENT',
        'END:VCALENDAR',
        '',
      ].join('\r\n'),
    )
  })
})
