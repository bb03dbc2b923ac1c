import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { type Birthdays, birthdaysOf } from '../../../storage/generated/birthdays.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { type ApiCall, type ApiReply, originOf, type Route, route, routeWithBody } from '../../api/route.ts'
import { bookOf } from '../accounts/own-collection.ts'
import type { Sharing } from '../sharing/sharing.ts'
import { switchOff, switchOn } from './birthdays.ts'
import { birthdaysChange, newBirthdays } from './schema.ts'

/** Calendars of the birthdays in one's address books. */
export const birthdayRoutes: readonly Route[] = [
  route(
    { method: 'GET', path: '/birthdays', summary: 'My calendars of birthdays' },
    async ({ store, session }) => {
      const found = await store.read((reader) => birthdaysOf(reader, session.principal.id))
      return { status: 200, body: { birthdays: found.map(shown) } }
    },
  ),
  routeWithBody(
    { method: 'POST', path: '/birthdays', summary: 'Make a calendar of the birthdays in a book of mine' },
    newBirthdays,
    (call) =>
      write(call, async (tx, making) => {
        const book = await bookOf(tx, call.session.principal, call.body.book)
        const { displayName: displayname, alarms, otherDates } = call.body
        const made = await switchOn(tx, book, { displayname, alarms, otherDates }, making)
        return { status: 201, body: shown(made) }
      }),
  ),
  routeWithBody(
    { method: 'PATCH', path: '/birthdays/:id', summary: 'Change how they are told' },
    birthdaysChange,
    (call) =>
      write(call, async (tx, making) => {
        const { book } = await mustFind(tx, call)
        const { displayName: displayname, alarms, otherDates } = call.body
        const changed = await switchOn(tx, book, { displayname, alarms, otherDates }, making)
        return { status: 200, body: shown(changed) }
      }),
  ),
  route({ method: 'DELETE', path: '/birthdays/:id', summary: 'Take the calendar away' }, (call) =>
    write(call, async (tx, making) => {
      await switchOff(tx, await mustFind(tx, call), making)
      return { status: 204 }
    }),
  ),
]

function write<Body>(
  call: ApiCall<Body>,
  change: (tx: Writer, making: Sharing) => Promise<ApiReply>,
): Promise<ApiReply> {
  const { settings, newId } = call
  return call.store.write((tx) => change(tx, { origin: originOf(call), settings, newId }))
}

async function mustFind(reader: Reader, { session, params }: ApiCall<unknown>): Promise<Birthdays> {
  const found = (await birthdaysOf(reader, session.principal.id)).find(
    ({ calendar }) => String(calendar.id) === params.id,
  )
  if (!found) throw refuseStatus(404, 'There is nothing at this address.')
  return found
}

function shown({ book, calendar, alarms, otherDates }: Birthdays) {
  return {
    id: calendar.id,
    book: { name: book.name, displayName: book.displayname || book.name },
    calendar: { name: calendar.name, displayName: calendar.displayname || calendar.name },
    alarms,
    otherDates: otherDates === 1,
  }
}
