import type { Parameter } from '../../text/content-lines.ts'
import { writeLine } from '../../text/write-line.ts'
import type { Calendar } from '../calendar.ts'
import { dayMs } from '../gregorian.ts'
import { type Clock, clockOf } from '../line-times.ts'
import { ianaZone, utcZone, zoneFor } from '../timezone.ts'
import { formatTime, type IcalTime, type TimeForm } from '../values.ts'
import { applyEdits } from '../write-lines.ts'
import { writeTimezone } from '../write-timezone.ts'
import { EditError } from './patch.ts'

/** How times are to be written. */
export interface WriteClock extends Clock {
  readonly form: TimeForm
  /** What the object calls the zone, for form 'zoned'. */
  readonly tzid?: string | undefined
}

/** The clock that a time is on, to write others as it is written. */
export function writeClockOf(time: IcalTime, calendar: Calendar): WriteClock {
  return { ...clockOf(time, calendar), form: time.form, tzid: time.tzid }
}

export const dateClock: WriteClock = { form: 'date', isDate: true, zone: undefined }
const floatingClock: WriteClock = { form: 'floating', isDate: false, zone: undefined }
const utcClock: WriteClock = { form: 'utc', isDate: false, zone: utcZone }

/**
 * The clock of a zone by its name; null floats. What the object calls the zone already, it goes on calling it.
 * @param present  the clock that the time is on now
 * @throws EditError for a zone that is not known
 */
export function clockNamed(
  name: string | null,
  present: WriteClock | undefined,
  calendar: Calendar,
): WriteClock {
  if (name === null) return floatingClock
  if (present && !present.isDate && present.zone?.name === name) return present
  if (name === 'UTC') return utcClock
  const zone = ianaZone(name)
  if (!zone) throw new EditError(`There is no time zone ${name}.`)
  const known = [...calendar.timezones.keys()].find((tzid) => zoneFor(tzid, calendar.timezones) === zone)
  return { form: 'zoned', isDate: false, zone, tzid: known ?? name }
}

/** Whether times are written alike on two clocks. */
export function isSameClock(one: WriteClock, other: WriteClock): boolean {
  return one.form === other.form && one.tzid === other.tzid
}

/** A wall time on a clock as a value. */
export function timeValue(wall: number, { form }: WriteClock): string {
  return formatTime(form === 'date' ? Math.floor(wall / dayMs) * dayMs : wall, form)
}

/** A line with one time, or with several. @param kept  other parameters */
export function timeLine(
  name: string,
  values: readonly string[],
  { form, tzid }: WriteClock,
  kept: readonly Parameter[] = [],
): string {
  const others = kept.filter((own) => own.name !== 'TZID' && own.name !== 'VALUE')
  const own: Parameter[] =
    form === 'date'
      ? [{ name: 'VALUE', values: ['DATE'] }]
      : form === 'zoned' && tzid !== undefined
        ? [{ name: 'TZID', values: [tzid] }]
        : []
  return writeLine(name, [...own, ...others], values.join(','))
}

/** The object with the definition of a zone that its times name. @see RFC 5545 §3.2.19, §3.6.5 */
export function withDefinition(calendar: Calendar, { form, tzid, zone }: WriteClock): string {
  const [first] = calendar.root.components
  if (form !== 'zoned' || tzid === undefined || !zone || !first || calendar.timezones.has(tzid))
    return calendar.text
  return applyEdits(calendar.text, [
    { start: first.start, end: first.start, text: writeTimezone(tzid, zone) },
  ])
}

/** What is said of a moment in a form: 2026-12-31, or 2026-12-31T09:00:00. @throws EditError */
export function readMoment(text: string): { readonly wall: number; readonly isDate: boolean } {
  const isDate = !text.includes('T')
  const wall = Date.parse(isDate ? `${text}T00:00:00Z` : `${text}Z`)
  if (Number.isNaN(wall)) throw new EditError(`There is no such time: ${text.slice(0, 40)}.`)
  return { wall, isDate }
}
