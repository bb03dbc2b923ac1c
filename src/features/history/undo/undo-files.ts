import { setTimeout as wait } from 'node:timers/promises'
import { type BatchRow, changeOptions, holdBatch } from '../../../../storage/batches/batches.ts'
import type { NodeId } from '../../../../storage/ids.ts'
import { findAnyNode } from '../../../../storage/nodes/node-past.ts'
import type { NodeRevisionRow } from '../../../../storage/nodes/node-revisions.ts'
import { foldersAbove } from '../../../../storage/nodes/nodes.ts'
import type { Reader, Store, Writer } from '../../../../storage/store.ts'
import type { Session } from '../../../auth/session.ts'
import type { Services } from '../../../services.ts'
import type { Filing } from '../../files/change-files.ts'
import { may, seeNode } from '../../files/places.ts'
import { type FilesState, type FoundFile, fileSteps, newFilesState, takeBackSteps } from './file-steps.ts'
import type { UndoSource } from './selection.ts'
import { discardDeferred } from './take-back.ts'
import type { DoneItem, UndoRun } from './undo.ts'
import type { Undone } from './undo-object.ts'

/** How folders and files are named among the items of an undo. */
export type FileComponent = 'FOLDER' | 'FILE'

/** What became of one folder or file. */
export interface DoneFile extends Pick<Undone, 'outcome' | 'note'> {
  readonly component: FileComponent
  /** Both empty for whoever does not see it. */
  readonly name: string
  /** The folders around it: `Offers/2026`. */
  readonly folder: string
}

/** Changes of one write: its writer waits for all of them. */
const stepsOfWrite = 50
/** So that writes of clients come between them. */
const pauseMs = 5

/** Takes back what was done to folders and files, or goes on with it. */
export async function undoFiles({
  services,
  batch,
  source,
  runner,
  session,
  signal,
  note,
}: UndoRun): Promise<void> {
  const { store, settings, newId } = services
  const asked = { author: batch.principalId, most: settings.limits.undoneObjects }
  const steps = await store.read((reader) => fileSteps(reader, source, asked))
  if (steps.length === 0) return
  const origin = { kind: 'restore', authorId: session.principal.id, requestId: batch.key } as const
  const by = { filing: { session, settings, newId, origin }, key: batch.key, count: stepsOfWrite }
  const state = stateIn(batch)
  for (let isOpen = !state.isDone; isOpen && !signal.aborted; ) {
    isOpen = await store.write(async (tx) => {
      if (!(await holdBatch(tx, { id: batch.id, runner }))) return false
      const again = structuredClone(state.files)
      const more = await takeBackSteps(tx, steps, by, again)
      if (!more) await note(tx, (await settled(tx, by.filing, again)).map(itemOfFile))
      await changeOptions(tx, batch.id, JSON.stringify({ files: again, isDone: !more }))
      state.files = again
      return more
    })
    await wait(pauseMs)
  }
}

/** How far it was when it was stopped. */
function stateIn({ options }: BatchRow): { files: FilesState; readonly isDone: boolean } {
  const { files = newFilesState(), isDone = false } = JSON.parse(options) as {
    files?: FilesState
    isDone?: boolean
  }
  return { files, isDone }
}

/** The same for few changes, in the write that is given. */
export async function undoFilesAtOnce(
  tx: Writer,
  steps: readonly NodeRevisionRow[],
  filing: Filing,
  key: string,
): Promise<DoneFile[]> {
  if (steps.length === 0) return []
  const state = newFilesState()
  await takeBackSteps(tx, steps, { filing, key, count: steps.length }, state)
  return settled(tx, filing, state)
}

class TrialOver extends Error {
  override name = 'TrialOver'
}

/**
 * What would become of them: it is done, and none of it is kept. Of very much at once the rows alone are looked at: that
 * something stands in the way shows only when it is done.
 */
export async function tryFiles(
  {
    store,
    settings,
    newId,
  }: Pick<Services, 'settings' | 'newId'> & { readonly store: Pick<Store, 'read' | 'write'> },
  session: Session,
  source: UndoSource,
): Promise<DoneFile[]> {
  const { undoneObjects: most, triedItems } = settings.limits
  const steps = await store.read((reader) =>
    fileSteps(reader, source, { author: session.principal.id, most }),
  )
  if (steps.length === 0) return []
  if (steps.length > triedItems) return store.read((reader) => judgedByRows(reader, session, steps))
  const key = newId()
  const origin = { kind: 'restore', authorId: session.principal.id, requestId: key } as const
  const found: DoneFile[] = []
  try {
    await store.write(async (tx) => {
      found.push(...(await undoFilesAtOnce(tx, steps, { session, settings, newId, origin }, key)))
      throw new TrialOver()
    })
  } catch (error) {
    if (!(error instanceof TrialOver)) throw error
  }
  return found
}

const didOf = { created: 'removed', restored: 'removed', deleted: 'made', replaced: 'made' } as const

function judgedByRows(
  reader: Reader,
  session: Session,
  steps: readonly NodeRevisionRow[],
): Promise<DoneFile[]> {
  const { found } = newFilesState()
  for (const { formerId, nodeId, name, blobId, kind } of steps) {
    const one = (found[formerId ?? nodeId] ??= { name, isFolder: blobId === null, did: [], note: '' })
    one.did.push(kind === 'updated' || kind === 'moved' ? 'changed' : didOf[kind])
  }
  return told(reader, session, found)
}

/** What was put off goes to the trash at last. */
async function settled(tx: Writer, filing: Filing, state: FilesState): Promise<DoneFile[]> {
  await discardDeferred(tx, filing, new Set(state.deferred))
  state.deferred = []
  return told(tx, filing.session, state.found)
}

async function told(reader: Reader, session: Session, found: FilesState['found']): Promise<DoneFile[]> {
  const files: DoneFile[] = []
  for (const [id, one] of Object.entries(found)) {
    const { outcome, note } = outcomeOf(one)
    const component = one.isFolder ? 'FOLDER' : 'FILE'
    files.push({ outcome, note, component, ...(await placeOf(reader, session, Number(id), one)) })
  }
  return files
}

function outcomeOf({ did, note }: FoundFile): Pick<DoneFile, 'outcome' | 'note'> {
  const last = did.at(-1)
  const isThere = did.includes('made')
  if (last === undefined) return { outcome: note === '' ? 'unchanged' : 'skipped', note }
  if (last === 'removed') return { outcome: isThere ? 'unchanged' : 'removed', note }
  return { outcome: isThere ? 'created' : 'updated', note }
}

/** Its name, and where it is, or was at last, for whoever reads that. */
async function placeOf(
  reader: Reader,
  session: Session,
  id: NodeId,
  { name }: FoundFile,
): Promise<Pick<DoneFile, 'name' | 'folder'>> {
  const row = await findAnyNode(reader, id)
  const seen = row && (await seeNode(reader, session, row))
  if (!row || !seen || !may(seen, 'read')) return { name: '', folder: '' }
  return {
    name: row.name || name,
    folder: (await foldersAbove(reader, row)).map((one) => one.name).join('/'),
  }
}

/** One among the items of an undo. */
export function itemOfFile({ outcome, note, component, name, folder }: DoneFile): DoneItem {
  return { outcome, note, component, name, place: [folder, name].filter(Boolean).join('/') }
}
