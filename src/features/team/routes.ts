import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { findPrincipalByName } from '../../../storage/principals.ts'
import {
  addHolder,
  findTeamRole,
  removeHolder,
  removeTeamRole,
  type TeamRoleRow,
} from '../../../storage/roles/team-roles.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { checkMatch, etagOfVersion } from '../../api/conditions.ts'
import { type ChangeCall, change, idIn, look, originOf, type RawCall, type Route } from '../../api/route.ts'
import { foldName } from '../../auth/basic.ts'
import { mustBeInPerson } from '../../auth/session.ts'
import { changingHolders, maskRole } from './role-masks.ts'
import { newHolder, newTeamRole, ownCapabilities, teamRole, teamRoleChange, teamRoleList } from './schema.ts'
import {
  capabilitiesOf,
  checkSomebodyAdministers,
  editTeamRole,
  type HeldTeamRole,
  listHeldTeamRoles,
  makeTeamRole,
  mustFindByName,
  mustMay,
  readCapabilities,
  rolesOf,
} from './team-roles.ts'

const scope = 'admin'
const affects = 'other'

/** Who may do what in the place, beside reading and writing. */
export const teamRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/capabilities', summary: 'What I may do', scope: 'account' },
    { reply: ownCapabilities },
    (call) =>
      call.store.read(async (reader) => ({
        body: {
          capabilities: [...(await capabilitiesOf(reader, call.session))],
          roles: (await rolesOf(reader, call.session)).map(({ name }) => name),
        },
      })),
  ),
  look(
    { method: 'GET', path: '/team-roles', summary: 'The roles, and who holds them', scope },
    { reply: teamRoleList },
    (call) =>
      call.store.read(async (reader) => {
        await mustMay(reader, call.session, 'administer')
        return { body: { roles: (await listHeldTeamRoles(reader)).map(shown) } }
      }),
  ),
  change(
    { method: 'POST', path: '/team-roles', summary: 'Make a role', scope, affects },
    { body: newTeamRole, reply: teamRole, statuses: [201] },
    async (tx, call) => {
      mustBeInPerson(call.session)
      await mustMay(tx, call.session, 'administer')
      const { name, capabilities, masks } = call.body
      const role = await makeTeamRole(tx, name, capabilities)
      if (masks) await maskRole(tx, role, masks, originOf(call))
      return shownWithTag(tx, await mustFindByName(tx, name))
    },
  ),
  look(
    { method: 'GET', path: '/team-roles/:id', summary: 'One role, and who holds it', scope },
    { reply: teamRole },
    (call) => call.store.read(async (reader) => shownWithTag(reader, await mustFind(reader, call))),
  ),
  change(
    { method: 'PATCH', path: '/team-roles/:id', summary: 'Change what a role may', scope, affects },
    { body: teamRoleChange, reply: teamRole },
    (tx, call) => {
      mustBeInPerson(call.session)
      return administer(tx, call, async (role) => {
        const { masks, ...patch } = call.body
        const edited = await editTeamRole(tx, role, patch)
        if (masks) await maskRole(tx, edited, masks, originOf(call))
      })
    },
  ),
  change(
    { method: 'DELETE', path: '/team-roles/:id', summary: 'Remove a role', scope, affects },
    {},
    async (tx, call) => {
      const role = await mustFind(tx, call)
      checkMatch(call, etagOfVersion(role.version))
      if (role.builtIn !== null) throw refuseStatus(422, `The role "${role.name}" stays.`)
      await changingHolders(tx, role, originOf(call), () => removeTeamRole(tx, role.id))
      await checkSomebodyAdministers(tx)
      return {}
    },
  ),
  change(
    { method: 'POST', path: '/team-roles/:id/holders', summary: 'Give somebody a role', scope, affects },
    { body: newHolder, reply: teamRole },
    (tx, call) => {
      mustBeInPerson(call.session)
      return administer(tx, call, (role) =>
        changingHolders(tx, role, originOf(call), () => give(tx, role, call.body.name)),
      )
    },
  ),
  change(
    { method: 'DELETE', path: '/team-roles/:id/holders/:name', summary: 'Take a role away', scope, affects },
    { reply: teamRole },
    (tx, call) =>
      administer(tx, call, async (role) => {
        const holder = await findPrincipalByName(tx, foldName(call.params.name ?? ''))
        if (!holder) throw notThere()
        const take = () => removeHolder(tx, role.id, holder.id)
        if (!(await changingHolders(tx, role, originOf(call), take))) throw notThere()
      }),
  ),
]

async function give(tx: Writer, role: TeamRoleRow, name: string): Promise<void> {
  if (role.builtIn === 'everyone') throw refuseStatus(422, 'Everybody holds this role.')
  const holder = await findPrincipalByName(tx, foldName(name))
  if (!holder) throw refuseStatus(422, `Nobody is called "${name}".`)
  await addHolder(tx, role.id, holder.id)
}

/** Changes a role, and shows it; somebody has to be able to change it back. */
async function administer(
  tx: Writer,
  call: ChangeCall<unknown>,
  act: (role: TeamRoleRow) => Promise<unknown>,
) {
  const role = await mustFind(tx, call)
  checkMatch(call, etagOfVersion(role.version))
  await act(role)
  await checkSomebodyAdministers(tx)
  return shownWithTag(tx, await mustFind(tx, call))
}

async function mustFind(reader: Reader, call: Pick<RawCall, 'params' | 'session'>): Promise<TeamRoleRow> {
  await mustMay(reader, call.session, 'administer')
  const role = await findTeamRole(reader, idIn(call))
  if (!role) throw notThere()
  return role
}

const notThere = (): Error => refuseStatus(404, 'There is no such role, or nobody of that name holds it.')

async function shownWithTag(reader: Reader, role: TeamRoleRow) {
  const held = (await listHeldTeamRoles(reader)).find((one) => one.role.id === role.id)
  return { body: shown(held ?? { role, holders: [], masks: [] }), etag: etagOfVersion(role.version) }
}

function shown({ role, holders, masks }: HeldTeamRole) {
  return {
    id: role.id,
    name: role.name,
    capabilities: readCapabilities(role),
    masks,
    builtIn: role.builtIn,
    holders: holders.map(({ name, kind, displayName }) => ({ name, kind, displayName })),
  }
}
