import { z } from 'zod'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { findCollectionById } from '../../../storage/collections.ts'
import { findGrant, type GrantRow, pageGrantsBy } from '../../../storage/grants/grants.ts'
import type { GrantId } from '../../../storage/ids.ts'
import { findPrincipalsByIds, type PrincipalRow } from '../../../storage/principals.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { checkMatch, etagOfVersion } from '../../api/conditions.ts'
import { page, readCursor } from '../../api/cursor.ts'
import { type ChangeCall, change, idIn, look, originOf, type RawCall, type Route } from '../../api/route.ts'
import { mustFindParty } from '../people/asking.ts'
import { findShareeFor } from '../sharing/sharees.ts'
import type { Sharing } from '../sharing/sharing.ts'
import { changeGiven, type Giving, give, masksOfGrant, revoke } from './grants.ts'
import { ownBook, ownList, ownParty } from './own.ts'
import { receivedBooksOf } from './received.ts'
import { grant, grantChange, grantPage, grantQuery, newGrant, receivedBooks, seenBy } from './schema.ts'
import { whoSees } from './seen-by.ts'

const scope = 'sharing'
const affects = 'other'

/** Sharing of one person, of all who have a label, or of a list: whoever receives it has a book of them. */
export const grantRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/grants', summary: 'People, labels and lists that I share', scope },
    { query: grantQuery, reply: grantPage },
    (call) =>
      call.store.read(async (reader) => {
        const { limit, cursor, ...asked } = call.query
        const [after = 0] = readCursor(cursor, z.tuple([z.int().min(0)])) ?? []
        const rows = await pageGrantsBy(reader, call.session.principal.id, {
          ...asked,
          after,
          limit: limit + 1,
        })
        const shown = await showGrants(reader, rows)
        return {
          body: page(rows, limit, { keyOf: ({ id }) => [id], shown: (row) => shown.get(row.id) ?? lost() }),
        }
      }),
  ),
  look(
    { method: 'GET', path: '/grants/received', summary: 'Books of what others share with me', scope },
    { reply: receivedBooks },
    (call) =>
      call.store.read(async (reader) => {
        const books = await receivedBooksOf(reader, call.session.principal.id)
        return { body: { books } }
      }),
  ),
  look(
    { method: 'GET', path: '/grants/:id', summary: 'Something that I share', scope },
    { reply: grant },
    (call) => call.store.read(async (reader) => withTag(reader, await mustFind(reader, call))),
  ),
  look(
    {
      method: 'GET',
      path: '/parties/:id/access',
      summary: 'Who sees somebody, and by what',
      scope: 'people',
    },
    { reply: seenBy },
    (call) =>
      call.store.read(async (reader) => {
        const { asking, party } = await mustFindParty(reader, call)
        return { body: { items: await whoSees(reader, asking, party) } }
      }),
  ),
  change(
    { method: 'POST', path: '/grants', summary: 'Share a person, a label or a list', scope, affects },
    { body: newGrant, reply: grant, statuses: [201] },
    async (tx, call) => {
      const id = await give(tx, await givingOf(tx, call), call.body, sharingOf(call))
      return withTag(tx, await mustFindGrant(tx, id))
    },
  ),
  change(
    { method: 'PATCH', path: '/grants/:id', summary: 'Change what is seen and done of it', scope, affects },
    { body: grantChange, reply: grant },
    async (tx, call) => {
      const row = await mustFind(tx, call)
      checkMatch(call, etagOfVersion(row.version))
      await changeGiven(tx, call.session.principal, row, call.body, sharingOf(call))
      return withTag(tx, await mustFindGrant(tx, row.id))
    },
  ),
  change(
    { method: 'DELETE', path: '/grants/:id', summary: 'Stop sharing it', scope, affects },
    {},
    async (tx, call) => {
      const row = await mustFind(tx, call)
      checkMatch(call, etagOfVersion(row.version))
      await revoke(tx, call.session.principal, row, sharingOf(call))
      return {}
    },
  ),
]

type Wish = ChangeCall<z.infer<typeof newGrant>>

async function givingOf(tx: Writer, call: Wish): Promise<Giving> {
  const { session, body } = call
  const giver = session.principal
  const receiver = await findShareeFor(tx, session, body.with)
  const none = { partyId: null, sourceId: null, label: null }
  const { what } = body
  if (what.kind === 'person')
    return { giver, receiver, ...none, kind: what.kind, partyId: await ownParty(tx, session, what.party) }
  if (what.kind === 'list')
    return { giver, receiver, ...none, kind: what.kind, sourceId: await ownList(tx, session, what.list) }
  if (what.kind === 'book')
    return { giver, receiver, ...none, kind: what.kind, sourceId: await ownBook(tx, session, what.book) }
  const book = what.book === undefined ? null : await ownBook(tx, session, what.book)
  return { giver, receiver, ...none, kind: what.kind, label: what.label, sourceId: book }
}

function sharingOf(call: ChangeCall<unknown>): Sharing {
  const { settings, newId } = call
  return { origin: originOf(call), settings, newId }
}

async function mustFind(reader: Reader, call: Pick<RawCall, 'params' | 'session'>): Promise<GrantRow> {
  const row = await findGrant(reader, idIn(call))
  if (row?.giverId !== call.session.principal.id) throw notThere()
  return row
}

async function mustFindGrant(reader: Reader, id: GrantId): Promise<GrantRow> {
  const row = await findGrant(reader, id)
  if (!row) throw notThere()
  return row
}

const notThere = (): Error => refuseStatus(404, 'There is nothing at this address.')
const lost = (): never => {
  throw new Error('What is shared has no receiver.')
}

async function withTag(reader: Reader, row: GrantRow) {
  const body = (await showGrants(reader, [row])).get(row.id) ?? lost()
  return { body, etag: etagOfVersion(row.version) }
}

type ShownGrant = z.infer<typeof grant>

async function showGrants(
  reader: Reader,
  rows: readonly GrantRow[],
): Promise<ReadonlyMap<GrantId, ShownGrant>> {
  const receivers = await findPrincipalsByIds(
    reader,
    rows.map(({ receiverId }) => receiverId),
  )
  const byId = new Map(receivers.map((receiver) => [receiver.id, receiver]))
  const books = new Map<number, string>()
  for (const { kind, sourceId } of rows)
    if ((kind === 'label' || kind === 'book') && sourceId !== null && !books.has(sourceId))
      books.set(sourceId, (await findCollectionById(reader, sourceId))?.name ?? '')
  return new Map(
    rows.flatMap((row) => {
      const receiver = byId.get(row.receiverId)
      return receiver ? [[row.id, shownGrant(row, receiver, books)] as const] : []
    }),
  )
}

function shownGrant(row: GrantRow, receiver: PrincipalRow, books: ReadonlyMap<number, string>): ShownGrant {
  const { id, kind, partyId, sourceId, label, access, name, version } = row
  const what = {
    kind,
    ...(partyId !== null && { party: partyId }),
    ...(label !== null && { label }),
    ...((kind === 'label' || kind === 'book') && sourceId !== null && { book: books.get(sourceId) ?? '' }),
    ...(kind === 'list' && sourceId !== null && { list: sourceId }),
  }
  const masks = masksOfGrant(row).map(({ hide, only }) => ({
    hide: [...hide],
    ...(only && { only: [...only] }),
  }))
  const { name: account, kind: sort, displayName } = receiver
  return { id, what, with: { name: account, kind: sort, displayName }, access, masks, name, version }
}
