import { inList } from '../database.ts'
import type { CollectionId, ObjectId, PrincipalId } from '../ids.ts'
import { type ObjectRow, objectColumns } from '../objects.ts'
import type { Reader } from '../store.ts'

/** A card with whose book it is in. */
export interface OwnedCard extends ObjectRow {
  readonly ownerId: PrincipalId
}

/** Those of these cards that are there, by id; also those of deleted books where that is wanted. */
export function ownedCards(
  { sql }: Reader,
  ids: readonly ObjectId[],
  { withDeleted }: { readonly withDeleted: boolean },
): Promise<OwnedCard[]> {
  const living = withDeleted ? '' : ' AND c.deleted_at IS NULL'
  return sql.all<OwnedCard>(
    `SELECT ${objectColumns}, c.principal_id AS "ownerId" FROM objects o
       JOIN collections c ON c.id = o.collection_id AND c.kind = 'addressbook' AND c.generated IS NULL${living}
     WHERE ${inList(sql.dialect, 'o.id', '$1', 'bigint')} ORDER BY o.id`,
    [ids],
  )
}

/** Cards of a book by id; with a label only those that have it. */
export async function cardsOfBook(
  { sql }: Reader,
  id: CollectionId,
  label: string | undefined,
  { after, limit }: { readonly after: ObjectId; readonly limit: number },
): Promise<ObjectId[]> {
  const rows = await sql.all<{ id: ObjectId }>(
    `SELECT o.id FROM objects o WHERE o.collection_id = $1 AND o.id > $2${labelled(label, 4)} ORDER BY o.id LIMIT $3`,
    [id, after, limit, ...(label === undefined ? [] : [label])],
  )
  return rows.map((row) => row.id)
}

/** Which of these cards are in a book; with a label only those that have it. */
export async function cardsInBook(
  { sql }: Reader,
  id: CollectionId,
  label: string | undefined,
  ids: readonly ObjectId[],
): Promise<ReadonlySet<ObjectId>> {
  const rows = await sql.all<{ id: ObjectId }>(
    `SELECT o.id FROM objects o WHERE o.collection_id = $1 AND ${inList(sql.dialect, 'o.id', '$2', 'bigint')}${labelled(label, 3)}`,
    [id, ids, ...(label === undefined ? [] : [label])],
  )
  return new Set(rows.map((row) => row.id))
}

function labelled(label: string | undefined, at: number): string {
  if (label === undefined) return ''
  return ` AND EXISTS (SELECT 1 FROM card_labels l WHERE l.object_id = o.id AND l.label = $${at})`
}
