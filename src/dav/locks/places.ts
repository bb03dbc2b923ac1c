import { encodePath, readHref } from '../../../protocol/dav/href.ts'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { PrincipalId } from '../../../storage/ids.ts'
import { type LockRow, lockPath } from '../../../storage/locks.ts'
import { allowedOn } from '../allow.ts'
import { collectionPath } from '../paths.ts'
import type { CollectionResource, FileResource, FolderLike, HomeResource, Resource } from '../resource.ts'

/**
 * Where the locks of a resource are kept: under the path it has in its owner's tree, by whatever URL it is reached.
 */
export interface LockPlace {
  readonly path: string
  /** The account whose tree that is. */
  readonly tree: PrincipalId
  /** The paths of a mount: in its owner's tree, and in the caller's. */
  readonly mount?: { readonly path: string; readonly seenAt: string }
}

/** Undefined for what cannot be locked: nobody can change it. */
export function placeOf(resource: CollectionResource | HomeResource | FolderLike | FileResource): LockPlace
export function placeOf(resource: Resource): LockPlace | undefined
export function placeOf(resource: Resource): LockPlace | undefined {
  switch (resource.kind) {
    case 'root':
    case 'principals':
    case 'homes':
    case 'proxy':
    case 'notifications':
    case 'notification':
      return undefined
    case 'principal':
    case 'calendar-home':
    case 'addressbook-home':
      return { path: pathOf(resource), tree: resource.principal.id }
    case 'calendar':
    case 'addressbook':
      return placeOfCollection(resource)
    case 'event':
    case 'card':
      return placeIn(placeOfCollection(resource.collection), resource.row.name)
    case 'file-home':
      return { path: pathOf(resource), tree: resource.principal.id }
    case 'folder':
    case 'file':
      return { path: pathOf(resource), tree: resource.home.principal.id }
  }
}

/** @throws refusal 405 for what nobody can lock */
export function lockable(resource: Resource): LockPlace {
  const place = placeOf(resource)
  if (place) return place
  throw refuseStatus(405, 'This cannot be locked.', { Allow: allowedOn(resource.kind).join(', ') })
}

/** The place of a member, or of the name that it is to have. */
export function placeIn(collection: LockPlace, name: string): LockPlace {
  return { ...collection, path: `${collection.path}${name}/` }
}

/**
 * A collection as what its home holds. Where it is mounted that is the sharee's own: the name and the properties that
 * he gave it, which no lock on what is shared keeps him from changing.
 */
export function placeInHome(collection: CollectionResource): LockPlace {
  return { path: pathOf(collection), tree: collection.principal.id }
}

/** Where a lock is rooted, as the caller sees it from a place. */
export function rootHref({ path, folder }: Pick<LockRow, 'path' | 'folder'>, { mount }: LockPlace): string {
  const seen = mount && path.startsWith(mount.path) ? mount.seenAt + path.slice(mount.path.length) : path
  return encodePath(seen.slice(1, -1).split('/'), folder === 1)
}

const pathOf = ({ href }: Resource): string => lockPath(readHref(href))

function placeOfCollection(collection: CollectionResource): LockPlace {
  const { owner, nameAtOwner, mount } = collection
  const seenAt = pathOf(collection)
  // Who sees blocks of time does not see who is writing.
  if (mount?.view === 'busy') return { path: seenAt, tree: collection.principal.id }
  if (nameAtOwner === undefined) return { path: seenAt, tree: owner.id }
  const home = collection.kind === 'calendar' ? 'calendars' : 'addressbooks'
  const path = lockPath(readHref(collectionPath(home, owner.segment, nameAtOwner)))
  return { path, tree: owner.id, mount: { path, seenAt } }
}
