import { parameter, unescapeText } from '../../text/content-lines.ts'
import { type Calendar, type Component, properties, property } from '../calendar.ts'
import { clockOf, quietly, readTimeLine } from '../line-times.ts'
import type { Series, Timed } from '../series.ts'
import { type CommonDetails, commonDetails, recurrenceOf, type ShownRecurrence, word } from './common.ts'
import { instantText, wallText, zoneName } from './moments.ts'

export type TaskStatus = 'needs-action' | 'in-process' | 'completed' | 'cancelled'

/** What is shown of a to-do. */
export interface TaskDetails extends CommonDetails {
  readonly status: TaskStatus
  readonly percent: number
  readonly completedAt: string | null
  readonly start: string | null
  readonly due: string | null
  readonly zone: string | null
  /** The UID of the one that it is a part of. */
  readonly parentUid: string | null
  readonly order: number | null
  readonly recurrence: ShownRecurrence | null
}

/** What is shown of a to-do, as one of its components says it. */
export function taskDetails(
  calendar: Calendar,
  component: Component,
  master: Timed | undefined,
): TaskDetails {
  const [start, due] = [momentOf(calendar, component, 'DTSTART'), momentOf(calendar, component, 'DUE')]
  return {
    ...commonDetails(calendar, component),
    status: statusOf(component),
    percent: numberOf(component, 'PERCENT-COMPLETE', 100) ?? (statusOf(component) === 'completed' ? 100 : 0),
    completedAt: momentOf(calendar, component, 'COMPLETED')?.instant ?? null,
    start: start?.text ?? null,
    due: due?.text ?? null,
    zone: (due ?? start)?.zone ?? null,
    parentUid: parentUid(component),
    order: numberOf(component, 'X-APPLE-SORT-ORDER'),
    recurrence: master ? recurrenceOf(calendar, master) : null,
  }
}

/** The component that a to-do is shown by: the master, or, of one that is an exception alone, that. */
export function taskComponent({ root }: Calendar, { master, overrides }: Series): Component | undefined {
  const timed = master ?? overrides[0]
  if (timed) return timed.component
  // One without any time is in no series.
  const todos = root.components.filter(({ name }) => name === 'VTODO')
  return todos.find((todo) => !property(todo, 'RECURRENCE-ID')) ?? todos[0]
}

/** @see RFC 5545 §3.8.1.11, §3.8.2.1 */
export function statusOf(component: Component): TaskStatus {
  const status = word(component, 'STATUS')
  if (status === 'CANCELLED') return 'cancelled'
  if (status === 'COMPLETED' || property(component, 'COMPLETED')) return 'completed'
  return status === 'IN-PROCESS' ? 'in-process' : 'needs-action'
}

/** @see RFC 5545 §3.8.4.5 */
export function parentUid(component: Component): string | null {
  const line = properties(component, 'RELATED-TO').find(
    (own) => (parameter(own, 'RELTYPE') ?? 'PARENT').toUpperCase() === 'PARENT',
  )
  return line ? unescapeText(line.value.trim()) || null : null
}

function momentOf(calendar: Calendar, component: Component, name: string) {
  const line = property(component, name)
  const time = line && quietly(() => readTimeLine(line))
  if (!time) return undefined
  const { zone, isDate } = clockOf(time, calendar)
  const instant = instantText((zone ?? { toUtc: (wall: number) => wall }).toUtc(time.wall))
  return { text: wallText(time.wall, isDate), zone: isDate ? null : zoneName(zone), instant }
}

function numberOf(component: Component, name: string, most = Number.MAX_SAFE_INTEGER): number | null {
  const value = property(component, name)?.value.trim()
  const number = Number(value || Number.NaN)
  return Number.isFinite(number) && Math.abs(number) <= most ? Math.round(number) : null
}
