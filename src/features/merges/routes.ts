import { z } from 'zod'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { findMerge, type MergeRow, mergesOf } from '../../../storage/match/merges.ts'
import { checkMatch } from '../../api/conditions.ts'
import { page, readCursor } from '../../api/cursor.ts'
import { change, idIn, look, originOf, type Route } from '../../api/route.ts'
import { findParty } from '../people/parties.ts'
import { reachOf } from '../people/reach.ts'
import { mustMay } from '../team/team-roles.ts'
import { mergeParties } from './merge.ts'
import { mustFindPair } from './pair.ts'
import { previewMerge } from './preview.ts'
import { merged, mergePreview, mergeRequest, mergesPage, mergesQuery, pairQuery, undone } from './schema.ts'
import { undoMerge } from './undo.ts'

const scope = 'people'
const affects = 'cards'
const cursorShape = z.tuple([z.int()])

/** Making one of two people, and two again. */
export const mergeRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/merges/preview', summary: 'What making one of two people would do', scope },
    { query: pairQuery, reply: mergePreview },
    async (call) => {
      const { a, b } = call.query
      return call.store.read(async (reader) => {
        const pair = await mustFindPair(reader, await reachOf(reader, call.session), a, b)
        return { body: previewMerge(pair), etag: pair.etag }
      })
    },
  ),
  change(
    { method: 'POST', path: '/merges', summary: 'Make one of two people', scope, affects },
    { body: mergeRequest, reply: merged, statuses: [201] },
    async (tx, call) => {
      const { survivor, loser, choices, inAllBooks } = call.body
      await mustMay(tx, call.session, 'merge')
      const pair = await mustFindPair(tx, await reachOf(tx, call.session), survivor, loser)
      checkMatch(call, pair.etag)
      const named = Object.entries(choices).map(([name, choice]) => [name.toUpperCase(), choice] as const)
      const { id, survivorId } = await mergeParties(tx, call.session, pair, {
        choices: new Map(named),
        inAllBooks,
        origin: originOf(call),
        settings: call.settings,
        newId: call.newId,
      })
      return { body: { id, party: survivorId } }
    },
  ),
  change(
    { method: 'POST', path: '/merges/:id/undo', summary: 'Make two of them again', scope, affects },
    { reply: undone },
    async (tx, call) => {
      await mustMay(tx, call.session, 'merge')
      const merge = await findMerge(tx, idIn(call))
      if (!merge) throw refuseStatus(404, 'There is no such merge.')
      const reach = await reachOf(tx, call.session)
      const { left } = await undoMerge(tx, call.session, reach, { merge, origin: originOf(call) }, call)
      return { body: { left: [...new Set(left)] } }
    },
  ),
  look(
    { method: 'GET', path: '/merges', summary: 'Who became somebody, the latest first', scope },
    { query: mergesQuery, reply: mergesPage },
    async (call) => {
      const { limit, cursor, party } = call.query
      const before = readCursor(cursor, cursorShape)?.[0]
      return call.store.read(async (reader) => {
        const seen = await findParty(reader, await reachOf(reader, call.session), party)
        if (!seen) throw refuseStatus(404, 'There is nobody of that id.')
        const rows = await mergesOf(reader, [seen.row.id], { before, limit: limit + 1 })
        return { body: page(rows, limit, { keyOf: ({ id }) => [id], shown: shownMerge }) }
      })
    },
  ),
]

function shownMerge({ id, survivorId, loserId, name, at, undoneAt }: MergeRow) {
  return {
    id,
    survivor: survivorId,
    loser: loserId,
    name,
    at: new Date(at).toISOString(),
    undoneAt: undoneAt === null ? null : new Date(undoneAt).toISOString(),
  }
}
