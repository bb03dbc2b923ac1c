import { Readable } from 'node:stream'
import { z } from 'zod'
import type { Change } from '../../../protocol/text/changes/between.ts'
import { checkMatch } from '../../api/conditions.ts'
import { page, readCursor, writeCursor } from '../../api/cursor.ts'
import { change, idIn, look, originOf, type RawCall, type Route } from '../../api/route.ts'
import { pageOf } from '../../api/schema.ts'
import { burstRoutes } from './burst-routes.ts'
import { collectionHistoryRoutes } from './collections/routes.ts'
import { listStates, readState, showState } from './object-history.ts'
import { listPartyChanges, restoreFact } from './party-history.ts'
import { seenEtag } from './readable.ts'
import { restoreState } from './restore.ts'
import {
  octetsQuery,
  partyChange,
  restored,
  restoreRequest,
  stateDetail,
  statesPage,
  statesReply,
} from './schema.ts'
import { shownChange, shownPartyChange, shownState, textIn } from './shown-state.ts'
import { thingHistoryRoutes } from './things/routes.ts'
import { undoRoutes } from './undo/routes.ts'

/** Histories are of cards as well as of events. */
const scope = ['people', 'calendars'] as const
const cursorShape = z.tuple([z.int()])
const partyCursor = z.tuple([z.int(), z.int()])

/** What cards and events were, and making them so again. */
export const historyRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/objects/:id/history', summary: 'What a card or an event was', scope },
    { query: statesPage, reply: statesReply },
    async (call) => {
      const { limit, cursor } = call.query
      const before = readCursor(cursor, cursorShape)?.[0]
      const { states, makers, object, etag } = await call.store.read(async (reader) => {
        const listed = await listStates(reader, call.session, idIn(call), { before, limit }, call.settings)
        return { ...listed, etag: (await seenEtag(reader, listed.object, listed.object.now)) ?? null }
      })
      const body = page(states, limit, {
        keyOf: ({ revision }) => [revision.id],
        shown: ({ revision, summary }) => {
          const isWhole = !object.sights.has(revision.collectionId)
          return { ...shownState(revision, makers, isWhole), summary }
        },
      })
      return { body: { ...body, etag } }
    },
  ),
  look(
    { method: 'GET', path: '/objects/:id/history/:revision', summary: 'One of its states', scope },
    { reply: stateDetail },
    async (call) => {
      const place = { id: idIn(call), revisionId: revisionIn(call) }
      const state = await call.store.read((reader) => showState(reader, call.session, place, call.settings))
      const { revision, makers, text = null, sent = null } = state
      return {
        body: {
          ...shownState(revision, makers, state.isWhole),
          text,
          sent,
          previous: each(state.previous, (before, after) => ({ before, after })),
          now: each(state.now, (was, is) => ({ was, is })),
          stored: each(state.stored, (sent, stored) => ({ sent, stored })),
        },
      }
    },
  ),
  look(
    {
      ...{ method: 'GET', path: '/objects/:id/history/:revision/octets', scope },
      summary: 'The octets of one of its states',
    },
    { query: octetsQuery, gives: ['text/vcard', 'text/calendar'] },
    async (call) => {
      const place = { id: idIn(call), revisionId: revisionIn(call), isSent: call.query.sent === '1' }
      const { revision, body } = await call.store.read((reader) => readState(reader, call.session, place))
      const isCard = revision.component === 'VCARD'
      const name = `revision-${revision.id}.${isCard ? 'vcf' : 'ics'}`
      return {
        headers: {
          'Content-Type': isCard ? 'text/vcard' : 'text/calendar',
          'Content-Disposition': `attachment; filename="${name}"`,
        },
        body: Readable.from([body], { objectMode: false }),
      }
    },
  ),
  change(
    {
      ...{ method: 'POST', path: '/objects/:id/restore', scope, affects: 'cards' },
      summary: 'Make it, or some of its fields, as it was',
    },
    { body: restoreRequest, reply: restored },
    async (tx, call) => {
      const { revision: revisionId, fields } = call.body
      const outcome = await restoreState(
        tx,
        call.session,
        {
          ...{ id: idIn(call), revisionId, fields, origin: { ...originOf(call), kind: 'restore' } },
          check: (etag) => checkMatch(call, etag),
        },
        call,
      )
      return { body: outcome, etag: outcome.etag }
    },
  ),
  look(
    {
      ...{ method: 'GET', path: '/parties/:id/history', scope: 'people' },
      summary: 'What happened to a person or a company: to the cards, and to what is known beside them',
    },
    { query: statesPage, reply: pageOf(partyChange) },
    async (call) => {
      const { limit, cursor } = call.query
      const before = readCursor(cursor, partyCursor)
      const { changes, makers, next } = await call.store.read((reader) =>
        listPartyChanges(reader, call.session, idIn(call), { before, limit }, call.settings),
      )
      const items = changes.map((one) => shownPartyChange(one, makers))
      return { body: { items, next: next ? writeCursor(next) : null } }
    },
  ),
  change(
    {
      ...{
        method: 'POST',
        path: '/parties/:id/history/:revision/restore',
        scope: 'people',
        // What stands on cards too is brought back there as well.
        affects: 'cards',
      },
      summary: 'Make a fact as it was before a change',
    },
    {},
    async (tx, call) => {
      const origin = { ...originOf(call), kind: 'restore' } as const
      const wanted = { partyId: idIn(call), revisionId: revisionIn(call), origin }
      await restoreFact(tx, call.session, wanted, call)
      return {}
    },
  ),
  ...collectionHistoryRoutes,
  ...thingHistoryRoutes,
  ...undoRoutes,
  ...burstRoutes,
]

/** Differences with both lines, under the names that `named` gives them. */
function each<Named>(
  changes: readonly Change[] | undefined,
  named: (one: string | null, other: string | null) => Named,
) {
  if (!changes) return null
  return changes.map((one) => ({ ...shownChange(one), ...named(textIn(one, 'one'), textIn(one, 'other')) }))
}

function revisionIn({ params }: Pick<RawCall, 'params'>): number {
  return /^\d{1,15}$/.test(params.revision ?? '') ? Number(params.revision) : 0
}
