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
export function setHoldersOfRole(
  tx: Writer,
  id: TeamRoleId,
  principals: readonly PrincipalId[],
): Promise<void> {
  return setRows(tx, { into: 'team_role_holders', of: 'role_id', id, from: 'principals' }, principals)
}

/** The same of a mask. */
export function setHoldersOfMask(tx: Writer, id: MaskId, principals: readonly PrincipalId[]): Promise<void> {
  return setRows(tx, { into: 'mask_holders', of: 'mask_id', id, from: 'principals' }, principals)
}

/** Has these roles carry a mask, as far as they are there, and no others. */
export function setRolesOfMask(tx: Writer, id: MaskId, roles: readonly TeamRoleId[]): Promise<void> {
  return setRows(tx, { into: 'team_role_masks', of: 'mask_id', id, from: 'team_roles' }, roles)
}

interface Held {
  readonly into: string
  /** The column of what is held, and which it is. */
  readonly of: string
  readonly id: number
  /** Where those are who hold it. */
  readonly from: keyof typeof holderColumns
}

const holderColumns = { principals: 'principal_id', team_roles: 'role_id' } as const

async function setRows(
  { sql }: Writer,
  { into, of, id, from }: Held,
  holders: readonly number[],
): Promise<void> {
  await sql.run(`DELETE FROM ${into} WHERE ${of} = $1`, [id])
  await sql.run(
    `INSERT INTO ${into} (${of}, ${holderColumns[from]}) SELECT CAST($1 AS bigint), f.id FROM ${from} f
     WHERE ${inList(sql.dialect, 'f.id', '$2', 'bigint')}`,
    [id, holders],
  )
}
