import { inList } from '../database.ts'
import type { PrincipalId } from '../ids.ts'
import type { Reader, Writer } from '../store.ts'

/** A label that somebody has made, or given a colour: nobody has to have it. */
export interface OwnLabel {
  readonly principalId: PrincipalId
  readonly name: string
  /** #rrggbb; null for none. */
  readonly color: string | null
}

/** What these accounts have made of these labels. */
export function ownLabels(
  { sql }: Reader,
  owners: readonly PrincipalId[],
  names: readonly string[],
): Promise<OwnLabel[]> {
  return sql.all<OwnLabel>(
    `SELECT l.principal_id AS "principalId", l.name, l.color FROM labels l
     WHERE ${inList(sql.dialect, 'l.principal_id', '$1', 'bigint')} AND ${inList(sql.dialect, 'l.name', '$2', 'text')}
     ORDER BY l.principal_id`,
    [owners, names],
  )
}

export async function countOwnLabels({ sql }: Reader, owner: PrincipalId): Promise<number> {
  const text = 'SELECT count(*) AS count FROM labels WHERE principal_id = $1'
  return (await sql.first<{ count: number }>(text, [owner]))?.count ?? 0
}

export async function saveOwnLabel(tx: Writer, { principalId, name, color }: OwnLabel): Promise<void> {
  await tx.sql.run(
    `INSERT INTO labels (principal_id, name, color, version, changed_at) VALUES ($1, $2, $3, 1, $4)
     ON CONFLICT (principal_id, name) DO UPDATE SET color = excluded.color, version = labels.version + 1,
       changed_at = excluded.changed_at`,
    [principalId, name, color, tx.now],
  )
}

/** Gives it another name; of two that become one the colour of that which was there stays. */
export async function renameOwnLabel(
  tx: Writer,
  owner: PrincipalId,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  const known = await ownLabels(tx, [owner], [from, to])
  const former = known.find(({ name }) => name === from)
  if (!former) return
  const color = known.find(({ name }) => name === to)?.color ?? former.color
  await removeOwnLabel(tx, owner, from)
  await saveOwnLabel(tx, { principalId: owner, name: to, color })
}

export async function removeOwnLabel(tx: Writer, owner: PrincipalId, name: string): Promise<void> {
  await tx.sql.run('DELETE FROM labels WHERE principal_id = $1 AND name = $2', [owner, name])
}

/** Whether somebody has a label in a book that is this account's own. */
export async function isLabelWorn({ sql }: Reader, owner: PrincipalId, label: string): Promise<boolean> {
  const text = `SELECT 1 FROM card_labels l JOIN collections c ON c.id = l.collection_id
    WHERE c.principal_id = $1 AND c.generated IS NULL AND c.deleted_at IS NULL AND l.label = $2 LIMIT 1`
  return (await sql.first(text, [owner, label])) !== undefined
}
