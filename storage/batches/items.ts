import { inList } from '../database.ts'
import type { BatchId, BatchItemId, BodyId, CollectionId, ObjectId } from '../ids.ts'
import { insertRows } from '../insert-rows.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'
import { uidKey } from '../uid-key.ts'

/** What became of one item of a batch. */
export interface BatchItem {
  /** Counted from 1, in the order in which they came. */
  readonly number: number
  /** Where it stands in what it came from: a file and a line, an href. */
  readonly place: string
  readonly outcome: 'created' | 'updated' | 'unchanged' | 'skipped' | 'refused'
  /** Why, or what was changed in it. */
  readonly note?: string
  readonly component?: string | null
  readonly collectionId?: CollectionId | null
  /** The object; none for what was refused, and for a collection that the batch made. */
  readonly objectId?: ObjectId | null
  readonly name?: string | null
  readonly uid?: string | null
  /** The state that it was given. */
  readonly etag?: string | null
  readonly change?: number | null
  /** The state it had before, for one that was updated. */
  readonly beforeBodyId?: BodyId | null
  readonly beforeEtag?: string | null
  /** What it is called in what it came from. */
  readonly title?: string | null
  readonly meets?: Meets | null
}

/**
 * What an item of an import meets: an object that is there already, one that came before it in the file, several, or the card
 * of somebody who was merged into another.
 */
export const meetings = ['one', 'file', 'several', 'merged'] as const
export type Meets = (typeof meetings)[number]

export interface BatchItemRow extends Required<BatchItem> {
  readonly id: BatchItemId
  readonly batchId: BatchId
  /** What became of it when the batch was undone. */
  readonly undo: 'undone' | 'kept' | null
  readonly undoNote: string | null
}

const given = [
  'number',
  'place',
  'outcome',
  'note',
  'component',
  'collectionId',
  'objectId',
  'name',
  'uid',
  'etag',
  'change',
  'beforeBodyId',
  'beforeEtag',
  'title',
  'meets',
] as const satisfies readonly (keyof BatchItem)[]

const columns = selectList<BatchItemRow>('i', ['id', 'batchId', ...given, 'undo', 'undoNote'])

const written = [
  'batch_id',
  'number',
  'place',
  'outcome',
  'note',
  'component',
  'collection_id',
  'object_id',
  'name',
  'uid',
  'etag',
  'change',
  'before_body_id',
  'before_etag',
  'title',
  'meets',
]

/** Longer places and reasons are cut: a batch may have many items. */
const longestText = 1_000
const longestTitle = 200

/** An item of a batch that may take things away too. */
export interface UndoItem extends Omit<BatchItem, 'outcome'> {
  readonly outcome: BatchItem['outcome'] | 'removed'
}

export async function addItems(tx: Writer, batchId: BatchId, items: readonly UndoItem[]): Promise<void> {
  const rows = items.map((item) => [
    batchId,
    item.number,
    item.place.slice(0, longestText),
    item.outcome,
    (item.note ?? '').slice(0, longestText),
    item.component,
    item.collectionId,
    item.objectId,
    item.name,
    item.uid === null || item.uid === undefined ? null : uidKey(item.uid),
    item.etag,
    item.change,
    item.beforeBodyId,
    item.beforeEtag,
    item.title?.slice(0, longestTitle),
    item.meets,
  ])
  await insertRows(tx, 'batch_items', written, rows)
}

/** Some of the items: those that meet what is there, or those with which something is the matter. */
const parts = {
  all: '',
  met: 'AND i.meets IS NOT NULL',
  odd: "AND (i.outcome = 'refused' OR i.note <> '')",
} as const
export type ItemsPart = keyof typeof parts

/** The items of a batch in their order. @param options.after  the number of the last one seen */
export function listItems(
  reader: Reader,
  batchId: BatchId,
  options: {
    readonly after?: number | undefined
    readonly limit: number
    readonly part?: ItemsPart | undefined
  },
): Promise<BatchItemRow[]> {
  return reader.sql.all<BatchItemRow>(
    `SELECT ${columns} FROM batch_items i WHERE i.batch_id = $1 AND i.number > $2 ${parts[options.part ?? 'all']}
     ORDER BY i.number LIMIT $3`,
    [batchId, options.after ?? 0, options.limit],
  )
}

/**
 * How many items of a batch there are, and where pages of them begin: each goes on after one of these numbers.
 * @param pageRows  how many items a page has
 */
export async function indexItems(
  { sql }: Reader,
  batchId: BatchId,
  part: ItemsPart,
  pageRows: number,
): Promise<{ readonly count: number; readonly starts: readonly number[] }> {
  const from = `FROM batch_items i WHERE i.batch_id = $1 ${parts[part]}`
  const counted = await sql.first<{ n: number }>(`SELECT count(*) AS n ${from}`, [batchId])
  const rows = await sql.all<{ number: number }>(
    `SELECT x.number FROM (SELECT i.number, row_number() OVER (ORDER BY i.number) AS place ${from}) x
     WHERE x.place % $2 = 0 ORDER BY x.number`,
    [batchId, pageRows],
  )
  return { count: Number(counted?.n ?? 0), starts: [0, ...rows.map(({ number }) => number)] }
}

/** How many items of a batch meet what, and what becomes of them. */
export function countMet(
  reader: Reader,
  batchId: BatchId,
): Promise<{ readonly meets: Meets; readonly outcome: BatchItem['outcome']; readonly count: number }[]> {
  return reader.sql.all(
    `SELECT i.meets, i.outcome, count(*) AS count FROM batch_items i
     WHERE i.batch_id = $1 AND i.meets IS NOT NULL GROUP BY i.meets, i.outcome ORDER BY i.meets, i.outcome`,
    [batchId],
  )
}

/** What a batch has looked at that is no object: collections and facts. */
export function otherItems(reader: Reader, batchId: BatchId): Promise<BatchItemRow[]> {
  return reader.sql.all<BatchItemRow>(
    `SELECT ${columns} FROM batch_items i WHERE i.batch_id = $1 AND i.object_id IS NULL ORDER BY i.number`,
    [batchId],
  )
}

/** The objects that a batch has looked at, the latest first. */
export async function objectsOfBatch(reader: Reader, batchId: BatchId): Promise<ObjectId[]> {
  const rows = await reader.sql.all<{ id: ObjectId }>(
    `SELECT i.object_id AS id FROM batch_items i WHERE i.batch_id = $1 AND i.object_id IS NOT NULL
     ORDER BY i.number DESC`,
    [batchId],
  )
  return rows.map(({ id }) => id)
}

/** What of a batch had one of these UIDs. */
export function itemsOfUids(
  { sql }: Reader,
  batchId: BatchId,
  uids: readonly string[],
): Promise<BatchItemRow[]> {
  if (uids.length === 0) return Promise.resolve([])
  const text = `SELECT ${columns} FROM batch_items i
    WHERE i.batch_id = $1 AND i.uid IS NOT NULL AND ${inList(sql.dialect, 'i.uid', '$2', 'text')}`
  return sql.all<BatchItemRow>(text, [batchId, uids.map(uidKey)])
}

/**
 * What a batch made or updated and is not undone, the latest first.
 * @param options.before  the number of the last one seen
 * @param options.withKept  those too that were kept when the batch was undone
 */
export function itemsToUndo(
  reader: Reader,
  batchId: BatchId,
  options: { readonly before: number; readonly limit: number; readonly withKept: boolean },
): Promise<BatchItemRow[]> {
  const open = options.withKept ? "(i.undo IS NULL OR i.undo = 'kept')" : 'i.undo IS NULL'
  return reader.sql.all<BatchItemRow>(
    `SELECT ${columns} FROM batch_items i WHERE i.batch_id = $1 AND i.number < $2
       AND i.outcome IN ('created', 'updated') AND ${open} ORDER BY i.number DESC LIMIT $3`,
    [batchId, options.before, options.limit],
  )
}

export async function settleItem(
  tx: Writer,
  { id }: Pick<BatchItemRow, 'id'>,
  undo: 'undone' | 'kept',
  note: string | null,
): Promise<void> {
  await tx.sql.run('UPDATE batch_items SET undo = $2, undo_note = $3 WHERE id = $1', [id, undo, note])
}
