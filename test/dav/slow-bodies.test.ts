import http from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createAppPassword, findAccount } from '../../src/features/accounts/accounts.ts'
import { removeDelegate } from '../../src/features/rights/delegates.ts'
import { revokeAppPassword } from '../../storage/credentials.ts'
import { mustSetAcl } from './acls.ts'
import { propfindBody } from './client.ts'
import { delegate, group, leave } from './directory.ts'
import { event } from './objects.ts'
import { type Account, useServer } from './server.ts'

const server = useServer()

/** Sends a request whose body ends only when something else has been done. @returns its status */
async function slowly(
  { name, password }: Pick<Account, 'name' | 'password'>,
  { method, path, body }: { readonly method: string; readonly path: string; readonly body: string },
  meanwhile: () => Promise<unknown>,
  pauseMs = 100,
): Promise<number> {
  const { hostname, port } = new URL(server.url)
  const sent = http.request({
    ...{ hostname, port, method, path },
    headers: {
      Authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
      'Content-Type': method === 'PUT' ? 'text/calendar' : 'application/xml',
      'Content-Length': String(Buffer.byteLength(body)),
    },
  })
  const answered = new Promise<number>((resolve, reject) => {
    sent.once('error', reject)
    sent.once('response', (response) => resolve(response.resume().statusCode ?? 0))
  })
  sent.write(body.slice(0, 10))
  await wait(pauseMs)
  await meanwhile()
  sent.end(body.slice(10))
  return answered
}

describe('what is taken away while a body is under way (RFC 3744 §5.5.1, RFC 7617 §2)', () => {
  it('who was put out of a group writes nothing that the group may write', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const team = await group(server, 'slow-team', bob)
    await mustSetAcl(alice, alice.calendar, [{ who: team.principal, grant: ['read', 'write'] }])
    const put = { method: 'PUT', path: `${alice.calendar}slow.ics`, body: event('slow') }
    expect(await slowly(bob, put, () => leave(server, 'slow-team', bob.name))).toBe(403)
    expect((await alice.get(put.path)).status).toBe(404)
  })

  it('who is a delegate no more writes nothing', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await delegate(server, alice.name, bob.name, 'write')
    const put = { method: 'PUT', path: `${alice.calendar}slow.ics`, body: event('slow') }
    const end = () =>
      server.services.store.write(async (tx) =>
        removeDelegate(tx, await findAccount(tx, alice.name), await findAccount(tx, bob.name)),
      )
    expect(await slowly(bob, put, end)).toBe(403)
  })

  it.each(['PROPFIND', 'REPORT'])('%s reads nothing that may not be read by then', async (method) => {
    const [alice, bob] = [await server.account(), await server.account()]
    await mustSetAcl(alice, alice.calendar, [{ who: bob.principal, grant: ['read'] }])
    const body =
      method === 'PROPFIND'
        ? propfindBody(['{DAV:}displayname'])
        : '<d:sync-collection xmlns:d="DAV:"><d:sync-token/><d:sync-level>1</d:sync-level><d:prop/></d:sync-collection>'
    const asked = { method, path: alice.calendar, body }
    expect(await slowly(bob, asked, async () => {})).toBe(207)
    expect(await slowly(bob, asked, () => mustSetAcl(alice, alice.calendar, []))).toBe(403)
  })

  it('a device that was revoked meanwhile writes nothing', async () => {
    const alice = await server.account()
    const { store } = server.services
    const account = await store.read((reader) => findAccount(reader, alice.name))
    const device = await store.write((tx) =>
      createAppPassword(tx, account, { label: 'Lost', scope: 'write' }),
    )
    const put = { method: 'PUT', path: `${alice.calendar}slow.ics`, body: event('slow') }
    const lost = { name: alice.name, password: device.secret }
    const revoke = () => store.write((tx) => revokeAppPassword(tx, account.id, device.id))
    expect(await slowly(lost, put, revoke, 1_100)).toBe(401)
    expect((await alice.get(put.path)).status).toBe(404)
  })
})
