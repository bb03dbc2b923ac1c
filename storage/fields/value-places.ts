import { inList } from '../database.ts'
import type { CustomFieldId, ObjectId, PartyId, PrincipalId } from '../ids.ts'
import type { Reader, Store, Writer } from '../store.ts'

/** A card of somebody who has values of fields beside it, and one of these. */
export interface PlacedValueRow {
  readonly objectId: ObjectId
  readonly partyId: PartyId
  /** The owner of the book that the card is in. */
  readonly principalId: PrincipalId
  readonly name: string
  readonly fieldId: CustomFieldId
  /** As JSON. */
  readonly value: string
}

/** The values of the people whose living cards these are, by card: of each the fields of the place, and those of its book. */
export function placedValues({ sql }: Reader, cards: readonly ObjectId[]): Promise<PlacedValueRow[]> {
  return sql.all<PlacedValueRow>(
    `SELECT p.object_id AS "objectId", p.party_id AS "partyId", c.principal_id AS "principalId", p.name,
       v.field_id AS "fieldId", v.value
     FROM placements p JOIN custom_values v ON v.party_id = p.party_id JOIN custom_fields f ON f.id = v.field_id
       JOIN collections c ON c.id = p.collection_id
     WHERE ${inList(sql.dialect, 'p.object_id', '$1', 'bigint')} AND p.removed_at IS NULL
       AND (f.collection_id IS NULL OR f.collection_id = p.collection_id)
     ORDER BY p.object_id, f.position, f.id`,
    [cards],
  )
}

/** Whether anybody has values of fields, or is found by some: where nobody is there is nothing to follow. */
export async function hasValues({ sql }: Reader): Promise<boolean> {
  const found = "SELECT 1 FROM search_documents WHERE source = 'value'"
  return (await sql.first(`SELECT 1 FROM custom_values UNION ALL ${found} LIMIT 1`)) !== undefined
}

/** All cards of these people, those in the trash too. */
export async function cardsOf({ sql }: Reader, parties: readonly PartyId[]): Promise<ObjectId[]> {
  const rows = await sql.all<{ id: ObjectId }>(
    `SELECT p.object_id AS id FROM placements p WHERE ${inList(sql.dialect, 'p.party_id', '$1', 'bigint')}`,
    [parties],
  )
  return rows.map(({ id }) => id)
}

/** Takes out of the search what was known beside these cards. */
export async function dropValues({ sql }: Writer, cards: readonly ObjectId[]): Promise<void> {
  if (cards.length === 0) return
  await sql.run(
    `DELETE FROM search_documents WHERE source = 'value' AND ${inList(sql.dialect, 'source_id', '$1', 'bigint')}`,
    [cards],
  )
}

/** The same of cards that are gone for good, and of books that are. @returns how many */
export function dropLostValues({ sql }: Writer): Promise<number> {
  return sql.run(
    `DELETE FROM search_documents WHERE source = 'value' AND NOT EXISTS (
       SELECT 1 FROM placements p JOIN collections c ON c.id = p.collection_id
       WHERE p.object_id = search_documents.source_id AND p.removed_at IS NULL AND c.deleted_at IS NULL)`,
  )
}

/** Who has values of fields, in pages by id. */
export async function* peopleWithValues(
  store: Pick<Store, 'read'>,
  pageSize = 500,
): AsyncGenerator<PartyId[]> {
  for (let after = 0; ; ) {
    const rows = await store.read(({ sql }) =>
      sql.all<{ id: PartyId }>(
        `SELECT DISTINCT party_id AS id FROM custom_values WHERE party_id > $1 ORDER BY party_id LIMIT $2`,
        [after, pageSize],
      ),
    )
    if (rows.length > 0) yield rows.map(({ id }) => id)
    const last = rows.at(-1)
    if (last === undefined || rows.length < pageSize) return
    after = last.id
  }
}

/** A field of which not all values are derived anew yet: those of people with higher ids are not. */
export interface StaleField {
  readonly id: CustomFieldId
  readonly after: PartyId
}

export function staleFields({ sql }: Reader): Promise<StaleField[]> {
  return sql.all<StaleField>(
    'SELECT id, stale_after AS after FROM custom_fields WHERE stale_after IS NOT NULL ORDER BY id',
  )
}

/** @param after  undefined where all of them are derived */
export async function markStale(
  { sql }: Writer,
  id: CustomFieldId,
  after: PartyId | undefined,
): Promise<void> {
  await sql.run('UPDATE custom_fields SET stale_after = $2 WHERE id = $1', [id, after ?? null])
}

/** The next values of a field, by the ids of people. */
export function nextValues(
  { sql }: Reader,
  { id, after }: StaleField,
  limit: number,
): Promise<{ readonly partyId: PartyId; readonly value: string }[]> {
  return sql.all(
    `SELECT party_id AS "partyId", value FROM custom_values WHERE field_id = $1 AND party_id > $2
     ORDER BY party_id LIMIT $3`,
    [id, after, limit],
  )
}
