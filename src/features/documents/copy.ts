import type { Settings } from '../../../config/defaults.ts'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { copyDeadProperties } from '../../../storage/dead-properties.ts'
import { createFile, createFolder, lockHomes, updateFile } from '../../../storage/nodes/node-writes.ts'
import {
  type FilesHome,
  listNodes,
  type NodeRow,
  subtreeDepth,
  subtreeTotals,
} from '../../../storage/nodes/nodes.ts'
import type { Origin } from '../../../storage/origin.ts'
import { readsWithin, type Writer } from '../../../storage/store.ts'
import { createPause } from '../pause.ts'
import { checkQuota } from '../quota.ts'
import { checkPlace, type Spot } from './documents.ts'

/** How a copy is made. */
export interface CopyOptions {
  /** A folder with all that is in it. */
  readonly withMembers: boolean
  /** Whether what lies in a folder is copied too; what the caller may not read is left out. */
  readonly isSeen: (node: NodeRow) => boolean | Promise<boolean>
  readonly origin: Origin
  readonly newId: () => string
}

/**
 * Copies a folder or a file with its properties. The octets are shared, not copied.
 * @param replaced  the file that is there, whose content becomes that of the copied one
 * @throws quota-not-exceeded, refusal 507 for more than is copied at once, and as makeFolder
 * @see RFC 4918 §9.8
 */
export async function copyTo(
  tx: Writer,
  from: FilesHome,
  node: NodeRow,
  to: Spot,
  options: CopyOptions,
  settings: Settings,
  replaced?: NodeRow,
): Promise<NodeRow> {
  await lockHomes(tx, [from, to.home])
  const { nodes, bytes } = options.withMembers
    ? await subtreeTotals(tx, node)
    : { nodes: 1, bytes: node.size }
  checkCopied(nodes, settings)
  const levels = options.withMembers ? await subtreeDepth(tx, node) : 0
  await checkPlace(tx, to, { nodes: replaced ? 0 : nodes, levels }, settings)
  const { principalId } = to.home
  const quota = await checkQuota(tx, principalId, bytes - (replaced?.size ?? 0), settings)
  if (node.kind === 'file') return copyFile(tx, node, to, options, quota, replaced)
  const copied = await copyFolder(tx, node, to, options)
  if (options.withMembers) await copyMembers(tx, from, node, { ...to, parentId: copied.id }, options, quota)
  return copied
}

async function copyFile(
  tx: Writer,
  file: NodeRow,
  to: Spot,
  { origin, newId }: CopyOptions,
  quota: number | undefined,
  replaced?: NodeRow,
): Promise<NodeRow> {
  const { blobId, size, etag, mediaType } = file
  if (blobId === null) throw new Error('The file has no octets.')
  const content = { blobId, size, etag, mediaType }
  const made = replaced
    ? await updateFile(tx, to.home, replaced, content, origin, quota)
    : await createFile(tx, { place: to, resourceId: newId(), origin, content, quota })
  await copyProperties(tx, file, made)
  return made
}

async function copyFolder(
  tx: Writer,
  folder: NodeRow,
  to: Spot,
  { origin, newId }: CopyOptions,
): Promise<NodeRow> {
  const made = await createFolder(tx, { place: to, resourceId: newId(), origin })
  await copyProperties(tx, folder, made)
  return made
}

/** One folder after the other, so that no stack grows with the tree. */
async function copyMembers(
  tx: Writer,
  from: FilesHome,
  folder: NodeRow,
  into: Omit<Spot, 'name'>,
  options: CopyOptions,
  quota: number | undefined,
): Promise<void> {
  const within = readsWithin(tx)
  const waiting = [{ folder, parentId: into.parentId }]
  const pause = createPause()
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    for await (const page of listNodes(within, from.id, next.folder.id)) {
      for (const node of page) {
        if (!(await options.isSeen(node))) continue
        const to = { ...into, parentId: next.parentId, name: node.name }
        if (node.kind === 'file') await copyFile(tx, node, to, options, quota)
        else waiting.push({ folder: node, parentId: (await copyFolder(tx, node, to, options)).id })
        const turn = pause()
        if (turn) await turn
      }
    }
  }
}

function copyProperties(tx: Writer, from: NodeRow, to: NodeRow): Promise<void> {
  return copyDeadProperties(tx, { kind: 'node', id: from.id }, { kind: 'node', id: to.id })
}

/** A copy is one transaction, which other writes wait for. */
function checkCopied(nodes: number, { limits }: Settings): void {
  const limit = limits.copiedObjects
  if (nodes <= limit) return
  throw refuseStatus(507, `More than ${limit} folders and files are not copied at once.`)
}
