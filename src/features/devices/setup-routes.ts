import { Readable } from 'node:stream'
import { change, look, type Route, work } from '../../api/route.ts'
import { mustBeInPerson } from '../../auth/session.ts'
import { tryConnection } from './connection.ts'
import { addressIn, mustFind, mustHaveAddress, ownAddress } from './in-use.ts'
import { appleProfile, profileType } from './profile.ts'
import { connection, connectionWish, setupLink, setupWish } from './schema.ts'
import { createSetupLink } from './setup-links.ts'

const scope = 'account'

/** How a device is set up. What a device itself asks for has no route: see src/setup.ts. */
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
      const publicUrl = settings.publicUrl || ownAddress(settings)
      const outcomes = await tryConnection({ publicUrl, name, password: body.password })
      const steps = outcomes.map(({ step, ok, detail = null }) => ({ step, ok, detail }))
      return { body: { steps } }
    },
  ),
]
