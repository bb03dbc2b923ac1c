import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { Origin } from '../../../storage/origin.ts'
import { masksOfRoles, setMasksOfRole } from '../../../storage/roles/role-masks.ts'
import { changeTeamRole, type TeamRoleRow } from '../../../storage/roles/team-roles.ts'
import type { Writer } from '../../../storage/store.ts'
import { findMask } from '../../../storage/virtual/masks.ts'
import { reviewMasks } from '../virtual/virtual.ts'

/**
 * Has whoever holds a role see the cards in books of others through these masks, and through no others by this role; their
 * devices start afresh.
 * @param role  as it is now
 * @throws refusal 422 for a name that no mask has
 */
export async function maskRole(
  tx: Writer,
  role: TeamRoleRow,
  names: readonly string[],
  origin: Origin,
): Promise<void> {
  const masks = []
  for (const name of names) {
    const mask = await findMask(tx, name)
    if (!mask) throw refuseStatus(422, `There is no mask "${name}".`)
    masks.push(mask.id)
  }
  await changeTeamRole(tx, role)
  await setMasksOfRole(tx, role.id, masks)
  await reviewMasks(tx, origin)
}

/**
 * Does something to a role after which others hold it, or nobody: what they see follows.
 * @param act  what is done
 */
export async function changingHolders<T>(
  tx: Writer,
  { id }: Pick<TeamRoleRow, 'id'>,
  origin: Origin,
  act: () => Promise<T>,
): Promise<T> {
  const hasMasks = (await masksOfRoles(tx)).has(id)
  const done = await act()
  if (hasMasks) await reviewMasks(tx, origin)
  return done
}
