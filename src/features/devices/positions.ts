import { findPosition, setPosition } from '../../../storage/held/merge-bases.ts'
import type { CollectionId, DeviceId } from '../../../storage/ids.ts'
import type { Store } from '../../../storage/store.ts'

/**
 * Remembers how far a device has come with a collection, by the token that it brings: what it was given with that one it has.
 * Programs that write without If-Match are known by nothing else (TBA). Written only where it has moved.
 */
export async function notePosition(
  store: Store,
  deviceId: DeviceId,
  collectionId: CollectionId,
  change: number,
): Promise<void> {
  const known = await store.read((reader) => findPosition(reader, deviceId, collectionId))
  if (known === change) return
  await store.write((tx) => setPosition(tx, deviceId, collectionId, change))
}
