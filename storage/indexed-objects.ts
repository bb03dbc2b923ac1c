import type { CollectionKind } from './collections.ts'
import { type ObjectRow, objectColumns } from './objects.ts'
import type { Reader, Store } from './store.ts'

/** A member with the window that its calendar rows are complete for. */
export interface IndexedObjectRow extends ObjectRow {
  readonly kind: CollectionKind
  /** Null for cards, and where the rows are lost. */
  readonly expandedFrom: number | null
  readonly expandedUntil: number | null
}

const pageRows = 500

/**
 * Every member of every account in pages, by id; those of deleted collections too. Each page is its own short read.
 * @param from  the last one that was seen
 */
export async function* listIndexedObjects(
  store: Pick<Store, 'read'>,
  from = 0,
): AsyncGenerator<readonly IndexedObjectRow[]> {
  const text = `SELECT ${objectColumns}, c.kind, k.expanded_from AS "expandedFrom", k.expanded_until AS "expandedUntil"
    FROM objects o JOIN collections c ON c.id = o.collection_id
    LEFT JOIN calendar_objects k ON k.object_id = o.id
    WHERE o.id > $1 ORDER BY o.id LIMIT $2`
  for (let after = from; ; ) {
    const page = await store.read(({ sql }) => sql.all<IndexedObjectRow>(text, [after, pageRows]))
    if (page.length > 0) yield page
    const last = page.at(-1)
    if (last === undefined || page.length < pageRows) return
    after = last.id
  }
}

/** How many members there are in all. */
export async function countAllObjects({ sql }: Reader): Promise<number> {
  return (await sql.first<{ count: number }>('SELECT count(*) AS count FROM objects'))?.count ?? 0
}
