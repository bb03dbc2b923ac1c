import { patchCollection } from '../../../storage/collection-writes.ts'
import { type CollectionRow, findCollectionById } from '../../../storage/collections.ts'
import { belongingsOf, leaveGroups } from '../../../storage/groups.ts'
import { listHomes } from '../../../storage/homes.ts'
import type { CollectionId, PrincipalId } from '../../../storage/ids.ts'
import { changeMountAccess, createMount, removeMount, withdrawMount } from '../../../storage/mount-writes.ts'
import { findWithdrawn, listMountsOn, type Mounted, type MountView } from '../../../storage/mounts.ts'
import { findPrincipalById, type PrincipalRow } from '../../../storage/principals.ts'
import {
  listReached,
  listSharesWith,
  lockReach,
  type Reached,
  removeSharesWith,
  type ShareAccess,
} from '../../../storage/shares.ts'
import type { Writer } from '../../../storage/store.ts'
import { freeMountName } from './mount-names.ts'
import { tellSharee, untellSharee } from './notices.ts'
import { hasRoom } from './room.ts'
import type { Sharing } from './sharing.ts'
import { showMount } from './show-mount.ts'

/**
 * Lets the mounts of these collections follow their shares: who is newly reached is invited, who is reached no more
 * loses the mount at once, and whose access changed is told so.
 */
export async function reconcileMounts(
  tx: Writer,
  collections: readonly CollectionId[],
  sharing: Sharing,
): Promise<void> {
  await lockReach(tx)
  const reached = await listReached(tx, collections)
  for (const id of collections) {
    const collection = await findCollectionById(tx, id)
    const own = reached.filter(({ collectionId }) => collectionId === id)
    if (collection) await reconcileCollection(tx, collection, strongest(own), sharing)
  }
}

/**
 * The same for all that a group, or one that holds it, is shared: to be called after its members have changed, in the same
 * transaction.
 */
export async function reconcileGroup(tx: Writer, groupId: PrincipalId, sharing: Sharing): Promise<void> {
  await lockReach(tx)
  await reconcileMounts(tx, await sharedThrough(tx, groupId), sharing)
}

/** Ends all that is shared with a principal, or through it, before it is removed. */
export async function withdrawPrincipal(tx: Writer, id: PrincipalId, sharing: Sharing): Promise<void> {
  await lockReach(tx)
  const affected = await sharedThrough(tx, id)
  await removeSharesWith(tx, id)
  await leaveGroups(tx, id)
  await reconcileMounts(tx, affected, sharing)
}

/** The collections that are shared with a principal, or with a group that holds it. */
export async function sharedThrough(tx: Writer, id: PrincipalId): Promise<CollectionId[]> {
  const { principals } = await belongingsOf(tx, id)
  const shares = await listSharesWith(tx, [...principals])
  return [...new Set(shares.map(({ collectionId }) => collectionId))].sort((a, b) => a - b)
}

const rank = { 'free-busy': 0, read: 1, 'no-delete': 2, 'read-write': 3 } as const satisfies Record<
  ShareAccess,
  number
>

export function isShareAccess(text: string): text is ShareAccess {
  return Object.hasOwn(rank, text)
}

/** What the sharee sees of a collection. */
export function viewOf(kind: CollectionRow['kind'], access: ShareAccess): MountView {
  if (access === 'free-busy') return 'busy'
  return kind === 'calendar' ? 'personal' : 'whole'
}

/** Of several shares that reach a user the strongest; each contains those below it. What is said to him by name goes first. */
function strongest(reached: readonly Reached[]): Map<PrincipalId, Reached> {
  const byUser = new Map<PrincipalId, Reached>()
  for (const one of reached) {
    const known = byUser.get(one.userId)
    if (known === undefined) byUser.set(one.userId, one)
    else {
      const access = rank[one.access] > rank[known.access] ? one.access : known.access
      const { summary, isDirect } = one.isDirect ? one : known
      byUser.set(one.userId, { ...known, access, summary, isDirect })
    }
  }
  return byUser
}

async function reconcileCollection(
  tx: Writer,
  collection: CollectionRow,
  reached: ReadonlyMap<PrincipalId, Reached>,
  sharing: Sharing,
): Promise<void> {
  const { origin } = sharing
  const missing = new Map(reached)
  let isChanged = false
  for (const mounted of await listMountsOn(tx, collection.id)) {
    const { principalId, access } = mounted.mount
    missing.delete(principalId)
    const found = reached.get(principalId)
    if (!found) await withdraw(tx, mounted, sharing)
    else if (found.access === access) continue
    else await changeAccess(tx, mounted, found.access, sharing)
    isChanged = true
  }
  const owner = missing.size > 0 ? await findPrincipalById(tx, collection.principalId) : undefined
  if (owner) for (const one of missing.values()) await invite(tx, collection, owner, one, sharing)
  if (isChanged || owner) await patchCollection(tx, collection, {}, origin)
}

/** Who has it is told that it is gone; an invitation just goes. */
async function withdraw(tx: Writer, mounted: Mounted, sharing: Sharing): Promise<void> {
  if (mounted.mount.state === 'accepted') {
    await withdrawMount(tx, mounted.mount, sharing.origin)
    await tellSharee(tx, mounted, 'deleted', sharing)
    return
  }
  await removeMount(tx, mounted.mount, sharing.origin)
  await untellSharee(tx, mounted.mount, sharing.origin)
}

async function changeAccess(
  tx: Writer,
  mounted: Mounted,
  access: ShareAccess,
  sharing: Sharing,
): Promise<void> {
  const { mount, collection } = mounted
  await changeMountAccess(tx, mount, { access, view: viewOf(collection.kind, access) }, sharing.origin)
  if (mount.state === 'declined') return
  await tellSharee(tx, { ...mounted, mount: { ...mount, access } }, mount.state, sharing)
}

/**
 * Who had it until it was withdrawn has it as it was; all others are invited. A home that is full takes no more; who shares by
 * name is told so.
 */
async function invite(
  tx: Writer,
  collection: CollectionRow,
  owner: PrincipalRow,
  { userId, access, summary }: Reached,
  sharing: Sharing,
): Promise<void> {
  const kind = collection.kind === 'calendar' ? 'calendars' : 'addressbooks'
  const home = (await listHomes(tx, userId)).find((one) => one.kind === kind)
  if (!home || !(await hasRoom(tx, home.id, sharing.settings))) return
  const view = viewOf(collection.kind, access)
  const former = await findWithdrawn(tx, collection.id, userId)
  if (former) {
    await changeMountAccess(tx, former, { access, view }, sharing.origin)
    await untellSharee(tx, await showMount(tx, former, sharing), sharing.origin)
    return
  }
  const mount = {
    collectionId: collection.id,
    principalId: userId,
    homeId: home.id,
    name: await freeMountName(tx, home.id, `${owner.segment}-${collection.name}`),
    view,
    access,
    inviteUid: sharing.newId(),
    displayname: summary,
  }
  await createMount(tx, mount)
  await tellSharee(tx, { mount, collection, owner }, 'invited', sharing)
}
