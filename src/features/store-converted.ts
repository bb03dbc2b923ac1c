import type { Settings } from '../../config/defaults.ts'
import { findCollectionById } from '../../storage/collections.ts'
import { findObjectById } from '../../storage/objects.ts'
import type { Writer } from '../../storage/store.ts'
import type { PutResult } from '../../storage/write-path.ts'
import { etagOf } from './bodies.ts'
import { checkQuota } from './quota.ts'
import { type StoreRequest, storeObject } from './store-object.ts'

/**
 * Stores an object that was converted as it was first, so that its history begins with what came.
 * @param original  the octets it was converted from; without them it is stored as it is
 * @throws as storeObject, before the first statement that writes
 */
export async function storeConverted(
  tx: Writer,
  request: StoreRequest,
  original: Uint8Array | undefined,
  settings: Settings,
): Promise<PutResult> {
  const { collection, object, existing } = request
  if (original === undefined || existing?.etag === object.etag) return storeObject(tx, request, settings)
  await checkQuota(tx, collection.principalId, object.body.byteLength - (existing?.size ?? 0), settings)
  const old = { ...object, body: original, parts: undefined, etag: etagOf(original), mediaType: null }
  const first = await storeObject(tx, { ...request, object: old }, settings)
  const between = await findObjectById(tx, first.objectId)
  const { listsSince = null } = (await findCollectionById(tx, collection.id)) ?? {}
  const again = { ...request, collection: { ...collection, listsSince } }
  const last = await storeObject(tx, { ...again, existing: between, object }, settings)
  return { ...last, kind: first.kind }
}
