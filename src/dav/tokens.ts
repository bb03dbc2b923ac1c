import { createHash } from 'node:crypto'
import { type FeedPosition, formatSyncToken, nameTag, sightOfHome } from '../../protocol/dav/sync-token.ts'
import type { Session } from '../auth/session.ts'
import { etagOf } from '../features/bodies.ts'
import type { CollectionResource, HomeResource, NotificationsResource } from './resource.ts'

/**
 * Where the feeds of a collection stand: its own, and before it that of the view where it is mounted, so that another view
 * makes every token void.
 */
export function positionsOf({ row, mount, lists }: Standing): FeedPosition[] {
  const own = { feed: row.feedId, change: row.feedChange, ...sightOfLists(lists) }
  return mount ? [{ feed: mount.feedId, change: mount.feedChange }, own] : [own]
}

type Standing = Pick<CollectionResource, 'row' | 'mount' | 'lists'>

const sights = { cards: 'g', categories: 'c', both: 'b' } as const

/** How lists of people are seen, as a token says it, so that one who sees them otherwise later starts afresh. */
export function sightOfLists(lists: CollectionResource['lists']): Pick<FeedPosition, 'sight'> {
  return lists ? { sight: sights[lists] } : {}
}

/** The sync-token of a collection as it was read. @see RFC 6578 §4 */
export function collectionToken(collection: Standing & Pick<CollectionResource, 'epoch'>): string {
  return formatSyncToken(collection.epoch, positionsOf(collection))
}

/** The entity tag of a collection as one file: it changes with the sync-token, and with the name the file carries. */
export function collectionEtag(collection: Standing & Pick<CollectionResource, 'epoch'>): string {
  return etagOf(Buffer.from(`${collectionToken(collection)} ${collection.row.homeChange}`))
}

/** The sync-token of what an account is told. */
export function notificationsToken({ feed }: NotificationsResource): string {
  return formatSyncToken(feed.epoch, [{ feed: feed.feedId, change: feed.feedChange }])
}

/** A home's token is the vector of its own feed and of its children's. */
export function homeToken(
  home: HomeResource,
  children: readonly CollectionResource[],
  session: Session,
): string {
  const { feedId: feed, feedChange: change } = home.row
  return formatSyncToken(home.epoch, [
    { feed, change },
    ...sightOf(home, children, session),
    ...children.flatMap((child) => tagged(child, positionsOf(child))),
  ])
}

/** Positions of a child of a home, marked with its name: under another name all its members are new to a client. */
export function tagged({ row }: CollectionResource, positions: readonly FeedPosition[]): FeedPosition[] {
  return positions.map((position) => ({ ...position, tag: nameTag(row.name) }))
}

/**
 * What the caller may see and do in another's home, and under which names, as a position: a changed right makes his tokens void, so that he
 * starts afresh, and hears of no name that is not his to know (design §4). None in his own home.
 */
export function sightOf(
  { principal, access }: HomeResource,
  children: readonly CollectionResource[],
  session: Session,
): FeedPosition[] {
  if (principal.id === session.principal.id) return []
  const seen = children.map((child) => `${child.row.feedId}:${child.access}:${child.row.name}`).sort()
  const hash = createHash('sha256')
    .update([access, ...seen].join(' '))
    .digest()
  return [{ feed: sightOfHome, change: hash.readUIntBE(0, 6) }]
}
