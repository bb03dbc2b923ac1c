import { createHash } from 'node:crypto'
import { Refusal } from '../../../protocol/dav/preconditions.ts'
import { essence } from '../../../protocol/ical/feed.ts'
import { type CollectionRow, findCollectionById } from '../../../storage/collections.ts'
import type { ObjectId } from '../../../storage/ids.ts'
import { findObject, listObjects, type ObjectRow } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import { forgetHistory } from '../../../storage/purge.ts'
import type { Writer } from '../../../storage/store.ts'
import { deleteObject } from '../../../storage/write-path.ts'
import type { Services } from '../../services.ts'
import { type PreparedObject, prepareObject } from '../objects.ts'
import { inParts } from '../parts.ts'
import { createPause } from '../pause.ts'
import { storeObject } from '../store-object.ts'
import { readObjectTexts } from '../texts.ts'
import { FeedError } from './fetch-feed.ts'
import type { FeedObject } from './read-feed.ts'

/** The calendar was deleted, or follows something else, while it was fetched. */
export class SourceChangedError extends Error {
  override name = 'SourceChangedError'
}

/** So that writes of clients come in between. */
const batchObjects = 50

/**
 * Makes a calendar hold what was published: what says the same stays untouched, so that phones fetch only what really
 * changed; what is no longer there is deleted. Neither leaves a trace in the trash or among the revisions.
 * @returns how many objects could not be stored
 * @throws SourceChangedError; FeedError where the account may keep no more; the reason of the signal
 */
export async function applyFeed(
  services: Services,
  collection: CollectionRow,
  objects: readonly FeedObject[],
  signal: AbortSignal,
): Promise<{ readonly skipped: number }> {
  const { store, newId } = services
  const plan = await compare(services, collection, objects)
  const origin: Origin = { kind: 'job', requestId: newId() }
  for (const rows of batches(plan.gone)) {
    signal.throwIfAborted()
    await store.write((tx) => deleteBatch(tx, collection, rows, origin))
  }
  let skipped = 0
  for (const batch of batches(plan.fresh)) {
    signal.throwIfAborted()
    const prepared = await prepareBatch(services, batch)
    const stored = await store.write((tx) => putBatch(tx, services, collection, prepared, origin))
    skipped += batch.length - stored
  }
  return { skipped }
}

/** In the transaction that changes it. @throws SourceChangedError */
export async function sameSource(tx: Writer, known: CollectionRow): Promise<CollectionRow> {
  const fresh = await findCollectionById(tx, known.id)
  const isSame =
    fresh?.source === known.source &&
    fresh.stripAlarms === known.stripAlarms &&
    fresh.stripAttachments === known.stripAttachments &&
    fresh.stripTodos === known.stripTodos
  if (!fresh || !isSame) throw new SourceChangedError('The calendar follows something else now.')
  return fresh
}

interface Plan {
  readonly fresh: readonly FeedObject[]
  readonly gone: readonly ObjectRow[]
}

async function compare(
  services: Services,
  { id }: CollectionRow,
  objects: readonly FeedObject[],
): Promise<Plan> {
  const stored = new Map<string, ObjectRow>()
  for await (const page of listObjects(services.store, id)) for (const row of page) stored.set(row.name, row)
  const vanished = new Map(stored)
  const changed: FeedObject[] = []
  const newcomers: FeedObject[] = []
  for (const object of objects) {
    const row = stored.get(object.name)
    vanished.delete(object.name)
    if (!row) newcomers.push(object)
    else if (row.etag !== object.etag) changed.push(object)
  }
  const rowsOfChanged = changed.flatMap(({ name }) => stored.get(name) ?? [])
  const before = await digests(services, rowsOfChanged)
  const isOther = (object: FeedObject): boolean =>
    before.get(stored.get(object.name)?.id ?? 0) !== digestOf(object.text)
  const { fresh, gone } = await withoutRenamed(services, newcomers, [...vanished.values()])
  return { fresh: [...changed.filter(isOther), ...fresh], gone }
}

/** Some publishers make up new UIDs for every answer: what comes under another one is kept under the old. */
async function withoutRenamed(
  services: Services,
  newcomers: readonly FeedObject[],
  vanished: readonly ObjectRow[],
): Promise<Plan> {
  if (newcomers.length === 0 || vanished.length === 0) return { fresh: newcomers, gone: vanished }
  const known = await digests(services, vanished)
  const rows = new Map<string, ObjectId[]>()
  for (const [id, digest] of known) rows.set(digest, [...(rows.get(digest) ?? []), id])
  const kept = new Set<ObjectId>()
  const fresh = newcomers.filter(({ text }) => {
    const id = rows.get(digestOf(text))?.pop()
    if (id !== undefined) kept.add(id)
    return id === undefined
  })
  return { fresh, gone: vanished.filter(({ id }) => !kept.has(id)) }
}

/** What stored objects say, in short, by id. */
async function digests(
  { store }: Services,
  rows: readonly ObjectRow[],
): Promise<ReadonlyMap<ObjectId, string>> {
  const found = new Map<ObjectId, string>()
  const pause = createPause()
  for (const part of inParts(rows)) {
    const texts = await store.read((reader) => readObjectTexts(reader, part))
    for (const [id, text] of texts) {
      found.set(id, digestOf(text))
      const turn = pause()
      if (turn) await turn
    }
  }
  return found
}

function digestOf(text: string): string {
  return createHash('sha256').update(essence(text)).digest('base64')
}

type Prepared = FeedObject & { readonly object: PreparedObject }

/** Objects that no client could have stored are left out. */
async function prepareBatch(
  { settings, now }: Services,
  batch: readonly FeedObject[],
): Promise<readonly Prepared[]> {
  const pause = createPause()
  const prepared: Prepared[] = []
  for (const one of batch) {
    try {
      prepared.push({ ...one, object: prepareObject('calendar', one.body, settings, now()) })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
    }
    const turn = pause()
    if (turn) await turn
  }
  return prepared
}

/** @returns how many were stored */
async function putBatch(
  tx: Writer,
  { settings }: Services,
  known: CollectionRow,
  batch: readonly Prepared[],
  origin: Origin,
): Promise<number> {
  const collection = await sameSource(tx, known)
  const updated: ObjectId[] = []
  let stored = 0
  for (const { name, object } of batch) {
    const existing = await findObject(tx, collection.id, name)
    const request = { collection, name, object, existing, origin, hrefOf: (other: string) => other }
    try {
      await storeObject(tx, request, settings)
      stored += 1
      if (existing) updated.push(existing.id)
    } catch (error) {
      // What is refused is refused before the first statement that writes.
      if (!(error instanceof Refusal)) throw error
      if (error.status === 507) throw new FeedError(error.message)
    }
  }
  await forgetHistory(tx, updated)
  return stored
}

async function deleteBatch(
  tx: Writer,
  known: CollectionRow,
  rows: readonly ObjectRow[],
  origin: Origin,
): Promise<void> {
  const collection = await sameSource(tx, known)
  for (const { name } of rows) {
    const row = await findObject(tx, collection.id, name)
    if (row) await deleteObject(tx, collection, row, origin)
  }
  await forgetHistory(
    tx,
    rows.map(({ id }) => id),
  )
}

function* batches<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += batchObjects) yield all.slice(at, at + batchObjects)
}
