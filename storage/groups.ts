import { inList } from './database.ts'
import type { PrincipalId } from './ids.ts'
import { type PrincipalRow, principalFields } from './principals.ts'
import { selectList } from './select.ts'
import type { Reader, Writer } from './store.ts'

export type ProxyMode = 'read' | 'write'

const columns = selectList<PrincipalRow>('p', principalFields)

/** What a principal is part of. */
export interface Belongings {
  /** The principal, and every group that holds it, however deep. */
  readonly principals: ReadonlySet<PrincipalId>
  /** Whose delegate it is, itself or through a group; 'write' where it is both. */
  readonly proxyOf: ReadonlyMap<PrincipalId, ProxyMode>
}

/** Everything a principal is part of, in one statement. */
export async function belongingsOf(reader: Reader, id: PrincipalId): Promise<Belongings> {
  const rows = await reader.sql.all<{ id: PrincipalId; mode: ProxyMode | null }>(
    `WITH RECURSIVE holding(id) AS (
       SELECT CAST($1 AS bigint) UNION
       SELECT g.group_id FROM group_members g JOIN holding h ON h.id = g.member_id)
     SELECT h.id, NULL AS mode FROM holding h
     UNION ALL SELECT p.owner_id AS id, p.mode FROM proxies p JOIN holding h ON h.id = p.proxy_id`,
    [id],
  )
  const proxyOf = new Map<PrincipalId, ProxyMode>()
  for (const { id: owner, mode } of rows) {
    if (mode !== null && proxyOf.get(owner) !== 'write') proxyOf.set(owner, mode)
  }
  return { principals: new Set(rows.flatMap(({ id, mode }) => (mode === null ? [id] : []))), proxyOf }
}

/** The direct members of a group, in the order they were made. */
export function listGroupMembers(reader: Reader, groupId: PrincipalId): Promise<PrincipalRow[]> {
  return reader.sql.all<PrincipalRow>(
    `SELECT ${columns} FROM group_members g JOIN principals p ON p.id = g.member_id
     WHERE g.group_id = $1 ORDER BY p.id`,
    [groupId],
  )
}

/** The groups that hold a principal directly. */
export function listGroupsOf(reader: Reader, memberId: PrincipalId): Promise<PrincipalRow[]> {
  return reader.sql.all<PrincipalRow>(
    `SELECT ${columns} FROM group_members g JOIN principals p ON p.id = g.group_id
     WHERE g.member_id = $1 ORDER BY p.id`,
    [memberId],
  )
}

/** The users in a principal: itself, or those in the group, however deep. */
export function usersIn(reader: Reader, id: PrincipalId): Promise<PrincipalRow[]> {
  return reader.sql.all<PrincipalRow>(
    `WITH RECURSIVE held(id) AS (
       SELECT CAST($1 AS bigint) UNION
       SELECT g.member_id FROM group_members g JOIN held h ON h.id = g.group_id)
     SELECT ${columns} FROM held h JOIN principals p ON p.id = h.id WHERE p.kind = 'user' ORDER BY p.id`,
    [id],
  )
}

/** A principal, and to which of those asked about it belongs. */
export interface Related extends PrincipalRow {
  readonly of: PrincipalId
}

/** The direct members of groups, in the order they were made. */
export function membersOfGroups({ sql }: Reader, groups: readonly PrincipalId[]): Promise<Related[]> {
  return sql.all<Related>(
    `SELECT ${columns}, g.group_id AS "of" FROM group_members g JOIN principals p ON p.id = g.member_id
     WHERE ${inList(sql.dialect, 'g.group_id', '$1', 'bigint')} ORDER BY p.id`,
    [[...groups]],
  )
}

/** The groups that hold principals directly. */
export function groupsOfMembers({ sql }: Reader, members: readonly PrincipalId[]): Promise<Related[]> {
  return sql.all<Related>(
    `SELECT ${columns}, g.member_id AS "of" FROM group_members g JOIN principals p ON p.id = g.group_id
     WHERE ${inList(sql.dialect, 'g.member_id', '$1', 'bigint')} ORDER BY p.id`,
    [[...members]],
  )
}

/** @returns false when it was a member already */
export async function addGroupMember(
  tx: Writer,
  groupId: PrincipalId,
  memberId: PrincipalId,
): Promise<boolean> {
  const added = await tx.sql.run(
    'INSERT INTO group_members (group_id, member_id) VALUES ($1, $2) ON CONFLICT (group_id, member_id) DO NOTHING',
    [groupId, memberId],
  )
  return added > 0
}

/** @returns false when it was none */
export async function removeGroupMember(
  tx: Writer,
  groupId: PrincipalId,
  memberId: PrincipalId,
): Promise<boolean> {
  const text = 'DELETE FROM group_members WHERE group_id = $1 AND member_id = $2'
  return (await tx.sql.run(text, [groupId, memberId])) > 0
}

/** Takes a principal out of every group, and a group's members out of it. */
export async function leaveGroups(tx: Writer, id: PrincipalId): Promise<void> {
  await tx.sql.run('DELETE FROM group_members WHERE group_id = $1 OR member_id = $1', [id])
}

export async function countGroupMembers(reader: Reader, groupId: PrincipalId): Promise<number> {
  const text = 'SELECT count(*) AS count FROM group_members WHERE group_id = $1'
  return (await reader.sql.first<{ count: number }>(text, [groupId]))?.count ?? 0
}

/** How many levels of groups hold a principal. */
export function levelsAbove(reader: Reader, id: PrincipalId): Promise<number> {
  return countLevels(
    reader,
    'SELECT g.group_id, l.depth + 1 FROM group_members g JOIN levels l ON l.id = g.member_id',
    id,
  )
}

/** How many levels of groups are in a group. */
export function levelsBelow(reader: Reader, id: PrincipalId): Promise<number> {
  const step = `SELECT g.member_id, l.depth + 1 FROM group_members g JOIN levels l ON l.id = g.group_id
    JOIN principals p ON p.id = g.member_id AND p.kind = 'group'`
  return countLevels(reader, step, id)
}

/** Groups do not go in a circle, so that this ends. */
async function countLevels({ sql }: Reader, step: string, id: PrincipalId): Promise<number> {
  const row = await sql.first<{ depth: number }>(
    `WITH RECURSIVE levels(id, depth) AS (SELECT CAST($1 AS bigint), 0 UNION ${step})
     SELECT max(depth) AS depth FROM levels`,
    [id],
  )
  return row?.depth ?? 0
}

/** A delegate of an account. */
export interface ProxyRow extends PrincipalRow {
  readonly mode: ProxyMode
}

/** The delegates of an account. */
export function listProxies(reader: Reader, ownerId: PrincipalId): Promise<ProxyRow[]> {
  return reader.sql.all<ProxyRow>(
    `SELECT ${columns}, x.mode FROM proxies x JOIN principals p ON p.id = x.proxy_id
     WHERE x.owner_id = $1 ORDER BY p.id`,
    [ownerId],
  )
}

/** Makes a principal somebody's delegate, or changes what he may do. */
export async function setProxy(
  tx: Writer,
  ownerId: PrincipalId,
  proxyId: PrincipalId,
  mode: ProxyMode,
): Promise<void> {
  await tx.sql.run(
    `INSERT INTO proxies (owner_id, proxy_id, mode) VALUES ($1, $2, $3)
     ON CONFLICT (owner_id, proxy_id) DO UPDATE SET mode = excluded.mode`,
    [ownerId, proxyId, mode],
  )
}

export async function removeProxy(tx: Writer, ownerId: PrincipalId, proxyId: PrincipalId): Promise<boolean> {
  const text = 'DELETE FROM proxies WHERE owner_id = $1 AND proxy_id = $2'
  return (await tx.sql.run(text, [ownerId, proxyId])) > 0
}
