import { type Calendar, type Component, property } from './calendar.ts'
import type { TimeRange } from './filter-types.ts'
import { dayMs } from './gregorian.ts'
import { clockOf, instantOf, quietly, timeOf, timesOf } from './line-times.ts'
import { utcZone, type Zone } from './timezone.ts'
import { addDurationInZone, type Duration, type IcalTime, type Period, readDuration } from './values.ts'

/** Which row of the tables of RFC 4791 §9.9 decides; all but to-dos share `span`. */
export type Shape = 'span' | 'todo-duration' | 'todo-start-due' | 'todo-due'

/** Epoch milliseconds UTC. A span of no length stands for its start. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Whether an instance lies in the range by the rules for its kind. @see RFC 4791 §9.9 */
export function overlaps({ start: s, end: e }: Span, shape: Shape, range: TimeRange): boolean {
  const start = range.start ?? Number.NEGATIVE_INFINITY
  const end = range.end ?? Number.POSITIVE_INFINITY
  switch (shape) {
    case 'span':
      return (start < e || (s === e && start <= s)) && end > s
    case 'todo-duration':
      return start <= e && (end > s || end >= e)
    case 'todo-start-due':
      return (start < e || start <= s) && (end > s || end >= e)
    case 'todo-due':
      return start < e && end >= e
    default:
      return shape satisfies never
  }
}

export function shapeOf(component: Component): Shape {
  if (component.name !== 'VTODO') return 'span'
  if (!property(component, 'DTSTART')) return property(component, 'DUE') ? 'todo-due' : 'span'
  if (property(component, 'DUE')) return 'todo-start-due'
  return property(component, 'DURATION') ? 'todo-duration' : 'span'
}

/**
 * How long a component lasts from its start: the time to DTEND or DUE exact, a DURATION nominal, a lone date one day.
 * An event that would end before it begins has no length; one of dates lasts at least a day.
 * @see RFC 5545 §3.6.1, RFC 4791 §9.9
 */
export function spanOf(component: Component, start: IcalTime, calendar: Calendar): Duration {
  const isTodo = component.name === 'VTODO'
  const end = component.name === 'VJOURNAL' ? undefined : timeOf(component, isTodo ? 'DUE' : 'DTEND')
  if (end) return timeBetween(start, end, calendar, isTodo)
  const line = component.name === 'VJOURNAL' ? undefined : property(component, 'DURATION')
  const duration = line && quietly(() => readDuration(line.value))
  const wholeDay = start.form === 'date' && !isTodo
  if (!duration || (duration.days * dayMs + duration.ms <= 0 && wholeDay)) return wholeDay ? oneDay : instant
  return duration.days < 0 || duration.ms < 0 ? instant : duration
}

/**
 * Whether a component that has no instances lies in the range: a to-do without dates, free/busy, availability.
 * @see RFC 4791 §9.9, RFC 7953 §7.2.2
 */
export function overlapsUndated(
  component: Component,
  range: TimeRange,
  calendar: Calendar,
  zone: Zone,
): boolean {
  const bounds = {
    start: range.start ?? Number.NEGATIVE_INFINITY,
    end: range.end ?? Number.POSITIVE_INFINITY,
  }
  const at = (name: string) => {
    const time = timeOf(component, name)
    return time && instantOf(time, calendar, zone)
  }
  switch (component.name) {
    case 'VTODO':
      return overlapsTodo(at('CREATED'), at('COMPLETED'), bounds)
    case 'VFREEBUSY': {
      const [start, end] = [at('DTSTART'), at('DTEND')]
      if (start !== undefined && end !== undefined) return bounds.start <= end && bounds.end > start
      return busyPeriods(component, calendar, zone).some((p) => bounds.start < p.end && bounds.end > p.start)
    }
    case 'VAVAILABILITY': {
      const start = at('DTSTART')
      const end = at('DTEND') ?? effectiveEnd(component, calendar, zone)
      return (
        bounds.start < (end ?? Number.POSITIVE_INFINITY) && bounds.end > (start ?? Number.NEGATIVE_INFINITY)
      )
    }
    default:
      return false
  }
}

/** The instants a component without instances may be sought at; `null` is open. @see RFC 4791 §9.9 */
export function boundsUndated(
  component: Component,
  calendar: Calendar,
): { earliest: number | null; latest: number | null } {
  const times = (...names: string[]) =>
    names.flatMap((name) => {
      const time = timeOf(component, name)
      return time ? [instantOf(time, calendar, utcZone)] : []
    })
  if (component.name === 'VTODO') {
    const both = times('CREATED', 'COMPLETED')
    if (both.length === 0) return { earliest: null, latest: null }
    const earliest = Math.min(...both) - dayMs
    return { earliest, latest: property(component, 'COMPLETED') ? Math.max(...both) + dayMs : null }
  }
  return { earliest: null, latest: null }
}

/** The periods of the FREEBUSY properties. @see RFC 5545 §3.8.2.6 */
export function busyPeriods(component: Component, calendar: Calendar, zone: Zone): Span[] {
  const spans: Span[] = []
  for (const line of component.lines) {
    if (line.name !== 'FREEBUSY') continue
    for (const item of timesOf(line).times)
      if (!('wall' in item)) spans.push(periodSpan(item, calendar, zone))
  }
  return spans
}

/** The instants of a PERIOD. @see RFC 5545 §3.3.9 */
export function periodSpan({ start, end, duration }: Period, calendar: Calendar, zone: Zone): Span {
  const clock = clockOf(start, calendar).zone ?? zone
  return {
    start: clock.toUtc(start.wall),
    end: end ? instantOf(end, calendar, zone) : addDurationInZone(start.wall, duration ?? instant, clock),
  }
}

/** DTSTART plus DURATION, for want of DTEND or DUE. @see RFC 4791 §9.9 */
export function effectiveEnd(component: Component, calendar: Calendar, zone: Zone): number | undefined {
  const start = timeOf(component, 'DTSTART')
  const line = property(component, 'DURATION')
  const duration = line && quietly(() => readDuration(line.value))
  if (!start || !duration) return undefined
  return addDurationInZone(start.wall, duration, clockOf(start, calendar).zone ?? zone)
}

const oneDay: Duration = { days: 1, ms: 0 }
const instant: Duration = { days: 0, ms: 0 }

function timeBetween(start: IcalTime, end: IcalTime, calendar: Calendar, isTodo: boolean): Duration {
  if (start.form === 'date' && end.form === 'date') {
    const days = (end.wall - start.wall) / dayMs
    return { days: isTodo ? days : Math.max(days, 1), ms: 0 }
  }
  const zone = clockOf(start, calendar).zone
  const ms = zone
    ? (clockOf(end, calendar).zone ?? zone).toUtc(end.wall) - zone.toUtc(start.wall)
    : end.wall - start.wall
  if (start.form === 'date' && ms <= 0 && !isTodo) return oneDay
  return { days: 0, ms: isTodo ? ms : Math.max(ms, 0) }
}

function overlapsTodo(created: number | undefined, completed: number | undefined, { start, end }: Span) {
  if (created !== undefined && completed !== undefined) {
    return (start <= created || start <= completed) && (end >= created || end >= completed)
  }
  if (completed !== undefined) return start <= completed && end >= completed
  return created === undefined || end > created
}
