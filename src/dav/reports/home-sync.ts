import { syncTokenElement } from '../../../protocol/dav/multistatus.ts'
import type { SyncCollection } from '../../../protocol/dav/reports.ts'
import { type FeedPosition, formatSyncToken, parseSyncToken } from '../../../protocol/dav/sync-token.ts'
import { deletedCollectionsSince } from '../../../storage/collections.ts'
import type { Call } from '../call.ts'
import type { Renderer } from '../pages.ts'
import { multistatus, type Reply, streamedMultistatus } from '../reply.ts'
import type { CollectionResource, HomeResource } from '../resource.ts'
import { positionsOf, sightOf, tagged } from '../tokens.ts'
import { childrenOf } from '../tree.ts'
import { truncated } from './cut.ts'
import {
  type Entry,
  entriesSince,
  hasMoved,
  oldPositions,
  ownPosition,
  type Positions,
  responsesOf,
} from './home-entries.ts'
import { treeChanges } from './home-tree-sync.ts'
import { invalidToken, isRemembered } from './member-changes.ts'

/**
 * Which collections of a home appeared, went, or changed, in their properties or in their members (IOS-10); with level
 * infinite, their members too. The token is a vector: a child has moved while one of its feeds stands elsewhere than the
 * token says.
 * @see RFC 6578 §3.3
 */
export async function homeSync(
  call: Call,
  home: HomeResource,
  { syncToken, level, limit }: SyncCollection,
  renderer: Renderer,
): Promise<Reply> {
  const known = knownPositions(call, home, syncToken)
  const since = known?.get(home.row.feedId)?.change ?? 0
  const [children, deleted] = await call.store.read(async (reader) => [
    await childrenOf(reader, call.session, home),
    syncToken === undefined ? [] : await deletedCollectionsSince(reader, home.row.id, since),
  ])
  const sight = sightOf(home, children, call.session)
  if (known && sight.some(({ feed, change }) => known.get(feed)?.change !== change)) {
    throw invalidToken(call, childKind(home))
  }
  // In another's home nothing is gone that was seen: that would be another sight.
  const inHome = entriesSince(children, sight.length > 0 ? [] : deleted, known, since)
  if (level === 'infinite') {
    return streamedMultistatus(treeChanges(call, { home, sight, children, inHome, known }, renderer, limit))
  }
  const inMembers = known ? movedAlone(children, known, since) : []
  const entries = [...inHome, ...inMembers]
  const sent = entries.slice(0, limit)
  const positions = [
    ownPosition(home, inHome.slice(sent.length), known),
    ...sight,
    ...childPositions(children, entries.slice(sent.length), known),
  ]
  const cut = sent.length < entries.length ? truncated(home.href) : ''
  const token = syncTokenElement(formatSyncToken(home.epoch, positions))
  return multistatus((await responsesOf(home, sent, renderer)) + cut + token)
}

const childKind = ({ kind }: HomeResource) => (kind === 'calendar-home' ? 'calendar' : 'addressbook')

/** @throws valid-sync-token */
function knownPositions(call: Call, home: HomeResource, token: string | undefined): Positions | undefined {
  if (token === undefined) return undefined
  const read = parseSyncToken(token)
  const positions: Positions = new Map(read?.positions.map((position) => [position.feed, position]))
  const own = positions.get(home.row.feedId)
  if (read?.epoch !== home.epoch || !own || !isRemembered(own, home.row)) {
    throw invalidToken(call, childKind(home))
  }
  return positions
}

/** What changed in its members alone. */
function movedAlone(children: readonly CollectionResource[], known: Positions, since: number): Entry[] {
  return children
    .filter((child) => child.row.homeChange <= since && hasMoved(child, known))
    .map((child): Entry => ({ kind: 'live', child, change: child.row.homeChange }))
}

/** What the client knows of the children after this answer: all of it, or what it knew of those that wait. */
function childPositions(
  children: readonly CollectionResource[],
  waiting: readonly Entry[],
  known: Positions | undefined,
): FeedPosition[] {
  const unsent = new Set(waiting.flatMap((entry) => (entry.kind === 'live' ? [entry.child.href] : [])))
  return children.flatMap((child) =>
    unsent.has(child.href) ? oldPositions(child, known) : tagged(child, positionsOf(child)),
  )
}
