import { inList } from '../database.ts'
import type { CollectionId, DeviceId, HeldEditId, PrincipalId } from '../ids.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** What somebody sent, and was refused. */
export interface HeldEditRow {
  readonly id: HeldEditId
  /** Who sent it. */
  readonly principalId: PrincipalId
  readonly collectionId: CollectionId
  readonly name: string
  readonly deviceId: DeviceId | null
  readonly clientKind: string | null
  /** Of the answer. */
  readonly status: number
  /** The precondition that failed. */
  readonly reason: string
  /** The entity tag that it was an edit of, where it named one. */
  readonly baseEtag: string | null
  /** Of what was sent. */
  readonly etag: string
  readonly size: number
  readonly at: number
  /** When it was applied or discarded; null while it is open. */
  readonly settledAt: number | null
  readonly settledAs: 'applied' | 'discarded' | null
}

export interface HeldEditWithBody extends HeldEditRow {
  readonly body: Buffer
}

/** How it is listed. */
export interface ListedHeldEdit extends HeldEditRow {
  /** The collection's name in its owner's home, and its kind. */
  readonly collectionName: string
  readonly collectionKind: 'calendar' | 'addressbook'
  /** The label of the device. */
  readonly device: string | null
  /** The entity tag of what is there now; null where nothing is. */
  readonly storedEtag: string | null
}

const columns = selectList<HeldEditRow>('h', [
  'id',
  'principalId',
  'collectionId',
  'name',
  'deviceId',
  'clientKind',
  'status',
  'reason',
  'baseEtag',
  'etag',
  'size',
  'at',
  'settledAt',
  'settledAs',
])

/** How much of one account is kept. */
export interface HeldBounds {
  readonly count: number
  readonly bytes: number
}

/** Keeps what was refused; the same again takes the place of the one before; those that are settled go first, then the oldest. */
export async function holdEdit(
  tx: Writer,
  edit: Omit<HeldEditWithBody, 'id' | 'at' | 'size' | 'settledAt' | 'settledAs'>,
  bounds: HeldBounds,
): Promise<void> {
  const { principalId, collectionId, name, etag, body } = edit
  await tx.sql.run(
    'DELETE FROM held_edits WHERE principal_id = $1 AND collection_id = $2 AND name = $3 AND etag = $4',
    [principalId, collectionId, name, etag],
  )
  await tx.sql.run(
    `INSERT INTO held_edits (principal_id, collection_id, name, device_id, client_kind, status, reason, base_etag, etag,
       size, body, at)
     SELECT p.id, c.id, CAST($3 AS text), CAST($4 AS bigint), CAST($5 AS text), CAST($6 AS bigint), CAST($7 AS text),
       CAST($8 AS text), CAST($9 AS text), CAST($10 AS bigint), $11, CAST($12 AS bigint)
     FROM principals p JOIN collections c ON c.id = $2 WHERE p.id = $1`,
    [
      principalId,
      collectionId,
      name,
      edit.deviceId,
      edit.clientKind,
      edit.status,
      edit.reason,
      edit.baseEtag,
      etag,
      body.byteLength,
      body,
      tx.now,
    ],
  )
  await trim(tx, principalId, bounds)
}

/** Of an account, the newest first: those that are open, or those that were applied or discarded. */
export function listHeldEdits(
  { sql }: Reader,
  principalId: PrincipalId,
  state: 'open' | 'settled' = 'open',
): Promise<ListedHeldEdit[]> {
  const is = state === 'open' ? 'IS NULL' : 'IS NOT NULL'
  const text = `${listed} WHERE h.principal_id = $1 AND h.settled_at ${is} ORDER BY h.id DESC`
  return sql.all<ListedHeldEdit>(text, [principalId])
}

/** One of an account, without its octets, settled or not. */
export function findHeldEdit(
  { sql }: Reader,
  principalId: PrincipalId,
  id: HeldEditId,
): Promise<ListedHeldEdit | undefined> {
  return sql.first<ListedHeldEdit>(`${listed} WHERE h.principal_id = $1 AND h.id = $2`, [principalId, id])
}

/** The octets of one. */
export async function heldBody({ sql }: Reader, id: HeldEditId): Promise<Buffer | undefined> {
  return (await sql.first<{ body: Buffer }>('SELECT body FROM held_edits WHERE id = $1', [id]))?.body
}

/** @returns false when the account has none of that id */
export async function dropHeldEdit(
  { sql }: Writer,
  principalId: PrincipalId,
  id: HeldEditId,
): Promise<boolean> {
  return (await sql.run('DELETE FROM held_edits WHERE id = $1 AND principal_id = $2', [id, principalId])) > 0
}

/**
 * Says what became of one; it is kept for as long as it would have been.
 * @param by  who says so
 * @returns false when the account has none of that id that is open
 */
export async function settleHeldEdit(
  { sql, now }: Writer,
  edit: { readonly id: HeldEditId; readonly principalId: PrincipalId },
  settled: { readonly as: 'applied' | 'discarded'; readonly by: PrincipalId },
): Promise<boolean> {
  const text = `UPDATE held_edits SET settled_at = $3, settled_as = $4, settled_by = $5
    WHERE id = $1 AND principal_id = $2 AND settled_at IS NULL`
  return (await sql.run(text, [edit.id, edit.principalId, now, settled.as, settled.by])) > 0
}

/** Opens one again. @returns false when the account has none of that id that was settled */
export async function reopenHeldEdit(
  { sql }: Writer,
  principalId: PrincipalId,
  id: HeldEditId,
): Promise<boolean> {
  const text = `UPDATE held_edits SET settled_at = NULL, settled_as = NULL, settled_by = NULL
    WHERE id = $1 AND principal_id = $2 AND settled_at IS NOT NULL`
  return (await sql.run(text, [id, principalId])) > 0
}

/** Takes away what is older, so many at most. @returns how many those were */
export async function purgeHeldEdits({ sql }: Writer, before: number, most: number): Promise<number> {
  const text =
    'DELETE FROM held_edits WHERE id IN (SELECT id FROM held_edits WHERE at < $1 ORDER BY at LIMIT $2)'
  return sql.run(text, [before, most])
}

const listed = `SELECT ${columns}, c.name AS "collectionName", c.kind AS "collectionKind", a.label AS device,
    o.etag AS "storedEtag"
  FROM held_edits h JOIN collections c ON c.id = h.collection_id AND c.deleted_at IS NULL
  LEFT JOIN app_passwords a ON a.id = h.device_id
  LEFT JOIN objects o ON o.collection_id = h.collection_id AND o.name = h.name`

async function trim({ sql }: Writer, principalId: PrincipalId, { count, bytes }: HeldBounds): Promise<void> {
  const rows = await sql.all<{ id: HeldEditId; size: number }>(
    `SELECT id, size FROM held_edits WHERE principal_id = $1
     ORDER BY CASE WHEN settled_at IS NULL THEN 0 ELSE 1 END, id DESC`,
    [principalId],
  )
  let octets = 0
  const over = rows.filter(({ size }, at) => {
    octets += size
    return at >= count || octets > bytes
  })
  if (over.length === 0) return
  const ids = over.map(({ id }) => id)
  await sql.run(`DELETE FROM held_edits WHERE ${inList(sql.dialect, 'id', '$1', 'bigint')}`, [ids])
}
