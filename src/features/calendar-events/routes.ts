import { Readable } from 'node:stream'
import type { z } from 'zod'
import { readCalendar } from '../../../protocol/ical/calendar.ts'
import { plainText } from '../../../protocol/ical/details/common.ts'
import { ianaZone, utcZone } from '../../../protocol/ical/timezone.ts'
import { InvalidObjectError } from '../../../protocol/text/invalid-object.ts'
import { fileNameOf, namedAs } from '../../api/file-name.ts'
import { idIn, look, type Route } from '../../api/route.ts'
import { octetsAsFile } from '../texts.ts'
import { busyTimes } from './busy-times.ts'
import { mustSeeObject } from './calendar-events.ts'
import { eventChangeRoutes } from './change-routes.ts'
import { listEvents } from './list-events.ts'
import { previewRule } from './preview-rule.ts'
import {
  event,
  eventList,
  eventsQuery,
  freeBusy,
  freeBusyQuery,
  instanceQuery,
  rulePreview,
  rulePreviewed,
  timeZoneList,
} from './schema.ts'
import { shownEvent, shownRow } from './show-event.ts'
import { listTimeZones } from './time-zones.ts'

const scope = 'calendars'

/** Events over the API: their times in a range, each with what it says, edited as patches of its lines. */
export const eventRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/calendar-events', summary: 'The times of events in a range', scope },
    { query: eventsQuery, reply: eventList },
    async (call) => {
      const asked = { range: rangeOf(call.query), calendars: call.query.calendars }
      const { items, isCut, unreadable } = await listEvents(call, call.session, asked)
      return { body: { items: items.map(shownRow), isCut, unreadable } }
    },
  ),
  look(
    {
      method: 'GET',
      path: '/calendar-events/:id',
      summary: 'What an event says, or one instance of it',
      scope,
    },
    { query: instanceQuery, reply: event },
    (call) =>
      call.store.read(async (reader) => {
        const seen = await mustSeeObject(reader, call.session, { id: idIn(call), component: 'VEVENT' })
        const body = shownEvent(seen, call.query.instance, call.settings)
        return { body, etag: body.etag }
      }),
  ),
  look(
    { method: 'GET', path: '/calendar-events/:id/ics', summary: 'An event as a file', scope },
    { gives: ['text/calendar'] },
    (call) =>
      call.store.read(async (reader) => {
        const seen = await mustSeeObject(reader, call.session, { id: idIn(call), component: 'VEVENT' })
        const { stored, text, calendar } = seen
        const name = fileNameOf(titleIn(text), 'ics', `event-${stored.id}`)
        const headers = {
          'Content-Type': 'text/calendar; charset=utf-8',
          'Content-Disposition': `attachment; ${namedAs(name)}`,
        }
        const octets = calendar.view ? Buffer.from(text) : await octetsAsFile(reader, stored, text)
        return { headers, body: Readable.from([octets], { objectMode: false }) }
      }),
  ),
  look(
    { method: 'GET', path: '/free-busy', summary: 'When somebody is busy', scope },
    { query: freeBusyQuery, reply: freeBusy },
    async (call) => {
      const { who, from, to } = call.query
      return {
        body: await busyTimes(call, call.session, { who, start: Date.parse(from), end: Date.parse(to) }),
      }
    },
  ),
  look(
    { method: 'GET', path: '/time-zones', summary: 'The time zones that are known', scope: 'none' },
    { reply: timeZoneList },
    async ({ now }) => ({ body: { zones: listTimeZones(now()) } }),
  ),
  look(
    {
      method: 'POST',
      path: '/calendar-events/preview-rule',
      summary: 'The first instances of a rule',
      scope,
    },
    { body: rulePreview, reply: rulePreviewed },
    async ({ body, settings }) => ({ body: previewRule(body, settings) }),
  ),
  ...eventChangeRoutes,
]

/** What an event is called; empty for what cannot be read: it is given as it is all the same. */
function titleIn(text: string): string {
  try {
    const found = readCalendar(text).root.components.find(({ name }) => name === 'VEVENT')
    return found ? plainText(found, 'SUMMARY') : ''
  } catch (error) {
    if (error instanceof InvalidObjectError) return ''
    throw error
  }
}

/** Days begin at midnight in the zone that is asked for. */
function rangeOf({ from, to, zone: name }: z.output<typeof eventsQuery>) {
  const zone = ianaZone(name) ?? utcZone
  const edge = (text: string): number =>
    text.includes('T') ? Date.parse(text) : zone.toUtc(Date.parse(`${text}T00:00:00Z`))
  return { from: edge(from), to: edge(to), zone }
}
