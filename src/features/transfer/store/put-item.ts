import type { CollectionRow } from '../../../../storage/collections.ts'
import { findObject, findObjectById, type ObjectRow } from '../../../../storage/objects.ts'
import type { Reader, Writer } from '../../../../storage/store.ts'
import { uidKey } from '../../../../storage/uid-key.ts'
import type { PutResult } from '../../../../storage/write-path.ts'
import { storeConverted } from '../../store-converted.ts'
import { checkComponent, type StoreRequest } from '../../store-object.ts'
import type { Waiting } from '../import-outcome.ts'
import { objectNames } from '../names.ts'
import type { Done } from './batch-items.ts'
import type { Known } from './known.ts'
import type { Storing } from './store-batch.ts'

/**
 * Stores an item over what is there, or under a new name; in a trial it only says what would become of it.
 * @param note  how what is there was found
 * @throws Refusal
 */
export async function putItem(
  tx: Writer,
  item: Waiting,
  existing: ObjectRow | undefined,
  known: Known,
  storing: Storing,
  note?: string,
): Promise<Done> {
  const collection = known.collections.get(item.collection.id) ?? item.collection
  const { uid, component, etag } = item.object
  const name = existing?.name ?? (await freeName(tx, collection, uid))
  const result = storing.batch.isTrial
    ? tried(item, existing, collection, note)
    : await stored(tx, item, { collection, existing, name, folding: known.folding }, storing)
  if (item.object.index.lists && collection.listsSince === null && result.change !== undefined)
    known.collections.set(collection.id, { ...collection, listsSince: result.change })
  if (result.objectId !== undefined) await refresh(tx, known, item, result.objectId)
  else if (!existing) known.matcher.add(item, undefined)
  const { file, line } = item
  const notes = note === undefined ? item.notes : [...item.notes, note]
  const outcome = { kind: result.kind, file, line, component, uid, collection: collection.name, name, notes }
  return { outcome, collection, existing, result, etag, object: item.object }
}

type Result = Pick<PutResult, 'kind'> & Partial<PutResult>

function tried(
  { object }: Waiting,
  existing: ObjectRow | undefined,
  collection: CollectionRow,
  note: string | undefined,
): Result {
  checkComponent(collection, object.component)
  if (!existing) return { kind: note === undefined ? 'created' : 'updated' }
  return { kind: existing.etag === object.etag ? 'unchanged' : 'updated' }
}

function stored(
  tx: Writer,
  { object, original }: Waiting,
  at: Pick<StoreRequest, 'collection' | 'existing' | 'name' | 'folding'>,
  { origin, settings }: Storing,
): Promise<Result> {
  const request = { ...at, origin, object, hrefOf: (other: string) => other }
  return storeConverted(tx, request, original, settings)
}

async function refresh(tx: Writer, known: Known, item: Waiting, id: number): Promise<void> {
  known.stale.add(id)
  const row = await findObjectById(tx, id)
  if (!row) return
  known.byUid.set(`${row.collectionId} ${uidKey(item.object.uid)}`, row)
  known.matcher.add(item, row)
}

async function freeName(reader: Reader, { id, kind }: CollectionRow, uid: string): Promise<string> {
  for (const name of objectNames(uid, kind)) {
    if (!(await findObject(reader, id, name))) return name
  }
  throw new Error('Names do not end.')
}
