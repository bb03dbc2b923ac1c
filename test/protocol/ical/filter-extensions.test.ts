import { describe, expect, it } from 'vitest'
import { type Calendar, readCalendar } from '../../../protocol/ical/calendar.ts'
import { matchesFilter } from '../../../protocol/ical/filter.ts'
import type { CompFilter } from '../../../protocol/ical/filter-types.ts'
import { validateCalendarObject } from '../../../protocol/ical/validate.ts'
import { comp, param, prop, range, text, whole } from './filters.ts'
import { calendarText, lines, zoneOf } from './objects.ts'

function matches(calendar: Calendar, filter: CompFilter): boolean {
  return matchesFilter(calendar, filter, { zone: zoneOf('UTC'), budget: { steps: 10_000 } })
}

function object(name: string, properties: readonly string[], head: readonly string[] = []): Calendar {
  const calendar = readCalendar(calendarText(...head, ...lines(name, 'UID:one', ...properties)))
  validateCalendarObject(calendar)
  return calendar
}

const inside = (name: string, ...properties: readonly string[]) => [
  `BEGIN:${name}`,
  ...properties,
  `END:${name}`,
]

describe('RFC 9073 participants, places and resources', () => {
  const concert = object('VEVENT', [
    'DTSTART:20260115T190000Z',
    'STYLED-DESCRIPTION;VALUE=TEXT;FMTTYPE=text/html:<b>Concert</b>',
    ...inside(
      'PARTICIPANT',
      'UID:p1',
      'PARTICIPANT-TYPE:PERFORMER',
      'CALENDAR-ADDRESS:mailto:band@example.com',
      ...inside('VLOCATION', 'UID:l0', 'NAME:Back stage'),
    ),
    ...inside('PARTICIPANT', 'UID:p2', 'PARTICIPANT-TYPE:SPONSOR'),
    ...inside('VLOCATION', 'UID:l1', 'LOCATION-TYPE:theatre,parking', 'NAME:The hall'),
    ...inside('VRESOURCE', 'UID:r1', 'RESOURCE-TYPE:PROJECTOR'),
  ])
  const has = (...comps: readonly CompFilter[]) => matches(concert, whole(comp('VEVENT', { comps })))

  it('are found by name, or by not being there', () => {
    for (const name of ['PARTICIPANT', 'VLOCATION', 'VRESOURCE']) expect(has(comp(name))).toBe(true)
    expect(has(comp('VALARM'))).toBe(false)
    expect(has(comp('VALARM', { isNotDefined: true }))).toBe(true)
    expect(has(comp('PARTICIPANT', { isNotDefined: true }))).toBe(false)
  })

  it('the conditions hold for one and the same of them', () => {
    const type = (value: string) => prop('PARTICIPANT-TYPE', { textMatch: text(value) })
    const address = prop('CALENDAR-ADDRESS', { textMatch: text('band@') })
    expect(has(comp('PARTICIPANT', { props: [type('performer'), address] }))).toBe(true)
    expect(has(comp('PARTICIPANT', { props: [type('sponsor'), address] }))).toBe(false)
    const backStage = comp('VLOCATION', { props: [prop('NAME', { textMatch: text('back stage') })] })
    expect(has(backStage)).toBe(false)
    expect(has(comp('PARTICIPANT', { props: [type('performer')], comps: [backStage] }))).toBe(true)
    expect(has(comp('PARTICIPANT', { props: [type('sponsor')], comps: [backStage] }))).toBe(false)
  })

  it('beside a time range on the event', () => {
    const comps = [comp('VRESOURCE')]
    const at = (start: string) => whole(comp('VEVENT', { timeRange: range(start), comps }))
    expect(matches(concert, at('2026-01-15'))).toBe(true)
    expect(matches(concert, at('2026-01-16'))).toBe(false)
  })
})

describe('RFC 9074 alarms', () => {
  const alarmed = object('VEVENT', [
    'DTSTART:20260115T100000Z',
    ...inside('VALARM', 'UID:a1', 'TRIGGER:-PT15M', 'ACKNOWLEDGED:20260115T094600Z', 'ACTION:AUDIO'),
    ...inside('VALARM', 'UID:a2', 'TRIGGER:20260115T095500Z', 'RELATED-TO;RELTYPE=SNOOZE:a1', 'ACTION:AUDIO'),
    ...inside(
      'VALARM',
      'UID:a3',
      'TRIGGER;VALUE=DATE-TIME:19760401T005545Z',
      'PROXIMITY:ARRIVE',
      'ACTION:DISPLAY',
      ...inside('VLOCATION', 'UID:l', 'URL:geo:40.443,-79.945;u=10'),
    ),
  ])
  const has = (filter: Partial<CompFilter>) =>
    matches(alarmed, whole(comp('VEVENT', { comps: [comp('VALARM', filter)] })))
  const at = (start: string, end: string) => ({ timeRange: range(start, end) })

  it('an alarm and the snooze of it go off each at its time, acknowledged or not', () => {
    expect(has(at('2026-01-15T09:45:00Z', '2026-01-15T09:46:00Z'))).toBe(true)
    expect(has(at('2026-01-15T09:55:00Z', '2026-01-15T09:56:00Z'))).toBe(true)
    const snooze = prop('RELATED-TO', { params: [param('RELTYPE', { textMatch: text('snooze') })] })
    expect(has({ ...at('2026-01-15T09:55:00Z', '2026-01-15T09:56:00Z'), props: [snooze] })).toBe(true)
    expect(has({ ...at('2026-01-15T09:45:00Z', '2026-01-15T09:46:00Z'), props: [snooze] })).toBe(false)
  })

  it('ACKNOWLEDGED is a time as any other, and can be missing', () => {
    const acknowledged = (start: string) => prop('ACKNOWLEDGED', { timeRange: range(start) })
    expect(has({ props: [acknowledged('2026-01-15')] })).toBe(true)
    expect(has({ props: [acknowledged('2026-01-16')] })).toBe(false)
    const waiting = { props: [prop('ACKNOWLEDGED', { isNotDefined: true })] }
    expect(has({ ...waiting, ...at('2026-01-15T09:45:00Z', '2026-01-15T09:46:00Z') })).toBe(false)
    expect(has({ ...waiting, ...at('2026-01-15T09:55:00Z', '2026-01-15T09:56:00Z') })).toBe(true)
  })

  it('one that goes off at a place has a trigger for form only', () => {
    expect(has(at('1976-01-01', '1977-01-01'))).toBe(false)
    const arriving = prop('PROXIMITY', { textMatch: text('arrive', { match: 'equals' }) })
    expect(has({ props: [arriving], comps: [comp('VLOCATION')] })).toBe(true)
  })
})

describe('RFC 7986 and RFC 9253 properties', () => {
  const head = [
    'NAME:Clubs',
    'COLOR:olive',
    'REFRESH-INTERVAL;VALUE=DURATION:P1W',
    'SOURCE;VALUE=URI:https://example.com/c.ics',
  ]
  const calendar = object(
    'VEVENT',
    [
      'DTSTART:20260115T100000Z',
      'COLOR:turquoise',
      'CONFERENCE;VALUE=URI;FEATURE=PHONE,MODERATOR;LABEL="Chair, dial-in":tel:+1-412-555-0123',
      'IMAGE;VALUE=URI;DISPLAY=BADGE:https://example.com/b.png',
      'LINK;LINKREL=SOURCE;VALUE=URI:https://example.com/e',
      'CONCEPT:https://example.com/concepts/arts',
      'REFID:itinerary-2026',
      'RELATED-TO;RELTYPE=FINISHTOSTART;GAP=PT5M:other@example.com',
    ],
    head,
  )
  const has = (...props: readonly ReturnType<typeof prop>[]) =>
    matches(calendar, whole(comp('VEVENT', { props })))

  it('of the calendar', () => {
    const onCalendar = (...props: readonly ReturnType<typeof prop>[]) =>
      matches(calendar, comp('VCALENDAR', { props, comps: [comp('VEVENT')] }))
    expect(onCalendar(prop('COLOR', { textMatch: text('olive') }))).toBe(true)
    expect(onCalendar(prop('COLOR', { textMatch: text('turquoise') }))).toBe(false)
    expect(onCalendar(prop('REFRESH-INTERVAL', { params: [param('VALUE')] }), prop('SOURCE'))).toBe(true)
    expect(onCalendar(prop('DESCRIPTION', { isNotDefined: true }))).toBe(true)
  })

  it('of components, by value and by parameter', () => {
    expect(has(prop('COLOR', { textMatch: text('TURQUOISE', { match: 'equals' }) }))).toBe(true)
    const feature = (value: string) =>
      prop('CONFERENCE', { params: [param('FEATURE', { textMatch: text(value, { match: 'equals' }) })] })
    expect(has(feature('moderator'))).toBe(true)
    expect(has(feature('video'))).toBe(false)
    const label = param('LABEL', { textMatch: text('chair, dial') })
    expect(has(prop('CONFERENCE', { params: [label], textMatch: text('tel:') }))).toBe(true)
    expect(has(prop('LINK', { params: [param('LINKREL', { textMatch: text('source') })] }))).toBe(true)
    expect(has(prop('CONCEPT', { textMatch: text('/arts', { match: 'ends-with' }) }))).toBe(true)
    expect(has(prop('REFID', { textMatch: text('itinerary', { match: 'starts-with' }) }))).toBe(true)
    const gap = param('GAP', { textMatch: text('PT5M', { match: 'equals' }) })
    expect(has(prop('RELATED-TO', { params: [gap] }))).toBe(true)
    expect(has(prop('RELATED-TO', { params: [param('GAP', { isNotDefined: true })] }))).toBe(false)
  })
})

describe('RFC 7953 §7.2.2 AVAILABLE', () => {
  const available = (...properties: readonly string[]) => inside('AVAILABLE', ...properties)
  const calendar = object('VAVAILABILITY', [
    'DTSTART;TZID=America/Montreal:20261002T000000',
    ...available(
      'UID:a',
      'DTSTART;TZID=America/Montreal:20261002T090000',
      'DTEND;TZID=America/Montreal:20261002T170000',
      'RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
      'SUMMARY:Weekdays',
    ),
    ...available(
      'UID:a',
      'RECURRENCE-ID;TZID=America/Montreal:20261006T090000',
      'DTSTART;TZID=America/Montreal:20261006T060000',
      'DURATION:PT1H',
      'SUMMARY:Early',
    ),
  ])
  const found = (start: string, end: string, summary?: string) => {
    const props = summary === undefined ? [] : [prop('SUMMARY', { textMatch: text(summary) })]
    const own = comp('AVAILABLE', { timeRange: range(start, end), props })
    return matches(calendar, whole(comp('VAVAILABILITY', { comps: [own] })))
  }

  it('has instances as an event has, overridden ones too', () => {
    expect(found('2026-10-05T20:00:00Z', '2026-10-05T21:00:00Z')).toBe(true)
    expect(found('2026-10-05T21:00:00Z', '2026-10-06T10:00:00Z')).toBe(false)
    expect(found('2026-10-06T10:00:00Z', '2026-10-06T11:00:00Z')).toBe(true)
    expect(found('2026-10-06T13:00:00Z', '2026-10-06T21:00:00Z')).toBe(false)
    expect(found('2026-10-03T04:00:00Z', '2026-10-05T13:00:00Z')).toBe(false)
    expect(found('2196-10-03', '2196-10-08')).toBe(true)
  })

  it('a range and another condition hold for one of them', () => {
    expect(found('2026-10-06T10:00:00Z', '2026-10-06T11:00:00Z', 'early')).toBe(true)
    expect(found('2026-10-06T10:00:00Z', '2026-10-06T11:00:00Z', 'weekdays')).toBe(false)
  })
})
