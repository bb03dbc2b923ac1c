import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCalendar } from '../../../protocol/ical/calendar.ts'
import { dayMs, hourMs } from '../../../protocol/ical/gregorian.ts'
import { ianaZone, utcZone, type Zone, zoneFor } from '../../../protocol/ical/timezone.ts'
import { readTime } from '../../../protocol/ical/values.ts'
import { windowsZones } from '../../../protocol/ical/windows-zones.ts'

const seed = 5545
const none = new Map()

function zone(name: string): Zone {
  const found = ianaZone(name)
  if (!found) throw new Error(`no zone ${name}`)
  return found
}

/** The VTIMEZONEs of a calendar made of these lines. */
function timezones(...lines: readonly string[]) {
  return readCalendar(['BEGIN:VCALENDAR', ...lines, 'END:VCALENDAR', ''].join('\r\n')).timezones
}

const utc = (value: string) => readTime(value).wall
const wall = utc

describe('RFC 5545 §3.3.5 local times that are missing or come twice', () => {
  it('reads a time in the gap with the offset before it', () => {
    expect(zone('America/New_York').toUtc(wall('20070311T023000'))).toBe(utc('20070311T073000Z'))
    expect(zone('Europe/Berlin').toUtc(wall('20260329T023000'))).toBe(utc('20260329T013000Z'))
    expect(zone('Pacific/Apia').toUtc(wall('20111230T120000'))).toBe(utc('20111230T220000Z'))
  })

  it('reads a time that comes twice as the first', () => {
    expect(zone('America/New_York').toUtc(wall('20071104T013000'))).toBe(utc('20071104T053000Z'))
    expect(zone('Europe/Berlin').toUtc(wall('20261025T023000'))).toBe(utc('20261025T003000Z'))
    expect(zone('Australia/Lord_Howe').toUtc(wall('20260405T014500'))).toBe(utc('20260404T144500Z'))
  })

  it('is exact to the second around a change', () => {
    const berlin = zone('Europe/Berlin')
    expect(berlin.toWall(utc('20260329T005959Z'))).toBe(wall('20260329T015959'))
    expect(berlin.toWall(utc('20260329T010000Z'))).toBe(wall('20260329T030000'))
    expect(berlin.toUtc(wall('20260329T015959'))).toBe(utc('20260329T005959Z'))
    expect(berlin.toUtc(wall('20260329T030000'))).toBe(utc('20260329T010000Z'))
    expect(berlin.toUtc(wall('20261025T025959'))).toBe(utc('20261025T005959Z'))
    expect(berlin.toUtc(wall('20261025T030000'))).toBe(utc('20261025T020000Z'))
  })
})

describe('zones by IANA name', () => {
  const names = [
    'Europe/Berlin',
    'America/Sao_Paulo',
    'Asia/Gaza',
    'Africa/Casablanca',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
  ]

  it.each(names)('%s has the offsets that Intl has', (name) => {
    const { toWall, toUtc } = zone(name)
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: name,
      dateStyle: 'short',
      timeStyle: 'medium',
    })
    const seconds = { min: Date.UTC(1900, 0) / 1000, max: Date.UTC(2200, 0) / 1000 }
    fc.assert(
      fc.property(fc.integer(seconds), (second) => {
        const instant = second * 1000
        expect(new Date(toWall(instant)).toISOString().slice(0, 19)).toBe(
          format.format(instant).replace(' ', 'T'),
        )
        const back = toUtc(toWall(instant))
        expect(toWall(back)).toBe(toWall(instant))
        expect(back).toBeLessThanOrEqual(instant)
      }),
      { seed, numRuns: 300 },
    )
  })

  it('has local mean time long ago and the rules of today in the far future', () => {
    const berlin = zone('Europe/Berlin')
    expect(berlin.toWall(utc('18000101T000000Z')) - utc('18000101T000000Z')).toBe((53 * 60 + 28) * 1000)
    expect(berlin.toWall(utc('00000101T000000Z')) - utc('00000101T000000Z')).toBe((53 * 60 + 28) * 1000)
    expect(berlin.toWall(utc('99990701T000000Z'))).toBe(wall('99990701T020000'))
    expect(berlin.toUtc(wall('99991231T000000'))).toBe(utc('99991230T230000Z'))
  })

  it('knows names in any case, and no others', () => {
    expect(ianaZone('europe/berlin')).toBe(ianaZone('Europe/Berlin'))
    expect(ianaZone('US/Eastern')).toBe(ianaZone('America/New_York'))
    for (const name of ['', 'Europe/Germany', '+01:00', 'BST', 'CST', '/Europe/Berlin', 'Europe/Berlin ']) {
      expect(ianaZone(name)).toBeUndefined()
    }
  })

  it('converts without asking Intl each time', () => {
    const berlin = zone('Europe/Berlin')
    berlin.toUtc(0)
    const begin = performance.now()
    for (let hour = 0; hour < 50_000; hour += 1) berlin.toUtc(hour * hourMs)
    expect(performance.now() - begin).toBeLessThan(200)
  })
})

describe('RFC 5545 §3.2.19 TZIDs as clients write them', () => {
  it.each([
    ['Europe/Berlin', 'Europe/Berlin'],
    ['"Europe/Berlin"', 'Europe/Berlin'],
    ['Europe/Berlin  ', 'Europe/Berlin'],
    ['America/Los Angeles', 'America/Los_Angeles'],
    ['/Europe/Stockholm', 'Europe/Stockholm'],
    ['/mozilla.org/20070129_1/Europe/Paris', 'Europe/Paris'],
    [
      '/freeassociation.sourceforge.net/Tzfile/America/Argentina/Buenos_Aires',
      'America/Argentina/Buenos_Aires',
    ],
    ['/softwarestudio.org/Olson_20011030_5/Pacific/Auckland', 'Pacific/Auckland'],
    ['/citadel.org/20250101_1/Japan', 'Asia/Tokyo'],
    ['W. Europe Standard Time', 'Europe/Berlin'],
    ['"w. europe standard time"', 'Europe/Berlin'],
    ['Pacific Standard Time', 'America/Los_Angeles'],
  ])('%s is %s', (tzid, name) => {
    expect(zoneFor(tzid, none)).toBe(ianaZone(name))
  })

  it.each(['UTC', 'utc', 'Z', 'Etc/UTC', 'tzone://Microsoft/Utc'])('%s is UTC', (tzid) => {
    expect(zoneFor(tzid, none)).toBe(utcZone)
  })

  it.each([
    ['UTC+11', 11],
    ['GMT-0330', -3.5],
    ['utc +05:30', 5.5],
  ])('%s is an offset', (tzid, hours) => {
    expect(zoneFor(tzid, none)?.toUtc(0)).toBe(-hours * hourMs)
    expect(zoneFor(tzid, none)?.toWall(0)).toBe(hours * hourMs)
  })

  it.each([
    '',
    'floating',
    'Germany/Berlin',
    'Customized Time Zone',
    'CST',
    'UTC+99',
    '//',
    'tzone://Microsoft/Custom',
  ])('%j is not known', (tzid) => {
    expect(zoneFor(tzid, none)).toBeUndefined()
  })

  it('knows every Windows name', () => {
    expect(windowsZones.size).toBeGreaterThan(135)
    for (const name of windowsZones.keys()) expect(zoneFor(name, none)).toBeDefined()
  })

  it('takes the real zone in place of a half-defined VTIMEZONE', () => {
    const half = timezones(
      'BEGIN:VTIMEZONE',
      'TZID:Europe/Berlin',
      'BEGIN:STANDARD',
      'DTSTART:20251026T030000',
      'TZOFFSETFROM:+0200',
      'TZOFFSETTO:+0100',
      'END:STANDARD',
      'END:VTIMEZONE',
    )
    expect(zoneFor('Europe/Berlin', half)?.toUtc(wall('20260701T120000'))).toBe(utc('20260701T100000Z'))
  })

  it('takes what X-LIC-LOCATION says', () => {
    const located = timezones(
      'BEGIN:VTIMEZONE',
      'TZID:Office',
      'X-LIC-LOCATION:Europe/Vienna',
      'END:VTIMEZONE',
    )
    expect(zoneFor('Office', located)).toBe(ianaZone('Europe/Vienna'))
  })

  it('takes an abbreviation as its own VTIMEZONE means it', () => {
    const own = timezones(
      'BEGIN:VTIMEZONE',
      'TZID:EST',
      'BEGIN:STANDARD',
      'DTSTART:19700101T000000',
      'TZOFFSETFROM:+1000',
      'TZOFFSETTO:+1000',
      'END:STANDARD',
      'END:VTIMEZONE',
    )
    expect(zoneFor('EST', own)?.toUtc(0)).toBe(-10 * hourMs)
    expect(zoneFor('EST', none)?.toUtc(0)).toBe(5 * hourMs)
  })
})

describe('RFC 5545 §3.6.5 VTIMEZONE', () => {
  /** The rules of New York since 1967, as in the RFC, under a name that nobody knows. */
  const newYork = timezones(
    'BEGIN:VTIMEZONE',
    'TZID:Home',
    ...observance(
      'DAYLIGHT',
      '-0500',
      '-0400',
      '19670430T020000',
      'RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=-1SU;UNTIL=19730429T070000Z',
    ),
    ...observance(
      'STANDARD',
      '-0400',
      '-0500',
      '19671029T020000',
      'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=20061029T060000Z',
    ),
    ...observance('DAYLIGHT', '-0500', '-0400', '19740106T020000', 'RDATE:19750223T020000'),
    ...observance(
      'DAYLIGHT',
      '-0500',
      '-0400',
      '19760425T020000',
      'RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=-1SU;UNTIL=19860427T070000Z',
    ),
    ...observance(
      'DAYLIGHT',
      '-0500',
      '-0400',
      '19870405T020000',
      'RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU;UNTIL=20060402T070000Z',
    ),
    ...observance('DAYLIGHT', '-0500', '-0400', '20070311T020000', 'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU'),
    ...observance('STANDARD', '-0400', '-0500', '20071104T020000', 'RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU'),
    'END:VTIMEZONE',
  )

  function observance(name: string, from: string, to: string, start: string, ...more: readonly string[]) {
    return [
      `BEGIN:${name}`,
      `DTSTART:${start}`,
      `TZOFFSETFROM:${from}`,
      `TZOFFSETTO:${to}`,
      ...more,
      `END:${name}`,
    ]
  }

  function vtimezone(...lines: readonly string[]): Zone | undefined {
    return zoneFor('Home', timezones('BEGIN:VTIMEZONE', 'TZID:Home', ...lines, 'END:VTIMEZONE'))
  }

  it('follows its rules as the real zone does, whatever is asked first', () => {
    const real = zone('America/New_York')
    const seconds = { min: utc('19670601T000000Z') / 1000, max: Date.UTC(2200, 0) / 1000 }
    const home = zoneFor('Home', newYork)
    fc.assert(
      fc.property(fc.integer(seconds), (second) => {
        expect(home?.toWall(second * 1000)).toBe(real.toWall(second * 1000))
        expect(home?.toUtc(second * 1000)).toBe(real.toUtc(second * 1000))
      }),
      { seed, numRuns: 500 },
    )
    for (let change = utc('19680428T070000Z'); change < utc('20300101T000000Z'); change += 7 * dayMs) {
      for (const second of [change - 1000, change]) expect(home?.toWall(second)).toBe(real.toWall(second))
    }
  })

  it('has before its first onset the offset that one changes from', () => {
    expect(zoneFor('Home', newYork)?.toWall(utc('19500701T120000Z'))).toBe(wall('19500701T070000'))
  })

  it('is made once for a component', () => {
    expect(zoneFor('Home', newYork)).toBe(zoneFor('Home', newYork))
  })

  it('follows rules since 1601, as Outlook writes them', () => {
    const outlook = vtimezone(
      ...observance(
        'STANDARD',
        '+0200',
        '+0100',
        '16011028T030000',
        'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10',
      ),
      ...observance(
        'DAYLIGHT',
        '+0100',
        '+0200',
        '16010325T020000',
        'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3',
      ),
    )
    for (const time of [
      '20260329T005959Z',
      '20260329T010000Z',
      '20261025T005959Z',
      '20261025T010000Z',
      '21500701T000000Z',
    ]) {
      expect(outlook?.toWall(utc(time))).toBe(zone('Europe/Berlin').toWall(utc(time)))
    }
    expect(outlook?.toWall(utc('17000701T000000Z'))).toBe(wall('17000701T020000'))
    expect(outlook?.toWall(utc('15000701T000000Z'))).toBe(wall('15000701T010000'))
  })

  it('reads onsets with the offset before them, and RDATEs as lists', () => {
    const odd = vtimezone(
      ...observance('STANDARD', '+0000', '+0130', '20200101T000000'),
      ...observance('DAYLIGHT', '+0130', '+0300', '20210101T000000', 'RDATE:20220101T000000,20220601T000000'),
      ...observance('STANDARD', '+0300', '+0130', '20210601T000000', 'RDATE;VALUE=DATE-TIME:20220301T000000'),
    )
    expect(odd?.toWall(utc('20191231T235959Z'))).toBe(wall('20191231T235959'))
    expect(odd?.toWall(utc('20201231T222959Z'))).toBe(wall('20201231T235959'))
    expect(odd?.toWall(utc('20201231T223000Z'))).toBe(wall('20210101T013000'))
    expect(odd?.toWall(utc('20210601T000000Z'))).toBe(wall('20210601T013000'))
    expect(odd?.toWall(utc('20220201T000000Z'))).toBe(wall('20220201T030000'))
    expect(odd?.toWall(utc('20220401T000000Z'))).toBe(wall('20220401T013000'))
    expect(odd?.toWall(utc('20300101T000000Z'))).toBe(wall('20300101T030000'))
  })

  it('does with one half only, and passes over lines it cannot read', () => {
    const half = vtimezone(
      ...observance('DAYLIGHT', 'junk', '+0200', 'junk', 'RRULE:FREQ=JUNK', 'RDATE:junk,20200101T000000'),
    )
    expect(half?.toUtc(wall('20260101T120000'))).toBe(utc('20260101T100000Z'))
    expect(vtimezone(...observance('STANDARD', '+0100', 'junk', '19700101T000000'))).toBeUndefined()
    expect(vtimezone()).toBeUndefined()
  })

  it('costs little, whatever its rules', () => {
    const begin = performance.now()
    const hostile = vtimezone(
      ...observance('STANDARD', '+0100', '+0000', '00010101T000000', 'RRULE:FREQ=SECONDLY'),
      ...observance(
        'DAYLIGHT',
        '+0000',
        '+0100',
        '00010101T000000',
        'RRULE:FREQ=MINUTELY;INTERVAL=1000;BYDAY=MO;BYMONTHDAY=1',
      ),
      ...observance('STANDARD', '+0100', '+0000', '19700101T000000', 'RRULE:FREQ=DAILY;COUNT=999999999'),
    )
    expect(Number.isFinite(hostile?.toUtc(wall('20260101T000000')))).toBe(true)
    expect(Number.isFinite(hostile?.toUtc(wall('99991231T000000')))).toBe(true)
    expect(performance.now() - begin).toBeLessThan(1000)
  })
})
