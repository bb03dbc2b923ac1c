import { randomUUID } from 'node:crypto'
import { findAnybody } from '../../src/features/accounts/named.ts'
import {
  acceptInvite,
  declineInvite,
  reconcileGroup,
  type Sharing,
  shareCollection,
  unshare,
} from '../../src/features/sharing/sharing.ts'
import { type CollectionRow, findTree } from '../../storage/collections.ts'
import { addGroupMember, removeGroupMember } from '../../storage/groups.ts'
import { listMountsOf, type Mounted } from '../../storage/mounts.ts'
import { insertPrincipal, type PrincipalRow } from '../../storage/principals.ts'
import type { ShareAccess } from '../../storage/shares.ts'
import type { Account, TestServer } from '../dav/server.ts'
import { rowOf } from './world.ts'

/** What tests share with, and whom. */
export type Sharee = Account | PrincipalRow

/** Changes shares as the command line does, beside the running server. */
export interface Shares {
  readonly sharing: Sharing
  /** A group of its own. */
  group(...members: readonly Sharee[]): Promise<PrincipalRow>
  join(group: PrincipalRow, member: Sharee): Promise<void>
  leave(group: PrincipalRow, member: Sharee): Promise<void>
  /** The collection at a path of its owner. */
  at(path: string): Promise<CollectionRow>
  share(path: string, sharee: Sharee, access: ShareAccess, summary?: string): Promise<void>
  unshare(path: string, sharee: Sharee): Promise<boolean>
  /** What is mounted for an account, in whatever state. */
  mounts(account: Account): Promise<Mounted[]>
  /** Accepts whatever an account is invited to. @returns the paths of what it has then */
  accept(account: Account): Promise<string[]>
  decline(account: Account): Promise<void>
}

export function useShares(server: TestServer): Shares {
  const sharing = (): Sharing => ({ origin: { kind: 'web' }, settings: server.settings, newId: randomUUID })
  const principal = (one: Sharee): Promise<PrincipalRow> =>
    'id' in one ? Promise.resolve(one) : rowOf(server, one)
  const members = async (
    change: typeof addGroupMember,
    group: PrincipalRow,
    member: Sharee,
  ): Promise<void> => {
    const { id } = await principal(member)
    await server.services.store.write(async (tx) => {
      await change(tx, group.id, id)
      await reconcileGroup(tx, group.id, sharing())
    })
  }
  const at = async (path: string): Promise<CollectionRow> => {
    const [, , home = '', segment = '', name = ''] = decodeURIComponent(path).split('/')
    const kind = home === 'calendars' ? 'calendars' : 'addressbooks'
    const tree = await server.services.store.read((reader) => findTree(reader, segment, kind, name))
    if (!tree?.collection) throw new Error(`There is no collection ${path}.`)
    return tree.collection
  }
  const mounts = async (account: Account): Promise<Mounted[]> => {
    const { id } = await rowOf(server, account)
    return server.services.store.read((reader) => listMountsOf(reader, id))
  }
  const join: Shares['join'] = (group, member) => members(addGroupMember, group, member)
  return {
    get sharing() {
      return sharing()
    },
    at,
    mounts,
    join,
    leave: (group, member) => members(removeGroupMember, group, member),
    group: async (...held) => {
      const name = `group-${randomUUID()}`
      const group = await server.services.store.write(async (tx) => {
        await insertPrincipal(tx, { kind: 'group', name, segment: name, displayName: name })
        return findAnybody(tx, name)
      })
      for (const member of held) await join(group, member)
      return group
    },
    share: async (path, sharee, access, summary) => {
      const [collection, who] = [await at(path), await principal(sharee)]
      await server.services.store.write((tx) =>
        shareCollection(tx, { collection, principal: who, access, summary }, sharing()),
      )
    },
    unshare: async (path, sharee) => {
      const [collection, who] = [await at(path), await principal(sharee)]
      return server.services.store.write((tx) => unshare(tx, { collection, principal: who }, sharing()))
    },
    accept: async (account) => {
      const invited = await mounts(account)
      return server.services.store.write(async (tx) => {
        const paths: string[] = []
        for (const one of invited) {
          const { name } = await acceptInvite(tx, one.mount, sharing())
          const home = one.collection.kind === 'calendar' ? account.calendars : account.books
          paths.push(`${home}${name}/`)
        }
        return paths
      })
    },
    decline: async (account) => {
      const invited = await mounts(account)
      await server.services.store.write(async (tx) => {
        for (const one of invited) await declineInvite(tx, one.mount, sharing())
      })
    },
  }
}
