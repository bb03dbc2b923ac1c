import type { Settings } from '../../../config/defaults.ts'
import { refuse, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { feedState } from '../../../storage/feeds.ts'
import {
  createFile,
  createFolder,
  type FileContent,
  lockHomes,
  moveNode,
  type NewNode,
  type NodePlace,
  updateFile,
} from '../../../storage/nodes/node-writes.ts'
import {
  type FilesHome,
  homeTotals,
  type NodeRow,
  type NodeTotals,
  subtreeDepth,
} from '../../../storage/nodes/nodes.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { checkName } from '../names.ts'
import { checkQuota } from '../quota.ts'

/** Where something is to be, and how many levels below its home that is: 1 in the home itself. */
export interface Spot extends NodePlace {
  readonly depth: number
}

/** @throws refusal 507 for a full account, 414 for a name too long, 403 for a place too deep */
export async function makeFolder(
  tx: Writer,
  spot: Spot,
  made: Pick<NewNode, 'resourceId' | 'origin'>,
  settings: Settings,
): Promise<NodeRow> {
  await checkPlace(tx, spot, { nodes: 1, levels: 0 }, settings)
  return createFolder(tx, { place: spot, ...made })
}

/**
 * Stores a file under a name, new or over the one that is there.
 * @throws quota-not-exceeded, and as makeFolder
 */
export async function storeFile(
  tx: Writer,
  spot: Spot,
  content: FileContent,
  existing: NodeRow | undefined,
  made: Pick<NewNode, 'resourceId' | 'origin'>,
  settings: Settings,
): Promise<{ readonly isNew: boolean; readonly node: NodeRow }> {
  const { home } = spot
  if (!existing) await checkPlace(tx, spot, { nodes: 1, levels: 0 }, settings)
  const quota = await checkQuota(tx, home.principalId, content.size - (existing?.size ?? 0), settings)
  if (existing)
    return { isNew: false, node: await updateFile(tx, home, existing, content, made.origin, quota) }
  return { isNew: true, node: await createFile(tx, { place: spot, content, ...made, quota }) }
}

/**
 * Moves a folder or a file within an account. A file that takes the place of another takes over its history.
 * @param replaced  the file that is there, which a file is moved onto
 * @throws as makeFolder
 */
export async function moveTo(
  tx: Writer,
  from: FilesHome,
  node: NodeRow,
  to: Spot,
  origin: Origin,
  settings: Settings,
  replaced?: NodeRow,
): Promise<NodeRow> {
  await lockHomes(tx, [from, to.home])
  await checkPlace(tx, to, { nodes: 0, levels: await subtreeDepth(tx, node) }, settings)
  return moveNode(tx, from, node, to, origin, replaced)
}

/** What comes to a place: how many nodes, and how many levels below the uppermost. */
export interface Coming {
  readonly nodes: NodeTotals['nodes']
  readonly levels: number
}

/** @throws as makeFolder */
export async function checkPlace(
  reader: Reader,
  { home, name, depth }: Spot,
  { nodes, levels }: Coming,
  { limits }: Settings,
): Promise<void> {
  checkName(name)
  if (depth + levels > limits.folderDepth) {
    throw refuseStatus(403, `Folders may lie ${limits.folderDepth} deep in each other at most.`)
  }
  if (nodes === 0) return
  // Every node took a number, so that most homes need no counting.
  const numbers = (await feedState(reader, home.feedId))?.change ?? 0
  const limit = limits.filesPerAccount
  if (numbers + nodes <= limit || (await homeTotals(reader, home.id)).nodes + nodes <= limit) return
  throw refuse('quota-not-exceeded', { message: `An account may have ${limit} folders and files at most.` })
}
