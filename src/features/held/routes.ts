import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { Difference } from '../../../protocol/text/differences.ts'
import { dropHeldEdit, type ListedHeldEdit, listHeldEdits } from '../../../storage/held/held-edits.ts'
import { idIn, originOf, type Route, route, routeWithBody } from '../../api/route.ts'
import { applyHeld } from './apply.ts'
import { showHeld } from './held.ts'
import { application } from './schema.ts'

/** Edits of one's devices that were refused, over the API. */
export const heldRoutes: readonly Route[] = [
  route({ method: 'GET', path: '/held', summary: 'Edits of mine that were refused' }, async (call) => {
    const held = await call.store.read((reader) => listHeldEdits(reader, call.session.principal.id))
    return { status: 200, body: { held: held.map(shownEdit) } }
  }),
  route(
    { method: 'GET', path: '/held/:id', summary: 'One of them, and what it would change' },
    async (call) => {
      const { store, session, settings } = call
      const { edit, text, differences } = await store.read((reader) =>
        showHeld(reader, session, idIn(call), settings),
      )
      return {
        status: 200,
        body: { ...shownEdit(edit), text, differences: differences?.map(shownDifference) },
      }
    },
  ),
  routeWithBody(
    { method: 'POST', path: '/held/:id/apply', summary: 'Store it after all' },
    application,
    async (call) => {
      const { store, session, body } = call
      const origin = originOf(call)
      const applied = await store.write((tx) => applyHeld(tx, session, idIn(call), { ...body, origin }, call))
      return { status: 200, body: applied }
    },
  ),
  route({ method: 'DELETE', path: '/held/:id', summary: 'Forget it' }, async (call) => {
    const { store, session } = call
    const isDropped = await store.write((tx) => dropHeldEdit(tx, session.principal.id, idIn(call)))
    if (!isDropped) throw refuseStatus(404, 'There is no such held edit.')
    return { status: 204 }
  }),
]

function shownEdit(edit: ListedHeldEdit): Record<string, unknown> {
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

function shownDifference({ path, one, other }: Difference): Record<string, unknown> {
  return { property: path, stored: one, held: other }
}
