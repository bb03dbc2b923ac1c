import { inList } from '../database.ts'
import type { CollectionId, ObjectId, PrincipalId } from '../ids.ts'
import { copies, type PlacementRow, placementColumns } from '../people/parties.ts'
import type { Reader } from '../store.ts'
import type { GroupRow } from './list-queries.ts'

/** A label, and how many people have it. */
export interface LabelCount {
  readonly label: string
  readonly count: number
}

/**
 * Labels of the living cards of these books, and of copies of others' cards in them, and those that nobody has: lists in them, and
 * labels that these accounts have made; by their names.
 */
export function listLabels(
  { sql }: Reader,
  { books, makers }: { readonly books: readonly CollectionId[]; readonly makers: readonly PrincipalId[] },
  { after = '', limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<LabelCount[]> {
  const within = (column: string): string => inList(sql.dialect, column, '$1', 'bigint')
  return sql.all<LabelCount>(
    `SELECT label, count(DISTINCT party) AS count FROM (
       SELECT l.label AS label, p.party_id AS party FROM card_labels l JOIN placements p ON p.object_id = l.object_id
       WHERE ${within('l.collection_id')} AND l.label > $2 AND p.removed_at IS NULL
       UNION ALL
       SELECT l.label AS label, p.party_id AS party FROM ${copies} p JOIN card_labels l ON l.object_id = p.source_id
       WHERE ${within('p.collection_id')} AND l.label > $2
       UNION ALL
       SELECT f.name AS label, NULL AS party FROM list_faces f
       WHERE ${within('f.collection_id')} AND f.name IS NOT NULL AND f.name > $2
       UNION ALL
       SELECT m.name AS label, NULL AS party FROM labels m
       WHERE ${inList(sql.dialect, 'm.principal_id', '$4', 'bigint')} AND m.name > $2) all_ways
     GROUP BY label ORDER BY label LIMIT $3`,
    [books, after, limit, makers],
  )
}

/** Living cards of people who have a label, in these books. @param after  the id of the last one of the page before */
export function cardsLabelled(
  { sql }: Reader,
  books: readonly CollectionId[],
  label: string,
  { after, limit }: { readonly after: ObjectId; readonly limit: number },
): Promise<PlacementRow[]> {
  return sql.all<PlacementRow>(
    `SELECT ${placementColumns} FROM card_labels l JOIN placements p ON p.object_id = l.object_id
     WHERE ${inList(sql.dialect, 'l.collection_id', '$1', 'bigint')} AND l.label = $2 AND p.removed_at IS NULL
       AND l.object_id > $3 ORDER BY l.object_id LIMIT $4`,
    [books, label, after, limit],
  )
}

/** How many cards that is. */
export async function countCardsLabelled(
  { sql }: Reader,
  books: readonly CollectionId[],
  label: string,
): Promise<number> {
  const row = await sql.first<{ count: number }>(
    `SELECT count(*) AS count FROM card_labels l JOIN placements p ON p.object_id = l.object_id
     WHERE ${inList(sql.dialect, 'l.collection_id', '$1', 'bigint')} AND l.label = $2 AND p.removed_at IS NULL`,
    [books, label],
  )
  return row?.count ?? 0
}

/** How many people have a label in these books. */
export async function countLabelled(
  { sql }: Reader,
  books: readonly CollectionId[],
  label: string,
): Promise<number> {
  const within = (column: string): string => inList(sql.dialect, column, '$1', 'bigint')
  const row = await sql.first<{ count: number }>(
    `SELECT count(DISTINCT party) AS count FROM (
       SELECT p.party_id AS party FROM card_labels l JOIN placements p ON p.object_id = l.object_id
       WHERE ${within('l.collection_id')} AND l.label = $2 AND p.removed_at IS NULL
       UNION ALL
       SELECT p.party_id AS party FROM ${copies} p JOIN card_labels l ON l.object_id = p.source_id
       WHERE ${within('p.collection_id')} AND l.label = $2) both_ways`,
    [books, label],
  )
  return row?.count ?? 0
}

/** A group card, and its book. */
export interface PlacedGroup extends GroupRow {
  readonly collectionId: CollectionId
}

/** The group cards of a name in these books. */
export function groupsOfName(
  { sql }: Reader,
  books: readonly CollectionId[],
  name: string,
): Promise<PlacedGroup[]> {
  return sql.all<PlacedGroup>(
    `SELECT f.object_id AS id, f.name, f.made, f.collection_id AS "collectionId" FROM list_faces f
     WHERE ${inList(sql.dialect, 'f.collection_id', '$1', 'bigint')} AND f.name IS NOT NULL AND f.name = $2
     ORDER BY f.object_id`,
    [books, name],
  )
}
