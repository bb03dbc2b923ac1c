import type { PrincipalId } from '../ids.ts'
import type { PrincipalRow } from '../principals.ts'
import type { Writer } from '../store.ts'

/** What a principal is called once it is whole. */
export type PublishedPrincipal = Pick<
  PrincipalRow,
  'name' | 'segment' | 'displayName' | 'email' | 'passwordHash' | 'createdAt' | 'changedAt'
>

/**
 * Gives a principal that was filled under another name the one it shall have, with its URLs: until then nobody could
 * sign in to it or find it (law 7 counts from here).
 */
export async function publishPrincipal(
  tx: Writer,
  id: PrincipalId,
  principal: PublishedPrincipal,
): Promise<void> {
  await tx.sql.run(
    `UPDATE principals SET name = $2, segment = $3, display_name = $4, email = $5, password_hash = $6, created_at = $7,
       changed_at = $8, stamp = stamp + 1
     WHERE id = $1`,
    [
      id,
      principal.name,
      principal.segment,
      principal.displayName,
      principal.email,
      principal.passwordHash,
      principal.createdAt,
      principal.changedAt,
    ],
  )
}
