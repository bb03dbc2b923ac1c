import { refuseStatus } from '../../../../protocol/dav/preconditions.ts'
import { listAppPasswords } from '../../../../storage/credentials.ts'
import { readTexts } from '../../../../storage/objects.ts'
import { deviceOverview } from '../../../../storage/overview/devices.ts'
import { findPrincipalById } from '../../../../storage/principals.ts'
import type { Reader } from '../../../../storage/store.ts'
import { idIn, look, type RawCall, type Route } from '../../../api/route.ts'
import { actingFor } from '../../../auth/session.ts'
import { reachOf } from '../../people/reach.ts'
import { adminLook } from '../../team/administering.ts'
import { summaryOf } from '../../trash/summary.ts'
import { isInUse, mustFind } from '../in-use.ts'
import { oneDevice, served, servedObject, servedQuery, servedToAll, servedToQuery } from '../schema.ts'
import { shownDevice, shownRefusal, syncOf, timeOf } from '../sync.ts'
import { type Place, placeByText, placeOf, type Served, servedTo } from './served.ts'

const scope = ['account', 'people', 'calendars'] as const

/** Of so many devices it is told. */
const mostDevices = 50

/** Why something is, or is not, on a device. */
export const servedRoutes: readonly Route[] = [
  look(
    {
      ...{ method: 'GET', path: '/objects/:id/served', scope },
      summary: 'Why an event or a card is, or is not, on a device',
    },
    { query: servedQuery, reply: served },
    (call) =>
      call.store.read(async (reader) => {
        const device = await mustFind(reader, call, call.query.device)
        const place = await placeOf(reader, call.session, idIn(call))
        return { body: await shownTo(reader, call.session.principal.id, place, device) }
      }),
  ),
  look(
    {
      ...{ method: 'GET', path: '/objects/:id/devices', scope },
      summary: 'The same of each of my devices, with what the event or the card is',
    },
    { reply: servedToAll },
    (call) =>
      call.store.read(async (reader) => {
        const { id } = call.session.principal
        const place = await placeOf(reader, call.session, idIn(call))
        const devices = (await listAppPasswords(reader, id)).filter(isInUse).slice(0, mostDevices)
        const all = await servedTo(reader, id, place, devices)
        const shown = devices.flatMap((device, index) => {
          const one = all[index]
          return one ? [{ device: shownDevice(device), served: shownServed(one) }] : []
        })
        const object = { ...shownObject(place), title: await titleOf(reader, place) }
        return { body: { object, devices: shown } }
      }),
  ),
  adminLook(
    { path: '/all-devices/:id', summary: 'One device of anybody, and how far it has synced' },
    { reply: oneDevice },
    async (reader, call) => {
      const { device, session } = await mustFindAny(reader, call)
      const sync = await syncOf(reader, await reachOf(reader, session), session.principal, device)
      const { merge: _, ...shown } = shownDevice(device)
      return { body: { ...shown, account: device.account, ...sync } }
    },
  ),
  adminLook(
    {
      path: '/all-devices/:id/served',
      summary: 'Why an event or a card is, or is not, on it; what the object says is not told',
    },
    { query: servedToQuery, reply: servedObject },
    async (reader, call) => {
      const { device, session } = await mustFindAny(reader, call)
      const place = await placeByText(reader, session, call.query.object)
      const shown = await shownTo(reader, session.principal.id, place, device)
      return { body: { object: { ...shownObject(place), title: null }, served: shown } }
    },
  ),
]

type Asked = Pick<RawCall, 'params' | 'settings'>

/** A device, and whose it is, as if he asked himself. @throws refusal 404 */
async function mustFindAny(reader: Reader, call: Asked) {
  const device = await deviceOverview(reader, idIn(call))
  const principal = device && (await findPrincipalById(reader, device.principalId))
  if (!device || !principal) throw refuseStatus(404, 'There is no such device.')
  return { device, session: actingFor(principal, call.settings) }
}

async function shownTo(
  reader: Reader,
  principalId: Parameters<typeof servedTo>[1],
  place: Place,
  device: Parameters<typeof servedTo>[3][number],
) {
  const [one] = await servedTo(reader, principalId, place, [device])
  if (!one) throw new Error('One device was asked about.')
  return shownServed(one)
}

function shownServed({ state, why, position, window, has, wrote, refused }: Served) {
  const asked = Math.max(position?.at ?? 0, window?.at ?? 0)
  return {
    ...{ state, why, askedAt: asked === 0 ? null : timeOf(asked) },
    ...{ from: timeOf(window?.fromAt), until: timeOf(window?.untilAt) },
    ...{ has: shownState(has), wrote: shownState(wrote), refusals: refused.map(shownRefusal) },
  }
}

function shownState(state: { readonly id: number; readonly at: number } | undefined) {
  return state ? { revision: state.id, at: new Date(state.at).toISOString() } : null
}

const kinds: Readonly<Record<string, 'card' | 'event' | 'task'>> = { VCARD: 'card', VTODO: 'task' }

function shownObject({ object, reached: { row, mount } }: Place) {
  const { id, component, modifiedAt } = object
  const title = mount?.displayname ?? row.displayname ?? row.name
  return {
    ...{ id, kind: kinds[component] ?? ('event' as const), changedAt: new Date(modifiedAt).toISOString() },
    collection: { id: row.id, kind: row.kind, title },
  }
}

async function titleOf(reader: Reader, { object }: Place): Promise<string> {
  const text = (await readTexts(reader, [object.bodyId], { withMedia: false })).get(object.bodyId)
  return text === undefined ? '' : summaryOf(text, object.component)
}
