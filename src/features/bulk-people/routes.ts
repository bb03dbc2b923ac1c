import { z } from 'zod'
import { type BatchRow, endBatch, findBatch, stopBatch } from '../../../storage/batches/batches.ts'
import { type BatchItemRow, listItems } from '../../../storage/batches/items.ts'
import type { BatchId } from '../../../storage/ids.ts'
import type { Reader } from '../../../storage/store.ts'
import {
  type ApiCall,
  change,
  idIn,
  look,
  originOf,
  type RawCall,
  type Route,
  work,
} from '../../api/route.ts'
import { paging } from '../../api/schema.ts'
import { beginWork } from '../batches/begin.ts'
import { itemPage } from '../batches/item-pages.ts'
import { notThere, openParty } from '../people/asking.ts'
import { readyFaces } from '../smart-lists/ready-faces.ts'
import { exportFormats } from '../transfer/export-as.ts'
import { download } from '../transfer/routes.ts'
import { type OpenAction, openAction, removeParty } from './act.ts'
import { exportPeople } from './export.ts'
import { idsOf } from './people.ts'
import { addBulk, bulkJobKind, changeSome } from './run.ts'
import {
  changedPeoplePage,
  type PeopleChange,
  peopleChange,
  peopleChangeReply,
  peopleChangeState,
  peopleExport,
  peopleExportFormats,
  removedParty,
} from './schema.ts'
import { shown } from './state.ts'

const scope = 'people'
const affects = 'cards'
const exportedTypes = peopleExportFormats.map((format) => exportFormats[format].contentType)

/** Doing the same to many people, and taking one away with all of his cards. */
export const bulkPeopleRoutes: readonly Route[] = [
  work(
    {
      ...{ method: 'POST', path: '/parties/bulk', scope, affects },
      summary: 'Label, move, delete … many people; more than a few by a job',
    },
    { body: peopleChange, reply: peopleChangeReply, statuses: [200, 202] },
    async (call) => {
      await readyFaces(call)
      const { ids, action } = await call.store.read(async (reader) => ({
        ids: await idsOf(reader, call),
        action: await openAction(reader, call.session, call.body.action),
      }))
      return ids.length > call.settings.api.peopleAtOnce ? begin(call, ids, action) : doIt(call, ids, action)
    },
  ),
  look(
    { method: 'GET', path: '/parties/bulk/:id', summary: 'How far it is', scope },
    { reply: peopleChangeState },
    async (call) => ({
      body: shown(await call.store.read((reader) => mustFind(reader, call, idIn(call)))),
    }),
  ),
  change(
    {
      ...{ method: 'POST', path: '/parties/bulk/:id/stop', scope, affects: 'nothing' },
      summary: 'Stop where it is; what is done stays, and is undone as a whole',
    },
    { reply: peopleChangeState },
    async (tx, call) => {
      const { id } = await mustFind(tx, call, idIn(call))
      await stopBatch(tx, id)
      return { body: shown(await mustFind(tx, call, id)) }
    },
  ),
  look(
    { method: 'POST', path: '/parties/export', summary: 'The cards of many people as one file', scope },
    { body: peopleExport, gives: exportedTypes },
    async (call) => {
      await readyFaces(call)
      const ids = await call.store.read((reader) => idsOf(reader, call))
      const { octets, contentType, fileName } = exportPeople(call, ids)
      return download(octets, contentType, fileName)
    },
  ),
  look(
    { method: 'GET', path: '/parties/bulk/:id/people', summary: 'What became of each of them', scope },
    { query: z.object(paging), reply: changedPeoplePage },
    (call) => itemPage(call, (reader) => mustFind(reader, call, idIn(call)), shownPerson),
  ),
  change(
    {
      ...{ method: 'DELETE', path: '/parties/:id', scope, affects },
      summary: 'Send all cards of somebody to the trash that I may delete',
    },
    { reply: removedParty },
    async (tx, call) => {
      const opened = await openParty(tx, call)
      return { body: await removeParty(tx, { ...call, ...opened }, opened.party) }
    },
  ),
]

async function doIt(call: ApiCall<PeopleChange>, ids: readonly number[], action: OpenAction) {
  const { session, settings, now, newId, requestId: key } = call
  return call.store.write(async (tx) => {
    const runner = newId()
    const id = await addBulk(tx, session, { action, ids }, { key, runner })
    await changeSome(tx, { id }, { action, ids }, { session, settings, now, newId, origin: originOf(call) })
    await endBatch(tx, { id, runner }, { kind: 'finished' })
    const items = await listItems(tx, id, { limit: ids.length })
    const skipped = items.filter(({ outcome }) => outcome === 'skipped').map(shownPerson)
    return { status: 200, body: { ...shown(await mustFind(tx, call, id)), skipped } }
  })
}

async function begin(call: ApiCall<PeopleChange>, ids: readonly number[], action: OpenAction) {
  const work = { job: bulkJobKind, action, total: ids.length, options: { ids } }
  const batch = await call.store.write((tx) => beginWork(tx, call.session, work, call))
  return { status: 202, body: { ...shown(batch), skipped: [] } }
}

async function mustFind(
  reader: Reader,
  { session }: Pick<RawCall, 'session'>,
  id: BatchId,
): Promise<BatchRow> {
  const batch = await findBatch(reader, session.principal.id, id)
  if (batch?.kind !== 'bulk') throw notThere()
  return batch
}

const outcomes = { updated: 'changed', removed: 'removed', unchanged: 'unchanged' } as const

function shownPerson({ place, name, outcome, note }: Omit<BatchItemRow, 'outcome'> & { outcome: string }) {
  return {
    party: Number(place.replace('party ', '')),
    name: name ?? '',
    outcome: outcomes[outcome as keyof typeof outcomes] ?? 'skipped',
    note,
  } as const
}
