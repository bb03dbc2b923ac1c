import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCalendar } from '../../../protocol/ical/calendar.ts'
import { readLegacyRule } from '../../../protocol/ical/legacy/rule.ts'
import { isLegacyCalendar, legacyObjects } from '../../../protocol/ical/legacy.ts'
import { validateCalendarObject } from '../../../protocol/ical/validate.ts'
import { readContentLines } from '../../../protocol/text/content-lines.ts'

const vcalendar = (...lines: string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:1.0', ...lines, 'END:VCALENDAR', ''].join('\r\n')
const vevent = (...lines: string[]): string =>
  vcalendar('BEGIN:VEVENT', 'UID:u', 'DTSTART:19980101T100000', ...lines, 'END:VEVENT')

/** The lines of the one component, beside those it came with. */
function linesOf(source: string, charset?: string): string[] {
  const [object] = legacyObjects(source, () => 'made', charset)
  const text = object?.text ?? ''
  validateCalendarObject(readCalendar(text), { maxAttendees: 10 })
  const inside = /BEGIN:VEVENT\r\n(.*)END:VEVENT/s.exec(text.replace(/\r\n /g, ''))?.[1] ?? ''
  return inside.split('\r\n').filter((line) => !/^(?:UID:u|DTSTAMP:.*|DTSTART:19980101T100000|)$/.test(line))
}

describe('vCalendar 1.0 recurrence rules in the words of RFC 5545 §3.3.10', () => {
  it.each([
    ['D1 #5', 'FREQ=DAILY;COUNT=5'],
    ['D2', 'FREQ=DAILY;INTERVAL=2;COUNT=2'],
    ['W2 MO WE #0', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE'],
    ['W1 TU TH 0800 #4', 'FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4'],
    ['MP1 1+ TU TH 2- FR #3', 'FREQ=MONTHLY;BYDAY=1TU,1TH,-2FR;COUNT=3'],
    ['MD1 1 15 LD #0', 'FREQ=MONTHLY;BYMONTHDAY=1,15,-1'],
    ['MD1 2- #2', 'FREQ=MONTHLY;BYMONTHDAY=-2;COUNT=2'],
    ['YM1 1 6 #10', 'FREQ=YEARLY;BYMONTH=1,6;COUNT=10'],
    ['YD1 1 100 366 #0', 'FREQ=YEARLY;BYYEARDAY=1,100,366'],
    ['D1 19991231T235959Z', 'FREQ=DAILY;UNTIL=19991231T235959Z'],
    ['FREQ=WEEKLY;BYDAY=MO', 'FREQ=WEEKLY;BYDAY=MO'],
  ])('%s', (legacy, rule) => {
    expect(readLegacyRule(legacy)).toEqual({ rule })
  })

  it.each(['X1', 'W1 XX', 'MP1 TU', 'YM1 13', 'MD1 32', ''])('refuses %s', (legacy) => {
    expect(readLegacyRule(legacy)).toHaveProperty('problem')
  })
})

describe('a component of a vCalendar 1.0', () => {
  it('has its quoted-printable and character sets decoded', () => {
    const text = vevent(
      'SUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:Caf=C3=A9, =',
      '=0AZ=C3=BCrich',
      'LOCATION;CHARSET=ISO-8859-1;QUOTED-PRINTABLE:M=FCnchen',
      'DESCRIPTION:\u00cf\u00f0\u00e8',
    )
    expect(linesOf(text, 'windows-1251')).toEqual([
      'SUMMARY:Café\\, \\nZürich',
      'LOCATION:München',
      'DESCRIPTION:При',
    ])
  })

  it('has alarms, attendees, lists and states in the words of iCalendar (RFC 5545 §3.6.6, §3.8)', () => {
    const text = vevent(
      'DALARM:19980101T094500;PT5M;2;Wake up',
      'AALARM:19980101T090000Z;;;file:///x.wav',
      'ATTENDEE;ROLE=OWNER;STATUS=ACCEPTED:Ada <ada@example.org>',
      'ATTENDEE;EXPECT=REQUIRE;STATUS=NEEDS ACTION;RSVP=YES:bob@example.org',
      'CATEGORIES:MEETING;PHONE CALL',
      'EXDATE:19980102T100000;19980103T100000',
      'STATUS:CONFIRMED',
      'TRANSP:1',
      'SEQUENCE:-1',
      'GEO:37.24,-17.87',
      'RRULE:D1 #3',
      'RRULE:nonsense',
      'DCREATED:19971231T120000Z',
    )
    expect(linesOf(text)).toEqual([
      'BEGIN:VALARM',
      'TRIGGER:-PT15M',
      'DURATION:PT5M',
      'REPEAT:2',
      'ACTION:DISPLAY',
      'DESCRIPTION:Wake up',
      'END:VALARM',
      'BEGIN:VALARM',
      'TRIGGER;VALUE=DATE-TIME:19980101T090000Z',
      'ACTION:AUDIO',
      'END:VALARM',
      'ORGANIZER;CN=Ada:mailto:ada@example.org',
      'ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:bob@example.org',
      'CATEGORIES:MEETING,PHONE CALL',
      'EXDATE:19980102T100000',
      'EXDATE:19980103T100000',
      'STATUS:CONFIRMED',
      'TRANSP:TRANSPARENT',
      'SEQUENCE:0',
      'GEO:-17.87;37.24',
      'RRULE:FREQ=DAILY;COUNT=3',
      'X-LEGACY-RRULE:nonsense',
      'CREATED:19971231T120000Z',
    ])
  })

  it('is in the zone of its calendar, where that has one (RFC 5545 §3.6.5)', () => {
    const text = vevent('DTEND:19980101T110000Z').replace(
      'VERSION:1.0',
      'VERSION:1.0\r\nTZ:-05\r\nDAYLIGHT:TRUE;-04;19980405T020000;19981025T020000;EST;EDT',
    )
    const [object] = legacyObjects(text, () => 'made')
    expect(object?.text).toContain('DTSTART;TZID=vCalendar -0500 with daylight saving time:19980101T100000')
    expect(object?.text).toContain(
      'BEGIN:DAYLIGHT\r\nDTSTART:19980405T020000\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0400',
    )
    expect(object?.text).toContain('DTEND:19980101T110000Z')
  })

  it('stands alone, with a UID where it had none, and says where it stood', () => {
    const source = vcalendar(
      'BEGIN:VTODO',
      'SUMMARY:a',
      'STATUS:NEEDS ACTION',
      'END:VTODO',
      'BEGIN:VEVENT',
      'DTSTART:19980101',
      'END:VEVENT',
    )
    const objects = [...legacyObjects(source, (slice) => `made-${slice.length}`)]
    expect(isLegacyCalendar(source)).toBe(true)
    expect(objects).toHaveLength(2)
    expect(objects[0]?.text).toContain('UID:made-')
    expect(objects[0]?.text).toContain('STATUS:NEEDS-ACTION')
    expect(objects[1]?.text).toContain('DTSTART;VALUE=DATE:19980101')
    expect(objects.map(({ start, end }) => source.slice(start, end).split('\r\n')[0])).toEqual([
      'BEGIN:VTODO',
      'BEGIN:VEVENT',
    ])
  })
})

describe('whatever stands in a vCalendar 1.0', () => {
  const names = [
    'DTSTART',
    'DTEND',
    'RRULE',
    'DALARM',
    'MALARM',
    'ATTENDEE',
    'URL',
    'CLASS',
    'GEO',
    'STATUS',
    'SUMMARY',
    'EXDATE',
    'X-A',
    'FOO',
    'CATEGORIES',
    'PRIORITY',
    'UID',
  ]
  const piece = fc.constantFrom(
    '19980101T100000',
    ';',
    ',',
    '=0D=0A',
    '=0A',
    'END:VEVENT',
    'BEGIN:VALARM',
    'a@b.c',
    '<',
    'D1 #2',
    'x:',
    '=C3',
    '\\',
    '"',
    '\u00e9',
  )
  const line = fc.tuple(fc.constantFrom(...names), fc.boolean(), fc.array(piece, { maxLength: 5 }))

  it('is read as quickly where an attendee is nothing but blanks', () => {
    const begun = performance.now()
    linesOf(vevent(...Array.from({ length: 50 }, () => `ATTENDEE:${' '.repeat(990)}x`)))
    expect(performance.now() - begun).toBeLessThan(5_000)
  })

  it('becomes one component that can be read, and no other (random)', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (all) => {
        const lines = all.map(
          ([name, isEncoded, parts]) => `${name}${isEncoded ? ';QUOTED-PRINTABLE' : ''}:${parts.join('')}`,
        )
        for (const { text } of legacyObjects(
          vcalendar('BEGIN:VEVENT', ...lines, 'END:VEVENT'),
          () => 'made',
        )) {
          const found = readContentLines(text)
          expect([...found].filter((one) => 'broken' in one)).toEqual([])
          expect(text.match(/^BEGIN:VEVENT$/gm)).toHaveLength(1)
          expect(text.match(/^END:VEVENT\r$/gm) ?? text.match(/^END:VEVENT$/gm)).toHaveLength(1)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
