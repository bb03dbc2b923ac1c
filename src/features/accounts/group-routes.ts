import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { listGroupMembers, listProxies } from '../../../storage/groups.ts'
import { memberCounts, pagePrincipals } from '../../../storage/overview/accounts.ts'
import { type PrincipalRow, setBookableTraits } from '../../../storage/principals.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { checkMatch, etagOfContent } from '../../api/conditions.ts'
import { page } from '../../api/cursor.ts'
import { type ChangeCall, originOf, type Route } from '../../api/route.ts'
import { addDelegate, removeDelegate } from '../rights/delegates.ts'
import type { Sharing } from '../sharing/sharing.ts'
import { adminChange, adminLook } from '../team/administering.ts'
import { checkSomebodyAdministers } from '../team/team-roles.ts'
import { removeHolder } from './accounts.ts'
import {
  bookablePage,
  bookablePatch,
  delegateMode,
  delegates,
  group,
  groupPage,
  newBookable,
  newMember,
  newPrincipal,
  oneBookable,
  principalPatch,
  principalQuery,
  purgeQuery,
} from './admin-schema.ts'
import { changeNames, mustFindNamed, searchIn } from './asked.ts'
import { addMember, createGroup, removeGroup, removeMember } from './groups.ts'
import { findAnybody } from './named.ts'
import { recordedPrincipal } from './record.ts'
import { gone } from './removed/schema.ts'
import { createBookable, findBookable } from './rooms.ts'

/** Groups, what can be booked, and delegates, for whoever runs the place. */
export const groupRoutes: readonly Route[] = [
  adminLook(
    { path: '/groups', summary: 'The groups' },
    { query: principalQuery, reply: groupPage },
    async (reader, { query }) => {
      const { limit, search } = searchIn(query)
      const rows = await pagePrincipals(reader, { kind: 'group', ...search })
      const counts = await memberCounts(
        reader,
        rows.map(({ id }) => id),
      )
      const shown = (row: PrincipalRow) => ({ ...named(row), members: counts.get(row.id) ?? 0 })
      return { body: page(rows, limit, { keyOf: ({ name }) => [name], shown }) }
    },
  ),
  adminChange(
    { method: 'POST', path: '/groups', summary: 'Make a group' },
    { body: newPrincipal, reply: group, statuses: [201] },
    async (tx, call) => {
      await createGroup(tx, call.body)
      return { body: await shownGroup(tx, await findAnybody(tx, call.body.name)) }
    },
  ),
  adminLook(
    { path: '/groups/:name', summary: 'One group, and who is in it' },
    { reply: group },
    async (reader, call) => ({
      body: await shownGroup(reader, await mustFindNamed(reader, call, ['group'])),
    }),
  ),
  adminChange(
    { method: 'PATCH', path: '/groups/:name', summary: 'Change what a group is called' },
    { body: principalPatch, reply: group },
    async (tx, call) => {
      const found = await mustFindNamed(tx, call, ['group'])
      await recordedPrincipal(tx, found.id, originOf(call), () => changeNames(tx, found, call.body))
      return { body: await shownGroup(tx, await findAnybody(tx, found.name)) }
    },
  ),
  adminChange(
    { method: 'DELETE', path: '/groups/:name', summary: 'Remove a group, until it is brought back' },
    { query: purgeQuery, reply: gone },
    async (tx, call) => {
      const { name } = await mustFindNamed(tx, call, ['group'])
      const purge = call.query.purge === '1'
      const removed = await removeGroup(tx, name, sharingOf(call), { purge })
      await checkSomebodyAdministers(tx)
      return { body: { removed } }
    },
  ),
  adminChange(
    { method: 'POST', path: '/groups/:name/members', summary: 'Put somebody into a group' },
    { body: newMember, reply: group },
    async (tx, call) => {
      const found = await mustFindNamed(tx, call, ['group'])
      await addMember(tx, found, await findAnybody(tx, call.body.name), sharingOf(call))
      return { body: await shownGroup(tx, found) }
    },
  ),
  adminChange(
    {
      ...{ method: 'DELETE', path: '/groups/:name/members/:member' },
      summary: 'Take somebody out of a group',
    },
    { reply: group },
    async (tx, call) => {
      const found = await mustFindNamed(tx, call, ['group'])
      checkMatch(call, etagOfContent(await shownGroup(tx, found)))
      await removeMember(tx, found, await findAnybody(tx, call.params.member ?? ''), sharingOf(call))
      return { body: await shownGroup(tx, found) }
    },
  ),
  ...(['room', 'resource'] as const).flatMap(bookableRoutes),
  ...delegateRoutes(),
]

function bookableRoutes(kind: 'room' | 'resource'): readonly Route[] {
  const things = `/${kind}s`
  const shown = (row: PrincipalRow) => {
    const { description, place, capacity } = row
    return { ...named(row), kind, description, place, capacity }
  }
  return [
    adminLook(
      { path: things, summary: `The ${kind}s that can be booked` },
      { query: principalQuery, reply: bookablePage },
      async (reader, { query }) => {
        const { limit, search } = searchIn(query)
        const rows = await pagePrincipals(reader, { kind, ...search })
        return { body: page(rows, limit, { keyOf: ({ name }) => [name], shown }) }
      },
    ),
    adminChange(
      { method: 'POST', path: things, summary: `Make a ${kind} with a calendar` },
      { body: newBookable, reply: oneBookable, statuses: [201] },
      async (tx, call) => {
        await createBookable(tx, kind, call.body, call)
        return { body: shown(await findBookable(tx, kind, call.body.name)) }
      },
    ),
    adminLook(
      { path: `${things}/:name`, summary: `One ${kind}` },
      { reply: oneBookable },
      async (reader, call) => ({ body: shown(await mustFindNamed(reader, call, [kind])) }),
    ),
    adminChange(
      { method: 'PATCH', path: `${things}/:name`, summary: `Change what a ${kind} is called and like` },
      { body: bookablePatch, reply: oneBookable },
      async (tx, call) => {
        const found = await mustFindNamed(tx, call, [kind])
        const { displayName, email, ...like } = call.body
        await recordedPrincipal(tx, found.id, originOf(call), async () => {
          await changeNames(tx, found, { displayName, email })
          await setBookableTraits(tx, found.id, like)
        })
        return { body: shown(await findBookable(tx, kind, found.name)) }
      },
    ),
    adminChange(
      { method: 'DELETE', path: `${things}/:name`, summary: `Remove a ${kind}, until it is brought back` },
      { query: purgeQuery, reply: gone },
      async (tx, call) => {
        const found = await mustFindNamed(tx, call, [kind])
        const purge = call.query.purge === '1'
        const { removed } = await removeHolder(tx, found, { purge }, sharingOf(call))
        return { body: { removed } }
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
    adminLook(
      { path: '/delegates/:name', summary: 'Who may act in the calendars of somebody' },
      { reply: delegates },
      async (reader, call) => ({
        body: await shownDelegates(reader, await mustFindNamed(reader, call, owners)),
      }),
    ),
    adminChange(
      {
        ...{ method: 'PUT', path: '/delegates/:name/:delegate' },
        summary: 'Let somebody read, or change, all the calendars of an account, a room or a resource',
      },
      { body: delegateMode, reply: delegates },
      async (tx, call) => {
        const owner = await mustFindNamed(tx, call, owners)
        checkMatch(call, etagOfContent(await shownDelegates(tx, owner)))
        const delegate = await findAnybody(tx, call.params.delegate ?? '')
        await addDelegate(tx, owner, delegate, call.body.mode, call.settings)
        return { body: await shownDelegates(tx, owner) }
      },
    ),
    adminChange(
      {
        ...{ method: 'DELETE', path: '/delegates/:name/:delegate' },
        summary: 'End what a delegate may do',
      },
      { reply: delegates },
      async (tx, call) => {
        const owner = await mustFindNamed(tx, call, owners)
        checkMatch(call, etagOfContent(await shownDelegates(tx, owner)))
        const delegate = await findAnybody(tx, call.params.delegate ?? '')
        if (!(await removeDelegate(tx, owner, delegate))) throw refuseStatus(404, 'That is no delegate.')
        return { body: await shownDelegates(tx, owner) }
      },
    ),
  ]
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
