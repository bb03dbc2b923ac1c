import { setTimeout as wait } from 'node:timers/promises'
import {
  addBatch,
  advanceBatch,
  type BatchRow,
  endBatch,
  endUndo,
  findBatchById,
  holdBatch,
  type NewBatch,
  noteUndo,
  takeBatch,
} from '../../../../storage/batches/batches.ts'
import { addItems, objectsOfBatch, type UndoItem } from '../../../../storage/batches/items.ts'
import type { BatchId, ObjectId } from '../../../../storage/ids.ts'
import { groupsAmong } from '../../../../storage/lists/list-queries.ts'
import type { Origin } from '../../../../storage/origin.ts'
import { findPrincipalById } from '../../../../storage/principals.ts'
import type { Reader, Writer } from '../../../../storage/store.ts'
import { scheduleJob } from '../../../../storage/upkeep/jobs.ts'
import { actingFor, type Session } from '../../../auth/session.ts'
import type { Services } from '../../../services.ts'
import { deferFolding, settleRun } from '../../lists/lists.ts'
import { createPause, createStride } from '../../pause.ts'
import { bringBackCollections, undoFacts } from './beside.ts'
import { removeMadeCollections } from './made-collections.ts'
import { planUndo } from './plan.ts'
import { isMeantBy, objectsToUndo, pastsOf, type UndoSource } from './selection.ts'
import { undoFiles } from './undo-files.ts'
import { isReadable, type ObjectPast, placeOf, type Undoing, type Undone, undoObject } from './undo-object.ts'
import { undoProperties } from './undo-properties.ts'
import { mustBeAbleTo, undoThings } from './undo-things.ts'

/** The kind of job that does it; its id is that of the batch. */
export const undoJobKind = 'undo-changes'

/**
 * Has everything undone that a device did between two moments, that one request did, or that such an undo did itself: by a job, as ordinary changes,
 * object by object, what was done last first. It is a batch, whose items say what became of each.
 * @throws refusal 403 for what is changed in person only
 */
export async function startUndo(
  tx: Writer,
  session: Session,
  source: UndoSource,
  services: Pick<Services, 'newId' | 'settings'>,
): Promise<BatchId> {
  await mustBeAbleTo(tx, session, source, services)
  const id = await addUndo(tx, session, source, { key: services.newId(), runner: services.newId() })
  await scheduleJob(tx, `${undoJobKind}:${id}`, tx.now)
  return id
}

/** The same for whoever runs it himself. @param run.key  the request id of all that it writes */
export function addUndo(
  tx: Writer,
  session: Session,
  source: UndoSource,
  run: Pick<NewBatch, 'key' | 'runner'>,
): Promise<BatchId> {
  return addBatch(tx, {
    ...{ ...run, principalId: session.principal.id, kind: 'undo', isTrial: false },
    ...{ source: JSON.stringify(source), options: '{}' },
  })
}

/** What a batch undoes. */
export function sourceOf({ source }: Pick<BatchRow, 'source'>): UndoSource {
  return JSON.parse(source) as UndoSource
}

/** Objects of one write at most: its writer waits for all of them. */
const pageObjects = 250
/** So that writes of clients come between the pages. */
const pauseMs = 5

/** Undoes, or goes on undoing where it was stopped. */
export async function runUndo(services: Services, id: BatchId, signal: AbortSignal): Promise<'over'> {
  const { store, newId, settings } = services
  const batch = await store.read((reader) => findBatchById(reader, id))
  const account = batch && (await store.read((reader) => findPrincipalById(reader, batch.principalId)))
  const runner = newId()
  if (!account || batch?.kind !== 'undo' || !(await store.write((tx) => takeBatch(tx, id, runner))))
    return 'over'
  const session = actingFor(account, settings)
  const note: UndoRun['note'] = (tx, items) => noteItems(tx, batch, items)
  const run: UndoRun = { services, batch, source: sourceOf(batch), runner, session, signal, note }
  const open = await openObjects(run)
  await bringBackCollections(run)
  const blocked = await undoAll(run, open, true)
  // What stood in the way may have gone meanwhile.
  if (!signal.aborted && blocked.length > 0) await undoAll(run, blocked, false)
  if (!signal.aborted) await settleRun(services, originOf(run))
  if (!signal.aborted) await undoProperties(run)
  if (!signal.aborted) await undoFiles(run)
  if (!signal.aborted) await undoFacts(run)
  if (!signal.aborted) await undoThings(run)
  if (!signal.aborted) await removeMadeCollections(run)
  if (signal.aborted) return 'over'
  await store.write(async (tx) => {
    const source = sourceOf(batch)
    if ((await endBatch(tx, { id, runner }, { kind: 'finished' })) && 'batch' in source)
      await endUndo(tx, source.batch)
  })
  return 'over'
}

/** An undo that is under way. */
export interface UndoRun {
  readonly services: Services
  readonly batch: BatchRow
  readonly source: UndoSource
  readonly runner: string
  readonly session: Session
  readonly signal: AbortSignal
  /** Writes down what became of some of it, in the write that did it. */
  readonly note: (tx: Writer, items: readonly DoneItem[]) => Promise<void>
}

/** What became of one thing. */
export type DoneItem = Omit<UndoItem, 'number'>

/** What has not been looked at: of what was there when it was asked for. */
async function openObjects({ services, batch }: UndoRun): Promise<ObjectId[]> {
  const { undoneObjects } = services.settings.limits
  return services.store.read(async (reader) => {
    const done = new Set(await objectsOfBatch(reader, batch.id))
    const objects = await objectsToUndo(reader, sourceOf(batch), undoneObjects)
    return groupsLast(
      reader,
      objects.filter((id) => !done.has(id)),
    )
  })
}

/** What a group says of people is told after what they say themselves: then these have nothing to follow in. */
export async function groupsLast(reader: Reader, ids: readonly ObjectId[]): Promise<ObjectId[]> {
  const groups = await groupsAmong(reader, ids)
  return [...ids.filter((id) => !groups.has(id)), ...ids.filter((id) => groups.has(id))]
}

/** @returns those that are to be tried again at the end, where that is wanted */
async function undoAll(run: UndoRun, ids: readonly ObjectId[], isAgain: boolean): Promise<ObjectId[]> {
  const blocked: ObjectId[] = []
  const stride = createStride(pageObjects)
  for (let at = 0, next = at; at < ids.length && !run.signal.aborted; at = next) {
    const page = ids.slice(at, at + stride.size())
    next = at + page.length
    const waiting = await run.services.store.write(async (tx) => {
      const startedAt = performance.now()
      const left = await undoPage(tx, run, page, isAgain)
      stride.took(startedAt, page.length)
      return left
    })
    blocked.push(...waiting)
    await wait(pauseMs)
  }
  return blocked
}

async function undoPage(
  tx: Writer,
  run: UndoRun,
  ids: readonly ObjectId[],
  isAgain: boolean,
): Promise<ObjectId[]> {
  const { batch, runner, session, services } = run
  if (!(await holdBatch(tx, { id: batch.id, runner }))) return []
  const { settings, now } = services
  const origin = originOf(run)
  const folding = deferFolding(tx, settings)
  const undoing: Undoing = { session, settings, now, origin, folding, places: new Map() }
  const isMeant = isMeantBy(sourceOf(batch))
  const done: DoneObject[] = []
  const blocked: ObjectId[] = []
  const pause = createPause()
  for (const id of ids) {
    const turn = pause()
    if (turn) await turn
    // Where there are lists of people, undoing one changes others.
    const [past] = await pastsOf(tx, [id])
    if (!past) continue
    const place = await placeName(tx, undoing, past)
    const plan = planUndo(past.revisions, past.now, isMeant)
    const undone = await undoObject(tx, undoing, past, plan)
    undoing.places.clear()
    if (undone.isBlocked && isAgain) blocked.push(id)
    else done.push({ past, undone, place })
  }
  await folding.finish()
  await noteItems(tx, batch, done.map(itemOf))
  return blocked
}

function originOf({ session, batch }: UndoRun): Origin {
  return { kind: 'restore', authorId: session.principal.id, requestId: batch.key }
}

/** Writes down what became of some of it, numbered on. */
export async function noteItems(tx: Writer, batch: BatchRow, unnumbered: readonly DoneItem[]): Promise<void> {
  const number = Number((await findBatchById(tx, batch.id))?.reached ?? 0)
  const items = unnumbered.map((item, at) => ({ ...item, number: number + at + 1 }))
  const counts = { created: 0, updated: 0, unchanged: 0, skipped: 0, refused: 0, removed: 0 }
  for (const { outcome } of items) counts[outcome] += 1
  await addItems(tx, batch.id, items)
  await advanceBatch(tx, batch.id, String(number + items.length), counts)
  const source = sourceOf(batch)
  // Whoever looks at what was undone sees that it was undone again.
  if ('batch' in source) {
    const { created, updated, removed, skipped } = counts
    await noteUndo(tx, source.batch, { undone: created + updated + removed, kept: skipped })
  }
}

/** Where an object is, or was at last, for people; undefined where whoever undoes may no longer read that. */
export async function placeName(tx: Writer, undoing: Undoing, past: ObjectPast): Promise<string | undefined> {
  if (!(await isReadable(tx, undoing, past))) return undefined
  const last = past.revisions.at(-1)
  const here = last && (await placeOf(tx, undoing, last.collectionId))
  return [here?.row.displayname || here?.row.name, last?.name].filter(Boolean).join('/')
}

interface DoneObject {
  readonly past: ObjectPast
  readonly undone: Undone
  /** As `placeName` says it. */
  readonly place: string | undefined
}

/** An object among the items of an undo. */
export function itemOf({ past, undone, place }: DoneObject): DoneItem {
  const last = past.revisions.at(-1)
  const { outcome, note } = undone
  if (place === undefined) return { place: '', outcome, note, objectId: past.id }
  return {
    ...{ place, outcome, note },
    ...{ component: last?.component ?? null, collectionId: last?.collectionId ?? null, objectId: past.id },
    ...{ name: last?.name ?? null, uid: last?.uid ?? null },
  }
}
