import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import type { BatchRow } from '../../../storage/batches/batches.ts'
import { booksOfLists } from '../../../storage/smart-lists/books.ts'
import { findSmartList, listSmartLists, type SmartListRow } from '../../../storage/smart-lists/lists.ts'
import { countMembers, listMembers, listOrders } from '../../../storage/smart-lists/members.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import type { VirtualBook } from '../../../storage/virtual/books.ts'
import { checkMatch, etagOfVersion } from '../../api/conditions.ts'
import { page, readCursor } from '../../api/cursor.ts'
import {
  type ApiCall,
  type ChangeCall,
  change,
  idIn,
  look,
  originOf,
  type RawCall,
  type Route,
  work,
} from '../../api/route.ts'
import { shown as stateOfWork } from '../bulk-people/state.ts'
import { showItems } from '../facts/show.ts'
import { notThere } from '../people/asking.ts'
import { beginFilling, copyAll } from '../virtual/virtual.ts'
import { filterOf, type NamedFilter, type OpenFilter, openFilter, openGiven } from './evaluate.ts'
import { readyFaces } from './ready-faces.ts'
import {
  listBook,
  memberPage,
  memberQuery,
  newSmartList,
  preview,
  previewRequest,
  smartList,
  smartListChange,
  smartListCounts,
  smartLists,
} from './schema.ts'
import { ownViewing } from './sight.ts'
import {
  dropList,
  editList,
  type Listing,
  makeList,
  namedIn,
  subscribeList,
  unsubscribeList,
} from './smart-lists.ts'

const scope = 'people'

/** Where a page goes on: a cursor of another order is refused, not compared with what it is not. */
function memberKey(order: string): z.ZodType<readonly [string | number, number]> {
  return z.tuple([order.endsWith('name') ? z.string() : z.number(), z.int()])
}

const pauseMs = 5

/** Lists of people by what they are: saved filters, which devices can have as address books. */
export const smartListRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/lists', summary: 'My lists', scope },
    { reply: smartLists },
    ({ store, session }) =>
      store.read(async (reader) => {
        const rows = await listSmartLists(reader, session.principal.id)
        return { body: { lists: await shownLists(reader, rows) } }
      }),
  ),
  change(
    { method: 'POST', path: '/lists', summary: 'Save a filter as a list', scope, affects: 'facts' },
    { body: newSmartList, reply: smartList, statuses: [201] },
    async (tx, call) => {
      const made = await makeList(tx, call.body, listingOf(call))
      return { ...(await shown(tx, made)), headers: { Location: `/api/lists/${made.id}` } }
    },
  ),
  look(
    { method: 'GET', path: '/lists/counts', summary: 'How many people are in each of my lists', scope },
    { reply: smartListCounts },
    async (call) => {
      await readyFaces(call)
      return call.store.read(async (reader) => {
        const counts: { id: number; count: number }[] = []
        for (const list of await listSmartLists(reader, call.session.principal.id)) {
          const { filled } = await opened(reader, call, filterOf(list))
          counts.push({ id: list.id, count: await countMembers(reader, filled) })
        }
        return { body: { counts } }
      })
    },
  ),
  look(
    { method: 'POST', path: '/lists/preview', summary: 'Try a filter before it is saved', scope },
    { body: previewRequest, reply: preview },
    async (call) => {
      await readyFaces(call)
      return call.store.read(async (reader) => {
        const { filter, limit, order } = call.body
        const named = await namedIn(reader, filter, call.session)
        const open = await openGiven(reader, await ownViewing(reader, call.session), named, call.now())
        const rows = limit === 0 ? [] : await listMembers(reader, open.filled, { ...orderOf(order), limit })
        const show = await showItems(reader, open.reach, rows)
        return { body: { count: await countMembers(reader, open.filled), items: rows.map(show) } }
      })
    },
  ),
  look(
    { method: 'GET', path: '/lists/:id', summary: 'One of my lists', scope },
    { reply: smartList },
    (call) => call.store.read(async (reader) => shown(reader, await mustFindList(reader, call))),
  ),
  change(
    { method: 'PATCH', path: '/lists/:id', summary: 'Change a list', scope, affects: 'other' },
    { body: smartListChange, reply: smartList },
    async (tx, call) => {
      const list = await mustMatch(tx, call)
      return shown(tx, await editList(tx, list, call.body, listingOf(call)))
    },
  ),
  change(
    {
      ...{ method: 'DELETE', path: '/lists/:id', scope, affects: 'other' },
      summary: 'Remove a list, and its address book',
    },
    {},
    async (tx, call) => {
      await dropList(tx, await mustMatch(tx, call), listingOf(call))
      return {}
    },
  ),
  look(
    { method: 'GET', path: '/lists/:id/members', summary: 'The people in a list', scope },
    { query: memberQuery, reply: memberPage },
    async (call) => {
      await readyFaces(call)
      return call.store.read(async (reader) => {
        const list = await mustFindList(reader, call)
        const { filled, reach } = await opened(reader, call, filterOf(list))
        const { limit, cursor, order } = call.query
        const after = readCursor(cursor, memberKey(order))
        const rows = await listMembers(reader, filled, { ...orderOf(order), after, limit: limit + 1 })
        const show = await showItems(reader, reach, rows.slice(0, limit))
        return { body: page(rows, limit, { keyOf: ({ key, objectId }) => [key, objectId], shown: show }) }
      })
    },
  ),
  work(
    {
      method: 'POST',
      path: '/lists/:id/book',
      summary: 'Have a list as an address book; one of many people is filled by a job',
      scope,
      affects: 'other',
    },
    { reply: listBook, statuses: [201, 202] },
    async (call) => {
      const { collection, batch } = await call.store.write((tx) => subscribed(tx, call))
      const body = { id: collection.id, name: collection.name }
      if (batch) return { status: 202, body: { ...body, work: stateOfWork(batch) } }
      // So that writes of clients come between the parts.
      await copyAll(call, collection.id, () => wait(pauseMs))
      return { body }
    },
  ),
  change(
    {
      method: 'DELETE',
      path: '/lists/:id/book',
      summary: 'Have a list as an address book no more',
      scope,
      affects: 'other',
    },
    {},
    async (tx, call) => {
      await unsubscribeList(tx, await mustMatch(tx, call), listingOf(call))
      return {}
    },
  ),
]

type AnyCall = Pick<
  ChangeCall<unknown>,
  ('session' | 'params' | 'settings' | 'newId' | 'requestId') | ('ifMatch' | 'ifNoneMatch' | 'isMatchJudged')
>

/** Nobody has the lists of others. @throws refusal 404 */
async function mustFindList(
  reader: Reader,
  call: Pick<RawCall, 'params' | 'session'>,
): Promise<SmartListRow> {
  const list = await findSmartList(reader, idIn(call))
  if (list?.principalId !== call.session.principal.id) throw notThere()
  return list
}

async function mustMatch(reader: Reader, call: AnyCall): Promise<SmartListRow> {
  const list = await mustFindList(reader, call)
  checkMatch(call, etagOfVersion(list.version))
  return list
}

async function opened(
  reader: Reader,
  { session, now }: Pick<ApiCall<unknown>, 'session' | 'now'>,
  named: NamedFilter,
): Promise<OpenFilter> {
  return openFilter(reader, await ownViewing(reader, session), named, now())
}

/** Makes it an address book, and has that filled by a job where many people are in it. */
async function subscribed(
  tx: Writer,
  call: ApiCall<unknown>,
): Promise<Pick<VirtualBook, 'collection'> & { readonly batch?: BatchRow }> {
  const list = await mustMatch(tx, call)
  const book = await subscribeList(tx, list, listingOf(call))
  if (book.through === null) return book
  const total = await countMembers(tx, (await opened(tx, call, filterOf(list))).filled)
  if (total <= call.settings.api.listedAtOnce) return book
  return {
    collection: book.collection,
    batch: await beginFilling(tx, call.session, book, { ...call, total }),
  }
}

function orderOf(order: z.output<typeof memberQuery>['order']) {
  const isDescending = order.startsWith('-')
  const name = isDescending ? order.slice(1) : order
  return { order: listOrders.find((known) => known === name) ?? 'name', isDescending }
}

function listingOf(call: AnyCall): Listing {
  const { session, settings, newId } = call
  return { session, settings, newId, origin: originOf(call) }
}

async function shown(reader: Reader, list: SmartListRow) {
  const [body] = await shownLists(reader, [list])
  if (!body) throw notThere()
  return { body, etag: etagOfVersion(list.version) }
}

async function shownLists(reader: Reader, rows: readonly SmartListRow[]) {
  const books = await booksOfLists(
    reader,
    rows.map(({ id }) => id),
  )
  return rows.map(({ id, name, description, color, filter, version, createdAt, changedAt }) => ({
    ...{ id, name, description, color, version },
    filter: JSON.parse(filter) as unknown,
    book: books.get(id) ?? null,
    createdAt: new Date(createdAt).toISOString(),
    changedAt: new Date(changedAt).toISOString(),
  }))
}
