import { refuseStatus } from '../../../../protocol/dav/preconditions.ts'
import { type BatchRow, endBatch, findBatchById, isRunning } from '../../../../storage/batches/batches.ts'
import { objectsOfRequest, type RequestSpan } from '../../../../storage/history/object-revisions.ts'
import type { ObjectId } from '../../../../storage/ids.ts'
import { type MergeRow, mergesOf } from '../../../../storage/match/merges.ts'
import type { NodeRevisionRow } from '../../../../storage/nodes/node-revisions.ts'
import { placementsByObject } from '../../../../storage/people/parties.ts'
import type { Reader, Writer } from '../../../../storage/store.ts'
import type { Session } from '../../../auth/session.ts'
import type { Services } from '../../../services.ts'
import { openFolding } from '../../lists/lists.ts'
import { undoMerge } from '../../merges/undo.ts'
import { reachOf } from '../../people/reach.ts'
import { mustMay } from '../../team/team-roles.ts'
import { type FactToUndo, factsToUndo, undoFactsAtOnce } from './beside.ts'
import { fileSteps } from './file-steps.ts'
import { type Plan, planUndo } from './plan.ts'
import { isMeantBy, objectsToUndo, pastsOf } from './selection.ts'
import { addUndo, type DoneItem, groupsLast, itemOf, noteItems, placeName } from './undo.ts'
import { itemOfFile, undoFilesAtOnce } from './undo-files.ts'
import { type Undoing, undoObject } from './undo-object.ts'
import { type PropertiesToUndo, propertiesToUndo, undoneProperties } from './undo-properties.ts'
import { type ThingToUndo, thingsToUndo, undoThingsAtOnce } from './undo-things.ts'

/** What one request of the caller's changed, and that can be undone. */
export interface RequestChanges {
  readonly source: { readonly request: RequestSpan }
  readonly objects: readonly ObjectId[]
  readonly properties: readonly PropertiesToUndo[]
  readonly files: readonly NodeRevisionRow[]
  readonly facts: readonly FactToUndo[]
  readonly things: readonly ThingToUndo[]
}

/** @throws refusal 404 where nothing of it has a history; 409 where it is being done; 422 where it is too much */
export async function mustFindChanges(
  reader: Reader,
  { principal }: Session,
  request: string,
  { settings }: Pick<Services, 'settings'>,
): Promise<RequestChanges> {
  if (await isRunning(reader, principal.id, request))
    throw refuseStatus(409, 'It is still being done: wait until it is.')
  const source = { request: { request, authorId: principal.id } }
  const most = settings.limits.undoneObjects
  const objects = await objectsToUndo(reader, source, most)
  const facts = await factsToUndo(reader, source, most)
  const asked = { author: principal.id, most }
  const files = await fileSteps(reader, source, asked)
  const properties = await propertiesToUndo(reader, source, asked)
  const things = await thingsToUndo(reader, source, asked)
  if (objects.length + properties.length + files.length + facts.length + things.length === 0)
    throw refuseStatus(404, 'You have changed nothing by such a request that can be undone.')
  return { source, objects, properties, files, facts, things }
}

/**
 * Undoes what one request changed, in the write that is given: texts first, so that they get their very octets from before;
 * then facts; then what was new goes to the trash. What somebody has changed since stays, and is told.
 * @returns the undo, which is finished
 */
export async function undoAtOnce(
  tx: Writer,
  session: Session,
  changes: RequestChanges,
  call: Pick<Services, 'settings' | 'now' | 'newId'> & { readonly requestId: string },
): Promise<BatchRow> {
  const { requestId: key, newId } = call
  const runner = newId()
  const id = await addUndo(tx, session, changes.source, { key, runner })
  const batch = await mustFindBatch(tx, id)
  const merge = await findMergeOf(tx, changes)
  const items = merge
    ? await undoMerged(tx, session, { changes, merge }, call)
    : await undoEach(tx, session, changes, call)
  await noteItems(tx, batch, items)
  await endBatch(tx, { id, runner }, { kind: 'finished' })
  return mustFindBatch(tx, id)
}

async function mustFindBatch(tx: Writer, id: number): Promise<BatchRow> {
  const batch = await findBatchById(tx, id)
  if (!batch) throw new Error('The undo was not stored.')
  return batch
}

async function undoEach(
  tx: Writer,
  session: Session,
  { source, objects, properties, files, facts, things }: RequestChanges,
  call: Parameters<typeof undoAtOnce>[3],
): Promise<DoneItem[]> {
  const { settings, now, requestId } = call
  const origin = { kind: 'restore', authorId: session.principal.id, requestId } as const
  const folding = openFolding(tx, settings)
  const undoing: Undoing = { session, settings, now, origin, folding, places: new Map() }
  const isMeant = isMeantBy(source)
  const plans = new Map<ObjectId, Plan>()
  for (const { id, revisions, now: row } of await pastsOf(tx, objects))
    plans.set(id, planUndo(revisions, row, isMeant))
  const run = async (ids: readonly ObjectId[], isAgain: boolean): Promise<Tried[]> => {
    const tried: Tried[] = []
    for (const id of ids) {
      // Undoing one may change others, as where there are lists of people.
      const [past] = await pastsOf(tx, [id])
      const plan = plans.get(id)
      if (!past || !plan) continue
      const place = await placeName(tx, undoing, past)
      const undone = await undoObject(tx, undoing, past, plan)
      undoing.places.clear()
      tried.push({
        id,
        isBlocked: isAgain && undone.isBlocked === true,
        item: itemOf({ past, undone, place }),
      })
    }
    return tried
  }
  const isNew = (id: ObjectId): boolean => plans.get(id)?.kind === 'remove'
  const known = objects.filter((id) => !isNew(id))
  const led = await run(await groupsLast(tx, known), true)
  // Whoever goes leaves a group as it is by then.
  await folding.finish()
  const renamed: DoneItem[] = []
  for (const one of properties) renamed.push(await undoneProperties(tx, undoing, one))
  const filing = { session, settings, newId: call.newId, origin }
  const beside = [...renamed, ...(await undoFilesAtOnce(tx, files, filing, requestId)).map(itemOfFile)]
  beside.push(...(await undoFactsAtOnce(tx, facts, { session, services: call, requestId })))
  // A label that is called as before by now is found under that name.
  const most = { author: session.principal.id, most: things.length }
  const besides = things.length === 0 ? [] : await thingsToUndo(tx, source, most)
  beside.push(...(await undoThingsAtOnce(tx, besides, { session, services: call, requestId })))
  const removed = await run(objects.filter(isNew), false)
  // What stood in the way may have gone meanwhile.
  const blocked = led.filter(({ isBlocked }) => isBlocked).map(({ id }) => id)
  const again = await run(blocked, false)
  await folding.finish()
  const settled = led.filter(({ isBlocked }) => !isBlocked)
  return [...[...settled, ...removed, ...again].map(({ item }) => item), ...beside]
}

interface Tried {
  readonly id: ObjectId
  readonly isBlocked: boolean
  readonly item: DoneItem
}

/** The merge that a request made, which is undone as a whole; undefined where it made none. */
async function findMergeOf(
  reader: Reader,
  { source: { request }, objects }: RequestChanges,
): Promise<MergeRow | undefined> {
  const [first] = await objectsOfRequest(reader, request, 1)
  if (!first) return undefined
  const placed = await placementsByObject(reader, objects)
  const parties = [...new Set([...placed.values()].map(({ partyId }) => partyId))]
  const merges = await mergesOf(reader, parties, { limit: 10 })
  return merges.find(
    ({ at, authorId, undoneAt }) => at === first.at && authorId === request.authorId && undoneAt === null,
  )
}

async function undoMerged(
  tx: Writer,
  session: Session,
  { changes, merge }: { readonly changes: RequestChanges; readonly merge: MergeRow },
  call: Parameters<typeof undoAtOnce>[3],
): Promise<DoneItem[]> {
  await mustMay(tx, session, 'merge')
  const origin = { kind: 'restore', authorId: session.principal.id, requestId: call.requestId } as const
  const { left } = await undoMerge(tx, session, await reachOf(tx, session), { merge, origin }, call)
  const plain = { place: '', name: merge.name, component: 'VCARD' }
  const items = changes.objects.map(
    (objectId) => ({ ...plain, objectId, outcome: 'updated', note: '' }) as const,
  )
  return [
    ...items,
    ...[...new Set(left)].map(
      (note) => ({ ...plain, name: '', objectId: null, outcome: 'skipped', note }) as const,
    ),
  ]
}
