import { inList } from '../database.ts'
import type { MaskId, PrincipalId, TeamRoleId } from '../ids.ts'
import type { Reader, Writer } from '../store.ts'

/** Who holds a role by himself. */
export interface RoleHolding {
  readonly roleId: TeamRoleId
  readonly principalId: PrincipalId
}

/** Who holds a mask by himself. */
export interface MaskHolding {
  readonly maskId: MaskId
  readonly principalId: PrincipalId
}

/** A mask that a role carries. */
export interface RoleMask {
  readonly roleId: TeamRoleId
  readonly maskId: MaskId
}

/** Who holds which role; those too who are not shown any more. */
export function listRoleHoldings({ sql }: Reader): Promise<RoleHolding[]> {
  return sql.all(
    `SELECT role_id AS "roleId", principal_id AS "principalId" FROM team_role_holders ORDER BY role_id, principal_id`,
  )
}

/** The same of masks. */
export function listMaskHoldings({ sql }: Reader): Promise<MaskHolding[]> {
  return sql.all(
    `SELECT mask_id AS "maskId", principal_id AS "principalId" FROM mask_holders ORDER BY mask_id, principal_id`,
  )
}

export function listRoleMasks({ sql }: Reader): Promise<RoleMask[]> {
  return sql.all(
    `SELECT role_id AS "roleId", mask_id AS "maskId" FROM team_role_masks ORDER BY role_id, mask_id`,
  )
}

/** Has these hold a role, as far as they are there, and nobody else. */
export async function setHoldersOfRole(
  { sql }: Writer,
  id: TeamRoleId,
  principals: readonly PrincipalId[],
): Promise<void> {
  await sql.run('DELETE FROM team_role_holders WHERE role_id = $1', [id])
  await sql.run(
    `INSERT INTO team_role_holders (role_id, principal_id) SELECT CAST($1 AS bigint), p.id FROM principals p
     WHERE ${inList(sql.dialect, 'p.id', '$2', 'bigint')}`,
    [id, principals],
  )
}

/** The same of a mask. */
export async function setHoldersOfMask(
  { sql }: Writer,
  id: MaskId,
  principals: readonly PrincipalId[],
): Promise<void> {
  await sql.run('DELETE FROM mask_holders WHERE mask_id = $1', [id])
  await sql.run(
    `INSERT INTO mask_holders (mask_id, principal_id) SELECT CAST($1 AS bigint), p.id FROM principals p
     WHERE ${inList(sql.dialect, 'p.id', '$2', 'bigint')}`,
    [id, principals],
  )
}

/** Has these roles carry a mask, as far as they are there, and no others. */
export async function setRolesOfMask(
  { sql }: Writer,
  id: MaskId,
  roles: readonly TeamRoleId[],
): Promise<void> {
  await sql.run('DELETE FROM team_role_masks WHERE mask_id = $1', [id])
  await sql.run(
    `INSERT INTO team_role_masks (role_id, mask_id) SELECT r.id, CAST($1 AS bigint) FROM team_roles r
     WHERE ${inList(sql.dialect, 'r.id', '$2', 'bigint')}`,
    [id, roles],
  )
}
