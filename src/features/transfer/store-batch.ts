import { Refusal } from '../../../protocol/dav/preconditions.ts'
import { type CollectionRow, findCollectionById } from '../../../storage/collections.ts'
import { findObject, findObjectByUid } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import type { Services } from '../../services.ts'
import { storeObject } from '../store-object.ts'
import type { ImportOutcome, Waiting } from './import-outcome.ts'
import { objectNames } from './names.ts'
import { TransferError } from './transfer-error.ts'

/** Stores what waits in one write, and tells of everything in its order. @throws TransferError */
export async function storeBatch(
  { store, settings }: Services,
  items: readonly (Waiting | ImportOutcome)[],
  origin: Origin,
): Promise<ImportOutcome[]> {
  const refused = items.flatMap((item) => ('object' in item ? [] : [item]))
  if (refused.length === items.length) return refused
  return store.write(async (tx) => {
    const outcomes: ImportOutcome[] = []
    for (const item of items) {
      outcomes.push('object' in item ? await storeOne(tx, item, origin, settings) : item)
    }
    return outcomes
  })
}

async function storeOne(
  tx: Writer,
  { file, line, object, notes, collection: seen }: Waiting,
  origin: Origin,
  settings: Services['settings'],
): Promise<ImportOutcome> {
  const collection = await findCollectionById(tx, seen.id)
  if (!collection) throw new TransferError(`The collection "${seen.name}" was deleted during the import.`)
  const { uid, component } = object
  const existing = await findObjectByUid(tx, collection.id, uid)
  const name = existing?.name ?? (await freeName(tx, collection, uid))
  try {
    // What is refused is refused before the first statement that writes.
    const request = { collection, name, object, existing, origin, hrefOf: (other: string) => other }
    const { kind } = await storeObject(tx, request, settings)
    return { kind, file, line, component, uid, collection: collection.name, name, notes }
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', file, line, reason: error.message }
    throw error
  }
}

async function freeName(reader: Reader, { id, kind }: CollectionRow, uid: string): Promise<string> {
  for (const name of objectNames(uid, kind)) {
    if (!(await findObject(reader, id, name))) return name
  }
  throw new Error('Names do not end.')
}
