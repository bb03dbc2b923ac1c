import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { Difference } from '../../../protocol/text/differences.ts'
import {
  findHeldEdit,
  type ListedHeldEdit,
  listHeldEdits,
  reopenHeldEdit,
  settleHeldEdit,
} from '../../../storage/held/held-edits.ts'
import { change, idIn, look, originOf, type Route } from '../../api/route.ts'
import { applyHeld } from './apply.ts'
import { seenHeld } from './held.ts'
import { application, applied, heldDetail, heldEdit, heldList, heldQuery } from './schema.ts'
import { type ShownOutcome, showHeld } from './show.ts'

/** What is held are cards as well as events. */
const scope = ['people', 'calendars'] as const

/** Edits of one's devices that were refused, over the API. */
export const heldRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/held', summary: 'Edits of mine that were refused', scope },
    { query: heldQuery, reply: heldList },
    async (call) => {
      const { session, store, query } = call
      const held = await store.read(async (reader) =>
        seenHeld(reader, session, await listHeldEdits(reader, session.principal.id, query.state)),
      )
      return { body: { held: held.map(shownEdit) } }
    },
  ),
  look(
    { method: 'GET', path: '/held/:id', summary: 'One of them, and what it would change', scope },
    { reply: heldDetail },
    async (call) => {
      const { store, session, settings } = call
      const { edit, text, differences, outcome } = await store.read((reader) =>
        showHeld(reader, session, idIn(call), settings),
      )
      const shown = { text, differences: differences?.map(shownDifference) }
      return { body: { ...shownEdit(edit), ...shown, outcome: outcome && shownOutcome(outcome) } }
    },
  ),
  change(
    { method: 'POST', path: '/held/:id/apply', summary: 'Store it after all', scope, affects: 'cards' },
    { body: application, reply: applied },
    async (tx, call) => {
      const wanted = { ...call.body, origin: originOf(call) }
      return { body: await applyHeld(tx, call.session, idIn(call), wanted, call) }
    },
  ),
  change(
    {
      method: 'DELETE',
      path: '/held/:id',
      summary: 'Discard it, until it is put back',
      scope,
      affects: 'facts',
    },
    {},
    async (tx, call) => {
      const { id: principalId } = call.session.principal
      const discarded = { as: 'discarded', by: principalId } as const
      if (!(await settleHeldEdit(tx, { id: idIn(call), principalId }, discarded))) throw notThere()
      return {}
    },
  ),
  change(
    {
      ...{ method: 'POST', path: '/held/:id/restore', scope, affects: 'facts' },
      summary: 'Put back what was applied or discarded',
    },
    { reply: heldEdit },
    async (tx, call) => {
      const { id: principalId } = call.session.principal
      if (!(await reopenHeldEdit(tx, principalId, idIn(call)))) throw notThere()
      const edit = await findHeldEdit(tx, principalId, idIn(call))
      const [seen] = edit ? await seenHeld(tx, call.session, [edit]) : []
      if (!seen) throw notThere()
      return { body: shownEdit(seen) }
    },
  ),
]

const notThere = (): Error => refuseStatus(404, 'There is no such held edit.')

function shownEdit(edit: ListedHeldEdit) {
  const { id, at, collectionName, collectionKind, name, device, status, reason, size, storedEtag } = edit
  const { settledAt, settledAs } = edit
  return {
    id,
    at: new Date(at).toISOString(),
    collection: collectionName,
    kind: collectionKind,
    name,
    device,
    status,
    reason,
    size,
    storedEtag,
    settledAt: settledAt === null ? null : new Date(settledAt).toISOString(),
    settledAs,
  }
}

function shownDifference({ path, one, other }: Difference) {
  return { property: path, stored: one, held: other }
}

function shownOutcome(outcome: ShownOutcome) {
  if (outcome.kind === 'conflict') return outcome
  return { kind: outcome.kind, changes: outcome.changes?.map(shownDifference) }
}
