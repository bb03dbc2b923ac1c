import type { CollectionRevisionRow } from '../history/collection-revisions.ts'
import type { CollectionId } from '../ids.ts'
import type { Writer } from '../store.ts'

/** A change of what a collection was called, as an archive has it. */
export type KeptCollectionChange = Omit<CollectionRevisionRow, 'id' | 'collectionId' | 'mountId' | 'deviceId'>

/** Gives a collection its history of names and looks, in the order it happened. */
export async function keepCollectionChanges(
  { sql }: Writer,
  id: CollectionId,
  changes: readonly KeptCollectionChange[],
): Promise<void> {
  for (const change of changes)
    await sql.run(
      `INSERT INTO collection_revisions
         (collection_id, before_json, after_json, at, origin, author_id, client_kind, request_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        ...[id, change.beforeJson, change.afterJson, change.at, change.origin],
        ...[change.authorId, change.clientKind, change.requestId],
      ],
    )
}
