import { z } from 'zod'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { fold } from '../../../protocol/text/fold.ts'
import { emptyTrash, forgetTrashed, type TrashedThing } from '../../../storage/purge.ts'
import type { Store, Writer } from '../../../storage/store.ts'
import { readCursor, writeCursor } from '../../api/cursor.ts'
import { type ApiCall, change, look, originOf, type RawCall, type Route, work } from '../../api/route.ts'
import { isAllowed, mustBeAllowed } from '../../api/scopes.ts'
import { mustBeInPerson, type Session } from '../../auth/session.ts'
import { restoreFromTrash } from './restore.ts'
import { broughtBack, emptied, trashed, trashKinds, trashPage, trashQuery } from './schema.ts'
import {
  behind,
  findTrashEntry,
  listTrashEntries,
  type TrashEntry,
  type TrashKind,
  type TrashPlace,
} from './trash.ts'

const scope = ['people', 'calendars', 'files'] as const
const count = z.int().min(0)
const cursorShape = z.tuple([count, count, count, count, count, count, count, count, count])

/** What I have deleted, of cards, events, files, lists of people, whole collections and public links. What was others' is in theirs. */
export const trashRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/trash', summary: 'What is in my trash, the latest first', scope },
    { query: trashQuery, reply: trashPage },
    async (call) => ({ body: await pageOfTrash(call) }),
  ),
  look(
    { method: 'GET', path: '/trash/:id', summary: 'One of it', scope },
    { reply: trashed },
    async (call) => {
      const { store, session, params } = call
      const entry = await findTrashEntry(store, session.principal, params.id ?? '')
      if (!entry || (isLink(entry.id) && !isAllowed(session, 'sharing', 'read'))) throw notThere()
      return { body: shown(entry) }
    },
  ),
  change(
    {
      ...{ method: 'POST', path: '/trash/:id/restore', scope, affects: 'cards' },
      summary: 'Bring it back to where it was',
    },
    { reply: broughtBack },
    async (tx, call) => {
      const origin = { ...originOf(call), kind: 'restore' } as const
      const { id = '' } = call.params
      if (isLink(id)) mustBeAllowed(call.session, 'sharing')
      const outcome = await restoreFromTrash(tx, call.session.principal, id, call, origin)
      if (outcome.kind === 'restored') return { body: { name: outcome.name, place: outcome.collection } }
      if (outcome.isAbsent) throw notThere()
      throw refuseStatus(409, outcome.reason)
    },
  ),
  work(
    { method: 'DELETE', path: '/trash/:id', summary: 'Take it away for good', scope, affects: 'other' },
    { reply: emptied },
    async (call) => {
      mustBeInPerson(call.session)
      const thing = thingIn(call)
      const { id } = call.session.principal
      const removed = await inBatches(call, (tx) => forgetTrashed(tx, id, thing))
      if (removed === 0) throw notThere()
      return { body: { removed } }
    },
  ),
  work(
    { method: 'DELETE', path: '/trash', summary: 'Empty my trash, for good', scope, affects: 'other' },
    { reply: emptied },
    async (call) => {
      mustBeInPerson(call.session)
      const { id } = call.session.principal
      return { body: { removed: await inBatches(call, (tx) => emptyTrash(tx, id)) } }
    },
  ),
]

const notThere = (): Error => refuseStatus(404, 'It is not in your trash.')

/** What is of no concern to a token that is for nothing that is shared. */
const isLink = (id: string): boolean => id.startsWith('p')

function kindsFor(session: Session, kind: TrashKind | undefined): readonly TrashKind[] | undefined {
  const wanted = kind && [kind]
  if (isAllowed(session, 'sharing', 'read')) return wanted
  return (wanted ?? trashKinds).filter((one) => one !== 'link')
}

const kinds = { '': 'object', c: 'collection', f: 'node', l: 'list', p: 'link' } as const

/** @throws refusal 404 */
function thingIn({ params }: Pick<RawCall, 'params'>): TrashedThing {
  const [, mark, digits] = /^([cflp]?)(\d{1,15})$/.exec(params.id ?? '') ?? []
  if (digits === undefined) throw notThere()
  return { kind: kinds[(mark ?? '') as keyof typeof kinds], id: Number(digits) }
}

async function inBatches(
  { store }: { readonly store: Pick<Store, 'write'> },
  take: (tx: Writer) => Promise<{ readonly removed: number; readonly more: boolean }>,
): Promise<number> {
  let removed = 0
  for (let more = true; more; ) {
    const batch = await store.write(take)
    removed += batch.removed
    more = batch.more
  }
  return removed
}

/** Entries looked at for one page: of each the text is read. */
const mostLooked = 2_000

async function pageOfTrash({ store, session, query }: ApiCall<unknown, z.output<typeof trashQuery>>) {
  const { limit, kind, q, cursor } = query
  const wanted = fold(q ?? '')
  let place = placeIn(readCursor(cursor, cursorShape))
  const items: ReturnType<typeof shown>[] = []
  let looked = 0
  const asked = { kinds: kindsFor(session, kind), from: place }
  for await (const entry of listTrashEntries(store, session.principal, asked)) {
    if (items.length === limit || looked === mostLooked) return { items, next: writeCursor(keyOf(place)) }
    place = behind(place, entry)
    looked += 1
    if (wanted === '' || fold(`${entry.summary} ${entry.name}`).includes(wanted)) items.push(shown(entry))
  }
  return { items, next: null }
}

function placeIn(key: z.output<typeof cursorShape> | undefined): TrashPlace {
  if (!key) return {}
  const [object, nodeAt, node, collectionAt, collection, listAt, list, linkAt, link] = key
  return {
    object: object || undefined,
    node: nodeAt === 0 ? undefined : { deletedAt: nodeAt, id: node },
    collection: collectionAt === 0 ? undefined : { deletedAt: collectionAt, id: collection },
    list: listAt === 0 ? undefined : { deletedAt: listAt, id: list },
    link: linkAt === 0 ? undefined : { deletedAt: linkAt, id: link },
  }
}

function keyOf({ object = 0, ...places }: TrashPlace) {
  const { node, collection, list, link } = places
  return [object, ...[node, collection, list, link].flatMap((at) => [at?.deletedAt ?? 0, at?.id ?? 0])]
}

function shown({ id, deletedAt, kind, name, summary, collection, device }: TrashEntry) {
  return {
    ...{ id, kind: kindOf(id, kind), component: kind, deletedAt: new Date(deletedAt).toISOString() },
    ...{ name, title: summary, place: collection, device },
  }
}

function kindOf(id: string, component: string): TrashKind {
  if (id.startsWith('c')) return 'collection'
  if (id.startsWith('f')) return 'file'
  if (id.startsWith('l')) return 'list'
  if (id.startsWith('p')) return 'link'
  if (component === 'VCARD') return 'card'
  return component === 'VTODO' ? 'task' : 'event'
}
