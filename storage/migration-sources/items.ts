import { createHmac } from 'node:crypto'
import { inList } from '../database.ts'
import type { MigrationCollectionId, MigrationSourceId, ObjectId } from '../ids.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'
import { databaseSecret } from '../views/secret.ts'

/** One object of the other server, and what became of it here. */
export interface MigrationItem {
  /** Its path in one canonical encoding. */
  readonly path: string
  /** As the server writes it. */
  readonly href: string
  /** The ETag there of the state that was dealt with. */
  readonly remoteEtag: string
  readonly outcome: 'copied' | 'conflict' | 'refused' | 'removed'
  /** Ours; null where there is none. */
  readonly objectId: ObjectId | null
  /** Of our object as it was written or found equal: with another one somebody changed it here. */
  readonly etag: string | null
  /** 1 when the migration made our object: then it may go when the other one does. */
  readonly made: number
  readonly verdict: Verdict | null
  /** The reason of a refusal or a conflict, or the differences. */
  readonly note: string
}

/**
 * What comparing the object there with ours gave: the same octets but for line ends; the same lines, folded, ordered or
 * written otherwise; lines that differ; or that either has changed or gone since.
 */
export type Verdict = 'identical' | 'rewritten' | 'differing' | 'changed' | 'edited' | 'gone'

export interface MigrationItemRow extends MigrationItem {
  readonly id: number
  readonly migrationCollectionId: MigrationCollectionId
}

const fields: readonly (keyof MigrationItemRow & string)[] = [
  'id',
  'migrationCollectionId',
  'path',
  'href',
  'remoteEtag',
  'outcome',
  'objectId',
  'etag',
  'made',
  'verdict',
  'note',
]
const columns = selectList<MigrationItemRow>('i', fields)

/** Longer reasons are cut: a migration may have many items. */
const longestNote = 2_000

/** The items of a collection in the order they came. @param options.after  the id of the last one seen */
export function listMigrationItems(
  reader: Reader,
  collectionId: MigrationCollectionId,
  options: { readonly after?: number | undefined; readonly limit: number },
): Promise<MigrationItemRow[]> {
  return reader.sql.all<MigrationItemRow>(
    `SELECT ${columns} FROM migration_items i WHERE i.migration_collection_id = $1 AND i.id > $2
     ORDER BY i.id LIMIT $3`,
    [collectionId, options.after ?? 0, options.limit],
  )
}

/**
 * The items of all collections of a source, in the order they came.
 * @param options.isOddOnly  leaves out what is the same here and there
 */
export function listSourceItems(
  reader: Reader,
  sourceId: MigrationSourceId,
  options: { readonly after: number; readonly limit: number; readonly isOddOnly: boolean },
): Promise<MigrationItemRow[]> {
  const odd = options.isOddOnly
    ? "AND (i.outcome <> 'copied' OR i.verdict IS NULL OR i.verdict <> 'identical')"
    : ''
  return reader.sql.all<MigrationItemRow>(
    `SELECT ${columns} FROM migration_items i
     WHERE i.migration_collection_id IN (SELECT c.id FROM migration_collections c WHERE c.source_id = $1)
       AND i.id > $2 ${odd} ORDER BY i.id LIMIT $3`,
    [sourceId, options.after, options.limit],
  )
}

/** What is known of these paths; others are left out. */
export async function findMigrationItems(
  { sql }: Reader,
  collectionId: MigrationCollectionId,
  paths: readonly string[],
): Promise<Map<string, MigrationItemRow>> {
  if (paths.length === 0) return new Map()
  const rows = await sql.all<MigrationItemRow>(
    `SELECT ${columns} FROM migration_items i
     WHERE i.migration_collection_id = $1 AND ${inList(sql.dialect, 'i.path', '$2', 'text')}`,
    [collectionId, paths],
  )
  return new Map(rows.map((row) => [row.path, row]))
}

/** Begins the path of an item whose object was of somebody who is erased. */
const erasedPath = 'erased:'

/** Whether an item is of somebody who was erased: what is said of it by the other server is not looked at. */
export function isErased({ path }: Pick<MigrationItem, 'path'>): boolean {
  return path.startsWith(erasedPath)
}

/** Forgets where objects are on the other server, but for what tells that they are not to be copied again. */
export async function eraseMigrationItems(
  tx: Writer,
  items: readonly Pick<MigrationItemRow, 'id' | 'path'>[],
): Promise<void> {
  const secret = items.length === 0 ? undefined : await databaseSecret(tx)
  for (const item of items)
    if (secret && !isErased(item))
      await tx.sql.run(
        `UPDATE migration_items SET path = $2, href = '', remote_etag = '', note = '', verdict = NULL, object_id = NULL, etag = NULL,
           outcome = CASE WHEN outcome = 'removed' THEN outcome ELSE 'conflict' END WHERE id = $1`,
        [item.id, markOf(secret, item.path)],
      )
}

/** Those of these paths that are of somebody who was erased. */
export async function findErasedPaths(
  reader: Reader,
  collectionId: MigrationCollectionId,
  paths: readonly string[],
): Promise<ReadonlySet<string>> {
  const { sql } = reader
  const text =
    'SELECT 1 AS one FROM migration_items WHERE migration_collection_id = $1 AND path LIKE $2 LIMIT 1'
  if (!(await sql.first(text, [collectionId, `${erasedPath}%`]))) return new Set()
  const secret = await databaseSecret(reader)
  const marks = new Map(paths.map((path) => [markOf(secret, path), path]))
  const known = await findMigrationItems(reader, collectionId, [...marks.keys()])
  return new Set([...known.keys()].flatMap((mark) => marks.get(mark) ?? []))
}

function markOf(secret: Buffer, path: string): string {
  return erasedPath + createHmac('sha256', secret).update(`migration ${path}`).digest('base64url')
}

/** Writes what became of an item, over what was known of it. */
export async function saveMigrationItem(
  tx: Writer,
  collectionId: MigrationCollectionId,
  item: MigrationItem,
): Promise<void> {
  await tx.sql.run(
    `INSERT INTO migration_items (migration_collection_id, path, href, remote_etag, outcome, object_id, etag, made,
       verdict, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (migration_collection_id, path) DO UPDATE SET href = excluded.href,
       remote_etag = excluded.remote_etag, outcome = excluded.outcome, object_id = excluded.object_id,
       etag = excluded.etag, made = excluded.made, verdict = excluded.verdict, note = excluded.note`,
    [
      collectionId,
      item.path,
      item.href,
      item.remoteEtag,
      item.outcome,
      item.objectId,
      item.etag,
      item.made,
      item.verdict,
      item.note.slice(0, longestNote),
    ],
  )
}

/** Notes what comparing gave, unless the item was dealt with anew meanwhile. */
export async function saveVerdict(
  tx: Writer,
  { id, remoteEtag }: Pick<MigrationItemRow, 'id' | 'remoteEtag'>,
  verdict: Verdict,
  note: string,
): Promise<void> {
  await tx.sql.run('UPDATE migration_items SET verdict = $3, note = $4 WHERE id = $1 AND remote_etag = $2', [
    id,
    remoteEtag,
    verdict,
    note.slice(0, longestNote),
  ])
}

/** How many items of a source had which outcome and verdict. */
export function countMigrationItems(
  reader: Reader,
  sourceId: number,
): Promise<
  { readonly outcome: MigrationItem['outcome']; readonly verdict: Verdict | null; count: number }[]
> {
  return reader.sql.all(
    `SELECT i.outcome, i.verdict, count(*) AS count FROM migration_items i
       JOIN migration_collections c ON c.id = i.migration_collection_id
     WHERE c.source_id = $1 GROUP BY i.outcome, i.verdict`,
    [sourceId],
  )
}
