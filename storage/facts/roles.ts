import { inList } from '../database.ts'
import type { CollectionId, PartyId } from '../ids.ts'
import { copies } from '../people/parties.ts'
import type { Reader, Writer } from '../store.ts'

/** What these people are, in the order of the words. */
export async function rolesOf(
  { sql }: Reader,
  ids: readonly PartyId[],
): Promise<{ readonly partyId: PartyId; readonly role: string }[]> {
  if (ids.length === 0) return []
  return sql.all(
    `SELECT party_id AS "partyId", role FROM party_roles
     WHERE ${inList(sql.dialect, 'party_id', '$1', 'bigint')} ORDER BY party_id, role`,
    [ids],
  )
}

/** @returns whether it is new */
export async function addRole(tx: Writer, id: PartyId, role: string): Promise<boolean> {
  const text = 'INSERT INTO party_roles (party_id, role, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING'
  return (await tx.sql.run(text, [id, role, tx.now])) > 0
}

/** @returns whether it was there */
export async function removeRole(tx: Writer, id: PartyId, role: string): Promise<boolean> {
  return (await tx.sql.run('DELETE FROM party_roles WHERE party_id = $1 AND role = $2', [id, role])) > 0
}

/** Roles of the people in these books, of copies of others' cards in them too, that are none of the known ones, by name; a hundred at most. */
export async function rolesInUse(
  { sql }: Reader,
  books: readonly CollectionId[],
  known: readonly string[],
): Promise<string[]> {
  const isIn = (places: string): string =>
    `EXISTS (SELECT 1 FROM ${places} p WHERE p.party_id = r.party_id AND p.removed_at IS NULL
       AND ${inList(sql.dialect, 'p.collection_id', '$1', 'bigint')})`
  const rows = await sql.all<{ role: string }>(
    `SELECT DISTINCT r.role FROM party_roles r WHERE NOT ${inList(sql.dialect, 'r.role', '$2', 'text')}
       AND (${isIn('placements')} OR ${isIn(copies)}) ORDER BY r.role LIMIT 100`,
    [books, known],
  )
  return rows.map(({ role }) => role)
}
