import { describe, expect, it } from 'vitest'
import { readCalendar } from '../../../protocol/ical/calendar.ts'
import { withTimezones } from '../../../protocol/ical/timezone-references.ts'
import { calendarText, lines } from './objects.ts'

const vtimezone = (tzid: string) => ['BEGIN:VTIMEZONE', `TZID:${tzid}`, 'END:VTIMEZONE']
const own = [
  'BEGIN:VTIMEZONE',
  'TZID:Customized Time Zone',
  'BEGIN:STANDARD',
  'DTSTART:16010101T000000',
  'TZOFFSETFROM:+0330',
  'TZOFFSETTO:+0330',
  'END:STANDARD',
  'END:VTIMEZONE',
]
const zoned = (tzid: string) => lines('VEVENT', `DTSTART;TZID=${tzid}:20260115T100000`, 'DURATION:PT1H')

function names(text: string): string[] {
  return [...readCalendar(text).timezones.keys()]
}

describe('RFC 7809 §3.1.3 objects with and without time zones', () => {
  it('F leaves out those that everybody knows, and no others', () => {
    const text = calendarText(
      ...vtimezone('Europe/Berlin'),
      ...own,
      ...vtimezone('GMT Standard Time'),
      ...zoned('x'),
    )
    expect(withTimezones(readCalendar(text), 'F')).toBe(
      calendarText(...own, ...vtimezone('GMT Standard Time'), ...zoned('x')),
    )
    const whole = calendarText(...zoned('Europe/Berlin'))
    expect(withTimezones(readCalendar(whole), 'F')).toBe(whole)
  })

  it('T adds those that are named and missing, under the name used', () => {
    const text = calendarText(
      ...own,
      ...zoned('Europe/Berlin'),
      ...lines(
        'VEVENT',
        'UID:two',
        'DTSTART;TZID=W. Europe Standard Time:20260115T100000',
        'RDATE;TZID=Asia/Kolkata:20260116T100000',
        'EXDATE;TZID=Customized Time Zone:20260116T100000',
        'DTEND;TZID=Nowhere:20260115T100000',
        ...['BEGIN:VALARM', 'TRIGGER;VALUE=DATE-TIME;TZID=America/New_York:20260115T090000', 'END:VALARM'],
      ),
    )
    const full = withTimezones(readCalendar(text), 'T')
    expect(names(full).sort()).toEqual([
      'America/New_York',
      'Asia/Kolkata',
      'Customized Time Zone',
      'Europe/Berlin',
      'W. Europe Standard Time',
    ])
    expect(withTimezones(readCalendar(full), 'T')).toBe(full)
    const rest = full.slice(0, full.indexOf('BEGIN:VTIMEZONE')) + full.slice(full.indexOf(own.join('\r\n')))
    expect(rest).toBe(text)
  })

  it('T then F gives what was there', () => {
    const text = calendarText(...zoned('Europe/Berlin'))
    expect(withTimezones(readCalendar(withTimezones(readCalendar(text), 'T')), 'F')).toBe(text)
  })

  it('T is bounded', () => {
    const some = Intl.supportedValuesOf('timeZone').slice(0, 40)
    const text = calendarText(...some.flatMap((tzid) => zoned(tzid)))
    expect(names(withTimezones(readCalendar(text), 'T'))).toEqual(some.slice(0, 16))
  })
})
