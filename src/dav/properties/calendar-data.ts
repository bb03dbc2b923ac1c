import { readCalendarData } from '../../../protocol/dav/calendar-data.ts'
import { caldav } from '../../../protocol/dav/names.ts'
import { refuse } from '../../../protocol/dav/preconditions.ts'
import { escapeText } from '../../../protocol/dav/xml-write.ts'
import { countInstances, selectedData, withWantedTimezones } from '../../features/calendars/calendar-data.ts'
import { asked } from './property.ts'

/**
 * The object itself, or the parts and instances of it that are asked for; with or without the definitions of time zones
 * as the request says (RFC 7809 §3.1.3).
 * Throws number-of-matches-within-limits when the answer would hold too many instances.
 */
export const calendarData = asked(caldav('calendar-data'), {
  rfc: 'RFC 4791 §9.6',
  on: ['event'],
  needs: ['text'],
  read: (element, { settings, zone, instances, timezones }) => {
    const request = element && readCalendarData(element)
    if (!request || Object.keys(request).length === 0) {
      return ({ text }) => (text === undefined ? undefined : escapeText(withWantedTimezones(text, timezones)))
    }
    const { answerInstances: maxInstances, recurrenceSteps: steps } = settings.limits
    return ({ text }) => {
      const selected =
        text === undefined ? undefined : selectedData(text, request, { zone, maxInstances, steps })
      if (selected === undefined) return undefined
      if (request.expand) instances.left -= countInstances(selected)
      if (instances.left < 0) throw tooMany(maxInstances)
      return escapeText(withWantedTimezones(selected, timezones))
    }
  },
})

/** @see RFC 4791 §7.8 */
function tooMany(limit: number): Error {
  return refuse('number-of-matches-within-limits', {
    message: `An answer may hold ${limit} instances at most: ask for a shorter range.`,
  })
}
