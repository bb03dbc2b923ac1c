import { type FeedPosition, formatSyncToken } from '../../protocol/dav/sync-token.ts'
import { etagOf } from '../features/bodies.ts'
import type { CollectionResource, HomeResource } from './resource.ts'

/**
 * Where the feeds of a collection stand: its own, and before it that of the view where it is mounted, so that another view
 * makes every token void.
 */
export function positionsOf({ row, mount }: Pick<CollectionResource, 'row' | 'mount'>): FeedPosition[] {
  const own = { feed: row.feedId, change: row.feedChange }
  return mount ? [{ feed: mount.feedId, change: mount.feedChange }, own] : [own]
}

/** The sync-token of a collection as it was read. @see RFC 6578 §4 */
export function collectionToken(collection: Pick<CollectionResource, 'epoch' | 'row' | 'mount'>): string {
  return formatSyncToken(collection.epoch, positionsOf(collection))
}

/** The entity tag of a collection as one file: it changes with the sync-token, and with the name the file carries. */
export function collectionEtag(collection: Pick<CollectionResource, 'epoch' | 'row' | 'mount'>): string {
  return etagOf(Buffer.from(`${collectionToken(collection)} ${collection.row.homeChange}`))
}

/** A home's token is the vector of its own feed and of its children's. */
export function homeToken({ epoch, row }: HomeResource, children: readonly CollectionResource[]): string {
  const own = { feed: row.feedId, change: row.feedChange }
  return formatSyncToken(epoch, [own, ...children.flatMap(positionsOf)])
}
