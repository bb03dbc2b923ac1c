import type { PrincipalId } from '../ids.ts'
import { type AccountTraits, type BookableTraits, type PrincipalRow, stagedPrefix } from '../principals.ts'
import type { Reader, Writer } from '../store.ts'

/** What a principal is called once it is whole. */
export type PublishedPrincipal = Pick<
  PrincipalRow,
  | 'name'
  | 'segment'
  | 'displayName'
  | 'email'
  | 'passwordHash'
  | 'createdAt'
  | 'changedAt'
  | keyof AccountTraits
  | keyof BookableTraits
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
       changed_at = $8, language = $9, time_zone = $10, request_limit = $11, description = $12,
       place = $13, capacity = $14, stamp = stamp + 1
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
      principal.language,
      principal.timeZone,
      principal.requestLimit,
      principal.description,
      principal.place,
      principal.capacity,
    ],
  )
}

/** Those that were begun before a time and not finished, and the one of this name whenever it was begun. */
export async function listLeftBehind(
  { sql }: Reader,
  { name, before }: { readonly name: string; readonly before: number },
): Promise<PrincipalId[]> {
  const text = `SELECT id FROM principals WHERE name = $1 OR (name LIKE '${stagedPrefix}%' AND created_at < $2) ORDER BY id`
  return (await sql.all<{ id: PrincipalId }>(text, [stagedPrefix + name, before])).map(({ id }) => id)
}
