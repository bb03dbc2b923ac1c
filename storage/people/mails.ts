import { inList } from '../database.ts'
import type { PartyId } from '../ids.ts'
import type { Reader } from '../store.ts'
import type { PlacementRow } from './parties.ts'

/** The mail addresses on these cards, in small letters, by whom they describe. */
export async function mailsOfCards(
  { sql }: Reader,
  cards: readonly Pick<PlacementRow, 'objectId' | 'partyId'>[],
): Promise<ReadonlyMap<PartyId, readonly string[]>> {
  const partyOf = new Map(cards.map(({ objectId, partyId }) => [objectId, partyId]))
  const rows = await sql.all<{ objectId: number; value: string }>(
    `SELECT f.object_id AS "objectId", f.value FROM contact_fields f
     WHERE ${inList(sql.dialect, 'f.object_id', '$1', 'bigint')} AND f.kind = 'email'`,
    [[...partyOf.keys()]],
  )
  const found = new Map<PartyId, string[]>()
  for (const { objectId, value } of rows) {
    const id = partyOf.get(objectId)
    if (id === undefined) continue
    const mail = value
      .trim()
      .replace(/^mailto:/i, '')
      .toLowerCase()
    found.set(id, [...(found.get(id) ?? []), mail])
  }
  return found
}
