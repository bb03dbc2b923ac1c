import { inList } from '../database.ts'
import type { MaskId, PrincipalId } from '../ids.ts'
import type { PrincipalKind } from '../principals.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** What whoever holds it does not see of cards of others. */
export interface MaskRow {
  readonly id: MaskId
  readonly name: string
  /** As it is written: see `WrittenMask`. */
  readonly rules: string
  readonly createdAt: number
  readonly changedAt: number
}

const columns = selectList<MaskRow>('m', ['id', 'name', 'rules', 'createdAt', 'changedAt'])

/** Whether anybody holds a mask: where nobody does there is nothing else to look for. */
export async function hasMaskHolders({ sql }: Reader): Promise<boolean> {
  const text = 'SELECT 1 FROM mask_holders UNION ALL SELECT 1 FROM team_role_masks LIMIT 1'
  return (await sql.first(text)) !== undefined
}

/** The masks that any of these principals holds, itself or by a role, and those of everybody; each once. */
export function masksOf({ sql }: Reader, principals: readonly PrincipalId[]): Promise<MaskRow[]> {
  const isOne = inList(sql.dialect, 'h.principal_id', '$1', 'bigint')
  return sql.all<MaskRow>(
    `SELECT ${columns} FROM masks m WHERE m.id IN (SELECT h.mask_id FROM mask_holders h WHERE ${isOne})
       OR m.id IN (SELECT o.mask_id FROM team_role_masks o JOIN team_roles r ON r.id = o.role_id
         WHERE r.built_in = 'everyone' OR r.id IN (SELECT h.role_id FROM team_role_holders h WHERE ${isOne}))
     ORDER BY m.id`,
    [principals],
  )
}

/** Every account that holds masks, by itself or through groups and roles, with each of them. */
export function masksByUser({ sql }: Reader): Promise<{ userId: PrincipalId; maskId: MaskId }[]> {
  return sql.all(
    `WITH RECURSIVE reached(mask_id, id) AS (
       SELECT h.mask_id, h.principal_id FROM mask_holders h
       UNION SELECT o.mask_id, h.principal_id FROM team_role_masks o JOIN team_role_holders h ON h.role_id = o.role_id
       UNION SELECT o.mask_id, p.id FROM team_role_masks o JOIN team_roles r ON r.id = o.role_id
         AND r.built_in = 'everyone' CROSS JOIN principals p WHERE p.kind = 'user'
       UNION SELECT r.mask_id, g.member_id FROM group_members g JOIN reached r ON r.id = g.group_id)
     SELECT r.id AS "userId", r.mask_id AS "maskId" FROM reached r JOIN principals p ON p.id = r.id AND p.kind = 'user'
     ORDER BY r.id, r.mask_id`,
  )
}

/** All masks, by name. */
export function listMasks({ sql }: Reader): Promise<MaskRow[]> {
  return sql.all<MaskRow>(`SELECT ${columns} FROM masks m ORDER BY m.name`)
}

export function findMask({ sql }: Reader, name: string): Promise<MaskRow | undefined> {
  return sql.first<MaskRow>(`SELECT ${columns} FROM masks m WHERE m.name = $1`, [name])
}

export async function saveMask(tx: Writer, name: string, rules: string): Promise<void> {
  await tx.sql.run(
    `INSERT INTO masks (name, rules, created_at, changed_at) VALUES ($1, $2, $3, $3)
     ON CONFLICT (name) DO UPDATE SET rules = excluded.rules, changed_at = excluded.changed_at`,
    [name, rules, tx.now],
  )
}

/** One that comes back under its id. */
export async function bringBackMask(
  tx: Writer,
  { id, name, rules }: Pick<MaskRow, 'id' | 'name' | 'rules'>,
): Promise<void> {
  await tx.sql.run(
    'INSERT INTO masks (id, name, rules, created_at, changed_at) VALUES ($1, $2, $3, $4, $4)',
    [...[id, name, rules, tx.now]],
  )
}

export function findMaskById({ sql }: Reader, id: MaskId): Promise<MaskRow | undefined> {
  return sql.first<MaskRow>(`SELECT ${columns} FROM masks m WHERE m.id = $1`, [id])
}

/** Nobody holds it any more. */
export async function deleteMask(tx: Writer, id: MaskId): Promise<void> {
  await tx.sql.run('DELETE FROM masks WHERE id = $1', [id])
}

export async function addHolder(tx: Writer, id: MaskId, principalId: PrincipalId): Promise<void> {
  await tx.sql.run(
    'INSERT INTO mask_holders (mask_id, principal_id) VALUES ($1, $2) ON CONFLICT (mask_id, principal_id) DO NOTHING',
    [id, principalId],
  )
}

/** @returns whether he had it */
export async function removeHolder(tx: Writer, id: MaskId, principalId: PrincipalId): Promise<boolean> {
  const text = 'DELETE FROM mask_holders WHERE mask_id = $1 AND principal_id = $2'
  return (await tx.sql.run(text, [id, principalId])) > 0
}

/** Who holds a mask: an account or a group by itself, or a role, whose holders do. */
export interface MaskHolder {
  readonly name: string
  readonly displayName: string
  readonly kind: PrincipalKind | 'role'
}

/** Who holds which mask, roles last, by name. */
export function listHolders({ sql }: Reader): Promise<(MaskHolder & { maskId: MaskId })[]> {
  return sql.all(
    `SELECT h.mask_id AS "maskId", p.name, p.display_name AS "displayName", p.kind, 0 AS "isRole"
       FROM mask_holders h JOIN principals p ON p.id = h.principal_id AND p.removed_at IS NULL
     UNION ALL SELECT o.mask_id, r.name, r.name, 'role', 1 FROM team_role_masks o JOIN team_roles r ON r.id = o.role_id
     ORDER BY 1, 5, 2`,
  )
}
