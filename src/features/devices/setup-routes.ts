import { Readable } from 'node:stream'
import { change, idIn, look, type Route, work } from '../../api/route.ts'
import { mustBeInPerson } from '../../auth/session.ts'
import { tryConnection } from './connection.ts'
import { addressIn, mustFind, mustHaveAddress } from './in-use.ts'
import { appleProfile, profileType } from './profile.ts'
import { connection, connectionWish, served, servedQuery, setupLink, setupWish } from './schema.ts'
import { type Served, servedTo } from './served.ts'
import { createSetupLink } from './setup-links.ts'
import { shownRefusal, timeOf } from './sync.ts'

const scope = 'account'

/** How a device is set up, and why something is not on it. What a device itself asks for has no route: see src/setup.ts. */
export const setupRoutes: readonly Route[] = [
  look(
    {
      ...{ method: 'GET', path: '/devices/:id/profile', scope },
      summary: 'A profile that sets an iPhone, an iPad or a Mac up; it asks for the password',
    },
    { gives: [profileType] },
    async (call) => {
      const address = mustHaveAddress(call.settings)
      const device = await call.store.read((reader) => mustFind(reader, call))
      const { principal: account } = call.session
      return {
        headers: {
          'Content-Type': profileType,
          'Content-Disposition': 'attachment; filename="farley.mobileconfig"',
        },
        body: Readable.from([Buffer.from(appleProfile({ account, device, address }))], { objectMode: false }),
      }
    },
  ),
  change(
    {
      ...{ method: 'POST', path: '/devices/:id/setup-link', scope, affects: 'facts', isSecret: true },
      summary: 'Make a link by which the device fetches its password, once; it is shown this once',
    },
    { body: setupWish, reply: setupLink, statuses: [201] },
    async (tx, call) => {
      mustBeInPerson(call.session)
      const device = await mustFind(tx, call)
      const { secret, expiresAt } = await createSetupLink(tx, device, call.body.password, call.settings)
      const { clientKind } = device
      const url = `${addressIn(call.settings) ?? ''}/setup#${clientKind ?? 'auto'}.${secret}`
      return { body: { url, expiresAt: new Date(expiresAt).toISOString() } }
    },
  ),
  work(
    {
      ...{ method: 'POST', path: '/devices/test', scope, affects: 'nothing' },
      summary: 'Try the connection as a client makes it, by the address of the settings',
    },
    { body: connectionWish, reply: connection },
    async ({ session, settings, body }) => {
      const { name } = session.principal
      const outcomes = await tryConnection({ publicUrl: settings.publicUrl, name, password: body.password })
      const steps = outcomes.map(({ step, ok, detail = null }) => ({ step, ok, detail }))
      return { body: { steps } }
    },
  ),
  look(
    {
      ...{ method: 'GET', path: '/objects/:id/served', scope: ['account', 'people', 'calendars'] },
      summary: 'Why an event or a card is, or is not, on a device',
    },
    { query: servedQuery, reply: served },
    async (call) => ({
      body: shownServed(
        await call.store.read(async (reader) => {
          const device = await mustFind(reader, call, call.query.device)
          return servedTo(reader, call.session, idIn(call), device)
        }),
      ),
    }),
  ),
]

function shownServed({ state, position, window, has, wrote, refused }: Served) {
  const asked = Math.max(position?.at ?? 0, window?.at ?? 0)
  return {
    ...{ state, askedAt: asked === 0 ? null : timeOf(asked) },
    ...{ from: timeOf(window?.fromAt), until: timeOf(window?.untilAt) },
    ...{ has: shownState(has), wrote: shownState(wrote), refusals: refused.map(shownRefusal) },
  }
}

function shownState(state: { readonly id: number; readonly at: number } | undefined) {
  return state ? { revision: state.id, at: new Date(state.at).toISOString() } : null
}
