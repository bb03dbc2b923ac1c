import { z } from 'zod'
import type { Reader } from '../../../storage/store.ts'
import { type CadenceRow, findCadence, listCadences } from '../../../storage/timeline/cadences.ts'
import { checkMatch, etagOfVersion } from '../../api/conditions.ts'
import { page, readCursor } from '../../api/cursor.ts'
import { change, look, originOf, type RawCall, type Route } from '../../api/route.ts'
import { pageOf, paging } from '../../api/schema.ts'
import { type Asking, mustFindParty, notThere } from '../people/asking.ts'
import { reachOf } from '../people/reach.ts'
import { type Standing, standingOf } from './cadence.ts'
import { setCadence } from './cadence-fact.ts'
import { cadence, newCadence } from './schema.ts'

const scope = 'people'
const affects = 'facts'
const cursorShape = z.tuple([z.int()])

/** How often I want to be in touch with somebody: each has his own. */
export const cadenceRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/cadences', summary: 'Whom I want to keep in touch with, and who is due', scope },
    { query: z.object(paging), reply: pageOf(cadence) },
    (call) =>
      call.store.read(async (reader) => {
        const { limit, cursor } = call.query
        const after = readCursor(cursor, cursorShape)?.[0] ?? 0
        const principalId = call.session.principal.id
        const rows = await listCadences(reader, { principalId, after, limit: limit + 1 })
        const reach = await reachOf(reader, call.session)
        const standing = new Map<number, Standing>()
        for (const row of rows.slice(0, limit))
          standing.set(row.id, await standingOf(reader, call.session, reach, row, call.now()))
        const shownRow = (row: CadenceRow) => shown(row, standing.get(row.id), call.now())
        return { body: page(rows, limit, { keyOf: ({ id }) => [id], shown: shownRow }) }
      }),
  ),
  look(
    {
      ...{ method: 'GET', path: '/parties/:id/cadence', scope },
      summary: 'How often I want to be in touch; 204 where I have not said so',
    },
    { reply: cadence, statuses: [200, 204] },
    (call) =>
      call.store.read(async (reader) => {
        const { asking, party } = await mustFindParty(reader, call)
        const row = await findCadence(reader, party.row.id, call.session.principal.id)
        return row ? answer(reader, asking, row, call.now()) : { status: 204 }
      }),
  ),
  change(
    { method: 'PUT', path: '/parties/:id/cadence', summary: 'Keep in touch with somebody', scope, affects },
    { body: newCadence, reply: cadence },
    async (tx, call) => {
      const { asking, party } = await mustFindParty(tx, call)
      const [partyId, principalId] = [party.row.id, call.session.principal.id]
      const known = await findCadence(tx, partyId, principalId)
      checkMatch(call, known && etagOfVersion(known.version))
      await setCadence(tx, { partyId, principalId }, call.body.everyDays, originOf(call))
      const row = await findCadence(tx, partyId, principalId)
      if (!row) throw notThere()
      return answer(tx, asking, row, call.now())
    },
  ),
  change(
    { method: 'DELETE', path: '/parties/:id/cadence', summary: 'Keep in touch no more', scope, affects },
    {},
    async (tx, call) => {
      const { row } = await mustFind(tx, call)
      checkMatch(call, etagOfVersion(row.version))
      await setCadence(tx, row, undefined, originOf(call))
      return {}
    },
  ),
]

async function mustFind(
  reader: Reader,
  call: Pick<RawCall, 'params' | 'session'>,
): Promise<{ readonly asking: Asking; readonly row: CadenceRow }> {
  const { asking, party } = await mustFindParty(reader, call)
  const row = await findCadence(reader, party.row.id, call.session.principal.id)
  if (!row) throw notThere()
  return { asking, row }
}

async function answer(reader: Reader, { session, reach }: Asking, row: CadenceRow, now: number) {
  const standing = await standingOf(reader, session, reach, row, now)
  return { body: shown(row, standing, now), etag: etagOfVersion(row.version) }
}

function shown({ partyId, everyDays, taskId }: CadenceRow, standing: Standing | undefined, now: number) {
  const { party, lastAt, dueAt = now } = standing ?? {}
  return {
    party: partyId,
    name: party?.placements[0].name ?? '',
    everyDays,
    lastAt: lastAt === undefined ? null : new Date(lastAt).toISOString(),
    dueAt: new Date(dueAt).toISOString(),
    isDue: dueAt <= now,
    task: taskId,
  }
}
