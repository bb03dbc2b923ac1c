import { syncTokenElement } from '../../../protocol/dav/multistatus.ts'
import { bit } from '../../../protocol/dav/privileges.ts'
import { type FeedPosition, formatSyncToken, nameTag } from '../../../protocol/dav/sync-token.ts'
import type { Call } from '../call.ts'
import type { Renderer } from '../pages.ts'
import type { CollectionResource, HomeResource } from '../resource.ts'
import { positionsOf, tagged } from '../tokens.ts'
import { truncated } from './cut.ts'
import {
  type Entry,
  hasMoved,
  oldPositions,
  ownPosition,
  type Positions,
  responsesOf,
} from './home-entries.ts'
import { cutPositions, invalidToken, memberChanges, type Since, sinceOf } from './member-changes.ts'

/** A home as a sync of level infinite meets it. */
export interface HomeTree {
  readonly home: HomeResource
  readonly sight: readonly FeedPosition[]
  readonly children: readonly CollectionResource[]
  /** What changed in the home itself, in that order. */
  readonly inHome: readonly Entry[]
  /** Undefined for a first sync. */
  readonly known: Positions | undefined
}

/**
 * What changed in a home and in the members of its collections. The home comes first: a client learns of the members of a
 * collection it has heard of. Without a limit, collections that changed in their members alone are told as well.
 * @throws valid-sync-token before the first piece
 * @see RFC 6578 §3.3, §3.6
 */
export async function* treeChanges(
  call: Call,
  { home, sight, children, inHome, known }: HomeTree,
  renderer: Renderer,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<string> {
  const places = children.map((child) => ({ child, ...placeOf(call, child, known) }))
  const sent = inHome.slice(0, limit)
  const waiting = inHome.slice(sent.length)
  yield await responsesOf(home, sent, renderer)
  const inMembers = children.filter((child) => !isIn(inHome, child) && hasMoved(child, known))
  if (limit === Number.POSITIVE_INFINITY) yield await renderer.alike(inMembers)
  const positions = [ownPosition(home, waiting, known), ...sight, ...vanished(waiting, children, known)]
  let left = limit - sent.length
  let isCut = waiting.length > 0
  for (const { child, since, hasMore } of places) {
    if (isIn(waiting, child)) positions.push(...oldPositions(child, known))
    else if (!hasMore) positions.push(...tagged(child, positionsOf(child)))
    else if (isCut || left === 0) {
      positions.push(...tagged(child, since ? oldPositions(child, known) : nothingYet(child)))
      isCut = true
    } else {
      const reached = yield* memberChanges(call, child, renderer, since, left)
      positions.push(...tagged(child, reached.positions))
      left -= reached.sent
      isCut = reached.isCut
    }
  }
  if (isCut) yield truncated(home.href)
  yield syncTokenElement(formatSyncToken(home.epoch, positions))
}

/** Where a client stands that has heard of a child, and of none of its members. */
function nothingYet(child: CollectionResource): FeedPosition[] {
  return cutPositions(child, { change: 0, view: child.mount?.feedChange ?? 0 }, undefined)
}

/** How far a client has come with the members of a child, where it may read them; without `since` all are new to it. */
interface Place {
  readonly since: Since | undefined
  readonly hasMore: boolean
}

/** @throws valid-sync-token where the client has members of another collection under the child's name */
function placeOf(call: Call, child: CollectionResource, known: Positions | undefined): Place {
  const { row } = child
  if ((child.access & bit.read) === 0) return { since: undefined, hasMore: false }
  const fresh = { since: undefined, hasMore: row.feedChange > 0 }
  if (known === undefined) return fresh
  const old = oldPositions(child, known)
  const tag = nameTag(row.name)
  if (!old.some((position) => position.tag === tag)) {
    const feeds = new Set(positionsOf(child).map(({ feed }) => feed))
    const isTaken = [...known.values()].some((position) => position.tag === tag && !feeds.has(position.feed))
    if (isTaken) throw invalidToken(call, row.kind)
    return fresh
  }
  const since = sinceOf(call, child, old)
  if (since.change === 0 && since.began !== undefined) return fresh
  return { since, hasMore: hasMoved(child, known) }
}

/** While the home has to tell of what is gone, the token keeps that the client knows it. */
function vanished(
  waiting: readonly Entry[],
  children: readonly CollectionResource[],
  known: Positions | undefined,
): FeedPosition[] {
  if (known === undefined || !waiting.some(({ kind }) => kind === 'gone')) return []
  const present = new Set(children.flatMap(positionsOf).map(({ feed }) => feed))
  return [...known.values()].filter(({ feed, tag }) => tag !== undefined && !present.has(feed))
}

function isIn(entries: readonly Entry[], child: CollectionResource): boolean {
  return entries.some((entry) => entry.kind === 'live' && entry.child.href === child.href)
}
