import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { MaskId } from '../../../storage/ids.ts'
import type { Origin } from '../../../storage/origin.ts'
import { masksOfRoles, setMasksOfRole } from '../../../storage/roles/role-masks.ts'
import { changeTeamRole, removeTeamRole, type TeamRoleRow } from '../../../storage/roles/team-roles.ts'
import type { Writer } from '../../../storage/store.ts'
import { findMask } from '../../../storage/virtual/masks.ts'
import { reviewMasks } from '../virtual/virtual.ts'
import { recorded } from './record.ts'
import type { Capability } from './schema.ts'
import { editTeamRole, makeTeamRole, type RolePatch } from './team-roles.ts'

/** What a role is to let do, and the names of the masks that whoever holds it is to see cards of others through. */
interface MaskedPatch extends RolePatch {
  readonly masks?: readonly string[] | undefined
}

/** @throws refusal 422 when the name is taken, there are too many, or for a name that no mask has */
export function addRole(
  tx: Writer,
  {
    name,
    capabilities,
    masks,
  }: { readonly name: string; readonly capabilities: readonly Capability[] } & MaskedPatch,
  origin: Origin,
): Promise<void> {
  return recorded(tx, origin, async () => {
    const role = await makeTeamRole(tx, name, capabilities)
    if (masks) await maskRole(tx, role, masks, origin)
  })
}

/** @throws refusal 422 when the name is taken, for another name of a built-in role, and for a name that no mask has */
export function editRole(
  tx: Writer,
  role: TeamRoleRow,
  { masks, ...patch }: MaskedPatch,
  origin: Origin,
): Promise<void> {
  return recorded(tx, origin, async () => {
    const edited = await editTeamRole(tx, role, patch)
    if (masks) await maskRole(tx, edited, masks, origin)
  })
}

/** Whoever held it may no more what it let him do. @throws refusal 422 for one that is there from the start */
export async function dropRole(tx: Writer, role: TeamRoleRow, origin: Origin): Promise<void> {
  if (role.builtIn !== null) throw refuseStatus(422, `The role "${role.name}" stays.`)
  await changingHolders(tx, role, origin, () => removeTeamRole(tx, role.id))
}

/**
 * Does something to a role after which others hold it, or nobody: what they see follows.
 * @param act  what is done
 */
export function changingHolders<T>(
  tx: Writer,
  { id }: Pick<TeamRoleRow, 'id'>,
  origin: Origin,
  act: () => Promise<T>,
): Promise<T> {
  return recorded(tx, origin, async () => {
    const hasMasks = (await masksOfRoles(tx)).has(id)
    const done = await act()
    if (hasMasks) await reviewMasks(tx, origin)
    return done
  })
}

/**
 * Has whoever holds a role see the cards in books of others through these masks, and through no others by this role; their
 * devices start afresh.
 * @param role  as it is now
 * @throws refusal 422 for a name that no mask has
 */
async function maskRole(
  tx: Writer,
  role: TeamRoleRow,
  names: readonly string[],
  origin: Origin,
): Promise<void> {
  const masks: MaskId[] = []
  for (const name of names) {
    const mask = await findMask(tx, name)
    if (!mask) throw refuseStatus(422, `There is no mask "${name}".`)
    masks.push(mask.id)
  }
  await changeTeamRole(tx, role)
  await setMasksOfRole(tx, role.id, masks)
  await reviewMasks(tx, origin)
}
