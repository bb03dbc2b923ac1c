import { z } from 'zod'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { findBurst, type ListedBurst, listBursts, settleBurst } from '../../../storage/history/bursts.ts'
import type { Reader } from '../../../storage/store.ts'
import { page, readCursor } from '../../api/cursor.ts'
import { change, idIn, look, type RawCall, type Route } from '../../api/route.ts'
import { pageOf } from '../../api/schema.ts'
import { notThere } from './readable.ts'
import { burst, statesPage } from './schema.ts'
import { startUndo } from './undo/undo.ts'

const scope = 'account'
const cursorShape = z.tuple([z.int()])

/** What devices have deleted and rewritten in bulk, and undoing it with one request. */
export const burstRoutes: readonly Route[] = [
  look(
    {
      ...{ method: 'GET', path: '/bursts', scope },
      summary: 'Much that one device deleted or rewrote at once, in what is mine',
    },
    { query: statesPage, reply: pageOf(burst) },
    async (call) => {
      const { limit, cursor } = call.query
      const before = readCursor(cursor, cursorShape)?.[0]
      const rows = await call.store.read((reader) =>
        listBursts(reader, call.session.principal.id, { before, limit: limit + 1 }),
      )
      return { body: page(rows, limit, { keyOf: ({ id }) => [id], shown }) }
    },
  ),
  change(
    { method: 'POST', path: '/bursts/:id/undo', summary: 'Undo all of it', scope, affects: 'cards' },
    { reply: burst, statuses: [202] },
    async (tx, call) => {
      const { id, deviceId, collectionId, fromAt, untilAt, verdict } = await mustFind(tx, call)
      if (verdict === 'undone') throw refuseStatus(409, 'It is undone already.')
      const ownerId = call.session.principal.id
      const device = { deviceId, from: fromAt, to: untilAt, ownerId, collectionId }
      const batchId = await startUndo(tx, call.session, { device }, call)
      await settleBurst(tx, id, 'undone', batchId)
      return { body: shown(await mustFind(tx, call)) }
    },
  ),
  change(
    { method: 'POST', path: '/bursts/:id/keep', summary: 'It was meant', scope, affects: 'facts' },
    { reply: burst },
    async (tx, call) => {
      const { id, verdict } = await mustFind(tx, call)
      if (verdict === 'undone') throw refuseStatus(409, 'It is undone already.')
      await settleBurst(tx, id, 'kept')
      return { body: shown(await mustFind(tx, call)) }
    },
  ),
]

async function mustFind(reader: Reader, call: Pick<RawCall, 'params' | 'session'>): Promise<ListedBurst> {
  const found = await findBurst(reader, call.session.principal.id, idIn(call))
  if (!found) throw notThere()
  return found
}

function shown(row: ListedBurst) {
  const { id, collection, collectionId, deviceId, author, deleted, changed, verdict, batchId } = row
  return {
    ...{ id, collection, collectionId, device: { id: deviceId, label: row.device }, author },
    ...{ from: new Date(row.fromAt).toISOString(), to: new Date(row.untilAt).toISOString() },
    ...{ deleted, changed, verdict, undo: batchId },
  }
}
