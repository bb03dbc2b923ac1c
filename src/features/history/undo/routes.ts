import { z } from 'zod'
import { refuseStatus } from '../../../../protocol/dav/preconditions.ts'
import {
  type BatchHead,
  type BatchRow,
  beginUndo,
  findBatch,
  listBatches,
} from '../../../../storage/batches/batches.ts'
import { type BatchItemRow, listItems } from '../../../../storage/batches/items.ts'
import type { BatchId } from '../../../../storage/ids.ts'
import type { Reader, Writer } from '../../../../storage/store.ts'
import { page, readCursor } from '../../../api/cursor.ts'
import {
  type ApiCall,
  change,
  idIn,
  look,
  type RawCall,
  type Route,
  requestHeader,
  work,
} from '../../../api/route.ts'
import { pageOf } from '../../../api/schema.ts'
import { itemPage } from '../../batches/item-pages.ts'
import { notThere } from '../readable.ts'
import { statesPage, undoItem, undoReply, undoRequest, undoState } from '../schema.ts'
import { mustFindChanges, type RequestChanges, undoAtOnce } from './at-once.ts'
import { fileSteps } from './file-steps.ts'
import { objectsToUndo, type UndoSource } from './selection.ts'
import { spanOf } from './span.ts'
import { type TriedItem, tryUndo } from './try-undo.ts'
import { sourceOf, startUndo } from './undo.ts'

const scope = ['people', 'calendars'] as const
const cursorShape = z.tuple([z.int()])

/** Undoing what a device did, over the API. */
export const undoRoutes: readonly Route[] = [
  work(
    {
      ...{ method: 'POST', path: '/history/undo', scope, affects: 'cards' },
      summary: 'Undo what one request did, or a device between two moments; or try to',
    },
    { body: undoRequest, reply: undoReply, statuses: [202, 200] },
    (call) => ('request' in call.body ? undoOfRequest(call, call.body) : undoOfDevice(call, call.body)),
  ),
  look(
    { method: 'GET', path: '/history/undos', summary: 'What I have undone, the latest first', scope },
    { query: statesPage, reply: pageOf(undoState) },
    async (call) => {
      const { limit, cursor } = call.query
      const before = readCursor(cursor, cursorShape)?.[0]
      const rows = await call.store.read((reader) =>
        listBatches(reader, call.session.principal.id, { before, limit: limit + 1, kinds: ['undo'] }),
      )
      return { body: page(rows, limit, { keyOf: ({ id }) => [id], shown: shownUndo }) }
    },
  ),
  look(
    { method: 'GET', path: '/history/undos/:id', summary: 'How far an undo is', scope },
    { reply: undoState },
    async (call) => ({
      body: shownUndo(await call.store.read((reader) => mustFind(reader, call, idIn(call)))),
    }),
  ),
  look(
    { method: 'GET', path: '/history/undos/:id/items', summary: 'What became of each object', scope },
    { query: statesPage, reply: pageOf(undoItem) },
    (call) => itemPage(call, (reader) => mustFind(reader, call, idIn(call)), shownItem),
  ),
  change(
    {
      ...{ method: 'POST', path: '/history/undos/:id/undo', scope, affects: 'cards' },
      summary: 'Undo an undo: everything is as it was before it, but for what was changed since',
    },
    { reply: undoState, statuses: [202] },
    async (tx, call) => {
      const batch = await mustFind(tx, call, idIn(call))
      if (batch.state !== 'finished') throw refuseStatus(409, 'It is not finished, or was undone already.')
      await beginUndo(tx, batch.id)
      const id = await startUndo(tx, call.session, { batch: batch.id, key: batch.key }, call)
      return { body: shownUndo(await mustFind(tx, call, id)) }
    },
  ),
]

type UndoCall = ApiCall<z.output<typeof undoRequest>>
type Asked<Name extends string> = Extract<UndoCall['body'], Readonly<Record<Name, unknown>>>

async function undoOfDevice(call: UndoCall, body: Asked<'device'>) {
  const { store, session, settings } = call
  const to = body.to === undefined ? call.now() : Date.parse(body.to)
  const asked = { deviceId: body.device, from: Date.parse(body.from), to }
  const source = { device: await store.read((reader) => spanOf(reader, session, asked)) }
  if (body.dryRun) return tried(call, source)
  const most = settings.limits.undoneObjects
  await store.read(async (reader) => {
    await objectsToUndo(reader, source, most)
    await fileSteps(reader, source, { author: session.principal.id, most })
  })
  return store.write((tx) => begun(tx, call, source))
}

/** Little is undone at once, in one write; much by a job. */
async function undoOfRequest(call: UndoCall, { request, dryRun }: Asked<'request'>) {
  const { store, session, settings } = call
  const find = (reader: Reader): Promise<RequestChanges> => mustFindChanges(reader, session, request, call)
  if (dryRun) return tried(call, (await store.read(find)).source)
  return store.write(async (tx) => {
    const changes = await find(tx)
    const { objects, files, facts, things } = changes
    if (objects.length + files.length + facts.length + things.length > settings.limits.undoneAtOnce)
      return begun(tx, call, changes.source)
    const batch = await undoAtOnce(tx, session, changes, call)
    const items = await listItems(tx, batch.id, { limit: mostShown })
    return { status: 200, body: { ...shownUndo(batch), items: items.map(shownItem) } }
  })
}

/** More than there are of what is undone at once. */
const mostShown = 1_000

async function tried(call: UndoCall, source: UndoSource) {
  const { counts, items } = await tryUndo(call, call.session, source)
  return { status: 200, body: { dryRun: true as const, counts, items: items.map(shownTrial) } }
}

async function begun(tx: Writer, call: UndoCall, source: UndoSource) {
  const id = await startUndo(tx, call.session, source, call)
  const batch = await mustFind(tx, call, id)
  // So that undoing it again goes by the same way.
  return { status: 202, body: shownUndo(batch), headers: { [requestHeader]: batch.key } }
}

async function mustFind(
  reader: Reader,
  { session }: Pick<RawCall, 'session'>,
  id: BatchId,
): Promise<BatchRow> {
  const batch = await findBatch(reader, session.principal.id, id)
  if (batch?.kind !== 'undo') throw notThere()
  return batch
}

/** An undo as the API shows it. */
function shownUndo(batch: BatchHead) {
  const { id, state, created, updated, removed, unchanged, skipped, startedAt, touchedAt } = batch
  const source = sourceOf(batch)
  const span = 'device' in source ? source.device : undefined
  const time = (at: number | undefined): string | null =>
    at === undefined ? null : new Date(at).toISOString()
  return {
    id,
    state,
    counts: { created, updated, removed, unchanged, skipped },
    request: 'request' in source ? source.request.request : null,
    ...{ device: span?.deviceId ?? null, from: time(span?.from), to: time(span?.to) },
    undo: 'batch' in source ? source.batch : null,
    ...{ startedAt: new Date(startedAt).toISOString(), touchedAt: new Date(touchedAt).toISOString() },
  }
}

function shownItem({ number, place, outcome, note, objectId, component, name }: BatchItemRow) {
  // An undo refuses nothing: what is refused stays as it is.
  return {
    number,
    place,
    outcome: outcome === 'refused' ? 'skipped' : outcome,
    note,
    object: objectId,
    component,
    name,
  } as const
}

function shownTrial({ objectId, outcome, note, name, component, title, collection }: TriedItem) {
  return { object: objectId ?? null, outcome, note, name, component, title, collection }
}
