import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { deleteNotification } from '../../../storage/notifications.ts'
import { removeCollection } from '../../features/collections.ts'
import { declineInvite } from '../../features/sharing/sharing.ts'
import { authorize, isReadable, needs } from '../access.ts'
import { type Call, originOf } from '../call.ts'
import { checkConditions } from '../conditions.ts'
import { checkLocks, dropLocks } from '../locks/guard.ts'
import { placeIn, placeInHome, placeOf } from '../locks/places.ts'
import type { Location } from '../paths.ts'
import { empty, type Reply } from '../reply.ts'
import { requireWhole } from '../seen/collections.ts'
import { findNotificationAt } from '../sharing/notifications.ts'
import { findCollectionAt, findMemberIn, findParent, mustFind, notFound, storedRow } from '../tree.ts'
import { deleteMember } from './transfer-member.ts'

/**
 * Deletes an object or a collection; both are kept in the trash.
 * @see RFC 4918 §9.6
 */
export async function remove(call: Call): Promise<Reply> {
  const { location } = call
  if (location.kind === 'member') return removeMember(call, location)
  if (location.kind === 'collection') return removeWhole(call, location)
  if (location.kind === 'notification') return removeNotification(call, location)
  const resource = await call.store.read((reader) => mustFind(reader, call.session, location))
  // Accounts and their homes are removed by an administrator.
  throw needs(call.session, resource.href, ['unbind'])
}

async function removeMember(call: Call, location: Extract<Location, { kind: 'member' }>): Promise<Reply> {
  const { session } = call
  await call.store.write(async (tx) => {
    const collection = await findCollectionAt(tx, session, location)
    const member = collection && (await findMemberIn(tx, collection, location.name))
    const row = member && storedRow(member)
    if (!collection) throw notFound()
    if (row || !isReadable(collection)) authorize(session, 'delete', { parent: collection })
    if (!row) throw notFound()
    await checkConditions(tx, call, member)
    const place = placeIn(placeOf(collection), row.name)
    const held = await checkLocks(tx, call, [{ place, act: 'remove' }])
    await deleteMember(tx, call, collection, row, originOf(call))
    await dropLocks(tx, held, place)
  })
  return empty(204)
}

/** A client has shown it: the others need not any more. Once it is gone it is 404 (IOS-15). */
async function removeNotification(
  call: Call,
  location: Extract<Location, { kind: 'notification' }>,
): Promise<Reply> {
  const { session } = call
  await call.store.write(async (tx) => {
    const found = await findNotificationAt(tx, session, location)
    if (!found) throw notFound()
    authorize(session, 'delete', { parent: found })
    await checkConditions(tx, call, found)
    await deleteNotification(tx, found.principal.id, location.name)
  })
  return empty(204)
}

async function removeWhole(call: Call, location: Extract<Location, { kind: 'collection' }>): Promise<Reply> {
  const depth = call.headers.depth
  if (depth !== undefined && String(depth).trim().toLowerCase() !== 'infinity') {
    throw refuseStatus(400, 'A collection is deleted whole: Depth must be infinity.')
  }
  await call.store.write(async (tx) => {
    const collection = await findCollectionAt(tx, call.session, location)
    if (!collection) throw notFound()
    authorize(call.session, 'delete', { parent: await findParent(tx, call.session, location) })
    requireWhole(call.session, collection)
    await checkConditions(tx, call, collection)
    const place = placeInHome(collection)
    const held = await checkLocks(tx, call, [{ place, act: 'remove', isWhole: true }])
    // A sharee who deletes a shared collection declines it; the owner's stays (IOS-16).
    const origin = originOf(call)
    if (collection.mount) await declineInvite(tx, collection.mount, { ...call, origin })
    else await removeCollection(tx, collection.row, origin, call.settings)
    await dropLocks(tx, held, place)
  })
  return empty(204)
}
