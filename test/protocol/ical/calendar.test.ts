import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { components, properties, property, readCalendar } from '../../../protocol/ical/calendar.ts'
import { InvalidObjectError } from '../../../protocol/text/invalid-object.ts'
import { calendarText, lines } from './objects.ts'

describe('RFC 5545 §3.4 the iCalendar object', () => {
  it('reads components and properties, each with its place in the text', () => {
    const text = calendarText(
      ...lines('VEVENT', 'SUMMARY:long', '  er', 'BEGIN:VALARM', 'ACTION:AUDIO', 'END:VALARM', 'X-LAST:1'),
    )
    const { root } = readCalendar(text)
    const [event] = components(root, 'VEVENT')
    const [alarm] = event ? components(event, 'VALARM') : []
    expect(event && property(event, 'SUMMARY')?.value).toBe('long er')
    expect(event && properties(event, 'X-LAST')).toHaveLength(1)
    expect(alarm && text.slice(alarm.start, alarm.end)).toBe('BEGIN:VALARM\r\nACTION:AUDIO\r\nEND:VALARM\r\n')
    expect(text.slice(root.start, root.end)).toBe(text)
  })

  it('takes any case, any line end, blank lines, and no line end at the end', () => {
    const text = 'begin:vcalendar\nversion:2.0\r\n\rBegin:VEvent \nuid:1\n\nend:vevent\nEnd:VCalendar'
    const { root } = readCalendar(text)
    expect(root.components.map(({ name }) => name)).toEqual(['VEVENT'])
    expect(root.end).toBe(text.length)
  })

  it('keeps a line that is no property beside the properties', () => {
    const { root } = readCalendar(calendarText('rubbish', ...lines('VEVENT', 'no colon here')))
    expect(root.broken.map(({ broken }) => broken)).toEqual(['rubbish'])
    expect(root.components[0]?.broken.map(({ broken }) => broken)).toEqual(['no colon here'])
  })

  it.each([
    ['nothing', ''],
    ['blank lines', '\r\n \r\n'],
    ['a vCard', 'BEGIN:VCARD\r\nEND:VCARD\r\n'],
    ['a component without VCALENDAR', lines('VEVENT').join('\r\n')],
    ['no END', 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\n'],
    ['an open component', 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n'],
    ['crossed components', calendarText('BEGIN:VEVENT', 'BEGIN:VALARM', 'END:VEVENT', 'END:VALARM')],
    ['an END too many', calendarText('END:VEVENT')],
    ['two calendars', calendarText() + calendarText()],
    ['a property after the end', `${calendarText()}X-MORE:1\r\n`],
    ['rubbish after the end', `${calendarText()}rubbish\r\n`],
    ['rubbish before the beginning', `rubbish\r\n${calendarText()}`],
    ['components nested without end', 'BEGIN:VCALENDAR\r\n'.padEnd(100_000, 'BEGIN:X\r\n')],
  ])('refuses %s', (_, text) => {
    expect(() => readCalendar(text)).toThrow(InvalidObjectError)
    expect(() => readCalendar(text)).toThrow(expect.objectContaining({ precondition: 'valid-calendar-data' }))
  })

  it('knows time zones by TZID, the first of two', () => {
    const zone = (name: string) => lines('VTIMEZONE', 'TZID:Here', `X-NAME:${name}`)
    const { timezones } = readCalendar(calendarText(...lines('VEVENT'), ...zone('a'), ...zone('b')))
    const here = timezones.get('Here')
    expect(here && property(here, 'X-NAME')?.value).toBe('a')
  })

  it('reads or refuses whatever comes', () => {
    const words = fc.constantFrom(
      'BEGIN:VCALENDAR',
      'END:VCALENDAR',
      'BEGIN:VEVENT',
      'END:VEVENT',
      ':',
      'A;B="',
    )
    const piece = fc.oneof(words, fc.string({ unit: 'binary' }), fc.constantFrom('\r\n', '\n', '\r', ' '))
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (parts) => {
        const text = parts.join('')
        try {
          expect(readCalendar(text).root.name).toBe('VCALENDAR')
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidObjectError)
        }
      }),
      { seed: 1, numRuns: 500 },
    )
  })
})
