import { type ChangeRow, type Tombstone, tombstonesText } from '../changes.ts'
import type { CollectionId } from '../ids.ts'
import { type MemberRow, memberColumns } from '../objects.ts'
import type { Reader } from '../store.ts'

export interface BareRange {
  readonly since: number
  readonly upTo: number
  /** A first sync: no tombstones. */
  readonly initial: boolean
  readonly rows: number
}

const plainText = `SELECT ${memberColumns} FROM objects o
  WHERE o.collection_id = $1 AND o.change > $2 AND o.change <= $3
    AND NOT EXISTS (SELECT 1 FROM list_faces f WHERE f.object_id = o.id)
  ORDER BY o.change LIMIT $4`
const facesText = `SELECT ${memberColumns}, f.bare_change AS "bareChange" FROM list_faces f
  JOIN objects o ON o.id = f.object_id
  WHERE f.collection_id = $1 AND f.bare_change > $2 AND f.bare_change <= $3 ORDER BY f.bare_change LIMIT $4`

/**
 * One page of what has changed in a collection for those who see its cards without CATEGORIES: a card of which these alone have changed
 * stands where it last changed otherwise. What was written since, the feed has a higher number for.
 */
export async function bareChanges(
  { sql }: Reader,
  collectionId: CollectionId,
  { since, upTo, initial, rows }: BareRange,
): Promise<ChangeRow[]> {
  const params = [collectionId, since, upTo, rows]
  const plain = await sql.all<MemberRow>(plainText, params)
  const faces = await sql.all<MemberRow & { bareChange: number }>(facesText, params)
  const gone = initial ? [] : await sql.all<Tombstone>(tombstonesText, params)
  const known = new Set(plain.map(({ id }) => id))
  const entries: ChangeRow[] = [
    ...plain.map((row) => ({ kind: 'member' as const, ...row })),
    // One that got its face between the two reads is in both.
    ...faces
      .filter(({ id }) => !known.has(id))
      .map(({ bareChange, ...row }) => ({ kind: 'member' as const, ...row, change: bareChange })),
    ...gone.map((row) => ({ kind: 'tombstone' as const, ...row })),
  ]
  return entries.toSorted((one, other) => one.change - other.change).slice(0, rows)
}
