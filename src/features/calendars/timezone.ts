import { refuse } from '../../../protocol/dav/preconditions.ts'
import { readCalendar } from '../../../protocol/ical/calendar.ts'
import { ianaZone, utcZone, type Zone, zoneFor } from '../../../protocol/ical/timezone.ts'

/**
 * Checks a CALDAV:calendar-timezone value: one iCalendar object with one VTIMEZONE.
 * @returns the IANA name of the zone; undefined for a zone of its own making
 * @throws valid-calendar-data (RFC 4791 §5.2.2)
 */
export function readCalendarTimezone(text: string): string | undefined {
  try {
    const { timezones: zones } = readCalendar(text)
    const [tzid] = [...zones.keys()]
    if (tzid === undefined || zones.size !== 1) throw new Error('not one VTIMEZONE')
    return zoneIdOf(tzid) ?? zoneFor(tzid, zones)?.name
  } catch {
    throw refuse('valid-calendar-data', { message: 'A calendar-timezone holds one VTIMEZONE.' })
  }
}

/** The canonical form of a time zone name; undefined for one that is not known. @see RFC 7809 §5.2 */
export function zoneIdOf(name: string): string | undefined {
  return ianaZone(name)?.name
}

/** The zone floating times of a calendar are read in: its own, else UTC. */
export function floatingZone(collection: { timezone: string | null; timezoneId: string | null }): Zone {
  const { timezone, timezoneId } = collection
  const named = timezoneId === null ? undefined : ianaZone(timezoneId)
  if (named || timezone === null) return named ?? utcZone
  return zoneOf(timezone) ?? utcZone
}

/** The zone of the only VTIMEZONE in an iCalendar object; undefined when there is none, or none to read. */
export function zoneOf(text: string): Zone | undefined {
  try {
    const { timezones } = readCalendar(text)
    const [tzid, ...others] = [...timezones.keys()]
    return tzid === undefined || others.length > 0 ? undefined : zoneFor(tzid, timezones)
  } catch {
    return undefined
  }
}
