import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RuleError, readRule } from '../../../protocol/ical/recurrence-rule.ts'

describe('RFC 5545 §3.3.10 the parts of a rule', () => {
  it('reads all of them', () => {
    expect(
      readRule(
        'FREQ=YEARLY;INTERVAL=2;COUNT=5;WKST=SU;BYSECOND=60,0;BYMINUTE=30,15;BYHOUR=23;BYDAY=-1SU,MO,+2TU;' +
          'BYMONTHDAY=-1,31;BYYEARDAY=366,-366;BYWEEKNO=53,-1;BYMONTH=12,1;BYSETPOS=-1,1,1',
      ),
    ).toEqual({
      freq: 'YEARLY',
      interval: 2,
      count: 5,
      until: undefined,
      weekStart: 0,
      skip: 'OMIT',
      bySecond: [0, 59],
      byMinute: [15, 30],
      byHour: [23],
      byDay: [
        { weekday: 0, nth: -1 },
        { weekday: 1, nth: 0 },
        { weekday: 2, nth: 2 },
      ],
      byMonthDay: [-1, 31],
      byYearDay: [-366, 366],
      byWeekNo: [-1, 53],
      byMonth: [1, 12],
      bySetPos: [-1, 1],
    })
  })

  it('begins weeks on Monday and repeats every interval unless told otherwise', () => {
    expect(readRule('FREQ=DAILY')).toMatchObject({
      interval: 1,
      weekStart: 1,
      count: undefined,
      byDay: undefined,
    })
  })

  it.each([
    ['any order and case', 'byday=mo;freq=weekly', 'FREQ=WEEKLY;BYDAY=MO'],
    ['a last semicolon', 'FREQ=WEEKLY;BYDAY=MO;', 'FREQ=WEEKLY;BYDAY=MO'],
    ['a last comma', 'FREQ=DAILY;INTERVAL=1;BYDAY=MO,', 'FREQ=DAILY;BYDAY=MO'],
    ['empty parts', 'FREQ=WEEKLY;BYDAY=MO;UNTIL=;COUNT=', 'FREQ=WEEKLY;BYDAY=MO'],
    ['escaped separators', 'FREQ=DAILY\\;COUNT=10', 'FREQ=DAILY;COUNT=10'],
    ['blanks', ' FREQ = DAILY ; BYMONTH = 1, 2 ', 'FREQ=DAILY;BYMONTH=1,2'],
    ['X- parts', 'FREQ=DAILY;X-MOON=FULL', 'FREQ=DAILY'],
    ['RSCALE=GREGORIAN', 'RSCALE=gregorian;FREQ=DAILY;SKIP=OMIT', 'FREQ=DAILY'],
  ])('tolerates %s', (_, written, meant) => {
    expect(readRule(written)).toEqual(readRule(meant))
  })

  it.each([
    '',
    'COUNT=3',
    'FREQ=FORTNIGHTLY',
    'FREQ=DAILY;INTERVAL=0',
    'FREQ=DAILY;INTERVAL=-1',
    'FREQ=DAILY;INTERVAL=1.5',
    'FREQ=DAILY;COUNT=0',
    'FREQ=DAILY;COUNT=ten',
    'FREQ=DAILY;UNTIL=20260230',
    'FREQ=DAILY;UNTIL=123456T123456',
    'FREQ=DAILY;FREQ=WEEKLY',
    'FREQ=DAILY;BYHOUR=24',
    'FREQ=DAILY;BYMINUTE=60',
    'FREQ=DAILY;BYSECOND=61',
    'FREQ=DAILY;BYMONTH=0',
    'FREQ=DAILY;BYMONTH=13',
    'FREQ=YEARLY;BYMONTH=5L',
    'FREQ=MONTHLY;BYMONTHDAY=0',
    'FREQ=MONTHLY;BYMONTHDAY=32',
    'FREQ=MONTHLY;BYMONTHDAY=1-5',
    'FREQ=YEARLY;BYYEARDAY=-367',
    'FREQ=YEARLY;BYWEEKNO=54',
    'FREQ=MONTHLY;BYDAY=XX',
    'FREQ=MONTHLY;BYDAY=0MO',
    'FREQ=MONTHLY;BYDAY=54MO',
    'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0',
    'FREQ=WEEKLY;WKST=MONDAY',
    'FREQ=DAILY;BYEASTER=0',
    'FREQ=DAILY;COUNT',
    'RRULE:FREQ=DAILY',
    'RSCALE=CHINESE;FREQ=YEARLY',
    'RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=SIDEWAYS',
  ])('refuses %s', (value) => {
    expect(() => readRule(value)).toThrow(RuleError)
  })

  it('refuses rubbish, and never throws anything else', () => {
    const piece = fc.constantFrom(
      'FREQ=',
      'DAILY',
      'yearly',
      ';',
      ',',
      '=',
      'BYDAY=',
      '-1MO',
      'UNTIL=',
      '20260101',
      'COUNT=',
      '7',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join('')),
        ),
        (text) => {
          try {
            expect(readRule(text).interval).toBeGreaterThan(0)
          } catch (error) {
            expect(error).toBeInstanceOf(RuleError)
          }
        },
      ),
      { seed: 5545, numRuns: 1000 },
    )
  })
})
