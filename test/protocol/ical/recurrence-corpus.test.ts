import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { occurrences, RuleError, readRule } from '../../../protocol/ical/recurrence.ts'
import { formatTime, readTime } from '../../../protocol/ical/values.ts'
import { readContentLines } from '../../../protocol/text/content-lines.ts'

/** Lists of rules with the instances they have, as the authors of libical keep them; only read where they are. */
const folder = join(process.env.FARLEY_TEST_CORPUS ?? '', 'expected', 'libical')
const isThere = process.env.FARLEY_TEST_CORPUS !== undefined && existsSync(folder)

interface Block {
  readonly title: string
  readonly rule: string
  readonly start: string
  readonly instances: string
  readonly startAt: string | undefined
}

function readBlocks(file: string): Block[] {
  const blocks = readFileSync(join(folder, file), 'utf8').split(/\r?\n\s*\r?\n/)
  return blocks.flatMap((block) => {
    const field = (name: string) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(block)?.[1]?.trim()
    const rule = field('RRULE')
    const start = field('DTSTART')
    const instances = field('INSTANCES')
    if (rule === undefined || start === undefined || instances === undefined) return []
    return [{ title: rule, rule, start, instances, startAt: field('START-AT') }]
  })
}

function expand(rule: string, start: string, limit: number, from?: string): string[] {
  const { wall, form } = readTime(start)
  const options = { isDate: form === 'date', from: from === undefined ? undefined : readTime(from).wall }
  const found: string[] = []
  for (const occurrence of occurrences(readRule(rule), wall, options, { steps: 1_000_000 })) {
    found.push(formatTime(occurrence, form))
    if (found.length >= limit) break
  }
  return found
}

/**
 * Where we differ: a combination libical does not do, and rules of every so many years by week number whose DTSTART
 * is none of their instances (RFC 5545 §3.8.5.3 leaves those undefined). We count from the year that owns the
 * week of DTSTART, as libical does when DTSTART is an instance.
 */
const others = new Map([
  [
    'FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=30;BYWEEKNO=1;UNTIL=20320101',
    ['20241230', '20251230', '20301230', '20311230'],
  ],
  ['FREQ=YEARLY;BYWEEKNO=53;INTERVAL=6;BYDAY=TH;COUNT=1', ['20321230T000000Z']],
  ['FREQ=YEARLY;BYWEEKNO=53;INTERVAL=5;BYDAY=TH;COUNT=1', ['20711231T000000Z']],
])

describe.skipIf(!isThere)('RFC 5545 §3.3.10 the instances libical expects', () => {
  const blocks = isThere ? ['icalrecur_test.txt', 'icalrecur_test_rscale.txt'].flatMap(readBlocks) : []
  it.each(blocks)('$title', ({ rule, start, instances, startAt }) => {
    const ours = others.get(rule)
    if (ours === undefined && instances.startsWith('***')) {
      expect(() => readRule(rule)).toThrow(RuleError)
      return
    }
    const expected = ours ?? (instances === '' ? [] : instances.split(','))
    expect(expand(rule, start, expected.length + 1)).toEqual(expected)
    const from = startAt ?? expected[Math.floor(expected.length / 2)]
    if (from === undefined) return
    expect(expand(rule, start, expected.length + 1, from)).toEqual(expected.filter((time) => time >= from))
  })
})

describe.skipIf(!isThere)('RFC 5545 §3.3.10 the numbers of instances libical expects', () => {
  const text = isThere ? readFileSync(join(folder, 'recur.txt'), 'utf8') : ''
  const events = text.split('BEGIN:VEVENT').slice(1)
  const cases = events.flatMap((event) => {
    const lines = [...readContentLines(event)].flatMap((line) => ('broken' in line ? [] : [line]))
    const value = (name: string) => lines.find((line) => line.name === name)?.value.trim() ?? ''
    const expected = value('X-EXPECT-NUMEVENTS')
    const rules = lines.filter((line) => line.name === 'RRULE')
    const isPlain = rules.length === 1 && !lines.some((line) => /^(EXDATE|RDATE|EXRULE)$/.test(line.name))
    return expected === '' || !isPlain ? [] : [{ rule: value('RRULE'), start: value('DTSTART'), expected }]
  })
  it.each(cases)('$rule from $start: $expected', ({ rule, start, expected }) => {
    expect(expand(rule, start, Number(expected) + 1).length).toBe(Number(expected))
  })
})
