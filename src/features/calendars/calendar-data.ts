import { readCalendar } from '../../../protocol/ical/calendar.ts'
import type { CalendarDataRequest } from '../../../protocol/ical/filter-types.ts'
import { renderCalendarData } from '../../../protocol/ical/partial.ts'
import { utcZone } from '../../../protocol/ical/timezone.ts'

/**
 * The parts and instances of an object that a client asks for; undefined for an object that cannot be read, or whose
 * instances cost more than the limits (law 9).
 * @see RFC 4791 §9.6
 */
export function selectedData(
  text: string,
  request: CalendarDataRequest,
  limits: { readonly steps: number; readonly maxInstances: number },
): string | undefined {
  const { steps, maxInstances } = limits
  try {
    return renderCalendarData(readCalendar(text), request, { zone: utcZone, budget: { steps }, maxInstances })
  } catch {
    return undefined
  }
}
