import { readLockToken } from '../../../protocol/dav/lock.ts'
import { refuse } from '../../../protocol/dav/preconditions.ts'
import { removeLock } from '../../../storage/locks.ts'
import { locksOn } from '../../features/locks/locks.ts'
import { authorize, needs } from '../access.ts'
import type { Call } from '../call.ts'
import { checkConditions } from '../conditions.ts'
import { lockable, rootHref } from '../locks/places.ts'
import { empty, type Reply } from '../reply.ts'
import { mustFind } from '../tree.ts'

/**
 * Takes a lock away, by whatever URL it holds on. Another's lock needs the privilege for it, on what was locked.
 * @see RFC 4918 §9.11, RFC 3744 §3.5
 */
export async function unlock(call: Call): Promise<Reply> {
  const { session, location, store } = call
  await store.write(async (tx) => {
    const resource = await mustFind(tx, session, location)
    const place = lockable(resource)
    const token = readLockToken(call.headers['lock-token'] as string | undefined)
    await checkConditions(tx, call, resource)
    const lock = (await locksOn(tx, place.path, tx.now)).find((one) => one.token === token)
    if (!lock) {
      throw refuse('lock-token-matches-request-uri', { message: 'No lock with this token holds here.' })
    }
    if (session.scope === 'read') throw needs(session, resource.href, ['unlock'])
    if (lock.principalId !== session.principal.id) {
      if (lock.path === place.path) authorize(session, 'unlock', { resource })
      else if (lock.treeId !== session.principal.id) throw needs(session, rootHref(lock, place), ['unlock'])
    }
    await removeLock(tx, lock)
  })
  return empty(204)
}
