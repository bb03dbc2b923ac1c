import { z } from 'zod'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { Reader } from '../../../storage/store.ts'
import {
  type CadenceRow,
  findCadence,
  listCadences,
  putCadence,
  removeCadence,
} from '../../../storage/timeline/cadences.ts'
import { checkMatch, etagOfVersion } from '../../api/conditions.ts'
import { page, readCursor } from '../../api/cursor.ts'
import { change, idIn, look, type RawCall, type Route } from '../../api/route.ts'
import { pageOf, paging } from '../../api/schema.ts'
import { findParty } from '../people/parties.ts'
import { reachOf } from '../people/reach.ts'
import { type Standing, standingOf } from './cadence.ts'
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
    { method: 'GET', path: '/parties/:id/cadence', summary: 'How often I want to be in touch', scope },
    { reply: cadence },
    (call) => call.store.read(async (reader) => answer(reader, call, await mustFind(reader, call))),
  ),
  change(
    { method: 'PUT', path: '/parties/:id/cadence', summary: 'Keep in touch with somebody', scope, affects },
    { body: newCadence, reply: cadence },
    async (tx, call) => {
      const party = await mustFindParty(tx, call)
      const principalId = call.session.principal.id
      const known = await findCadence(tx, party, principalId)
      checkMatch(call, known && etagOfVersion(known.version))
      await putCadence(tx, { partyId: party, principalId, everyDays: call.body.everyDays })
      return answer(tx, call, await mustFind(tx, call))
    },
  ),
  change(
    { method: 'DELETE', path: '/parties/:id/cadence', summary: 'Keep in touch no more', scope, affects },
    {},
    async (tx, call) => {
      const row = await mustFind(tx, call)
      checkMatch(call, etagOfVersion(row.version))
      await removeCadence(tx, row.id)
      return {}
    },
  ),
]

type Asked = Pick<RawCall, 'params' | 'session' | 'now'>

async function mustFindParty(reader: Reader, call: Asked): Promise<number> {
  const party = await findParty(reader, await reachOf(reader, call.session), idIn(call))
  if (!party) throw notThere()
  return party.row.id
}

async function mustFind(reader: Reader, call: Asked): Promise<CadenceRow> {
  const row = await findCadence(reader, await mustFindParty(reader, call), call.session.principal.id)
  if (!row) throw notThere()
  return row
}

async function answer(reader: Reader, { session, now }: Asked, row: CadenceRow) {
  const standing = await standingOf(reader, session, await reachOf(reader, session), row, now())
  return { body: shown(row, standing, now()), etag: etagOfVersion(row.version) }
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

const notThere = (): Error => refuseStatus(404, 'There is nothing at this address.')
