import { inList } from '../database.ts'
import type { BodyId, CollectionId, MergeId, ObjectId } from '../ids.ts'
import { insertRows } from '../insert-rows.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** Where a card of somebody who was merged into another has been: whoever still has it writes to the survivor's. */
export interface AliasRow {
  readonly collectionId: CollectionId
  /** Its name and its UID, as they were. */
  readonly name: string
  readonly uidKey: string | null
  /** The card that has taken its place, in the same book. */
  readonly objectId: ObjectId
  readonly loserObjectId: ObjectId
  readonly mergeId: MergeId
}

const columns = selectList<AliasRow>('a', [
  'collectionId',
  'name',
  'uidKey',
  'objectId',
  'loserObjectId',
  'mergeId',
])

/** Merges that are followed one after the other at most. */
const mostMerges = 20

/**
 * The alias that a card is meant for by its UID, or by its name where it has none, with the card that has its place now. A
 * card of another UID is another person's, also under that name; and where the survivor is gone, or in another book, or the
 * loser is back, there is none.
 */
export async function findAlias(
  { sql }: Reader,
  collectionId: CollectionId,
  { name, uidKey }: { readonly name: string; readonly uidKey: string | null },
): Promise<AliasRow | undefined> {
  const isMeant = uidKey === null ? 'a.name = $2' : 'a.uid_key = $2'
  const first = await sql.first<AliasRow>(
    `SELECT ${columns} FROM aliases a WHERE a.collection_id = $1 AND ${isMeant}
       AND NOT EXISTS (SELECT 1 FROM objects own WHERE own.id = a.loser_object_id)
     ORDER BY a.merge_id DESC LIMIT 1`,
    [collectionId, uidKey ?? name],
  )
  if (!first) return undefined
  let { objectId } = first
  for (let merges = 0; merges < mostMerges; merges += 1) {
    const text = 'SELECT 1 FROM objects WHERE id = $1 AND collection_id = $2'
    if (await sql.first(text, [objectId, collectionId])) return { ...first, objectId }
    const next = await sql.first<{ id: ObjectId }>(
      'SELECT object_id AS id FROM aliases WHERE collection_id = $1 AND loser_object_id = $2 ORDER BY merge_id DESC LIMIT 1',
      [collectionId, objectId],
    )
    if (!next) return undefined
    objectId = next.id
  }
  return undefined
}

/** Of these UIDs those whose cards others have taken the place of, with the name of the card that has, if it is there. */
export async function aliasedUids(
  { sql }: Reader,
  collectionId: CollectionId,
  uidKeys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await sql.all<{ uid: string; name: string }>(
    `SELECT a.uid_key AS uid, coalesce(o.name, '') AS name FROM aliases a LEFT JOIN objects o ON o.id = a.object_id
     WHERE a.collection_id = $1 AND ${inList(sql.dialect, 'a.uid_key', '$2', 'text')}`,
    [collectionId, uidKeys],
  )
  return new Map(rows.map(({ uid, name }) => [uid, name]))
}

/** A name that was another's alias before is this one's now. */
export async function addAliases(tx: Writer, rows: readonly AliasRow[]): Promise<void> {
  for (const { collectionId, name } of rows)
    await tx.sql.run('DELETE FROM aliases WHERE collection_id = $1 AND name = $2', [collectionId, name])
  await insertRows(
    tx,
    'aliases',
    ['collection_id', 'name', 'uid_key', 'object_id', 'loser_object_id', 'merge_id'],
    rows.map((row) => [row.collectionId, row.name, row.uidKey, row.objectId, row.loserObjectId, row.mergeId]),
  )
}

export async function dropAliases({ sql }: Writer, merge: MergeId): Promise<void> {
  await sql.run('DELETE FROM aliases WHERE merge_id = $1', [merge])
}

/** The last octets of a card that is gone, and their entity tag. */
export async function lastOctets(
  { sql }: Reader,
  id: ObjectId,
): Promise<{ readonly bodyId: BodyId; readonly etag: string } | undefined> {
  return sql.first(
    `SELECT body_id AS "bodyId", etag FROM revisions WHERE object_id = $1 AND kind = 'deleted' AND body_id IS NOT NULL
     ORDER BY id DESC LIMIT 1`,
    [id],
  )
}
