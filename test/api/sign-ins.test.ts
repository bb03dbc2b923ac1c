import { describe, expect, it } from 'vitest'
import { makeAdministrator } from '../../src/features/team/team-roles.ts'
import { purge } from '../../src/jobs/purge.ts'
import { findPrincipalByName, setLocked } from '../../storage/principals.ts'
import { createClient } from '../dav/client.ts'
import { type Account, useServer } from '../dav/server.ts'
import { call } from './json.ts'

const server = useServer({ auth: { bcryptCost: 4, signIns: 3 } })
const dayMs = 86_400_000

async function principalOf({ name }: Account) {
  const found = await server.services.store.read((reader) => findPrincipalByName(reader, name))
  if (!found) throw new Error('There is such an account.')
  return found
}

const page = (name: string, password: string) =>
  fetch(`${server.url}/api/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'User-Agent': 'A browser' },
    body: JSON.stringify({ name, password }),
  })

describe('the API: sign-ins', () => {
  it('say from where, with what, and who was refused; the same of one day is counted', async () => {
    const alice = await server.account()
    const { json } = await call(alice, 'POST', '/devices', { label: 'Pixel', kind: 'davx5' })
    const phone = createClient(server.url, { name: alice.name, password: json.password })
    expect((await page(alice.name, alice.password)).status).toBe(201)
    expect((await page(alice.name, alice.password)).status).toBe(201)
    expect((await page(alice.name, 'wrong')).status).toBe(401)
    await phone.request('OPTIONS', alice.contacts)
    const items = async () => (await call(alice, 'GET', '/account/sign-ins')).json.items
    const ways = async () => (await items()).map((one: { way: string }) => one.way).sort()
    await expect.poll(ways).toEqual(['browser', 'browser', 'device', 'password'])
    const found = await items()
    const of = (way: string, outcome: string) =>
      found.find((one: { way: string; outcome: string }) => one.way === way && one.outcome === outcome)
    expect(of('browser', 'accepted')).toMatchObject({ count: 2, address: '127.0.0.1', agent: 'A browser' })
    expect(of('browser', 'refused')).toMatchObject({ count: 1 })
    expect(of('device', 'accepted')).toMatchObject({ device: 'Pixel' })
    const { json: told } = await call(alice, 'GET', `/devices/${json.id}`)
    expect(told.lastAddress).toBe('127.0.0.1')
  })

  it('are those of all accounts for whoever runs the place, in pages', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await page(bob.name, bob.password)
    await page(bob.name, 'wrong')
    expect((await call(alice, 'GET', '/sign-ins')).status).toBe(403)
    const principal = await principalOf(alice)
    await server.services.store.write((tx) => makeAdministrator(tx, principal))
    const one = (await call(alice, 'GET', `/sign-ins?account=${bob.name}&limit=1`)).json
    const other = (await call(alice, 'GET', `/sign-ins?account=${bob.name}&limit=1&cursor=${one.next}`)).json
    expect([...one.items, ...other.items].map(({ outcome }) => outcome).sort()).toEqual([
      'accepted',
      'refused',
    ])
    expect(one.items[0].account).toBe(bob.name)
    expect(other.next).toBe(null)
  })

  it('are bounded, those refused apart from those let in, and go after their time', async () => {
    const alice = await server.account()
    await page(alice.name, alice.password)
    for (const password of ['a', 'b', 'c', 'd', 'e']) {
      server.clock.now += dayMs
      await page(alice.name, password)
    }
    const outcomes = async () =>
      (await call(alice, 'GET', '/account/sign-ins')).json.items
        .filter(({ way }: { way: string }) => way === 'browser')
        .map(({ outcome }: { outcome: string }) => outcome)
    expect(await outcomes()).toEqual(['refused', 'refused', 'refused', 'accepted'])
    server.clock.now += server.settings.retention.signInDays * dayMs + dayMs
    await purge.run(server.services, new AbortController().signal, '')
    expect(await outcomes()).toEqual([])
  })
})

describe('a locked account', () => {
  it('lets nobody in by any way, at once, and opens again', async () => {
    const alice = await server.account()
    const device = (await call(alice, 'POST', '/devices', { label: 'Pixel' })).json
    const token = (await call(alice, 'POST', '/tokens', { label: 'x', scopes: ['account:read'] })).json
    const phone = createClient(server.url, { name: alice.name, password: device.password })
    const signedIn = await page(alice.name, alice.password)
    const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const statuses = async () => [
      (await alice.request('OPTIONS', alice.contacts)).status < 300,
      (await phone.request('OPTIONS', alice.contacts)).status < 300,
      (await fetch(`${server.url}/api/account`, { headers: { Authorization: `Bearer ${token.token}` } })).ok,
      (await fetch(`${server.url}/api/account`, { headers: { Cookie: cookie } })).ok,
    ]
    expect(await statuses()).toEqual([true, true, true, true])
    const { id } = await principalOf(alice)
    await server.services.store.write((tx) => setLocked(tx, id, true))
    expect(await statuses()).toEqual([false, false, false, false])
    expect((await page(alice.name, alice.password)).status).toBe(401)
    await server.services.store.write((tx) => setLocked(tx, id, false))
    // The session of the browser ended; the passwords are as they were.
    expect(await statuses()).toEqual([true, true, true, false])
  })
})
