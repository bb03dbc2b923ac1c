import { parameter } from '../text/content-lines.ts'
import { type Budget, BudgetError } from './budget.ts'
import type { Component } from './calendar.ts'
import { dayMs, dayNumber } from './gregorian.ts'
import { occurrences, type Rule, RuleError, readRule } from './recurrence.ts'
import type { Zone } from './timezone.ts'
import { type OffsetChange, offsetAtUtc, offsetAtWall, readTransitions } from './transitions.ts'
import { type IcalTime, readTime, readUtcOffset, ValueError } from './values.ts'

/**
 * The zone that a VTIMEZONE describes by its own rules; undefined when it has no usable STANDARD or DAYLIGHT.
 * Before the first onset the offset is the one that onset changes from. Unreadable lines are passed over, and
 * rules that cost too much are broken off, so that no VTIMEZONE fails an object.
 * @see RFC 5545 §3.6.5
 */
export function vtimezoneZone(component: Component): Zone | undefined {
  const known = zones.get(component)
  if (known !== undefined) return known ?? undefined
  const observances = component.components.flatMap(readObservance)
  const name = component.lines.find((line) => line.name === 'TZID')?.value.trim() ?? ''
  const zone = observances.length === 0 ? undefined : makeZone(name, observances)
  zones.set(component, zone ?? null)
  return zone
}

const zones = new WeakMap<Component, Zone | null>()

/** One STANDARD or DAYLIGHT. Its times are local ones, read with `from`. */
interface Observance {
  readonly from: number
  readonly to: number
  readonly start: IcalTime
  readonly rules: readonly Rule[]
  readonly dates: readonly IcalTime[]
}

const yearMs = 366 * dayMs
/** Rules that go back to the year 1601 (Outlook) or 1 (em Client) are followed from here, unless asked otherwise. */
const usualStart = dayNumber(1900, 1, 1) * dayMs
/** Steps for all rules of one VTIMEZONE; one kept from 1601 to 2200 takes some 2,400. */
const maxSteps = 50_000

function makeZone(name: string, observances: readonly Observance[]): Zone {
  let low = usualStart
  let high = Number.NEGATIVE_INFINITY
  let span = 5 * yearMs
  let transitions = readTransitions(0, [])
  function covering(time: number) {
    if (time >= low + yearMs && time <= high - yearMs) return transitions
    if (time < low + yearMs) low = Number.NEGATIVE_INFINITY
    if (time > high - yearMs) {
      high = Math.max(time, usualStart) + span
      span *= 2
    }
    transitions = follow(observances, low, high)
    return transitions
  }
  return {
    name,
    toUtc: (wall) => wall - offsetAtWall(covering(wall), wall),
    toWall: (utc) => utc + offsetAtUtc(covering(utc), utc),
  }
}

function follow(observances: readonly Observance[], low: number, high: number) {
  const budget: Budget = { steps: maxSteps }
  const changes: (OffsetChange & { readonly from: number })[] = []
  for (const observance of observances) {
    const { from, to } = observance
    for (const at of onsets(observance, low, high, budget)) changes.push({ at, offset: to, from })
  }
  const first = changes.reduce((earliest, change) => (change.at < earliest.at ? change : earliest), {
    at: Number.POSITIVE_INFINITY,
    from: observances[0]?.from ?? 0,
  })
  return readTransitions(first.from, changes)
}

/** The instants at which an observance begins to hold. */
function* onsets(observance: Observance, low: number, high: number, budget: Budget): Generator<number> {
  const { from, start, rules, dates } = observance
  yield instant(start, from)
  for (const date of dates) yield instant(date, from)
  for (const rule of rules) {
    const until = rule.until && (rule.until.form === 'utc' ? rule.until.wall + from : lastOf(rule.until))
    const options = { isDate: false, from: low, untilWall: Math.min(until ?? high, high) }
    try {
      for (const wall of occurrences(rule, start.wall, options, budget)) yield wall - from
    } catch (error) {
      if (!(error instanceof BudgetError)) throw error
    }
  }
}

function instant(time: IcalTime, offset: number): number {
  return time.form === 'utc' ? time.wall : time.wall - offset
}

function lastOf(until: IcalTime): number {
  return until.form === 'date' ? until.wall + dayMs - 1 : until.wall
}

function readObservance({ name, lines }: Component): Observance[] {
  if (name !== 'STANDARD' && name !== 'DAYLIGHT') return []
  const value = (wanted: string) => lines.find((line) => line.name === wanted)?.value
  const to = attempt(() => readUtcOffset(value('TZOFFSETTO') ?? ''))
  if (to === undefined) return []
  const from = attempt(() => readUtcOffset(value('TZOFFSETFROM') ?? '')) ?? to
  const start = attempt(() => readTime(value('DTSTART') ?? '')) ?? { wall: usualStart, form: 'floating' }
  const rules = lines.flatMap((line) => {
    const rule = line.name === 'RRULE' ? attempt(() => readRule(line.value)) : undefined
    return rule ? [rule] : []
  })
  const dates = lines.flatMap((line) => {
    if (line.name !== 'RDATE' || parameter(line, 'VALUE')?.toUpperCase() === 'PERIOD') return []
    return line.value.split(',').flatMap((text) => attempt(() => readTime(text)) ?? [])
  })
  return [{ from, to, start, rules, dates }]
}

/** What `read` gives, or undefined when the value is none. */
function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof ValueError || error instanceof RuleError) return undefined
    throw error
  }
}
