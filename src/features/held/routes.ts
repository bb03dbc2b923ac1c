import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { Difference } from '../../../protocol/text/differences.ts'
import { dropHeldEdit, type ListedHeldEdit, listHeldEdits } from '../../../storage/held/held-edits.ts'
import { change, idIn, look, originOf, type Route } from '../../api/route.ts'
import { applyHeld } from './apply.ts'
import { showHeld } from './held.ts'
import { application, applied, heldDetail, heldList } from './schema.ts'

/** What is held are cards as well as events. */
const scope = ['people', 'calendars'] as const

/** Edits of one's devices that were refused, over the API. */
export const heldRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/held', summary: 'Edits of mine that were refused', scope },
    { reply: heldList },
    async (call) => {
      const held = await call.store.read((reader) => listHeldEdits(reader, call.session.principal.id))
      return { body: { held: held.map(shownEdit) } }
    },
  ),
  look(
    { method: 'GET', path: '/held/:id', summary: 'One of them, and what it would change', scope },
    { reply: heldDetail },
    async (call) => {
      const { store, session, settings } = call
      const { edit, text, differences } = await store.read((reader) =>
        showHeld(reader, session, idIn(call), settings),
      )
      return { body: { ...shownEdit(edit), text, differences: differences?.map(shownDifference) } }
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
    { method: 'DELETE', path: '/held/:id', summary: 'Forget it', scope, affects: 'facts' },
    {},
    async (tx, call) => {
      const isDropped = await dropHeldEdit(tx, call.session.principal.id, idIn(call))
      if (!isDropped) throw refuseStatus(404, 'There is no such held edit.')
      return {}
    },
  ),
]

function shownEdit(edit: ListedHeldEdit) {
  const { id, at, collectionName, collectionKind, name, device, status, reason, size, storedEtag } = edit
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
  }
}

function shownDifference({ path, one, other }: Difference) {
  return { property: path, stored: one, held: other }
}
