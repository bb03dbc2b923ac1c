import { z } from 'zod'
import { peopleOf } from '../../../storage/facts/people-of.ts'
import { rolesInUse } from '../../../storage/facts/roles.ts'
import { listParties } from '../../../storage/people/parties.ts'
import type { Reader } from '../../../storage/store.ts'
import { etagOfVersion } from '../../api/conditions.ts'
import { page, readCursor } from '../../api/cursor.ts'
import { type ApiCall, change, look, type Route } from '../../api/route.ts'
import { etagNow, mustFindParty, openParty } from '../people/asking.ts'
import { findParty, type SeenParty } from '../people/parties.ts'
import { givenIn, type Reach, reachOf } from '../people/reach.ts'
import { booksShowing } from '../people/veil.ts'
import { findShareeFor } from '../sharing/sharees.ts'
import { dayOf } from './days.ts'
import { factRoutes } from './fact-routes.ts'
import { treeOf } from './hierarchy.ts'
import { relationTypes } from './relation-types.ts'
import { roleNamed, setOwner, setRoles } from './roles.ts'
import {
  knownRoles,
  orgTree,
  party,
  partyChange,
  partyPage,
  partyQuery,
  peoplePage,
  peopleQuery,
  relationTypeList,
  roleList,
} from './schema.ts'
import { showItems, shownName, showParty, showPeople } from './show.ts'
import { suggestionRoutes } from './suggestion-routes.ts'

const scope = 'people'
const placeKey = z.tuple([z.string(), z.int()])
const personKey = z.tuple([z.string(), z.int(), z.int()])

/** People and organisations, and what is known of them beside their cards. */
export const partyRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/parties', summary: 'People and organisations, by name', scope },
    { query: partyQuery, reply: partyPage },
    async ({ store, session, query }) => ({
      body: await store.read(async (reader) => {
        const { kind, book, owner, role, label, cursor, limit } = query
        const reach = await reachOf(reader, session)
        const among = label === undefined ? reach.bookIds : booksShowing(reach, 'CATEGORIES')
        const [sortKey, objectId] = readCursor(cursor, placeKey) ?? []
        const rows = await listParties(reader, {
          books: book === undefined ? among : among.filter((id) => id === book),
          given: givenIn(reach),
          ...{ kind, label, role: role && roleNamed(role) },
          ownerId: owner === undefined ? undefined : (await findShareeFor(reader, session, owner)).id,
          after: sortKey === undefined || objectId === undefined ? undefined : { sortKey, objectId },
          limit: limit + 1,
        })
        const shown = await showItems(reader, reach, rows.slice(0, limit))
        return page(rows, limit, { keyOf: (row) => [row.sortKey, row.objectId], shown })
      }),
    }),
  ),
  look(
    { method: 'GET', path: '/parties/:id', summary: 'One of them, with all that is known', scope },
    { reply: party },
    async (call) =>
      seen(call, async (reader, reach, found) => ({
        body: await showParty(reader, { reach, session: call.session }, found),
        etag: etagOfVersion(found.row.version),
      })),
  ),
  change(
    {
      ...{ method: 'PATCH', path: '/parties/:id', scope, affects: 'facts' },
      summary: 'Say who looks after them, and what they are',
    },
    { body: partyChange, reply: party },
    async (tx, call) => {
      const opened = await openParty(tx, call)
      const { row } = opened.party
      const { owner, roles } = call.body
      if (roles) await setRoles(tx, opened, roles)
      if (owner !== undefined) {
        const after = owner === null ? null : (await findShareeFor(tx, call.session, owner)).id
        await setOwner(tx, row.id, { before: row.ownerId, after }, opened.origin)
      }
      const now = (await findParty(tx, opened.reach, row.id)) ?? opened.party
      return { body: await showParty(tx, opened, now), etag: await etagNow(tx, row.id) }
    },
  ),
  look(
    { method: 'GET', path: '/parties/:id/people', summary: 'Who works or worked for an organisation', scope },
    { query: peopleQuery, reply: peoplePage },
    async (call) =>
      seen(call, async (reader, reach, found) => {
        const { when, limit, cursor } = call.query
        const books = { books: reach.bookIds, given: givenIn(reach) }
        const asked = { orgId: found.row.id, ...books, when, today: dayOf(call.now()) }
        const after = readCursor(cursor, personKey)
        const rows = await peopleOf(reader, { ...asked, after, limit: limit + 1 })
        const { items, next } = page(rows, limit, {
          keyOf: ({ sortKey, objectId, id }) => [sortKey, objectId, id],
          shown: await showPeople(reader, reach, rows),
        })
        return { body: { items: items.flatMap((item) => item ?? []), next } }
      }),
  ),
  look(
    { method: 'GET', path: '/parties/:id/tree', summary: 'The organisations above and below one', scope },
    { reply: orgTree },
    async (call) =>
      seen(call, async (reader, reach, found) => {
        const tree = await treeOf(
          reader,
          { reach, settings: call.settings },
          { party: found, now: call.now() },
        )
        const links = tree.links.map(({ parentId, partyId, kind }) => ({
          parent: parentId,
          child: partyId,
          kind,
        }))
        const nodes = tree.nodes.map(({ party: one, level }) => ({ ...shownName(one), level }))
        return { body: { nodes, links, isWhole: tree.isWhole } }
      }),
  ),
  look(
    { method: 'GET', path: '/party-roles', summary: 'The roles that everybody knows, and own ones', scope },
    { reply: roleList },
    async ({ store, session }) => {
      const own = await store.read(async (reader) =>
        rolesInUse(reader, (await reachOf(reader, session)).bookIds, knownRoles),
      )
      const shown = (isOwn: boolean) => (role: string) => ({ role, isOwn })
      return { body: { roles: [...knownRoles.map(shown(false)), ...own.map(shown(true))] } }
    },
  ),
  look(
    { method: 'GET', path: '/relation-types', summary: 'What people are to each other', scope },
    { reply: relationTypeList },
    async () => ({ body: { types: relationTypes } }),
  ),
  ...factRoutes,
  ...suggestionRoutes,
]

/** Looks at somebody whom the path names. @throws refusal 404 */
function seen<T>(
  call: ApiCall<unknown, unknown>,
  show: (reader: Reader, reach: Reach, found: SeenParty) => Promise<T>,
): Promise<T> {
  return call.store.read(async (reader) => {
    const { asking, party } = await mustFindParty(reader, call)
    return show(reader, asking.reach, party)
  })
}
