import { refuse } from '../../../protocol/dav/preconditions.ts'
import { readCalendar } from '../../../protocol/ical/calendar.ts'
import { ianaZone, utcZone, type Zone, zoneFor } from '../../../protocol/ical/timezone.ts'
import { writeTimezone } from '../../../protocol/ical/write-timezone.ts'

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

/**
 * A time zone name as it was given, but for its case; undefined for one that is not known. An alias stays itself: the
 * canonical name of Asia/Kolkata, as Intl has it, is an older one.
 * @see RFC 7809 §5.2
 */
export function zoneIdOf(name: string): string | undefined {
  const canonical = ianaZone(name)?.name
  return canonical?.toLowerCase() === name.toLowerCase() ? canonical : canonical && name
}

/** The value of CALDAV:calendar-timezone: what was set, or the zone that was set by name. @see RFC 7809 §3.1.5 */
export function calendarTimezone({ timezone, timezoneId }: ZoneColumns): string | undefined {
  const zone = timezone === null && timezoneId !== null ? ianaZone(timezoneId) : undefined
  if (!zone || timezoneId === null) return timezone ?? undefined
  const head = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Farley//EN\r\n'
  return `${head}${writeTimezone(timezoneId, zone)}END:VCALENDAR\r\n`
}

/** How a collection says its zone: by a VTIMEZONE, a name, or both. */
interface ZoneColumns {
  readonly timezone: string | null
  readonly timezoneId: string | null
}

/** The zone floating times of a calendar are read in: its own, else UTC. */
export function floatingZone({ timezone, timezoneId }: ZoneColumns): Zone {
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
