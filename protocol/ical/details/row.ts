import type { Budget } from '../budget.ts'
import { type Calendar, type Component, property, readCalendar } from '../calendar.ts'
import { type Instance, instancesTouching } from '../instances.ts'
import { clockOf, wallOn } from '../line-times.ts'
import { overlaps } from '../overlap.ts'
import { readSeries, type Series } from '../series.ts'
import type { Zone } from '../timezone.ts'
import { categoriesOf, plainText, word } from './common.ts'
import { instanceName, instantText, wallText, zoneName } from './moments.ts'

/** What a list shows of one time at which an event takes place. */
export interface EventRow {
  /** Epoch milliseconds, by which lists are sorted. */
  readonly startAt: number
  readonly instance: string | null
  readonly start: string
  readonly end: string
  readonly allDay: boolean
  readonly zone: string | null
  readonly isRecurring: boolean
  readonly isException: boolean
  readonly look: EventLook
}

/** What the instances of one component have in common. */
export interface EventLook {
  readonly title: string
  readonly location: string
  readonly status: string | null
  readonly transparency: 'opaque' | 'transparent'
  readonly class: string
  readonly color: string | null
  readonly categories: readonly string[]
  readonly hasAlarm: boolean
  readonly attendees: number
}

export interface RowRange {
  /** Epoch milliseconds; the end is not included. */
  readonly from: number
  readonly to: number
  /** Of days, and of times on no clock. */
  readonly zone: Zone
}

/**
 * The times of an event that lie in a range, overrides first.
 * @throws InvalidObjectError, BudgetError
 */
export function* eventRows(text: string, { from, to, zone }: RowRange, budget: Budget): Generator<EventRow> {
  const calendar = readCalendar(text)
  const looks = new Map<Component, EventLook>()
  for (const series of readSeries(calendar, 'VEVENT')) {
    for (const instance of instancesTouching(series, { from, to, zone }, budget)) {
      if (!overlaps(instance, instance.shape, { start: from, end: to })) continue
      const { component } = instance
      const look = looks.get(component) ?? lookOf(component)
      looks.set(component, look)
      yield rowOf(calendar, series, instance, look)
    }
  }
}

/** The name of an instance on the clock of its series; null where nothing recurs. */
export function nameOfInstance(
  calendar: Calendar,
  { master }: Series,
  { recurrenceId }: Instance,
): string | null {
  if (!recurrenceId) return null
  if (!master || (recurrenceId.form === 'date') !== master.clock.isDate) return instanceName(recurrenceId)
  const wall = wallOn(master.clock, recurrenceId.wall, clockOf(recurrenceId, calendar))
  return instanceName({ ...master.start, wall })
}

function rowOf(calendar: Calendar, series: Series, instance: Instance, look: EventLook): EventRow {
  const { start, end, wallStart, wallEnd, allDay, floating, zone, component } = instance
  const text = (instant: number, wall: number): string =>
    floating ? wallText(wall, allDay) : instantText(instant)
  return {
    startAt: start,
    instance: nameOfInstance(calendar, series, instance),
    start: text(start, wallStart),
    end: text(end, wallEnd),
    allDay,
    zone: floating ? null : zoneName(zone),
    isRecurring: series.recurs,
    isException: series.master !== undefined && series.master.component !== component,
    look,
  }
}

function lookOf(component: Component): EventLook {
  let attendees = 0
  for (const { name } of component.lines) if (name === 'ATTENDEE') attendees += 1
  return {
    title: plainText(component, 'SUMMARY'),
    location: plainText(component, 'LOCATION'),
    status: word(component, 'STATUS') || null,
    transparency: word(component, 'TRANSP') === 'TRANSPARENT' ? 'transparent' : 'opaque',
    class: word(component, 'CLASS')?.toLowerCase() || 'public',
    color: property(component, 'COLOR')?.value.trim().toLowerCase() || null,
    categories: categoriesOf(component),
    hasAlarm: component.components.some(({ name }) => name === 'VALARM'),
    attendees,
  }
}
