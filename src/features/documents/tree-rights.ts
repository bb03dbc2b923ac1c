import { bit, noPrivileges, type PrivilegeSet } from '../../../protocol/dav/privileges.ts'
import { type AceTarget, listHomeAces } from '../../../storage/aces.ts'
import type { HomeId, NodeId } from '../../../storage/ids.ts'
import type { NodeRow } from '../../../storage/nodes/nodes.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { type GuardedPlace, type Lists, rightsAt } from '../rights/rights.ts'

/** What the caller may do with what lies below a folder, however deep, from lists that were read once. */
export interface TreeRights {
  /** A folder is asked for before what lies in it. In one that the caller may not read he sees nothing. */
  of(node: NodeRow): Promise<PrivilegeSet>
}

/** A folder, or a home, whose id is then that of the top. */
export interface TreeRoot {
  readonly homeId: HomeId
  readonly id: NodeId
  readonly guarded: GuardedPlace
  readonly access: PrivilegeSet
}

export async function treeRights(reader: Reader, session: Session, root: TreeRoot): Promise<TreeRights> {
  const { guarded } = root
  if (guarded.ownerId === session.principal.id) return { of: async () => root.access }
  const lists: Lists = { aces: await listHomeAces(reader, root.homeId), shares: [] }
  const listed = new Set(lists.aces.flatMap((row) => (row.targetKind === 'node' ? [row.targetId] : [])))
  const known = new Map<NodeId, { access: PrivilegeSet; path: readonly AceTarget[] }>([
    [root.id, { access: root.access, path: guarded.path }],
  ])
  return {
    of: async ({ id, parentId, kind }) => {
      const parent = known.get(parentId)
      if (!parent || (parent.access & bit.read) === 0) return noPrivileges
      if (kind === 'file') return parent.access
      const path: readonly AceTarget[] = [...parent.path, { kind: 'node', id }]
      const access = listed.has(id)
        ? await rightsAt(reader, session, { ...guarded, path }, lists)
        : parent.access
      known.set(id, { access, path })
      return access
    },
  }
}
