import { statusResponse, syncTokenElement } from '../../../protocol/dav/multistatus.ts'
import { refuse } from '../../../protocol/dav/preconditions.ts'
import type { SyncCollection } from '../../../protocol/dav/reports.ts'
import {
  beginning,
  type FeedPosition,
  formatSyncToken,
  parseSyncToken,
} from '../../../protocol/dav/sync-token.ts'
import { deletedCollectionsSince } from '../../../storage/collections.ts'
import type { Call } from '../call.ts'
import type { Renderer } from '../pages.ts'
import { collectionPath } from '../paths.ts'
import { multistatus, type Reply } from '../reply.ts'
import type { CollectionResource, HomeResource } from '../resource.ts'
import { positionsOf, sightOf } from '../tokens.ts'
import { childrenOf } from '../tree.ts'
import { truncated } from './cut.ts'
import { invalidToken, isRemembered } from './sync-collection.ts'

/** A child of the home that the client has to hear of, or the name of one that is gone. */
type Entry =
  | { readonly kind: 'live'; readonly child: CollectionResource; readonly change: number }
  | { readonly kind: 'gone'; readonly name: string; readonly change: number }

/**
 * Which collections of a home appeared, went, or changed, in their properties or in their members (IOS-10).
 * The token is a vector: a child is reported while its feed stands elsewhere than the token says.
 * @see RFC 6578 §3.3; level infinite comes with documents
 */
export async function homeSync(
  call: Call,
  home: HomeResource,
  { syncToken, level, limit = Number.POSITIVE_INFINITY }: SyncCollection,
  renderer: Renderer,
): Promise<Reply> {
  if (level === 'infinite') throw refuse('sync-traversal-supported', { message: 'The sync-level must be 1.' })
  const known = knownPositions(call, home, syncToken)
  const since = known?.get(home.row.feedId) ?? 0
  const [children, deleted] = await call.store.read(async (reader) => [
    await childrenOf(reader, call.session, home),
    syncToken === undefined ? [] : await deletedCollectionsSince(reader, home.row.id, since),
  ])
  const [sight] = sightOf(home, children, call.session)
  if (sight && known && known.get(sight.feed) !== sight.change) throw invalidToken(call, childKind(home))
  // In another's home nothing is gone that was seen: that would be another sight.
  const gone = sight ? [] : deleted
  const entries = entriesSince(children, gone, known, since)
  const sent = entries.slice(0, limit)
  const isCut = sent.length < entries.length
  const live = sent.flatMap((entry) => (entry.kind === 'live' ? [entry.child] : []))
  const responses = await renderer.collections(live)
  const removed = sent.flatMap((entry) =>
    entry.kind === 'gone' ? [statusResponse(hrefOf(home, entry.name), 404)] : [],
  )
  const positions = reachedPositions(home, children, entries, sent, known)
  const token = syncTokenElement(formatSyncToken(home.epoch, [...positions, ...(sight ? [sight] : [])]))
  return multistatus(responses + removed.join('') + (isCut ? truncated(home.href) : '') + token)
}

function hrefOf(home: HomeResource, name: string): string {
  return collectionPath(
    home.kind === 'calendar-home' ? 'calendars' : 'addressbooks',
    home.principal.segment,
    name,
  )
}

const childKind = ({ kind }: HomeResource) => (kind === 'calendar-home' ? 'calendar' : 'addressbook')

type Positions = ReadonlyMap<number, number>

/** @throws valid-sync-token */
function knownPositions(call: Call, home: HomeResource, token: string | undefined): Positions | undefined {
  if (token === undefined) return undefined
  const read = parseSyncToken(token)
  const positions = new Map<number, number>(read?.positions.map(({ feed, change }) => [feed, change]))
  const own = positions.get(home.row.feedId)
  const since = own === undefined ? undefined : { change: own, began: positions.get(beginning) }
  if (read?.epoch !== home.epoch || !since || !isRemembered(since, home.row)) {
    throw invalidToken(call, childKind(home))
  }
  return positions
}

/** First what changed in the home itself, in that order, so that a cut can say how far it came; then the rest. */
function entriesSince(
  children: readonly CollectionResource[],
  gone: readonly { readonly name: string; readonly change: number }[],
  known: Positions | undefined,
  since: number,
): Entry[] {
  const names = new Set(children.map(({ row }) => row.name))
  const inHome: Entry[] = [
    ...children
      .filter(({ row }) => known === undefined || row.homeChange > since)
      .map((child): Entry => ({ kind: 'live', child, change: child.row.homeChange })),
    ...gone
      .filter(({ name }) => !names.has(name))
      .map(({ name, change }): Entry => ({ kind: 'gone', name, change })),
  ]
  const inMembers = children
    .filter((child) => child.row.homeChange <= since && hasMoved(child, known))
    .map((child): Entry => ({ kind: 'live', child, change: child.row.homeChange }))
  return [...inHome.sort((a, b) => a.change - b.change), ...(known === undefined ? [] : inMembers)]
}

/** Whether any feed of a child stands elsewhere than the client knows. */
function hasMoved(child: CollectionResource, known: Positions | undefined): boolean {
  return positionsOf(child).some(({ feed, change }) => known?.get(feed) !== change)
}

/** What the client knows after this answer: all of it, or as far as the cut. */
function reachedPositions(
  home: HomeResource,
  children: readonly CollectionResource[],
  entries: readonly Entry[],
  sent: readonly Entry[],
  known: Positions | undefined,
): FeedPosition[] {
  const unsent = new Set(
    entries.slice(sent.length).flatMap((entry) => (entry.kind === 'live' ? [entry.child.href] : [])),
  )
  const since = known?.get(home.row.feedId) ?? 0
  const waiting = entries.slice(sent.length).filter(({ change }) => change > since)
  const firstWaiting = waiting[0]?.change
  const own = firstWaiting === undefined ? home.row.feedChange : firstWaiting - 1
  const began = known ? known.get(beginning) : home.row.feedChange
  const isFirst = began !== undefined && own < began
  return [
    { feed: home.row.feedId, change: own },
    ...(isFirst ? [{ feed: beginning, change: began }] : []),
    ...children.flatMap((child): FeedPosition[] => {
      if (!unsent.has(child.href)) return positionsOf(child)
      return positionsOf(child).flatMap(({ feed }) => {
        const old = known?.get(feed)
        return old === undefined ? [] : [{ feed, change: old }]
      })
    }),
  ]
}
