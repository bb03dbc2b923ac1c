import { type ChangeRow, changesSince } from '../../../storage/changes.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import type { MountRow } from '../../../storage/mounts.ts'
import type { MemberRow } from '../../../storage/objects.ts'
import type { Reader, Store } from '../../../storage/store.ts'
import { type LayeredMember, layeredSince } from '../../../storage/views/layers.ts'
import { inParts } from '../parts.ts'
import type { View } from './view.ts'

/** How far somebody has come in the feed of a collection, and in that of his view of it (0 where there is none). */
export interface Standing {
  readonly change: number
  readonly view: number
}

/** One entry of a collection's log as it is seen; `same` is one of which the viewer sees nothing. */
export type SeenChange = (
  | { readonly kind: 'member'; readonly row: MemberRow }
  | { readonly kind: 'gone'; readonly name: string }
  | { readonly kind: 'same' }
) & { readonly stands: Standing }

export interface SeenChangesOptions {
  readonly collection: CollectionRow
  readonly mount: MountRow | undefined
  readonly view: View | undefined
  /** Undefined for a first sync: no tombstones. */
  readonly since:
    | (Standing & {
        /** Where a first sync began that is not through, or an answer was cut: what was seen before is not known. */
        readonly began: number | undefined
      })
    | undefined
  /** Entries at most, over all pages. */
  readonly limit: number
}

/**
 * What has changed in a collection as somebody sees it, in pages: first what is shared, oldest change first, then what he has laid over
 * members since for himself. Both end where the collection and the mount stood when they were read.
 * @see RFC 6578 §3.4–3.6
 */
export async function* seenChanges(
  store: Pick<Store, 'read'>,
  options: SeenChangesOptions,
): AsyncGenerator<readonly SeenChange[]> {
  const { collection, mount, view, since, limit } = options
  if (view?.changes) {
    yield* view.changes(store, options)
    return
  }
  const atView = viewStand(options)
  let left = limit
  for await (const page of storedChanges(store, options)) {
    left -= page.length
    if (view?.kind === 'busy')
      yield await store.read((reader) => amongBlocks(reader, view, page, options, atView))
    else yield page.map((entry) => asStored(entry, atView))
  }
  if (since && mount && view?.kind === 'personal') {
    yield* layered(store, mount, {
      known: since.change,
      since: since.view,
      upTo: collection.feedChange,
      left,
    })
  }
}

/** Where he stands in the feed of his view while he is told of what is shared. */
export function viewStand({ mount, since }: Pick<SeenChangesOptions, 'mount' | 'since'>): number {
  return since?.view ?? mount?.feedChange ?? 0
}

/** What has changed in a collection as it is stored, in pages, up to where it stood when it was read. */
export function storedChanges(
  store: Pick<Store, 'read'>,
  { collection, since, limit }: Pick<SeenChangesOptions, 'collection' | 'since' | 'limit'>,
): AsyncGenerator<readonly ChangeRow[]> {
  return changesSince(store, collection.id, {
    since: since?.change ?? 0,
    upTo: collection.feedChange,
    initial: since === undefined,
    limit,
  })
}

/** An entry as it is to be told where nobody sees it otherwise. @param view  where he stands in the feed of his view */
export function asStored(entry: ChangeRow, view: number): SeenChange {
  const stands = { change: entry.change, view }
  if (entry.kind === 'tombstone') return { kind: 'gone', name: entry.name, stands }
  return { kind: 'member', row: entry, stands }
}

/** Members that have not changed themselves: the others were told of before. */
async function* layered(
  store: Pick<Store, 'read'>,
  mount: MountRow,
  range: { readonly known: number; readonly since: number; readonly upTo: number; readonly left: number },
): AsyncGenerator<readonly SeenChange[]> {
  let { since, left } = range
  while (left > 0 && since < mount.feedChange) {
    const rows = Math.min(pageRows, left)
    const asked = { since, upTo: mount.feedChange, known: range.known, rows }
    const page: LayeredMember[] = await store.read((reader) => layeredSince(reader, mount, asked))
    yield page.map((row) => ({
      kind: 'member',
      row,
      stands: { change: range.upTo, view: row.layerChange },
    }))
    const last = page.at(-1)
    if (!last || page.length < rows) return
    left -= page.length
    since = last.layerChange
  }
}

const pageRows = 500

/** An event that takes no time any more is gone; one that never did was never there, and of one whose time is the same there is no news. */
async function amongBlocks(
  reader: Reader,
  view: View,
  page: readonly ChangeRow[],
  { since }: SeenChangesOptions,
  atView: number,
): Promise<readonly SeenChange[]> {
  const isKnown = since !== undefined && since.began === undefined
  const before = isKnown
    ? await view.seenSince(reader, page, since.change)
    : new Map<number, string | undefined>()
  const now = new Map<number, string>()
  for (const part of inParts(page.filter((entry) => entry.kind === 'member'))) {
    for (const { row } of await view.see(reader, part, {})) now.set(row.id, row.etag)
  }
  return page.map((entry): SeenChange => {
    const stands = { change: entry.change, view: atView }
    const etag = entry.kind === 'member' ? now.get(entry.id) : undefined
    if (before.has(entry.id) && before.get(entry.id) === etag) return { kind: 'same', stands }
    if (entry.kind === 'member' && etag !== undefined) return { kind: 'member', row: entry, stands }
    const isNews = since !== undefined && entry.change > (since.began ?? 0)
    return isNews ? { kind: 'gone', name: view.nameOf(entry.name), stands } : { kind: 'same', stands }
  })
}
