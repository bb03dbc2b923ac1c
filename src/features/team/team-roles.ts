import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import { masksOfRoles } from '../../../storage/roles/role-masks.ts'
import {
  addHolder,
  addTeamRole,
  changeTeamRole,
  findTeamRoleByName,
  holdersOfTeamRoles,
  listTeamRoles,
  type TeamRoleRow,
  teamRolesOf,
} from '../../../storage/roles/team-roles.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { mustBeInPerson, type Session } from '../../auth/session.ts'
import { askerOf } from '../rights/rights.ts'
import { recorded } from './record.ts'
import { type Capability, capabilities } from './schema.ts'

/** A role, and who holds it; of everybody's nobody is listed. */
export interface HeldTeamRole {
  readonly role: TeamRoleRow
  readonly holders: readonly PrincipalRow[]
  /** The names of the masks that they see cards of others through. */
  readonly masks: readonly string[]
}

/** What somebody is told who has no role that lets him do this. */
const refusals: Readonly<Record<Capability, string>> = {
  administer: 'You may not run the place: whoever does can give you a role that may.',
  'define-fields': 'You may not define fields here: whoever runs the place can give you a role that may.',
  'define-labels': 'You may not define labels here: whoever runs the place can give you a role that may.',
  merge: 'You may not merge people here: whoever runs the place can give you a role that may.',
  import: 'You may not import here: whoever runs the place can give you a role that may.',
  export: 'You may not export here: whoever runs the place can give you a role that may.',
  erase: 'You may not erase people here: whoever runs the place can give you a role that may.',
}

/** Whether somebody may do this, by a role that he or a group of his holds, or everybody. */
export async function may(reader: Reader, session: Session, capability: Capability): Promise<boolean> {
  return (await capabilitiesOf(reader, session)).has(capability)
}

/** @throws refusal 403 */
export async function mustMay(reader: Reader, session: Session, capability: Capability): Promise<void> {
  if (!(await may(reader, session, capability))) throw refuseStatus(403, refusals[capability])
}

/** All that somebody may do. */
export async function capabilitiesOf(reader: Reader, session: Session): Promise<ReadonlySet<Capability>> {
  return new Set((await rolesOf(reader, session)).flatMap(readCapabilities))
}

/** The roles that somebody holds, himself, through a group, or as everybody does. */
export async function rolesOf(reader: Reader, session: Session): Promise<TeamRoleRow[]> {
  return teamRolesOf(reader, (await askerOf(reader, session)).principals)
}

/** What a role lets do; what is not known by now lets nobody do anything. */
export function readCapabilities(role: Pick<TeamRoleRow, 'capabilities'>): Capability[] {
  const held = new Set(role.capabilities.split(' '))
  return capabilities.filter((capability) => held.has(capability))
}

export async function listHeldTeamRoles(reader: Reader): Promise<HeldTeamRole[]> {
  const holders = await holdersOfTeamRoles(reader)
  const masks = await masksOfRoles(reader)
  return (await listTeamRoles(reader)).map((role) => ({
    role,
    holders: holders.get(role.id) ?? [],
    masks: masks.get(role.id) ?? [],
  }))
}

/** Roles that there may be. */
const mostRoles = 200

/**
 * @param id  of one that comes back under it
 * @throws refusal 422 when the name is taken, or there are too many
 */
export async function makeTeamRole(
  tx: Writer,
  name: string,
  allowed: readonly Capability[],
  id?: TeamRoleRow['id'],
): Promise<TeamRoleRow> {
  await checkRoleName(tx, name)
  if ((await listTeamRoles(tx)).length >= mostRoles)
    throw refuseStatus(422, `There may be ${mostRoles} roles at most.`)
  await addTeamRole(tx, { name, capabilities: written(allowed), ...(id !== undefined && { id }) })
  return mustFindByName(tx, name)
}

/** What can be changed of a role. */
export interface RolePatch {
  readonly name?: string | undefined
  readonly capabilities?: readonly Capability[] | undefined
}

/** @throws refusal 422 when the name is taken, and for another name of a built-in role */
export async function editTeamRole(tx: Writer, role: TeamRoleRow, patch: RolePatch): Promise<TeamRoleRow> {
  const { name = role.name } = patch
  if (name !== role.name) {
    if (role.builtIn !== null) throw refuseStatus(422, `The role "${role.name}" keeps its name.`)
    await checkRoleName(tx, name)
  }
  const allowed = patch.capabilities ? written(patch.capabilities) : role.capabilities
  await changeTeamRole(tx, { ...role, name, capabilities: allowed })
  return mustFindByName(tx, name)
}

/** Gives the first account of a place the right to run it. */
export async function makeAdministrator(tx: Writer, { id }: Pick<PrincipalRow, 'id'>): Promise<void> {
  const role = await mustFindByName(tx, 'administrators')
  await recorded(tx, { kind: 'job' }, () => addHolder(tx, role.id, id))
}

/** @throws refusal 422 where nobody could change anything of this any more */
export async function checkSomebodyAdministers(reader: Reader): Promise<void> {
  for (const { role, holders } of await listHeldTeamRoles(reader)) {
    const lasts = holders.length > 0 || role.builtIn === 'everyone'
    if (lasts && readCapabilities(role).includes('administer')) return
  }
  throw refuseStatus(422, 'Nobody would run the place any more: give somebody else a role that may first.')
}

/** @throws refusal 422 */
export async function mustFindByName(reader: Reader, name: string): Promise<TeamRoleRow> {
  const role = await findTeamRoleByName(reader, name)
  if (!role) throw refuseStatus(422, `There is no role "${name}".`)
  return role
}

async function checkRoleName(reader: Reader, name: string): Promise<void> {
  if (await findTeamRoleByName(reader, name)) throw refuseStatus(422, `There is a role "${name}" already.`)
}

function written(allowed: readonly Capability[]): string {
  return capabilities.filter((capability) => allowed.includes(capability)).join(' ')
}

/** In person: it would outlive the password of a device that was stolen. @throws refusal 403 */
export async function mustAdministerInPerson(reader: Reader, session: Session): Promise<void> {
  mustBeInPerson(session)
  await mustMay(reader, session, 'administer')
}
