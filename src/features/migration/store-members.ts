import { createHash } from 'node:crypto'
import { Refusal } from '../../../protocol/dav/preconditions.ts'
import { advanceBatch, type BatchCounts } from '../../../storage/batches/batches.ts'
import { addItems, type BatchItem } from '../../../storage/batches/items.ts'
import { type CollectionRow, findCollectionById } from '../../../storage/collections.ts'
import type { ObjectId } from '../../../storage/ids.ts'
import {
  findMigrationItems,
  type MigrationItem,
  type MigrationItemRow,
  saveMigrationItem,
} from '../../../storage/migration-sources/items.ts'
import type { MigrationCollectionRow } from '../../../storage/migration-sources/sources.ts'
import {
  findObject,
  findObjectById,
  findObjectByUid,
  findObjectsByIds,
  type ObjectRow,
} from '../../../storage/objects.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import type { PutResult } from '../../../storage/write-path.ts'
import { hasChangedSince } from '../changed-since.ts'
import { type Folding, openFolding } from '../lists/lists.ts'
import type { PreparedObject } from '../objects.ts'
import { storeConverted } from '../store-converted.ts'
import { objectNames } from '../transfer/names.ts'
import type { ItemFate, MigrationEvent } from './events.ts'
import type { Prepared } from './prepare.ts'
import { lastSegment } from './remote/addresses.ts'
import type { RemoteMember } from './remote/listing.ts'
import { MigrationError } from './remote/migration-error.ts'
import { holdRun, noCounts, type Run } from './run.ts'

/** An object that was read and checked. */
export interface ReadyMember {
  readonly member: RemoteMember
  /** Undefined for what was too large to be read. */
  readonly body: Buffer | undefined
  readonly prepared: Prepared
}

type ItemEvent = Extract<MigrationEvent, { kind: 'item' }>

/**
 * Stores objects in one write, with what is known of each: what the other server has new or anew, unless ours was
 * changed here meanwhile. Ours is never overwritten with anything but the next state of what it was copied from.
 * @throws MigrationError when our collection is gone, or the migration no longer ours
 */
export async function storeMembers(
  run: Run,
  target: MigrationCollectionRow,
  ready: readonly ReadyMember[],
): Promise<ItemEvent[]> {
  const { store } = run.services
  const { events, reached } = await store.write(async (tx) => {
    await holdRun(tx, run)
    let collection = await findCollectionById(tx, target.collectionId)
    if (!collection) throw new MigrationError(`The collection that ${target.url} went into was deleted here.`)
    const paths = ready.map(({ member }) => member.path)
    const known = await findMigrationItems(tx, target.id, paths)
    const ids = [...known.values()].flatMap(({ objectId }) => objectId ?? [])
    const objects = new Map((await findObjectsByIds(tx, ids)).map((row) => [row.id, row]))
    const done: Done[] = []
    const folding = openFolding(tx, run.services.settings)
    for (const one of ready) {
      const place = { collection, known: known.get(one.member.path), objects, folding }
      const { listed, ...stored } = await storeOne(tx, run, one, place)
      if (listed !== undefined) collection = { ...collection, listsSince: collection.listsSince ?? listed }
      done.push(stored)
    }
    await folding.finish()
    await note(tx, run, target, done)
    return { events: done.map(({ event }) => event), reached: run.reached + done.length }
  })
  run.reached = reached
  return events
}

interface Place {
  readonly collection: CollectionRow
  readonly known: MigrationItemRow | undefined
  readonly objects: ReadonlyMap<ObjectId, ObjectRow>
  readonly folding: Folding
}

interface Done {
  readonly event: ItemEvent
  readonly item: MigrationItem
  readonly batchItem: Omit<BatchItem, 'number'>
}

/** @returns also the change number of one that says something of lists */
async function storeOne(
  tx: Writer,
  run: Run,
  one: ReadyMember,
  place: Place,
): Promise<Done & { readonly listed?: number }> {
  const { member, prepared } = one
  const { collection, known, objects, folding } = place
  if (prepared.kind === 'refused') return without('refused', one, prepared.reason, known)
  const { object } = prepared
  const isFollowed = known?.outcome === 'copied' || known?.outcome === 'conflict'
  const followed = isFollowed && known.objectId !== null ? known : undefined
  const read = followed?.objectId == null ? undefined : objects.get(followed.objectId)
  // Where there are lists, one card may have changed another.
  const ours = read && collection.listsSince !== null ? await findObjectById(tx, read.id) : read
  if (followed && !ours) return without('conflict', one, 'It was changed there and deleted here.', known)
  if (ours && ours.collectionId !== collection.id)
    return without('conflict', one, 'It was changed there and moved here.', known)
  if (ours && ours.etag !== object.etag && (await hasChangedSince(tx, ours, followed?.etag ?? null)))
    return without('conflict', one, 'It was changed there and here: ours stays.', known)
  const twin = ours || object.uid === null ? undefined : await findObjectByUid(tx, collection.id, object.uid)
  if (twin && (await hasChangedSince(tx, twin, object.etag)))
    return without('conflict', one, 'There is another object of its UID here: ours stays.', known)
  const existing = ours ?? twin
  const name = existing?.name ?? (await freeName(tx, collection, member, object))
  try {
    const request = {
      collection,
      name,
      object,
      existing,
      origin: run.origin,
      hrefOf: (other: string) => other,
      folding,
    }
    const result = await storeConverted(tx, request, prepared.original, run.services.settings)
    const isOurs = followed?.made === 1
    const done = stored(one, { collection, name, existing, result, isOurs, notes: prepared.notes })
    return object.index.lists ? { ...done, listed: result.change } : done
  } catch (error) {
    // What is refused is refused before the first statement that writes.
    if (error instanceof Refusal) return without('refused', one, error.message, known)
    throw error
  }
}

function stored(
  { member, prepared }: ReadyMember,
  done: {
    readonly collection: CollectionRow
    readonly name: string
    readonly existing: ObjectRow | undefined
    readonly result: PutResult
    /** The migration made it before. */
    readonly isOurs: boolean
    readonly notes: readonly string[]
  },
): Done {
  const { collection, name, existing, result } = done
  const { kind, objectId, etag, change } = result
  const note = done.notes.join(', ')
  const what: ItemFate = kind === 'created' ? 'copied' : kind
  const { path, href, etag: remoteEtag } = member
  const made = kind === 'created' || done.isOurs ? 1 : 0
  const uid = prepared.kind === 'object' ? prepared.object.uid : null
  const before = kind === 'updated' ? existing : undefined
  return {
    event: { kind: 'item', what, href, place: `${collection.name}/${name}`, note },
    item: { path, href, remoteEtag, outcome: 'copied', objectId, etag, made, verdict: null, note },
    batchItem: {
      ...{
        place: member.url.href,
        outcome: kind,
        note,
        collectionId: collection.id,
        objectId,
        name,
        uid,
        etag,
      },
      ...{ change, beforeBodyId: before?.bodyId ?? null, beforeEtag: before?.etag ?? null },
      component: prepared.kind === 'object' ? prepared.object.component : null,
    },
  }
}

/** What is not taken is remembered, so that it is told once and not at every round. */
function without(
  what: 'refused' | 'conflict',
  { member, body }: ReadyMember,
  reason: string,
  known: MigrationItemRow | undefined,
): Done {
  const { path, href, etag: remoteEtag } = member
  const { objectId = null, etag = null, made = 0 } = known ?? {}
  return {
    event: { kind: 'item', what, href, place: '', note: reason, ...(what === 'refused' ? { body } : {}) },
    item: { path, href, remoteEtag, outcome: what, objectId, etag, made, verdict: null, note: reason },
    batchItem: { place: member.url.href, outcome: what === 'refused' ? 'refused' : 'skipped', note: reason },
  }
}

async function note(
  tx: Writer,
  run: Run,
  target: MigrationCollectionRow,
  done: readonly Done[],
): Promise<void> {
  const counts: Record<keyof BatchCounts, number> = { ...noCounts }
  for (const { item, batchItem } of done) {
    await saveMigrationItem(tx, target.id, item)
    counts[batchItem.outcome] += 1
  }
  const items = done.map(({ batchItem }, at) => ({ ...batchItem, number: run.reached + at + 1 }))
  await addItems(tx, run.batch.id, items)
  await advanceBatch(tx, run.batch.id, String(run.reached + done.length), counts)
}

/** The name it has there, where that can be one here and is free; else one made of its UID. */
async function freeName(
  reader: Reader,
  { id, kind }: CollectionRow,
  { url, path }: RemoteMember,
  { uid }: PreparedObject,
): Promise<string> {
  const wish = lastSegment(url)
  const isFit = wish !== '' && Buffer.byteLength(wish) <= 200 && !/\p{Cc}/u.test(wish)
  if (isFit && !(await findObject(reader, id, wish))) return wish
  const stem = uid ?? createHash('sha256').update(path).digest('hex').slice(0, 32)
  for (const name of objectNames(stem, kind)) {
    if (!(await findObject(reader, id, name))) return name
  }
  throw new Error('Names do not end.')
}
