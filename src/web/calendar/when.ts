import type { EventDetails } from './calendar.ts'
import { addDays, knownZone, momentIn } from './times.ts'

/** When an event takes place, in words, on the clocks of the zone that is shown. */
export function whenText(
  language: string,
  { allDay, start, end, zone }: EventDetails,
  shown: string,
): string {
  if (allDay) {
    const days = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeZone: 'UTC' })
    return days.formatRange(new Date(start), new Date(addDays(end, -1)))
  }
  const own = zone ?? shown
  const times = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'short', timeZone: shown })
  return times.formatRange(momentIn(own, start), momentIn(own, end))
}

/** The same on the clock that it was entered by; undefined where that shows the same. */
export function otherClockText(
  language: string,
  { allDay, start, zone }: EventDetails,
  shown: string,
): string | undefined {
  if (allDay || zone === null) return undefined
  const at = momentIn(zone, start)
  const text = (timeZone: string): string =>
    new Intl.DateTimeFormat(language, {
      dateStyle: 'medium',
      timeStyle: 'short',
      timeZone: knownZone(timeZone),
    }).format(at)
  return text(zone) === text(shown) ? undefined : `${text(zone)} (${zone.replaceAll('_', ' ')})`
}
