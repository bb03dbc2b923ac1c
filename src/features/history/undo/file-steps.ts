import { Refusal, refuseStatus } from '../../../../protocol/dav/preconditions.ts'
import type { NodeId, RevisionId } from '../../../../storage/ids.ts'
import { nodeRevisionsOfDevice, nodeRevisionsOfRequest } from '../../../../storage/nodes/node-past.ts'
import type { NodeRevisionRow } from '../../../../storage/nodes/node-revisions.ts'
import type { Reader, Writer } from '../../../../storage/store.ts'
import { attempt } from '../../../../storage/transactions/savepoint.ts'
import type { Filing } from '../../files/change-files.ts'
import { rowsToUndo, type UndoAsker, type UndoSource } from './selection.ts'
import { type Did, keep, nodeOf, type Replay, takeBack } from './take-back.ts'

/**
 * All that was done to folders and files, the latest first: each change is taken back by its opposite in that order, so that
 * names that were passed on, folders within folders and what was moved out of them come to be as they were.
 * @throws refusal 422 where there is too much
 */
export async function fileSteps(
  reader: Reader,
  source: UndoSource,
  { author, most }: UndoAsker,
): Promise<NodeRevisionRow[]> {
  const read = { ofDevice: nodeRevisionsOfDevice, ofRequest: nodeRevisionsOfRequest }
  const steps = await rowsToUndo(reader, source, { author, most: most + 1 }, read)
  if (steps.length > most) throw refuseStatus(422, `That is more than ${most} changes of files at once.`)
  return steps
}

/** How far it is: what goes on elsewhere needs, as JSON. */
export interface FilesState {
  /** Changes before this one are to be taken back still. */
  below: RevisionId
  /** New ones that go to the trash with the folder around them, which is new too. */
  deferred: NodeId[]
  /** Those that stay where others, or what stands in the way, have them. */
  stuck: NodeId[]
  /** What became of each: its last name first known, and what was done. */
  readonly found: Record<NodeId, FoundFile>
}

export interface FoundFile {
  readonly name: string
  readonly isFolder: boolean
  readonly did: Did[]
  note: string
}

export const newFilesState = (): FilesState => ({
  below: Number.MAX_SAFE_INTEGER,
  deferred: [],
  stuck: [],
  found: {},
})

/** Takes the next changes back, in the write that is given. @param count  changes at most @returns whether there are more */
export async function takeBackSteps(
  tx: Writer,
  steps: readonly NodeRevisionRow[],
  by: { readonly filing: Filing; readonly key: string; readonly count: number },
  state: FilesState,
): Promise<boolean> {
  const meant = new Set(steps.map(({ id }) => id))
  const open = steps.filter(({ id }) => id < state.below)
  const deferred = new Set(state.deferred)
  const pending = new Set(open.filter(isNewFolder).map(nodeOf))
  const left = new Set(Object.entries(state.found).flatMap(([id, { note }]) => (note ? [Number(id)] : [])))
  const replay = { tx, filing: by.filing, meant, key: by.key, deferred, pending, left }
  for (const step of open.slice(0, by.count)) {
    state.below = step.id
    if (isNewFolder(step)) pending.delete(nodeOf(step))
    await takeStep(replay, step, state)
  }
  state.deferred = [...deferred]
  return open.length > by.count
}

const isNewFolder = ({ kind, blobId }: NodeRevisionRow): boolean => kind === 'created' && blobId === null

async function takeStep(
  replay: Replay & { readonly left: Set<NodeId> },
  step: NodeRevisionRow,
  state: FilesState,
): Promise<void> {
  const id = nodeOf(step)
  state.found[id] ??= { name: step.name, isFolder: step.blobId === null, did: [], note: '' }
  const found = state.found[id]
  if (state.stuck.includes(id)) return
  const done = await tried(replay, (part) => takeBack({ ...replay, tx: part }, step))
  if (done === undefined) return
  if (typeof done === 'string') {
    found.did.push(done)
    return
  }
  found.note = done.reason
  replay.left.add(id)
  // What was done to it before cannot be told from where it is now.
  if (done.isStuck) state.stuck.push(id)
}

/** A refusal is told. What was put off, or thrown away, before it stays so. */
async function tried(
  { tx, deferred }: Replay,
  act: (part: Writer) => ReturnType<typeof takeBack>,
): ReturnType<typeof takeBack> {
  const before = [...deferred]
  try {
    return await attempt(tx, act)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    deferred.clear()
    for (const id of before) deferred.add(id)
    return keep(
      error.status === 404 || error.status === 403 ? 'You may no longer write there.' : error.message,
      true,
    )
  }
}
