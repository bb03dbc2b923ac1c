import { bit } from '../../../protocol/dav/privileges.ts'
import { type InvitedUser, inviteContent } from '../../../protocol/dav/sharing.ts'
import type { CollectionId } from '../../../storage/ids.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import { listSharees, type Sharee } from '../../../storage/shares.ts'
import type { Reader } from '../../../storage/store.ts'
import { principalPath } from '../paths.ts'
import { type CollectionResource, isCollection, type Resource } from '../resource.ts'
import { isWriting } from './notifications.ts'

/** Whom the collections being rendered are shared with. */
export interface PageSharees {
  /** Looks up those of a page of resources, in one query. */
  load(reader: Reader, resources: readonly Resource[]): Promise<void>
  /** The content of CS:invite; undefined for what is not shared. */
  invite(collection: CollectionResource): string | undefined
}

export function createPageSharees(): PageSharees {
  const sharees = new Map<CollectionId, Sharee[]>()
  return {
    load: async (reader, resources) => {
      const shared = resources.filter(isCollection).filter(({ row, mount }) => !mount && row.isShared === 1)
      const ids = shared.map(({ row }) => row.id)
      if (ids.length === 0) return
      for (const sharee of await listSharees(reader, ids)) {
        const { collectionId } = sharee.share
        sharees.set(collectionId, [...(sharees.get(collectionId) ?? []), sharee])
      }
    },
    invite: (collection) => {
      if (collection.mount) return ownInvite(collection)
      const users = sharees.get(collection.row.id)
      return users && inviteContent(personOf(collection.owner), users.map(invitedUser))
    },
  }
}

/** Whether the caller may say who may do what. */
export function mayShare({ access }: Pick<CollectionResource, 'access'>): boolean {
  return (access & bit['write-acl']) !== 0
}

/** What a sharee may know: whose it is, and what he himself may do (IOS-22). */
function ownInvite({ owner, principal, mount }: CollectionResource): string | undefined {
  if (!mount) return undefined
  const state = 'accepted' as const
  const user = { ...personOf(principal), state, writes: isWriting(mount.access), summary: null }
  return inviteContent(personOf(owner), [user])
}

/** A group needs not be asked: its members are, each by himself. */
function invitedUser({ share, principal, state = 'accepted' }: Sharee): InvitedUser {
  const { access, summary } = share
  return { ...personOf(principal), uid: String(share.id), state, writes: isWriting(access), summary }
}

function personOf({ segment, displayName, name }: PrincipalRow): Pick<InvitedUser, 'href' | 'name'> {
  return { href: principalPath(segment), name: displayName || name }
}
