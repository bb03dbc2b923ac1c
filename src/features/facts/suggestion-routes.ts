import { z } from 'zod'
import {
  dismissSuggestion,
  listSuggestions,
  type SuggestionRow,
  takeUpSuggestion,
} from '../../../storage/facts/suggestions.ts'
import type { Reader } from '../../../storage/store.ts'
import { readCursor, writeCursor } from '../../api/cursor.ts'
import { type ChangeCall, change, idIn, look, originOf, type Route } from '../../api/route.ts'
import { type Acting, actingOf, writableBooks } from '../people/asking.ts'
import { seeParties } from '../people/parties.ts'
import { acceptSuggestion, isHiddenQuestion, mustAsk, questionOf } from './bound/suggestions.ts'
import { acceptance, suggestionPage, suggestionQuery } from './schema.ts'
import { shownName } from './show.ts'

const scope = 'people'
const idKey = z.tuple([z.int()])

/** What changes of cards leave open: who is meant by a name. */
export const suggestionRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/suggestions', summary: 'What changes of cards leave open', scope },
    { query: suggestionQuery, reply: suggestionPage },
    async ({ store, session, settings, query }) => ({
      body: await store.read(async (reader) => {
        const { limit, cursor, party, state } = query
        const acting = await actingOf(reader, { session, settings, origin: { kind: 'web' } })
        const [before] = readCursor(cursor, idKey) ?? []
        const rows = await listSuggestions(reader, [...writableBooks(acting.reach)], {
          ...{ before, party, state },
          limit: limit + 1,
        })
        const items = await shownRows(reader, acting, rows.slice(0, limit))
        const last = rows[limit - 1]
        return { items, next: rows.length > limit && last ? writeCursor([last.id]) : null }
      }),
    }),
  ),
  change(
    { method: 'POST', path: '/suggestions/:id/accept', summary: 'Do it', scope, affects: 'cards' },
    { body: acceptance },
    async (tx, call) => {
      await acceptSuggestion(tx, await acting(tx, call), idIn(call), call.body, call.newId)
      return {}
    },
  ),
  change(
    { method: 'POST', path: '/suggestions/:id/dismiss', summary: 'Leave it', scope, affects: 'facts' },
    {},
    async (tx, call) => {
      const { row } = await mustAsk(tx, await acting(tx, call), idIn(call))
      await dismissSuggestion(tx, row.id)
      return {}
    },
  ),
  change(
    {
      ...{ method: 'DELETE', path: '/suggestions/:id/dismiss', scope, affects: 'facts' },
      summary: 'Ask again what was left',
    },
    {},
    async (tx, call) => {
      const { row } = await mustAsk(tx, await acting(tx, call), idIn(call), 'dismissed')
      await takeUpSuggestion(tx, row.id)
      return {}
    },
  ),
]

function acting(reader: Reader, call: ChangeCall<unknown>): Promise<Acting> {
  return actingOf(reader, { ...call, origin: originOf(call) })
}

/** Each with those candidates that the caller sees. */
async function shownRows(reader: Reader, { reach }: Acting, rows: readonly SuggestionRow[]) {
  const asked = rows.map((row) => ({ row, question: questionOf(row) }))
  const ids = asked.flatMap(({ row, question }) => [row.partyId, ...question.candidates])
  const seen = await seeParties(reader, reach, [...new Set(ids)])
  return asked.flatMap(({ row, question }) => {
    const party = seen.get(row.partyId)
    if (!party || isHiddenQuestion({ reach }, row, party)) return []
    const candidates = question.candidates.flatMap((id) => {
      const one = seen.get(id)
      return one ? [shownName(one)] : []
    })
    const { id, kind, createdAt } = row
    const { name, type } = question
    return [
      { id, kind, party: shownName(party), name, type, candidates, at: new Date(createdAt).toISOString() },
    ]
  })
}
