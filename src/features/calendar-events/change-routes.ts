import type { Writer } from '../../../storage/store.ts'
import { checkMatch } from '../../api/conditions.ts'
import { type ChangeCall, change, idIn, originOf, type Route } from '../../api/route.ts'
import { mustSeeCalendar, mustSeeObject, type SeenObject } from './calendar-events.ts'
import { editEvent, makeEvent, removeEvent } from './edit-events.ts'
import { changedEvent, event, eventChange, newEvent, scopeQuery, transferTo } from './schema.ts'
import { shownEvent } from './show-event.ts'
import { copyMember, moveMember, type Writing } from './store-member.ts'

const scope = 'calendars'
const affects = 'other'

/** Changes of events over the API. */
export const eventChangeRoutes: readonly Route[] = [
  change(
    { method: 'POST', path: '/calendar-events', summary: 'Make an event', scope, affects },
    { body: newEvent, reply: event, statuses: [201] },
    async (tx, call) => {
      const calendar = await mustSeeCalendar(tx, call.session, call.body.calendar)
      return shownNew(await makeEvent(tx, calendar, call.body, writingOf(call)), call)
    },
  ),
  change(
    {
      method: 'PATCH',
      path: '/calendar-events/:id',
      summary: 'Edit one instance of an event, those from it on, or all: every other line of it stays',
      ...{ scope, affects },
    },
    { body: eventChange, query: scopeQuery, reply: changedEvent },
    async (tx, call) => {
      const seen = await mustMatch(tx, call)
      const asked = { change: call.body, scope: call.query }
      const { before, instance, seen: now } = await editEvent(tx, seen, asked, writingOf(call))
      const body = shownEvent(now, instance, call.settings)
      const left = before ? { id: before.stored.id, etag: before.row.etag } : null
      return { body: { ...body, before: left }, etag: body.etag }
    },
  ),
  change(
    {
      method: 'DELETE',
      path: '/calendar-events/:id',
      summary: 'Take one instance of an event away, those from it on, or all of it',
      ...{ scope, affects },
    },
    { query: scopeQuery },
    async (tx, call) => {
      await removeEvent(tx, await mustMatch(tx, call), call.query, writingOf(call))
      return {}
    },
  ),
  change(
    {
      method: 'POST',
      path: '/calendar-events/:id/move',
      summary: 'Move an event to another calendar',
      ...{ scope, affects },
    },
    { body: transferTo, reply: event },
    async (tx, call) => {
      const seen = await mustMatch(tx, call)
      const target = await mustSeeCalendar(tx, call.session, call.body.calendar)
      const body = shownEvent(await moveMember(tx, seen, target, writingOf(call)), undefined, call.settings)
      return { body, etag: body.etag }
    },
  ),
  change(
    {
      method: 'POST',
      path: '/calendar-events/:id/copy',
      summary: 'Copy an event into another calendar',
      ...{ scope, affects },
    },
    { body: transferTo, reply: event, statuses: [201] },
    async (tx, call) => {
      const seen = await mustMatch(tx, call)
      const target = await mustSeeCalendar(tx, call.session, call.body.calendar)
      return shownNew(await copyMember(tx, seen, target, writingOf(call)), call)
    },
  ),
]

export type AnyCall = Pick<
  ChangeCall<unknown, unknown>,
  | ('session' | 'params' | 'requestId' | 'settings' | 'now' | 'newId')
  | ('ifMatch' | 'ifNoneMatch' | 'isMatchJudged')
>

/** The event in the path, as whoever asks has read it last. @throws refusal 404, 412 */
async function mustMatch(tx: Writer, call: AnyCall): Promise<SeenObject> {
  const seen = await mustSeeObject(tx, call.session, { id: idIn(call), component: 'VEVENT' })
  checkMatch(call, seen.row.etag)
  return seen
}

function shownNew(seen: SeenObject, { settings }: AnyCall) {
  const body = shownEvent(seen, undefined, settings)
  return { body, etag: body.etag, headers: { Location: `/api/calendar-events/${body.id}` } }
}

/** Who writes by a call. */
export function writingOf(call: AnyCall): Writing {
  const { settings, now, newId, session } = call
  return { settings, now, newId, session, origin: originOf(call) }
}
