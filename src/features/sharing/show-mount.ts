import { findCollection } from '../../../storage/collections.ts'
import { lockHome } from '../../../storage/feeds.ts'
import { acceptMount, setMountName } from '../../../storage/mount-writes.ts'
import type { MountRow } from '../../../storage/mounts.ts'
import type { Writer } from '../../../storage/store.ts'
import { freeMountName } from './mount-names.ts'
import type { Sharing } from './sharing.ts'

/** Shows a mount in its home, under another name where something else has its name by now. */
export async function showMount(
  tx: Writer,
  mount: MountRow,
  { origin }: Pick<Sharing, 'origin'>,
): Promise<MountRow> {
  const { homeId, name } = mount
  await lockHome(tx, homeId)
  const isTaken = (await findCollection(tx, homeId, name)) !== undefined
  const free = isTaken ? await freeMountName(tx, homeId, name) : name
  if (isTaken) await setMountName(tx, mount, free)
  await acceptMount(tx, { ...mount, name: free }, origin)
  return { ...mount, name: free, state: 'accepted' }
}
