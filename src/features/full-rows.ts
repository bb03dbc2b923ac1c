import type { CollectionId } from '../../storage/ids.ts'
import { findObjectsByIds, type MemberRow, type ObjectRow } from '../../storage/objects.ts'
import type { Reader } from '../../storage/store.ts'

/** Whether a row has every column, not only those of the covering indexes. */
export function isFull(row: MemberRow): row is ObjectRow {
  return 'bodyId' in row
}

/** Rows with every column, in the same order; members deleted or moved away meanwhile are left out. */
export async function fullRows(
  reader: Reader,
  collectionId: CollectionId,
  rows: readonly MemberRow[],
): Promise<readonly ObjectRow[]> {
  const known = rows.filter(isFull)
  if (known.length === rows.length) return known
  const found = await findObjectsByIds(
    reader,
    rows.map(({ id }) => id),
  )
  const still = found.filter((row) => row.collectionId === collectionId)
  const byId = new Map(still.map((row) => [row.id, row]))
  return rows.flatMap(({ id }) => byId.get(id) ?? [])
}
