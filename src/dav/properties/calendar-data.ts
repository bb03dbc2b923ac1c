import { readCalendarData } from '../../../protocol/dav/calendar-data.ts'
import { caldav } from '../../../protocol/dav/names.ts'
import { refuse } from '../../../protocol/dav/preconditions.ts'
import { escapeText } from '../../../protocol/dav/xml-write.ts'
import {
  countInstances,
  jCalText,
  selectedData,
  withWantedTimezones,
} from '../../features/calendars/calendar-data.ts'
import { asked, type Value } from './property.ts'

/**
 * The object itself, or the parts and instances of it that are asked for; with or without the definitions of time zones
 * as the request says (RFC 7809 §3.1.3); as jCal where that is asked for.
 * Throws number-of-matches-within-limits when the answer would hold too many instances.
 */
export const calendarData = asked(caldav('calendar-data'), {
  rfc: 'RFC 4791 §9.6',
  on: ['event'],
  needs: ['text'],
  read: (element, { settings, zone, instances, timezones }) => {
    const { isJson, ...parts } = element ? readCalendarData(element) : {}
    const given = (text: string): Value => {
      const wanted = withWantedTimezones(text, timezones)
      const written = isJson ? jCalText(wanted) : wanted
      return written && escapeText(written)
    }
    if (Object.keys(parts).length === 0) return ({ text }) => (text === undefined ? undefined : given(text))
    const { answerInstances: maxInstances, recurrenceSteps: steps } = settings.limits
    return ({ text }) => {
      const selected =
        text === undefined ? undefined : selectedData(text, parts, { zone, maxInstances, steps })
      if (selected === undefined) return undefined
      if (parts.expand) instances.left -= countInstances(selected)
      if (instances.left < 0) throw tooMany(maxInstances)
      return given(selected)
    }
  },
})

/** @see RFC 4791 §7.8 */
function tooMany(limit: number): Error {
  return refuse('number-of-matches-within-limits', {
    message: `An answer may hold ${limit} instances at most: ask for a shorter range.`,
  })
}
