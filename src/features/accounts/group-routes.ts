import { z } from 'zod'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { listGroupMembers, listProxies } from '../../../storage/groups.ts'
import { memberCounts, pagePrincipals } from '../../../storage/overview/accounts.ts'
import {
  findPrincipalByName,
  type PrincipalKind,
  type PrincipalRow,
  updatePrincipal,
} from '../../../storage/principals.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { page, readCursor } from '../../api/cursor.ts'
import { type ChangeCall, change, look, originOf, type RawCall, type Route } from '../../api/route.ts'
import { foldName } from '../../auth/basic.ts'
import { mustBeInPerson } from '../../auth/session.ts'
import { addDelegate, removeDelegate } from '../rights/delegates.ts'
import type { Sharing } from '../sharing/sharing.ts'
import { mustMay } from '../team/team-roles.ts'
import { removeHolder } from './accounts.ts'
import {
  bookablePage,
  delegateMode,
  delegates,
  group,
  groupPage,
  newMember,
  newPrincipal,
  oneBookable,
  principalPatch,
  principalQuery,
  purgeQuery,
} from './admin-schema.ts'
import { addMember, createGroup, removeGroup, removeMember } from './groups.ts'
import { findAnybody } from './named.ts'
import { createBookable, findBookable } from './rooms.ts'

const scope = 'admin'
const affects = 'other'

/** Groups, what can be booked, and delegates, for whoever runs the place. */
export const groupRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/groups', summary: 'The groups', scope },
    { query: principalQuery, reply: groupPage },
    (call) =>
      call.store.read(async (reader) => {
        const { rows, limit } = await pageOf(reader, call, 'group')
        const counts = await memberCounts(
          reader,
          rows.map(({ id }) => id),
        )
        const shown = (row: PrincipalRow) => ({ ...named(row), members: counts.get(row.id) ?? 0 })
        return { body: page(rows, limit, { keyOf: ({ name }) => [name], shown }) }
      }),
  ),
  change(
    { method: 'POST', path: '/groups', summary: 'Make a group', scope, affects },
    { body: newPrincipal, reply: group, statuses: [201] },
    async (tx, call) => {
      await mustMay(tx, call.session, 'administer')
      await createGroup(tx, call.body)
      return { body: await shownGroup(tx, await findAnybody(tx, call.body.name)) }
    },
  ),
  look(
    { method: 'GET', path: '/groups/:name', summary: 'One group, and who is in it', scope },
    { reply: group },
    (call) =>
      call.store.read(async (reader) => ({
        body: await shownGroup(reader, await mustFind(reader, call, ['group'])),
      })),
  ),
  change(
    { method: 'PATCH', path: '/groups/:name', summary: 'Change what a group is called', scope, affects },
    { body: principalPatch, reply: group },
    async (tx, call) => {
      const { id, name } = await mustFind(tx, call, ['group'])
      const { displayName, email } = call.body
      await updatePrincipal(tx, id, {
        ...(displayName !== undefined && { displayName }),
        ...(email !== undefined && { email }),
      })
      return { body: await shownGroup(tx, await findAnybody(tx, name)) }
    },
  ),
  change(
    { method: 'DELETE', path: '/groups/:name', summary: 'Remove a group', scope, affects },
    { query: purgeQuery },
    async (tx, call) => {
      const { name } = await mustFind(tx, call, ['group'])
      await removeGroup(tx, name, sharingOf(call), { purge: call.query.purge === '1' })
      return {}
    },
  ),
  change(
    { method: 'POST', path: '/groups/:name/members', summary: 'Put somebody into a group', scope, affects },
    { body: newMember, reply: group },
    async (tx, call) => {
      mustBeInPerson(call.session)
      const found = await mustFind(tx, call, ['group'])
      await addMember(tx, found, await findAnybody(tx, call.body.name), sharingOf(call))
      return { body: await shownGroup(tx, found) }
    },
  ),
  change(
    {
      ...{ method: 'DELETE', path: '/groups/:name/members/:member', scope, affects },
      summary: 'Take somebody out of a group',
    },
    { reply: group },
    async (tx, call) => {
      const found = await mustFind(tx, call, ['group'])
      await removeMember(tx, found, await findAnybody(tx, call.params.member ?? ''), sharingOf(call))
      return { body: await shownGroup(tx, found) }
    },
  ),
  ...(['room', 'resource'] as const).flatMap(bookableRoutes),
  ...delegateRoutes(),
]

function bookableRoutes(kind: 'room' | 'resource'): readonly Route[] {
  const things = `/${kind}s`
  return [
    look(
      { method: 'GET', path: things, summary: `The ${kind}s that can be booked`, scope },
      { query: principalQuery, reply: bookablePage },
      (call) =>
        call.store.read(async (reader) => {
          const { rows, limit } = await pageOf(reader, call, kind)
          const shown = (row: PrincipalRow) => ({ ...named(row), kind })
          return { body: page(rows, limit, { keyOf: ({ name }) => [name], shown }) }
        }),
    ),
    change(
      { method: 'POST', path: things, summary: `Make a ${kind} with a calendar`, scope, affects },
      { body: newPrincipal, reply: oneBookable, statuses: [201] },
      async (tx, call) => {
        await mustMay(tx, call.session, 'administer')
        await createBookable(tx, kind, call.body, call)
        return { body: { ...named(await findBookable(tx, kind, call.body.name)), kind } }
      },
    ),
    change(
      { method: 'DELETE', path: `${things}/:name`, summary: `Remove a ${kind}`, scope, affects },
      { query: purgeQuery },
      async (tx, call) => {
        const found = await mustFind(tx, call, [kind])
        await removeHolder(tx, found, { purge: call.query.purge === '1' }, call)
        return {}
      },
    ),
  ]
}

function delegateRoutes(): readonly Route[] {
  const owners = ['user', 'room', 'resource'] as const
  const shownDelegates = async (reader: Reader, owner: PrincipalRow) => ({
    delegates: (await listProxies(reader, owner.id)).map(({ name, displayName, kind, mode }) => ({
      ...{ name, displayName, kind, mode },
    })),
  })
  return [
    look(
      { method: 'GET', path: '/delegates/:name', summary: 'Who may act in the calendars of somebody', scope },
      { reply: delegates },
      (call) =>
        call.store.read(async (reader) => ({
          body: await shownDelegates(reader, await mustFind(reader, call, owners)),
        })),
    ),
    change(
      {
        ...{ method: 'PUT', path: '/delegates/:name/:delegate', scope, affects },
        summary: 'Let somebody read, or change, all the calendars of an account, a room or a resource',
      },
      { body: delegateMode, reply: delegates },
      async (tx, call) => {
        mustBeInPerson(call.session)
        const owner = await mustFind(tx, call, owners)
        const delegate = await findAnybody(tx, call.params.delegate ?? '')
        await addDelegate(tx, owner, delegate, call.body.mode, call.settings)
        return { body: await shownDelegates(tx, owner) }
      },
    ),
    change(
      {
        ...{ method: 'DELETE', path: '/delegates/:name/:delegate', scope, affects },
        summary: 'End what a delegate may do',
      },
      { reply: delegates },
      async (tx, call) => {
        const owner = await mustFind(tx, call, owners)
        const delegate = await findAnybody(tx, call.params.delegate ?? '')
        if (!(await removeDelegate(tx, owner, delegate))) throw refuseStatus(404, 'That is no delegate.')
        return { body: await shownDelegates(tx, owner) }
      },
    ),
  ]
}

type Listing = Pick<RawCall, 'session'> & { readonly query: z.infer<typeof principalQuery> }

async function pageOf(reader: Reader, { session, query }: Listing, kind: PrincipalKind) {
  await mustMay(reader, session, 'administer')
  const { limit, cursor, q } = query
  const after = readCursor(cursor, z.tuple([z.string()]))?.[0]
  const text = q === undefined ? undefined : foldName(q)
  return { limit, rows: await pagePrincipals(reader, { kind, text, after, limit: limit + 1 }) }
}

/** @throws refusal 403, 404 */
async function mustFind(
  reader: Reader,
  { session, params }: Pick<RawCall, 'session' | 'params'>,
  kinds: readonly PrincipalKind[],
): Promise<PrincipalRow> {
  await mustMay(reader, session, 'administer')
  const found = await findPrincipalByName(reader, foldName(params.name ?? ''))
  if (!found || !kinds.includes(found.kind)) throw refuseStatus(404, 'There is nobody of that name.')
  return found
}

function sharingOf(call: Pick<ChangeCall<unknown>, 'session' | 'requestId' | 'settings' | 'newId'>): Sharing {
  return { origin: originOf(call), settings: call.settings, newId: call.newId }
}

function named({ name, displayName, email }: PrincipalRow) {
  return { name, displayName, email }
}

async function shownGroup(reader: Reader | Writer, row: PrincipalRow) {
  const members = await listGroupMembers(reader, row.id)
  return {
    ...named(row),
    members: members.map(({ name, displayName, kind }) => ({ name, displayName, kind })),
  }
}
