import { inList } from '../database.ts'
import { WriteConflictError } from '../errors.ts'
import type { PrincipalId, TeamRoleId } from '../ids.ts'
import { type PrincipalRow, principalFields } from '../principals.ts'
import { grouped, selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** What some of those who work together may do. */
export interface TeamRoleRow {
  readonly id: TeamRoleId
  readonly name: string
  /** The names of what it lets do, with spaces between. */
  readonly capabilities: string
  /** `everyone` is everybody's, `administrators` is there from the start; null for those that people made. */
  readonly builtIn: 'everyone' | 'administrators' | null
  readonly version: number
  readonly createdAt: number
  readonly changedAt: number
}

const fields = ['id', 'name', 'capabilities', 'builtIn', 'version', 'createdAt', 'changedAt'] as const
const columns = selectList<TeamRoleRow>('r', fields)

/** All roles, those that are there from the start before the others. */
export function listTeamRoles({ sql }: Reader): Promise<TeamRoleRow[]> {
  return sql.all<TeamRoleRow>(`SELECT ${columns} FROM team_roles r ORDER BY r.id`)
}

export function findTeamRole({ sql }: Reader, id: TeamRoleId): Promise<TeamRoleRow | undefined> {
  return sql.first<TeamRoleRow>(`SELECT ${columns} FROM team_roles r WHERE r.id = $1`, [id])
}

export function findTeamRoleByName({ sql }: Reader, name: string): Promise<TeamRoleRow | undefined> {
  return sql.first<TeamRoleRow>(`SELECT ${columns} FROM team_roles r WHERE r.name = $1`, [name])
}

/** The roles that any of these principals holds, and that of everybody. */
export function teamRolesOf({ sql }: Reader, principals: Iterable<PrincipalId>): Promise<TeamRoleRow[]> {
  return sql.all<TeamRoleRow>(
    `SELECT ${columns} FROM team_roles r WHERE r.built_in = 'everyone' OR r.id IN
       (SELECT h.role_id FROM team_role_holders h WHERE ${inList(sql.dialect, 'h.principal_id', '$1', 'bigint')})
     ORDER BY r.id`,
    [[...principals]],
  )
}

/** Who holds each role, in the order they were made. */
export async function holdersOfTeamRoles({
  sql,
}: Reader): Promise<ReadonlyMap<TeamRoleId, readonly PrincipalRow[]>> {
  const rows = await sql.all<PrincipalRow & { readonly roleId: TeamRoleId }>(
    `SELECT h.role_id AS "roleId", ${selectList<PrincipalRow>('p', principalFields)} FROM team_role_holders h
     JOIN principals p ON p.id = h.principal_id AND p.removed_at IS NULL ORDER BY h.role_id, p.id`,
  )
  return grouped(rows, ({ roleId }) => roleId)
}

/** @param role.id  of one that comes back under it */
export async function addTeamRole(
  tx: Writer,
  { id, name, capabilities }: Pick<TeamRoleRow, 'name' | 'capabilities'> & { readonly id?: TeamRoleId },
): Promise<TeamRoleId> {
  const [column, value] = id === undefined ? ['', ''] : ['id, ', '$4, ']
  const row = await tx.sql.first<{ id: TeamRoleId }>(
    `INSERT INTO team_roles (${column}name, capabilities, version, created_at, changed_at)
     VALUES (${value}$1, $2, 1, $3, $3) RETURNING id`,
    [name, capabilities, tx.now, ...(id === undefined ? [] : [id])],
  )
  if (row === undefined) throw new Error('The role was not made.')
  return row.id
}

/** @throws WriteConflictError when it has changed since it was read */
export async function changeTeamRole(
  tx: Writer,
  { id, version, name, capabilities }: Pick<TeamRoleRow, 'id' | 'version' | 'name' | 'capabilities'>,
): Promise<void> {
  const changed = await tx.sql.run(
    `UPDATE team_roles SET name = $3, capabilities = $4, version = version + 1, changed_at = $5
     WHERE id = $1 AND version = $2`,
    [id, version, name, capabilities, tx.now],
  )
  if (changed === 0) throw new WriteConflictError('The role has changed.')
}

export async function removeTeamRole(tx: Writer, id: TeamRoleId): Promise<void> {
  await tx.sql.run('DELETE FROM team_roles WHERE id = $1', [id])
}

/** @returns whether he did not hold it before */
export async function addHolder(tx: Writer, id: TeamRoleId, principalId: PrincipalId): Promise<boolean> {
  const text = `INSERT INTO team_role_holders (role_id, principal_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`
  return (await tx.sql.run(text, [id, principalId])) > 0
}

/** @returns whether he held it */
export async function removeHolder(tx: Writer, id: TeamRoleId, principalId: PrincipalId): Promise<boolean> {
  const text = 'DELETE FROM team_role_holders WHERE role_id = $1 AND principal_id = $2'
  return (await tx.sql.run(text, [id, principalId])) > 0
}
