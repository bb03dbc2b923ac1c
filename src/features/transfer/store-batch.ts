import { Refusal } from '../../../protocol/dav/preconditions.ts'
import { advanceBatch, type BatchCounts, holdBatch } from '../../../storage/batches/batches.ts'
import { addItems, type BatchItem, itemsOfUids } from '../../../storage/batches/items.ts'
import { type CollectionRow, findCollectionById } from '../../../storage/collections.ts'
import type { BatchId, CollectionId } from '../../../storage/ids.ts'
import { findObject, findObjectByUid, findObjectsByUids, type ObjectRow } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { uidKey } from '../../../storage/uid-key.ts'
import type { PutResult } from '../../../storage/write-path.ts'
import type { Services } from '../../services.ts'
import { checkComponent, storeObject } from '../store-object.ts'
import type { ImportOutcome, Waiting } from './import-outcome.ts'
import { objectNames } from './names.ts'
import { TransferError } from './transfer-error.ts'

/** The batch that an import is, while it runs. */
export interface RunningBatch {
  readonly id: BatchId
  /** The request id of its writes. */
  readonly key: string
  readonly runner: string
  /** Nothing is stored: the items say what would have been. */
  readonly isTrial: boolean
}

/** Something with its place in the order of the import. */
export interface Numbered {
  readonly number: number
  readonly item: Waiting | ImportOutcome
}

/** Stores what waits in one write with what became of it, and tells of everything in its order. @throws TransferError */
export function storeBatch(
  { store, settings }: Services,
  batch: RunningBatch,
  items: readonly Numbered[],
  origin: Origin,
): Promise<ImportOutcome[]> {
  return store.write(async (tx) => {
    if (!(await holdBatch(tx, batch))) {
      throw new TransferError(
        'The import is no longer ours: it is undone, or another process goes on with it.',
      )
    }
    const known = await readKnown(tx, batch, items)
    const outcomes: ImportOutcome[] = []
    const written: BatchItem[] = []
    for (const { number, item } of items) {
      const done =
        'object' in item ? await storeOne(tx, item, known, { batch, origin, settings }) : { outcome: item }
      outcomes.push(done.outcome)
      written.push(itemOf(number, done))
    }
    await addItems(tx, batch.id, written)
    await advanceBatch(tx, batch.id, String(items.at(-1)?.number ?? 0), countsOf(outcomes))
    return outcomes
  })
}

interface Storing {
  readonly batch: RunningBatch
  readonly origin: Origin
  readonly settings: Services['settings']
}

interface Done {
  readonly outcome: ImportOutcome
  readonly collection?: CollectionRow
  readonly existing?: ObjectRow | undefined
  readonly result?: Partial<PutResult>
  /** Of the octets that came. */
  readonly etag?: string
}

/** What the items of one write are compared with, read at once. */
interface Known {
  readonly collections: Map<CollectionId, CollectionRow>
  /** The members that have the UIDs of the items, by collection and UID. */
  readonly byUid: Map<string, ObjectRow>
  /** What this import had before, by collection and UID: where, and which octets. */
  readonly twins: Map<string, { readonly etag: string; readonly place: string }>
}

async function readKnown(tx: Writer, { id }: RunningBatch, items: readonly Numbered[]): Promise<Known> {
  const waiting = items.flatMap(({ item }) => ('object' in item ? item : []))
  const known: Known = { collections: new Map(), byUid: new Map(), twins: new Map() }
  for (const { collection } of waiting) {
    if (known.collections.has(collection.id)) continue
    const row = await findCollectionById(tx, collection.id)
    if (!row) throw new TransferError(`The collection "${collection.name}" was deleted during the import.`)
    known.collections.set(row.id, row)
    const uids = waiting.filter((item) => item.collection.id === row.id).map(({ object }) => object.uid)
    for (const found of await findObjectsByUids(tx, row.id, uids)) {
      if (found.uid !== null) known.byUid.set(`${row.id} ${found.uid}`, found)
    }
  }
  const before = await itemsOfUids(
    tx,
    id,
    waiting.map(({ object }) => object.uid),
  )
  for (const { uid, collectionId, etag, place } of before) {
    const key = `${collectionId} ${uid}`
    if (etag !== null && !known.twins.has(key)) known.twins.set(key, { etag, place })
  }
  return known
}

async function storeOne(tx: Writer, item: Waiting, known: Known, storing: Storing): Promise<Done> {
  const { file, line, object, notes } = item
  const { uid, component, etag } = object
  const collection = known.collections.get(item.collection.id) ?? item.collection
  const key = `${collection.id} ${uidKey(uid)}`
  const twin = known.twins.get(key)
  if (twin && twin.etag !== etag) {
    return { outcome: refused(item, `Its UID ${uid} came before, in ${twin.place}.`) }
  }
  known.twins.set(key, { etag, place: placeOf(item) })
  const existing = twin ? await findObjectByUid(tx, collection.id, uid) : known.byUid.get(key)
  const name = existing?.name ?? (await freeName(tx, collection, uid))
  try {
    const result = await put(tx, { item, collection, existing, name }, storing)
    const { kind } = result
    const outcome = { kind, file, line, component, uid, collection: collection.name, name, notes }
    return { outcome, collection, existing, result, etag }
  } catch (error) {
    if (error instanceof Refusal) return { outcome: refused(item, error.message) }
    throw error
  }
}

/** A trial judges what it can, and stores nothing. */
async function put(
  tx: Writer,
  what: { item: Waiting; collection: CollectionRow; existing: ObjectRow | undefined; name: string },
  { batch, origin, settings }: Storing,
): Promise<Pick<PutResult, 'kind'> & Partial<PutResult>> {
  const { item, collection, existing, name } = what
  const { object } = item
  if (!batch.isTrial) {
    const request = { collection, name, object, existing, origin, hrefOf: (other: string) => other }
    // What is refused is refused before the first statement that writes.
    return storeObject(tx, request, settings)
  }
  checkComponent(collection, object.component)
  if (!existing) return { kind: 'created' }
  return { kind: existing.etag === object.etag ? 'unchanged' : 'updated' }
}

function placeOf({ file, line }: { readonly file: string; readonly line: number }): string {
  return line === 0 ? file : `${file}:${line}`
}

function itemOf(number: number, { outcome, collection, existing, result, etag }: Done): BatchItem {
  const item = { number, place: placeOf(outcome), outcome: outcome.kind }
  if (outcome.kind === 'refused' || outcome.kind === 'skipped') return { ...item, note: outcome.reason }
  const { notes, component, name, uid } = outcome
  return {
    ...item,
    note: notes.join(', '),
    component,
    collectionId: collection?.id ?? null,
    objectId: result?.objectId ?? existing?.id ?? null,
    name,
    uid,
    etag: result?.etag ?? etag ?? null,
    change: result?.change ?? null,
    beforeBodyId: outcome.kind === 'updated' ? (existing?.bodyId ?? null) : null,
    beforeEtag: outcome.kind === 'updated' ? (existing?.etag ?? null) : null,
  }
}

function countsOf(outcomes: readonly ImportOutcome[]): BatchCounts {
  const counts = { created: 0, updated: 0, unchanged: 0, skipped: 0, refused: 0 }
  for (const { kind } of outcomes) counts[kind] += 1
  return counts
}

function refused({ file, line }: { file: string; line: number }, reason: string): ImportOutcome {
  return { kind: 'refused', file, line, reason }
}

async function freeName(reader: Reader, { id, kind }: CollectionRow, uid: string): Promise<string> {
  for (const name of objectNames(uid, kind)) {
    if (!(await findObject(reader, id, name))) return name
  }
  throw new Error('Names do not end.')
}
