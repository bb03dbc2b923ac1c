import { inList } from '../database.ts'
import { addEvent } from '../events.ts'
import { nextChange } from '../feeds.ts'
import type { CollectionId, ObjectId, PrincipalId } from '../ids.ts'
import type { MountRow } from '../mounts.ts'
import { type MemberRow, memberColumns } from '../objects.ts'
import type { Origin } from '../origin.ts'
import type { Reader, Store, Writer } from '../store.ts'

/** Of a mount, what its layers hang on: the sharee, what is shared, and the feed of his view. */
export type LayeredMount = Pick<MountRow, 'principalId' | 'collectionId' | 'feedId'>

/** What a sharee has laid over members for himself, by object; those over which he has nothing are left out. */
export async function findLayers(
  { sql }: Reader,
  { principalId, collectionId }: LayeredMount,
  objects: readonly ObjectId[],
): Promise<Map<ObjectId, string>> {
  const rows = await sql.all<{ id: ObjectId; layer: string }>(
    `SELECT object_id AS id, layer FROM member_layers
     WHERE principal_id = $1 AND collection_id = $2 AND ${inList(sql.dialect, 'object_id', '$3', 'bigint')}`,
    [principalId, collectionId, objects],
  )
  return new Map(rows.map(({ id, layer }) => [id, layer]))
}

/** The members over which a sharee has laid a text, among others. @param text  without `%` and `_` */
export async function findLayersWith(
  { sql }: Reader,
  { principalId, collectionId }: LayeredMount,
  text: string,
): Promise<ObjectId[]> {
  const rows = await sql.all<{ id: ObjectId }>(
    `SELECT object_id AS id FROM member_layers
     WHERE principal_id = $1 AND collection_id = $2 AND layer LIKE $3 ORDER BY object_id`,
    [principalId, collectionId, `%${text}%`],
  )
  return rows.map(({ id }) => id)
}

/**
 * Lays something over a member for a sharee, in place of what he had there; the feed of his view moves on, and no other.
 * An empty layer stays as a row, so that his other devices hear of it.
 */
export async function putLayer(
  tx: Writer,
  { principalId, collectionId, feedId }: LayeredMount,
  { id, name }: { readonly id: ObjectId; readonly name: string },
  layer: string,
  origin: Origin,
): Promise<void> {
  const change = await nextChange(tx, feedId)
  await tx.sql.run(
    `INSERT INTO member_layers (object_id, principal_id, collection_id, change, layer, changed_at)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (object_id, principal_id) DO UPDATE SET collection_id = excluded.collection_id,
       change = excluded.change, layer = excluded.layer, changed_at = excluded.changed_at`,
    [id, principalId, collectionId, change, layer, tx.now],
  )
  await addEvent(tx, { principalId, feedId, kind: 'object-put', objectId: id, name }, origin)
}

/** A member with the number in the feed of the view at which its layer changed. */
export interface LayeredMember extends MemberRow {
  readonly layerChange: number
}

/**
 * The members over which a sharee has laid something else after `since`, oldest first; not those that have themselves
 * changed after `known`, a number of the collection's feed.
 */
export function layeredSince(
  { sql }: Reader,
  { principalId, collectionId }: LayeredMount,
  range: { readonly since: number; readonly upTo: number; readonly known: number; readonly rows: number },
): Promise<LayeredMember[]> {
  return sql.all<LayeredMember>(
    `SELECT ${memberColumns}, l.change AS "layerChange" FROM member_layers l JOIN objects o ON o.id = l.object_id
     WHERE l.principal_id = $1 AND l.collection_id = $2 AND l.change > $3 AND l.change <= $4
       AND o.collection_id = $2 AND o.change <= $5
     ORDER BY l.change LIMIT $6`,
    [principalId, collectionId, range.since, range.upTo, range.known, range.rows],
  )
}

/** A layer with the member that it lies over. */
export interface LayerRow {
  readonly objectId: ObjectId
  readonly collectionId: CollectionId
  readonly member: string
  readonly layer: string
  readonly changedAt: number
}

/** All that a sharee has laid over members that live, in pages that are short reads. */
export async function* listLayers(
  store: Pick<Store, 'read'>,
  principalId: PrincipalId,
  pageSize = 500,
): AsyncGenerator<readonly LayerRow[]> {
  const text = `SELECT l.object_id AS "objectId", l.collection_id AS "collectionId", o.name AS member, l.layer,
      l.changed_at AS "changedAt"
    FROM member_layers l JOIN objects o ON o.id = l.object_id
    WHERE l.principal_id = $1 AND l.object_id > $2 ORDER BY l.object_id LIMIT $3`
  for (let after = 0; ; ) {
    const page = await store.read(({ sql }) => sql.all<LayerRow>(text, [principalId, after, pageSize]))
    if (page.length > 0) yield page
    const last = page.at(-1)
    if (last === undefined || page.length < pageSize) return
    after = last.objectId
  }
}

/**
 * Layers go along with a member that moves, for those who have its new collection in their home too; the move itself
 * tells them of it.
 */
export async function moveLayers(tx: Writer, object: ObjectId, to: CollectionId): Promise<void> {
  await tx.sql.run(
    `DELETE FROM member_layers WHERE object_id = $1 AND NOT EXISTS (SELECT 1 FROM mounts m
       WHERE m.collection_id = $2 AND m.principal_id = member_layers.principal_id)`,
    [object, to],
  )
  await tx.sql.run('UPDATE member_layers SET collection_id = $2, change = 0 WHERE object_id = $1', [
    object,
    to,
  ])
}

/**
 * What sharees have laid over a member lies over another too, in the same collection, that is made of it; that it is made tells
 * them of it.
 */
export async function copyLayers(tx: Writer, from: ObjectId, to: ObjectId): Promise<void> {
  await tx.sql.run(
    `INSERT INTO member_layers (object_id, principal_id, collection_id, change, layer, changed_at)
     SELECT $2, principal_id, collection_id, 0, layer, $3 FROM member_layers WHERE object_id = $1`,
    [from, to, tx.now],
  )
}
