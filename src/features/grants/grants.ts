import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { readMask, type WrittenMask } from '../../../protocol/vcard/mask/rules.ts'
import { grantBooksBy, removeGrantBook } from '../../../storage/grants/grant-books.ts'
import {
  addGrant,
  changeGrant,
  findGrant,
  type GrantRow,
  grantsBy,
  type NewGrant,
  removeGrant,
} from '../../../storage/grants/grants.ts'
import type { GrantId } from '../../../storage/ids.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import { lockReach } from '../../../storage/shares.ts'
import type { Writer } from '../../../storage/store.ts'
import { findVirtualBook } from '../../../storage/virtual/books.ts'
import { parseMasks } from '../masks/masks.ts'
import type { Sharing } from '../sharing/sharing.ts'
import { reconcileGiver } from './reconcile.ts'
import { recordGrant } from './record.ts'
import { slotOf } from './wanted.ts'

export {
  type BookLook,
  endListGrants,
  giveListAgain,
  giveLooks,
  type ListGrants,
  lookOf,
  renameGivenList,
} from './lists.ts'
export {
  dropForsakenGrants,
  followGrants,
  giversTo,
  reconcileReceivers,
  withdrawGrants,
} from './reconcile.ts'
export { relabelGrants } from './relabel.ts'

/** What somebody may say of a grant. */
export interface GrantPatch {
  readonly access?: GrantRow['access'] | undefined
  readonly masks?: readonly WrittenMask[] | undefined
  readonly name?: string | null | undefined
}

/** Something of one's own, and who is to see it. */
export interface Giving extends Pick<NewGrant, 'kind' | 'partyId' | 'sourceId' | 'label'> {
  readonly giver: PrincipalRow
  readonly receiver: PrincipalRow
}

/**
 * Lets somebody, or a group, see people of one's own, or changes what an earlier grant of the same lets him do. Who has
 * deleted the book has it again.
 * @throws refusal 403 where it cannot be given so, and beyond the limits; 422 for a mask that is none
 */
export async function give(
  tx: Writer,
  giving: Giving,
  patch: GrantPatch,
  sharing: Sharing,
): Promise<GrantId> {
  const { giver, receiver, kind, partyId, sourceId, label } = giving
  await lockReach(tx)
  checkReceiver(giving)
  const grants = await grantsBy(tx, giver.id)
  const known = grants.find(
    (one) =>
      one.receiverId === receiver.id &&
      one.kind === kind &&
      one.partyId === partyId &&
      one.sourceId === sourceId &&
      one.label === label,
  )
  const limit = sharing.settings.limits.grants
  if (!known && grants.length >= limit)
    throw refuseStatus(403, `An account shares ${limit} people, labels and lists at most.`)
  const { access = 'read', masks = [], name = null } = patch
  const said = { access, masks: written(masks), name }
  const made = { giverId: giver.id, receiverId: receiver.id, kind, partyId, sourceId, label, ...said }
  if (known) await changeGrant(tx, { ...known, ...said })
  const id = known?.id ?? (await addGrant(tx, made))
  const row = await findGrant(tx, id)
  if (!row) throw new Error('The grant was not made.')
  await recordGrant(tx, { before: known, after: row }, sharing.origin)
  await forgetDeclined(tx, row)
  await reconcileGiver(tx, giver, sharing)
  await checkArrived(tx, giving, row)
  return id
}

/** @throws refusal 422 for a mask that is none */
export async function changeGiven(
  tx: Writer,
  giver: PrincipalRow,
  grant: GrantRow,
  { access = grant.access, masks, name = grant.name }: GrantPatch,
  sharing: Sharing,
): Promise<void> {
  const hidden = masks === undefined ? grant.masks : written(masks)
  await changeGrant(tx, { ...grant, access, masks: hidden, name })
  await recordGrant(tx, { before: grant, after: { ...grant, access, masks: hidden, name } }, sharing.origin)
  await reconcileGiver(tx, giver, sharing)
}

/** Who was given it has it no more, and no device of his keeps it. */
export async function revoke(
  tx: Writer,
  giver: PrincipalRow,
  grant: GrantRow,
  sharing: Sharing,
): Promise<void> {
  await removeGrant(tx, grant.id)
  await recordGrant(tx, { before: grant, after: undefined }, sharing.origin)
  await reconcileGiver(tx, giver, sharing)
}

/** What is not seen, as it was written. */
export function masksOfGrant({ masks }: Pick<GrantRow, 'masks'>): readonly WrittenMask[] {
  return parseMasks(masks)
}

function checkReceiver({ giver, receiver }: Giving): void {
  if (receiver.id === giver.id) throw refuseStatus(403, 'Nothing is shared with oneself.')
  if (receiver.kind !== 'user' && receiver.kind !== 'group')
    throw refuseStatus(403, 'Contacts are shared with people and groups.')
}

function written(masks: readonly WrittenMask[]): string {
  for (const mask of masks) {
    const read = readMask(mask)
    if ('wrong' in read) throw refuseStatus(422, `"${read.wrong}" is no rule of a mask.`)
    if (mask.hide.length === 0 && mask.only === undefined)
      throw refuseStatus(422, 'Say what is hidden, or what alone is seen.')
  }
  return JSON.stringify(masks.map(({ hide, only }) => ({ hide, ...(only && { only }) })))
}

/** Books that receivers have deleted do not keep them from what is given anew. */
async function forgetDeclined(tx: Writer, grant: GrantRow): Promise<void> {
  for (const { collectionId, slot } of await grantBooksBy(tx, grant.giverId))
    if (slot === slotOf(grant) && !(await findVirtualBook(tx, collectionId)))
      await removeGrantBook(tx, collectionId)
}

/** @throws refusal 403 when the receiver's home is full; of a group those whose home is get nothing */
async function checkArrived(tx: Writer, { receiver }: Giving, grant: GrantRow): Promise<void> {
  if (receiver.kind !== 'user') return
  const books = await grantBooksBy(tx, grant.giverId)
  const isThere = books.some(({ viewerId, slot }) => viewerId === receiver.id && slot === slotOf(grant))
  if (!isThere) throw refuseStatus(403, 'Nothing more can be shared with this account.')
}
