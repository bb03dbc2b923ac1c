import type { PartyId, PrincipalId } from '../ids.ts'
import type { Reader, Writer } from '../store.ts'

/** Whose book somebody's first card is in, one in the trash too. */
export async function bookOwnerOf({ sql }: Reader, id: PartyId): Promise<PrincipalId | undefined> {
  const row = await sql.first<{ id: PrincipalId }>(
    `SELECT c.principal_id AS id FROM placements p JOIN collections c ON c.id = p.collection_id
     WHERE p.party_id = $1 ORDER BY p.object_id LIMIT 1`,
    [id],
  )
  return row?.id
}

/** Takes out of the search what was written about people who are gone, with whom it went. @returns how many */
export function dropLostNotes({ sql }: Writer): Promise<number> {
  return sql.run(
    `DELETE FROM search_documents WHERE source = 'note'
       AND NOT EXISTS (SELECT 1 FROM activities a WHERE a.id = search_documents.source_id)`,
  )
}
