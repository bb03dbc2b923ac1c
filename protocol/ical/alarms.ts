import { parameter } from '../text/content-lines.ts'
import { type Calendar, type Component, property } from './calendar.ts'
import type { TimeRange } from './filter-types.ts'
import { dayMs } from './gregorian.ts'
import type { Instance } from './instances.ts'
import { instantOf, quietly, readTimeLine } from './line-times.ts'
import type { Zone } from './timezone.ts'
import { type Duration, readDuration } from './values.ts'

/** When a VALARM goes off: at an instant, or so long after the start or end of each instance; then again. */
export interface Alarm {
  /** Epoch milliseconds UTC. */
  readonly at: number | undefined
  readonly offset: Duration
  readonly related: 'START' | 'END'
  readonly repeats: number
  readonly everyMs: number
}

/**
 * Reads the TRIGGER, REPEAT and DURATION of a VALARM; undefined when it has no trigger that can be read, or goes off
 * at a place: its trigger is then there for form's sake, and to be ignored.
 * @see RFC 5545 §3.6.6, §3.8.6; RFC 9074 §8
 */
export function readAlarm(alarm: Component, calendar: Calendar, zone: Zone): Alarm | undefined {
  const line = property(alarm, 'TRIGGER')
  if (!line || property(alarm, 'PROXIMITY')) return undefined
  const offset = quietly(() => readDuration(line.value))
  const time = offset ? undefined : quietly(() => readTimeLine(line))
  if (!offset && !time) return undefined
  const count = Number(property(alarm, 'REPEAT')?.value.trim() ?? '0')
  const duration = property(alarm, 'DURATION')
  const every = duration && quietly(() => readDuration(duration.value))
  const everyMs = every ? every.days * dayMs + every.ms : 0
  return {
    at: time && instantOf(time, calendar, zone),
    offset: offset ?? { days: 0, ms: 0 },
    related: parameter(line, 'RELATED')?.toUpperCase() === 'END' ? 'END' : 'START',
    repeats: everyMs > 0 && Number.isInteger(count) && count > 0 ? count : 0,
    everyMs,
  }
}

/** Whether the alarm goes off in the range for that instance; for an absolute one the instance is of no matter. */
export function goesOff(alarm: Alarm, instance: Instance | undefined, range: TimeRange): boolean {
  const first = alarm.at ?? (instance && triggerTime(alarm, instance))
  if (first === undefined) return false
  const start = range.start ?? Number.NEGATIVE_INFINITY
  const end = range.end ?? Number.POSITIVE_INFINITY
  if (first >= start) return first < end
  if (alarm.repeats === 0) return false
  const nth = Math.ceil((start - first) / alarm.everyMs)
  return nth <= alarm.repeats && first + nth * alarm.everyMs < end
}

/** The range that an instance must touch for its alarm to go off in the given one. */
export function rangeOfInstances(alarm: Alarm, range: TimeRange): { from?: number; to?: number } {
  const first = alarm.offset.days * dayMs + alarm.offset.ms
  const last = first + alarm.repeats * alarm.everyMs
  return {
    ...(range.start === undefined ? {} : { from: range.start - last - dayMs }),
    ...(range.end === undefined ? {} : { to: range.end - first + dayMs }),
  }
}

function triggerTime({ offset, related }: Alarm, instance: Instance): number {
  const { zone } = instance
  const isEnd = related === 'END'
  if (offset.days === 0) return (isEnd ? instance.end : instance.start) + offset.ms
  const wall = isEnd ? instance.wallEnd : instance.wallStart
  return zone.toUtc(wall + offset.days * dayMs) + offset.ms
}
