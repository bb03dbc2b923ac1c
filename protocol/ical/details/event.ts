import { parameter } from '../../text/content-lines.ts'
import { type Calendar, properties, property } from '../calendar.ts'
import type { Instance } from '../instances.ts'
import { clockOf, timeOf } from '../line-times.ts'
import type { Series, Timed } from '../series.ts'
import { type CommonDetails, commonDetails, recurrenceOf, type ShownRecurrence, word } from './common.ts'
import { wallText, zoneName } from './moments.ts'

/** What is shown of an event. */
export interface EventDetails extends CommonDetails {
  readonly start: string
  readonly end: string
  readonly allDay: boolean
  readonly zone: string | null
  readonly endZone: string | null
  readonly status: string | null
  readonly transparency: 'opaque' | 'transparent'
  readonly links: readonly { readonly uri: string; readonly label: string | null }[]
  readonly recurrence: ShownRecurrence | null
}

/**
 * What is shown of an event, as one of its components says it.
 * @param instance  the time that is asked for; without it that of the component
 */
export function eventDetails(
  calendar: Calendar,
  { master }: Series,
  own: Timed,
  instance?: Instance | undefined,
): EventDetails {
  const { component } = own
  return {
    ...commonDetails(calendar, component),
    ...timesOfEvent(calendar, own, instance),
    status: word(component, 'STATUS') || null,
    transparency: word(component, 'TRANSP') === 'TRANSPARENT' ? 'transparent' : 'opaque',
    links: properties(component, 'CONFERENCE').map((line) => ({
      uri: line.value.trim(),
      label: parameter(line, 'LABEL') ?? null,
    })),
    recurrence: master ? recurrenceOf(calendar, master) : null,
  }
}

type Times = Pick<EventDetails, 'start' | 'end' | 'allDay' | 'zone' | 'endZone'>

function timesOfEvent(calendar: Calendar, own: Timed, instance: Instance | undefined): Times {
  const { clock, start, length } = own
  const wallStart = instance?.wallStart ?? start.wall
  const wallEnd = instance?.wallEnd ?? endOf(own, start.wall + length.days * 86_400_000)
  const end = property(own.component, 'DTEND') && timeOf(own.component, 'DTEND')
  const endClock = end && end.form !== 'date' ? clockOf(end, calendar) : clock
  const isOther = clock.zone && endClock.zone && endClock.zone !== clock.zone
  const shownEnd = isOther && clock.zone ? endClock.zone?.toWall(clock.zone.toUtc(wallEnd)) : wallEnd
  return {
    start: wallText(wallStart, clock.isDate),
    end: wallText(shownEnd ?? wallEnd, clock.isDate),
    allDay: clock.isDate,
    zone: clock.isDate ? null : zoneName(clock.zone),
    endZone: isOther ? zoneName(endClock.zone) : null,
  }
}

/** Hours are counted on a stopwatch. @see RFC 5545 §3.3.6 */
function endOf({ clock, length }: Timed, day: number): number {
  return clock.zone ? clock.zone.toWall(clock.zone.toUtc(day) + length.ms) : day + length.ms
}
