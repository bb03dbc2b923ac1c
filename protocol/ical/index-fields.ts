import { type Calendar, type Component, property } from './calendar.ts'
import type { TimeRange } from './filter-types.ts'
import { dayMs } from './gregorian.ts'
import { type Instance, instancesTouching } from './instances.ts'
import { boundsUndated, busyPeriods, overlaps } from './overlap.ts'
import { type Budget, BudgetError, occurrences } from './recurrence.ts'
import { longest, readSeries, type Series, type SeriesRule, type Timed } from './series.ts'
import { utcZone, type Zone } from './timezone.ts'
import { isObjectPart, uidOf } from './validate.ts'

/** One row of the calendar index. Epoch milliseconds UTC, but wall times where `floating`. */
export interface IndexedInstance {
  readonly start: number
  /** Not before `start`; equal to it for an instance without length, which then stands for its start. */
  readonly end: number
  readonly allDay: boolean
  /** The times depend on the reader's zone: true for dates too. */
  readonly floating: boolean
  readonly transparent: boolean
  /** STATUS in upper case. */
  readonly status: string | null
}

/** What is known of an object's times without its body. */
export interface CalendarIndex {
  readonly uid: string | undefined
  /** The name of its components; undefined when there is none but time zones. */
  readonly component: string | undefined
  /** No instance is before `earliest` or after `latest`, whatever the reader's zone; null when that is not known. */
  readonly earliest: number | null
  readonly latest: number | null
  /** The span for which `instances` answers. */
  readonly expandedFrom: number
  readonly expandedUntil: number
  /** False: `instances` is empty, and only the body knows. True also when there is no instance. */
  readonly exact: boolean
  readonly instances: readonly IndexedInstance[]
}

export interface IndexOptions {
  /** Epoch milliseconds UTC. */
  readonly from: number
  readonly until: number
  readonly maxInstances: number
  readonly budget: Budget
}

/** How far the instant of a floating time may lie from its wall time: the index is widened by it on both sides. */
export const floatingMarginMs = dayMs

/**
 * The index rows of an object. Never throws for what the object holds: what cannot be computed is not `exact`.
 * To-dos and free/busy are never exact, since their answer hangs on more than a span (RFC 4791 §9.9).
 */
export function calendarIndex(calendar: Calendar, options: IndexOptions): CalendarIndex {
  const parts = calendar.root.components.filter(isObjectPart)
  const component = parts[0]?.name
  const common = {
    uid: parts[0] && uidOf(parts[0]),
    component,
    expandedFrom: options.from,
    expandedUntil: options.until,
  }
  if (component !== 'VEVENT' && component !== 'VTODO' && component !== 'VJOURNAL') {
    return { ...common, ...undatedBounds(calendar, parts), exact: false, instances: [] }
  }
  const all = readSeries(calendar, component)
  const isKnown = all.every(({ isReadable }) => isReadable)
  const dated = isKnown ? joined(all.map((series) => boundsOf(series, options.budget))) : unknown
  if (component === 'VTODO') {
    const undated = parts.filter((part) => !property(part, 'DTSTART') && !property(part, 'DUE'))
    const bounds = undated.map((part) => boundsUndated(part, calendar))
    if (undated.length < parts.length || !isKnown) bounds.push(dated)
    return { ...common, ...joined(bounds), exact: false, instances: [] }
  }
  const rows = isKnown ? rowsOf(all, options) : undefined
  if (!rows) return { ...common, ...unknown, exact: false, instances: [] }
  return rows === 'too many'
    ? { ...common, ...dated, exact: false, instances: [] }
    : { ...common, ...dated, exact: true, instances: rows }
}

/**
 * What matchesFilter would say of a time range on the object's component; undefined when only the body knows.
 * @param zone  of dates and floating times
 */
export function indexAnswer(index: CalendarIndex, range: TimeRange, zone: Zone): boolean | undefined {
  if (range.end !== undefined && index.earliest !== null && range.end < index.earliest) return false
  if (range.start !== undefined && index.latest !== null && range.start > index.latest) return false
  if (!index.exact) return undefined
  const hit = index.instances.some(({ start, end, floating }) => {
    const span = floating ? { start: zone.toUtc(start), end: zone.toUtc(end) } : { start, end }
    return overlaps(span, 'span', range)
  })
  if (hit) return true
  const from = Math.max(range.start ?? Number.NEGATIVE_INFINITY, index.earliest ?? Number.NEGATIVE_INFINITY)
  const until = Math.min(range.end ?? Number.POSITIVE_INFINITY, index.latest ?? Number.POSITIVE_INFINITY)
  return from >= index.expandedFrom && until <= index.expandedUntil ? false : undefined
}

interface Bounds {
  readonly earliest: number | null
  readonly latest: number | null
}

const unknown: Bounds = { earliest: null, latest: null }

/** The rows; `too many`, or undefined when the budget did not suffice. */
function rowsOf(all: readonly Series[], options: IndexOptions): IndexedInstance[] | 'too many' | undefined {
  const { from, until, maxInstances, budget } = options
  const rows: IndexedInstance[] = []
  const window = { zone: utcZone, from: from - floatingMarginMs, to: until + floatingMarginMs }
  const looks = new Map<Component, Pick<IndexedInstance, 'transparent' | 'status'>>()
  try {
    for (const series of all) {
      for (const instance of instancesTouching(series, window, budget)) {
        if (!instance.floating && (instance.end < from || instance.start > until)) continue
        if (rows.length === maxInstances) return 'too many'
        let look = looks.get(instance.component)
        if (!look) looks.set(instance.component, (look = lookOf(instance.component)))
        rows.push(rowOf(instance, look))
      }
    }
    return rows
  } catch (error) {
    if (error instanceof BudgetError) return undefined
    throw error
  }
}

function rowOf(
  { start, end, allDay, floating, wallStart, wallEnd }: Instance,
  { transparent, status }: Pick<IndexedInstance, 'transparent' | 'status'>,
): IndexedInstance {
  return floating
    ? { start: wallStart, end: wallEnd, allDay, floating, transparent, status }
    : { start, end, allDay, floating, transparent, status }
}

function lookOf(component: Component): Pick<IndexedInstance, 'transparent' | 'status'> {
  return {
    transparent: property(component, 'TRANSP')?.value.trim().toUpperCase() === 'TRANSPARENT',
    status: property(component, 'STATUS')?.value.trim().toUpperCase() ?? null,
  }
}

/** The most a counted rule is walked to learn its end. */
const countedSteps = 5000

function boundsOf(series: Series, budget: Budget): Bounds {
  const { master, singles, rules, overrides, segments } = series
  const timed: Timed[] = [...overrides, ...(master ? [master] : [])]
  if (timed.length === 0) return unknown
  let earliest = Number.POSITIVE_INFINITY
  let latest = Number.NEGATIVE_INFINITY
  for (const own of timed) {
    const { from, until } = reachOf(own, own.start.wall, own.length.days * dayMs + own.length.ms)
    earliest = Math.min(earliest, from)
    latest = Math.max(latest, until)
  }
  if (!master) return { earliest, latest }
  let last: number | undefined = Number.NEGATIVE_INFINITY
  for (const single of singles) {
    const { from, until } = reachOf(master, single.wall, single.length ? longest(single.length) : 0)
    earliest = Math.min(earliest, from)
    latest = Math.max(latest, until)
    last = Math.max(last, single.wall)
  }
  for (const rule of rules) {
    const end = lastWall(rule, master, budget)
    last = end === undefined || last === undefined ? undefined : Math.max(last, end)
  }
  if (last === undefined) return { earliest, latest: null }
  for (const segment of segments) {
    const { until } = reachOf(master, last + segment.shiftMs, longest(segment.length))
    latest = Math.max(latest, until + (segment.component === master.component ? 0 : dayMs))
  }
  return { earliest, latest }
}

/** The instants between which a start and what follows it lie, in any zone if it has none. */
function reachOf({ clock }: Timed, wall: number, lengthMs: number): { from: number; until: number } {
  const start = (clock.zone ?? utcZone).toUtc(wall)
  const margin = clock.zone ? 0 : floatingMarginMs
  return {
    from: start + Math.min(lengthMs, 0) - margin,
    until: start + Math.max(lengthMs, 0) + margin + (lengthMs === 0 ? 0 : dayMs),
  }
}

/** Past which wall time a rule yields nothing; undefined when it is endless or long. */
function lastWall({ rule, untilWall }: SeriesRule, master: Timed, budget: Budget): number | undefined {
  if (untilWall !== undefined) return untilWall
  if (rule.count === undefined || rule.count > countedSteps) return undefined
  const own = { steps: Math.min(budget.steps, countedSteps) }
  const before = own.steps
  let last = Number.NEGATIVE_INFINITY
  try {
    for (const wall of occurrences(rule, master.start.wall, { isDate: master.clock.isDate }, own)) last = wall
  } catch (error) {
    if (!(error instanceof BudgetError)) throw error
    return undefined
  } finally {
    budget.steps -= before - Math.max(own.steps, 0)
  }
  return last
}

function undatedBounds(calendar: Calendar, parts: readonly Component[]): Bounds {
  const bounds = parts.map((part): Bounds => {
    if (part.name !== 'VFREEBUSY' || property(part, 'DTSTART')) return unknown
    const periods = busyPeriods(part, calendar, utcZone)
    if (periods.length === 0) return unknown
    let [earliest, latest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (const { start, end } of periods) {
      earliest = Math.min(earliest, start)
      latest = Math.max(latest, end)
    }
    return { earliest: earliest - floatingMarginMs, latest: latest + floatingMarginMs }
  })
  return joined(bounds)
}

function joined(bounds: readonly Bounds[]): Bounds {
  let earliest: number | null = bounds[0]?.earliest ?? null
  let latest: number | null = bounds[0]?.latest ?? null
  for (const own of bounds) {
    earliest = earliest === null || own.earliest === null ? null : Math.min(earliest, own.earliest)
    latest = latest === null || own.latest === null ? null : Math.max(latest, own.latest)
  }
  return { earliest, latest }
}
