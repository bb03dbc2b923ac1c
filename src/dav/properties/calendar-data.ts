import { readCalendarData } from '../../../protocol/dav/calendar-data.ts'
import { caldav } from '../../../protocol/dav/names.ts'
import { escapeText } from '../../../protocol/dav/xml-write.ts'
import { bodyText } from '../../features/bodies.ts'
import { selectedData } from '../../features/calendars/calendar-data.ts'
import { asked } from './property.ts'

/** The object itself, or the parts and instances of it that are asked for. */
export const calendarData = asked(caldav('calendar-data'), {
  rfc: 'RFC 4791 §9.6',
  on: ['event'],
  needs: ['body'],
  read: (element, { settings }) => {
    const request = element && readCalendarData(element)
    if (!request || Object.keys(request).length === 0) {
      return ({ body }) => (body === undefined ? undefined : escapeText(bodyText(body)))
    }
    const limits = { maxInstances: settings.limits.answerInstances, steps: settings.limits.recurrenceSteps }
    return ({ body }) => {
      const text = body === undefined ? undefined : selectedData(bodyText(body), request, limits)
      return text === undefined ? undefined : escapeText(text)
    }
  },
})
