import { inList } from '../database.ts'
import type { BodyId, CollectionId, DuplicateId, MergeId, ObjectId, PartyId, PrincipalId } from '../ids.ts'
import { insertRows } from '../insert-rows.ts'
import type { FactChange } from '../people/merge-facts.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'
import type { DuplicateRow } from './duplicates.ts'

/** Two people who became one. */
export interface MergeRow {
  readonly id: MergeId
  readonly survivorId: PartyId
  readonly loserId: PartyId
  /** What the loser was called. */
  readonly name: string
  readonly authorId: PrincipalId | null
  readonly at: number
  readonly undoneAt: number | null
  readonly undoneBy: PrincipalId | null
}

/** One thing that a merge has done, as it was before. */
export type MergeItem =
  /** A card that has the values of another too. */
  | {
      readonly kind: 'card'
      readonly objectId: ObjectId
      readonly before: { readonly bodyId: BodyId; readonly etag: string }
      readonly after: { readonly bodyId: BodyId; readonly etag: string }
    }
  /** A card that went to the trash. */
  | {
      readonly kind: 'gone'
      readonly objectId: ObjectId
      readonly collectionId: CollectionId
      readonly name: string
    }
  /** Cards that were the loser's, those in the trash too. */
  | { readonly kind: 'placements'; readonly objectIds: readonly ObjectId[] }
  | { readonly kind: 'fact'; readonly change: FactChange }
  | { readonly kind: 'owner'; readonly before: PrincipalId | null; readonly after: PrincipalId | null }
  | {
      readonly kind: 'pairs'
      readonly before: readonly DuplicateRow[]
      readonly after: readonly DuplicateId[]
    }

const columns = selectList<MergeRow>('m', [
  'id',
  'survivorId',
  'loserId',
  'name',
  'authorId',
  'at',
  'undoneAt',
  'undoneBy',
])

export async function addMerge(
  tx: Writer,
  merge: Pick<MergeRow, 'survivorId' | 'loserId' | 'name' | 'authorId'>,
): Promise<MergeId> {
  const row = await tx.sql.first<{ id: MergeId }>(
    'INSERT INTO merges (survivor_id, loser_id, name, author_id, at) VALUES ($1, $2, $3, $4, $5) RETURNING id',
    [merge.survivorId, merge.loserId, merge.name, merge.authorId, tx.now],
  )
  if (!row) throw new Error('The merge was not written down.')
  return row.id
}

export async function addMergeItems(tx: Writer, id: MergeId, items: readonly MergeItem[]): Promise<void> {
  await insertRows(
    tx,
    'merge_items',
    ['merge_id', 'number', 'kind', 'data'],
    items.map((item, number) => [id, number, item.kind, JSON.stringify(item)]),
  )
}

/** In the order they were done. */
export async function readMergeItems({ sql }: Reader, id: MergeId): Promise<MergeItem[]> {
  const rows = await sql.all<{ data: string }>(
    'SELECT data FROM merge_items WHERE merge_id = $1 ORDER BY number',
    [id],
  )
  return rows.map(({ data }) => JSON.parse(data) as MergeItem)
}

export function findMerge({ sql }: Reader, id: MergeId): Promise<MergeRow | undefined> {
  return sql.first<MergeRow>(`SELECT ${columns} FROM merges m WHERE m.id = $1`, [id])
}

/** Merges that these people are what became of, the newest first: for lists of what has happened. */
export function mergesOf(
  { sql }: Reader,
  ids: readonly PartyId[],
  { before, limit }: { readonly before?: MergeId | undefined; readonly limit: number },
): Promise<MergeRow[]> {
  const isOf = (column: string): string => inList(sql.dialect, column, '$1', 'bigint')
  const page = (column: string): string =>
    `SELECT ${columns} FROM merges m WHERE ${isOf(column)} AND m.id < $2`
  return sql.all<MergeRow>(
    `SELECT * FROM (${page('m.survivor_id')} UNION ${page('m.loser_id')}) found ORDER BY id DESC LIMIT $3`,
    [ids, before ?? Number.MAX_SAFE_INTEGER, limit],
  )
}

export async function endMerge({ sql, now }: Writer, id: MergeId, by: PrincipalId | null): Promise<void> {
  await sql.run('UPDATE merges SET undone_at = $2, undone_by = $3 WHERE id = $1', [id, now, by])
}

/** Says that somebody is somebody else now, or himself again. */
export async function setMergedInto(tx: Writer, id: PartyId, into: PartyId | null): Promise<void> {
  await tx.sql.run(
    'UPDATE parties SET merged_into = $2, version = version + 1, changed_at = $3 WHERE id = $1',
    [id, into, tx.now],
  )
  tx.touchedParties.add(id)
}

/** Gives cards to somebody else. @param only  these; all of them without it @returns which */
export async function passPlacements(
  { sql }: Writer,
  from: PartyId,
  to: PartyId,
  only?: readonly ObjectId[],
): Promise<ObjectId[]> {
  const isMeant = only ? ` AND ${inList(sql.dialect, 'object_id', '$3', 'bigint')}` : ''
  const rows = await sql.all<{ id: ObjectId }>(
    `UPDATE placements SET party_id = $2 WHERE party_id = $1${isMeant} RETURNING object_id AS id`,
    only ? [from, to, only] : [from, to],
  )
  return rows.map(({ id }) => id)
}

/** Writes a pair as it was, under its id. */
export async function putPairBack({ sql }: Writer, row: DuplicateRow): Promise<void> {
  await sql.run(
    `INSERT INTO duplicate_pairs (id, party_a, party_b, score, level, state, found_at, decided_at, decided_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
    [
      ...[row.id, row.partyA, row.partyB, row.score, row.level],
      ...[row.state, row.foundAt, row.decidedAt, row.decidedBy],
    ],
  )
}

/** Takes pairs away, whatever somebody has said of them. */
export async function removePairs({ sql }: Writer, ids: readonly DuplicateId[]): Promise<void> {
  if (ids.length > 0)
    await sql.run(`DELETE FROM duplicate_pairs WHERE ${inList(sql.dialect, 'id', '$1', 'bigint')}`, [ids])
}
