import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { type BatchRow, beginUndo, findBatch, listBatches } from '../../../storage/batches/batches.ts'
import { type BatchItemRow, listItems } from '../../../storage/batches/items.ts'
import { scheduleJob } from '../../../storage/upkeep/jobs.ts'
import {
  type ApiCall,
  type ApiReply,
  idIn,
  type Route,
  route,
  routeWithBody,
  routeWithOctets,
} from '../../api/route.ts'
import { matchKeys } from '../transfer/import-outcome.ts'
import { readColumns } from '../transfer/read/given-columns.ts'
import { newImport, undoRequest } from './schema.ts'
import { importAgain, importJobs, takeUpload, uploadOf } from './uploads.ts'

const pageRows = 200

/** Imports over the API: a file is sent, a job imports it, its batch tells how far that is. */
export const importRoutes: readonly Route[] = [
  route({ method: 'GET', path: '/imports', summary: 'My imports, the latest first' }, async (call) => {
    const before = numberIn(call.query.before)
    const { principal } = call.session
    const rows = await call.store.read((reader) =>
      listBatches(reader, principal.id, { before, limit: pageRows }),
    )
    return { status: 200, body: { imports: rows.map(shownBatch) } }
  }),
  routeWithOctets({ method: 'POST', path: '/imports', summary: 'Import a file, or try to' }, async (call) => {
    const { name, into, dryRun, match, onMatch, charset, columns } = newImport.parse(call.query)
    const options = { into, keys: keysIn(match), onMatch, charset, columns: columnsIn(columns) }
    const id = await takeUpload(call, call.session.principal, call.octets, {
      name,
      isTrial: dryRun === '1',
      options,
    })
    return accepted(call, id)
  }),
  route({ method: 'GET', path: '/imports/:id', summary: 'How far an import is' }, async (call) => ({
    status: 200,
    body: shownBatch(await mustFind(call)),
  })),
  route({ method: 'GET', path: '/imports/:id/items', summary: 'What became of each item' }, async (call) => {
    const { id } = await mustFind(call)
    const after = numberIn(call.query.after)
    const items = await call.store.read((reader) => listItems(reader, id, { after, limit: pageRows }))
    const next = items.length < pageRows ? undefined : items.at(-1)?.number
    return { status: 200, body: { items: items.map(shownItem), next } }
  }),
  route(
    { method: 'POST', path: '/imports/:id/run', summary: 'Import for good what was tried' },
    async (call) => accepted(call, await importAgain(call, call.session.principal, await mustFind(call))),
  ),
  routeWithBody(
    { method: 'POST', path: '/imports/:id/undo', summary: 'Undo an import' },
    undoRequest,
    async (call) => {
      const { id, trial } = await mustFind(call)
      if (trial === 1) throw refuseStatus(409, 'It was a dry run: there is nothing to undo.')
      const kind = call.body.force ? importJobs.forcedUndo : importJobs.undo
      await call.store.write(async (tx) => {
        await beginUndo(tx, id)
        await scheduleJob(tx, `${kind}:${id}`, tx.now)
      })
      return accepted(call, id)
    },
  ),
]

async function accepted(call: ApiCall<unknown>, id: number): Promise<ApiReply> {
  const batch = await call.store.read((reader) => findBatch(reader, call.session.principal.id, id))
  return { status: 202, body: batch && shownBatch(batch) }
}

async function mustFind(call: ApiCall<unknown>): Promise<BatchRow> {
  const batch = await call.store.read((reader) => findBatch(reader, call.session.principal.id, idIn(call)))
  if (batch?.kind !== 'import') throw refuseStatus(404, 'There is nothing at this address.')
  return batch
}

function numberIn(text: string | undefined): number | undefined {
  return /^\d{1,15}$/.test(text ?? '') ? Number(text) : undefined
}

function keysIn(match: string) {
  const words = match.split(',').map((word) => word.trim().toLowerCase())
  return words.flatMap((word) => {
    const key = matchKeys.find((known) => known === word)
    if (key === undefined && word !== '' && word !== 'uid')
      throw refuseStatus(422, `match: it takes uid, ${matchKeys.join(', ')}, not "${word}".`)
    return key ?? []
  })
}

function columnsIn(columns: string | undefined) {
  if (columns === undefined) return undefined
  try {
    return readColumns(JSON.parse(columns))
  } catch (error) {
    if (error instanceof SyntaxError) throw refuseStatus(422, 'columns: they are no JSON.')
    throw error
  }
}

function shownBatch(batch: BatchRow) {
  const { id, state, trial, error, created, updated, unchanged, skipped, refused, undone, kept } = batch
  const { startedAt, touchedAt } = batch
  const name = uploadOf(batch)?.name
  return {
    id,
    state,
    dryRun: trial === 1,
    ...(name !== undefined && { name }),
    counts: { created, updated, unchanged, skipped, refused },
    ...(undone + kept > 0 && { undone, kept }),
    ...(error !== null && { error }),
    startedAt,
    touchedAt,
  }
}

function shownItem({ number, place, outcome, note, component, name, undo, undoNote }: BatchItemRow) {
  return {
    number,
    place,
    outcome,
    ...(note !== '' && { note }),
    ...(name !== null && { name, component }),
    ...(undo !== null && { undo, ...(undoNote !== null && { undoNote }) }),
  }
}
