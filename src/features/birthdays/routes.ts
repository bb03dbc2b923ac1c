import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { type Birthdays, birthdaysOf } from '../../../storage/generated/birthdays.ts'
import type { Reader } from '../../../storage/store.ts'
import { type ChangeCall, change, look, originOf, type RawCall, type Route } from '../../api/route.ts'
import { bookOf } from '../accounts/own-collection.ts'
import type { Sharing } from '../sharing/sharing.ts'
import { switchOff, switchOn } from './birthdays.ts'
import { birthdays, birthdaysChange, birthdaysList, newBirthdays } from './schema.ts'

const scope = 'calendars'
/** The calendar is a collection like others. */
const affects = 'other'

/** Calendars of the birthdays in one's address books. */
export const birthdayRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/birthdays', summary: 'My calendars of birthdays', scope },
    { reply: birthdaysList },
    async ({ store, session }) => {
      const found = await store.read((reader) => birthdaysOf(reader, session.principal.id))
      return { body: { birthdays: found.map(shown) } }
    },
  ),
  change(
    {
      ...{ method: 'POST', path: '/birthdays', scope, affects },
      summary:
        'Make a calendar of the birthdays in a book of mine, or bring back the last that was made of it',
    },
    { body: newBirthdays, reply: birthdays, statuses: [201] },
    async (tx, call) => {
      const book = await bookOf(tx, call.session.principal, call.body.book)
      const { displayName: displayname, ...options } = call.body
      const made = await switchOn(tx, book, { displayname, ...options }, sharingOf(call))
      return { body: shown(made) }
    },
  ),
  look(
    { method: 'GET', path: '/birthdays/:id', summary: 'One of them', scope },
    { reply: birthdays },
    (call) => call.store.read(async (reader) => ({ body: shown(await mustFind(reader, call)) })),
  ),
  change(
    { method: 'PATCH', path: '/birthdays/:id', summary: 'Change how they are told', scope, affects },
    { body: birthdaysChange, reply: birthdays },
    async (tx, call) => {
      const { book } = await mustFind(tx, call)
      const { displayName: displayname, alarms, otherDates } = call.body
      return { body: shown(await switchOn(tx, book, { displayname, alarms, otherDates }, sharingOf(call))) }
    },
  ),
  change(
    { method: 'DELETE', path: '/birthdays/:id', summary: 'Take the calendar away', scope, affects },
    {},
    async (tx, call) => {
      await switchOff(tx, await mustFind(tx, call), sharingOf(call))
      return {}
    },
  ),
]

function sharingOf(call: ChangeCall<unknown>): Sharing {
  const { settings, newId } = call
  return { origin: originOf(call), settings, newId }
}

async function mustFind(
  reader: Reader,
  { session, params }: Pick<RawCall, 'session' | 'params'>,
): Promise<Birthdays> {
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
