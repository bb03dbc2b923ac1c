import { bit } from '../../../protocol/dav/privileges.ts'
import type { AceTarget } from '../../../storage/aces.ts'
import type { NodeId } from '../../../storage/ids.ts'
import { findNodesByIds, foldersAround, type NodeRow } from '../../../storage/nodes/nodes.ts'
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
  const rows = await findNodesByIds(reader, ids)
  const foreign = rows.filter(({ principalId }) => principalId !== session.principal.id)
  const around = await foldersAround(
    reader,
    foreign.map(({ id }) => id),
  )
  const lists = await readLists(
    reader,
    foreign.flatMap((row) => pathOf(row, around)),
  )
  for (const row of rows) {
    const { id, principalId: ownerId } = row
    const place = { ownerId, hasProxies: false, path: pathOf(row, around) }
    const isOwn = ownerId === session.principal.id
    if (isOwn || ((await rightsAt(reader, session, place, lists)) & bit.read) !== 0) found.set(id, row)
  }
  return found
}

/** From the home inwards. */
function pathOf(row: NodeRow, around: ReadonlyMap<NodeId, readonly NodeRow[]>): AceTarget[] {
  const folders = [...(around.get(row.id) ?? []), ...(row.kind === 'folder' ? [row] : [])]
  return [{ kind: 'home', id: row.homeId }, ...folders.map(({ id }) => ({ kind: 'node', id }) as const)]
}
