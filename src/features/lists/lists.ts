import type { Settings } from '../../../config/defaults.ts'
import { memberKey } from '../../../protocol/vcard/lists.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import { lockFeed } from '../../../storage/feeds.ts'
import { type GroupRow, groupsWithMember } from '../../../storage/lists/list-queries.ts'
import type { ObjectRow } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import {
  deleteObject,
  moveObject,
  type PutResult,
  type RestoreObject,
  restoreObject,
} from '../../../storage/write-path.ts'
import type { PreparedObject } from '../objects.ts'
import { dropForsaken, type Folding, openFolding } from './folding.ts'
import type { SentCard } from './kept-labels.ts'
import type { Patched } from './patch.ts'
import { type Listed, readListed } from './prior.ts'

export { seenEtag, textFor } from './bare.ts'
export { deferFolding, type Folding, openFolding } from './folding.ts'
export { patchGroup } from './patch.ts'
export { listFaces } from './prior.ts'
export { settleLists, settleRun, unsettle } from './settle.ts'
export { dropGroups, renameGroups } from './whole-lists.ts'

/** What became of a member that somebody sent. */
export interface StoreResult extends PutResult {
  /** The entity tag of what whoever sent it then sees. */
  readonly etag: string
  /** Whether he sees it as he sees what he gave to be stored: only then may he be told the entity tag. */
  readonly isAsSent: boolean
}

/**
 * Stores a card, and keeps in step what it says of lists of people with what others say. A card that says nothing, in a book that has never had a
 * list, costs no statement more.
 * @param put  stores the card as it is given
 * @param shared  gathers what several cards of one write say; whoever opened it finishes it
 */
export async function storeListed(
  tx: Writer,
  sent: SentCard & { readonly origin: Origin },
  put: (object: PreparedObject) => Promise<PutResult>,
  settings: Settings,
  shared?: Folding,
): Promise<StoreResult> {
  const { collection, object, origin } = sent
  if (collection.listsSince === null && !object.index.lists) return { ...(await put(object)), isAsSent: true }
  const folding = shared ?? openFolding(tx, settings)
  const { before, object: kept } = await folding.open(sent)
  const stored = await put(kept)
  if (stored.kind !== 'unchanged') {
    const { uid, index } = kept
    await folding.changed({ collection, origin }, before, { id: stored.objectId, uid, lists: index.lists })
  }
  if (!shared) await folding.finish()
  return { ...stored, ...seenOf(sent, kept) }
}

/** What whoever sent a card sees of what was stored. */
function seenOf({ lists, object }: SentCard, stored: PreparedObject): Pick<StoreResult, 'etag' | 'isAsSent'> {
  const { index, etag } = stored
  const isSame = stored === object
  if (lists === 'categories') return { etag, isAsSent: isSame && index.lists?.kind !== 'group' }
  if (lists !== 'cards') return { etag, isAsSent: isSame }
  const seen = bareEtag(stored)
  // In what is seen there is neither a byte order mark nor another character set.
  return { etag: seen, isAsSent: isSame || seen === bareEtag(object) }
}

function bareEtag({ index, etag }: PreparedObject): string {
  return index.lists?.bareEtag ?? etag
}

/** Takes a member away: a person from the lists that the server made, a list from the people who were in it. */
export async function deleteListed(
  tx: Writer,
  collection: CollectionRow,
  row: ObjectRow,
  origin: Origin,
  settings: Settings,
): Promise<void> {
  const left = await leaving(tx, collection, row)
  await deleteObject(tx, collection, row, origin)
  await hasLeft(tx, { collection, origin }, left, settings)
}

/**
 * Moves a member; in another book it is in the lists of that one.
 * @param shared  gathers what several cards of one write say; whoever opened it finishes it
 */
export async function moveListed(
  tx: Writer,
  from: CollectionRow,
  row: ObjectRow,
  to: CollectionRow,
  name: string,
  origin: Origin,
  settings: Settings,
  shared?: Folding,
): Promise<void> {
  const isSame = from.id === to.id
  const left = isSame ? undefined : await leaving(tx, from, row)
  await moveObject(tx, from, row, to, name, origin)
  if (isSame || (!left && to.listsSince === null)) return
  await hasLeft(tx, { collection: from, origin }, left, settings)
  await hasCome(tx, { collection: to, origin }, row.id, settings, shared)
}

/**
 * Brings a member back out of the trash, into the lists that name it, or that it names.
 * @param shared  gathers what several cards of one write say; whoever opened it finishes it
 */
export async function restoreListed(
  tx: Writer,
  collection: CollectionRow,
  restore: Omit<RestoreObject, 'collection'>,
  settings: Settings,
  shared?: Folding,
): Promise<void> {
  // What a group says of people is told after what they say themselves.
  if (restore.index.lists?.kind === 'group') await shared?.finish()
  const { objectId } = await restoreObject(tx, { ...restore, collection })
  if (collection.listsSince === null && !restore.index.lists) return
  await hasCome(tx, { collection, origin: restore.origin }, objectId, settings, shared)
}

async function hasCome(
  tx: Writer,
  patched: Patched,
  id: ObjectRow['id'],
  settings: Settings,
  shared: Folding | undefined,
): Promise<void> {
  const folding = shared ?? openFolding(tx, settings)
  await folding.arrived(patched, id)
  if (!shared) await folding.finish()
}

interface Leaving {
  readonly listed: Listed
  /** The groups that name whoever leaves. */
  readonly groups: readonly GroupRow[]
}

/** Undefined where there are no lists. */
async function leaving(
  tx: Writer,
  { id, feedId, listsSince }: CollectionRow,
  row: ObjectRow,
): Promise<Leaving | undefined> {
  if (listsSince === null) return undefined
  await lockFeed(tx, feedId)
  return { listed: await readListed(tx, row), groups: await groupsNaming(tx, id, row) }
}

async function groupsNaming(
  reader: Reader,
  collectionId: CollectionRow['id'],
  { uid }: ObjectRow,
): Promise<GroupRow[]> {
  const key = uid === null ? undefined : memberKey(uid)
  return key === undefined ? [] : groupsWithMember(reader, collectionId, key)
}

async function hasLeft(
  tx: Writer,
  patched: Patched,
  left: Leaving | undefined,
  settings: Settings,
): Promise<void> {
  if (!left) return
  await openFolding(tx, settings).changed(patched, left.listed, undefined)
  await dropForsaken(tx, patched, left.groups)
}
