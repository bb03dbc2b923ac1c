import { caldav } from '../../../protocol/dav/names.ts'
import { multiget } from './multiget.ts'
import type { Report } from './report.ts'

export const calendarMultiget: Report = {
  name: caldav('calendar-multiget'),
  rfc: 'RFC 4791 §7.9',
  on: ['calendar', 'event', 'calendar-home'],
  answer: (call, resource, body) => multiget(call, resource, 'calendar', body),
}
