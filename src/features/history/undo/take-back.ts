import { refuseStatus } from '../../../../protocol/dav/preconditions.ts'
import type { NodeId, RevisionId } from '../../../../storage/ids.ts'
import {
  changesBelow,
  findAnyNode,
  homeOfFiles,
  idsBelow,
  pastOfNode,
} from '../../../../storage/nodes/node-past.ts'
import type { NodeRevisionRow } from '../../../../storage/nodes/node-revisions.ts'
import { reviveFile } from '../../../../storage/nodes/node-writes.ts'
import {
  findNode,
  findNodeById,
  findTrashedNode,
  foldersAround,
  type NodeRow,
  top,
} from '../../../../storage/nodes/nodes.ts'
import type { Writer } from '../../../../storage/store.ts'
import { checkPlace } from '../../documents/documents.ts'
import { bringBack, discard, type Filing, relocate, writeContent } from '../../files/change-files.ts'
import {
  checkUnlocked,
  type FolderPlace,
  mustMay,
  mustSeeFolder,
  mustSeeHome,
  mustSeeNode,
  parentIdOf,
  spotIn,
} from '../../files/places.ts'
import { checkQuota } from '../../quota.ts'

/** What undoing files takes. */
export interface Replay {
  readonly tx: Writer
  readonly filing: Filing
  /** All that is undone. */
  readonly meant: ReadonlySet<RevisionId>
  /** The request id of all that this undo writes. */
  readonly key: string
  readonly deferred: Set<NodeId>
  /** What stays as it is, for some reason. */
  readonly left: ReadonlySet<NodeId>
  /** Folders that are new, and will be looked at yet. */
  readonly pending: ReadonlySet<NodeId>
}

/** What was done to take one change back. */
export type Did = 'made' | 'removed' | 'changed'

/** Why it stays as it is. */
export interface Kept {
  readonly reason: string
  /** Whether earlier changes of it stay too. */
  readonly isStuck: boolean
}

export const keep = (reason: string, isStuck = false): Kept => ({ reason, isStuck })

/** Whose change it is: of a file that another was moved onto, its own. */
export const nodeOf = ({ formerId, nodeId }: NodeRevisionRow): NodeId => formerId ?? nodeId

/** Takes one change of a folder or a file back. @returns undefined where it is so already @throws refusal */
export function takeBack(replay: Replay, step: NodeRevisionRow): Promise<Did | Kept | undefined> {
  switch (step.kind) {
    case 'created':
    case 'restored':
      return remove(replay, step)
    case 'deleted':
      return bringBackDeleted(replay, step)
    case 'moved':
      return moveBack(replay, step)
    case 'updated':
      return writeBefore(replay, step)
    case 'replaced':
      return revive(replay, step)
  }
}

/** What a folder or a file has been through, as a step of it is judged. */
async function pastOfStep(replay: Replay, step: NodeRevisionRow) {
  const past = await pastOfNode(replay.tx, nodeOf(step))
  const at = past.findIndex(({ id }) => id === step.id)
  return { past, at, foreign: past.slice(at + 1).filter((row) => isForeign(replay, row)) }
}

/** Whether somebody else did it. */
function isForeign(
  { meant, key }: Pick<Replay, 'meant' | 'key'>,
  { id, origin, requestId }: NodeRevisionRow,
): boolean {
  return !meant.has(id) && origin !== 'rule' && origin !== 'job' && requestId !== key
}

const changedSince = keep('Somebody else has changed it since.')
const deletedSince = keep('Somebody else has deleted it since.')
const notKept = keep('What it was before is no longer kept.', true)

async function remove(replay: Replay, step: NodeRevisionRow): Promise<Did | Kept | undefined> {
  const { tx, filing, deferred, pending } = replay
  const row = await findNodeById(tx, nodeOf(step))
  if (!row) return undefined
  const { foreign } = await pastOfStep(replay, step)
  if (foreign.length > 0) return changedSince
  const isAlone = step.kind === 'created' ? isAllDeferred(replay, row) : isAsRestored(replay, row, step)
  if (!(await isAlone)) return keep('Somebody else has put something into it.')
  if (pending.has(row.parentId)) deferred.add(row.id)
  else await discardWhole(tx, filing, deferred, row)
  return 'removed'
}

/** Whether nothing lives in it but what goes with it. */
async function isAllDeferred(
  { tx, deferred }: Pick<Replay, 'tx' | 'deferred'>,
  row: NodeRow,
): Promise<boolean> {
  if (row.kind === 'file') return true
  const below = await idsBelow(tx, row, deferred.size + 1)
  return below.every((id) => deferred.has(id))
}

/** Whether nothing lives in what came back from the trash but what had gone there with it. */
async function isAsRestored(replay: Replay, row: NodeRow, step: NodeRevisionRow): Promise<boolean> {
  const { tx, left } = replay
  if (row.kind === 'file') return true
  if ((await changesBelow(tx, row, step.id)).some((change) => isForeign(replay, change))) return false
  const around = await foldersAround(tx, [...left])
  return ![...around.values()].some((folders) => folders.some(({ id }) => id === row.id))
}

async function discardWhole(tx: Writer, filing: Filing, deferred: Set<NodeId>, row: NodeRow): Promise<void> {
  const below = row.kind === 'file' ? [] : await idsBelow(tx, row, deferred.size + 1)
  await discard(tx, await mustSeeNode(tx, filing.session, row.id), filing)
  for (const id of [row.id, ...below]) deferred.delete(id)
}

/** What was put off and went with no folder around it. */
export async function discardDeferred(tx: Writer, filing: Filing, deferred: Set<NodeId>): Promise<void> {
  // The folders around them were put off later.
  for (const id of [...deferred].toReversed()) {
    const row = deferred.has(id) ? await findNodeById(tx, id) : undefined
    if (row && (await isAllDeferred({ tx, deferred }, row))) await discardWhole(tx, filing, deferred, row)
  }
}

/** Clears a name of what goes to the trash anyway. */
async function clear(
  { tx, filing, deferred }: Replay,
  homeId: number,
  { parentId, name }: { readonly parentId: NodeId; readonly name: string },
): Promise<void> {
  const taken = await findNode(tx, homeId, parentId, name)
  if (taken && deferred.has(taken.id) && (await isAllDeferred({ tx, deferred }, taken)))
    await discardWhole(tx, filing, deferred, taken)
}

async function bringBackDeleted(replay: Replay, step: NodeRevisionRow): Promise<Did | Kept | undefined> {
  const { tx, filing } = replay
  const id = nodeOf(step)
  if (await findNodeById(tx, id)) return undefined
  const { past, at, foreign } = await pastOfStep(replay, step)
  if (foreign.some(({ kind }) => kind === 'deleted')) return { ...deletedSince, isStuck: true }
  if (isTransient(replay, past) || at < 0) return undefined
  const trashed = await findTrashedNode(tx, id)
  if (!trashed) return keep('It is no longer in the trash.', true)
  await clear(replay, trashed.homeId, trashed)
  await bringBack(tx, id, filing)
  return 'made'
}

/** A file that was made and deleted again, and by nobody else touched: it is in the trash, and stays there. */
function isTransient({ meant }: Replay, past: readonly NodeRevisionRow[]): boolean {
  const [first, last] = [past[0], past.at(-1)]
  return first?.kind === 'created' && first.blobId !== null && meant.has(first.id) && last?.kind === 'deleted'
}

async function moveBack(replay: Replay, step: NodeRevisionRow): Promise<Did | Kept | undefined> {
  const { tx, filing } = replay
  const row = await findNodeById(tx, nodeOf(step))
  const { past, at, foreign } = await pastOfStep(replay, step)
  if (!row) return isTransient(replay, past) ? undefined : deletedSince
  const before = past[at - 1]
  if (!before || before.parentId === null) return notKept
  const { parentId, name } = before
  if (row.parentId === parentId && row.name === name) return undefined
  if (foreign.some(({ kind }) => kind === 'moved')) return keep('Somebody else has moved it since.', true)
  const place = await folderOf(replay, row.homeId, parentId)
  if (!place) return folderGone
  await clear(replay, row.homeId, { parentId, name })
  await relocate(tx, await mustSeeNode(tx, filing.session, row.id), { place, name }, filing)
  return 'changed'
}

const folderGone = keep('The folder where it was is gone, or in the trash.', true)

/** A living folder, or the home; undefined where it is gone. @throws refusal where it is closed to whoever undoes */
async function folderOf(
  { tx, filing }: Replay,
  homeId: number,
  id: NodeId,
): Promise<FolderPlace | undefined> {
  if (id === top) return mustSeeHome(tx, filing.session, homeId)
  return (await findNodeById(tx, id)) && mustSeeFolder(tx, filing.session, id)
}

async function writeBefore(replay: Replay, step: NodeRevisionRow): Promise<Did | Kept | undefined> {
  const { tx, filing, meant } = replay
  const { past, at, foreign } = await pastOfStep(replay, step)
  const isMeant = (row: NodeRevisionRow | undefined): boolean => row !== undefined && meant.has(row.id)
  // What was new goes to the trash as it is; of several contents in a row the last is taken back for all.
  if (isMeant(past[0]) && past[0]?.kind === 'created') return undefined
  if (past[at + 1]?.kind === 'updated' && isMeant(past[at + 1])) return undefined
  let first = at
  while (past[first - 1]?.kind === 'updated' && isMeant(past[first - 1])) first -= 1
  const before = past[first - 1]
  const row = await findNodeById(tx, nodeOf(step))
  if (!row) return deletedSince
  if (!before || before.blobId === null) return notKept
  if (row.etag === before.etag && row.mediaType === before.mediaType) return undefined
  if (foreign.some(({ etag }, place) => etag !== (foreign[place - 1] ?? step).etag)) return changedSince
  const { blobId, size, etag, mediaType } = before
  const seen = await mustSeeNode(tx, filing.session, row.id)
  await writeContent(tx, seen, { blobId, size, etag, mediaType }, filing)
  return 'changed'
}

/** A file that another one was moved onto is there again, when that one has gone back. */
async function revive(replay: Replay, step: NodeRevisionRow): Promise<Did | Kept | undefined> {
  const { tx, filing } = replay
  const id = nodeOf(step)
  if (await findAnyNode(tx, id)) return undefined
  const { blobId, parentId, name, size, etag, mediaType, principalId } = step
  const homeId = await homeOfFiles(tx, principalId)
  if (blobId === null || parentId === null || homeId === undefined) return notKept
  const place = await folderOf(replay, homeId, parentId)
  if (!place) return folderGone
  await clear(replay, homeId, { parentId, name })
  if (await findNode(tx, homeId, parentIdOf(place), name))
    throw refuseStatus(409, `There is something of the name "${name}" here already.`)
  mustMay(place, 'bind')
  await checkUnlocked(tx, [{ place, name, act: 'make' }])
  const spot = spotIn(place, name)
  await checkPlace(tx, spot, { nodes: 1, levels: 0 }, filing.settings)
  const quota = await checkQuota(tx, principalId, size, filing.settings)
  const content = { blobId, size, etag, mediaType }
  const made = { place: spot, content, resourceId: filing.newId(), origin: filing.origin, quota }
  await reviveFile(tx, id, made)
  return 'made'
}
