import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { patchCollection } from '../../../storage/collection-writes.ts'
import type { CollectionId } from '../../../storage/ids.ts'
import { declineMount, hideMount, patchMount } from '../../../storage/mount-writes.ts'
import { findMountOn, listMountsOn, type Mounted, type MountRow } from '../../../storage/mounts.ts'
import { findPrincipalById } from '../../../storage/principals.ts'
import { lockReach } from '../../../storage/shares.ts'
import type { Writer } from '../../../storage/store.ts'
import { tellOwner, tellSharee, untellSharee } from './notices.ts'
import { hasRoom } from './room.ts'
import type { Sharing } from './sharing.ts'
import { showMount } from './show-mount.ts'

type Answering = Pick<Sharing, 'origin' | 'settings'>

/**
 * Shows what was shared in the sharee's home; accepting twice changes nothing.
 * @param summary  what he wants to call it
 * @returns the mount, with the name that it has now
 * @throws refusal 403 for what was declined once, where the home is full by now; 409 when it was withdrawn
 */
export async function acceptInvite(
  tx: Writer,
  mount: MountRow,
  answering: Answering,
  summary = '',
): Promise<MountRow> {
  const mounted = await refresh(tx, mount)
  const { state, homeId } = mounted.mount
  if (state === 'accepted') return mounted.mount
  if (state === 'declined' && !(await hasRoom(tx, homeId, answering.settings)))
    throw refuseStatus(403, 'The home is full of what others share: leave something first.')
  const shown = await showMount(tx, mounted.mount, answering)
  if (summary !== '') await patchMount(tx, shown, { displayname: summary }, answering.origin)
  await answer(tx, mounted, { isAccepted: true, summary }, answering)
  return shown
}

/** Takes it out of the sharee's home; he may still accept later. Declining twice changes nothing. */
export async function declineInvite(tx: Writer, mount: MountRow, answering: Answering): Promise<void> {
  const mounted = await refresh(tx, mount)
  if (mounted.mount.state === 'declined') return
  await declineMount(tx, mounted.mount, answering.origin)
  await answer(tx, mounted, { isAccepted: false, summary: '' }, answering)
}

/** As it is once no other write changes what is shared. @throws refusal 409 when it was withdrawn meanwhile */
async function refresh(tx: Writer, { collectionId, principalId }: MountRow): Promise<Mounted> {
  await lockReach(tx)
  const fresh = await findMountOn(tx, collectionId, principalId)
  if (!fresh) throw refuseStatus(409, 'It is not shared any more.')
  return fresh
}

/** The owner learns of it, the sharee need not be asked any more. */
async function answer(
  tx: Writer,
  mounted: Mounted,
  said: { readonly isAccepted: boolean; readonly summary: string },
  answering: Answering,
): Promise<void> {
  const sharee = await findPrincipalById(tx, mounted.mount.principalId)
  await untellSharee(tx, mounted.mount, answering.origin)
  if (sharee) await tellOwner(tx, mounted, sharee, said, answering)
  await patchCollection(tx, mounted.collection, {}, answering.origin)
}

/** Takes a collection that is about to be deleted out of all homes. */
export async function hideMounts(tx: Writer, id: CollectionId, answering: Answering): Promise<void> {
  for (const mounted of await listMountsOn(tx, id)) {
    const { mount } = mounted
    if (mount.state === 'accepted') {
      await hideMount(tx, mount, answering.origin)
      await tellSharee(tx, mounted, 'deleted', answering)
    } else await untellSharee(tx, mount, answering.origin)
  }
}

/** Shows a collection that was restored in the homes that it was in, and asks again who has not answered. */
export async function showMounts(tx: Writer, id: CollectionId, answering: Answering): Promise<void> {
  for (const mounted of await listMountsOn(tx, id)) {
    const { mount } = mounted
    if (mount.state === 'accepted') {
      await showMount(tx, mount, answering)
      await untellSharee(tx, mount, answering.origin)
    } else if (mount.state === 'invited') await tellSharee(tx, mounted, 'invited', answering)
  }
}
