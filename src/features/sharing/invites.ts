import { patchCollection } from '../../../storage/collection-writes.ts'
import { findCollection, findCollectionById } from '../../../storage/collections.ts'
import { lockHome } from '../../../storage/feeds.ts'
import { acceptMount, declineMount, setMountName } from '../../../storage/mount-writes.ts'
import type { MountRow } from '../../../storage/mounts.ts'
import type { Writer } from '../../../storage/store.ts'
import { freeMountName } from './mount-names.ts'
import type { Sharing } from './sharing.ts'

type Origins = Pick<Sharing, 'origin'>

/**
 * Shows what was shared in the sharee's home; accepting twice changes nothing.
 * @returns the mount, with the name that it has now
 */
export async function acceptInvite(tx: Writer, mount: MountRow, { origin }: Origins): Promise<MountRow> {
  if (mount.state === 'accepted') return mount
  const shown = await showMount(tx, mount, { origin })
  await tellOwner(tx, mount, { origin })
  return shown
}

/** Takes it out of the sharee's home; he may still accept later. Declining twice changes nothing. */
export async function declineInvite(tx: Writer, mount: MountRow, { origin }: Origins): Promise<void> {
  if (mount.state === 'declined') return
  await declineMount(tx, mount, origin)
  await tellOwner(tx, mount, { origin })
}

/** Shows a mount in its home, under another name where something else has its name by now. */
export async function showMount(tx: Writer, mount: MountRow, { origin }: Origins): Promise<MountRow> {
  const { homeId, name } = mount
  await lockHome(tx, homeId)
  const isTaken = (await findCollection(tx, homeId, name)) !== undefined
  const free = isTaken ? await freeMountName(tx, homeId, name) : name
  if (isTaken) await setMountName(tx, mount, free)
  await acceptMount(tx, { ...mount, name: free }, origin)
  return { ...mount, name: free, state: 'accepted' }
}

/** Who has accepted is a property of the owner's collection. */
async function tellOwner(tx: Writer, { collectionId }: MountRow, { origin }: Origins): Promise<void> {
  const collection = await findCollectionById(tx, collectionId)
  if (collection) await patchCollection(tx, collection, {}, origin)
}
