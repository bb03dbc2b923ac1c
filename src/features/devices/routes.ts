import { listAppPasswords, revokeAppPassword } from '../../../storage/credentials.ts'
import type { Reader } from '../../../storage/store.ts'
import { change, look, type Route } from '../../api/route.ts'
import { mustBeInPerson } from '../../auth/session.ts'
import { createAppPassword } from '../accounts/accounts.ts'
import { reachOf } from '../people/reach.ts'
import { chooseKind, chooseMerge, readMerge, renameDevice } from './devices.ts'
import { type AskedDevice, addressIn, isInUse, mustFind } from './in-use.ts'
import { deviceList, devicePatch, deviceState, madeDevice, newDevice } from './schema.ts'
import { servedRoutes } from './served/routes.ts'
import { setupRoutes } from './setup-routes.ts'
import { shownDevice as shown, syncOf } from './sync.ts'

const scope = 'account'

/** The devices of an account: each has a password of its own, and says how far it has synced. */
export const deviceRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/devices', summary: 'My devices: what has a password of its own', scope },
    { reply: deviceList },
    async ({ store, session, settings }) => {
      const rows = await store.read((reader) => listAppPasswords(reader, session.principal.id))
      const address = addressIn(settings) ?? null
      const principal = `/dav/principals/${session.principal.segment}/`
      return { body: { devices: rows.filter(isInUse).map(shown), address, principal } }
    },
  ),
  change(
    {
      ...{ method: 'POST', path: '/devices', scope, affects: 'facts', isSecret: true },
      summary: 'Make a password for a device; it is shown this once',
    },
    { body: newDevice, reply: madeDevice, statuses: [201] },
    async (tx, call) => {
      mustBeInPerson(call.session)
      const { label, kind: clientKind, merge, isReadOnly } = call.body
      const wanted = {
        label,
        clientKind,
        merge: readMerge(merge),
        scope: isReadOnly ? 'read' : 'write',
      } as const
      const { id, secret } = await createAppPassword(tx, call.session.principal, wanted)
      const headers = { Location: `/api/devices/${id}` }
      return { headers, body: { ...shown(await mustFind(tx, call, id)), password: secret } }
    },
  ),
  look(
    { method: 'GET', path: '/devices/:id', summary: 'One device, and how far it has synced', scope },
    { reply: deviceState },
    async (call) => ({ body: await call.store.read((reader) => stateOf(reader, call)) }),
  ),
  change(
    { method: 'PATCH', path: '/devices/:id', summary: 'Name it, or say what it is', scope, affects: 'other' },
    { body: devicePatch, reply: deviceState },
    async (tx, call) => {
      const { id } = await mustFind(tx, call)
      const { label, kind, merge } = call.body
      const { principal } = call.session
      if (label !== undefined) await renameDevice(tx, principal, id, label)
      if (kind !== undefined) await chooseKind(tx, principal, id, kind)
      if (merge !== undefined) await chooseMerge(tx, principal, id, readMerge(merge))
      return { body: await stateOf(tx, call) }
    },
  ),
  change(
    {
      method: 'DELETE',
      path: '/devices/:id',
      summary: 'Revoke its password, at once',
      scope,
      affects: 'facts',
    },
    {},
    async (tx, call) => {
      const { id, principalId } = await mustFind(tx, call)
      await revokeAppPassword(tx, principalId, id)
      return {}
    },
  ),
  ...setupRoutes,
  ...servedRoutes,
]

async function stateOf(reader: Reader, call: AskedDevice) {
  const row = await mustFind(reader, call)
  const { principal } = call.session
  return { ...shown(row), ...(await syncOf(reader, await reachOf(reader, call.session), principal, row)) }
}
