import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { deleteNode, lockHomes } from '../../../storage/nodes/node-writes.ts'
import { authorize, needs } from '../access.ts'
import { type Call, originOf } from '../call.ts'
import { checkConditions } from '../conditions.ts'
import { checkLocks, dropLocks } from '../locks/guard.ts'
import { placeOf } from '../locks/places.ts'
import { empty, type Reply } from '../reply.ts'
import { isNode } from '../resource.ts'
import { mustFind } from '../tree.ts'

/**
 * Deletes a file, or a folder with all that is in it; both are kept in the trash.
 * @see RFC 4918 §9.6
 */
export async function deleteFile(call: Call): Promise<Reply> {
  const { session, location, store, headers } = call
  const depth = headers.depth
  await store.write(async (tx) => {
    const found = await mustFind(tx, session, location)
    // Homes are removed by an administrator, with their account.
    if (!isNode(found)) throw needs(session, found.href, ['unbind'])
    await lockHomes(tx, [found.home.row])
    const resource = await mustFind(tx, session, location)
    if (!isNode(resource)) throw needs(session, found.href, ['unbind'])
    if (resource.kind === 'folder' && depth !== undefined && !isInfinite(depth)) {
      throw refuseStatus(400, 'A folder is deleted whole: Depth must be infinity.')
    }
    authorize(session, 'delete', { parent: resource.parent })
    await checkConditions(tx, call, resource)
    const place = placeOf(resource)
    const held = await checkLocks(tx, call, [{ place, act: 'remove', isWhole: true }])
    await deleteNode(tx, resource.home.row, resource.row, originOf(call))
    await dropLocks(tx, held, place)
  })
  return empty(204)
}

function isInfinite(depth: string | readonly string[]): boolean {
  return String(depth).trim().toLowerCase() === 'infinity'
}
