import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeJCal } from '../../../protocol/ical/jcal.ts'

/** What becomes of lines of an event. */
function properties(...lines: string[]): unknown {
  const all = ['BEGIN:VCALENDAR', 'BEGIN:VEVENT', ...lines, 'END:VEVENT', 'END:VCALENDAR', '']
  return writeJCal(all.join('\r\n'))[2][0]?.[1]
}

describe('RFC 7265 §3 jCal', () => {
  it('is name, properties and components, all in lower case (§3.2–3.4)', () => {
    const text = [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'BEGIN:VEVENT',
      'UID:1',
      'BEGIN:VALARM',
      'TRIGGER:-PT15M',
      'END:VALARM',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ].join('\r\n')
    expect(writeJCal(text)).toEqual([
      'vcalendar',
      [['version', {}, 'text', '2.0']],
      [['vevent', [['uid', {}, 'text', '1']], [['valarm', [['trigger', {}, 'duration', '-PT15M']], []]]]],
    ])
  })

  it('parameters without VALUE, several values as a list (§3.5)', () => {
    const line = 'ATTENDEE;CN="A, B";MEMBER="mailto:a@b","mailto:c@d":mailto:e@f'
    expect(properties(line, 'DTSTART;VALUE=DATE:20081006')).toEqual([
      ['attendee', { cn: 'A, B', member: ['mailto:a@b', 'mailto:c@d'] }, 'cal-address', 'mailto:e@f'],
      ['dtstart', {}, 'date', '2008-10-06'],
    ])
  })

  it.each<[string, unknown[]]>([
    ['DTSTART:20080205T191224Z', ['dtstart', {}, 'date-time', '2008-02-05T19:12:24Z']],
    [
      'DTSTART;TZID=Europe/Paris:20080205T191224',
      ['dtstart', { tzid: 'Europe/Paris' }, 'date-time', '2008-02-05T19:12:24'],
    ],
    ['DTSTART:20080205', ['dtstart', {}, 'date', '2008-02-05']],
    [
      'EXDATE:20080205T000000Z,20080206T000000Z',
      ['exdate', {}, 'date-time', '2008-02-05T00:00:00Z', '2008-02-06T00:00:00Z'],
    ],
    ['RDATE;VALUE=PERIOD:20080205T000000Z/PT1H', ['rdate', {}, 'period', ['2008-02-05T00:00:00Z', 'PT1H']]],
    [
      'FREEBUSY;FBTYPE=BUSY:20080205T000000Z/20080205T010000Z',
      ['freebusy', { fbtype: 'BUSY' }, 'period', ['2008-02-05T00:00:00Z', '2008-02-05T01:00:00Z']],
    ],
    ['GEO:37.386013;-122.082932', ['geo', {}, 'float', [37.386013, -122.082932]]],
    ['REQUEST-STATUS:2.0;Success', ['request-status', {}, 'text', ['2.0', 'Success']]],
    ['CATEGORIES:A,B\\, C', ['categories', {}, 'text', 'A', 'B, C']],
    ['SUMMARY:A\\, B\\nC', ['summary', {}, 'text', 'A, B\nC']],
    ['PRIORITY:1', ['priority', {}, 'integer', 1]],
    ['TZOFFSETFROM:-0500', ['tzoffsetfrom', {}, 'utc-offset', '-05:00']],
    ['X-ON;VALUE=BOOLEAN:TRUE', ['x-on', {}, 'boolean', true]],
    ['X-T;VALUE=TIME:102200', ['x-t', {}, 'time', '10:22:00']],
    [
      'X-COFFEE-DATA:Stenophylla;Guinea\\,Africa',
      ['x-coffee-data', {}, 'unknown', 'Stenophylla;Guinea\\,Africa'],
    ],
    [
      'RRULE:FREQ=YEARLY;COUNT=5;BYDAY=-1SU,2MO;BYMONTH=10',
      ['rrule', {}, 'recur', { freq: 'YEARLY', count: 5, byday: ['-1SU', '2MO'], bymonth: 10 }],
    ],
    [
      'RRULE:FREQ=DAILY;UNTIL=20081006T000000Z',
      ['rrule', {}, 'recur', { freq: 'DAILY', until: '2008-10-06T00:00:00Z' }],
    ],
  ])('%s (§3.6)', (line, expected) => {
    expect(properties(line)).toEqual([expected])
  })
})

const folder = process.env.FARLEY_TEST_CORPUS
const pairs = [
  'ical.js/dates',
  'ical.js/utc_offset',
  'ical.js/values',
  'ical.js/boolean',
  'ical.js/quoted_params',
].map((name) => join(folder ?? '', 'expected', name))

describe.skipIf(!folder || !existsSync(`${pairs[0]}.json`))('jCal of real objects', () => {
  it.each(pairs)('%s is what another program makes of it', (path) => {
    const theirs = JSON.parse(readFileSync(`${path}.json`, 'utf8'))
    expect(writeJCal(readFileSync(`${path}.ics`, 'utf8'))).toEqual(theirs)
  })
})
