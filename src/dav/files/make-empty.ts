import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { Writer } from '../../../storage/store.ts'
import { storeFile } from '../../features/documents/documents.ts'
import { emptyContent } from '../../features/documents/receive.ts'
import { authorize } from '../access.ts'
import { type Call, originOf } from '../call.ts'
import { checkLocks } from '../locks/guard.ts'
import { placeIn, placeOf } from '../locks/places.ts'
import { type BelowHome, findTarget, type NodeResource, nodeIn, spotIn } from './tree.ts'

/**
 * Makes the empty file that a LOCK on a free name leaves, in the transaction of the lock (MRD-04, DFS).
 * @throws need-privileges, refusal 409 where there is no folder
 * @see RFC 4918 §7.3
 */
export async function createEmptyFile(tx: Writer, call: Call, location: BelowHome): Promise<NodeResource> {
  const { session, settings } = call
  const { parent, name } = await findTarget(tx, session, location)
  if (!parent) throw refuseStatus(409, 'There is no folder at this address to lock a name in.')
  authorize(session, 'lock-new', { parent })
  await checkLocks(tx, call, [{ place: placeIn(placeOf(parent), name), act: 'make' }])
  const content = { ...(await emptyContent(tx)), mediaType: null }
  const made = { resourceId: call.newId(), origin: originOf(call) }
  const { node } = await storeFile(tx, spotIn(parent, name), content, undefined, made, settings)
  return nodeIn(parent, node, parent.access)
}
