import { writeLine } from '../text/write-line.ts'
import {
  civilDate,
  dayMs,
  dayNumber,
  daysInMonth,
  hourMs,
  minuteMs,
  secondMs,
  weekdayOf,
} from './gregorian.ts'
import { ianaZone, type Zone } from './timezone.ts'
import { formatTime } from './values.ts'

/**
 * A VTIMEZONE with the changes of a zone since 1970. What has been the same every year up to the far end is written as
 * rules without end, the rest as dates, those of the next decades too where no rule fits (as in Morocco, where clocks
 * follow the moon).
 * @param tzid  what objects call the zone
 * @see RFC 5545 §3.6.5
 */
export function writeTimezone(tzid: string, zone: Zone): string {
  const isNamed = ianaZone(zone.name) === zone
  const body = (isNamed ? bodies.get(zone.name) : undefined) ?? writeObservances(zone)
  if (isNamed) bodies.set(zone.name, body)
  return `BEGIN:VTIMEZONE\r\n${writeLine('TZID', [], tzid)}${body}END:VTIMEZONE\r\n`
}

/** Those of IANA zones by name, of which there are some hundreds. */
const bodies = new Map<string, string>()

const firstYear = 1970
/** The years before it are as far as dates go; the last 28, after which weekdays come again, tell the rules. */
const endYear = 2070
const ruleYears = 28

interface Change {
  readonly at: number
  readonly before: number
  readonly after: number
  /** What the clock shows when it changes. */
  readonly wall: number
  readonly year: number
}

/** Changes that come every year in the same way. */
interface YearlyRule {
  readonly before: number
  readonly after: number
  readonly month: number
  readonly weekday: number
  readonly timeOfDay: number
  readonly firstDay: number
}

function writeObservances(zone: Zone): string {
  const changes = changesOf(zone)
  const rules = rulesOf(changes)
  const since = rules.length === 0 ? endYear : firstRuledYear(changes, rules)
  const dated = new Map<string, Change[]>()
  for (const change of changes.filter(({ year }) => year < since)) {
    const key = `${change.before} ${change.after} ${nameOf(change, changes)}`
    dated.set(key, [...(dated.get(key) ?? []), change])
  }
  const parts = [...dated.values()].map(([first, ...others]) => first && observance(first, changes, others))
  for (const rule of rules) {
    const first = changes.find((change) => change.year >= since && follows(change, rule))
    if (first) parts.push(observance(first, changes, [], ruleText(rule)))
  }
  const written = parts.join('')
  return written.includes('BEGIN:STANDARD') ? written : beginning(zone) + written
}

/** The offset of 1970, for a zone that never changes, or has only summer times after it. */
function beginning(zone: Zone): string {
  const wall = dayNumber(firstYear, 1, 1) * dayMs
  const offset = wall - zone.toUtc(wall)
  return observance({ at: wall - offset, before: offset, after: offset, wall, year: firstYear }, [], [])
}

function observance(first: Change, all: readonly Change[], others: readonly Change[], rule?: string): string {
  const name = nameOf(first, all)
  const lines = [
    `BEGIN:${name}`,
    `DTSTART:${formatTime(first.wall, 'floating')}`,
    `TZOFFSETFROM:${offsetText(first.before)}`,
    `TZOFFSETTO:${offsetText(first.after)}`,
    ...(rule === undefined ? [] : [`RRULE:${rule}`]),
    ...others.map(({ wall }) => `RDATE:${formatTime(wall, 'floating')}`),
    `END:${name}`,
  ]
  return `${lines.join('\r\n')}\r\n`
}

/** Clocks that go forward, and back within a year, are on summer time. */
function nameOf(change: Change, all: readonly Change[]): 'DAYLIGHT' | 'STANDARD' {
  const next = all.find(({ at }) => at > change.at)
  const isShort = next !== undefined && next.at - change.at < 366 * dayMs && next.after < next.before
  return change.after > change.before && isShort ? 'DAYLIGHT' : 'STANDARD'
}

const sampleMs = 3 * dayMs

function changesOf({ toWall }: Zone): Change[] {
  const offsetAt = (utc: number): number => toWall(utc) - utc
  const changes: Change[] = []
  const end = dayNumber(endYear, 1, 1) * dayMs
  let before = offsetAt(dayNumber(firstYear, 1, 1) * dayMs)
  for (let sample = dayNumber(firstYear, 1, 1) * dayMs + sampleMs; sample < end; sample += sampleMs) {
    const after = offsetAt(sample)
    if (after === before) continue
    const at = changeBetween(sample - sampleMs, sample, (utc) => offsetAt(utc) === after)
    const wall = at + before
    changes.push({ at, before, after, wall, year: civilDate(Math.floor(wall / dayMs)).year })
    before = after
  }
  return changes
}

function changeBetween(low: number, high: number, isAfter: (utc: number) => boolean): number {
  let [from, to] = [low / secondMs, high / secondMs]
  while (to - from > 1) {
    const middle = Math.floor((from + to) / 2)
    if (isAfter(middle * secondMs)) to = middle
    else from = middle
  }
  return to * secondMs
}

/** The rules of the last years; none where the changes of some year do not follow them. */
function rulesOf(changes: readonly Change[]): YearlyRule[] {
  const last = changes.filter(({ year }) => year >= endYear - ruleYears)
  const kinds = new Map<string, Change[]>()
  for (const change of last) {
    const key = `${change.before} ${change.after} ${civilDate(Math.floor(change.wall / dayMs)).month}`
    kinds.set(key, [...(kinds.get(key) ?? []), change])
  }
  const rules = [...kinds.values()].flatMap(([first, ...others]) => {
    if (!first) return []
    const days = [first, ...others].map(({ wall }) => civilDate(Math.floor(wall / dayMs)).day)
    return [{ ...partsOf(first), before: first.before, after: first.after, firstDay: Math.min(...days) }]
  })
  return firstRuledYear(changes, rules) <= endYear - ruleYears ? rules : []
}

function partsOf({ wall }: Change): Pick<YearlyRule, 'month' | 'weekday' | 'timeOfDay'> & { day: number } {
  const number = Math.floor(wall / dayMs)
  const { month, day } = civilDate(number)
  return { month, day, weekday: weekdayOf(number), timeOfDay: wall - number * dayMs }
}

function follows(change: Change, rule: YearlyRule): boolean {
  const { month, day, weekday, timeOfDay } = partsOf(change)
  if (change.before !== rule.before || change.after !== rule.after) return false
  const isDay = month === rule.month && day >= rule.firstDay && day < rule.firstDay + 7
  return isDay && weekday === rule.weekday && timeOfDay === rule.timeOfDay
}

/** The year from which on every rule is followed once a year, and nothing else happens. */
function firstRuledYear(changes: readonly Change[], rules: readonly YearlyRule[]): number {
  let year = endYear
  for (;;) {
    const own = changes.filter((change) => change.year === year - 1)
    const isRuled =
      own.length === rules.length && rules.every((rule) => own.some((change) => follows(change, rule)))
    if (!isRuled || year === firstYear) return year
    year -= 1
  }
}

const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']

function ruleText({ month, weekday, firstDay }: YearlyRule): string {
  const name = weekdays[weekday] ?? ''
  const yearly = `FREQ=YEARLY;BYMONTH=${month}`
  if (firstDay % 7 === 1 && firstDay < 28) return `${yearly};BYDAY=${(firstDay + 6) / 7}${name}`
  if (month !== 2 && firstDay + 6 === daysInMonth(firstYear, month)) return `${yearly};BYDAY=-1${name}`
  const days = Array.from({ length: 7 }, (_, nth) => firstDay + nth)
  return `${yearly};BYMONTHDAY=${days.join(',')};BYDAY=${name}`
}

/** @see RFC 5545 §3.3.14 */
function offsetText(offset: number): string {
  const size = Math.abs(offset)
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  const seconds = (size % minuteMs) / secondMs
  const text = two(size / hourMs) + two((size % hourMs) / minuteMs) + (seconds === 0 ? '' : two(seconds))
  return (offset < 0 ? '-' : '+') + text
}
