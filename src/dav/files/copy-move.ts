import { readDepth, readDestination, readOverwrite } from '../../../protocol/dav/headers.ts'
import { encodePath } from '../../../protocol/dav/href.ts'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { bit } from '../../../protocol/dav/privileges.ts'
import { deleteNode, lockHomes } from '../../../storage/nodes/node-writes.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Writer } from '../../../storage/store.ts'
import { copyTo } from '../../features/documents/copy.ts'
import { moveTo, type Spot } from '../../features/documents/documents.ts'
import { treeRights } from '../../features/documents/tree-rights.ts'
import { authorize, needs } from '../access.ts'
import { type Call, originOf } from '../call.ts'
import { checkConditions } from '../conditions.ts'
import { type Change, checkLocks, dropLocks } from '../locks/guard.ts'
import { placeIn, placeOf } from '../locks/places.ts'
import { locate } from '../paths.ts'
import { empty, type Reply } from '../reply.ts'
import { type FolderLike, fileHomeOf, isNode, treeRootOf } from '../resource.ts'
import { mustFind, mustRead } from '../tree.ts'
import { type BelowHome, findTarget, isBelowHome, type NodeResource, spotIn, type Target } from './tree.ts'

type Action = 'copy' | 'move'

/** @see RFC 4918 §9.8 */
export function copyNode(call: Call): Promise<Reply> {
  return transfer(call, 'copy')
}

/** @see RFC 4918 §9.9 */
export function moveNodeTo(call: Call): Promise<Reply> {
  return transfer(call, 'move')
}

async function transfer(call: Call, action: Action): Promise<Reply> {
  const { session, store, headers, location } = call
  const segments = readDestination(headers.destination as string | undefined)
  const to = locate(segments)
  const overwrite = readOverwrite(headers.overwrite as string | undefined)
  const found = await store.read((reader) => mustFind(reader, session, location))
  if (!isNode(found) || (to.kind === 'node' && !isBelowHome(to))) {
    throw needs(session, found.href, [action === 'move' ? 'unbind' : 'bind'])
  }
  if (!isBelowHome(to)) throw refuseStatus(403, 'Folders and files go among files only.')
  const depth = depthOf(call, found, action)
  const { isNew, isFolder } = await store.write(async (tx) => {
    const source = await mustReadNode(tx, call)
    await lockHomes(tx, await homesOf(tx, call, source, to))
    return transferWithin(tx, call, { action, to, depth, overwrite })
  })
  return isNew ? empty(201, { Location: encodePath(segments, isFolder) }) : empty(204)
}

interface Transfer {
  readonly action: Action
  readonly to: BelowHome
  readonly depth: 0 | 'infinity'
  readonly overwrite: boolean
}

/** What was read before the homes were locked is read again. */
async function transferWithin(
  tx: Writer,
  call: Call,
  { action, to, depth, overwrite }: Transfer,
): Promise<{ readonly isNew: boolean; readonly isFolder: boolean }> {
  const source = await mustReadNode(tx, call)
  const target = await findTarget(tx, call.session, to)
  const { parent, existing } = target
  if (!parent) throw refuseStatus(409, 'The folder of the destination does not exist.')
  authorize(call.session, `${action}-${existing ? 'over' : 'new'}`, {
    resource: source,
    parent: source.parent,
    target: existing ?? parent,
    targetParent: parent,
  })
  const takesOver = existing?.kind === 'file' && source.kind === 'file' ? existing : undefined
  if (existing && !takesOver) authorize(call.session, 'replace-whole', { targetParent: parent })
  checkApart(source, target, depth)
  await checkConditions(tx, call, source)
  if (existing && !overwrite) throw refuseStatus(412, 'There is something at the destination.')
  const held = await checkLocks(tx, call, changesOf(action, source, { ...target, parent }))
  const origin = originOf(call, action)
  if (existing && !takesOver) await deleteNode(tx, fileHomeOf(parent).row, existing.row, origin)
  const spot = spotIn(parent, to.names.at(-1) ?? '')
  const how = { depth, replaced: takesOver, origin }
  if (action === 'copy') await copy(tx, call, source, spot, how)
  else {
    await moveNodeInto(tx, call, source, spot, how)
    await dropLocks(tx, held, placeOf(source))
  }
  if (existing && !(takesOver && action === 'copy')) await dropLocks(tx, held, placeOf(existing))
  return { isNew: !existing, isFolder: source.kind === 'folder' }
}

interface How {
  readonly depth: Transfer['depth']
  /** The file that a file takes the place of. */
  readonly replaced: NodeResource | undefined
  readonly origin: Origin
}

/**
 * To another account goes what the mover may read, as a copy: he would own what is closed to him otherwise. Whoever had it
 * finds all of it in the trash (law 4).
 */
async function moveNodeInto(
  tx: Writer,
  call: Call,
  source: NodeResource,
  spot: Spot,
  how: How,
): Promise<void> {
  const from = source.home.row
  if (from.principalId === spot.home.principalId) {
    await moveTo(tx, from, source.row, spot, how.origin, call.settings, how.replaced?.row)
    return
  }
  await copy(tx, call, source, spot, how)
  await deleteNode(tx, from, source.row, how.origin)
}

async function copy(
  tx: Writer,
  call: Call,
  source: NodeResource,
  spot: Spot,
  { depth, replaced, origin }: How,
): Promise<void> {
  const rights = source.kind === 'folder' ? await treeRights(tx, call.session, treeRootOf(source)) : undefined
  const options = {
    withMembers: depth === 'infinity',
    isSeen: async (node: NodeResource['row']) => (((await rights?.of(node)) ?? 0) & bit.read) !== 0,
    origin,
    newId: call.newId,
  }
  await copyTo(tx, source.home.row, source.row, spot, options, call.settings, replaced?.row)
}

async function mustReadNode(tx: Writer, { session, location }: Call): Promise<NodeResource> {
  const source = await mustRead(tx, session, location)
  if (isNode(source)) return source
  throw needs(session, source.href, ['unbind'])
}

/** The homes of both ends. */
async function homesOf(tx: Writer, { session }: Call, source: NodeResource, to: BelowHome) {
  const { parent } = await findTarget(tx, session, to)
  return parent ? [source.home.row, fileHomeOf(parent).row] : [source.home.row]
}

/** A file is copied whole, whatever the Depth. @see RFC 4918 §9.8.3, §9.9.2 */
function depthOf({ headers }: Call, { kind }: NodeResource, action: Action): Transfer['depth'] {
  const depth = readDepth(headers.depth as string | undefined) ?? 'infinity'
  if (kind === 'file' || depth === 'infinity') return 'infinity'
  if (depth === 0 && action === 'copy') return 0
  throw refuseStatus(400, 'A folder is copied with Depth 0 or infinity, and moved whole.')
}

/** Nothing goes into itself, or in the place of what it is in. @see RFC 4918 §9.8.5, §9.9.4 */
function checkApart(source: NodeResource, { parent, existing }: Target, depth: Transfer['depth']): void {
  if (existing?.row.id === source.row.id) {
    throw refuseStatus(403, 'The source and the destination are the same.')
  }
  if (parent && depth === 'infinity' && isIn(parent, source)) {
    throw refuseStatus(403, 'A folder cannot go into itself.')
  }
  if (existing && isIn(source.parent, existing)) {
    throw refuseStatus(403, 'Nothing can take the place of a folder that it is in.')
  }
}

/** Whether a folder is this node, or below it. */
function isIn(folder: FolderLike, node: NodeResource): boolean {
  let around = folder
  for (; around.kind === 'folder'; around = around.parent) if (around.row.id === node.row.id) return true
  return false
}

/** COPY touches the destination, MOVE the source too. @see RFC 4918 §7.4, §7.5 */
function changesOf(
  action: Action,
  source: NodeResource,
  { parent, existing, name }: Target & { readonly parent: FolderLike },
): Change[] {
  const kept = action === 'copy' && source.kind === 'file' && existing?.kind === 'file'
  const to: Change = existing
    ? { place: placeOf(existing), act: kept ? 'change' : 'remove', isWhole: !kept }
    : { place: placeIn(placeOf(parent), name), act: 'make' }
  return action === 'copy' ? [to] : [{ place: placeOf(source), act: 'remove', isWhole: true }, to]
}
