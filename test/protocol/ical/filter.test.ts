import { describe, expect, it } from 'vitest'
import type { Calendar } from '../../../protocol/ical/calendar.ts'
import { matchesFilter } from '../../../protocol/ical/filter.ts'
import type { CompFilter, PropFilter } from '../../../protocol/ical/filter-types.ts'
import { comp, param, prop, range, text, whole } from './filters.ts'
import { events, one, zoneOf } from './objects.ts'

const event = events([
  'UID:0815@example.com',
  'DTSTART;TZID=Europe/Berlin:20260105T100000',
  'DURATION:PT1H',
  'CREATED:20251224T120000Z',
  'SUMMARY:Caf\u00e9\\, at noon',
  'CATEGORIES:Work,Home\\, garden',
  'ATTENDEE;PARTSTAT=ACCEPTED;CN="Ann, the first":mailto:ann@example.com',
  'ATTENDEE;PARTSTAT=DECLINED:mailto:bob@example.com',
  'BEGIN:VALARM',
  'ACTION:AUDIO',
  'TRIGGER:-PT5M',
  'END:VALARM',
])

function matches(filter: CompFilter, calendar: Calendar = event): boolean {
  return matchesFilter(calendar, filter, { zone: zoneOf('UTC'), budget: { steps: 1000 } })
}

function has(filter: PropFilter, calendar?: Calendar): boolean {
  return matches(whole(comp('VEVENT', { props: [filter] })), calendar)
}

describe('RFC 4791 §9.7.1 comp-filter', () => {
  it('VCALENDAR alone matches everything', () => {
    expect(matches(whole())).toBe(true)
    expect(matches(whole(), one('VTODO'))).toBe(true)
  })

  it('asks for a component of that name, or for none', () => {
    expect(matches(whole(comp('VEVENT')))).toBe(true)
    expect(matches(whole(comp('VTODO')))).toBe(false)
    expect(matches(whole(comp('VTODO', { isNotDefined: true })))).toBe(true)
    expect(matches(whole(comp('VEVENT', { isNotDefined: true })))).toBe(false)
    expect(matches(whole(comp('VEVENT', { comps: [comp('VALARM', { isNotDefined: true })] })))).toBe(false)
    expect(matches(comp('VCARD'))).toBe(false)
  })

  it('several hold together, or one of them for anyof', () => {
    const comps = [comp('VEVENT'), comp('VTODO')]
    expect(matches(comp('VCALENDAR', { comps }))).toBe(false)
    expect(matches(comp('VCALENDAR', { comps, test: 'anyof' }))).toBe(true)
    const late = range('2030-01-01')
    const props = [prop('SUMMARY')]
    expect(matches(whole(comp('VEVENT', { timeRange: late, props })))).toBe(false)
    expect(matches(whole(comp('VEVENT', { timeRange: late, props, test: 'anyof' })))).toBe(true)
    expect(
      matches(
        whole(comp('VEVENT', { timeRange: range('2026-01-01'), props: [prop('X-NO')], test: 'anyof' })),
      ),
    ).toBe(true)
  })
})

describe('RFC 4791 §9.7.2 prop-filter', () => {
  it('asks for a property, or for none', () => {
    expect(has(prop('SUMMARY'))).toBe(true)
    expect(has(prop('LOCATION'))).toBe(false)
    expect(has(prop('LOCATION', { isNotDefined: true }))).toBe(true)
    expect(has(prop('SUMMARY', { isNotDefined: true }))).toBe(false)
  })

  it('its conditions hold for one and the same property', () => {
    const declined = [param('PARTSTAT', { textMatch: text('declined') })]
    expect(has(prop('ATTENDEE', { params: declined, textMatch: text('bob@') }))).toBe(true)
    expect(has(prop('ATTENDEE', { params: declined, textMatch: text('ann@') }))).toBe(false)
    expect(has(prop('ATTENDEE', { params: declined, textMatch: text('carl@'), test: 'anyof' }))).toBe(true)
  })

  it('time-range, also on an end that DURATION implies', () => {
    const during = (name: string, start: string, end?: string) =>
      has(prop(name, { timeRange: range(start, end) }))
    expect(during('CREATED', '2025-12-24', '2025-12-25')).toBe(true)
    expect(during('CREATED', '2025-12-25')).toBe(false)
    expect(during('CREATED', '2025-12-24', '2025-12-24T12:00:00Z')).toBe(false)
    expect(during('DTSTART', '2026-01-05T09:00:00Z', '2026-01-05T09:00:01Z')).toBe(true)
    expect(during('DTEND', '2026-01-05T10:00:00Z', '2026-01-05T10:00:01Z')).toBe(true)
    expect(during('DTEND', '2026-01-05T10:00:01Z')).toBe(false)
    expect(during('SUMMARY', '2025-01-01')).toBe(false)
    expect(during('LAST-MODIFIED', '2025-01-01')).toBe(false)
    expect(
      has(prop('CREATED', { timeRange: range('2025-12-24') }), events(['CREATED:  20251224T120000Z'])),
    ).toBe(true)
  })
})

describe('RFC 4791 §9.9 the time of a property', () => {
  const noon = '20260105T120000Z'
  const todo = one(
    'VTODO',
    'DTSTART:20260105T110000Z',
    'DURATION:PT1H',
    `COMPLETED:${noon}`,
    `DTSTAMP:${noon}`,
  )
  const due = one('VTODO', 'DUE;TZID=Europe/Berlin:20260105T130000', 'LAST-MODIFIED:20260105T120000Z')
  const floating = one('VEVENT', 'DTSTART:20260105T120000', 'DTEND;VALUE=DATE:20260106')

  it.each([
    ['COMPLETED', todo],
    ['DUE', todo],
    ['DUE', due],
    ['LAST-MODIFIED', due],
    ['DTSTART', floating],
  ] as const)('%s lies in a range that begins with it, not in one that ends with it', (name, calendar) => {
    const kind = calendar.root.components[0]?.name ?? ''
    const at = (start: string, end: string) =>
      matches(whole(comp(kind, { props: [prop(name, { timeRange: range(start, end) })] })), calendar)
    expect(at('2026-01-05T12:00:00Z', '2026-01-05T12:00:01Z')).toBe(true)
    expect(at('2026-01-05T11:00:00Z', '2026-01-05T12:00:00Z')).toBe(false)
    expect(at('2026-01-05T12:00:01Z', '2026-01-05T13:00:00Z')).toBe(false)
  })

  it('of a date is its midnight; what is missing or no time lies nowhere', () => {
    const at = (name: string, start: string) => has(prop(name, { timeRange: range(start) }), floating)
    expect(at('DTEND', '2026-01-06')).toBe(true)
    expect(at('DTEND', '2026-01-06T00:00:01Z')).toBe(false)
    expect(at('DUE', '2026-01-01')).toBe(false)
    expect(at('UID', '2026-01-01')).toBe(false)
  })
})

describe('RFC 4791 §9.7.3 param-filter', () => {
  const attendee = (more: Parameters<typeof param>[1], name = 'CN') =>
    has(prop('ATTENDEE', { params: [param(name, more)] }))

  it('asks for a parameter, its text, or for none', () => {
    expect(attendee({})).toBe(true)
    expect(attendee({}, 'ROLE')).toBe(false)
    expect(attendee({ isNotDefined: true })).toBe(true)
    expect(attendee({ isNotDefined: true }, 'PARTSTAT')).toBe(false)
    expect(attendee({ textMatch: text('ann, the') })).toBe(true)
    expect(has(prop('DTSTART', { params: [param('TZID', { textMatch: text('berlin') })] }))).toBe(true)
  })
})

describe('RFC 4791 §9.7.5 text-match', () => {
  const summary = (value: string, more: Parameters<typeof text>[1] = {}) =>
    has(prop('SUMMARY', { textMatch: text(value, more) }))

  it('matches the unescaped value by its collation', () => {
    expect(summary('caf\u00e9, AT')).toBe(true)
    expect(summary('CAF\u00c9')).toBe(false)
    expect(summary('CAF\u00c9', { collation: 'i;unicode-casemap' })).toBe(true)
    expect(summary('caf', { collation: 'i;octet' })).toBe(false)
  })

  it('contains, equals, starts and ends', () => {
    expect(summary('noon', { match: 'ends-with' })).toBe(true)
    expect(summary('noon', { match: 'starts-with' })).toBe(false)
    expect(summary('caf', { match: 'starts-with' })).toBe(true)
    expect(summary('caf', { match: 'equals' })).toBe(false)
    expect(has(prop('UID', { textMatch: text('0815@EXAMPLE.com', { match: 'equals' }) }))).toBe(true)
  })

  it('negated', () => {
    expect(summary('noon', { negate: true })).toBe(false)
    expect(summary('night', { negate: true })).toBe(true)
    expect(has(prop('LOCATION', { textMatch: text('x', { negate: true }) }))).toBe(false)
  })

  it('a list is searched as a whole and by its members', () => {
    const category = (value: string, more = {}) => has(prop('CATEGORIES', { textMatch: text(value, more) }))
    expect(category('work', { match: 'equals' })).toBe(true)
    expect(category('home, garden', { match: 'equals' })).toBe(true)
    expect(category('garden', { match: 'equals' })).toBe(false)
    expect(category('work', { match: 'equals', negate: true })).toBe(false)
  })
})
