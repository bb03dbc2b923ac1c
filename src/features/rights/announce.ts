import type { AceTarget } from '../../../storage/aces.ts'
import { patchCollection, touchHome } from '../../../storage/collection-writes.ts'
import { findCollectionById, listCollections } from '../../../storage/collections.ts'
import { findHomeById } from '../../../storage/homes.ts'
import type { CollectionId, HomeId } from '../../../storage/ids.ts'
import { patchMount } from '../../../storage/mount-writes.ts'
import { listMountsOn } from '../../../storage/mounts.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Writer } from '../../../storage/store.ts'

/**
 * Tells clients that somebody may do more or less at the end of this path: the collections come again in the sync of
 * the home they are in, and of every home they are mounted in.
 */
export async function announceRights(tx: Writer, path: readonly AceTarget[], origin: Origin): Promise<void> {
  const target = path.at(-1)
  if (target?.kind === 'collection') await announceCollection(tx, target.id as CollectionId, origin)
  if (target?.kind === 'home') await announceHome(tx, target.id as HomeId, origin)
}

async function announceHome(tx: Writer, id: HomeId, origin: Origin): Promise<void> {
  const home = await findHomeById(tx, id)
  if (!home) return
  await touchHome(tx, home)
  for (const collection of await listCollections(tx, id)) await announceCollection(tx, collection.id, origin)
}

async function announceCollection(tx: Writer, id: CollectionId, origin: Origin): Promise<void> {
  const collection = await findCollectionById(tx, id)
  if (!collection) return
  await patchCollection(tx, collection, {}, origin)
  for (const { mount } of await listMountsOn(tx, id)) {
    if (mount.state === 'accepted') await patchMount(tx, mount, {}, origin)
  }
}
