import { beforeAll, describe, expect, it } from 'vitest'
import { makeAdministrator } from '../../src/features/team/team-roles.ts'
import { addToOutbox } from '../../storage/events/outbox.ts'
import { findPrincipalByName } from '../../storage/principals.ts'
import { ensureJob, listJobs } from '../../storage/upkeep/jobs.ts'
import { createClient } from '../dav/client.ts'
import { card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { call } from './json.ts'

const server = useServer()

async function idOf(account: Account) {
  const { store } = server.services
  const found = await store.read((reader) => findPrincipalByName(reader, account.name))
  if (!found) throw new Error('There is such an account.')
  return found.id
}

async function administrator(): Promise<Account> {
  const alice = await server.account()
  const id = await idOf(alice)
  await server.services.store.write((tx) => makeAdministrator(tx, { id }))
  return alice
}

const secretOf = (url: string) => url.split(/[#/]/).at(-2)

describe('the API: administration', () => {
  let alice: Account
  beforeAll(async () => {
    alice = await administrator()
  })

  it('is for whoever runs the place alone', async () => {
    const bob = await server.account()
    for (const path of [
      'accounts',
      'groups',
      'rooms',
      'all-devices',
      'storage',
      'jobs',
      'outbox',
      'settings',
      'server',
    ])
      expect([path, (await call(bob, 'GET', `/${path}`)).status]).toEqual([path, 403])
    expect((await call(bob, 'POST', '/accounts', { name: 'x' })).status).toBe(403)
    expect((await call(bob, 'DELETE', `/accounts/${alice.name}`)).status).toBe(403)
  })

  it('makes an account whose person chooses the password by a link', async () => {
    const body = { name: 'Zoe', displayName: 'Zoe Zebra', email: 'zoe@example.org', language: 'de' }
    const made = await call(alice, 'POST', '/accounts', body)
    expect(made.status).toBe(201)
    expect(made.json.account).toMatchObject({
      name: 'zoe',
      displayName: 'Zoe Zebra',
      isAdmin: false,
      devices: 0,
    })
    const chosen = await fetch(`${server.url}/api/password`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ secret: secretOf(made.json.passwordLink.url), password: 'zebra crossing' }),
    })
    expect(chosen.status).toBe(204)
    const zoe = createClient(server.url, { name: 'zoe', password: 'zebra crossing' })
    expect((await call(zoe, 'GET', '/account')).json.language).toBe('de')
    expect((await call(alice, 'POST', '/accounts', body)).status).toBe(422)
    const found = (await call(alice, 'GET', '/accounts?q=ZEBRA')).json
    expect(found.items.map(({ name }: { name: string }) => name)).toEqual(['zoe'])
    expect(found.next).toBe(null)
  })

  it('changes an account where nobody else has meanwhile: mail, quota, role, lock, name', async () => {
    const bob = await server.account()
    const at = `/accounts/${bob.name}`
    const { headers, json } = await call(alice, 'GET', at)
    expect(json).toMatchObject({ isLocked: false, limitBytes: null })
    const etag = { 'If-Match': headers.etag ?? '' }
    const changed = await call(
      alice,
      'PATCH',
      at,
      { email: 'b@example.org', limitBytes: 1_000, isAdmin: true },
      etag,
    )
    expect(changed.json).toMatchObject({ email: 'b@example.org', limitBytes: 1_000, isAdmin: true })
    expect((await call(alice, 'PATCH', at, { email: null }, etag)).status).toBe(412)
    expect((await call(bob, 'GET', '/server')).status).toBe(200)
    expect((await call(alice, 'PATCH', at, { isAdmin: false, isLocked: true })).json.isLocked).toBe(true)
    expect((await bob.request('OPTIONS', bob.contacts)).status).toBe(401)
    expect((await call(alice, 'PATCH', at, { isLocked: false, name: 'robert' })).json.name).toBe('robert')
    const renamed = createClient(server.url, { name: 'robert', password: bob.password })
    expect((await call(renamed, 'GET', '/server')).status).toBe(403)
    expect((await call(alice, 'PATCH', '/accounts/robert', { email: 'nonsense' })).status).toBe(422)
    expect((await call(alice, 'PATCH', `/accounts/${alice.name}`, { isLocked: true })).status).toBe(422)
    expect((await call(alice, 'PATCH', '/accounts/nobody', { isLocked: true })).status).toBe(404)
  })

  it('removes an account as the command does: what it shares goes to an heir, the rest only if that is said', async () => {
    const [bob, carol] = [await server.account(), await server.account()]
    await bob.put(`${bob.contacts}a.vcf`, card('a', 'Jane'))
    expect(
      (await call(bob, 'POST', '/shares', { collection: 'contacts', with: carol.name, access: 'read' }))
        .status,
    ).toBe(201)
    const at = `/accounts/${bob.name}`
    expect((await call(alice, 'DELETE', at)).status).toBe(422)
    const removed = await call(alice, 'DELETE', `${at}?giveTo=${carol.name}&purge=1`)
    expect([removed.status, removed.json.given.length]).toEqual([200, 1])
    expect((await call(alice, 'GET', at)).status).toBe(404)
    expect((await call(carol, 'GET', '/parties?limit=5')).text).toContain('Jane')
    expect((await call(alice, 'DELETE', `/accounts/${alice.name}`)).status).toBe(422)
  })

  it('has groups with members, rooms and resources, and delegates', async () => {
    const bob = await server.account()
    expect((await call(alice, 'POST', '/groups', { name: 'sales', displayName: 'Sales' })).status).toBe(201)
    const joined = await call(alice, 'POST', '/groups/sales/members', { name: bob.name })
    expect(joined.json.members).toMatchObject([{ name: bob.name, kind: 'user' }])
    expect((await call(alice, 'GET', '/groups?q=sal')).json.items).toMatchObject([
      { name: 'sales', members: 1 },
    ])
    expect((await call(alice, 'PATCH', '/groups/sales', { displayName: 'Sellers' })).json.displayName).toBe(
      'Sellers',
    )
    expect((await call(alice, 'DELETE', `/groups/sales/members/${bob.name}`)).json.members).toEqual([])
    expect((await call(alice, 'DELETE', '/groups/sales')).status).toBe(200)
    for (const kind of ['room', 'resource']) {
      expect((await call(alice, 'POST', `/${kind}s`, { name: `a-${kind}` })).json).toMatchObject({ kind })
      expect((await call(alice, 'GET', `/${kind}s`)).json.items).toHaveLength(1)
    }
    const at = `/delegates/a-room/${bob.name}`
    expect((await call(alice, 'PUT', at, { mode: 'write' })).json.delegates).toMatchObject([
      { mode: 'write' },
    ])
    expect((await call(alice, 'GET', '/delegates/a-room')).json.delegates).toMatchObject([{ name: bob.name }])
    expect((await call(alice, 'DELETE', at)).json.delegates).toEqual([])
    expect((await call(alice, 'DELETE', at)).status).toBe(404)
    for (const kind of ['room', 'resource'])
      expect((await call(alice, 'DELETE', `/${kind}s/a-${kind}`)).status).toBe(200)
  })

  it('says of a room and of a resource what it is like, where, and for how many', async () => {
    const like = { description: 'With a “projector”', place: '2nd floor', capacity: 12 }
    for (const things of ['rooms', 'resources']) {
      const at = `/${things}/cellar-${things}`
      const body = { name: `cellar-${things}`, place: '  2nd floor ', capacity: 100_000 }
      const made = await call(alice, 'POST', `/${things}`, body)
      expect(made.status).toBe(201)
      expect(made.json).toMatchObject({ description: null, place: '2nd floor', capacity: 100_000 })
      const { headers } = await call(alice, 'GET', at)
      const etag = { 'If-Match': headers.etag ?? '' }
      const changed = await call(alice, 'PATCH', at, like, etag)
      expect([changed.status, changed.json]).toEqual([200, expect.objectContaining(like)])
      expect((await call(alice, 'PATCH', at, { capacity: 1 }, etag)).status).toBe(412)
      expect((await call(alice, 'PATCH', at, { displayName: 'Cellar' })).json).toMatchObject(like)
      expect((await call(alice, 'GET', `/${things}`)).json.items).toMatchObject([
        { displayName: 'Cellar', ...like },
      ])
      const wrong = [
        ...[{ capacity: -1 }, { capacity: 100_001 }, { capacity: 1.5 }, { capacity: '12' }],
        ...[{ place: 'x'.repeat(501) }, { place: 'a\u0007b' }, { description: 'a\nb' }, { description: ' ' }],
      ]
      for (const one of wrong) expect([one, (await call(alice, 'PATCH', at, one)).status]).toEqual([one, 422])
      expect((await call(alice, 'GET', at)).json).toMatchObject(like)
      const unsaid = { description: null, place: null, capacity: null }
      expect((await call(alice, 'PATCH', at, { ...unsaid, place: 'x'.repeat(500) })).status).toBe(200)
      expect((await call(alice, 'PATCH', at, unsaid)).json).toMatchObject(unsaid)
      expect((await call(alice, 'DELETE', at)).status).toBe(200)
    }
    const { status } = await call(alice, 'POST', '/groups', { name: 'placed', place: 'x' })
    expect(status).toBe(422)
  })

  it('shows what accounts, groups, rooms and resources were, and makes them so again', async () => {
    const [bob, carol] = [await server.account(), await server.account()]
    const historyOf = async (at: string) => (await call(alice, 'GET', `${at}/history`)).json.items
    const back = (by: Account, at: string, { revision }: { revision: number }) =>
      call(by, 'POST', `${at}/history/${revision}/restore`)
    await call(alice, 'POST', '/groups', { name: 'told', displayName: 'Told' })
    for (const { name } of [bob, carol]) await call(alice, 'POST', '/groups/told/members', { name })
    await call(alice, 'PATCH', '/groups/told', { displayName: 'Called', email: 'told@example.org' })
    await call(alice, 'DELETE', `/groups/told/members/${bob.name}`)
    const [out, called, joined] = await historyOf('/groups/told')
    expect(out).toMatchObject({ how: 'changed', author: alice.name })
    expect(out.changes).toEqual([{ property: 'members', before: bob.name, after: '' }])
    expect(called.changes).toEqual([
      { property: 'displayName', before: 'Told', after: 'Called' },
      { property: 'email', before: null, after: 'told@example.org' },
    ])
    expect(joined.changes).toEqual([{ property: 'members', before: '', after: carol.name }])
    for (const change of [out, called]) expect((await back(alice, '/groups/told', change)).status).toBe(204)
    const { displayName, email, members } = (await call(alice, 'GET', '/groups/told')).json
    expect([displayName, email, members.length]).toEqual(['Told', null, 2])
    expect((await call(bob, 'GET', '/groups/told/history')).status).toBe(403)
    expect((await back(bob, '/groups/told', out)).status).toBe(403)
    for (const things of ['rooms', 'resources']) {
      const at = `/${things}/told-${things}`
      await call(alice, 'POST', `/${things}`, { name: `told-${things}`, place: 'Attic', capacity: 4 })
      await call(alice, 'PATCH', at, { place: 'Cellar', capacity: null })
      const [moved] = await historyOf(at)
      expect((await back(alice, at, moved)).status).toBe(204)
      expect((await call(alice, 'GET', at)).json).toMatchObject({ place: 'Attic', capacity: 4 })
    }
    expect((await call(alice, 'GET', '/rooms/told/history')).status).toBe(404)
    const at = `/accounts/${bob.name}`
    const patch = { name: 'told-too', limitBytes: 5_000, isLocked: true, language: 'de' }
    await call(alice, 'PATCH', at, patch)
    const [changed] = await historyOf('/accounts/told-too')
    expect(changed.changes).toHaveLength(5)
    expect((await back(alice, '/accounts/told-too', changed)).status).toBe(204)
    expect((await call(alice, 'GET', at)).json).toMatchObject({
      limitBytes: null,
      isLocked: false,
      language: null,
    })
    await call(alice, 'PATCH', at, patch)
    await call(alice, 'POST', '/groups', { name: bob.name })
    const [again] = await historyOf('/accounts/told-too')
    expect((await back(alice, '/accounts/told-too', again)).status).toBe(409)
    expect((await call(alice, 'GET', '/accounts/told-too')).json).toMatchObject({ isLocked: true })
    const removed = await call(alice, 'PATCH', '/groups/told', { displayName: 'Last' })
    const done = await call(alice, 'POST', '/history/undo', { request: removed.headers['farley-request'] })
    expect([done.status, (await call(alice, 'GET', '/groups/told')).json.displayName]).toEqual([200, 'Told'])
  })

  it('shows the devices of all, and how far each is behind', async () => {
    const bob = await server.account()
    const { json } = await call(bob, 'POST', '/devices', { label: 'Pixel', kind: 'davx5' })
    const phone = createClient(server.url, { name: bob.name, password: json.password })
    const { syncToken = '' } = await phone.sync(bob.contacts, '')
    await phone.sync(bob.contacts, syncToken)
    await bob.put(`${bob.contacts}a.vcf`, card('a'))
    const shown = async () => (await call(alice, 'GET', `/all-devices?account=${bob.name}`)).json.items
    await expect.poll(shown).toMatchObject([{ account: bob.name, label: 'Pixel', collections: 1, behind: 1 }])
    expect((await call(alice, 'GET', `/accounts/${bob.name}`)).json).toMatchObject({ devices: 1 })
  })

  it('shows what is kept, the jobs, which it hurries, the settings without secrets, and the server', async () => {
    const { store } = server.services
    const storage = (await call(alice, 'GET', '/storage')).json
    expect(storage.database.bytes).toBeGreaterThan(0)
    expect(storage.counts.accounts).toBeGreaterThan(1)
    await store.write((tx) => ensureJob(tx, 'subscription:99', tx.now + 1_000_000))
    const run = await call(alice, 'POST', `/jobs/${encodeURIComponent('subscription:99')}/run`)
    expect(run.json).toMatchObject({ key: 'subscription:99', state: 'waiting' })
    const [row] = (await store.read(listJobs)).filter(({ key }) => key === 'subscription:99')
    expect(row?.nextAt).toBe(server.clock.now)
    expect((await call(alice, 'POST', '/jobs/nothing/run')).status).toBe(404)
    server.settings.database.url = 'postgres://u:hidden@h/d'
    const { settings } = (await call(alice, 'GET', '/settings')).json
    server.settings.database.url = ''
    expect(JSON.stringify(settings)).not.toContain('hidden')
    const cost = settings.find(({ key }: { key: string }) => key === 'auth.bcryptCost')
    expect(cost).toMatchObject({ value: 4, default: 10, variable: 'FARLEY_AUTH_BCRYPT_COST' })
    expect((await call(alice, 'GET', '/server')).json).toMatchObject({ version: '0.1.0', failingJobs: 0 })
  })

  it('has the outbox of all, sends again what was given up, and drops what waits', async () => {
    const { store } = server.services
    const principalId = await idOf(alice)
    const row = { kind: 'webhook', target: '1', principalId, payload: 'its own' }
    await store.write((tx) =>
      addToOutbox(tx, [
        { ...row, key: 'a' },
        { ...row, key: 'b' },
      ]),
    )
    const listed = await call(alice, 'GET', '/outbox?state=waiting&limit=1')
    expect(listed.json).toMatchObject({ counts: { waiting: 2 }, items: [{ account: alice.name }] })
    expect(listed.text).not.toContain('its own')
    const { id } = listed.json.items[0]
    expect((await call(alice, 'DELETE', `/outbox/${id}`)).status).toBe(204)
    expect((await call(alice, 'DELETE', `/outbox/${id}`)).status).toBe(409)
    expect((await call(alice, 'POST', `/outbox/${id}/retry`)).json).toMatchObject({ state: 'waiting' })
    expect((await call(alice, 'POST', '/outbox/987654/retry')).status).toBe(404)
    await store.write(({ sql }) => sql.run("UPDATE outbox SET state = 'dead' WHERE id = $1", [id]))
    expect((await call(alice, 'DELETE', `/outbox/${id}`)).status).toBe(204)
    expect((await call(alice, 'GET', `/outbox/${id}`)).json).toMatchObject({ state: 'dropped', nextAt: null })
    await store.write(({ sql }) => sql.run("UPDATE outbox SET state = 'sent' WHERE id = $1", [id]))
    expect((await call(alice, 'DELETE', `/outbox/${id}`)).status).toBe(409)
  })
})
