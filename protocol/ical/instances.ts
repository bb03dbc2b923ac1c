import { type Budget, spend } from './budget.ts'
import type { Calendar, Component } from './calendar.ts'
import { dayMs } from './gregorian.ts'
import { wallOn } from './line-times.ts'
import { overlaps, type Shape, type Span } from './overlap.ts'
import { occurrences } from './recurrence.ts'
import {
  keyOf,
  longest,
  readSeries,
  type Segment,
  type Series,
  type SeriesRule,
  type Timed,
} from './series.ts'
import type { Zone } from './timezone.ts'
import type { Duration, IcalTime } from './values.ts'

/** One time at which an event, to-do or journal entry takes place. `start` and `end` are epoch milliseconds UTC. */
export interface Instance extends Span {
  /** The master, or the override that stands for this instance. */
  readonly component: Component
  /** The same two on the instance's own clock. */
  readonly wallStart: number
  readonly wallEnd: number
  readonly allDay: boolean
  /** A local time without a zone: `start` and `end` hold in the zone that was asked for. True for dates too. */
  readonly floating: boolean
  /** The zone its clock is in. */
  readonly zone: Zone
  /** The instance's name in its series; undefined when nothing recurs. */
  readonly recurrenceId: IcalTime | undefined
  readonly shape: Shape
  /** Whether its length is not its component's own (an RDATE with a period). */
  readonly hasOwnLength: boolean
}

export interface InstanceOptions {
  /** Of dates and floating times. */
  readonly zone: Zone
  /** Epoch milliseconds UTC, `from` inclusive and `to` exclusive; open when absent. */
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/**
 * The instances of every VEVENT, VTODO and VJOURNAL that lie in the range; overrides first, the others ascending.
 * Without `to` an endless rule yields without end.
 * @throws BudgetError
 * @see RFC 4791 §9.9, RFC 5545 §3.8.5
 */
export function* instances(
  calendar: Calendar,
  options: InstanceOptions,
  budget: Budget,
): Generator<Instance> {
  const range = { start: options.from, end: options.to }
  for (const name of ['VEVENT', 'VTODO', 'VJOURNAL']) {
    for (const series of readSeries(calendar, name)) {
      for (const instance of instancesTouching(series, options, budget)) {
        if (overlaps(instance, instance.shape, range)) yield instance
      }
    }
  }
}

/**
 * The instances of a series that the range touches, both ends inclusive: a superset of those in it.
 * @param only  the components wanted; all when absent
 * @throws BudgetError
 */
export function* instancesTouching(
  series: Series,
  { zone, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY }: InstanceOptions,
  budget: Budget,
  only?: ReadonlySet<Component>,
): Generator<Instance> {
  for (const override of series.overrides) {
    if (only && !only.has(override.component)) continue
    const { start, length, recurrenceId } = override
    const placed = { wall: start.wall, length, recurrenceId, hasOwnLength: false }
    const instance = instanceOf(override, placed, zone)
    if (touches(instance, from, to)) yield instance
  }
  for (const segment of series.segments) {
    if (only && !only.has(segment.component)) continue
    yield* segmentInstances(series, segment, { zone, from, to }, budget)
  }
}

interface Bounds {
  readonly zone: Zone
  readonly from: number
  readonly to: number
}

/** More than clocks of different zones and clock changes can be apart. */
const marginMs = 2 * dayMs

function* segmentInstances(
  series: Series,
  segment: Segment,
  { zone, from, to }: Bounds,
  budget: Budget,
): Generator<Instance> {
  const { master } = series
  if (!master) return
  const reach = longest(segment.length) + (series.singles.length > 1 ? longestSingle(series) : 0)
  const clock = master.clock.zone ?? zone
  const fromWall = Math.max(onClock(clock, from) - reach - segment.shiftMs - marginMs, segment.fromWall)
  const toWall = onClock(clock, to) - segment.shiftMs + marginMs
  for (const start of startsOf(series, fromWall, Math.min(toWall, segment.untilWall), budget)) {
    if (start.wall >= segment.untilWall) break
    if (start.wall < fromWall) continue
    const isMaster = segment.component === master.component
    const placed: Placed = {
      wall: isMaster ? start.wall : segmentWall(segment, wallOn(segment.clock, start.wall, master.clock)),
      utc: isMaster ? start.utc : undefined,
      length: start.length ?? segment.length,
      recurrenceId: series.recurs ? at(start.wall, master.start) : undefined,
      hasOwnLength: start.length !== undefined,
    }
    const instance = instanceOf(segment, placed, zone)
    if (touches(instance, from, to)) yield instance
  }
}

function at(wall: number, { form, tzid }: IcalTime): IcalTime {
  return tzid === undefined ? { wall, form } : { wall, form, tzid }
}

function segmentWall({ clock, shiftMs }: Segment, wall: number): number {
  const shifted = wall + shiftMs
  return clock.isDate ? Math.floor(shifted / dayMs) * dayMs : shifted
}

function onClock(zone: Zone, instant: number): number {
  return Number.isFinite(instant) ? zone.toWall(instant) : instant
}

function longestSingle({ singles }: Series): number {
  let most = 0
  for (const { length } of singles) if (length) most = Math.max(most, longest(length))
  return most
}

interface Start {
  readonly wall: number
  readonly utc?: number | undefined
  readonly length?: Duration | undefined
}

/**
 * The starts of the recurrence set on the master's clock, ascending, without exclusions and overridden ones.
 */
function* startsOf(series: Series, fromWall: number, toWall: number, budget: Budget): Generator<Start> {
  const { master, singles, rules } = series
  if (!master) return
  const except = exclusion(series, master, { fromWall, toWall }, budget)
  const heads = rules.map((rule) => headOf(rule, master, { fromWall, toWall }, budget))
  let single = 0
  let last = Number.NaN
  for (;;) {
    spend(budget, 1 + heads.length + series.exrules.length)
    const added = singles[single]
    let wall = added?.wall ?? Number.POSITIVE_INFINITY
    for (const head of heads) wall = Math.min(wall, head.wall)
    if (wall === Number.POSITIVE_INFINITY || wall > toWall) return
    for (const head of heads) if (head.wall === wall) head.advance()
    const isSingle = added?.wall === wall
    if (isSingle) single += 1
    if (wall === last || except(wall)) continue
    last = wall
    yield isSingle ? added : { wall }
  }
}

interface WallSpan {
  readonly fromWall: number
  readonly toWall: number
}

/** The next occurrence of a rule; past its last one, infinity. */
interface Head {
  wall: number
  advance(): void
}

function headOf(
  { rule, untilWall: ruleEnd }: SeriesRule,
  master: Timed,
  span: WallSpan,
  budget: Budget,
): Head {
  const from = Number.isFinite(span.fromWall) ? span.fromWall : undefined
  const last = Math.min(ruleEnd ?? Number.POSITIVE_INFINITY, span.toWall)
  const untilWall = Number.isFinite(last) ? last : undefined
  const { isDate } = master.clock
  const walls = occurrences(rule, master.start.wall, { isDate, untilWall, from }, budget)
  const head: Head = {
    wall: 0,
    advance() {
      const next = walls.next()
      head.wall = next.done ? Number.POSITIVE_INFINITY : next.value
    },
  }
  head.advance()
  return head
}

/** Says whether a start is taken out by EXDATE, EXRULE or an override; to be asked in ascending order. */
function exclusion(
  { excluded, overridden, exrules }: Series,
  master: Timed,
  span: WallSpan,
  budget: Budget,
): (wall: number) => boolean {
  const heads = exrules.map((rule) => headOf(rule, master, span, budget))
  const byKey = excluded.keys.size + overridden.keys.size > 0
  const byDay = excluded.days.size + overridden.days.size > 0
  return (wall) => {
    if (byKey) {
      const key = keyOf(master.clock, wall)
      if (excluded.keys.has(key) || overridden.keys.has(key)) return true
    }
    if (byDay) {
      const day = Math.floor(wall / dayMs)
      if (excluded.days.has(day) || overridden.days.has(day)) return true
    }
    for (const head of heads) {
      while (head.wall < wall) head.advance()
      if (head.wall === wall) return true
    }
    return false
  }
}

interface Placed {
  readonly wall: number
  /** The instant, where the wall time does not tell it. */
  readonly utc?: number | undefined
  readonly length: Duration
  readonly recurrenceId: IcalTime | undefined
  readonly hasOwnLength: boolean
}

function instanceOf({ component, clock, shape }: Timed, placed: Placed, floatingZone: Zone): Instance {
  const { wall: wallStart, length, recurrenceId, hasOwnLength } = placed
  const zone = clock.zone ?? floatingZone
  const start = placed.utc ?? zone.toUtc(wallStart)
  let end: number
  let wallEnd: number
  if (clock.zone) {
    end = (length.days === 0 ? start : zone.toUtc(wallStart + length.days * dayMs)) + length.ms
    wallEnd = zone.toWall(end)
  } else {
    wallEnd = wallStart + length.days * dayMs + length.ms
    end = zone.toUtc(wallEnd)
  }
  return {
    component,
    start,
    end,
    wallStart,
    wallEnd,
    allDay: clock.isDate,
    floating: !clock.zone,
    zone,
    recurrenceId,
    shape,
    hasOwnLength,
  }
}

function touches({ start, end }: Span, from: number, to: number): boolean {
  return Math.max(start, end) >= from && Math.min(start, end) <= to
}
