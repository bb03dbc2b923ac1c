import fc from 'fast-check'
import ICAL from 'ical.js'
import rrule from 'rrule'
import { describe, expect, it } from 'vitest'
import { dayMs, hourMs, minuteMs, secondMs } from '../../../protocol/ical/gregorian.ts'
import { type OccurrenceOptions, occurrences, readRule } from '../../../protocol/ical/recurrence.ts'

const seed = 5545
const wanted = 12
const windowMs = 12 * 366 * dayMs

/** Ours, for generated rules: at most `limit` within the window. */
function expand(
  rule: string,
  start: number,
  limit = wanted,
  options: Partial<OccurrenceOptions> = {},
): number[] {
  const found: number[] = []
  const all = { isDate: false, untilWall: start + windowMs, ...options }
  for (const wall of occurrences(readRule(rule), start, all, { steps: 2_000_000 })) {
    found.push(wall)
    if (found.length === limit) break
  }
  return found
}

/** What rrule finds; it repeats what BYSETPOS names twice. */
function expandByRrule(rule: string, start: number): number[] {
  const options = rrule.RRule.parseString(rule)
  const found: number[] = []
  new rrule.RRule({ ...options, dtstart: new Date(start), until: new Date(start + windowMs) }).all(
    (date, at) => {
      found.push(date.getTime())
      return at < 3 * wanted
    },
  )
  return [...new Set(found)].sort((a, b) => a - b).slice(0, wanted)
}

function expandByIcal(rule: string, start: number, limit: number): number[] {
  const iterator = ICAL.Recur.fromString(rule).iterator(ICAL.Time.fromJSDate(new Date(start), true))
  const found: number[] = []
  while (found.length < limit) {
    const next = iterator.next()
    if (!next) break
    found.push(next.toJSDate().getTime())
  }
  return found
}

const weekday = fc.constantFrom('SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA')
const nonZero = (most: number) => fc.integer({ min: -most, max: most }).filter((n) => n !== 0)

function part(name: string, item: fc.Arbitrary<number>, maxLength = 3): fc.Arbitrary<string> {
  const list = fc.uniqueArray(item, { minLength: 1, maxLength })
  return list.map((items) => `;${name}=${items.sort((a, b) => a - b)}`)
}

const maybe = (arbitrary: fc.Arbitrary<string>) => fc.oneof(fc.constant(''), arbitrary)
const plainDays = fc.uniqueArray(weekday, { minLength: 1, maxLength: 3 }).map((items) => `;BYDAY=${items}`)
const numberedDays = (most: number) =>
  fc
    .array(fc.tuple(nonZero(most), weekday), { minLength: 1, maxLength: 3 })
    .map((items) => `;BYDAY=${items.map((item) => item.join(''))}`)
const interval = maybe(fc.integer({ min: 2, max: 5 }).map((n) => `;INTERVAL=${n}`))
const weekStart = maybe(weekday.map((name) => `;WKST=${name}`))
const byMonth = part('BYMONTH', fc.integer({ min: 1, max: 12 }))
const byMonthDay = part('BYMONTHDAY', nonZero(31), 4)
const times = fc
  .tuple(
    maybe(part('BYHOUR', fc.integer({ min: 0, max: 23 }))),
    maybe(part('BYMINUTE', fc.integer({ min: 0, max: 59 }))),
    maybe(part('BYSECOND', fc.integer({ min: 0, max: 59 }))),
  )
  .map((parts) => parts.join(''))
const join = (...parts: readonly (string | fc.Arbitrary<string>)[]) =>
  fc
    .tuple(...parts.map((item) => (typeof item === 'string' ? fc.constant(item) : item)))
    .map((found) => found.join(''))

/** Days of rules in which every library means the same. */
const days = fc.oneof(
  join('FREQ=YEARLY', interval, weekStart, maybe(byMonth)),
  join('FREQ=YEARLY', interval, byMonth, byMonthDay, maybe(plainDays)),
  join('FREQ=YEARLY', interval, byMonthDay, plainDays),
  join('FREQ=YEARLY', interval, byMonth, fc.oneof(plainDays, numberedDays(5))),
  join('FREQ=YEARLY', interval, fc.oneof(plainDays, numberedDays(53))),
  join('FREQ=YEARLY', interval, part('BYYEARDAY', nonZero(366)), maybe(plainDays)),
  join('FREQ=YEARLY', weekStart, part('BYWEEKNO', nonZero(53)), plainDays),
  join('FREQ=MONTHLY', interval, maybe(byMonth), maybe(byMonthDay), maybe(plainDays)),
  join('FREQ=MONTHLY', interval, maybe(byMonth), numberedDays(5)),
  join('FREQ=WEEKLY', interval, weekStart, maybe(byMonth), maybe(plainDays)),
  join('FREQ=DAILY', interval, maybe(byMonth), maybe(byMonthDay), maybe(plainDays)),
)

const start = fc
  .integer({ min: Date.UTC(1971, 0) / 1000, max: Date.UTC(2090, 0) / 1000 })
  .map((seconds) => seconds * 1000)

describe('RFC 5545 §3.3.10 against rrule', () => {
  it('finds the same times', () => {
    const setPos = maybe(fc.constantFrom(';BYSETPOS=1', ';BYSETPOS=-1', ';BYSETPOS=-1,1'))
    // rrule counts positions in the first week from DTSTART, and among weeks by the year of their days; the RFC
    // means the whole interval.
    const rules = join(days, times, setPos).filter((rule) => !/(WEEKLY|BYWEEKNO).*BYSETPOS/.test(rule))
    fc.assert(
      fc.property(rules, start, (rule, at) => {
        expect(expand(rule, at)).toEqual(expandByRrule(rule, at))
      }),
      { seed, numRuns: 600 },
    )
  })
})

describe('RFC 5545 §3.3.10 against ical.js', () => {
  /** What ical.js does not get wrong: no mixed limits, no BYWEEKNO, no days that some months lack, a DTSTART that is an instance. */
  const simple = fc.oneof(
    join('FREQ=YEARLY', interval, byMonth),
    join('FREQ=YEARLY', interval, byMonth, part('BYMONTHDAY', fc.integer({ min: 1, max: 28 }))),
    join('FREQ=YEARLY', interval, part('BYMONTHDAY', fc.integer({ min: 1, max: 28 }))),
    join('FREQ=YEARLY', interval, byMonth, numberedDays(4)),
    join('FREQ=MONTHLY', interval, fc.oneof(plainDays, numberedDays(4))),
    join('FREQ=MONTHLY', interval, part('BYMONTHDAY', fc.integer({ min: 1, max: 28 }))),
    join('FREQ=WEEKLY', interval, weekStart, maybe(plainDays)),
    join('FREQ=DAILY', interval, maybe(plainDays)),
    join('FREQ=HOURLY', interval),
    join('FREQ=MINUTELY', interval),
  )

  it('finds the same times', () => {
    fc.assert(
      fc.property(simple, start, (rule, at) => {
        const first = expand(rule, at, 1)[0]
        if (first === undefined || new Date(first).getUTCDate() > 28) return
        const ours = expand(rule, first)
        expect(ours).toEqual(expandByIcal(rule, first, ours.length))
      }),
      { seed, numRuns: 600 },
    )
  })
})

describe('RFC 5545 §3.3.10 within the day, second by second', () => {
  const units: readonly (readonly [string, number])[] = [
    ['HOURLY', hourMs],
    ['MINUTELY', minuteMs],
    ['SECONDLY', secondMs],
  ]
  const limits = fc.record({
    BYMONTH: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 6 })),
    BYMONTHDAY: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 31 }), { minLength: 10 })),
    BYHOUR: fc.option(fc.uniqueArray(fc.integer({ min: 0, max: 23 }), { minLength: 2 })),
    BYMINUTE: fc.option(fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { minLength: 3 })),
    BYSECOND: fc.option(fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { minLength: 3 })),
  })

  it('finds the times a plain walk finds', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...units),
        fc.integer({ min: 1, max: 50 }),
        limits,
        start,
        ([freq, unit], every, by, at) => {
          const parts = Object.entries(by).map(([name, list]) => (list ? `;${name}=${list}` : ''))
          const spanMs = 2000 * unit
          const ours = expand(`FREQ=${freq};INTERVAL=${every}${parts.join('')}`, at, 1_000_000, {
            untilWall: at + spanMs,
          })
          expect(ours).toEqual(walk(at, spanMs, unit, every, by))
        },
      ),
      { seed, numRuns: 150 },
    )
  })

  type Limits = {
    readonly [name in 'BYMONTH' | 'BYMONTHDAY' | 'BYHOUR' | 'BYMINUTE' | 'BYSECOND']: readonly number[] | null
  }

  /** Looks at the units of the frequency in turn, and within each at all the times it has. */
  function walk(at: number, spanMs: number, unit: number, every: number, by: Limits): number[] {
    const given = new Date(at)
    const found: number[] = []
    for (let begin = Math.floor(at / unit) * unit; begin <= at + spanMs; begin += unit * every) {
      const present = new Date(begin)
      const minutes = unit === hourMs ? (by.BYMINUTE ?? [given.getUTCMinutes()]) : [present.getUTCMinutes()]
      const seconds = unit === secondMs ? [present.getUTCSeconds()] : (by.BYSECOND ?? [given.getUTCSeconds()])
      for (const minute of minutes) {
        for (const second of seconds) {
          const time = new Date(begin)
          time.setUTCMinutes(minute, second)
          if (isAllowed(time, by) && time.getTime() >= at && time.getTime() <= at + spanMs)
            found.push(time.getTime())
        }
      }
    }
    return found.sort((a, b) => a - b)
  }

  function isAllowed(time: Date, by: Limits): boolean {
    return (
      (by.BYMONTH?.includes(time.getUTCMonth() + 1) ?? true) &&
      (by.BYMONTHDAY?.includes(time.getUTCDate()) ?? true) &&
      (by.BYHOUR?.includes(time.getUTCHours()) ?? true) &&
      (by.BYMINUTE?.includes(time.getUTCMinutes()) ?? true) &&
      (by.BYSECOND?.includes(time.getUTCSeconds()) ?? true)
    )
  }
})

describe('RFC 5545 §3.3.10 laws of a series', () => {
  const rules = join(days, times)

  it('COUNT takes the first ones, UNTIL those up to it, and a later begin those from it', () => {
    fc.assert(
      fc.property(rules, start, fc.nat(wanted), (rule, at, cut) => {
        const all = expand(rule, at)
        expect(expand(`${rule};COUNT=${cut + 1}`, at)).toEqual(all.slice(0, cut + 1))
        const from = all[cut]
        if (from === undefined) return
        expect(expand(rule, at, 99, { untilWall: from })).toEqual(all.slice(0, cut + 1))
        expect(expand(rule, at, wanted - cut, { from })).toEqual(all.slice(cut))
        expect(expand(rule, at, wanted - cut, { from: from - 1 })).toEqual(all.slice(cut))
        expect(expand(`${rule};COUNT=${wanted}`, at, 99, { from })).toEqual(all.slice(cut))
      }),
      { seed, numRuns: 400 },
    )
  })

  it('BYSETPOS takes its positions from each month or year', () => {
    const monthly = join('FREQ=MONTHLY', maybe(byMonthDay), maybe(plainDays), times)
    const yearly = join('FREQ=YEARLY', byMonth, plainDays, times)
    fc.assert(
      fc.property(fc.oneof(monthly, yearly), nonZero(9), start, (rule, position, at) => {
        const isMonthly = rule.startsWith('FREQ=MONTHLY')
        const date = new Date(at)
        const begin = Date.UTC(date.getUTCFullYear(), isMonthly ? date.getUTCMonth() : 0)
        const filled = fillIn(rule, date)
        const groups = new Map<string, number[]>()
        const untilWall = Date.UTC(date.getUTCFullYear() + 3, 0) - 1
        for (const wall of expand(filled, begin, 1_000_000, { untilWall })) {
          const key = new Date(wall).toISOString().slice(0, isMonthly ? 7 : 4)
          groups.set(key, [...(groups.get(key) ?? []), wall])
        }
        const chosen = [...groups.values()].flatMap(
          (group) => group.at(position > 0 ? position - 1 : position) ?? [],
        )
        const expected = chosen.filter((wall) => wall >= at)
        expect(expand(`${rule};BYSETPOS=${position}`, at, 1_000_000, { untilWall })).toEqual(expected)
      }),
      { seed, numRuns: 60 },
    )
  })

  /** Says in the rule what would otherwise come from DTSTART, so that it may begin elsewhere. */
  function fillIn(rule: string, date: Date): string {
    const time = [
      ['BYHOUR', date.getUTCHours()],
      ['BYMINUTE', date.getUTCMinutes()],
      ['BYSECOND', date.getUTCSeconds()],
    ] as const
    const missing = time
      .filter(([name]) => !rule.includes(`${name}=`))
      .map(([name, value]) => `;${name}=${value}`)
    const isDayGiven = /BYDAY|BYMONTHDAY/.test(rule)
    return rule + missing.join('') + (isDayGiven ? '' : `;BYMONTHDAY=${date.getUTCDate()}`)
  }
})
