import { encodeSegment } from '../../../protocol/dav/href.ts'
import { statusResponse } from '../../../protocol/dav/multistatus.ts'
import { refuse } from '../../../protocol/dav/preconditions.ts'
import type { FeedPosition } from '../../../protocol/dav/sync-token.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import { type Standing, seenChanges } from '../../features/views/changes.ts'
import { viewIn } from '../../features/views/view.ts'
import type { Call } from '../call.ts'
import type { Renderer } from '../pages.ts'
import type { CollectionResource } from '../resource.ts'
import { positionsOf, sightOfLists } from '../tokens.ts'

/** How far a client has come with the members of a collection. */
export interface Since {
  readonly change: number
  /** Where its first listing began, while it is not through. */
  readonly began: number | undefined
  /** How far it has come in the feed of the view, where the collection is mounted. */
  readonly view: number | undefined
}

/** What an answer came to: where the client then stands in the collection's feeds. */
export interface Reached {
  readonly positions: readonly FeedPosition[]
  readonly sent: number
  /** Whether more was to be sent. */
  readonly isCut: boolean
}

/**
 * What changed in the members of a collection, as responses in pieces. The present number was read with the collection:
 * what changes meanwhile comes next time.
 * @param since  undefined for a first listing, which has no tombstones
 * @param limit  responses at most
 * @see RFC 6578 §3.4–3.6
 */
export async function* memberChanges(
  call: Call,
  collection: CollectionResource,
  renderer: Renderer,
  since: Since | undefined,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<string, Reached> {
  const { row, href, mount } = collection
  const page = renderer.members(collection)
  const view = await viewIn(call.store, collection)
  const known = since && { ...since, view: since.view ?? 0 }
  let sent = 0
  let stands: Standing = known ?? { change: 0, view: mount?.feedChange ?? 0 }
  const pages = seenChanges(call.store, { collection: row, mount, view, since: known, limit: limit + 1 })
  for await (const entries of pages) {
    const kept = entries.slice(0, limit - sent)
    sent += kept.length
    stands = kept.at(-1)?.stands ?? stands
    yield* page(kept.flatMap((entry) => (entry.kind === 'member' ? [entry.row] : [])))
    const gone = kept.flatMap((entry) => (entry.kind === 'gone' ? [entry.name] : []))
    yield gone.map((name) => statusResponse(href + encodeSegment(name), 404)).join('')
    if (kept.length < entries.length) {
      return { positions: cutPositions(collection, stands, since), sent, isCut: true }
    }
  }
  return { positions: positionsOf(collection), sent, isCut: false }
}

/**
 * Where a client stands that was told of the members up to there. In a view of blocks the position always says that an answer was cut: what
 * the client has seen is then a mixture, and nothing can be left out because it looks as it did before.
 */
export function cutPositions(
  { row, mount, lists }: CollectionResource,
  { change, view }: Standing,
  since: Since | undefined,
): FeedPosition[] {
  const began = since ? since.began : row.feedChange
  const isFirst = began !== undefined && change < began
  const mark = isFirst ? { began } : mount?.view === 'busy' ? { began: change } : {}
  const own = { feed: row.feedId, change, ...mark, ...sightOfLists(lists) }
  return mount ? [{ feed: mount.feedId, change: view }, own] : [own]
}

/**
 * What a token's positions say of a collection.
 * @param positions  those of its feeds, as positionsOf gives them
 * @throws valid-sync-token for another collection or view, or for changes that are forgotten
 */
export function sinceOf(
  call: Call,
  { row, mount, lists }: CollectionResource,
  positions: readonly FeedPosition[],
): Since {
  const rest = [...positions]
  const view = mount ? rest.shift() : undefined
  const [position, ...others] = rest
  const isView = view?.feed === mount?.feedId && (view?.change ?? 0) <= (mount?.feedChange ?? 0)
  if (position?.feed !== row.feedId || others.length > 0 || !isView) throw invalidToken(call, row.kind)
  const since: Since = { change: position.change, began: position.began, view: view?.change }
  if (position.sight !== sightOfLists(lists).sight && !isBeforeLists(position, row))
    throw invalidToken(call, row.kind)
  if (!isRemembered(since, row)) throw invalidToken(call, row.kind)
  return since
}

/** A book that had no lists yet looked the same to everybody. */
function isBeforeLists(
  { change, began = change, sight }: FeedPosition,
  { listsSince }: CollectionRow,
): boolean {
  return sight === undefined && listsSince !== null && began < listsSince
}

/** Whether all is still known that the client has to hear of. */
export function isRemembered(
  { change, began = change }: { readonly change: number; readonly began?: number | undefined },
  { feedFloor, feedChange }: { readonly feedFloor: number; readonly feedChange: number },
): boolean {
  return began >= feedFloor && began <= feedChange && change <= feedChange
}

/** Thunderbird's address book starts again only on 400; everybody else on 403 (MIN-25, TBA-02). */
export function invalidToken({ userAgent }: Call, kind?: CollectionResource['kind']): Error {
  const isThunderbirdBook = kind === 'addressbook' && userAgent.includes('Thunderbird/')
  return refuse('valid-sync-token', {
    message: 'The sync-token is not known here; start with a full sync.',
    ...(isThunderbirdBook ? { status: 400 } : {}),
  })
}
