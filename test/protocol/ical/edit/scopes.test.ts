import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventRows } from '../../../../protocol/ical/details/row.ts'
import { editAll, editInstance } from '../../../../protocol/ical/edit/edit-event.ts'
import type { Editing } from '../../../../protocol/ical/edit/open.ts'
import { removeInstance } from '../../../../protocol/ical/edit/remove-event.ts'
import { endSeries, splitSeries } from '../../../../protocol/ical/edit/split-series.ts'
import { ianaZone, utcZone } from '../../../../protocol/ical/timezone.ts'
import { calendar } from '../../../dav/objects.ts'

const editing = (): Editing => ({ now: Date.UTC(2026, 0, 1), budget: { steps: 1e6 }, revises: () => true })
const berlin = ianaZone('Europe/Berlin') ?? utcZone
const hourMs = 3_600_000
const range = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2028, 0, 1), zone: utcZone }

/** Each time: its name, where it begins and ends, and what it is called. */
function timesOf(text: string): string[] {
  const rows = [...eventRows(text, range, { steps: 1e6 })]
  return rows.map(({ start, end, look }) => `${start} ${end} ${look.title}`).sort()
}

function names(text: string): { name: string; start: string }[] {
  const rows = [...eventRows(text, range, { steps: 1e6 })]
  rows.sort((one, other) => one.startAt - other.startAt)
  return rows.flatMap(({ instance, start }) => (instance === null ? [] : [{ name: instance, start }]))
}

type Kind = 'zoned' | 'utc' | 'floating' | 'date'

const line = (name: string, kind: Kind, wall: string): string => {
  if (kind === 'date') return `${name};VALUE=DATE:${wall.slice(0, 8)}`
  if (kind === 'zoned') return `${name};TZID=Europe/Berlin:${wall}`
  return `${name}:${wall}${kind === 'utc' ? 'Z' : ''}`
}

interface Made {
  readonly kind: Kind
  readonly rule: string
  readonly excluded: number
  readonly moved: number
  readonly added: boolean
}

const rules = [
  'FREQ=DAILY;COUNT=9',
  'FREQ=DAILY;INTERVAL=3;UNTIL=20260420T000000Z',
  'FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=12',
  'FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;COUNT=8',
  'FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,MO,TU;COUNT=9',
  'FREQ=WEEKLY;COUNT=10',
  'FREQ=MONTHLY;COUNT=6',
  'FREQ=MONTHLY;BYDAY=1MO;COUNT=6',
]
const made = fc.record({
  kind: fc.constantFrom<Kind>('zoned', 'utc', 'floating', 'date'),
  rule: fc.constantFrom(...rules),
  excluded: fc.integer({ min: -1, max: 4 }),
  moved: fc.integer({ min: -1, max: 4 }),
  added: fc.boolean(),
})

/** A series that begins on Monday, 2 March 2026 at nine, with its exceptions. */
function seriesOf({ kind, rule, excluded, moved, added }: Made): string {
  const own = kind === 'date' ? rule.replace('T000000Z', '') : rule
  const master = (extra: readonly string[]) => [
    ...['BEGIN:VEVENT', 'UID:u', 'DTSTAMP:20260101T000000Z', 'SUMMARY:Plain', 'X-KEEP;A="b;c":d\\,e'],
    ...[
      line('DTSTART', kind, '20260302T090000'),
      kind === 'date' ? 'DURATION:P1D' : 'DURATION:PT1H',
      `RRULE:${own}`,
    ],
    ...extra,
    ...['BEGIN:VALARM', 'ACTION:X-OTHER', 'TRIGGER:-PT5M', 'X-IN:1', 'END:VALARM', 'END:VEVENT'],
  ]
  const rdate = added ? [line('RDATE', kind, '20260311T130000')] : []
  const all = names(calendar(master(rdate)))
  const named = (index: number) => (index < 0 ? undefined : all[index]?.name.replace(/Z$/, ''))
  const [gone, other] = [named(excluded), named(moved)]
  const exdate = gone === undefined ? [] : [line('EXDATE', kind, gone)]
  const exception =
    other === undefined || other === gone
      ? []
      : [
          ...['BEGIN:VEVENT', 'UID:u', 'DTSTAMP:20260101T000000Z', 'SUMMARY:Other', 'X-OWN:1'],
          ...[line('RECURRENCE-ID', kind, other), line('DTSTART', kind, shifted(other, 2))],
          ...[kind === 'date' ? 'DURATION:P1D' : 'DURATION:PT3H', 'END:VEVENT'],
        ]
  return calendar([...master([...rdate, ...exdate]), ...exception])
}

/** A wall time some days later. */
function shifted(wall: string, days: number): string {
  const at = Date.UTC(+wall.slice(0, 4), +wall.slice(4, 6) - 1, +wall.slice(6, 8) + days)
  return new Date(at).toISOString().slice(0, 10).replaceAll('-', '') + wall.slice(8)
}

/** As forms have it. */
function wallOf(name: string): string {
  const day = `${name.slice(0, 4)}-${name.slice(4, 6)}-${name.slice(6, 8)}`
  return name.length === 8 ? day : `${day}T${name.slice(9, 11)}:${name.slice(11, 13)}:${name.slice(13, 15)}`
}

function later(kind: Kind, start: string, hours: number): string {
  if (kind === 'date')
    return new Date(Date.parse(`${start}T00:00:00Z`) + hours * hourMs).toISOString().slice(0, 10)
  if (kind !== 'zoned') {
    const text = new Date(Date.parse(start.replace(/Z?$/, 'Z')) + hours * hourMs).toISOString().slice(0, 19)
    return kind === 'utc' ? `${text}Z` : text
  }
  const wall = berlin.toWall(Date.parse(start)) + hours * hourMs
  return new Date(berlin.toUtc(wall)).toISOString().replace('.000', '')
}

const runs = { numRuns: 60 }
const at = fc.nat({ max: 40 })

describe('RFC 5545 §3.8.4.4 one of a series', () => {
  it('is edited alone: all others stay as they are', () => {
    fc.assert(
      fc.property(made, at, (given, index) => {
        const text = seriesOf(given)
        const all = names(text)
        const one = all[index % all.length]
        if (!one) return
        const edited = editInstance(text, { title: 'Edited' }, one.name, editing())
        const before = timesOf(text)
        const after = timesOf(edited)
        expect(after.length).toBe(before.length)
        const [gone] = before.filter((time) => !after.includes(time))
        expect(after.filter((time) => !before.includes(time))).toEqual([gone?.replace(/ \w+$/, ' Edited')])
        expect(gone?.startsWith(`${one.start} `)).toBe(true)
        expect(names(edited)).toEqual(all)
        expect(edited).toContain('X-KEEP;A="b;c":d\\,e')
      }),
      runs,
    )
  })

  it('is moved alone, and what is edited to what it is leaves the octets', () => {
    fc.assert(
      fc.property(made, at, (given, index) => {
        const text = seriesOf(given)
        const all = names(text)
        const one = all[index % all.length]
        if (!one) return
        const start = wallOf(shifted(later(given.kind, one.start, 0) && one.name.replace(/Z$/, ''), 1))
        const edited = editInstance(text, { start }, one.name, editing())
        const before = timesOf(text)
        expect(timesOf(edited).filter((time) => before.includes(time)).length).toBeGreaterThanOrEqual(
          before.length - 1,
        )
        expect(timesOf(edited).length).toBe(before.length)
        expect(editInstance(edited, { start }, one.name, editing())).toBe(edited)
      }),
      runs,
    )
  })

  it('RFC 5545 §3.8.5.1 is taken out alone', () => {
    fc.assert(
      fc.property(made, at, (given, index) => {
        const text = seriesOf(given)
        const all = names(text)
        const one = all[index % all.length]
        if (!one) return
        const left = removeInstance(text, one.name, editing()) ?? ''
        expect(names(left)).toEqual(all.filter(({ name }) => name !== one.name))
      }),
      runs,
    )
  })
})

describe('RFC 5545 §3.8.5.3 a series from one of its instances on', () => {
  it('is taken in two: both have what there was, each of its own', () => {
    fc.assert(
      fc.property(made, at, (given, index) => {
        const text = seriesOf(given)
        const all = names(text)
        const one = all[index % all.length]
        if (!one) return
        const { before, after } = splitSeries(text, one.name, 'new', editing())
        expect([...(before ? timesOf(before) : []), ...timesOf(after)].sort()).toEqual(timesOf(text))
        const early = before ? names(before).map(({ name }) => name) : []
        expect(early.every((name) => name < one.name)).toBe(true)
        expect(names(after).every(({ name }) => name >= one.name)).toBe(true)
        expect(after).toContain('X-KEEP;A="b;c":d\\,e')
        const ended = endSeries(text, one.name, editing())
        expect(ended === undefined ? undefined : names(ended)).toEqual(before && names(before))
      }),
      runs,
    )
  })
})

describe('RFC 5545 §3.3.10 a count that is over', () => {
  it('is kept where a series ends at a time that was added later', () => {
    const text = seriesOf({ kind: 'zoned', rule: 'FREQ=DAILY;COUNT=9', excluded: -1, moved: -1, added: true })
    const { before = '', after } = splitSeries(text, '20260311T130000', 'new', editing())
    expect(before).toContain('RRULE:FREQ=DAILY;COUNT=9')
    expect([...timesOf(before), ...timesOf(after)].sort()).toEqual(timesOf(text))
  })
})

describe('RFC 5545 §3.8.5 all of a series', () => {
  it('moves alike, with added, taken out and other times', () => {
    fc.assert(
      fc.property(made, at, fc.constantFrom(-24, -3, 0, 1, 5, 24, 48), (given, index, hours) => {
        const text = seriesOf(given)
        const all = names(text)
        const one = all[index % all.length]
        if (!one || (given.kind === 'date' && hours % 24 !== 0)) return
        // By the nth day of a month no rule says the same for another day.
        if (given.rule.startsWith('FREQ=MONTHLY;BYDAY') && hours % 24 === 0 && hours !== 0) return
        const plain = given.kind === 'date' ? one.start : one.start.replace(/Z$/, '')
        const local = given.kind === 'zoned' ? wallText(berlin.toWall(Date.parse(one.start))) : plain
        const start = later(given.kind === 'date' ? 'date' : 'floating', local, hours)
        const edited = editAll(text, { start }, one.name, editing())
        const wanted = [...eventRows(text, range, { steps: 1e6 })].map(({ start: own }) =>
          later(given.kind, own, hours),
        )
        const found = [...eventRows(edited, range, { steps: 1e6 })].map(({ start: own }) => own)
        expect(found.sort()).toEqual(wanted.sort())
        if (hours === 0) expect(edited).toBe(text)
      }),
      runs,
    )
  })
})

function wallText(wall: number): string {
  return new Date(wall).toISOString().slice(0, 19)
}
