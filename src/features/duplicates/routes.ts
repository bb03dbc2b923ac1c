import { z } from 'zod'
import { page, readCursor } from '../../api/cursor.ts'
import { change, idIn, look, type Route } from '../../api/route.ts'
import { reachOf } from '../people/reach.ts'
import {
  askForScan,
  decide,
  explainDuplicates,
  findDuplicates,
  type SeenDuplicate,
  scanForReader,
  shownParty,
} from './duplicates.ts'
import { duplicatesPage, duplicatesQuery, scanAsked } from './schema.ts'

const scope = 'people'
const cursorShape = z.tuple([z.int(), z.int()])

/** Two who may be one: who they are, why, and what somebody says of it. */
export const duplicateRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/duplicates', summary: 'People who may be one, the likeliest first', scope },
    { query: duplicatesQuery, reply: duplicatesPage },
    async (call) => {
      const { limit, cursor, state } = call.query
      const key = readCursor(cursor, cursorShape)
      const after = key && { score: key[0], id: key[1] }
      const reach = await call.store.read((reader) => reachOf(reader, call.session))
      await scanForReader(call, reach)
      return call.store.read(async (reader) => {
        const rows = await findDuplicates(reader, reach, { state, after, limit })
        const pairs = await explainDuplicates(reader, reach, rows.slice(0, limit))
        const { next } = page(rows, limit, { keyOf: (row) => [row.score, row.id], shown: ({ id }) => id })
        return { body: { items: pairs.map(shownDuplicate), next } }
      })
    },
  ),
  change(
    {
      method: 'POST',
      path: '/duplicates/:id/not-same',
      summary: 'Say that they are two, for good',
      scope,
      affects: 'facts',
    },
    {},
    async (tx, call) => {
      const reach = await reachOf(tx, call.session)
      await decide(tx, reach, idIn(call), { isSame: false, by: call.session.principal.id })
      return {}
    },
  ),
  change(
    {
      method: 'DELETE',
      path: '/duplicates/:id/not-same',
      summary: 'Ask about them again',
      scope,
      affects: 'facts',
    },
    {},
    async (tx, call) => {
      const reach = await reachOf(tx, call.session)
      await decide(tx, reach, idIn(call), { isSame: true, by: call.session.principal.id })
      return {}
    },
  ),
  change(
    {
      method: 'POST',
      path: '/duplicates/scan',
      summary: 'Compare all cards that I read anew',
      scope,
      affects: 'facts',
    },
    { reply: scanAsked, statuses: [202] },
    async (tx, call) => {
      const cards = await askForScan(tx, await reachOf(tx, call.session))
      return { body: { cards } }
    },
  ),
]

function shownDuplicate({ row, parties, level, score, reasons }: SeenDuplicate) {
  const { id, state, foundAt } = row
  return {
    ...{ id, level, score, state },
    foundAt: new Date(foundAt).toISOString(),
    parties: parties.map(shownParty),
    reasons,
  }
}
