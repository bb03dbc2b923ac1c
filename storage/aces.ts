import { inList } from './database.ts'
import type { HomeId, PrincipalId } from './ids.ts'
import type { Reader, Writer } from './store.ts'

/** What an access control list stands on. */
export interface AceTarget {
  readonly kind: 'home' | 'collection' | 'node' | 'principal'
  readonly id: number
}

/** One entry of an access control list, as it was set. @see RFC 3744 §5.5 */
export interface AceRow {
  readonly targetKind: AceTarget['kind']
  readonly targetId: number
  readonly subject: 'principal' | 'all' | 'authenticated' | 'unauthenticated' | 'self' | 'owner'
  /** For the subject `principal`. */
  readonly principalId: PrincipalId | null
  readonly isGrant: number
  /** The sum of the bits of the privileges. */
  readonly privileges: number
}

export type NewAce = Omit<AceRow, 'targetKind' | 'targetId'>

/** The entries on these targets, each target's in their order. */
export async function listAces({ sql }: Reader, targets: readonly AceTarget[]): Promise<AceRow[]> {
  const kinds = [...new Set(targets.map(({ kind }) => kind))]
  const conditions = kinds.map(
    (_, at) =>
      `(a.target_kind = $${2 * at + 1} AND ${inList(sql.dialect, 'a.target_id', `$${2 * at + 2}`, 'bigint')})`,
  )
  if (kinds.length === 0) return []
  return sql.all<AceRow>(
    `SELECT a.target_kind AS "targetKind", a.target_id AS "targetId", a.subject, a.principal_id AS "principalId",
       a.is_grant AS "isGrant", a.privileges
     FROM aces a WHERE ${conditions.join(' OR ')} ORDER BY a.target_kind, a.target_id, a.position`,
    kinds.flatMap((kind) => [kind, targets.filter((target) => target.kind === kind).map(({ id }) => id)]),
  )
}

/** The entries on a home and on all that lives in it, each target's in their order. */
export function listHomeAces({ sql }: Reader, homeId: HomeId): Promise<AceRow[]> {
  const columns = `a.target_kind AS "targetKind", a.target_id AS "targetId", a.subject,
    a.principal_id AS "principalId", a.is_grant AS "isGrant", a.privileges, a.position`
  return sql.all<AceRow>(
    `SELECT ${columns} FROM aces a WHERE a.target_kind = 'home' AND a.target_id = $1
     UNION ALL SELECT ${columns} FROM aces a CROSS JOIN nodes n
       WHERE a.target_kind = 'node' AND n.id = a.target_id AND n.home_id = $1 AND n.deleted_root IS NULL
     ORDER BY 1, 2, 7`,
    [homeId],
  )
}

/** Sets the whole list of a target. */
export async function replaceAces(tx: Writer, target: AceTarget, aces: readonly NewAce[]): Promise<void> {
  if (target.kind === 'node') tx.touchedNodes.add(target.id)
  await tx.sql.run('DELETE FROM aces WHERE target_kind = $1 AND target_id = $2', [target.kind, target.id])
  for (const [position, ace] of aces.entries()) {
    await tx.sql.run(
      `INSERT INTO aces (target_kind, target_id, position, subject, principal_id, is_grant, privileges)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [target.kind, target.id, position, ace.subject, ace.principalId, ace.isGrant, ace.privileges],
    )
  }
}
