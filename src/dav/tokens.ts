import { formatSyncToken } from '../../protocol/dav/sync-token.ts'
import type { CollectionRow } from '../../storage/collections.ts'
import { etagOf } from '../features/bodies.ts'
import type { CollectionResource, HomeResource } from './resource.ts'

/** The sync-token of a collection as it was read. @see RFC 6578 §4 */
export function collectionToken({ epoch, row }: Pick<CollectionResource, 'epoch' | 'row'>): string {
  return formatSyncToken(epoch, [{ feed: row.feedId, change: row.feedChange }])
}

/** The entity tag of a collection as one file: it changes with the sync-token, and with the name the file carries. */
export function collectionEtag(collection: Pick<CollectionResource, 'epoch' | 'row'>): string {
  return etagOf(Buffer.from(`${collectionToken(collection)} ${collection.row.homeChange}`))
}

/** A home's token is the vector of its own feed and of its children's. */
export function homeToken({ epoch, row }: HomeResource, children: readonly CollectionRow[]): string {
  const own = { feed: row.feedId, change: row.feedChange }
  return formatSyncToken(epoch, [
    own,
    ...children.map(({ feedId, feedChange }) => ({ feed: feedId, change: feedChange })),
  ])
}
