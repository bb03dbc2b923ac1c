import { bit } from '../../../protocol/dav/privileges.ts'
import type { NodeId } from '../../../storage/ids.ts'
import { findNodesByIds, foldersAbove, type NodeRow } from '../../../storage/nodes/nodes.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { readLists, rightsAt } from '../rights/rights.ts'

/** Those of these folders and files that somebody reads, by id; the others are not there for him. */
export async function readableNodes(
  reader: Reader,
  session: Session,
  ids: readonly NodeId[],
): Promise<ReadonlyMap<NodeId, NodeRow>> {
  const found = new Map<NodeId, NodeRow>()
  if (ids.length === 0) return found
  for (const row of await findNodesByIds(reader, ids))
    if (await isReadable(reader, session, row)) found.set(row.id, row)
  return found
}

async function isReadable(reader: Reader, session: Session, row: NodeRow): Promise<boolean> {
  if (row.principalId === session.principal.id) return true
  const folders = [...(await foldersAbove(reader, row)), ...(row.kind === 'folder' ? [row] : [])]
  const path = [
    { kind: 'home', id: row.homeId } as const,
    ...folders.map(({ id }) => ({ kind: 'node', id }) as const),
  ]
  const place = { ownerId: row.principalId, hasProxies: false, path }
  return ((await rightsAt(reader, session, place, await readLists(reader, path))) & bit.read) !== 0
}
