import type { Settings } from '../../../config/defaults.ts'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { patchCollection } from '../../../storage/collection-writes.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import { inviteAgain } from '../../../storage/mount-writes.ts'
import { findMountOn } from '../../../storage/mounts.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import {
  findShare,
  listShares,
  lockReach,
  removeShare,
  type ShareAccess,
  setShare,
} from '../../../storage/shares.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { findVirtualBook } from '../../../storage/virtual/books.ts'
import { tellSharee } from './notices.ts'
import { reconcileMounts } from './reconcile.ts'
import { recordShare } from './record.ts'
import { hasRoom } from './room.ts'

export { findInvite } from './find-invite.ts'
export { acceptInvite, declineInvite, hideMounts, showMounts } from './invites.ts'
export { freeMountName } from './mount-names.ts'
export { type Notice, readNotice } from './notices.ts'
export {
  isShareAccess,
  reconcileGroup,
  reconcileMounts,
  sharedThrough,
  viewOf,
  withdrawPrincipal,
} from './reconcile.ts'

/** What every change to shares is given. */
export interface Sharing {
  readonly origin: Origin
  readonly settings: Settings
  /** A new UUID. */
  readonly newId: () => string
}

export interface NewShare {
  readonly collection: CollectionRow
  /** A user or a group. */
  readonly principal: PrincipalRow
  readonly access: ShareAccess
  /** What the owner calls it in the invitation; undefined leaves it as it was. */
  readonly summary?: string | null | undefined
}

/**
 * Shares a collection, or changes what an earlier share lets do; everybody whom it newly reaches is invited. Who had
 * declined what is shared with him by name is invited again.
 * @throws refusal 403 where it cannot be shared so, and beyond the limits of sharees and of mounts
 */
export async function shareCollection(tx: Writer, share: NewShare, sharing: Sharing): Promise<void> {
  const { collection, principal, access, summary } = share
  await lockReach(tx)
  checkShare(share)
  await requireOwnCards(tx, collection)
  const shares = await listShares(tx, [collection.id])
  const known = shares.find(({ principalId }) => principalId === principal.id)
  const limit = sharing.settings.limits.sharees
  if (!known && shares.length >= limit)
    throw refuseStatus(403, `A collection is shared with ${limit} people and groups at most.`)
  const ids = { collectionId: collection.id, principalId: principal.id }
  const given = { access, summary: summary === undefined ? (known?.summary ?? null) : summary }
  await setShare(tx, { ...ids, ...given })
  await recordShare(tx, { collection, principal, before: known, after: given }, sharing.origin)
  await reconcileMounts(tx, [collection.id], sharing)
  if (principal.kind === 'user') await inviteByName(tx, share, sharing)
  if (!known) await patchCollection(tx, collection, {}, sharing.origin)
}

/**
 * Takes a share back: who is not reached by another one loses the collection at once.
 * @returns false when there was none
 */
export async function unshare(
  tx: Writer,
  { collection, principal }: Pick<NewShare, 'collection' | 'principal'>,
  sharing: Sharing,
): Promise<boolean> {
  await lockReach(tx)
  const known = await findShare(tx, collection.id, principal.id)
  if (!known) return false
  await removeShare(tx, collection.id, principal.id)
  await recordShare(tx, { collection, principal, before: known, after: undefined }, sharing.origin)
  await reconcileMounts(tx, [collection.id], sharing)
  await patchCollection(tx, collection, {}, sharing.origin)
  return true
}

function checkShare({ collection, principal, access }: NewShare): void {
  if (principal.id === collection.principalId)
    throw refuseStatus(403, 'A collection is not shared with its owner.')
  if (principal.kind !== 'user' && principal.kind !== 'group')
    throw refuseStatus(403, 'Collections are shared with people and groups.')
  if (collection.generated === 'directory')
    throw refuseStatus(403, 'Everybody has a directory of his own, of those whom he may see.')
  if (access === 'free-busy' && collection.kind === 'addressbook')
    throw refuseStatus(403, 'An address book has no free and busy times to share.')
}

/** What others let somebody see is not his to share. @throws refusal 403 */
export async function requireOwnCards(reader: Reader, collection: CollectionRow): Promise<void> {
  if (collection.generated !== 'virtual') return
  const book = await findVirtualBook(reader, collection.id)
  if (book?.ownerId === collection.principalId) return
  throw refuseStatus(403, 'This book holds cards of others: they decide who else sees them.')
}

/** @throws refusal 403 when the sharee's home is full */
async function inviteByName(
  tx: Writer,
  { collection, principal, summary }: NewShare,
  sharing: Sharing,
): Promise<void> {
  const found = await findMountOn(tx, collection.id, principal.id)
  const isFull =
    found?.mount.state === 'declined' && !(await hasRoom(tx, found.mount.homeId, sharing.settings))
  if (!found || isFull) throw refuseStatus(403, 'Nothing more can be shared with this account.')
  const { mount } = found
  const displayname = summary ?? mount.displayname
  if (mount.state === 'accepted' || (mount.state === 'invited' && displayname === mount.displayname)) return
  const inviteUid = mount.state === 'declined' ? sharing.newId() : mount.inviteUid
  await inviteAgain(tx, mount, { inviteUid, displayname })
  await tellSharee(tx, { ...found, mount: { ...mount, inviteUid, displayname } }, 'invited', sharing)
}
