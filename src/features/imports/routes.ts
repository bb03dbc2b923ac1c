import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { type BatchRow, beginUndo, findBatch, listBatches } from '../../../storage/batches/batches.ts'
import { type BatchItemRow, listItems } from '../../../storage/batches/items.ts'
import type { BatchId } from '../../../storage/ids.ts'
import type { Reader } from '../../../storage/store.ts'
import { scheduleJob } from '../../../storage/upkeep/jobs.ts'
import { change, idIn, look, type RawCall, type Route, work } from '../../api/route.ts'
import { matchKeys } from '../transfer/import-outcome.ts'
import { readColumns } from '../transfer/read/given-columns.ts'
import {
  importItems,
  importList,
  importState,
  importsPage,
  itemsPage,
  newImport,
  undoRequest,
} from './schema.ts'
import { importAgain, importJobs, takeUpload, uploadOf } from './uploads.ts'

const pageRows = 200

const scope = ['people', 'calendars'] as const
const affects = 'cards'

/** Imports over the API: a file is sent, a job imports it, its batch tells how far that is. */
export const importRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/imports', summary: 'My imports, the latest first', scope },
    { query: importsPage, reply: importList },
    async ({ session, store, query: { before } }) => {
      const rows = await store.read((reader) =>
        listBatches(reader, session.principal.id, { before, limit: pageRows }),
      )
      return { body: { imports: rows.map(shownBatch) } }
    },
  ),
  work(
    { method: 'POST', path: '/imports', summary: 'Import a file, or try to', scope, affects },
    { query: newImport, takesOctets: true, reply: importState, statuses: [202] },
    async (call) => {
      const { name, into, dryRun, match, onMatch, charset, columns } = call.query
      const options = { into, keys: keysIn(match), onMatch, charset, columns: columnsIn(columns) }
      const id = await takeUpload(call, call.session.principal, call.octets, {
        name,
        isTrial: dryRun === '1',
        options,
      })
      return call.store.read((reader) => accepted(reader, call, id))
    },
  ),
  look(
    { method: 'GET', path: '/imports/:id', summary: 'How far an import is', scope },
    { reply: importState },
    async (call) => ({ body: shownBatch(await call.store.read((reader) => mustFind(reader, call))) }),
  ),
  look(
    { method: 'GET', path: '/imports/:id/items', summary: 'What became of each item', scope },
    { query: itemsPage, reply: importItems },
    async (call) => {
      const { after } = call.query
      const items = await call.store.read(async (reader) => {
        const { id } = await mustFind(reader, call)
        return listItems(reader, id, { after, limit: pageRows })
      })
      const next = items.length < pageRows ? undefined : items.at(-1)?.number
      return { body: { items: items.map(shownItem), next } }
    },
  ),
  work(
    { method: 'POST', path: '/imports/:id/run', summary: 'Import for good what was tried', scope, affects },
    { reply: importState, statuses: [202] },
    async (call) => {
      const tried = await call.store.read((reader) => mustFind(reader, call))
      const id = await importAgain(call, call.session.principal, tried)
      return call.store.read((reader) => accepted(reader, call, id))
    },
  ),
  change(
    { method: 'POST', path: '/imports/:id/undo', summary: 'Undo an import', scope, affects },
    { body: undoRequest, reply: importState, statuses: [202] },
    async (tx, call) => {
      const { id, trial } = await mustFind(tx, call)
      if (trial === 1) throw refuseStatus(409, 'It was a dry run: there is nothing to undo.')
      const kind = call.body.force ? importJobs.forcedUndo : importJobs.undo
      await beginUndo(tx, id)
      await scheduleJob(tx, `${kind}:${id}`, tx.now)
      return accepted(tx, call, id)
    },
  ),
]

async function accepted(reader: Reader, { session }: Pick<RawCall, 'session'>, id: BatchId) {
  const batch = await findBatch(reader, session.principal.id, id)
  return { body: batch && shownBatch(batch) }
}

async function mustFind(reader: Reader, call: Pick<RawCall, 'session' | 'params'>): Promise<BatchRow> {
  const batch = await findBatch(reader, call.session.principal.id, idIn(call))
  if (batch?.kind !== 'import') throw refuseStatus(404, 'There is nothing at this address.')
  return batch
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
