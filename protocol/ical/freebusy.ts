import { type Calendar, type Component, property } from './calendar.ts'
import { type Instance, instancesTouching } from './instances.ts'
import { instantOf, timeOf, timesOf } from './line-times.ts'
import { effectiveEnd, periodSpan, type Span } from './overlap.ts'
import { type Budget, BudgetError } from './recurrence.ts'
import { readSeries, type Series } from './series.ts'
import type { Zone } from './timezone.ts'
import { formatTime } from './values.ts'

/** How busy, the strongest first: where times of several kinds overlap the first of them holds. @see RFC 5545 §3.2.9 */
export const busyTypes = ['BUSY', 'BUSY-UNAVAILABLE', 'BUSY-TENTATIVE'] as const

export type BusyType = (typeof busyTypes)[number]

/** Epoch milliseconds UTC, the end exclusive. */
export interface BusyPeriod extends Span {
  readonly type: BusyType
}

/** A VAVAILABILITY within a range: busy but for the times in it that are free. @see RFC 7953 §3.1 */
export interface Availability extends Span {
  /** 1 is the highest and 9 the lowest; 0, where none is given, is lower still. */
  readonly priority: number
  readonly type: BusyType
  readonly free: readonly Span[]
}

/** What one or more objects say of someone's time. */
export interface BusyTime {
  readonly busy: readonly BusyPeriod[]
  readonly availabilities: readonly Availability[]
}

export interface BusyOptions {
  /** Of dates and floating times. */
  readonly zone: Zone
  /** For this object alone: what lies behind it is not known to be busy. */
  readonly budget: Budget
}

/**
 * What an object says of the time in a range. Events count unless they are transparent or cancelled, free/busy by its
 * periods, availability by what it leaves out. A series that cannot be computed counts as far as it can be.
 * @see RFC 4791 §7.10, RFC 7953 §5
 */
export function busyTimeOf(calendar: Calendar, range: Span, options: BusyOptions): BusyTime {
  const busy: BusyPeriod[] = []
  const availabilities: Availability[] = []
  for (const series of readSeries(calendar, 'VEVENT')) busy.push(...busyEvents(series, range, options))
  for (const component of calendar.root.components) {
    if (component.name === 'VFREEBUSY') busy.push(...busyStated(component, calendar, options.zone))
    if (component.name !== 'VAVAILABILITY') continue
    const availability = readAvailability(component, calendar, range, options)
    if (availability) availabilities.push(availability)
  }
  return { busy: busy.flatMap((period) => clipped(period, range)), availabilities }
}

/** How busy an event makes its owner; undefined when it does not. @param status  in upper case */
export function busyTypeOf(transparent: boolean, status: string | null | undefined): BusyType | undefined {
  if (transparent || status === 'CANCELLED') return undefined
  return status === 'TENTATIVE' ? 'BUSY-TENTATIVE' : 'BUSY'
}

/**
 * All of it together: periods in order that neither overlap nor touch one of the same kind. Availability of a higher
 * priority takes the place of a lower one where it holds, and of equal ones each frees its times; events and stated
 * times come on top.
 * @see RFC 4791 §7.10, RFC 7953 §5
 */
export function combineBusyTime({ busy, availabilities }: BusyTime): BusyPeriod[] {
  let unavailable: readonly BusyPeriod[] = []
  for (const equals of byPriority(availabilities)) {
    const spans = strongest(equals)
    const free = equals.flatMap((own) =>
      own.free.flatMap((span) => clipped({ ...span, type: own.type }, own)),
    )
    const around = without(unavailable, spans)
    unavailable = [...around, ...without(spans, strongest(free))].sort((a, b) => a.start - b.start)
  }
  return strongest([...unavailable, ...busy])
}

/**
 * The iCalendar object that tells of them, and of nothing else.
 * @param stampAt  when it was made
 * @see RFC 4791 §7.10, RFC 5545 §3.6.4
 */
export function writeFreeBusy(
  periods: readonly BusyPeriod[],
  { range, uid, stampAt }: { readonly range: Span; readonly uid: string; readonly stampAt: number },
): string {
  const utc = (time: number): string => formatTime(time, 'utc')
  const head = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Farley//EN', 'BEGIN:VFREEBUSY']
  const own = [
    `UID:${uid}`,
    `DTSTAMP:${utc(stampAt)}`,
    `DTSTART:${utc(range.start)}`,
    `DTEND:${utc(range.end)}`,
  ]
  const lines = periods.map(({ start, end, type }) => `FREEBUSY;FBTYPE=${type}:${utc(start)}/${utc(end)}`)
  return [...head, ...own, ...lines, 'END:VFREEBUSY', 'END:VCALENDAR', ''].join('\r\n')
}

/** The part of a period in a range, if any. */
export function clipped<S extends Span>(period: S, range: Span): S[] {
  const start = Math.max(period.start, range.start)
  const end = Math.min(period.end, range.end)
  return start < end ? [{ ...period, start, end }] : []
}

/** The lowest first. */
function byPriority(availabilities: readonly Availability[]): (readonly Availability[])[] {
  const order = [0, 9, 8, 7, 6, 5, 4, 3, 2, 1]
  return order.map((priority) => availabilities.filter((own) => own.priority === priority))
}

function busyEvents(series: Series, range: Span, options: BusyOptions): BusyPeriod[] {
  const types = new Map<Component, BusyType | undefined>()
  const busy: BusyPeriod[] = []
  for (const { component, start, end } of instancesUntilSpent(series, range, options)) {
    if (!types.has(component)) types.set(component, typeOfEvent(component))
    const type = types.get(component)
    if (type) busy.push({ start, end, type })
  }
  return busy
}

function typeOfEvent(component: Component): BusyType | undefined {
  const transparent = textOf(component, 'TRANSP') === 'TRANSPARENT'
  return busyTypeOf(transparent, textOf(component, 'STATUS'))
}

/** The periods of the FREEBUSY properties that are not free; an unknown FBTYPE is busy. @see RFC 5545 §3.2.9 */
function busyStated(component: Component, calendar: Calendar, zone: Zone): BusyPeriod[] {
  return component.lines.flatMap((line) => {
    if (line.name !== 'FREEBUSY') return []
    const named = line.parameters
      .find(({ name }) => name === 'FBTYPE')
      ?.values[0]?.trim()
      .toUpperCase()
    if (named === 'FREE') return []
    const type = busyTypes.find((own) => own === named) ?? 'BUSY'
    return timesOf(line).times.flatMap((item) =>
      'wall' in item ? [] : [{ ...periodSpan(item, calendar, zone), type }],
    )
  })
}

/** Undefined where it says nothing of the range. @see RFC 7953 §3.1–3.2 */
function readAvailability(
  component: Component,
  calendar: Calendar,
  range: Span,
  options: BusyOptions,
): Availability | undefined {
  const at = (name: string): number | undefined => {
    const time = timeOf(component, name)
    return time && instantOf(time, calendar, options.zone)
  }
  const end = at('DTEND') ?? effectiveEnd(component, calendar, options.zone)
  const named = textOf(component, 'BUSYTYPE')
  const type = busyTypes.find((own) => own === named) ?? 'BUSY-UNAVAILABLE'
  const whole = { start: at('DTSTART') ?? range.start, end: end ?? range.end, type }
  const [span] = clipped(whole, range)
  if (!span) return undefined
  const priority = Number(textOf(component, 'PRIORITY') ?? '0')
  return {
    ...span,
    priority: Number.isInteger(priority) && priority > 0 && priority < 10 ? priority : 0,
    free: readSeries(calendar, 'AVAILABLE', component).flatMap((series) =>
      Array.from(instancesUntilSpent(series, span, options), ({ start: from, end: to }) => ({
        start: from,
        end: to,
      })),
    ),
  }
}

/** The instances of a series in a range, as far as the budget goes. */
function* instancesUntilSpent(
  series: Series,
  range: Span,
  { zone, budget }: BusyOptions,
): Generator<Instance> {
  try {
    for (const own of instancesTouching(series, { zone, from: range.start, to: range.end }, budget)) {
      if (own.start < range.end && own.end > range.start) yield own
    }
  } catch (error) {
    if (!(error instanceof BudgetError)) throw error
  }
}

function textOf(component: Component, name: string): string | undefined {
  return property(component, name)?.value.trim().toUpperCase()
}

/** What is left of periods; both lists are in order and without overlaps. */
function without(periods: readonly BusyPeriod[], taken: readonly Span[]): BusyPeriod[] {
  const left: BusyPeriod[] = []
  let first = 0
  for (const period of periods) {
    while ((taken[first]?.end ?? Number.POSITIVE_INFINITY) <= period.start) first += 1
    let { start } = period
    for (let at = first; at < taken.length; at += 1) {
      const own = taken[at]
      if (!own || own.start >= period.end) break
      if (own.start > start) left.push({ ...period, start, end: own.start })
      start = Math.max(start, own.end)
    }
    if (start < period.end) left.push({ ...period, start })
  }
  return left
}

/** In order and without overlaps: at every moment the strongest kind. */
function strongest(periods: readonly BusyPeriod[]): BusyPeriod[] {
  const edges = periods.flatMap(({ start, end, type }) => {
    const kind = busyTypes.indexOf(type)
    return [
      { at: start, kind, step: 1 },
      { at: end, kind, step: -1 },
    ]
  })
  edges.sort((a, b) => a.at - b.at)
  const open = busyTypes.map(() => 0)
  const result: BusyPeriod[] = []
  let current: { start: number; type: BusyType } | undefined
  for (const [index, { at, kind, step }] of edges.entries()) {
    open[kind] = (open[kind] ?? 0) + step
    if (edges[index + 1]?.at === at) continue
    const type = busyTypes.find((_, nth) => (open[nth] ?? 0) > 0)
    if (type === current?.type) continue
    if (current) result.push({ start: current.start, end: at, type: current.type })
    current = type && { start: at, type }
  }
  return result
}
