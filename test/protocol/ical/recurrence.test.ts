import { describe, expect, it } from 'vitest'
import {
  type Budget,
  BudgetError,
  type OccurrenceOptions,
  occurrences,
  readRule,
  untilWall,
} from '../../../protocol/ical/recurrence.ts'
import { ianaZone } from '../../../protocol/ical/timezone.ts'
import { formatTime, readTime } from '../../../protocol/ical/values.ts'

const plenty = 200_000

/** The first `limit` occurrences, written; those at 09:00:00 without their time. */
function expand(rule: string, start: string, limit = 60, options: Partial<OccurrenceOptions> = {}): string[] {
  const { wall, form } = readTime(start)
  const found: string[] = []
  const all = occurrences(readRule(rule), wall, { isDate: form === 'date', ...options }, { steps: plenty })
  for (const occurrence of all) {
    found.push(formatTime(occurrence, form).replace(/T090000$/, ''))
    if (found.length === limit) break
  }
  return found
}

/** "199709 2 16 30" is three days of September 1997. */
function days(...months: string[]): string[] {
  return months.flatMap((month) => {
    const [name = '', ...numbers] = month.split(' ')
    return numbers.map((number) => name + number.padStart(2, '0'))
  })
}

/** What a rule has cost: an upper bound, found by trying. */
function steps(run: (budget: Budget) => void): number {
  const budget = { steps: plenty }
  run(budget)
  return plenty - budget.steps
}

const everyDayOfWeek = 'BYDAY=SU,MO,TU,WE,TH,FR,SA'

/** Rule, DTSTART, and its instances: all of them, or the first ones of a rule without end. */
const examples: readonly (readonly [string, string, readonly string[]])[] = [
  ['FREQ=DAILY;COUNT=10', '19970902', days('199709 2 3 4 5 6 7 8 9 10 11')],
  [
    'FREQ=DAILY;INTERVAL=2',
    '19970902',
    days('199709 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30', '199710 2 4'),
  ],
  ['FREQ=DAILY;INTERVAL=10;COUNT=5', '19970902', days('199709 2 12 22', '199710 2 12')],
  ['FREQ=WEEKLY;COUNT=10', '19970902', days('199709 2 9 16 23 30', '199710 7 14 21 28', '199711 4')],
  ['FREQ=WEEKLY;INTERVAL=2;WKST=SU', '19970902', days('199709 2 16 30', '199710 14 28', '199711 11 25')],
  [
    'FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH',
    '19970902',
    days('199709 2 4 9 11 16 18 23 25 30', '199710 2'),
  ],
  [
    'FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR',
    '19970901',
    days(
      '199709 1 3 5 15 17 19 29',
      '199710 1 3 13 15 17 27 29 31',
      '199711 10 12 14 24 26 28',
      '199712 8 10 12 22',
    ),
  ],
  [
    'FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH',
    '19970902',
    days('199709 2 4 16 18 30', '199710 2 14 16'),
  ],
  [
    'FREQ=MONTHLY;COUNT=10;BYDAY=1FR',
    '19970905',
    days(
      '199709 5',
      '199710 3',
      '199711 7',
      '199712 5',
      '199801 2',
      '199802 6',
      '199803 6',
      '199804 3',
    ).concat(days('199805 1', '199806 5')),
  ],
  [
    'FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR',
    '19970905',
    days('199709 5', '199710 3', '199711 7', '199712 5'),
  ],
  [
    'FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU',
    '19970907',
    days('199709 7 28', '199711 2 30', '199801 4 25', '199803 1 29', '199805 3 31'),
  ],
  [
    'FREQ=MONTHLY;COUNT=6;BYDAY=-2MO',
    '19970922',
    days('199709 22', '199710 20', '199711 17', '199712 22', '199801 19', '199802 16'),
  ],
  [
    'FREQ=MONTHLY;BYMONTHDAY=-3',
    '19970928',
    days('199709 28', '199710 29', '199711 28', '199712 29', '199801 29', '199802 26'),
  ],
  [
    'FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15',
    '19970902',
    days('199709 2 15', '199710 2 15', '199711 2 15', '199712 2 15', '199801 2 15'),
  ],
  [
    'FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1',
    '19970930',
    days('199709 30', '199710 1 31', '199711 1 30', '199712 1 31', '199801 1 31', '199802 1'),
  ],
  [
    'FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15',
    '19970910',
    days('199709 10 11 12 13 14 15', '199903 10 11 12 13'),
  ],
  [
    'FREQ=MONTHLY;INTERVAL=2;BYDAY=TU',
    '19970902',
    days('199709 2 9 16 23 30', '199711 4 11 18 25', '199801 6 13 20 27', '199803 3 10 17 24 31'),
  ],
  [
    'FREQ=YEARLY;COUNT=10;BYMONTH=6,7',
    '19970610',
    ['1997', '1998', '1999', '2000', '2001'].flatMap((year) => [`${year}0610`, `${year}0710`]),
  ],
  [
    'FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3',
    '19970310',
    days('199703 10', '199901 10', '199902 10', '199903 10', '200101 10', '200102 10', '200103 10').concat(
      days('200301 10', '200302 10', '200303 10'),
    ),
  ],
  [
    'FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200',
    '19970101',
    days(
      '199701 1',
      '199704 10',
      '199707 19',
      '200001 1',
      '200004 9',
      '200007 18',
      '200301 1',
      '200304 10',
    ).concat(days('200307 19', '200601 1')),
  ],
  ['FREQ=YEARLY;BYDAY=20MO', '19970519', days('199705 19', '199805 18', '199905 17')],
  ['FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO', '19970512', days('199705 12', '199805 11', '199905 17')],
  [
    'FREQ=YEARLY;BYMONTH=3;BYDAY=TH',
    '19970313',
    days('199703 13 20 27', '199803 5 12 19 26', '199903 4 11 18 25'),
  ],
  [
    'FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8',
    '19970605',
    days('199706 5 12 19 26', '199707 3 10 17 24 31', '199708 7 14 21 28', '199806 4 11 18 25'),
  ],
  [
    'FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13',
    '19970902',
    days('199802 13', '199803 13', '199811 13', '199908 13', '200010 13'),
  ],
  [
    'FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13',
    '19970913',
    days('199709 13', '199710 11', '199711 8', '199712 13', '199801 10', '199802 7', '199803 7', '199804 11'),
  ],
  [
    'FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8',
    '19961105',
    days('199611 5', '200011 7', '200411 2'),
  ],
  ['FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3', '19970904', days('199709 4', '199710 7', '199711 6')],
  [
    'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2',
    '19970929',
    days('199709 29', '199710 30', '199711 27', '199712 30', '199801 29', '199802 26', '199803 30'),
  ],
  ['FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO', '19970805', days('199708 5 10 19 24')],
  ['FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU', '19970805', days('199708 5 17 19 31')],
  ['FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5', '20070115', days('200701 15 30', '200702 15', '200703 15 30')],
]

describe('RFC 5545 §3.8.5.3 examples', () => {
  it.each(examples)('%s from %s', (rule, date, expected) => {
    const limit = expected.length + (/COUNT|UNTIL/.test(rule) ? 1 : 0)
    expect(expand(rule, `${date}T090000`, limit)).toEqual(expected)
    if (!rule.includes('UNTIL')) expect(expand(rule, date, limit)).toEqual(expected)
  })

  it('repeats within the day: every 3 hours until 17:00, every 15 minutes, every hour and a half', () => {
    expect(expand('FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000', '19970902T090000')).toEqual([
      '19970902',
      '19970902T120000',
      '19970902T150000',
    ])
    expect(expand('FREQ=MINUTELY;INTERVAL=15;COUNT=6', '19970902T090000').at(-1)).toBe('19970902T101500')
    expect(expand('FREQ=MINUTELY;INTERVAL=90;COUNT=4', '19970902T090000').at(-1)).toBe('19970902T133000')
  })

  it('repeats every 20 minutes from 09:00 to 16:40, daily or by the minute', () => {
    const byDay = expand('FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40', '19970902T090000', 100)
    expect(expand('FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16', '19970902T090000', 100)).toEqual(
      byDay,
    )
    expect(byDay[24]).toBe('19970903')
  })

  it('has every day in January for three years, yearly or daily', () => {
    const yearly = expand(
      `FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;${everyDayOfWeek}`,
      '19980101T090000',
      200,
    )
    expect(yearly).toHaveLength(93)
    expect(expand('FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1', '19980101T090000', 200)).toEqual(yearly)
  })
})

describe('RFC 5545 §3.3.10 cases the examples leave open', () => {
  it('leaves out days that do not exist', () => {
    expect(expand('FREQ=MONTHLY;COUNT=4', '20260131')).toEqual(
      days('202601 31', '202603 31', '202605 31', '202607 31'),
    )
    expect(expand('FREQ=YEARLY;COUNT=3', '20240229')).toEqual(['20240229', '20280229', '20320229'])
    expect(expand('FREQ=YEARLY;BYYEARDAY=366;COUNT=2', '20240101')).toEqual(['20241231', '20281231'])
  })

  it('yields only what the rule produces, so that DTSTART may be missing', () => {
    expect(expand('FREQ=WEEKLY;BYDAY=FR;COUNT=2', '20260105')).toEqual(['20260109', '20260116'])
  })

  it('counts week 1 in the year that owns it, and weeks from the last', () => {
    expect(expand('FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO,TU;INTERVAL=3;COUNT=5', '20241231')).toEqual([
      '20241231',
      '20280103',
      '20280104',
      '20301230',
      '20301231',
    ])
    expect(expand('FREQ=YEARLY;BYWEEKNO=53;BYDAY=TH;COUNT=3', '20200101')).toEqual([
      '20201231',
      '20261231',
      '20321230',
    ])
  })

  it('takes the weekday of DTSTART for BYWEEKNO alone', () => {
    expect(expand('FREQ=YEARLY;BYWEEKNO=20;COUNT=2', '20260513')).toEqual(['20260513', '20270519'])
  })

  it('takes the month of DTSTART for YEARLY;BYMONTHDAY alone, all months with BYDAY or BYSETPOS', () => {
    expect(expand('FREQ=YEARLY;WKST=MO;INTERVAL=1;BYMONTHDAY=14;COUNT=2', '20200214')).toEqual([
      '20200214',
      '20210214',
    ])
    expect(expand('FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR;COUNT=3', '20260101')).toEqual(
      days('202602 13', '202603 13', '202611 13'),
    )
    expect(expand('FREQ=YEARLY;BYMONTHDAY=1;BYSETPOS=3;COUNT=2', '20260101')).toEqual([
      '20260301',
      '20270301',
    ])
  })

  it('limits by the nth weekday of the month or year where days are expanded otherwise', () => {
    expect(expand('FREQ=MONTHLY;BYMONTHDAY=8,9,10;BYDAY=2MO;COUNT=2', '20260101')).toEqual([
      '20260209',
      '20260309',
    ])
    expect(expand('FREQ=YEARLY;BYYEARDAY=1,2,3,4,5,6,7;BYDAY=1MO;COUNT=2', '20260101')).toEqual([
      '20260105',
      '20270104',
    ])
  })

  it('joins numbered and plain weekdays', () => {
    expect(expand('FREQ=MONTHLY;BYDAY=1MO,TU', '20260201', 5)).toEqual(days('202602 2 3 10 17 24'))
  })

  it('takes BYSETPOS from the whole interval, also the part before DTSTART', () => {
    expect(expand('FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1', '20260115', 3)).toEqual([
      '20260130',
      '20260202',
      '20260227',
    ])
    expect(expand('FREQ=DAILY;BYHOUR=8,12,18;BYSETPOS=-1', '20260101T090000', 1)).toEqual(['20260101T180000'])
    expect(
      expand('FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6;COUNT=1', '20260101', 1, { untilWall: Date.UTC(2100, 0) }),
    ).toEqual([])
  })

  it('gives equal positions once', () => {
    expect(expand('FREQ=WEEKLY;BYDAY=TU;BYSETPOS=1,-1;COUNT=2', '20260106')).toEqual(['20260106', '20260113'])
  })

  it('ignores times of day for a date, and gives each date once', () => {
    expect(expand('FREQ=DAILY;BYHOUR=9,10;BYMINUTE=5;COUNT=2', '20260101')).toEqual(['20260101', '20260102'])
    expect(expand('FREQ=HOURLY;INTERVAL=12;COUNT=3', '20260101')).toEqual([
      '20260101',
      '20260102',
      '20260103',
    ])
  })

  it('reads the leap second as the second before', () => {
    expect(expand('FREQ=MINUTELY;BYSECOND=59,60;COUNT=2', '20260101T000000')).toEqual([
      '20260101T000059',
      '20260101T000159',
    ])
  })

  it('ends where COUNT and UNTIL end first, and with the year 9999', () => {
    expect(expand('FREQ=DAILY;COUNT=9;UNTIL=20260102', '20260101')).toEqual(['20260101', '20260102'])
    expect(expand('FREQ=YEARLY;INTERVAL=1000', '20260101', 99)).toHaveLength(8)
    expect(expand('FREQ=DAILY;INTERVAL=999999999999999', '20260101')).toEqual(['20260101'])
  })
})

describe('RFC 5545 §3.3.10 UNTIL', () => {
  it('is inclusive, and a date takes in all of its day', () => {
    expect(expand('FREQ=DAILY;UNTIL=20260103T090000', '20260101T090000')).toHaveLength(3)
    expect(expand('FREQ=DAILY;UNTIL=20260103T085959', '20260101T090000')).toHaveLength(2)
    expect(expand('FREQ=DAILY;UNTIL=20260103', '20260101T090000')).toHaveLength(3)
  })

  it('is read on the clock of DTSTART when in UTC', () => {
    const rule = readRule('FREQ=DAILY;UNTIL=20260103T040000Z')
    const zone = ianaZone('America/New_York')
    expect(untilWall(rule, { isDate: false, zone })).toBe(Date.UTC(2026, 0, 2, 23))
    expect(untilWall(rule, { isDate: true, zone })).toBe(Date.UTC(2026, 0, 3, 4))
    expect(untilWall(readRule('FREQ=DAILY'), { isDate: false, zone })).toBeUndefined()
  })
})

describe('RFC 7529 §4.1 SKIP', () => {
  it('moves days that do not exist', () => {
    expect(expand('RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=FORWARD;COUNT=4', '20140131')).toEqual(
      days('201401 31', '201403 1', '201403 31', '201405 1'),
    )
    expect(expand('RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=BACKWARD;COUNT=3', '20240229')).toEqual([
      '20240229',
      '20250228',
      '20260228',
    ])
    expect(expand('RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=1,31;SKIP=FORWARD', '20150201', 4)).toEqual(
      days('201502 1', '201503 1', '201503 31', '201504 1'),
    )
  })
})

describe('the cost of a rule', () => {
  const at = (value: string) => readTime(value).wall

  it.each([
    ['FREQ=DAILY', '19000101T090000'],
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE', '19000101T090000'],
    ['FREQ=MONTHLY;BYDAY=-1FR;BYSETPOS=1', '19000101T090000'],
    ['FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU', '16010101T020000'],
    ['FREQ=YEARLY;BYWEEKNO=1,53', '19000101T090000'],
    ['FREQ=SECONDLY;INTERVAL=7', '19000101T090000'],
    ['FREQ=MINUTELY;BYHOUR=9;BYMINUTE=0;BYMONTH=6', '19000101T090000'],
  ])('%s since %s is cheap to see in 2026', (rule, start) => {
    const cost = steps((budget) => {
      const options = { isDate: false, from: at('20260101'), untilWall: at('20260102') }
      for (const wall of occurrences(readRule(rule), at(start), options, budget)) {
        expect(wall).toBeGreaterThanOrEqual(at('20260101'))
        if (budget.steps < plenty - 50) break
      }
    })
    expect(cost).toBeLessThan(60)
  })

  it.each([
    'FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=YEARLY;BYMONTH=2,4;BYMONTHDAY=31',
    'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=-30,30',
    'FREQ=SECONDLY;INTERVAL=999999999999;BYSECOND=1',
    'FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29',
    'FREQ=MONTHLY;BYDAY=53MO',
  ])('%s, which never happens, ends', (rule) => {
    expect(expand(rule, '20250101T000000')).toEqual([])
  })

  it.each([
    'FREQ=SECONDLY;INTERVAL=3600;BYMINUTE=1',
    'FREQ=MINUTELY;INTERVAL=1440;BYHOUR=5',
    'FREQ=DAILY;INTERVAL=7;BYDAY=TU',
    'FREQ=SECONDLY;BYYEARDAY=366;BYMONTH=1',
  ])('%s, which never happens, stops when the budget is spent', (rule) => {
    const begin = performance.now()
    expect(() => [
      ...occurrences(readRule(rule), at('20250101'), { isDate: false }, { steps: 20_000 }),
    ]).toThrow(BudgetError)
    expect(performance.now() - begin).toBeLessThan(1000)
  })

  it('expands whole sets of times without listing them', () => {
    const list = (length: number) => Array.from({ length }, (_, at) => at).join()
    const times = `BYHOUR=${list(24)};BYMINUTE=${list(60)};BYSECOND=${list(60)}`
    const rule = `FREQ=YEARLY;${everyDayOfWeek};${times};BYSETPOS=-1,2`
    expect(expand(rule, '20260101T000000', 3)).toEqual([
      '20260101T000001',
      '20261231T235959',
      '20270101T000001',
    ])
  })
})
