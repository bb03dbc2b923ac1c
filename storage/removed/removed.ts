import type { CollectionId, PartyId, PrincipalId } from '../ids.ts'
import { type PrincipalRow, principalFields } from '../principals.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** An account, a group, a room or a resource that was removed, and can be brought back until its time is over. */
export interface RemovedRow extends PrincipalRow {
  readonly removedAt: number
  /** What whoever removed it is called; null where that was the command line, or nobody knows. */
  readonly authorName: string | null
  /** Who got what it shared, and looks after its people. */
  readonly heirId: PrincipalId | null
  /** The collections that the heir got, as JSON: see {@link GivenCollection}. */
  readonly given: string
  /** Whom it looked after, as JSON. */
  readonly people: string
}

/** A collection that was given to an heir, as it was before. */
export interface GivenCollection {
  readonly id: CollectionId
  readonly name: string
  readonly isDefault: boolean
  /** What was shared with the heir himself. */
  readonly share: { readonly access: string; readonly summary: string | null } | null
}

/** What goes with somebody who is removed. */
export interface Removal {
  readonly authorId: PrincipalId | undefined
  readonly heirId: PrincipalId | undefined
  readonly given: readonly GivenCollection[]
  readonly people: readonly PartyId[]
}

const from = `SELECT ${selectList<PrincipalRow>('p', principalFields)}, r.removed_at AS "removedAt",
    CASE WHEN a.display_name = '' THEN a.name ELSE a.display_name END AS "authorName", r.heir_id AS "heirId", r.given, r.people
  FROM removed_principals r JOIN principals p ON p.id = r.principal_id LEFT JOIN principals a ON a.id = r.author_id`

export function findRemoved({ sql }: Reader, id: PrincipalId): Promise<RemovedRow | undefined> {
  return sql.first<RemovedRow>(`${from} WHERE p.id = $1`, [id])
}

/** The last removed first. @param options.after  the last one seen */
export function pageRemoved(
  { sql }: Reader,
  {
    kind,
    after,
    limit,
  }: {
    readonly kind?: PrincipalRow['kind'] | undefined
    readonly after?: { readonly at: number; readonly id: PrincipalId } | undefined
    readonly limit: number
  },
): Promise<RemovedRow[]> {
  const [params, conditions]: [unknown[], string[]] = [[limit], ['1 = 1']]
  if (kind !== undefined) conditions.push(`p.kind = $${params.push(kind)}`)
  if (after) {
    const [at, id] = [`$${params.push(after.at)}`, `$${params.push(after.id)}`]
    conditions.push(`(r.removed_at < ${at} OR (r.removed_at = ${at} AND p.id < ${id}))`)
  }
  return sql.all<RemovedRow>(
    `${from} WHERE ${conditions.join(' AND ')} ORDER BY r.removed_at DESC, p.id DESC LIMIT $1`,
    params,
  )
}

/**
 * Takes somebody out of sight: his name is free, nobody finds him or signs in to him, and whoever was signed in is so no longer. What
 * he holds stays as it is.
 */
export async function markRemoved(
  tx: Writer,
  id: PrincipalId,
  { authorId, heirId, given, people }: Removal,
): Promise<void> {
  const { sql, now } = tx
  await sql.run('UPDATE principals SET removed_at = $2, stamp = stamp + 1 WHERE id = $1', [id, now])
  await sql.run(
    `INSERT INTO removed_principals (principal_id, removed_at, author_id, heir_id, given, people)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [id, now, authorId, heirId, JSON.stringify(given), JSON.stringify(people)],
  )
  await sql.run('DELETE FROM web_sessions WHERE principal_id = $1', [id])
  await sql.run('DELETE FROM password_links WHERE principal_id = $1', [id])
  await sql.run(
    'DELETE FROM setup_links WHERE device_id IN (SELECT id FROM app_passwords WHERE principal_id = $1)',
    [id],
  )
  await sql.run('DELETE FROM locks WHERE principal_id = $1 OR tree_id = $1', [id])
}

/** Somebody is there again, under a name that is free. */
export async function unmarkRemoved({ sql }: Writer, id: PrincipalId, name: string): Promise<void> {
  await sql.run('UPDATE principals SET removed_at = NULL, name = $2, stamp = stamp + 1 WHERE id = $1', [
    ...[id, name],
  ])
  await sql.run('DELETE FROM removed_principals WHERE principal_id = $1', [id])
}

/** Some whose time is over. */
export async function removedBefore({ sql }: Reader, before: number, limit: number): Promise<PrincipalId[]> {
  const rows = await sql.all<{ id: PrincipalId }>(
    'SELECT principal_id AS id FROM removed_principals WHERE removed_at < $1 ORDER BY removed_at LIMIT $2',
    [before, limit],
  )
  return rows.map(({ id }) => id)
}

/** A collection is the default of its kind again, where its home has no other by now. */
export async function makeDefaultAgain({ sql }: Writer, id: CollectionId): Promise<void> {
  await sql.run(
    `UPDATE collections SET is_default = 1 WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM collections o
       WHERE o.home_id = collections.home_id AND o.kind = collections.kind AND o.is_default = 1 AND o.deleted_at IS NULL)`,
    [id],
  )
}
