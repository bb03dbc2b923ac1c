import { inList } from '../database.ts'
import type { CollectionId, ObjectId } from '../ids.ts'
import type { Reader, Writer } from '../store.ts'

/** Writes the keys of cards of one book, in place of those that they had. */
export async function writeMatchKeys(
  { sql }: Writer,
  collectionId: CollectionId,
  keys: ReadonlyMap<ObjectId, readonly number[]>,
): Promise<void> {
  if (keys.size === 0) return
  const ids = [...keys.keys()]
  await sql.run(`DELETE FROM match_keys WHERE ${inList(sql.dialect, 'object_id', '$1', 'bigint')}`, [ids])
  const rows = [...keys].flatMap(([id, own]) => own.map((key) => [key, id] as const))
  // In their order: the rows lie in it.
  rows.sort(([one], [other]) => one - other)
  const [first, second] = [rows.map(([key]) => key), rows.map(([, id]) => id)]
  if (sql.dialect === 'postgres')
    await sql.run(
      `INSERT INTO match_keys (key, collection_id, object_id)
       SELECT t.key, CAST($3 AS bigint), t.id FROM unnest($1::bigint[], $2::bigint[]) AS t(key, id)`,
      [first, second, collectionId],
    )
  else
    await sql.run(
      `INSERT INTO match_keys (key, collection_id, object_id)
       SELECT json_extract(value, '$[0]'), $2, json_extract(value, '$[1]') FROM json_each($1)`,
      [rows, collectionId],
    )
}

/** A card that has a key. */
export interface KeyRow {
  readonly key: number
  readonly objectId: ObjectId
}

export function keysOfCards({ sql }: Reader, ids: readonly ObjectId[]): Promise<KeyRow[]> {
  return sql.all<KeyRow>(
    `SELECT key, object_id AS "objectId" FROM match_keys WHERE ${inList(sql.dialect, 'object_id', '$1', 'bigint')}`,
    [ids],
  )
}

/**
 * The cards of these books that have one of these keys.
 * @param most  a key that more of them have tells nobody apart, and is left out
 */
export async function cardsWithKeys(
  { sql }: Reader,
  keys: readonly number[],
  books: readonly CollectionId[],
  most: number,
): Promise<KeyRow[]> {
  const isKey = inList(sql.dialect, 'k.key', '$1', 'bigint')
  const isHere = inList(sql.dialect, 'k.collection_id', '$2', 'bigint')
  const counts = await sql.all<{ key: number }>(
    `SELECT k.key FROM match_keys k WHERE ${isKey} AND ${isHere} GROUP BY k.key
     HAVING count(*) > 1 AND count(*) <= $3`,
    [keys, books, most],
  )
  if (counts.length === 0) return []
  return sql.all<KeyRow>(
    `SELECT k.key, k.object_id AS "objectId" FROM match_keys k WHERE ${isKey} AND ${isHere}`,
    [counts.map(({ key }) => key), books],
  )
}

/** The books whose cards somebody who reads this one, or some people in it, can read too, this one among them. */
export async function booksReadWith(
  { sql }: Reader,
  id: CollectionId,
  most: number,
): Promise<CollectionId[]> {
  const rows = await sql.all<{ id: CollectionId }>(
    `WITH reading AS (
       SELECT c.principal_id AS reader, c.id AS book FROM collections c
         WHERE c.kind = 'addressbook' AND c.generated IS NULL AND c.deleted_at IS NULL
       UNION SELECT m.principal_id, m.collection_id FROM mounts m JOIN collections c ON c.id = m.collection_id
         WHERE m.state = 'accepted' AND c.kind = 'addressbook' AND c.generated IS NULL AND c.deleted_at IS NULL
       UNION SELECT b.viewer_id, c.id FROM grant_books b JOIN collections c ON c.principal_id = b.giver_id
         WHERE c.kind = 'addressbook' AND c.generated IS NULL AND c.deleted_at IS NULL)
     SELECT DISTINCT other.book AS id FROM reading own JOIN reading other ON other.reader = own.reader
     WHERE own.book = $1 ORDER BY other.book LIMIT $2`,
    [id, most],
  )
  return rows.map((row) => row.id)
}

/** These cards, as far as they live, are to be compared with others. */
export async function addPending({ sql }: Writer, ids: readonly ObjectId[]): Promise<void> {
  await sql.run(
    `INSERT INTO match_pending (object_id, collection_id) SELECT o.id, o.collection_id FROM objects o
     WHERE ${inList(sql.dialect, 'o.id', '$1', 'bigint')}
     ON CONFLICT (object_id) DO UPDATE SET collection_id = excluded.collection_id`,
    [ids],
  )
}

/** The cards whose copies are in a book are to be compared with others. @returns how many */
export function addPendingSources({ sql }: Writer, book: CollectionId): Promise<number> {
  return sql.run(
    `INSERT INTO match_pending (object_id, collection_id) SELECT o.id, o.collection_id
       FROM virtual_members m JOIN objects o ON o.id = m.source_id WHERE m.collection_id = $1
     ON CONFLICT DO NOTHING`,
    [book],
  )
}

/** All cards are to be compared, or those of these books. @returns how many */
export function addAllPending({ sql }: Writer, books?: readonly CollectionId[]): Promise<number> {
  const isHere = books ? ` AND ${inList(sql.dialect, 'p.collection_id', '$1', 'bigint')}` : ''
  return sql.run(
    `INSERT INTO match_pending (object_id, collection_id)
     SELECT p.object_id, p.collection_id FROM placements p
     WHERE p.removed_at IS NULL${isHere} ON CONFLICT DO NOTHING`,
    books ? [books] : [],
  )
}

/** Which cards are to be compared next. */
export interface PendingWish {
  readonly limit: number
  /** Of one of these books; without them of any. */
  readonly books?: readonly CollectionId[] | undefined
  /** The first book that is looked into, by its id. */
  readonly from?: CollectionId | undefined
}

/** The next cards that are to be compared, of one book. */
export async function nextPending(
  { sql }: Reader,
  { limit, books, from = 0 }: PendingWish,
): Promise<{ readonly collectionId: CollectionId; readonly ids: ObjectId[] } | undefined> {
  const here = books ? ` AND ${inList(sql.dialect, 'collection_id', '$2', 'bigint')}` : ''
  const first = await sql.first<{ collectionId: CollectionId }>(
    `SELECT collection_id AS "collectionId" FROM match_pending WHERE collection_id >= $1${here}
     ORDER BY collection_id, object_id LIMIT 1`,
    books ? [from, books] : [from],
  )
  if (!first) return undefined
  const rows = await sql.all<{ id: ObjectId }>(
    'SELECT object_id AS id FROM match_pending WHERE collection_id = $1 ORDER BY object_id LIMIT $2',
    [first.collectionId, limit],
  )
  return { collectionId: first.collectionId, ids: rows.map(({ id }) => id) }
}

/** Which of these cards are still to be compared: they find the others themselves. */
export async function pendingAmong(
  { sql }: Reader,
  ids: readonly ObjectId[],
): Promise<ReadonlySet<ObjectId>> {
  const rows = await sql.all<{ id: ObjectId }>(
    `SELECT object_id AS id FROM match_pending WHERE ${inList(sql.dialect, 'object_id', '$1', 'bigint')}`,
    [ids],
  )
  return new Set(rows.map(({ id }) => id))
}

export async function dropPending({ sql }: Writer, ids: readonly ObjectId[]): Promise<void> {
  await sql.run(`DELETE FROM match_pending WHERE ${inList(sql.dialect, 'object_id', '$1', 'bigint')}`, [ids])
}

export async function countPending({ sql }: Reader): Promise<number> {
  const row = await sql.first<{ count: number }>('SELECT count(*) AS count FROM match_pending')
  return Number(row?.count ?? 0)
}
