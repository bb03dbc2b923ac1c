import { parameter } from '../../text/content-lines.ts'
import { hashOf } from '../../text/hash.ts'
import { type Calendar, type Component, components, property } from '../calendar.ts'
import { dayMs } from '../gregorian.ts'
import { clockOf, quietly, readTimeLine } from '../line-times.ts'
import { readDuration } from '../values.ts'
import { instantText } from './moments.ts'

/** A VALARM as a form shows it. @see RFC 5545 §3.6.6, §3.8.6.3 */
export interface ShownAlarm {
  /** Of what stands in it, so that it keeps its key whatever others do. */
  readonly key: string
  readonly action: string
  /** Seconds after the start or the end; null for one that goes off at a moment, or at a place. */
  readonly offset: number | null
  readonly related: 'start' | 'end'
  readonly at: string | null
}

/** The alarms of a component by their keys, in order. */
export function alarmsByKey({ text }: Calendar, component: Component): ReadonlyMap<string, Component> {
  const keyed = new Map<string, Component>()
  for (const alarm of components(component, 'VALARM')) {
    const key = hashOf(text.slice(alarm.start, alarm.end))
    let free = key
    for (let count = 2; keyed.has(free); count += 1) free = `${key}-${count}`
    keyed.set(free, alarm)
  }
  return keyed
}

export function alarmsOf(calendar: Calendar, component: Component): ShownAlarm[] {
  return [...alarmsByKey(calendar, component)].map(([key, alarm]) => ({
    key,
    action: property(alarm, 'ACTION')?.value.trim().toUpperCase() ?? '',
    ...triggerOf(calendar, alarm),
  }))
}

function triggerOf(calendar: Calendar, alarm: Component): Pick<ShownAlarm, 'offset' | 'related' | 'at'> {
  const nothing = { offset: null, related: 'start', at: null } as const
  const line = property(alarm, 'TRIGGER')
  if (!line) return nothing
  const related = parameter(line, 'RELATED')?.toUpperCase() === 'END' ? 'end' : 'start'
  const duration = quietly(() => readDuration(line.value))
  if (duration) return { offset: (duration.days * dayMs + duration.ms) / 1000, related, at: null }
  const time = quietly(() => readTimeLine(line))
  if (!time) return nothing
  const zone = clockOf(time, calendar).zone
  return { ...nothing, at: instantText(zone ? zone.toUtc(time.wall) : time.wall) }
}
