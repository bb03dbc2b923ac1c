import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { type AppPasswordRow, listAppPasswords, revokeAppPassword } from '../../../storage/credentials.ts'
import { positionsOf } from '../../../storage/held/merge-bases.ts'
import type { Reader } from '../../../storage/store.ts'
import { change, idIn, look, type RawCall, type Route } from '../../api/route.ts'
import { mustBeInPerson } from '../../auth/session.ts'
import { createAppPassword } from '../accounts/accounts.ts'
import { reachOf } from '../people/reach.ts'
import { chooseKind, chooseMerge, readMerge } from './devices.ts'
import { deviceList, devicePatch, deviceState, madeDevice, newDevice } from './schema.ts'

const scope = 'account'

/** The devices of an account: each has a password of its own, and says how far it has synced. */
export const deviceRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/devices', summary: 'My devices: what has a password of its own', scope },
    { reply: deviceList },
    async ({ store, session }) => {
      const rows = await store.read((reader) => listAppPasswords(reader, session.principal.id))
      return { body: { devices: rows.filter(isInUse).map(shown) } }
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
    { method: 'PATCH', path: '/devices/:id', summary: 'Say what it is', scope, affects: 'other' },
    { body: devicePatch, reply: deviceState },
    async (tx, call) => {
      const { id } = await mustFind(tx, call)
      const { kind, merge } = call.body
      const { principal } = call.session
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
]

type Asked = Pick<RawCall, 'session' | 'params'>

/** @throws refusal 404 */
async function mustFind(reader: Reader, call: Asked, id: number = idIn(call)): Promise<AppPasswordRow> {
  const rows = await listAppPasswords(reader, call.session.principal.id)
  const found = rows.find((row) => row.id === id)
  if (!found || !isInUse(found)) throw refuseStatus(404, 'There is no such device.')
  return found
}

async function stateOf(reader: Reader, call: Asked) {
  const row = await mustFind(reader, call)
  const { books, virtual, calendars } = await reachOf(reader, call.session)
  const known = new Map([...books, ...virtual, ...calendars].map((reached) => [reached.row.id, reached]))
  const collections = (await positionsOf(reader, row.id)).flatMap(({ collectionId, change: seen, at }) => {
    const reached = known.get(collectionId)
    if (!reached) return []
    const { id, kind, name, displayname, feedChange } = reached.row
    const title = reached.mount?.displayname ?? displayname ?? name
    return { id, kind, title, at: new Date(at).toISOString(), behind: Math.max(0, feedChange - seen) }
  })
  return { ...shown(row), collections }
}

function isInUse({ revokedAt }: AppPasswordRow): boolean {
  return revokedAt === null
}

function shown({
  id,
  label,
  scope: may,
  clientKind,
  suggestedKind,
  merge,
  createdAt,
  lastUsedAt,
}: AppPasswordRow) {
  const kept: 'auto' | 'off' | 'on' = merge === null ? 'auto' : merge === 0 ? 'off' : 'on'
  return {
    ...{ id, label, kind: clientKind, looksLike: suggestedKind, merge: kept, isReadOnly: may === 'read' },
    createdAt: new Date(createdAt).toISOString(),
    lastUsedAt: lastUsedAt === null ? null : new Date(lastUsedAt).toISOString(),
  } as const
}
