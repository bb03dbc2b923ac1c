import { type CollectionRow, collectionColumns } from '../collections.ts'
import { inList } from '../database.ts'
import type { PrincipalId } from '../ids.ts'
import type { Reader } from '../store.ts'

/** Whose collections are looked for. */
export interface OpenTo {
  readonly principalId: PrincipalId
  /** Himself, and every group that holds him. */
  readonly principals: ReadonlySet<PrincipalId>
  /** Whose delegate he is. */
  readonly proxyOf: Iterable<PrincipalId>
}

/**
 * Collections that somebody may have to do with: his own, those that he has accepted, those that an access control list
 * names him or everybody on, and the calendars of those whose delegate he is. What he may do is decided by the lists.
 */
export function listOpenCollections({ sql }: Reader, open: OpenTo): Promise<CollectionRow[]> {
  const isOf = (column: string, at: number): string => inList(sql.dialect, column, `$${at}`, 'bigint')
  return sql.all<CollectionRow>(
    `WITH open_places AS (
       SELECT a.target_kind, a.target_id FROM aces a
       WHERE a.target_kind IN ('home', 'collection') AND a.is_grant = 1
         AND (a.subject IN ('all', 'authenticated') OR (a.subject = 'principal' AND ${isOf('a.principal_id', 2)})))
     SELECT ${collectionColumns()} FROM collections c JOIN feeds f ON f.id = c.feed_id
     WHERE c.deleted_at IS NULL AND (c.principal_id = $1
       OR c.id IN (SELECT target_id FROM open_places WHERE target_kind = 'collection')
       OR c.home_id IN (SELECT target_id FROM open_places WHERE target_kind = 'home')
       OR c.id IN (SELECT m.collection_id FROM mounts m WHERE m.principal_id = $1 AND m.state = 'accepted')
       OR (c.kind = 'calendar' AND ${isOf('c.principal_id', 3)}))
     ORDER BY CASE WHEN c.principal_id = $1 THEN 0 ELSE 1 END, c.is_default DESC, c.id`,
    [open.principalId, [...open.principals], [...open.proxyOf]],
  )
}
