import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import {
  type BatchHead,
  type BatchRow,
  beginUndo,
  findBatch,
  listBatches,
} from '../../../storage/batches/batches.ts'
import { type BatchItemRow, countMet, indexItems, listItems } from '../../../storage/batches/items.ts'
import { findTwin } from '../../../storage/batches/waiting.ts'
import type { BatchId } from '../../../storage/ids.ts'
import type { Reader } from '../../../storage/store.ts'
import { scheduleJob } from '../../../storage/upkeep/jobs.ts'
import { etagOfContent } from '../../api/conditions.ts'
import { change, look, type RawCall, type Route, work } from '../../api/route.ts'
import { fieldTypes } from '../fields/schema.ts'
import { mustMay } from '../team/team-roles.ts'
import { matchKeys } from '../transfer/import-outcome.ts'
import { readColumns } from '../transfer/read/given-columns.ts'
import { columnsOfUpload, possibleTargets, shownColumns } from './columns.ts'
import { mustFindImport } from './find-import.ts'
import { previewItem } from './preview.ts'
import {
  importColumns,
  importItems,
  importList,
  importPreview,
  importRun,
  importState,
  importsPage,
  importWish,
  itemsPage,
  newImport,
  previewQuery,
  undoRequest,
  wishChange,
} from './schema.ts'
import { importAgain, importJobs, optionsOf, takeUpload, totalOf, uploadOf } from './uploads.ts'
import { changeWish, wishedOptions, wishOf } from './wish.ts'

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
        listBatches(reader, session.principal.id, { before, limit: pageRows, kinds: ['import'] }),
      )
      return { body: { imports: rows.map(shownBatch) } }
    },
  ),
  work(
    { method: 'POST', path: '/imports', summary: 'Import a file, or try to', scope, affects },
    { query: newImport, takesOctets: true, reply: importState, statuses: [202] },
    async (call) => {
      const { name, into, dryRun, match, onMatch, charset, columns, labels } = call.query
      const given = { into, keys: keysIn(match), onMatch, choices: {}, charset, labels: labelsIn(labels) }
      const options = { ...given, ...(columns === undefined ? noColumns : columnsIn(columns)) }
      await mustImport(call)
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
    (call) =>
      call.store.read(async (reader) => {
        const batch = await mustFindImport(reader, call)
        const twin = await findTwin(reader, batch)
        return {
          body: {
            ...shownBatch(batch),
            ...{ met: await countMet(reader, batch.id), ...askedOf(batch) },
            ...(twin !== undefined && { twin }),
          },
        }
      }),
  ),
  look(
    { method: 'GET', path: '/imports/:id/items', summary: 'What became of each item', scope },
    { query: itemsPage, reply: importItems },
    async (call) => {
      const { after = 0, part = 'all' } = call.query
      return call.store.read(async (reader) => {
        const { id } = await mustFindImport(reader, call)
        const items = await listItems(reader, id, { after, limit: pageRows, part })
        const next = items.length < pageRows ? undefined : items.at(-1)?.number
        const index = after === 0 ? await indexItems(reader, id, part, pageRows) : {}
        return { body: { items: items.map(shownItem), next, ...index } }
      })
    },
  ),
  look(
    {
      ...{ method: 'GET', path: '/imports/:id/items/:number', scope },
      summary: 'One item as it would be, and what is there already',
    },
    { query: previewQuery, reply: importPreview },
    async (call) => {
      const batch = await call.store.read((reader) => mustFindImport(reader, call))
      const number = Number(call.params.number)
      if (!Number.isSafeInteger(number) || number < 1)
        throw refuseStatus(404, 'There is nothing at this address.')
      const seen = await previewItem(call, call.session.principal, batch, number, call.query.onMatch)
      return { body: { number, ...seen } }
    },
  ),
  look(
    {
      ...{ method: 'GET', path: '/imports/:id/columns', scope },
      summary: 'The columns of a table that was sent, and where they may go',
    },
    { reply: importColumns },
    async (call) => {
      const batch = await call.store.read((reader) => mustFindImport(reader, call))
      const { sample, fields, mayDefine } = await columnsOfUpload(call, call.session.principal, batch)
      return {
        body: {
          ...{ isTable: sample !== undefined, charset: sample?.charset ?? null },
          hasHeader: sample?.hasHeader ?? false,
          columns: sample ? shownColumns(sample) : [],
          targets: possibleTargets,
          fields: fields.map(({ row, type }) => ({ target: `field:${row.key}`, label: row.label, type })),
          newTypes: fieldTypes,
          mayDefine,
        },
      }
    },
  ),
  look(
    {
      ...{ method: 'GET', path: '/imports/:id/wish', scope },
      summary: 'What is to become of an import that was tried',
    },
    { reply: importWish },
    (call) =>
      call.store.read(async (reader) => ({
        body: await wishOf(reader, await mustFindImport(reader, call)),
      })),
  ),
  change(
    {
      ...{ method: 'PATCH', path: '/imports/:id/wish', scope, affects: 'nothing' },
      summary: 'Say what is to become of an import that was tried, or put it away',
    },
    { body: wishChange, reply: importWish },
    async (tx, call) => {
      const batch = await mustFindImport(tx, call)
      await changeWish(tx, batch, call.body)
      const body = await wishOf(tx, await mustFindImport(tx, call))
      return { body, etag: etagOfContent(body) }
    },
  ),
  work(
    {
      ...{ method: 'POST', path: '/imports/:id/run', scope, affects },
      summary: 'Import for good what was tried, or try it with other columns',
    },
    { body: importRun, reply: importState, statuses: [202] },
    async (call) => {
      const tried = await call.store.read((reader) => mustFindImport(reader, call))
      await mustImport(call)
      const { dryRun, match, columns, ...given } = call.body
      const options = {
        ...(await call.store.read((reader) => wishedOptions(reader, tried))),
        ...defined(given),
        ...(match !== undefined && { keys: match }),
        ...(columns !== undefined && readColumns(columns)),
      }
      const id = await importAgain(call, call.session.principal, tried, { isTrial: dryRun, options })
      return call.store.read((reader) => accepted(reader, call, id))
    },
  ),
  change(
    { method: 'POST', path: '/imports/:id/undo', summary: 'Undo an import', scope, affects },
    { body: undoRequest, reply: importState, statuses: [202] },
    async (tx, call) => {
      const { id, trial } = await mustFindImport(tx, call)
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

function keysIn(match: string) {
  const words = match.split(',').map((word) => word.trim().toLowerCase())
  return words.flatMap((word) => {
    const key = matchKeys.find((known) => known === word)
    if (key === undefined && word !== '' && word !== 'uid')
      throw refuseStatus(422, `match: it takes uid, ${matchKeys.join(', ')}, not "${word}".`)
    return key ?? []
  })
}

const noColumns = { columns: {}, newFields: [] } as const

/** @throws refusal 403 */
function mustImport({ store, session }: Pick<RawCall, 'store' | 'session'>): Promise<void> {
  return store.read((reader) => mustMay(reader, session, 'import'))
}

/** Names with commas between. */
function labelsIn(labels: string): string[] {
  return [...new Set(labels.split(',').map((label) => label.trim().normalize('NFC')))].filter(Boolean)
}

/** Only what somebody has said. */
function defined<T extends object>(given: T): { [Key in keyof T]: NonNullable<T[Key]> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]: NonNullable<T[Key]>
  }
}

function columnsIn(columns: string) {
  try {
    return readColumns(JSON.parse(columns))
  } catch (error) {
    if (error instanceof SyntaxError) throw refuseStatus(422, 'columns: they are no JSON.')
    throw error
  }
}

function shownBatch(batch: BatchHead) {
  const { id, state, trial, error, created, updated, unchanged, skipped, refused, undone, kept } = batch
  const { startedAt, touchedAt } = batch
  const name = uploadOf(batch)?.name
  const total = totalOf(batch)
  return {
    id,
    state,
    dryRun: trial === 1,
    waits: batch.blobId !== null,
    ...(name !== undefined && { name }),
    counts: { created, updated, unchanged, skipped, refused },
    ...(total !== undefined && { total }),
    ...(undone + kept > 0 && { undone, kept }),
    ...(error !== null && { error }),
    startedAt,
    touchedAt,
  }
}

/** What an import was asked for, so that it can be asked for otherwise. */
function askedOf(batch: BatchRow) {
  const { keys, onMatch, choices, into, labels } = optionsOf(batch)
  return { asked: { match: keys, onMatch, choices, labels, ...(into !== undefined && { into }) } }
}

function shownItem(item: BatchItemRow) {
  const { number, place, outcome, note, component, name, undo, undoNote, title, meets } = item
  return {
    number,
    place,
    ...(title !== null && { title }),
    outcome,
    ...(meets !== null && { meets }),
    ...(note !== '' && { note }),
    ...(name !== null && { name, component }),
    ...(undo !== null && { undo, ...(undoNote !== null && { undoNote }) }),
  }
}
