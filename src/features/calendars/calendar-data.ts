import { readCalendar } from '../../../protocol/ical/calendar.ts'
import type { CalendarDataRequest } from '../../../protocol/ical/filter-types.ts'
import { writeJCal } from '../../../protocol/ical/jcal.ts'
import { renderCalendarData } from '../../../protocol/ical/partial.ts'
import type { Zone } from '../../../protocol/ical/timezone.ts'
import { type TimezonesWanted, withTimezones } from '../../../protocol/ical/timezone-references.ts'

/**
 * The parts and instances of an object that a client asks for; undefined for an object that cannot be read, or whose
 * instances cost more than the limits (law 9).
 * @param limits  zone: of dates and floating times
 * @see RFC 4791 §9.6
 */
export function selectedData(
  text: string,
  request: CalendarDataRequest,
  limits: { readonly zone: Zone; readonly steps: number; readonly maxInstances: number },
): string | undefined {
  const { zone, steps, maxInstances } = limits
  try {
    return renderCalendarData(readCalendar(text), request, { zone, budget: { steps }, maxInstances })
  } catch {
    return undefined
  }
}

/**
 * An object with the time zones that the client wants in it; as stored where it says nothing, and where the object cannot
 * be read (law 9).
 * @see RFC 7809 §3.1.3
 */
export function withWantedTimezones(text: string, wanted: TimezonesWanted | undefined): string {
  if (wanted === undefined) return text
  try {
    return withTimezones(readCalendar(text), wanted)
  } catch {
    return text
  }
}

/** An object as jCal; undefined for one that cannot be read. @see RFC 7265 */
export function jCalText(text: string): string | undefined {
  try {
    return JSON.stringify(writeJCal(text))
  } catch {
    return undefined
  }
}

/** How many instances an expanded object has. */
export function countInstances(expanded: string): number {
  return expanded.match(/^BEGIN:(?:VEVENT|VTODO|VJOURNAL|VFREEBUSY|AVAILABLE)\r?$/gim)?.length ?? 0
}
