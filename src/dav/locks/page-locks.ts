import { type ActiveLock, lockDiscovery } from '../../../protocol/dav/lock.ts'
import { findLocks, type LockRow, pathsAround } from '../../../storage/locks.ts'
import type { Reader } from '../../../storage/store.ts'
import { type HeldLocks, heldLocks } from '../../features/locks/locks.ts'
import type { CollectionResource, Resource } from '../resource.ts'
import { type LockPlace, placeOf, rootHref } from './places.ts'

/** The locks of the resources that are being rendered, for DAV:lockdiscovery. */
export interface PageLocks {
  /** Looks up the locks on these resources, in one query. */
  load(reader: Reader, resources: readonly Resource[]): Promise<void>
  /** Looks up the locks on the members of a collection, in one query. */
  loadMembers(reader: Reader, collection: CollectionResource): Promise<void>
  /** The value of DAV:lockdiscovery; nothing for what was not looked up. */
  discovery(resource: Resource): string
}

export function createPageLocks(now: () => number): PageLocks {
  let held: HeldLocks = heldLocks([])
  let at = 0
  let isEmpty = true
  const look = async (reader: Reader, on: readonly string[], below: readonly string[]): Promise<void> => {
    at = now()
    const rows = await findLocks(reader, { on, below }, at)
    isEmpty = rows.length === 0
    held = heldLocks(rows)
  }
  return {
    load: (reader, resources) => {
      const paths = resources.flatMap((resource) => placeOf(resource)?.path ?? [])
      return look(reader, [...new Set(paths.flatMap((path) => [path, ...pathsAround(path)]))], [])
    },
    loadMembers: (reader, collection) => {
      const { path } = placeOf(collection)
      return look(reader, [path, ...pathsAround(path)], [path])
    },
    discovery: (resource) => {
      const place = isEmpty ? undefined : placeOf(resource)
      return place ? lockDiscovery(held.on(place.path).map((lock) => activeLock(lock, place, at))) : ''
    },
  }
}

/** A lock as it is seen from a place that it holds on. */
export function activeLock(lock: LockRow, place: LockPlace, now: number): ActiveLock {
  const { token, scope, deep, owner, expiresAt } = lock
  return {
    token,
    scope,
    depth: deep === 1 ? 'infinity' : 0,
    owner: owner ?? undefined,
    seconds: Math.max(Math.ceil((expiresAt - now) / 1_000), 0),
    root: rootHref(lock, place),
  }
}
