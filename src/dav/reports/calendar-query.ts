import { caldav } from '../../../protocol/dav/names.ts'
import { refuse } from '../../../protocol/dav/preconditions.ts'
import { readCalendarQuery } from '../../../protocol/dav/reports.ts'
import type { CompFilter } from '../../../protocol/ical/filter-types.ts'
import type { Zone } from '../../../protocol/ical/timezone.ts'
import type { ObjectRow } from '../../../storage/objects.ts'
import { findAmong, findMatches } from '../../features/calendars/query.ts'
import { floatingZone, zoneIdOf, zoneOf } from '../../features/calendars/timezone.ts'
import { noteWindow } from '../../features/devices/positions.ts'
import { viewIn } from '../../features/views/view.ts'
import { type Call, preferencesOf } from '../call.ts'
import { createRenderer } from '../pages.ts'
import { streamedMultistatus } from '../reply.ts'
import type { ResourceOf } from '../resource.ts'
import { storedRow } from '../tree.ts'
import { cutWhereTooMuch } from './cut.ts'
import type { Report } from './report.ts'

/**
 * The objects of a calendar that match a filter, or the one that is asked, and no others. Depth does not matter
 * (MIN-17); a component the calendar does not hold matches nothing (KDE-01).
 */
export const calendarQuery: Report = {
  name: caldav('calendar-query'),
  rfc: 'RFC 4791 §7.8',
  on: ['calendar', 'event'],
  answer: async (call, resource, body) => {
    const calendar = (resource.kind === 'event' ? resource.collection : resource) as ResourceOf<'calendar'>
    const query = readCalendarQuery(body)
    const zone = zoneOfQuery(query.timezone, query.timezoneId) ?? floatingZone(calendar.row)
    const page = createRenderer(call, query.request, preferencesOf(call).minimal).members(calendar, zone)
    if (resource.kind === 'calendar') noteAsked(call, calendar, query.filter)
    const view = await viewIn(call.store, calendar)
    const matches =
      resource.kind === 'event'
        ? findAmong(call, rowsOf(resource), query.filter, zone, view)
        : findMatches(call, calendar.row, query.filter, zone, view)
    return streamedMultistatus(cutWhereTooMuch(resource.href, rendered(matches, page)))
  },
}

/** Never waited for: it is told to people who look for an event. */
function noteAsked({ session, store, log }: Call, { row }: ResourceOf<'calendar'>, filter: CompFilter): void {
  if (session.deviceId === undefined) return
  noteWindow(store, session.deviceId, row, filter).catch((error: unknown) =>
    log.warn({ err: error }, 'what a device asks for was not written'),
  )
}

/** What is stored of one object. */
function rowsOf(event: ResourceOf<'event'>): readonly ObjectRow[] {
  const row = storedRow(event)
  return row ? [row] : []
}

async function* rendered<Row>(
  pages: AsyncIterable<readonly Row[]>,
  render: (rows: readonly Row[]) => AsyncIterable<string>,
): AsyncGenerator<string> {
  for await (const rows of pages) yield* render(rows)
}

/**
 * @throws valid-timezone for a name that is not known, valid-calendar-data for a VTIMEZONE that cannot be read
 * @see RFC 4791 §7.8, §9.8; RFC 7809 §3.1.6
 */
function zoneOfQuery(timezone: string | undefined, id: string | undefined): Zone | undefined {
  if (id !== undefined) {
    const name = zoneIdOf(id)
    if (name === undefined)
      throw refuse('valid-timezone', { message: 'The time zone of the query is not known.' })
    return floatingZone({ timezone: null, timezoneId: name })
  }
  if (timezone === undefined) return undefined
  const zone = zoneOf(timezone)
  if (!zone) throw refuse('valid-calendar-data', { message: 'A timezone holds one VTIMEZONE.' })
  return zone
}
