import { WriteConflictError } from '../errors.ts'
import type { PrincipalId, SmartListId } from '../ids.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** A filter that somebody has saved. */
export interface SmartListRow {
  readonly id: SmartListId
  /** Whose it is, and by whose reach it is filled. */
  readonly principalId: PrincipalId
  readonly name: string
  readonly description: string
  /** #rrggbb; null for none. */
  readonly color: string | null
  /** As JSON. */
  readonly filter: string
  /** Ids of the accounts and groups that it names, by what it calls them, as JSON. */
  readonly principals: string
  readonly version: number
  readonly createdAt: number
  readonly changedAt: number
}

export type NewSmartList = Omit<SmartListRow, 'id' | 'version' | 'createdAt' | 'changedAt'>

const columns = selectList<SmartListRow>('s', [
  'id',
  'principalId',
  'name',
  'description',
  'color',
  'filter',
  'principals',
  'version',
  'createdAt',
  'changedAt',
])

/** Somebody's lists, by name. */
export function listSmartLists({ sql }: Reader, principalId: PrincipalId): Promise<SmartListRow[]> {
  return sql.all<SmartListRow>(
    `SELECT ${columns} FROM smart_lists s WHERE s.principal_id = $1 AND s.deleted_at IS NULL ORDER BY s.name, s.id`,
    [principalId],
  )
}

export function findSmartList({ sql }: Reader, id: SmartListId): Promise<SmartListRow | undefined> {
  const text = `SELECT ${columns} FROM smart_lists s WHERE s.id = $1 AND s.deleted_at IS NULL`
  return sql.first<SmartListRow>(text, [id])
}

export function findSmartListNamed(
  { sql }: Reader,
  principalId: PrincipalId,
  name: string,
): Promise<SmartListRow | undefined> {
  const text = `SELECT ${columns} FROM smart_lists s WHERE s.principal_id = $1 AND s.name = $2
    AND s.deleted_at IS NULL`
  return sql.first<SmartListRow>(text, [principalId, name])
}

/** Lists that may ask for a label, whoever has them, by id; those in the trash too. */
export function listsWithLabels(
  { sql }: Reader,
  { after, limit }: { readonly after: SmartListId; readonly limit: number },
): Promise<SmartListRow[]> {
  return sql.all<SmartListRow>(
    `SELECT ${columns} FROM smart_lists s WHERE s.id > $1 AND s.filter LIKE '%"label"%' ORDER BY s.id LIMIT $2`,
    [after, limit],
  )
}

/** The lists of everybody, by id; those in the trash too. */
export function listsAfter(
  { sql }: Reader,
  { after, limit }: { readonly after: SmartListId; readonly limit: number },
): Promise<SmartListRow[]> {
  return sql.all<SmartListRow>(
    `SELECT ${columns} FROM smart_lists s WHERE s.id > $1 ORDER BY s.id LIMIT $2`,
    [after, limit],
  )
}

export async function addSmartList(tx: Writer, list: NewSmartList): Promise<SmartListId> {
  const row = await tx.sql.first<{ id: SmartListId }>(
    `INSERT INTO smart_lists (principal_id, name, description, color, filter, principals, version, created_at, changed_at)
     VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7) RETURNING id`,
    [list.principalId, list.name, list.description, list.color, list.filter, list.principals, tx.now],
  )
  if (row === undefined) throw new Error('The list was not made.')
  return row.id
}

/** @throws WriteConflictError when it has changed since it was read */
export async function changeSmartList(tx: Writer, list: SmartListRow): Promise<void> {
  const changed = await tx.sql.run(
    `UPDATE smart_lists SET name = $3, description = $4, color = $5, filter = $6, principals = $7,
       version = version + 1, changed_at = $8 WHERE id = $1 AND version = $2`,
    [
      ...[list.id, list.version, list.name, list.description, list.color, list.filter, list.principals],
      tx.now,
    ],
  )
  if (changed === 0) throw new WriteConflictError('The list has changed.')
}
