import type { ObjectId, PartyId } from '../ids.ts'
import { type PlacementRow, placementColumns } from '../people/parties.ts'
import type { Reader } from '../store.ts'
import { among, conditionOf, isAmong, put, type Writing, writing } from './conditions.ts'
import type { Sight, Wanted } from './wanted.ts'

/** Who is in a list, and who sees it. */
export interface Filled {
  readonly sight: Sight
  readonly wanted: Wanted
}

/** What a list is sorted by; all of them end with the card, so that no two stand at one place. */
export const listOrders = ['name', 'created', 'changed'] as const
export type ListOrder = (typeof listOrders)[number]

/** Where a page goes on: the key of the last one, and his card. */
export type ListKey = readonly [string | number, number]

export interface ListPage {
  readonly order: ListOrder
  readonly isDescending: boolean
  readonly after?: ListKey | undefined
  readonly limit: number
}

/** Somebody in a list, with what it is sorted by. */
export interface ListedPlacement extends PlacementRow {
  readonly key: string | number
}

const keys: Readonly<Record<ListOrder, string>> = {
  name: 'p.sort_key',
  created: 'y.created_at',
  changed: 'y.changed_at',
}

/** Those in a list, each once, by the first of his cards. */
export function listMembers({ sql }: Reader, filled: Filled, page: ListPage): Promise<ListedPlacement[]> {
  const on = writing(sql.dialect, filled.sight)
  const conditions = [isFirst(on), conditionOf(on, filled.wanted)]
  const [key, direction] = [keys[page.order], page.isDescending ? 'DESC' : 'ASC']
  if (page.after) {
    const [value, id] = page.after.map((part) => put(on, part))
    conditions.push(`(${key}, p.object_id) ${page.isDescending ? '<' : '>'} (${value}, ${id})`)
  }
  return sql.all<ListedPlacement>(
    `SELECT ${placementColumns}, ${key} AS key FROM placements p JOIN parties y ON y.id = p.party_id
     WHERE ${conditions.join(' AND ')} ORDER BY ${key} ${direction}, p.object_id ${direction} LIMIT ${put(on, page.limit)}`,
    on.params,
  )
}

/** How many are in a list. */
export async function countMembers({ sql }: Reader, filled: Filled): Promise<number> {
  const on = writing(sql.dialect, filled.sight)
  const text = `SELECT count(*) AS count FROM placements p WHERE ${isFirst(on)} AND ${conditionOf(on, filled.wanted)}`
  return (await sql.first<{ count: number }>(text, on.params))?.count ?? 0
}

/** The cards by which those in a list are shown, by id. */
export async function cardsOfList(
  { sql }: Reader,
  filled: Filled,
  { after, limit }: { readonly after: ObjectId; readonly limit: number },
): Promise<ObjectId[]> {
  const on = writing(sql.dialect, filled.sight)
  const conditions = [`p.object_id > ${put(on, after)}`, isFirst(on), conditionOf(on, filled.wanted)]
  const rows = await sql.all<{ id: ObjectId }>(
    `SELECT p.object_id AS id FROM placements p WHERE ${conditions.join(' AND ')}
     ORDER BY p.object_id LIMIT ${put(on, limit)}`,
    on.params,
  )
  return rows.map(({ id }) => id)
}

/** Which of these cards, which are of these people, somebody in a list is shown by. */
export async function cardsAmongList(
  { sql }: Reader,
  filled: Filled,
  { parties, cards }: { readonly parties: readonly PartyId[]; readonly cards: readonly ObjectId[] },
): Promise<ReadonlySet<ObjectId>> {
  const on = writing(sql.dialect, filled.sight, parties)
  const isOne = `${isAmong(on, 'p.object_id', cards)}${among(on, 'p.party_id')}`
  const rows = await sql.all<{ id: ObjectId }>(
    `SELECT p.object_id AS id FROM placements p WHERE ${isOne} AND ${isFirst(on)} AND ${conditionOf(on, filled.wanted)}`,
    on.params,
  )
  return new Set(rows.map(({ id }) => id))
}

/** Everybody is in a list once, by the first of his cards that are read. */
function isFirst(on: Writing): string {
  const { books } = on.sight
  return `p.removed_at IS NULL AND ${isAmong(on, 'p.collection_id', books)}
    AND NOT EXISTS (SELECT 1 FROM placements q WHERE q.party_id = p.party_id AND q.object_id < p.object_id
      AND q.removed_at IS NULL AND ${isAmong(on, 'q.collection_id', books)})`
}
