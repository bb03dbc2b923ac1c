import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { busyText } from '../../../protocol/ical/busy.ts'
import { property, readCalendar } from '../../../protocol/ical/calendar.ts'
import { busyTimeOf, combineBusyTime } from '../../../protocol/ical/freebusy.ts'
import { readRule } from '../../../protocol/ical/recurrence.ts'
import { validateCalendarObject } from '../../../protocol/ical/validate.ts'
import { writeRule } from '../../../protocol/ical/write-rule.ts'
import { at, calendarText, lines, zoneOf } from './objects.ts'

const budget = () => ({ steps: 50_000 })
const busy = (text: string): string | undefined => busyText(readCalendar(text), 'block', budget())

/** When an object makes busy in two years around 2026, in a zone that nobody uses in it. */
function periodsOf(text: string) {
  const range = { start: at('2025-06-01'), end: at('2027-06-01') }
  const zone = zoneOf('Pacific/Auckland')
  return combineBusyTime(busyTimeOf(readCalendar(text), range, { zone, budget: budget() }))
}

const customZone = (tzid: string): string[] => [
  'BEGIN:VTIMEZONE',
  `TZID:${tzid}`,
  'X-SECRET:secret',
  'BEGIN:STANDARD',
  'DTSTART:19701025T030000',
  'TZNAME:secret',
  'TZOFFSETFROM:+0730',
  'TZOFFSETTO:+0630',
  'COMMENT:secret',
  'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
  'END:STANDARD',
  'BEGIN:DAYLIGHT',
  'DTSTART:19700329T020000',
  'TZOFFSETFROM:+0630',
  'TZOFFSETTO:+0730',
  'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;X-SECRET=secret',
  'END:DAYLIGHT',
  'END:VTIMEZONE',
]

/** How a start on a day at an hour is written. */
type Form = 'date' | 'floating' | 'utc' | string

const forms: readonly Form[] = [
  'date',
  'floating',
  'utc',
  'Europe/Berlin',
  '/mozilla.org/20070129_1/America/New_York',
  'W. Europe Standard Time',
  'Secret office',
  'UTC+11',
]

function time(name: string, form: Form, day: number, hour: number): string {
  const date = new Date(Date.UTC(2026, 0, day)).toISOString().slice(0, 10).replaceAll('-', '')
  if (form === 'date') return `${name};VALUE=DATE:${date}`
  const clock = `${date}T${String(hour).padStart(2, '0')}0000`
  if (form === 'floating') return `${name}:${clock}`
  return form === 'utc' ? `${name}:${clock}Z` : `${name};X-SECRET=secret;TZID=${form}:${clock}`
}

interface Look {
  readonly end: 'DTEND' | 'DURATION' | ''
  readonly hours: number
  readonly transp: string
  readonly status: string
}
const look: fc.Arbitrary<Look> = fc.record({
  end: fc.constantFrom('DTEND' as const, 'DURATION' as const, '' as const),
  hours: fc.integer({ min: 0, max: 30 }),
  transp: fc.constantFrom('', '', 'OPAQUE', 'TRANSPARENT'),
  status: fc.constantFrom('', '', 'CONFIRMED', 'TENTATIVE', 'CANCELLED'),
})

const override = fc.record({
  day: fc.integer({ min: 1, max: 40 }),
  moved: fc.constantFrom(0, 0, 0, 1, -2),
  shifted: fc.constantFrom(0, 0, 3),
  look: fc.option(look, { freq: 2 }),
  range: fc.constantFrom(false, false, false, true),
})

const series = fc.record({
  form: fc.constantFrom(...forms),
  hour: fc.integer({ min: 0, max: 20 }),
  look,
  rules: fc.subarray(
    ['FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=TU,TH;COUNT=9', 'FREQ=DAILY;INTERVAL=3;UNTIL=20260301T000000Z'],
    {
      maxLength: 1,
    },
  ),
  added: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 2 }),
  period: fc.boolean(),
  excluded: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 3 }),
  overrides: fc.uniqueArray(override, { maxLength: 3, selector: ({ day }) => day }),
  hasMaster: fc.constantFrom(true, true, true, false),
})

type Series = typeof series extends fc.Arbitrary<infer S> ? S : never

const secrets = [
  'SUMMARY;LANGUAGE=secret:secret',
  'DESCRIPTION:secret',
  'CLASS:CONFIDENTIAL',
  'ORGANIZER;CN=secret:mailto:secret@example.org',
  'X-SECRET:secret',
  'BEGIN:VALARM',
  'DESCRIPTION:secret',
  'END:VALARM',
]

function looks({ end, hours, transp, status }: Look, form: Form, day: number, hour: number): string[] {
  const days = Math.floor((hour + hours) / 24)
  const until =
    form === 'date'
      ? time('DTEND', form, day + Math.ceil(hours / 10), 0)
      : time('DTEND', form, day + days, (hour + hours) % 24)
  return [
    ...(end === 'DTEND' ? [until] : []),
    ...(end === 'DURATION'
      ? [form === 'date' ? `DURATION:P${Math.ceil(hours / 10)}D` : `DURATION:PT${hours}H`]
      : []),
    ...(transp === '' ? [] : [`TRANSP;X-SECRET=secret:${transp}`]),
    ...(status === '' ? [] : [`STATUS:${status}`]),
  ]
}

function textOf({
  form,
  hour,
  look: own,
  rules,
  added,
  period,
  excluded,
  overrides,
  hasMaster,
}: Series): string {
  const rdate = (day: number): string =>
    period && form !== 'date'
      ? `${time('RDATE', form, day, hour).replace('RDATE', 'RDATE;VALUE=PERIOD')}/PT5H`
      : time('RDATE', form, day, hour)
  const master = lines(
    'VEVENT',
    'UID:secret',
    time('DTSTART', form, 1, hour),
    ...looks(own, form, 1, hour),
    ...rules.map((rule) => `RRULE:${rule};X-SECRET=secret`),
    ...added.map(rdate),
    ...excluded.map((day) => time('EXDATE', form, day, hour)),
    ...secrets,
  )
  const others = overrides.flatMap(({ day, moved, shifted, look: other, range }) =>
    lines(
      'VEVENT',
      'UID:secret',
      time(range ? 'RECURRENCE-ID;RANGE=THISANDFUTURE' : 'RECURRENCE-ID', form, day, hour),
      time('DTSTART', form, day + moved, Math.min(hour + shifted, 23)),
      ...looks(other ?? own, form, day + moved, Math.min(hour + shifted, 23)),
      ...secrets,
    ),
  )
  return calendarText(
    'X-WR-CALNAME:secret',
    ...customZone('Secret office'),
    ...(hasMaster ? master : []),
    ...others,
  )
}

describe('RFC 4791 §6.1.1 what somebody sees who may only see when the owner is busy', () => {
  it('blocks that make busy exactly when the events do', () => {
    fc.assert(
      fc.property(series, (own) => {
        fc.pre(own.hasMaster || own.overrides.length > 0)
        const text = textOf(own)
        const blocks = busy(text)
        expect(blocks === undefined ? [] : periodsOf(blocks)).toEqual(periodsOf(text))
      }),
      { numRuns: 1_500 },
    )
  })

  it('an object that any client can read, and nothing that is not time', () => {
    fc.assert(
      fc.property(series, (own) => {
        fc.pre(own.hasMaster || own.overrides.length > 0)
        const blocks = busy(textOf(own))
        if (blocks === undefined) return
        expect(blocks).not.toMatch(/secret|CONFIDENTIAL|VALARM|X-|CANCELLED/i)
        const calendar = readCalendar(blocks)
        expect(validateCalendarObject(calendar)).toEqual({ uid: 'block', component: 'VEVENT' })
        for (const component of calendar.root.components) {
          if (component.name !== 'VEVENT') continue
          const isBlock = property(component, 'TRANSP')?.value === 'OPAQUE'
          expect(property(component, 'SUMMARY')?.value).toBe(isBlock ? 'Busy' : undefined)
          for (const { name, parameters } of component.lines) {
            expect(shown).toContain(name)
            for (const { name: parameter } of parameters)
              expect(['TZID', 'VALUE', 'RANGE']).toContain(parameter)
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  const shown = [
    ...['UID', 'DTSTAMP', 'RECURRENCE-ID', 'DTSTART', 'DTEND', 'DURATION', 'RRULE', 'RDATE', 'EXDATE'],
    ...['SUMMARY', 'STATUS', 'TRANSP'],
  ]

  const weekly = [
    'DTSTART;TZID=Europe/Berlin:20260105T100000',
    'DTEND;TZID=Europe/Berlin:20260105T110000',
    'RRULE:FREQ=WEEKLY',
  ]
  const instance = (...own: string[]) =>
    lines(
      'VEVENT',
      'RECURRENCE-ID;TZID=Europe/Berlin:20260112T100000',
      'DTSTART;TZID=Europe/Berlin:20260112T100000',
      'DTEND;TZID=Europe/Berlin:20260112T110000',
      ...own,
    )

  it('nothing of an override that only changes a text', () => {
    const plain = busy(calendarText(...lines('VEVENT', ...weekly)))
    expect(busy(calendarText(...lines('VEVENT', ...weekly), ...instance('SUMMARY:other')))).toBe(plain)
    expect(busy(calendarText(...lines('VEVENT', ...weekly), ...instance('TRANSP:TRANSPARENT')))).toContain(
      'EXDATE;TZID=Europe/Berlin:20260112T100000',
    )
    expect(busy(calendarText(...lines('VEVENT', ...weekly), ...instance('STATUS:TENTATIVE')))).toContain(
      'RECURRENCE-ID',
    )
  })

  it('the same text whatever else is said', () => {
    const one = busy(calendarText(...lines('VEVENT', ...weekly, 'SUMMARY:a', 'SEQUENCE:1')))
    const other = busy(
      calendarText(...lines('VEVENT', 'DESCRIPTION:b', ...weekly, 'CLASS:PRIVATE')).replace(
        '20260101',
        '20260202',
      ),
    )
    expect(one).toBe(other)
  })

  it.each([
    [
      'to-dos and journals',
      calendarText(...lines('VTODO', 'DTSTART:20260105T100000Z', 'DUE:20260105T110000Z')),
    ],
    ['what is transparent', calendarText(...lines('VEVENT', ...weekly, 'TRANSP:TRANSPARENT'))],
    ['what is cancelled', calendarText(...lines('VEVENT', ...weekly, 'STATUS:CANCELLED'))],
    ['what takes no time', calendarText(...lines('VEVENT', 'DTSTART:20260105T100000Z'))],
    ['a start that is none', calendarText(...lines('VEVENT', 'DTSTART:secret'))],
    ['what is free', calendarText(...lines('VFREEBUSY', 'FREEBUSY;FBTYPE=FREE:20260105T100000Z/PT1H'))],
    ['availability', calendarText(...lines('VAVAILABILITY', 'DTSTART:20260105T100000Z'))],
  ])('nothing of %s', (_, text) => {
    expect(busy(text)).toBeUndefined()
  })

  it('stored free/busy, by its periods', () => {
    const periods = [
      'FREEBUSY;FBTYPE=BUSY-TENTATIVE;X-SECRET=s:20260105T100000Z/PT1H',
      'FREEBUSY:20260106T100000Z/20260106T110000Z',
      'COMMENT:secret',
    ]
    const text = calendarText(
      ...lines('VFREEBUSY', 'DTSTART:20260101T000000Z', 'DTEND:20260201T000000Z', ...periods),
    )
    const blocks = busy(text) ?? ''
    expect(periodsOf(blocks)).toEqual(periodsOf(text))
    expect(blocks).not.toMatch(/secret|X-/)
  })

  it('a zone of the owner’s own making by its rules, the same in every object', () => {
    const text = (tzid: string): string =>
      calendarText(
        ...customZone(tzid),
        ...lines('VEVENT', `DTSTART;TZID=${tzid}:20260105T100000`, 'DURATION:PT1H'),
      )
    expect(busy(text('Secret office'))).toBe(busy(text('Another name')))
    expect(busy(text('Secret office'))).toMatch(/TZID:Zone-\w+\r\n/)
    expect(busy(text('Europe/Berlin'))).toContain('DTSTART;TZID=Europe/Berlin:20260105T100000')
  })
})

describe('RFC 5545 §3.3.10 writing a rule', () => {
  const number = (least: number, most: number) =>
    fc.uniqueArray(fc.integer({ min: least, max: most }), { maxLength: 2 })
  const rule = fc.record({
    FREQ: fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY', 'HOURLY'),
    INTERVAL: fc.constantFrom('', '2'),
    COUNT: fc.constantFrom('', '5'),
    UNTIL: fc.constantFrom('', '20260101', '20260101T000000Z', '20260101T000000'),
    BYDAY: fc.constantFrom('', 'MO', '-1SU,2TU'),
    BYMONTH: number(1, 12).map(String),
    BYMONTHDAY: number(1, 31).map(String),
    BYHOUR: number(0, 23).map(String),
    BYSETPOS: number(-5, -1).map(String),
    WKST: fc.constantFrom('', 'SU'),
    SKIP: fc.constantFrom('', 'BACKWARD'),
    RSCALE: fc.constant('GREGORIAN'),
  })

  it('read, written and read again it is the same', () => {
    fc.assert(
      fc.property(rule, (parts) => {
        const text = Object.entries(parts)
          .filter(([, value]) => value !== '')
          .map((part) => part.join('='))
          .join(';')
        expect(readRule(writeRule(readRule(text)))).toEqual(readRule(text))
      }),
    )
  })
})
