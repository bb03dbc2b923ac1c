import type { MaskId, TeamRoleId } from '../ids.ts'
import { grouped } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** The names of the masks that each role carries. */
export async function masksOfRoles({ sql }: Reader): Promise<ReadonlyMap<TeamRoleId, readonly string[]>> {
  const rows = await sql.all<{ roleId: TeamRoleId; name: string }>(
    `SELECT o.role_id AS "roleId", m.name FROM team_role_masks o JOIN masks m ON m.id = o.mask_id
     ORDER BY o.role_id, m.name`,
  )
  const names = grouped(rows, ({ roleId }) => roleId)
  return new Map([...names].map(([id, some]) => [id, some.map(({ name }) => name)]))
}

/** Has a role carry these masks, and no others. */
export async function setMasksOfRole(
  tx: Writer,
  roleId: TeamRoleId,
  masks: readonly MaskId[],
): Promise<void> {
  await tx.sql.run('DELETE FROM team_role_masks WHERE role_id = $1', [roleId])
  for (const maskId of new Set(masks))
    await tx.sql.run('INSERT INTO team_role_masks (role_id, mask_id) VALUES ($1, $2)', [roleId, maskId])
}
