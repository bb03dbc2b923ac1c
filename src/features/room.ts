import type { Settings } from '../../config/defaults.ts'
import { refuse } from '../../protocol/dav/preconditions.ts'
import type { CollectionRow } from '../../storage/collections.ts'
import { countObjects } from '../../storage/objects.ts'
import type { Reader } from '../../storage/store.ts'

/** Whether one more member goes into a collection. */
export async function hasRoom(
  reader: Reader,
  collection: CollectionRow,
  { limits }: Settings,
): Promise<boolean> {
  const limit = limits.objectsPerCollection
  // Every object took a change number, so that most collections need no counting.
  return collection.feedChange < limit || (await countObjects(reader, collection.id)) < limit
}

/** @throws max-resources for one more member of a full collection */
export async function checkRoom(
  reader: Reader,
  collection: CollectionRow,
  settings: Settings,
): Promise<void> {
  if (await hasRoom(reader, collection, settings)) return
  const limit = settings.limits.objectsPerCollection
  throw refuse('max-resources', { message: `A collection may hold ${limit} objects at most.` })
}
