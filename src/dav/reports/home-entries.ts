import { statusResponse } from '../../../protocol/dav/multistatus.ts'
import type { FeedPosition } from '../../../protocol/dav/sync-token.ts'
import type { Renderer } from '../pages.ts'
import { collectionPath } from '../paths.ts'
import type { CollectionResource, HomeResource } from '../resource.ts'
import { positionsOf } from '../tokens.ts'

/** A child of the home that the client has to hear of, or the name of one that is gone. */
export type Entry =
  | { readonly kind: 'live'; readonly child: CollectionResource; readonly change: number }
  | { readonly kind: 'gone'; readonly name: string; readonly change: number }

/** What the client knows, by feed. */
export type Positions = ReadonlyMap<number, FeedPosition>

/** What changed in the home itself, in that order, so that a cut can say how far it came. */
export function entriesSince(
  children: readonly CollectionResource[],
  gone: readonly { readonly name: string; readonly change: number }[],
  known: Positions | undefined,
  since: number,
): Entry[] {
  const names = new Set(children.map(({ row }) => row.name))
  const entries: Entry[] = [
    ...children
      .filter(({ row }) => known === undefined || row.homeChange > since)
      .map((child): Entry => ({ kind: 'live', child, change: child.row.homeChange })),
    ...gone
      .filter(({ name }) => !names.has(name))
      .map(({ name, change }): Entry => ({ kind: 'gone', name, change })),
  ]
  return entries.sort((a, b) => a.change - b.change)
}

/** The responses of entries: what lives, then what is gone. */
export async function responsesOf(
  home: HomeResource,
  entries: readonly Entry[],
  renderer: Renderer,
): Promise<string> {
  const live = await renderer.alike(entries.flatMap((entry) => (entry.kind === 'live' ? [entry.child] : [])))
  const gone = entries.map((entry) =>
    entry.kind === 'gone' ? statusResponse(hrefOf(home, entry.name), 404) : '',
  )
  return live + gone.join('')
}

/**
 * Where the client stands in the home itself: at its present number, or before the first that waits.
 * @param waiting  what was not sent of what changed in the home, in order
 */
export function ownPosition(
  { row }: HomeResource,
  waiting: readonly Entry[],
  known: Positions | undefined,
): FeedPosition {
  const first = waiting[0]?.change
  const change = first === undefined ? row.feedChange : first - 1
  const began = known ? known.get(row.feedId)?.began : row.feedChange
  const isFirst = began !== undefined && change < began
  return { feed: row.feedId, change, ...(isFirst && { began }) }
}

/** Whether any feed of a child stands elsewhere than the client knows, or is seen otherwise. */
export function hasMoved(child: CollectionResource, known: Positions | undefined): boolean {
  return positionsOf(child).some(({ feed, change, sight }) => {
    const position = known?.get(feed)
    return position?.change !== change || position.sight !== sight
  })
}

/** What the client knows of a child from before. */
export function oldPositions(child: CollectionResource, known: Positions | undefined): FeedPosition[] {
  return positionsOf(child).flatMap(({ feed }) => known?.get(feed) ?? [])
}

function hrefOf(home: HomeResource, name: string): string {
  return collectionPath(
    home.kind === 'calendar-home' ? 'calendars' : 'addressbooks',
    home.principal.segment,
    name,
  )
}
