import type { PrincipalId } from '../ids.ts'
import type { Writer } from '../store.ts'

/** A link by which somebody chooses a new password: one of each account, the last that was made. */
export interface NewPasswordLink {
  readonly principalId: PrincipalId
  readonly secretHash: string
  readonly expiresAt: number
}

export async function putPasswordLink(tx: Writer, link: NewPasswordLink): Promise<void> {
  await tx.sql.run(
    `INSERT INTO password_links (principal_id, secret_hash, expires_at) VALUES ($1, $2, $3)
     ON CONFLICT (principal_id) DO UPDATE SET secret_hash = excluded.secret_hash, expires_at = excluded.expires_at`,
    [link.principalId, link.secretHash, link.expiresAt],
  )
}

/** Uses a link up. @returns whose it was; undefined where there is none, or its time is over */
export async function takePasswordLink(tx: Writer, secretHash: string): Promise<PrincipalId | undefined> {
  const row = await tx.sql.first<{ principalId: PrincipalId }>(
    'DELETE FROM password_links WHERE secret_hash = $1 AND expires_at > $2 RETURNING principal_id AS "principalId"',
    [secretHash, tx.now],
  )
  return row?.principalId
}

/** @returns how many were over */
export function purgePasswordLinks(tx: Writer, now: number): Promise<number> {
  return tx.sql.run('DELETE FROM password_links WHERE expires_at <= $1', [now])
}
