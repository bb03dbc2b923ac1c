import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCalendar } from '../../../protocol/ical/calendar.ts'
import { vtimezoneZone } from '../../../protocol/ical/vtimezone.ts'
import { writeTimezone } from '../../../protocol/ical/write-timezone.ts'
import { zoneOf } from './objects.ts'

function written(name: string): string {
  return writeTimezone(name, zoneOf(name))
}

/** The zone that the VTIMEZONE describes by itself, whatever its name means. */
function readBack(name: string) {
  const { timezones } = readCalendar(`BEGIN:VCALENDAR\r\n${written(name)}END:VCALENDAR\r\n`)
  const [component] = timezones.values()
  const zone = component && vtimezoneZone(component)
  if (!zone) throw new Error(`nothing to read in ${name}`)
  return zone
}

describe('RFC 5545 §3.6.5 a VTIMEZONE that is written', () => {
  it.each([
    ...['Europe/Berlin', 'Europe/London', 'Europe/Dublin', 'Europe/Moscow', 'Europe/Istanbul'],
    ...['America/New_York', 'America/Sao_Paulo', 'America/St_Johns', 'America/Nuuk', 'America/Caracas'],
    ...['America/Phoenix', 'America/Havana', 'America/Asuncion', 'America/Santiago'],
    ...['Africa/Casablanca', 'Africa/Cairo', 'Africa/Windhoek', 'Africa/Monrovia'],
    ...['Asia/Kathmandu', 'Asia/Kolkata', 'Asia/Tehran', 'Asia/Jerusalem', 'Asia/Gaza', 'Asia/Pyongyang'],
    ...['Australia/Lord_Howe', 'Australia/Eucla', 'Pacific/Chatham', 'Pacific/Apia', 'Pacific/Norfolk'],
    ...['Pacific/Kiritimati', 'Antarctica/Troll', 'Atlantic/Azores', 'Etc/GMT+5', 'UTC'],
  ])('of %s tells the same times as the zone, from 1970 to 2069', (name) => {
    const [zone, own] = [zoneOf(name), readBack(name)]
    const hours = { min: Date.UTC(1970, 0) / 3_600_000, max: Date.UTC(2069, 11) / 3_600_000 }
    fc.assert(
      fc.property(fc.integer(hours), fc.integer({ min: 0, max: 3_599 }), (hour, second) => {
        const time = (hour * 3_600 + second) * 1_000
        expect(own.toWall(time)).toBe(zone.toWall(time))
        expect(own.toUtc(time)).toBe(zone.toUtc(time))
      }),
      { seed: 5545, numRuns: 400 },
    )
  })

  it('has rules without end where every year is alike, and dates where it was not', () => {
    const rules = (name: string) =>
      written(name)
        .match(/RRULE:.*/g)
        ?.map((rule) => rule.trim()) ?? []
    expect(rules('Europe/Berlin')).toEqual([
      'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
      'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
    ])
    expect(rules('America/New_York')).toEqual([
      'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU',
      'RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU',
    ])
    expect(rules('Asia/Jerusalem')[0]).toBe(
      'RRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=23,24,25,26,27,28,29;BYDAY=FR',
    )
    expect(rules('Africa/Casablanca')).toEqual([])
    expect(written('Europe/Berlin')).toContain('\r\nDTSTART:19960331T020000\r\n')
    expect(written('Europe/Berlin')).toContain('\r\nRDATE:19950326T020000\r\n')
  })

  it('is one STANDARD for a zone that never changes, and always has one', () => {
    expect(written('Asia/Kolkata').split('\r\n')).toEqual([
      'BEGIN:VTIMEZONE',
      'TZID:Asia/Kolkata',
      'BEGIN:STANDARD',
      'DTSTART:19700101T000000',
      'TZOFFSETFROM:+0530',
      'TZOFFSETTO:+0530',
      'END:STANDARD',
      'END:VTIMEZONE',
      '',
    ])
    for (const name of ['Pacific/Apia', 'Antarctica/Troll', 'Africa/Monrovia']) {
      expect(written(name)).toContain('BEGIN:STANDARD')
    }
    expect(written('Africa/Monrovia')).toContain('TZOFFSETFROM:-004430')
  })

  it('has the name that it is asked for', () => {
    const text = writeTimezone('W. Europe Standard Time', zoneOf('Europe/Berlin'))
    expect(text).toContain('\r\nTZID:W. Europe Standard Time\r\n')
    expect(text.replace('W. Europe Standard Time', 'Europe/Berlin')).toBe(written('Europe/Berlin'))
  })
})
