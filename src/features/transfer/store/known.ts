import { itemsOfUids } from '../../../../storage/batches/items.ts'
import { type CollectionRow, findCollectionById } from '../../../../storage/collections.ts'
import type { CollectionId, ObjectId } from '../../../../storage/ids.ts'
import { aliasedUids } from '../../../../storage/match/aliases.ts'
import { findObjectsByUids, type ObjectRow } from '../../../../storage/objects.ts'
import type { Writer } from '../../../../storage/store.ts'
import { uidKey } from '../../../../storage/uid-key.ts'
import { type Folding, openFolding } from '../../lists/lists.ts'
import { onMatchOf, type Waiting } from '../import-outcome.ts'
import { TransferError } from '../transfer-error.ts'
import { placeOf } from './batch-items.ts'
import { type Matcher, readMatcher } from './match.ts'
import { readStoredTexts, type StoredTexts } from './patch-stored.ts'
import type { Numbered, Storing } from './store-batch.ts'

/** What the items of one write are compared with, read at once. */
export interface Known {
  readonly collections: Map<CollectionId, CollectionRow>
  /** The members that have the UIDs of the items, by collection and UID. */
  readonly byUid: Map<string, ObjectRow>
  /** Cards of people who were merged, by collection and UID: the name of the card that has taken the place. */
  readonly merged: ReadonlyMap<string, string>
  /** What this import had before, by collection and UID: where, and which octets. */
  readonly twins: Map<string, Twin>
  readonly matcher: Matcher
  readonly texts: StoredTexts
  /** Those that this write has changed. */
  readonly stale: Set<ObjectId>
  /** What its cards say of lists of people. */
  readonly folding: Folding
}

export interface Twin {
  readonly etag: string
  readonly place: string
}

/** @throws TransferError when a collection is gone */
export async function readKnown(tx: Writer, storing: Storing, items: readonly Numbered[]): Promise<Known> {
  const waiting = items.flatMap(({ item }) => ('object' in item ? item : []))
  const collections = new Map<CollectionId, CollectionRow>()
  const byUid = new Map<string, ObjectRow>()
  const merged = new Map<string, string>()
  for (const { collection } of waiting) {
    if (collections.has(collection.id)) continue
    const row = await findCollectionById(tx, collection.id)
    if (!row) throw new TransferError(`The collection "${collection.name}" was deleted during the import.`)
    collections.set(row.id, row)
    const uids = waiting.filter((item) => item.collection.id === row.id).map(({ object }) => object.uid)
    for (const found of await findObjectsByUids(tx, row.id, uids)) {
      if (found.uid !== null) byUid.set(`${row.id} ${found.uid}`, found)
    }
    if (row.kind !== 'addressbook') continue
    for (const [uid, name] of await aliasedUids(tx, row.id, uids.map(uidKey)))
      merged.set(`${row.id} ${uid}`, name)
  }
  const { batch, matching, trial } = storing
  const matcher = await readMatcher(tx, waiting, matching.keys, trial)
  const toPatch = items.flatMap(({ number, item }) =>
    'object' in item && onMatchOf(matching, number) === 'update' ? patchedBy(item, byUid, matcher) : [],
  )
  const twins = await readTwins(tx, batch.id, waiting)
  const texts = await readStoredTexts(tx, toPatch)
  const folding = openFolding(tx, storing.settings)
  return { collections, byUid, merged, twins, matcher, texts, stale: new Set(), folding }
}

function patchedBy(item: Waiting, byUid: ReadonlyMap<string, ObjectRow>, matcher: Matcher): ObjectRow[] {
  const same = byUid.get(keyOf(item))
  if (same) return item.isPatch ? [same] : []
  const match = matcher.find(item)
  return match?.kind === 'one' ? [match.row] : []
}

async function readTwins(tx: Writer, batch: number, waiting: readonly Waiting[]): Promise<Map<string, Twin>> {
  const twins = new Map<string, Twin>()
  const uids = waiting.map(({ object }) => object.uid)
  for (const { uid, collectionId, etag, place } of await itemsOfUids(tx, batch, uids)) {
    const key = `${collectionId} ${uid}`
    if (etag !== null && !twins.has(key)) twins.set(key, { etag, place })
  }
  return twins
}

export function twinOf(known: Known, item: Waiting): Twin | undefined {
  return known.twins.get(keyOf(item))
}

/** The card that has taken the place of an item's; undefined where none has. */
export function mergedInto(known: Known, item: Waiting): string | undefined {
  return known.merged.get(keyOf(item))
}

export function rememberTwin(known: Known, item: Waiting): void {
  if (!known.twins.has(keyOf(item)))
    known.twins.set(keyOf(item), { etag: item.object.etag, place: placeOf(item) })
}

function keyOf({ collection, object }: Waiting): string {
  return `${collection.id} ${uidKey(object.uid)}`
}
