import type { z } from 'zod'
import type { CollectionPatch } from '../../../storage/collections.ts'
import type { CollectionId } from '../../../storage/ids.ts'
import type { Reader } from '../../../storage/store.ts'
import { change, idIn, look, type Route } from '../../api/route.ts'
import type { Session } from '../../auth/session.ts'
import { writingOf } from '../calendar-events/change-routes.ts'
import { calendar } from '../calendars/schema.ts'
import { shownCalendars } from '../calendars/show-calendars.ts'
import { listBooks, readBooks, shownBook } from '../cards/books.ts'
import { book } from '../cards/schema.ts'
import { notThere } from '../people/asking.ts'
import { changeHeld, makeOwn, mustHold, removeHeld } from './change-collections.ts'
import { bookChange, calendarChange, newBook, newCalendar } from './schema.ts'

const affects = 'other'
const calendars = { scope: 'calendars', affects } as const
const books = { scope: 'people', affects } as const

/** Calendars, lists of tasks and address books themselves: made, called otherwise, coloured, thrown away. */
export const homeCollectionRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/calendars/:id', summary: 'A calendar or a list of tasks', scope: 'calendars' },
    { reply: calendar },
    (call) =>
      call.store.read(async (reader) => ({ body: await calendarOf(reader, call.session, idIn(call)) })),
  ),
  change(
    { method: 'POST', path: '/calendars', summary: 'Make a calendar or a list of tasks', ...calendars },
    { body: newCalendar, reply: calendar, statuses: [201] },
    async (tx, call) => {
      const components = call.body.components.join(',')
      const made = await makeOwn(tx, 'calendar', { ...patchOf(call.body), components }, writingOf(call))
      const headers = { Location: `/api/calendars/${made.id}` }
      return { body: await calendarOf(tx, call.session, made.id), headers }
    },
  ),
  change(
    {
      method: 'PATCH',
      path: '/calendars/:id',
      summary: 'Change what a calendar is called, and its looks',
      ...calendars,
    },
    { body: calendarChange, reply: calendar },
    async (tx, call) => {
      const held = await mustHold(tx, call.session, { id: idIn(call), kind: 'calendar' })
      await changeHeld(tx, held, patchOf(call.body), writingOf(call))
      return { body: await calendarOf(tx, call.session, held.row.id) }
    },
  ),
  change(
    { method: 'DELETE', path: '/calendars/:id', summary: 'Send a calendar to the trash', ...calendars },
    {},
    async (tx, call) => {
      const held = await mustHold(tx, call.session, { id: idIn(call), kind: 'calendar' })
      await removeHeld(tx, held, writingOf(call))
      return {}
    },
  ),
  look(
    { method: 'GET', path: '/books/:id', summary: 'An address book', scope: 'people' },
    { reply: book },
    async (call) => {
      const found = (await listBooks(call, call.session)).find(({ row }) => row.id === idIn(call))
      if (!found) throw notThere()
      return { body: shownBook(found, call.session.principal.id) }
    },
  ),
  change(
    { method: 'POST', path: '/books', summary: 'Make an address book', ...books },
    { body: newBook, reply: book, statuses: [201] },
    async (tx, call) => {
      const made = await makeOwn(tx, 'addressbook', patchOf(call.body), writingOf(call))
      return { body: await bookOf(tx, call.session, made.id), headers: { Location: `/api/books/${made.id}` } }
    },
  ),
  change(
    { method: 'PATCH', path: '/books/:id', summary: 'Change what an address book is called', ...books },
    { body: bookChange, reply: book },
    async (tx, call) => {
      const held = await mustHold(tx, call.session, { id: idIn(call), kind: 'addressbook' })
      await changeHeld(tx, held, patchOf(call.body), writingOf(call))
      return { body: await bookOf(tx, call.session, held.row.id) }
    },
  ),
  change(
    { method: 'DELETE', path: '/books/:id', summary: 'Send an address book to the trash', ...books },
    {},
    async (tx, call) => {
      const held = await mustHold(tx, call.session, { id: idIn(call), kind: 'addressbook' })
      await removeHeld(tx, held, writingOf(call))
      return {}
    },
  ),
]

async function calendarOf(reader: Reader, session: Session, id: CollectionId) {
  const all = await shownCalendars(reader, session)
  const found = all.calendars.find((own) => own.id === id)
  if (!found) throw notThere()
  return found
}

async function bookOf(reader: Reader, session: Session, id: CollectionId) {
  const found = (await readBooks(reader, session)).find(({ row }) => row.id === id)
  if (!found) throw notThere()
  return shownBook(found, session.principal.id)
}

/** What stands in the columns of a collection; what is left out stays. */
function patchOf(wish: z.output<typeof calendarChange>): CollectionPatch & { readonly isDefault?: boolean } {
  const { title, description, color, order, timeZone, isTransparent, isDefault } = wish
  return {
    ...(title !== undefined && { displayname: title }),
    ...(description !== undefined && { description }),
    ...(color !== undefined && { color }),
    ...(order !== undefined && { sortOrder: order }),
    // A definition of its own would go before the name.
    ...(timeZone !== undefined && { timezoneId: timeZone, timezone: null }),
    ...(isTransparent !== undefined && { transparent: isTransparent ? 1 : 0 }),
    ...(isDefault && { isDefault }),
  }
}
