import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { civilDate, dayMs, dayNumber, hourMs, minuteMs, weekdayOf } from '../../../protocol/ical/gregorian.ts'
import { ianaZone, utcZone } from '../../../protocol/ical/timezone.ts'
import {
  addDurationInZone,
  formatTime,
  readDuration,
  readPeriod,
  readTime,
  readUtcOffset,
  ValueError,
} from '../../../protocol/ical/values.ts'

const seed = 5545

describe('the proleptic Gregorian calendar', () => {
  it('numbers days as Date does, from the year 0 to 9999', () => {
    const most = Date.UTC(9999, 11, 31) / dayMs
    fc.assert(
      fc.property(fc.integer({ min: -719_528, max: most }), (number) => {
        const date = new Date(number * dayMs)
        const civil = civilDate(number)
        expect(civil).toEqual({
          year: date.getUTCFullYear(),
          month: date.getUTCMonth() + 1,
          day: date.getUTCDate(),
        })
        expect(dayNumber(civil.year, civil.month, civil.day)).toBe(number)
        expect(weekdayOf(number)).toBe(date.getUTCDay())
      }),
      { seed, numRuns: 2000 },
    )
  })
})

describe('RFC 5545 §3.3.4, §3.3.5 dates and times', () => {
  it('reads the three forms of a time, and a date', () => {
    const wall = Date.UTC(1998, 0, 18, 23, 0, 0)
    expect(readTime('19980118T230000')).toEqual({ wall, form: 'floating' })
    expect(readTime('19980118T230000Z')).toEqual({ wall, form: 'utc' })
    expect(readTime('19980118T230000', { tzid: 'America/New_York' })).toEqual({
      wall,
      form: 'zoned',
      tzid: 'America/New_York',
    })
    expect(readTime('19970714', { date: true })).toEqual({ wall: Date.UTC(1997, 6, 14), form: 'date' })
  })

  it('believes the value rather than its parameters', () => {
    expect(readTime('19980118T230000Z', { tzid: 'Europe/Berlin' }).form).toBe('utc')
    expect(readTime('19970714', { tzid: 'Europe/Berlin' })).toEqual({
      wall: Date.UTC(1997, 6, 14),
      form: 'date',
    })
    expect(readTime('19970714T120000', { date: true })).toEqual({ wall: Date.UTC(1997, 6, 14), form: 'date' })
    expect(readTime('19970714T120000', { tzid: '' }).form).toBe('floating')
  })

  it('tolerates blanks, ISO 8601 punctuation, missing seconds and a leap second', () => {
    const wall = Date.UTC(2026, 6, 14, 12, 30)
    expect(readTime(' 20260714T123000\r')).toEqual({ wall, form: 'floating' })
    expect(readTime('2026-07-14T12:30:00.000Z')).toEqual({ wall, form: 'utc' })
    expect(readTime('20260714t1230')).toEqual({ wall, form: 'floating' })
    expect(readTime('20161231T235960Z').wall).toBe(Date.UTC(2016, 11, 31, 23, 59, 59))
    expect(readTime('00010101T000000').wall).toBe(Date.parse('0001-01-01T00:00:00Z'))
  })

  it.each([
    '',
    'tomorrow',
    '20260230',
    '20250229T000000',
    '20261301',
    '20260100',
    '20260101T240000',
    '20260101T126000',
    '20260101T120061',
    '2026010',
    '20260101T',
    '20260101T120000+0100',
    '99999999999999',
  ])('refuses %j', (value) => {
    expect(() => readTime(value)).toThrow(ValueError)
  })

  it('writes what it reads', () => {
    const years = { min: Date.UTC(0, 0) / 1000 - 59_958_144_000, max: Date.UTC(9999, 11, 31) / 1000 }
    fc.assert(
      fc.property(
        fc.integer(years),
        fc.constantFrom('utc' as const, 'floating' as const),
        (seconds, form) => {
          expect(readTime(formatTime(seconds * 1000, form))).toEqual({ wall: seconds * 1000, form })
        },
      ),
      { seed },
    )
    expect(formatTime(Date.UTC(2026, 0, 2, 3, 4, 5), 'date')).toBe('20260102')
    expect(formatTime(Date.UTC(2026, 0, 2, 3, 4, 5, 999), 'zoned')).toBe('20260102T030405')
    expect(formatTime(Number.POSITIVE_INFINITY, 'utc')).toBe('99991231T235959Z')
    expect(formatTime(Number.NEGATIVE_INFINITY, 'date')).toBe('00000101')
  })

  it('refuses rubbish and never throws anything else', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const read of [readTime, readDuration, readPeriod, readUtcOffset]) {
          try {
            read(text)
          } catch (error) {
            expect(error).toBeInstanceOf(ValueError)
          }
        }
      }),
      { seed },
    )
  })
})

describe('RFC 5545 §3.3.6 durations', () => {
  it.each([
    ['P15DT5H0M20S', { days: 15, ms: 5 * hourMs + 20_000 }],
    ['P7W', { days: 49, ms: 0 }],
    ['PT0S', { days: 0, ms: 0 }],
    ['-PT15M', { days: 0, ms: -15 * minuteMs }],
    ['+P1DT1H', { days: 1, ms: hourMs }],
    ['-P1DT1H', { days: -1, ms: -hourMs }],
    ['-P0D', { days: 0, ms: 0 }],
    ['pt90m', { days: 0, ms: 90 * minuteMs }],
    ['P1W2D', { days: 9, ms: 0 }],
    ['P1DT', { days: 1, ms: 0 }],
    ['P', undefined],
    ['PT', undefined],
    ['P1H', undefined],
    ['P1.5D', undefined],
    ['1D', undefined],
    ['P1Y', undefined],
  ])('reads %s', (value, expected) => {
    if (expected) expect(readDuration(value)).toEqual(expected)
    else expect(() => readDuration(value)).toThrow(ValueError)
  })

  it('counts days on the calendar and hours on a stopwatch', () => {
    const zone = ianaZone('Europe/Berlin') ?? utcZone
    const eveningBefore = Date.UTC(2026, 2, 28, 20)
    const at20 = Date.UTC(2026, 2, 28, 19)
    expect(addDurationInZone(eveningBefore, readDuration('P1D'), zone)).toBe(at20 + 23 * hourMs)
    expect(addDurationInZone(eveningBefore, readDuration('PT24H'), zone)).toBe(at20 + 24 * hourMs)
  })
})

describe('RFC 5545 §3.3.9 periods', () => {
  it('reads one with an end and one with a duration', () => {
    expect(readPeriod('19970101T180000Z/19970102T070000Z')).toEqual({
      start: { wall: Date.UTC(1997, 0, 1, 18), form: 'utc' },
      end: { wall: Date.UTC(1997, 0, 2, 7), form: 'utc' },
      duration: undefined,
    })
    expect(readPeriod('19970101T180000/PT5H30M', { tzid: 'Europe/Berlin' })).toEqual({
      start: { wall: Date.UTC(1997, 0, 1, 18), form: 'zoned', tzid: 'Europe/Berlin' },
      end: undefined,
      duration: { days: 0, ms: 5.5 * hourMs },
    })
  })

  it.each(['19970101T180000Z', '19970101T180000Z/', '/PT1H', 'a/b'])('refuses %s', (value) => {
    expect(() => readPeriod(value)).toThrow(ValueError)
  })
})

describe('RFC 5545 §3.3.14 UTC offsets', () => {
  it.each([
    ['-0500', -5 * hourMs],
    ['+0100', hourMs],
    ['+053020', 5.5 * hourMs + 20_000],
    ['-0000', 0],
    ['0100', hourMs],
    ['+01:00', hourMs],
  ])('reads %s', (value, expected) => {
    expect(readUtcOffset(value)).toBe(expected)
  })

  it.each(['', '+1', '+2400', '+0160', 'Z', '+010061'])('refuses %j', (value) => {
    expect(() => readUtcOffset(value)).toThrow(ValueError)
  })
})
