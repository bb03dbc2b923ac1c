import { inList } from '../database.ts'
import type { BodyId, CollectionId, ObjectId, PrincipalId } from '../ids.ts'
import { addBody } from '../media/body-media.ts'
import type { BodyParts } from '../media/parts.ts'
import { bySize, readBodies } from '../objects.ts'
import { inTrash, type RevisionRow, revisionColumns } from '../revisions.ts'
import { grouped } from '../select.ts'
import type { Reader, Store, Writer } from '../store.ts'

/** All states of these objects, by object, the oldest of each first. */
export async function listStates(
  { sql }: Reader,
  ids: readonly ObjectId[],
): Promise<ReadonlyMap<ObjectId, RevisionRow[]>> {
  const text = `SELECT ${revisionColumns} FROM revisions r WHERE ${inList(sql.dialect, 'r.object_id', '$1', 'bigint')}
    ORDER BY r.object_id, r.id`
  return grouped(await sql.all<RevisionRow>(text, [[...ids]]), ({ objectId }) => objectId)
}

/** The objects that were last deleted from a collection, the first deletion first, in pages that are short reads. */
export async function* listDead(
  store: Pick<Store, 'read'>,
  collectionId: CollectionId,
  pageSize = 500,
): AsyncGenerator<readonly ObjectId[]> {
  const text = `SELECT r.object_id AS "objectId", r.id FROM revisions r
    WHERE r.collection_id = $1 AND r.id > $2 AND ${inTrash} ORDER BY r.id LIMIT $3`
  for (let after = 0; ; ) {
    const page = await store.read(({ sql }) =>
      sql.all<Pick<RevisionRow, 'id' | 'objectId'>>(text, [collectionId, after, pageSize]),
    )
    if (page.length > 0) yield page.map(({ objectId }) => objectId)
    const last = page.at(-1)
    if (last === undefined || page.length < pageSize) return
    after = last.id
  }
}

/** Bodies by id in the order given, some megabytes at a time; those that are gone are left out. */
export async function* listBodies(
  store: Pick<Store, 'read'>,
  ids: readonly BodyId[],
): AsyncGenerator<ReadonlyMap<BodyId, Buffer>> {
  for (let at = 0; at < ids.length; at += 500) {
    const page = ids.slice(at, at + 500)
    const found = await store.read(({ sql }) => {
      const text = `SELECT id, length(bytes) + media_bytes AS size FROM bodies
        WHERE ${inList(sql.dialect, 'id', '$1', 'bigint')}`
      return sql.all<{ id: BodyId; size: number }>(text, [page])
    })
    const sizes = new Map(found.map(({ id, size }) => [id, size]))
    for (const part of bySize(page.map((id) => ({ id, size: sizes.get(id) ?? 0 })))) {
      const wanted = part.map(({ id }) => id)
      const bodies = await store.read((reader) => readBodies(reader, wanted))
      yield new Map(
        wanted.flatMap((id) => {
          const body = bodies.get(id)
          return body ? [[id, body] as const] : []
        }),
      )
    }
  }
}

/** A state that comes back as it was. */
export type KeptState = Pick<
  RevisionRow,
  | 'kind'
  | 'name'
  | 'uid'
  | 'component'
  | 'etag'
  | 'at'
  | 'origin'
  | 'authorId'
  | 'clientKind'
  | 'requestId'
  | 'restoredAt'
> & {
  /** States with the same key have the same octets; undefined where there are none any more. */
  readonly key: string | undefined
}

/** What the octets of a key are. */
export type KeptBodies = ReadonlyMap<
  string,
  { readonly body: Uint8Array; readonly parts?: BodyParts | undefined }
>

/** An object as it is now, living or just deleted. */
export interface Remembered {
  readonly id: ObjectId
  readonly collectionId: CollectionId
  readonly principalId: PrincipalId
  readonly bodyId: BodyId
  readonly change: number
}

/**
 * Gives an object that was just made the states it had, in place of those that making it left. The last one is its present
 * state: its octets and its number are those of the object; older numbers belong to feeds that are gone.
 */
export async function replaceHistory(
  tx: Writer,
  object: Remembered,
  states: readonly KeptState[],
  bodies: KeptBodies,
): Promise<void> {
  const last = states.at(-1)
  if (!last) return
  await tx.sql.run('DELETE FROM revisions WHERE object_id = $1', [object.id])
  const ids = new Map<string | undefined, BodyId | null>([[undefined, null]])
  if (last.key !== undefined) ids.set(last.key, object.bodyId)
  for (const state of states) {
    const kept = state.key === undefined ? undefined : bodies.get(state.key)
    if (kept && !ids.has(state.key)) ids.set(state.key, await addBody(tx, kept.body, kept.parts))
    const isLast = state === last
    const bodyId = isLast ? object.bodyId : (ids.get(state.key) ?? null)
    await insertState(tx, object, state, { bodyId, change: isLast ? object.change : 0 })
  }
}

async function insertState(
  tx: Writer,
  object: Remembered,
  state: KeptState,
  { bodyId, change }: Pick<RevisionRow, 'bodyId' | 'change'>,
): Promise<void> {
  await tx.sql.run(
    `INSERT INTO revisions (object_id, collection_id, principal_id, kind, name, uid, component, etag, body_id, change,
       at, origin, author_id, client_kind, request_id, restored_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
    [
      object.id,
      object.collectionId,
      object.principalId,
      state.kind,
      state.name,
      state.uid,
      state.component,
      state.etag,
      bodyId,
      change,
      state.at,
      state.origin,
      state.authorId,
      state.clientKind,
      state.requestId,
      state.restoredAt,
    ],
  )
}
