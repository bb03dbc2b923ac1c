import type { PrincipalId, SmartListId } from '../ids.ts'
import type { Reader, Writer } from '../store.ts'

/** A list that was removed. */
export interface TrashedListRow {
  readonly id: SmartListId
  readonly name: string
  readonly deletedAt: number
  /** With whom it was shared, and who had it as an address book, as JSON. */
  readonly kept: string
}

/** Somebody's lists that were removed, the latest first. */
export function listTrashedLists({ sql }: Reader, principalId: PrincipalId): Promise<TrashedListRow[]> {
  return sql.all<TrashedListRow>(
    `SELECT s.id, s.name, s.deleted_at AS "deletedAt", coalesce(s.kept, '{}') AS kept FROM smart_lists s
     WHERE s.principal_id = $1 AND s.deleted_at IS NOT NULL ORDER BY s.deleted_at DESC, s.id DESC`,
    [principalId],
  )
}

/** Puts a list into the trash. @param kept  what is to come back with it, as JSON */
export async function trashSmartList(tx: Writer, id: SmartListId, kept: string): Promise<void> {
  await tx.sql.run('UPDATE smart_lists SET deleted_at = $2, kept = $3, version = version + 1 WHERE id = $1', [
    ...[id, tx.now, kept],
  ])
}

/** Takes a list out of the trash; its name is free. */
export async function untrashSmartList(tx: Writer, id: SmartListId): Promise<void> {
  await tx.sql.run(
    'UPDATE smart_lists SET deleted_at = NULL, kept = NULL, version = version + 1, changed_at = $2 WHERE id = $1',
    [id, tx.now],
  )
}

/** Forgets all lists in somebody's trash, or one of them. @returns how many */
export function forgetTrashedLists(tx: Writer, principalId: PrincipalId, id?: SmartListId): Promise<number> {
  const isMeant = id === undefined ? '' : ' AND id = $2'
  return tx.sql.run(`DELETE FROM smart_lists WHERE principal_id = $1 AND deleted_at IS NOT NULL${isMeant}`, [
    principalId,
    ...(id === undefined ? [] : [id]),
  ])
}

/** Forgets the lists that were removed before a time. @returns how many */
export function purgeTrashedLists(tx: Writer, before: number): Promise<number> {
  return tx.sql.run('DELETE FROM smart_lists WHERE deleted_at < $1', [before])
}
