import { describe, expect, it } from 'vitest'
import { readCalendar } from '../../../protocol/ical/calendar.ts'
import { validateCalendarObject } from '../../../protocol/ical/validate.ts'
import { calendarText, lines } from './objects.ts'

function judge(text: string, maxAttendees?: number): string {
  try {
    const { uid, component } = validateCalendarObject(readCalendar(text), { maxAttendees })
    return `${component} ${uid}`
  } catch (error) {
    if (error instanceof Error && 'precondition' in error) return String(error.precondition)
    throw error
  }
}

const event = (...properties: string[]) => calendarText(...lines('VEVENT', ...properties))
const override = (id: string) => lines('VEVENT', `RECURRENCE-ID${id}`, 'DTSTART:20260105T090000Z')

describe('RFC 4791 §5.3.2.1 what PUT refuses', () => {
  it.each([
    ['a control character', event('SUMMARY:a\u0007b')],
    ['a NUL', event('SUMMARY:a\u0000b')],
    ['a DELETE', event('SUMMARY:a\u007fb')],
  ])('%s: valid-calendar-data', (_, text) => {
    expect(judge(text)).toBe('valid-calendar-data')
  })

  it.each([
    ['METHOD', calendarText('METHOD:REQUEST', ...lines('VEVENT'))],
    ['two UIDs', calendarText(...lines('VEVENT', 'UID:a'), ...lines('VEVENT', 'UID:b'))],
    ['two UIDs in one component', event('UID:a', 'UID:b')],
    ['no UID', calendarText('BEGIN:VEVENT', 'END:VEVENT')],
    ['an empty UID', event('UID: ')],
    [
      'an override without UID',
      calendarText(...lines('VEVENT'), 'BEGIN:VEVENT', 'RECURRENCE-ID:20260101T0', 'END:VEVENT'),
    ],
    ['two component types', calendarText(...lines('VEVENT'), ...lines('VTODO'))],
    ['no component', calendarText()],
    ['time zones alone', calendarText(...lines('VTIMEZONE', 'TZID:Here'))],
    ['two masters', calendarText(...lines('VEVENT'), ...lines('VEVENT'))],
    ['an impossible RECURRENCE-ID', calendarText(...override(':20260230T090000Z'))],
    ['a RECURRENCE-ID that is no time', calendarText(...override(':tomorrow'))],
    [
      'the same RECURRENCE-ID twice',
      calendarText(...override(':20260105T090000Z'), ...override(':20260105T090000Z')),
    ],
    [
      'the same RECURRENCE-ID in two zones',
      calendarText(...override(':20260105T090000Z'), ...override(';TZID=Europe/Berlin:20260105T100000')),
    ],
    ['an RRULE without FREQ', event('RRULE:COUNT=3')],
    ['an RRULE that is none', event('RRULE:every day')],
    ['an RRULE out of range', event('RRULE:FREQ=YEARLY;BYMONTH=13')],
  ])('%s: valid-calendar-object-resource', (_, text) => {
    expect(judge(text)).toBe('valid-calendar-object-resource')
  })

  it('an unknown component: supported-calendar-component', () => {
    expect(judge(calendarText(...lines('VPOLL')))).toBe('supported-calendar-component')
    expect(judge(calendarText(...lines('X-THING')))).toBe('valid-calendar-object-resource')
  })

  it('vCalendar 1.0: supported-calendar-data', () => {
    expect(judge(event().replace('VERSION:2.0', 'VERSION:1.0'))).toBe('supported-calendar-data')
  })

  it('too many attendees in one component: max-attendees-per-instance', () => {
    const attendees = ['ATTENDEE:mailto:a@example.com', 'ATTENDEE:mailto:b@example.com']
    expect(judge(event(...attendees), 1)).toBe('max-attendees-per-instance')
    expect(judge(event(...attendees), 2)).toBe('VEVENT one')
  })
})

describe('RFC 4791 §5.3.2 what PUT stores', () => {
  it.each([
    ['LF line ends', event().replaceAll('\r\n', '\n')],
    ['only overrides', calendarText(...override(':20260105T090000Z'), ...override(':20260106T090000Z'))],
    ['an override before its master', calendarText(...override(':20260105T090000Z'), ...lines('VEVENT'))],
    ['a missing VTIMEZONE', event('DTSTART;TZID=Nowhere/At all:20260101T000000')],
    ['no DTSTART', event()],
    ['a DTSTART that is no time', event('DTSTART:soon')],
    ['DTSTART with time and DTEND without', event('DTSTART:20260101T090000Z', 'DTEND;VALUE=DATE:20260102')],
    ['floating DTSTART and zoned DTEND', event('DTSTART:20260101T090000', 'DTEND:20260101T100000Z')],
    ['DTEND before DTSTART', event('DTSTART:20260102T090000Z', 'DTEND:20260101T100000Z')],
    ['EXDATE of another kind', event('DTSTART:20260101T090000Z', 'EXDATE;VALUE=DATE:20260102')],
    ['blanks in CREATED', event('CREATED:  20260101T000000Z')],
    ['odd escapes', event('SUMMARY:a\\b\\;\\x\\')],
    ['a bad REQUEST-STATUS', event('REQUEST-STATUS:fine')],
    ['caret encoding', event("ATTENDEE;CN=^'Ann^'^n:mailto:ann@example.com")],
    ['properties with VALUE types', event('X-A;VALUE=URI:http://example.com/a\\b', 'X-B;VALUE=PERIOD:x')],
    ['a line without colon', event('and so on')],
    ['a broken RRULE in a time zone', calendarText(...lines('VTIMEZONE', 'RRULE:no'), ...lines('VEVENT'))],
    ['an extension component', calendarText(...lines('X-THING'), ...lines('VEVENT'))],
    ['a calendar scale not computed here', event('RRULE:RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=5L')],
    ['a tab', event('SUMMARY:a\tb')],
    ['no VERSION', event().replace('VERSION:2.0\r\n', '')],
    ['one UID written twice', event('UID:one', 'UID:one')],
    [
      'THISANDFUTURE beside the instance itself',
      calendarText(...override(':20260105T090000Z'), ...override(';RANGE=THISANDFUTURE:20260105T090000Z')),
    ],
  ])('%s', (_, text) => {
    expect(judge(text)).toBe('VEVENT one')
  })

  it('every type of component', () => {
    for (const name of ['VEVENT', 'VTODO', 'VJOURNAL', 'VFREEBUSY', 'VAVAILABILITY']) {
      expect(judge(calendarText(...lines(name)))).toBe(`${name} one`)
    }
  })

  it('a UID with escapes and blanks, read as what it means', () => {
    expect(judge(event('UID: a\\,b '))).toBe('VEVENT a,b')
  })
})
