import { type Dialect, inList } from '../database.ts'
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

/** One book, or all books of somebody; with labels only the cards in them that have one of these. */
export interface CardsIn {
  readonly book: CollectionId | null
  readonly ownerId: PrincipalId
  readonly labels: readonly string[] | undefined
}

/** Cards of books by id. */
export async function cardsOfBook(
  { sql }: Reader,
  wanted: CardsIn,
  { after, limit }: { readonly after: ObjectId; readonly limit: number },
): Promise<ObjectId[]> {
  const { book, ownerId, labels } = wanted
  const rows = await sql.all<{ id: ObjectId }>(
    `SELECT o.id FROM objects o WHERE ${inBooks(wanted)} AND o.id > $2${labelled(sql.dialect, labels, 4)} ORDER BY o.id LIMIT $3`,
    [book ?? ownerId, after, limit, ...(labels === undefined ? [] : [labels])],
  )
  return rows.map((row) => row.id)
}

/** Which of these cards are in them. */
export async function cardsInBook(
  { sql }: Reader,
  wanted: CardsIn,
  ids: readonly ObjectId[],
): Promise<ReadonlySet<ObjectId>> {
  const { book, ownerId, labels } = wanted
  const rows = await sql.all<{ id: ObjectId }>(
    `SELECT o.id FROM objects o WHERE ${inBooks(wanted)} AND ${inList(sql.dialect, 'o.id', '$2', 'bigint')}${labelled(sql.dialect, labels, 3)}`,
    [book ?? ownerId, ids, ...(labels === undefined ? [] : [labels])],
  )
  return new Set(rows.map((row) => row.id))
}

function inBooks({ book }: CardsIn): string {
  if (book !== null) return 'o.collection_id = $1'
  return `o.collection_id IN (SELECT c.id FROM collections c WHERE c.principal_id = $1 AND c.kind = 'addressbook'
    AND c.generated IS NULL AND c.deleted_at IS NULL)`
}

function labelled(dialect: Dialect, labels: readonly string[] | undefined, at: number): string {
  if (labels === undefined) return ''
  return ` AND EXISTS (SELECT 1 FROM card_labels l WHERE l.object_id = o.id AND ${inList(dialect, 'l.label', `$${at}`, 'text')})`
}
