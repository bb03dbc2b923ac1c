import { type CollectionRow, collectionColumns, collectionFields } from '../collections.ts'
import { type Dialect, inList } from '../database.ts'
import { createFeed } from '../feeds.ts'
import type { CollectionId, HomeId, ObjectId, PrincipalId, SmartListId } from '../ids.ts'
import { rowTaker, selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'
import { scheduleJob } from '../upkeep/jobs.ts'

/** The key of the job that copies what a write has left over. */
export const virtualJob = 'virtual'

/** Who writes through to the cards that are copied: nobody; who may write these; or whoever has the book. */
export type WriteThrough = 'never' | 'rights' | 'always'

/** An address book whose cards are copies of others. */
export interface VirtualBookRow {
  readonly collectionId: CollectionId
  /** By which source it is decided whose cards are in it. */
  readonly kind: string
  /** What that is told, as JSON. */
  readonly definition: string
  /** What it is made from, by the id that the source looks it up by. */
  readonly sourceId: number | null
  /** Whose cards they are, or who has defined it. */
  readonly ownerId: PrincipalId
  /** The book that it stands for, for those who do not see all of that; null for one that is a book of its own. */
  readonly twinOf: CollectionId | null
  /** What is not seen of any card in it: written masks, as JSON. */
  readonly masks: string
  /** Which masks these, and those of whoever has it, were, in short; empty for none. */
  readonly maskKey: string
  readonly writeThrough: WriteThrough
  /** The last card that has been copied; null when all are. */
  readonly through: ObjectId | null
}

/** With its collection. */
export interface VirtualBook extends VirtualBookRow {
  readonly collection: CollectionRow
}

const fields = [
  ...(['collectionId', 'kind', 'definition', 'sourceId', 'ownerId', 'twinOf', 'masks', 'maskKey'] as const),
  ...(['writeThrough', 'through'] as const),
] as const
const columns = selectList<VirtualBookRow>('v', fields)
const takeCollection = rowTaker<CollectionRow>(collectionFields, 'c_')
const fromBooks = `SELECT ${columns}, ${collectionColumns('c_')} FROM virtual_books v
  JOIN collections c ON c.id = v.collection_id AND c.deleted_at IS NULL JOIN feeds f ON f.id = c.feed_id`

/** Those that live, in the order in which every write locks their feeds. */
async function select(
  { sql }: Reader,
  condition: string,
  params: readonly unknown[],
  rest = 'ORDER BY c.feed_id',
): Promise<VirtualBook[]> {
  const rows = await sql.all<VirtualBookRow & Record<string, unknown>>(
    `${fromBooks} WHERE ${condition} ${rest}`,
    params,
  )
  return rows.map((row) => ({
    collectionId: row.collectionId,
    kind: row.kind,
    definition: row.definition,
    sourceId: row.sourceId,
    ownerId: row.ownerId,
    twinOf: row.twinOf,
    masks: row.masks,
    maskKey: row.maskKey,
    writeThrough: row.writeThrough,
    through: row.through,
    collection: takeCollection(row),
  }))
}

const isIn = (dialect: Dialect, column: string, at: number): string =>
  inList(dialect, column, `$${at}`, 'bigint')

/** Whether there is any: where there is none nothing has to follow. */
export async function hasVirtualBooks({ sql }: Reader): Promise<boolean> {
  return (await sql.first('SELECT 1 FROM virtual_books LIMIT 1')) !== undefined
}

export async function findVirtualBook(reader: Reader, id: CollectionId): Promise<VirtualBook | undefined> {
  const [found] = await select(reader, 'v.collection_id = $1', [id])
  return found
}

export function findVirtualBooks(reader: Reader, ids: readonly CollectionId[]): Promise<VirtualBook[]> {
  return select(reader, isIn(reader.sql.dialect, 'v.collection_id', 1), [ids])
}

/** What stands for these books for those who hold these masks. */
export function findTwins(
  reader: Reader,
  books: readonly CollectionId[],
  maskKey: string,
): Promise<VirtualBook[]> {
  return select(reader, `${isIn(reader.sql.dialect, 'v.twin_of', 1)} AND v.mask_key = $2`, [books, maskKey])
}

/** What stands for these books, whoever it is for. */
export function allTwinsOf(reader: Reader, books: readonly CollectionId[]): Promise<VirtualBook[]> {
  return select(reader, isIn(reader.sql.dialect, 'v.twin_of', 1), [books])
}

/** Those of a kind that are made from these books, or from all books of one of these owners. */
export function virtualBooksFrom(
  reader: Reader,
  kind: string,
  books: readonly CollectionId[],
  owners: readonly PrincipalId[],
): Promise<VirtualBook[]> {
  const { dialect } = reader.sql
  const isOfAll = `(v.source_id IS NULL AND ${isIn(dialect, 'v.owner_id', 3)})`
  const isFrom = `(${isIn(dialect, 'v.source_id', 2)} OR ${isOfAll})`
  return select(reader, `v.kind = $1 AND ${isFrom}`, [kind, books, owners])
}

/** Those of a label, of cards of these accounts. */
export function labelBooksOf(reader: Reader, owners: readonly PrincipalId[]): Promise<VirtualBook[]> {
  return select(reader, `v.kind = 'label' AND ${isIn(reader.sql.dialect, 'v.owner_id', 1)}`, [owners])
}

/** Those that are made of a saved filter, whoever has them. */
export function virtualBooksOfList(reader: Reader, id: SmartListId): Promise<VirtualBook[]> {
  return select(reader, "v.kind = 'list' AND v.source_id = $1", [id])
}

/** Those that an account has, or that others have of its cards; those that stand for its books left out. */
export function virtualBooksOf(reader: Reader, principalId: PrincipalId): Promise<VirtualBook[]> {
  const condition = 'v.twin_of IS NULL AND (c.principal_id = $1 OR v.owner_id = $1)'
  return select(reader, condition, [principalId])
}

/** Some, by their ids; with `unfinished` those that cards are to be copied into. */
export function someVirtualBooks(
  reader: Reader,
  { after, limit, unfinished = false }: { after: CollectionId; limit: number; unfinished?: boolean },
): Promise<VirtualBook[]> {
  const condition = `v.collection_id > $1${unfinished ? ' AND v.through IS NOT NULL' : ''}`
  return select(reader, condition, [after, limit], 'ORDER BY v.collection_id LIMIT $2')
}

/** Twins of books that are gone or somebody else's by now, and books that nothing is known of any more. */
export async function strayBooks({ sql }: Reader, limit: number): Promise<CollectionId[]> {
  const rows = await sql.all<{ id: CollectionId }>(
    `SELECT c.id FROM collections c LEFT JOIN virtual_books v ON v.collection_id = c.id
       LEFT JOIN collections b ON b.id = v.twin_of
     WHERE c.generated IN ('virtual', 'masked') AND c.deleted_at IS NULL AND (v.collection_id IS NULL
       OR (v.twin_of IS NOT NULL AND (b.id IS NULL OR b.principal_id <> c.principal_id))) ORDER BY c.id LIMIT $1`,
    [limit],
  )
  return rows.map(({ id }) => id)
}

/** Says what a collection that was made for it holds; nothing has been copied yet. */
export async function addVirtualBook(tx: Writer, book: Omit<VirtualBookRow, 'through'>): Promise<void> {
  await tx.sql.run(
    `INSERT INTO virtual_books (collection_id, kind, definition, source_id, owner_id, twin_of, masks, mask_key,
       write_through, through) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)`,
    [
      ...[book.collectionId, book.kind, book.definition, book.sourceId, book.ownerId, book.twinOf],
      ...[book.masks, book.maskKey, book.writeThrough],
    ],
  )
}

/** Forgets what a collection holds and why; the collection is deleted by the caller. */
export async function forgetVirtualBook(tx: Writer, id: CollectionId): Promise<void> {
  await tx.sql.run('DELETE FROM virtual_members WHERE collection_id = $1', [id])
  await tx.sql.run('DELETE FROM virtual_people WHERE collection_id = $1', [id])
  await tx.sql.run('DELETE FROM virtual_books WHERE collection_id = $1', [id])
}

/** Says the same in other words: whose cards are in it stays as it is. */
export async function rewordVirtualBook(tx: Writer, id: CollectionId, definition: string): Promise<void> {
  await tx.sql.run('UPDATE virtual_books SET definition = $2 WHERE collection_id = $1', [id, definition])
}

/** Gives it another definition; all of it is looked at again. */
export async function redefineVirtualBook(
  tx: Writer,
  id: CollectionId,
  { definition, sourceId, writeThrough }: Pick<VirtualBookRow, 'definition' | 'sourceId' | 'writeThrough'>,
): Promise<void> {
  const text = `UPDATE virtual_books SET definition = $2, source_id = $3, write_through = $4, through = 0
    WHERE collection_id = $1`
  await tx.sql.run(text, [id, definition, sourceId, writeThrough])
}

/**
 * Has books looked at again of which a collection, that is gone or is back, has cards. What stands for a book has its cards
 * for as long as it is there.
 */
export async function markBooksOf(tx: Writer, id: CollectionId): Promise<void> {
  if (!(await hasVirtualBooks(tx))) return
  const marked = await tx.sql.run(
    `UPDATE virtual_books SET through = 0 WHERE twin_of IS NULL AND (
       (source_id = $1 AND kind IN ('book', 'label'))
       OR (source_id IS NULL AND kind = 'label' AND owner_id = (SELECT principal_id FROM collections WHERE id = $1))
       OR collection_id IN (SELECT m.collection_id
         FROM virtual_members m JOIN objects o ON o.id = m.source_id WHERE o.collection_id = $1)
       OR collection_id IN (SELECT w.collection_id FROM virtual_people w JOIN placements p ON p.party_id = w.party_id
         WHERE p.collection_id = $1))`,
    [id],
  )
  if (marked > 0) await scheduleJob(tx, virtualJob, tx.now)
}

/** Which masks books are seen with that are of their own. */
export async function maskKeysInUse({ sql }: Reader): Promise<string[]> {
  const rows = await sql.all<{ key: string }>(
    "SELECT DISTINCT mask_key AS key FROM virtual_books WHERE twin_of IS NULL AND kind = 'list'",
  )
  return rows.map(({ key }) => key)
}

/** Has all books of these kinds looked at again. */
export async function markBooksOfKinds(tx: Writer, kinds: readonly string[]): Promise<void> {
  if (kinds.length === 0) return
  const condition = inList(tx.sql.dialect, 'kind', '$1', 'text')
  await tx.sql.run(`UPDATE virtual_books SET through = 0 WHERE through IS NULL AND ${condition}`, [kinds])
  await scheduleJob(tx, virtualJob, tx.now)
}

/** Says that nothing has been copied yet, for whoever holds these masks now. */
export async function beginAnew(tx: Writer, id: CollectionId, maskKey: string): Promise<void> {
  const text = 'UPDATE virtual_books SET mask_key = $2, through = 0 WHERE collection_id = $1'
  await tx.sql.run(text, [id, maskKey])
}

/** Remembers how far the copying has come. */
export async function saveThrough(tx: Writer, id: CollectionId, through: ObjectId | null): Promise<void> {
  await tx.sql.run('UPDATE virtual_books SET through = $2 WHERE collection_id = $1', [id, through])
}

/** The home of what stands for an account's books: nobody lists it. */
export async function homeOfTwins(tx: Writer, principalId: PrincipalId): Promise<HomeId> {
  const text = "SELECT id FROM homes WHERE principal_id = $1 AND kind = 'twins'"
  const known = await tx.sql.first<{ id: HomeId }>(text, [principalId])
  if (known) return known.id
  const feedId = await createFeed(tx, { kind: 'home', principalId })
  const made = await tx.sql.first<{ id: HomeId }>(
    "INSERT INTO homes (principal_id, kind, feed_id) VALUES ($1, 'twins', $2) RETURNING id",
    [principalId, feedId],
  )
  if (made === undefined) throw new Error('The home was not made.')
  return made.id
}
