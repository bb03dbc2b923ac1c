import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { findPrincipalByName } from '../../../storage/principals.ts'
import { addHolder, findTeamRole, removeHolder, type TeamRoleRow } from '../../../storage/roles/team-roles.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { checkMatch, etagOfVersion } from '../../api/conditions.ts'
import { type ChangeCall, idIn, look, originOf, type RawCall, type Route } from '../../api/route.ts'
import { foldName } from '../../auth/basic.ts'
import { listRemoved } from '../history/things/removed.ts'
import { adminChange, adminLook } from './administering.ts'
import { addRole, changingHolders, dropRole, editRole } from './edit-roles.ts'
import { newHolder, newTeamRole, ownCapabilities, teamRole, teamRoleChange, teamRoleList } from './schema.ts'
import {
  capabilitiesOf,
  checkSomebodyAdministers,
  type HeldTeamRole,
  listHeldTeamRoles,
  mustFindByName,
  readCapabilities,
  rolesOf,
} from './team-roles.ts'

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
  adminLook(
    { path: '/team-roles', summary: 'The roles, and who holds them' },
    { reply: teamRoleList },
    async (reader) => {
      const roles = (await listHeldTeamRoles(reader)).map(shown)
      const taken = new Set(roles.map(({ name }) => name))
      return { body: { roles, removed: await listRemoved(reader, 'role', taken) } }
    },
  ),
  adminChange(
    { method: 'POST', path: '/team-roles', summary: 'Make a role' },
    { body: newTeamRole, reply: teamRole, statuses: [201] },
    async (tx, call) => {
      await addRole(tx, call.body, originOf(call))
      return shownWithTag(tx, await mustFindByName(tx, call.body.name))
    },
  ),
  adminLook(
    { path: '/team-roles/:id', summary: 'One role, and who holds it' },
    { reply: teamRole },
    async (reader, call) => shownWithTag(reader, await mustFind(reader, call)),
  ),
  adminChange(
    { method: 'PATCH', path: '/team-roles/:id', summary: 'Change what a role may' },
    { body: teamRoleChange, reply: teamRole },
    (tx, call) => administer(tx, call, (role) => editRole(tx, role, call.body, originOf(call))),
  ),
  adminChange(
    { method: 'DELETE', path: '/team-roles/:id', summary: 'Remove a role' },
    {},
    async (tx, call) => {
      const role = await mustFind(tx, call)
      checkMatch(call, etagOfVersion(role.version))
      await dropRole(tx, role, originOf(call))
      await checkSomebodyAdministers(tx)
      return {}
    },
  ),
  adminChange(
    { method: 'POST', path: '/team-roles/:id/holders', summary: 'Give somebody a role' },
    { body: newHolder, reply: teamRole },
    (tx, call) =>
      administer(tx, call, (role) =>
        changingHolders(tx, role, originOf(call), () => give(tx, role, call.body.name)),
      ),
  ),
  adminChange(
    { method: 'DELETE', path: '/team-roles/:id/holders/:name', summary: 'Take a role away' },
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

async function mustFind(reader: Reader, call: Pick<RawCall, 'params'>): Promise<TeamRoleRow> {
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
