import { nextMemberChange } from '../feeds.ts'
import type { ObjectRow } from '../objects.ts'
import type { Writer } from '../store.ts'
import type { CollectionRef } from '../write-path.ts'

/**
 * Tells whoever syncs once more that a name is gone: of somebody who has put a member there that was stored under another
 * name, and who takes it for his.
 */
export async function tellGone(
  tx: Writer,
  collection: CollectionRef,
  gone: Pick<ObjectRow, 'id' | 'name' | 'uid'>,
): Promise<void> {
  const change = await nextMemberChange(tx, collection)
  const known = await tx.sql.run(
    'UPDATE tombstones SET change = $3, at = $4 WHERE collection_id = $1 AND name = $2',
    [collection.id, gone.name, change, tx.now],
  )
  if (known > 0) return
  await tx.sql.run(
    'INSERT INTO tombstones (collection_id, name, object_id, uid, change, at) VALUES ($1, $2, $3, $4, $5, $6)',
    [collection.id, gone.name, gone.id, gone.uid, change, tx.now],
  )
}
