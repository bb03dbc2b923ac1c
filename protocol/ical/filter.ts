import { compareText, type TextMatch } from '../text/collation.ts'
import { type ContentLine, parameterValues, splitValue, unescapeText } from '../text/content-lines.ts'
import { goesOff, rangeOfInstances, readAlarm } from './alarms.ts'
import { type Calendar, type Component, components, properties } from './calendar.ts'
import {
  anyComponent,
  type CompFilter,
  type ParamFilter,
  type PropFilter,
  type TimeRange,
} from './filter-types.ts'
import { type Instance, instancesTouching } from './instances.ts'
import { instantOf, quietly, readTimeLine } from './line-times.ts'
import { effectiveEnd, overlaps, overlapsUndated } from './overlap.ts'
import { type Budget, BudgetError } from './recurrence.ts'
import { readSeries, type Series } from './series.ts'
import type { Zone } from './timezone.ts'

export interface FilterOptions {
  /** Of dates and floating times. */
  readonly zone: Zone
  /** For this object alone: once it is spent, a time range holds that has not been seen to fail. */
  readonly budget: Budget
}

/**
 * Whether an object matches a CALDAV:filter. A time range on a component asks for one of its instances; the
 * conditions on a component must hold for one and the same component.
 * A series that cannot be computed (its rule cannot be read, or costs too much) counts as recurring for ever, so that
 * a client that syncs by time range loses nothing.
 * @param filter  the one for VCALENDAR
 * @see RFC 4791 §9.7–9.9
 */
export function matchesFilter(calendar: Calendar, filter: CompFilter, options: FilterOptions): boolean {
  const scope: Scope = { calendar, ...options, series: new Map() }
  if (filter.name !== calendar.root.name) return filter.isNotDefined
  return !filter.isNotDefined && matchesSome(scope, filter, [calendar.root], undefined)
}

interface Scope extends FilterOptions {
  readonly calendar: Calendar
  /** Read once for each component name and the component they are in. */
  readonly series: Map<string, Series[]>
}

function matchesComp(scope: Scope, filter: CompFilter, parent: Component): boolean {
  const candidates = filter.name === anyComponent ? parent.components : components(parent, filter.name)
  if (filter.isNotDefined) return candidates.length === 0
  return candidates.length > 0 && matchesSome(scope, filter, candidates, parent)
}

/** Whether one of the components meets the filter; the time range, which costs most, is looked at last. */
function matchesSome(
  scope: Scope,
  filter: CompFilter,
  candidates: readonly Component[],
  parent: Component | undefined,
): boolean {
  const { timeRange, test } = filter
  const count = filter.props.length + filter.comps.length
  if (count === 0) return !timeRange || overlapsSome(scope, candidates, parent, timeRange)
  const meets = (component: Component) => {
    const props = (prop: PropFilter) => matchesProp(scope, prop, component)
    const comps = (comp: CompFilter) => matchesComp(scope, comp, component)
    if (test === 'anyof') return filter.props.some(props) || filter.comps.some(comps)
    return filter.props.every(props) && filter.comps.every(comps)
  }
  const met = candidates.filter(meets)
  if (!timeRange) return met.length > 0
  if (test === 'anyof') return met.length > 0 || overlapsSome(scope, candidates, parent, timeRange)
  return met.length > 0 && overlapsSome(scope, met, parent, timeRange)
}

/** @param among  siblings */
function overlapsSome(
  scope: Scope,
  among: readonly Component[],
  parent: Component | undefined,
  range: TimeRange,
): boolean {
  const names = new Set(among.map(({ name }) => name))
  return [...names].some((name) => {
    const own = names.size === 1 ? among : among.filter((one) => one.name === name)
    return overlapsOne(scope, own, parent, range)
  })
}

/** @param among  siblings of one name */
function overlapsOne(
  scope: Scope,
  among: readonly Component[],
  parent: Component | undefined,
  range: TimeRange,
): boolean {
  switch (among[0]?.name) {
    case 'VEVENT':
    case 'VTODO':
    case 'VJOURNAL':
    case 'AVAILABLE':
      return instancesInRange(scope, among, parent ?? scope.calendar.root, range)
    case 'VALARM':
      return among.some((alarm) => alarmInRange(scope, alarm, parent, range))
    case 'VFREEBUSY':
    case 'VAVAILABILITY':
      return among.some((own) => overlapsUndated(own, range, scope.calendar, scope.zone))
    default:
      return false
  }
}

function instancesInRange(
  scope: Scope,
  among: readonly Component[],
  parent: Component,
  range: TimeRange,
): boolean {
  const sought = { parent, only: new Set(among) }
  const within = (instance: Instance) => overlaps(instance, instance.shape, range)
  if (someInstance(scope, sought, { from: range.start, to: range.end }, range, within)) return true
  return among.some(
    (own) =>
      own.name === 'VTODO' &&
      !own.lines.some(({ name }) => name === 'DTSTART' || name === 'DUE') &&
      overlapsUndated(own, range, scope.calendar, scope.zone),
  )
}

function alarmInRange(scope: Scope, own: Component, parent: Component | undefined, range: TimeRange) {
  const alarm = readAlarm(own, scope.calendar, scope.zone)
  if (!alarm || !parent) return false
  if (alarm.at !== undefined) return goesOff(alarm, undefined, range)
  const window = rangeOfInstances(alarm, range)
  const sought = { parent: scope.calendar.root, only: new Set([parent]) }
  return someInstance(scope, sought, window, range, (own) => goesOff(alarm, own, range))
}

/** Components of one name, and the component they are in. */
interface Sought {
  readonly parent: Component
  readonly only: ReadonlySet<Component>
}

/** Whether one of the components' instances in the window will do; true when that cannot be known. */
function someInstance(
  scope: Scope,
  { parent, only }: Sought,
  window: { from?: number | undefined; to?: number | undefined },
  range: TimeRange,
  will: (instance: Instance) => boolean,
): boolean {
  const [first] = only
  for (const series of seriesOf(scope, parent, first?.name ?? '')) {
    try {
      for (const own of instancesTouching(series, { zone: scope.zone, ...window }, scope.budget, only)) {
        if (will(own)) return true
      }
    } catch (error) {
      if (!(error instanceof BudgetError)) throw error
      return true
    }
    if (!series.isReadable && series.master && only.has(series.master.component)) {
      const start = instantOf(series.master.start, scope.calendar, scope.zone)
      if (series.recurs && (range.end === undefined || range.end > start)) return true
    }
  }
  return false
}

function seriesOf({ calendar, series }: Scope, parent: Component, name: string): Series[] {
  const key = `${parent.start} ${name}`
  let known = series.get(key)
  if (!known) series.set(key, (known = readSeries(calendar, name, parent)))
  return known
}

function matchesProp(scope: Scope, filter: PropFilter, component: Component): boolean {
  const lines = properties(component, filter.name)
  if (filter.isNotDefined) return lines.length === 0
  if (lines.length === 0) {
    const end = filter.timeRange && impliedEnd(scope, filter.name, component)
    return (
      end !== undefined && !filter.textMatch && filter.params.length === 0 && within(end, filter.timeRange)
    )
  }
  return lines.some((line) => {
    const { timeRange, textMatch, params, test } = filter
    const results = function* () {
      if (timeRange) yield within(timeOfLine(scope, line), timeRange)
      if (textMatch) yield matchesText(textMatch, valuesOf(line))
      for (const param of params) yield matchesParam(param, line)
    }
    let any = false
    let isEmpty = true
    for (const holds of results()) {
      isEmpty = false
      if (holds) any = true
      else if (test === 'allof') return false
    }
    return isEmpty || any
  })
}

/** A missing DTEND or DUE is DTSTART plus DURATION. @see RFC 4791 §9.9 */
function impliedEnd({ calendar, zone }: Scope, name: string, component: Component): number | undefined {
  const isEnd = component.name === 'VTODO' ? name === 'DUE' : name === 'DTEND'
  return isEnd ? effectiveEnd(component, calendar, zone) : undefined
}

function timeOfLine({ calendar, zone }: Scope, line: ContentLine): number | undefined {
  const time = quietly(() => readTimeLine(line))
  return time && instantOf(time, calendar, zone)
}

function within(time: number | undefined, range: TimeRange | undefined): boolean {
  if (time === undefined) return false
  return (range?.start === undefined || range.start <= time) && (range?.end === undefined || range.end > time)
}

/** The whole value, and the members of a list. */
function valuesOf(line: ContentLine): string[] {
  const whole = unescapeText(line.value)
  if (line.name !== 'CATEGORIES' && line.name !== 'RESOURCES') return [whole]
  return [whole, ...splitValue(line.value, ',').map((part) => unescapeText(part).trim())]
}

function matchesParam(filter: ParamFilter, line: ContentLine): boolean {
  const values = parameterValues(line, filter.name)
  const isThere = line.parameters.some(({ name }) => name === filter.name)
  if (filter.isNotDefined) return !isThere
  return isThere && (!filter.textMatch || matchesText(filter.textMatch, values))
}

/** A negated match holds when none of the texts matches. @see RFC 4791 §9.7.5 */
function matchesText(match: TextMatch, texts: readonly string[]): boolean {
  const plain = match.negate ? { ...match, negate: false } : match
  return texts.some((text) => compareText(plain, text)) !== match.negate
}
