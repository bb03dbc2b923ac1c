import { bit, noPrivileges, type PrivilegeSet } from '../../../protocol/dav/privileges.ts'
import { type AceTarget, listHomeAces } from '../../../storage/aces.ts'
import type { NodeId } from '../../../storage/ids.ts'
import { type NodeRow, top } from '../../../storage/nodes/nodes.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { type Lists, rightsAt } from '../../features/rights/rights.ts'
import { type FolderLike, fileHomeOf } from '../resource.ts'

/** What the caller may do with what lies below a folder, however deep, from lists that were read once. */
export interface TreeRights {
  /** A folder is asked for before what lies in it. In one that the caller may not read he sees nothing. */
  of(node: NodeRow): Promise<PrivilegeSet>
}

export async function treeRights(reader: Reader, session: Session, root: FolderLike): Promise<TreeRights> {
  const { guarded } = root
  if (guarded.ownerId === session.principal.id) return { of: async () => root.access }
  const lists: Lists = { aces: await listHomeAces(reader, fileHomeOf(root).row.id), shares: [] }
  const listed = new Set(lists.aces.flatMap((row) => (row.targetKind === 'node' ? [row.targetId] : [])))
  const rootId = root.kind === 'folder' ? root.row.id : top
  const known = new Map<NodeId, { access: PrivilegeSet; path: readonly AceTarget[] }>([
    [rootId, { access: root.access, path: guarded.path }],
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
