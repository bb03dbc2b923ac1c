import type { CollectionId, ObjectId } from './ids.ts'
import { type MemberRow, memberColumns } from './objects.ts'
import type { Store } from './store.ts'

/** One entry of a feed's log: a member as it is, or the name of one that is gone. */
export type ChangeRow =
  | ({ readonly kind: 'member' } & MemberRow)
  | ({ readonly kind: 'tombstone' } & Tombstone)

/** A name under which there is nothing any more. */
export interface Tombstone {
  readonly id: ObjectId
  readonly name: string
  readonly change: number
  /** What was there last as a list of people: see `ListFace`. Null where it was none. */
  readonly made: number | null
  readonly groupSince: number | null
}

export interface ChangesOptions {
  /** Changes after this number; 0 for all. */
  readonly since: number
  /** And not after this one, which was read before the first page. */
  readonly upTo: number
  /** Entries at most, over all pages; the last one's `change` resumes. */
  readonly limit?: number | undefined
  /** A first sync: no tombstones. */
  readonly initial: boolean
  /** Entries of a page at most. */
  readonly pageSize?: number | undefined
}

const membersText = `SELECT ${memberColumns} FROM objects o
  WHERE o.collection_id = $1 AND o.change > $2 AND o.change <= $3 ORDER BY o.change LIMIT $4`
/** Those of a collection between two numbers, in order. */
export const tombstonesText = `SELECT t.object_id AS id, t.name, t.change, t.made, t.group_since AS "groupSince" FROM tombstones t
  WHERE t.collection_id = $1 AND t.change > $2 AND t.change <= $3 ORDER BY t.change LIMIT $4`

/**
 * What has changed in a collection, oldest change first, in pages that are short reads of the covering index. A member changed
 * meanwhile has a number above `upTo`, and is left to the next sync.
 * @see RFC 6578 §3.4–3.6
 */
export async function* changesSince(
  store: Pick<Store, 'read'>,
  collectionId: CollectionId,
  options: ChangesOptions,
): AsyncGenerator<readonly ChangeRow[]> {
  const { upTo, initial, pageSize = 500 } = options
  let left = options.limit ?? Number.POSITIVE_INFINITY
  let since = options.since
  while (left > 0 && since < upTo) {
    const rows = Math.min(pageSize, left)
    const page = await readPage(store, collectionId, { since, upTo, initial, rows })
    if (page.length > 0) yield page
    const last = page[page.length - 1]
    if (last === undefined || page.length < rows) return
    left -= page.length
    since = last.change
  }
}

interface PageOptions {
  readonly since: number
  readonly upTo: number
  readonly initial: boolean
  readonly rows: number
}

/** Both lists are as long as the page: their merged beginning misses nothing. */
async function readPage(
  store: Pick<Store, 'read'>,
  collectionId: CollectionId,
  { since, upTo, initial, rows }: PageOptions,
): Promise<ChangeRow[]> {
  const params = [collectionId, since, upTo, rows]
  // Members before tombstones: one deleted between the two reads is then gone from both, and comes with its new number.
  const members = await store.read(({ sql }) => sql.all<MemberRow>(membersText, params))
  const tombstones = initial ? [] : await store.read(({ sql }) => sql.all<Tombstone>(tombstonesText, params))
  const entries: ChangeRow[] = [
    ...members.map((member) => ({ kind: 'member' as const, ...member })),
    ...tombstones.map((tombstone) => ({ kind: 'tombstone' as const, ...tombstone })),
  ]
  if (tombstones.length > 0) entries.sort((one, other) => one.change - other.change)
  return entries.slice(0, rows)
}
