import { copyDeadProperties } from '../../../storage/dead-properties.ts'
import { type ObjectRow, readBody } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Writer } from '../../../storage/store.ts'
import { deleteListed, moveListed } from '../../features/lists/lists.ts'
import { prepareObject } from '../../features/objects.ts'
import { checkRoom } from '../../features/room.ts'
import { checkUid } from '../../features/store-object.ts'
import { deleteThrough, moveThrough } from '../../features/virtual/virtual.ts'
import { type Call, originOf } from '../call.ts'
import type { CollectionResource, MemberResource } from '../resource.ts'
import { notFound, storedRow } from '../tree.ts'
import { hrefsIn, planSent, storeSent } from './store-sent.ts'

/** A member and where it is to go. */
export interface Transfer {
  readonly member: MemberResource
  readonly target: CollectionResource
  readonly name: string
  /** What is there, which is to be replaced. */
  readonly existing: MemberResource | undefined
}

/** Copies what the caller sees of a member, with its dead properties. @see RFC 4918 §9.8 */
export async function copyMember(tx: Writer, call: Call, transfer: Transfer): Promise<void> {
  const { existing } = transfer
  await storeCopy(tx, call, transfer, existing && stored(existing), originOf(call, 'copy'))
}

/**
 * Moves a member. Where it is seen otherwise at its new place than at its old one, what the caller sees of it goes there as an object of its own: the
 * alarms that he laid over what others share with him become those of his own object, and the other way round. So it does where it goes to another
 * account: whoever had it finds it in the trash (law 4).
 * @see RFC 4918 §9.9
 */
export async function moveMember(tx: Writer, call: Call, transfer: Transfer): Promise<void> {
  const { member, target, name, existing } = transfer
  const { collection: source } = member
  const origin = originOf(call, 'move')
  const object = stored(member)
  const replaced = existing && stored(existing)
  const isSame = source.row.id === target.row.id
  const staysAtOwner = source.row.principalId === target.row.principalId
  const isSeenAlike = isSame || !(hasView(source) || hasView(target))
  if (source.virtual && target.virtual && staysAtOwner) {
    if (replaced) await deleteMember(tx, call, target, replaced, origin)
    const to = { book: target.virtual, name }
    await moveThrough(tx, source.virtual, object, to, origin, call.settings)
    return
  }
  if (source.virtual || target.virtual || !isSeenAlike || !staysAtOwner) {
    if (replaced) await deleteMember(tx, call, target, replaced, origin)
    await storeCopy(tx, call, transfer, undefined, origin)
    await deleteMember(tx, call, source, object, origin)
    return
  }
  const hrefOf = hrefsIn(target)
  const stays = isSame ? object : replaced
  await checkUid(tx, { collection: target.row, name, existing: stays, object, hrefOf })
  if (!replaced && !isSame) await checkRoom(tx, target.row, call.settings)
  if (replaced) await deleteListed(tx, target.row, replaced, origin, call.settings)
  await moveListed(tx, source.row, object, target.row, name, origin, call.settings)
}

/** Takes a member away; of a copy the card that it was made of. */
export async function deleteMember(
  tx: Writer,
  { settings }: Call,
  { row, virtual }: CollectionResource,
  member: ObjectRow,
  origin: Origin,
): Promise<void> {
  if (virtual) await deleteThrough(tx, virtual, member, origin, settings)
  else await deleteListed(tx, row, member, origin, settings)
}

const hasView = ({ mount }: CollectionResource): boolean => mount !== undefined && mount.view !== 'whole'

function stored(member: MemberResource): ObjectRow {
  const row = storedRow(member)
  if (!row) throw new TypeError('The member was read without its row.')
  return row
}

/** @param existing  what is stored at the destination */
async function storeCopy(
  tx: Writer,
  call: Call,
  { member, target, name }: Transfer,
  existing: ObjectRow | undefined,
  origin: Origin,
): Promise<void> {
  const body = await bodyOf(tx, member)
  const object = prepareObject(target.kind, body, call.settings, call.now())
  const sent = { name, object, existing }
  const plan = await planSent(tx, call, target, sent)
  const { objectId: id } = await storeSent(tx, call, target, sent, origin, plan)
  if (member.collection.mount?.view === 'busy') return
  if (target.virtual) return
  await copyDeadProperties(tx, { kind: 'object', id: member.row.id }, { kind: 'object', id })
}

async function bodyOf(tx: Writer, member: MemberResource): Promise<Uint8Array> {
  if (member.stored && hasView(member.collection)) return Buffer.from(member.text ?? '')
  const body = await readBody(tx, stored(member).bodyId)
  if (!body) throw notFound()
  return body
}
