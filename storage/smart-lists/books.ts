import { inList } from '../database.ts'
import type { CollectionId, PartyId, SmartListId } from '../ids.ts'
import type { Reader, Writer } from '../store.ts'

/** When a book that is made of a list is looked at again, and what may change who is in it. */
export interface ListBookRow {
  readonly collectionId: CollectionId
  /** The moment from which on somebody may have come or gone by nothing but time; null for never. */
  readonly lookAt: number | null
  /** 1 where it asks for organisations and other people: what becomes of these changes who is in it. */
  readonly byOrganisation: number
  /** 1 where it asks for events and tasks. */
  readonly byCalendar: number
}

/** Writes down what a book is made of from now on, and when it is looked at again. */
export async function saveListBook(
  tx: Writer,
  { collectionId, lookAt, byOrganisation, byCalendar }: ListBookRow,
  places: readonly CollectionId[],
): Promise<void> {
  await tx.sql.run(
    `INSERT INTO list_books (collection_id, look_at, by_organisation, by_calendar) VALUES ($1, $2, $3, $4)
     ON CONFLICT (collection_id) DO UPDATE SET look_at = excluded.look_at,
       by_organisation = excluded.by_organisation, by_calendar = excluded.by_calendar`,
    [collectionId, lookAt, byOrganisation, byCalendar],
  )
  const known = new Set(await placesOfBook(tx, collectionId))
  const wanted = new Set(places)
  const gone = [...known].filter((id) => !wanted.has(id))
  if (gone.length > 0)
    await tx.sql.run(
      `DELETE FROM list_places WHERE collection_id = $1 AND ${inList(tx.sql.dialect, 'place_id', '$2', 'bigint')}`,
      [collectionId, gone],
    )
  for (const id of wanted)
    if (!known.has(id))
      await tx.sql.run('INSERT INTO list_places (collection_id, place_id) VALUES ($1, $2)', [
        collectionId,
        id,
      ])
}

/** The books and calendars that it was made of. */
export async function placesOfBook({ sql }: Reader, id: CollectionId): Promise<CollectionId[]> {
  const text = 'SELECT place_id AS id FROM list_places WHERE collection_id = $1 ORDER BY place_id'
  return (await sql.all<{ id: CollectionId }>(text, [id])).map((row) => row.id)
}

export function findListBook({ sql }: Reader, id: CollectionId): Promise<ListBookRow | undefined> {
  return sql.first<ListBookRow>(
    `SELECT collection_id AS "collectionId", look_at AS "lookAt", by_organisation AS "byOrganisation",
       by_calendar AS "byCalendar" FROM list_books WHERE collection_id = $1`,
    [id],
  )
}

/** The books that are made of any of these places, each with those. */
export function listBooksOfPlaces(
  { sql }: Reader,
  places: readonly CollectionId[],
): Promise<(Pick<ListBookRow, 'collectionId' | 'byOrganisation'> & { readonly placeId: CollectionId })[]> {
  return sql.all(
    `SELECT b.collection_id AS "collectionId", b.by_organisation AS "byOrganisation", p.place_id AS "placeId"
     FROM list_places p JOIN list_books b ON b.collection_id = p.collection_id
     WHERE ${inList(sql.dialect, 'p.place_id', '$1', 'bigint')}`,
    [places],
  )
}

/** People whom facts tie to any of these: who worked for them or for what is part of them, and whom they know. */
export async function peopleTiedTo(
  { sql }: Reader,
  ids: readonly PartyId[],
  limit: number,
): Promise<PartyId[]> {
  const isOne = (column: string): string => inList(sql.dialect, column, '$1', 'bigint')
  const rows = await sql.all<{ id: PartyId }>(
    `WITH RECURSIVE below(id) AS (SELECT y.id FROM parties y WHERE ${isOne('y.id')}
       UNION SELECT l.party_id FROM org_links l JOIN below b ON l.parent_id = b.id)
     SELECT m.party_id AS id FROM memberships m WHERE m.org_id IN (SELECT id FROM below)
     UNION SELECT r.party_id FROM relations r WHERE ${isOne('r.other_id')}
     UNION SELECT r.other_id FROM relations r WHERE r.other_id IS NOT NULL AND ${isOne('r.party_id')} LIMIT $2`,
    [ids, limit],
  )
  return rows.map(({ id }) => id)
}

/** Has the books looked at again, when somebody asks for them, that go by what is in these calendars. */
export async function markListsOfCalendars(tx: Writer, calendars: readonly CollectionId[]): Promise<void> {
  await tx.sql.run(
    `UPDATE list_books SET look_at = $2 WHERE by_calendar = 1 AND (look_at IS NULL OR look_at > $2)
       AND collection_id IN (SELECT p.collection_id FROM list_places p
         WHERE ${inList(tx.sql.dialect, 'p.place_id', '$1', 'bigint')})`,
    [calendars, tx.now],
  )
}

/** Has the books looked at again by the job whose time it is. @returns how many */
export function markDueListBooks(tx: Writer): Promise<number> {
  return tx.sql.run(
    `UPDATE virtual_books SET through = 0 WHERE through IS NULL AND kind = 'list' AND collection_id IN
       (SELECT b.collection_id FROM list_books b WHERE b.look_at <= $1)`,
    [tx.now],
  )
}

/** Has the books looked at again whose viewers hold these masks: what stands for others is there now. @returns how many */
export function markMaskedListBooks(tx: Writer, maskKey: string): Promise<number> {
  return tx.sql.run(
    `UPDATE virtual_books SET through = 0 WHERE through IS NULL AND kind = 'list' AND mask_key = $1`,
    [maskKey],
  )
}

/** The books that lists are had as by whoever has made them, by the list. */
export async function booksOfLists(
  { sql }: Reader,
  ids: readonly SmartListId[],
): Promise<ReadonlyMap<SmartListId, { readonly id: CollectionId; readonly name: string }>> {
  if (ids.length === 0) return new Map()
  const rows = await sql.all<{ listId: SmartListId; id: CollectionId; name: string }>(
    `SELECT v.source_id AS "listId", c.id, c.name FROM virtual_books v
       JOIN collections c ON c.id = v.collection_id AND c.deleted_at IS NULL AND c.principal_id = v.owner_id
     WHERE v.kind = 'list' AND v.twin_of IS NULL AND ${inList(sql.dialect, 'v.source_id', '$1', 'bigint')}
     ORDER BY c.id DESC`,
    [ids],
  )
  return new Map(rows.map(({ listId, id, name }) => [listId, { id, name }]))
}
