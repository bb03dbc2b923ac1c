import { setTimeout as wait } from 'node:timers/promises'
import { Refusal } from '../../../protocol/dav/preconditions.ts'
import { type BatchRow, beginUndo, endUndo, noteUndo } from '../../../storage/batches/batches.ts'
import { type BatchItemRow, itemsToUndo, settleItem } from '../../../storage/batches/items.ts'
import { type CollectionRow, findCollectionById } from '../../../storage/collections.ts'
import type { BodyId, CollectionId, ObjectId } from '../../../storage/ids.ts'
import {
  countObjects,
  findObjectById,
  findObjectsByIds,
  type ObjectRow,
  readBodies,
} from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Writer } from '../../../storage/store.ts'
import type { Services } from '../../services.ts'
import { hasChangedSince } from '../changed-since.ts'
import { removeCollection } from '../collections.ts'
import { deferFolding, deleteListed, type Folding, settleRun } from '../lists/lists.ts'
import { prepareCopy } from '../objects.ts'
import { storeObject } from '../store-object.ts'
import { type Undoing, undoFields, undoValues } from './undo-values.ts'

export interface UndoOptions {
  /** What somebody changed since is undone too: what he made of it stays in the history. */
  readonly isForced?: boolean
  /** Told now and then how many of the items have been looked at. */
  readonly onProgress?: (done: number, total: number) => void
  readonly signal?: AbortSignal
}

/** What was left as it is. */
export interface KeptItem {
  readonly place: string
  readonly name: string
  readonly reason: string
}

const pageItems = 50
/** So that writes of clients come between the pages. */
const pauseMs = 5

/**
 * Undoes a batch, the last item first: what it made goes to the trash, what it updated gets the octets from before, as
 * ordinary changes that sync out. What somebody changed since stays, and is given with the reason. One that was
 * stopped goes on where it was; again it looks only at what has not been looked at. Group cards are written at its end.
 */
export async function* undoBatch(
  services: Services,
  batch: BatchRow,
  options: UndoOptions = {},
): AsyncGenerator<KeptItem> {
  const { store, newId } = services
  const { isForced = false, onProgress, signal } = options
  const origin: Origin = { kind: 'restore', authorId: batch.principalId, requestId: newId() }
  await store.write((tx) => beginUndo(tx, batch.id))
  let hasKept = false
  const undoing = { isForced, origin, settings: services.settings }
  for (
    let after: number | undefined = 0;
    after !== undefined && signal?.aborted !== true;
    await wait(pauseMs)
  ) {
    const from: number = after
    const page = await store.write((tx) => undoValues(tx, batch, from, undoing))
    hasKept ||= page.kept.length > 0
    yield* page.kept
    after = page.next
  }
  const total = batch.created + batch.updated - batch.undone - (isForced ? 0 : batch.kept)
  let done = 0
  let isOver = false
  for (let before = Number.MAX_SAFE_INTEGER; signal?.aborted !== true; await wait(pauseMs)) {
    const page = await store.write((tx) => undoPage(tx, batch, before, undoing))
    hasKept ||= page.kept.length > 0
    yield* page.kept
    done += page.count
    onProgress?.(Math.min(done, total), total)
    isOver = page.last === undefined
    if (page.last === undefined) break
    before = page.last
  }
  await settleRun(services, origin)
  if (!isOver) return
  await store.write(async (tx) => {
    if (!hasKept) await undoFields(tx, batch, undoing)
    await endUndo(tx, batch.id)
  })
}

interface UndoingPage extends Undoing {
  /** Group cards wait for the last page, so that each is written once. */
  readonly folding: Folding
}

interface UndonePage {
  readonly kept: readonly KeptItem[]
  readonly count: number
  /** The number of the last item; undefined when there was none. */
  readonly last: number | undefined
}

async function undoPage(tx: Writer, batch: BatchRow, before: number, undoing: Undoing): Promise<UndonePage> {
  const { isForced } = undoing
  const items = await itemsToUndo(tx, batch.id, { before, limit: pageItems, withKept: isForced })
  const states = await readStates(tx, items)
  const folding = deferFolding(tx, undoing.settings)
  const kept: KeptItem[] = []
  const counts = { undone: 0, kept: 0 }
  for (const item of items) {
    const reason = await undoItem(tx, item, states, { ...undoing, folding })
    await settleItem(tx, item, reason === undefined ? 'undone' : 'kept', reason ?? null)
    if (item.undo === 'kept') counts.kept -= 1
    counts[reason === undefined ? 'undone' : 'kept'] += 1
    if (reason !== undefined) kept.push({ place: item.place, name: item.name ?? '', reason })
  }
  await folding.finish()
  await noteUndo(tx, batch.id, counts)
  return { kept, count: items.length, last: items.at(-1)?.number }
}

/** What a page of items needs, read at once. */
interface States {
  readonly objects: Map<ObjectId, ObjectRow>
  readonly bodies: ReadonlyMap<BodyId, Buffer>
  readonly collections: Map<CollectionId, CollectionRow | undefined>
  /** Those that were changed on this page. */
  readonly stale: Set<ObjectId>
}

async function readStates(tx: Writer, items: readonly BatchItemRow[]): Promise<States> {
  const ids = items.flatMap(({ objectId }) => objectId ?? [])
  const objects = await findObjectsByIds(tx, [...new Set(ids)])
  const bodies = await readBodies(
    tx,
    items.flatMap(({ beforeBodyId }) => beforeBodyId ?? []),
  )
  const collections = new Map<CollectionId, CollectionRow | undefined>()
  for (const { collectionId } of items) {
    if (collectionId !== null && !collections.has(collectionId))
      collections.set(collectionId, await findCollectionById(tx, collectionId))
  }
  return { objects: new Map(objects.map((row) => [row.id, row])), bodies, collections, stale: new Set() }
}

/** @returns why it stays as it is; undefined when it is undone */
async function undoItem(
  tx: Writer,
  item: BatchItemRow,
  states: States,
  undoing: UndoingPage,
): Promise<string | undefined> {
  const { objectId, collectionId } = item
  const collection = collectionId === null ? undefined : states.collections.get(collectionId)
  if (objectId === null) return collection && undoCollection(tx, collection, undoing)
  // Where there are lists, one card may have changed another.
  const object =
    states.stale.has(objectId) || (collection && collection.listsSince !== null)
      ? await findObjectById(tx, objectId)
      : states.objects.get(objectId)
  if (!object) return item.outcome === 'created' ? undefined : 'It was deleted since.'
  if (!collection) return 'Its collection was deleted since.'
  if (object.collectionId !== collection.id) return 'It was moved to another collection since.'
  if (!undoing.isForced && (await hasChangedSince(tx, object, item.etag))) return 'It was changed since.'
  states.stale.add(objectId)
  if (item.outcome === 'created') {
    await deleteListed(tx, collection, object, undoing.origin, undoing.settings)
    return undefined
  }
  return bringBack(tx, item, { collection, object, states }, undoing)
}

async function bringBack(
  tx: Writer,
  item: BatchItemRow,
  { collection, object, states }: { collection: CollectionRow; object: ObjectRow; states: States },
  { origin, settings, folding }: UndoingPage,
): Promise<string | undefined> {
  const body = item.beforeBodyId === null ? undefined : states.bodies.get(item.beforeBodyId)
  if (!body || item.beforeEtag === null) return 'What it was before is no longer kept.'
  const before = { ...object, body, etag: item.beforeEtag }
  const prepared = prepareCopy(collection.kind, before, settings, tx.now)
  // Its CATEGORIES are meant: what the batch said of lists goes from group cards too.
  const ofLists = { lists: 'both', folding } as const
  const request = { collection, name: object.name, object: prepared, existing: object, origin, ...ofLists }
  return reasonAgainst(storeObject(tx, { ...request, hrefOf: (name) => name }, settings))
}

/** A collection that the batch made goes too, when nothing is left in it. */
async function undoCollection(
  tx: Writer,
  collection: CollectionRow,
  { origin, settings }: Undoing,
): Promise<string | undefined> {
  if ((await countObjects(tx, collection.id)) > 0) return 'There are other things in it now.'
  return reasonAgainst(removeCollection(tx, collection, origin, settings))
}

/** Why something was refused; undefined when it was done. */
async function reasonAgainst(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
}
