import type { Settings } from '../../../config/defaults.ts'
import { Refusal } from '../../../protocol/dav/preconditions.ts'
import { findHomeById } from '../../../storage/homes.ts'
import type { HomeId, NodeId } from '../../../storage/ids.ts'
import { listDeletions } from '../../../storage/nodes/node-revisions.ts'
import { lockHomes, restoreNode } from '../../../storage/nodes/node-writes.ts'
import {
  findNode,
  findNodeById,
  findTrashedNode,
  foldersAbove,
  listFolders,
  listTrashedNodes,
  type NodeRow,
  type TrashedNodeRow,
  top,
  trashedDepth,
  trashedTotals,
} from '../../../storage/nodes/nodes.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import type { Reader, Store, Writer } from '../../../storage/store.ts'
import { checkPlace, type Spot } from '../documents/documents.ts'
import { checkQuota } from '../quota.ts'
import { absent, type RestoreOutcome } from './restore.ts'
import type { TrashEntry } from './trash.ts'

const pageRows = 100

/** The folders and files in an account's trash, the latest deletion first. */
export async function* nodeEntries(
  store: Store,
  { id }: PrincipalRow,
  deviceLabels: ReadonlyMap<number, string>,
  from?: Pick<TrashedNodeRow, 'deletedAt' | 'id'>,
): AsyncGenerator<TrashEntry> {
  const paths = folderPaths(store)
  let before = from
  for (;;) {
    const page = await store.read((reader) => listTrashedNodes(reader, id, { before, limit: pageRows }))
    const deletions = await store.read((reader) =>
      listDeletions(
        reader,
        page.map((node) => node.id),
      ),
    )
    for (const node of page) {
      const deletion = deletions.get(node.id)
      const device = deletion?.deviceId == null ? undefined : deviceLabels.get(deletion.deviceId)
      yield {
        id: `f${node.id}`,
        deletedAt: node.deletedAt,
        kind: node.kind,
        name: node.name,
        summary: '',
        collection: (await paths(node.homeId)).get(node.parentId) ?? '',
        device: device ?? deletion?.origin ?? '',
      }
    }
    before = page.at(-1)
    if (page.length < pageRows) return
  }
}

/** The paths of the living folders of a home, which is read once. */
function folderPaths(store: Store): (homeId: HomeId) => Promise<ReadonlyMap<NodeId, string>> {
  const known = new Map<HomeId, ReadonlyMap<NodeId, string>>()
  return async (homeId) => {
    const found = known.get(homeId) ?? pathsOf(await store.read((reader) => listFolders(reader, homeId)))
    known.set(homeId, found)
    return found
  }
}

function pathsOf(folders: readonly NodeRow[]): ReadonlyMap<NodeId, string> {
  const byId = new Map(folders.map((folder) => [folder.id, folder]))
  const paths = new Map<NodeId, string>([[top, '/']])
  const pathOf = (id: NodeId): string => {
    const known = paths.get(id)
    const folder = byId.get(id)
    if (known !== undefined || !folder) return known ?? ''
    const path = `${pathOf(folder.parentId)}${folder.name}/`
    paths.set(id, path)
    return path
  }
  for (const { id } of folders) pathOf(id)
  return paths
}

/** Brings a folder or a file back to where it was, with all that went with it. */
export async function bringBackNode(
  tx: Writer,
  account: PrincipalRow,
  id: NodeId,
  origin: Origin,
  settings: Settings,
): Promise<RestoreOutcome> {
  const found = await findTrashedNode(tx, id)
  const home = found && (await findHomeById(tx, found.homeId))
  if (!home || found.principalId !== account.id) return absent
  await lockHomes(tx, [home])
  const node = await findTrashedNode(tx, id)
  if (!node) return absent
  const parent = node.parentId === top ? undefined : await findNodeById(tx, node.parentId)
  if (!parent && node.parentId !== top) return refused(await reasonGone(tx, node.parentId))
  if (await findNode(tx, home.id, node.parentId, node.name)) {
    return refused(`There is another "${node.name}" now: rename or delete that one first.`)
  }
  const depth = parent ? (await foldersAbove(tx, parent)).length + 2 : 1
  const spot: Spot = { home, parentId: node.parentId, name: node.name, depth }
  try {
    const { nodes, bytes } = await trashedTotals(tx, node)
    await checkPlace(tx, spot, { nodes, levels: await trashedDepth(tx, node) }, settings)
    await checkQuota(tx, account.id, bytes, settings)
    await restoreNode(tx, node, spot, origin)
    return { kind: 'restored', name: node.name, collection: parent?.name ?? '' }
  } catch (error) {
    if (error instanceof Refusal) return refused(error.message)
    throw error
  }
}

async function reasonGone(reader: Reader, id: NodeId): Promise<string> {
  const trashed = await findTrashedNode(reader, id)
  if (!trashed) return 'The folder it was in is gone, or is in the trash within another one.'
  return `The folder "${trashed.name}" is in the trash itself: restore f${id} first.`
}

function refused(reason: string): RestoreOutcome {
  return { kind: 'refused', reason }
}
