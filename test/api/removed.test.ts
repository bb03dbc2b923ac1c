import { beforeAll, describe, expect, it } from 'vitest'
import { makeAdministrator } from '../../src/features/team/team-roles.ts'
import { purge } from '../../src/jobs/purge.ts'
import { mustSetAcl } from '../dav/acls.ts'
import { createClient } from '../dav/client.ts'
import { card, event } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { rowOf } from '../features/world.ts'
import { call } from './json.ts'

const server = useServer({ limits: { apiRequestsPerMinute: 10_000 } })
const dayMs = 86_400_000

let boss: Account
beforeAll(async () => {
  boss = await server.account()
  const row = await rowOf(server, boss)
  await server.services.store.write((tx) => makeAdministrator(tx, row))
})

/** Removes something. @returns its number */
async function remove(path: string): Promise<number> {
  const gone = await call(boss, 'DELETE', path)
  expect([path, gone.status]).toEqual([path, 200])
  return gone.json.removed
}

async function restore(id: number, body: object = {}) {
  const back = await call(boss, 'POST', `/removed/${id}/restore`, body)
  expect([back.text, back.status]).toEqual([expect.any(String), 200])
  return back.json
}

const removedIds = async (): Promise<number[]> =>
  (await call(boss, 'GET', '/removed')).json.items.map(({ id }: { id: number }) => id)

/** Bob is given a calendar of alice, and accepts it. @returns where he has it */
async function shared(alice: Account, bob: Pick<Account, 'request' | 'calendars'>, withName: string) {
  const made = await call(alice, 'POST', '/shares', {
    collection: 'calendar',
    with: withName,
    access: 'read-write',
  })
  expect(made.status).toBe(201)
  const { invites } = (await call(bob, 'GET', '/invites')).json
  const { json } = await call(bob, 'POST', `/invites/${invites.at(-1).id}/accept`)
  return `${bob.calendars}${json.name}/`
}

describe('an account that is removed', () => {
  it('is nowhere, and comes back with devices, shares, groups, notes and the state of their sync', async () => {
    const [alice, bob] = [await server.account(), await server.account({ email: 'bob@removed.example' })]
    const device = (await call(bob, 'POST', '/devices', { label: 'Pixel', kind: 'davx5' })).json
    const phone = createClient(server.url, { name: bob.name, password: device.password })
    await phone.put(`${bob.contacts}a.vcf`, card('a', 'Jane'))
    await phone.put(`${bob.calendar}e.ics`, event('e'))
    const mounted = await shared(alice, bob, bob.name)
    await phone.put(`${mounted}x.ics`, event('x'))
    await call(boss, 'POST', '/groups', { name: 'crew' })
    await call(boss, 'POST', '/groups/crew/members', { name: bob.name })
    await call(boss, 'PUT', `/delegates/${alice.name}/${bob.name}`, { mode: 'read' })
    await mustSetAcl(alice, alice.contacts, [{ who: bob.principal, grant: ['read'] }])
    const { json: made } = await call(bob, 'POST', '/links', { collection: 'calendar', label: 'club' })
    const link = new URL(made.path, server.url)
    const [jane] = (await call(bob, 'GET', '/parties?limit=5')).json.items
    const note = { kind: 'note', html: 'mine', visibility: 'private', parties: [jane.id] }
    expect((await call(bob, 'POST', '/activities', note)).status).toBe(201)
    const tokens = async () =>
      Promise.all([bob.contacts, bob.calendar].map(async (at) => (await phone.sync(at, '')).syncToken))
    const before = await tokens()
    const etag = (await phone.get(`${bob.contacts}a.vcf`)).headers.etag
    expect((await fetch(link)).status).toBe(200)

    const id = await remove(`/accounts/${bob.name}`)
    expect((await phone.request('PROPFIND', bob.contacts, { headers: { Depth: '0' } })).status).toBe(401)
    expect((await bob.request('GET', '/api/account')).status).toBe(401)
    expect((await fetch(link)).status).toBe(404)
    const absent = async () => {
      const at = await alice.request('PROPFIND', bob.principal, { headers: { Depth: '0' } })
      const nobody = await alice.request('PROPFIND', `${bob.principal.slice(0, -1)}x/`, {
        headers: { Depth: '0' },
      })
      expect(at.status).toBe(nobody.status)
      expect((await alice.get(`${bob.contacts}a.vcf`)).status).toBe(403)
      expect((await call(boss, 'GET', `/accounts/${bob.name}`)).status).toBe(404)
      for (const path of [`/accounts?q=${bob.name}`, `/principals?q=${bob.name}`])
        expect((await call(boss, 'GET', path)).json.items).toEqual([])
      for (const path of [
        '/all-devices',
        '/groups/crew',
        `/delegates/${alice.name}`,
        '/sign-ins',
        '/storage',
      ])
        expect([path, (await call(boss, 'GET', path)).text.includes(bob.name)]).toEqual([path, false])
      expect((await call(alice, 'GET', '/shares')).text).not.toContain(bob.name)
      expect((await alice.request('PROPFIND', alice.contacts, acls)).text).not.toContain(bob.segment)
      expect((await call(boss, 'POST', '/groups/crew/members', { name: bob.name })).status).toBe(422)
      expect(
        (await call(alice, 'POST', '/shares', { collection: 'tasks', with: bob.name, access: 'read' }))
          .status,
      ).toBe(422)
    }
    await absent()
    const [listed] = (await call(boss, 'GET', '/removed?limit=1')).json.items
    expect(listed).toMatchObject({ id, kind: 'user', name: bob.name, removedBy: boss.name })
    expect(Date.parse(listed.until) - Date.parse(listed.removedAt)).toBe(90 * dayMs)
    expect((await call(alice, 'GET', '/removed')).status).toBe(403)

    expect(await restore(id)).toEqual({ name: bob.name, kind: 'user' })
    expect(await tokens()).toEqual(before)
    expect((await phone.syncAll(bob.contacts, before[0] ?? '')).changed).toEqual([])
    expect((await phone.get(`${bob.contacts}a.vcf`)).headers.etag).toBe(etag)
    expect((await phone.get(`${mounted}x.ics`)).status).toBe(200)
    expect((await call(boss, 'GET', '/groups/crew')).json.members).toMatchObject([{ name: bob.name }])
    expect((await call(boss, 'GET', `/delegates/${alice.name}`)).json.delegates).toMatchObject([
      { mode: 'read' },
    ])
    expect((await alice.request('PROPFIND', alice.contacts, acls)).text).toContain(bob.segment)
    expect((await phone.get(`${alice.contacts}`)).status).toBe(200)
    expect((await call(bob, 'GET', `/parties/${jane.id}/timeline`)).text).toContain('mine')
    expect((await fetch(link)).status).toBe(200)
    expect(await removedIds()).not.toContain(id)
    expect((await call(boss, 'POST', `/removed/${id}/restore`, {})).status).toBe(404)
  })

  it('comes back under another name where its own is taken, and with what its heir was given', async () => {
    const [alice, bob, carol] = [await server.account(), await server.account(), await server.account()]
    const mounted = await shared(alice, carol, carol.name)
    await alice.put(`${alice.calendar}e.ics`, event('e'))
    const { syncToken = '' } = await alice.sync(alice.calendar, '')
    expect((await call(boss, 'DELETE', `/accounts/${alice.name}`)).status).toBe(422)
    const id = await remove(`/accounts/${alice.name}?giveTo=${bob.name}`)
    expect((await bob.get(`${bob.calendars}calendar-${alice.segment}/e.ics`)).status).toBe(200)
    const again = await call(boss, 'POST', '/accounts', { name: alice.name })
    expect(again.status).toBe(201)
    const refused = await call(boss, 'POST', `/removed/${id}/restore`, {})
    expect([refused.status, refused.json.detail]).toEqual([
      422,
      `There is an account "${alice.name}" by now: say under which other name this one comes back.`,
    ])
    expect((await call(boss, 'POST', `/removed/${id}/restore`, { name: bob.name })).status).toBe(422)
    expect(await restore(id, { name: 'former' })).toEqual({ name: 'former', kind: 'user' })
    const former = createClient(server.url, { name: 'former', password: alice.password })
    expect((await former.get(`${alice.calendar}e.ics`)).status).toBe(200)
    expect((await former.sync(alice.calendar, syncToken)).hrefs).toEqual([])
    expect((await bob.get(`${bob.calendars}calendar-${alice.segment}/e.ics`)).status).toBe(404)
    expect((await carol.get(`${mounted}e.ics`)).status).toBe(200)
  })
})

describe('people that are given', () => {
  it('are there again, when whoever gave them, or was given them, is back', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await alice.put(`${alice.contacts}jane.vcf`, card('jane', 'Jane', ['CATEGORIES:club']))
    const made = await call(alice, 'POST', '/grants', {
      ...{ what: { kind: 'label', label: 'club' }, with: bob.name },
    })
    expect([made.text, made.status]).toEqual([expect.any(String), 201])
    const sees = async () => (await call(bob, 'GET', '/parties?limit=5')).text.includes('Jane')
    expect(await sees()).toBe(true)
    const giver = await remove(`/accounts/${alice.name}`)
    expect(await sees()).toBe(false)
    const receiver = await remove(`/accounts/${bob.name}`)
    await restore(giver)
    expect((await call(alice, 'GET', '/grants')).json.items).toEqual([])
    await restore(receiver)
    expect((await call(alice, 'GET', '/grants')).json.items).toMatchObject([{ id: made.json.id }])
    expect(await sees()).toBe(true)
  })
})

/** Asks for the list of who may do what. */
const acls = {
  headers: { Depth: '0' },
  body: '<d:propfind xmlns:d="DAV:"><d:prop><d:acl/></d:prop></d:propfind>',
}

describe('a group, a room and a resource that are removed', () => {
  it('take away what came through them, and give it back as it was', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    for (const name of ['inner', 'outer'])
      await call(boss, 'POST', '/groups', { name, displayName: `The ${name}` })
    await call(boss, 'POST', '/groups/outer/members', { name: 'inner' })
    await call(boss, 'POST', '/groups/inner/members', { name: bob.name })
    const mounted = await shared(alice, bob, 'outer')
    await bob.put(`${mounted}a.ics`, event('a'))
    const { syncToken = '' } = await bob.sync(mounted, '')
    for (const name of ['inner', 'outer']) {
      const id = await remove(`/groups/${name}`)
      expect((await bob.get(`${mounted}a.ics`)).status).toBe(404)
      expect((await call(boss, 'GET', `/groups/${name}`)).status).toBe(404)
      expect((await call(boss, 'GET', `/principals?q=${name}`)).json.items).toEqual([])
      await restore(id)
      expect((await bob.get(`${mounted}a.ics`)).status).toBe(200)
      expect((await bob.sync(mounted, syncToken)).hrefs).toEqual([])
      expect((await call(boss, 'GET', `/groups/${name}`)).json.displayName).toBe(`The ${name}`)
    }
    const ids = [
      await remove('/groups/inner'),
      await remove('/groups/outer'),
      await remove(`/accounts/${bob.name}`),
    ]
    for (const id of [ids[1], ids[2], ids[0]]) await restore(id ?? 0)
    expect((await bob.get(`${mounted}a.ics`)).status).toBe(200)
    expect((await call(boss, 'GET', '/groups/outer')).json.members).toMatchObject([{ name: 'inner' }])
  })

  it('do not go in a circle when groups were put into each other meanwhile', async () => {
    for (const name of ['one', 'two']) await call(boss, 'POST', '/groups', { name })
    await call(boss, 'POST', '/groups', { name: 'three' })
    await call(boss, 'POST', '/groups/one/members', { name: 'two' })
    await call(boss, 'POST', '/groups/two/members', { name: 'three' })
    const id = await remove('/groups/two')
    expect((await call(boss, 'POST', '/groups/three/members', { name: 'one' })).status).toBe(200)
    await restore(id)
    const members = async (name: string) => (await call(boss, 'GET', `/groups/${name}`)).json.members.length
    expect([await members('one'), await members('two'), await members('three')]).toEqual([1, 0, 1])
  })

  it('keep their calendar, with who sees and books it', async () => {
    const bob = await server.account()
    for (const kind of ['room', 'resource']) {
      const name = `the-${kind}`
      await call(boss, 'POST', `/${kind}s`, { name, place: 'Attic', capacity: 4 })
      await call(boss, 'PUT', `/delegates/${name}/${bob.name}`, { mode: 'write' })
      const calendar = `/dav/calendars/${name}/calendar/`
      expect((await bob.put(`${calendar}a.ics`, event('a'))).status).toBe(201)
      const id = await remove(`/${kind}s/${name}`)
      expect((await bob.get(`${calendar}a.ics`)).status).toBe(403)
      expect((await call(boss, 'GET', `/${kind}s`)).json.items).toEqual([])
      await restore(id)
      expect((await bob.get(`${calendar}a.ics`)).status).toBe(200)
      expect((await call(boss, 'GET', `/${kind}s/${name}`)).json).toMatchObject({
        place: 'Attic',
        capacity: 4,
      })
    }
  })
})

describe('what nobody brings back', () => {
  it('is gone for good when its time is over, or at once by its name; its URLs stay its own in time', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await bob.put(`${bob.contacts}a.vcf`, card('a'))
    const first = await remove(`/accounts/${alice.name}`)
    expect((await call(boss, 'DELETE', `/removed/${first}?name=${bob.name}`)).status).toBe(422)
    expect((await call(boss, 'DELETE', `/removed/${first}`)).status).toBe(422)
    expect((await call(boss, 'DELETE', `/removed/${first}?name=${alice.name}`)).status).toBe(204)
    expect((await call(boss, 'GET', `/removed/${first}`)).status).toBe(404)
    const second = await remove(`/accounts/${bob.name}`)
    const run = () => purge.run(server.services, new AbortController().signal, '')
    server.clock.now += 89 * dayMs
    await run()
    expect(await removedIds()).toContain(second)
    server.clock.now += 2 * dayMs
    await run()
    expect(await removedIds()).not.toContain(second)
    await call(boss, 'POST', '/accounts', { name: bob.name })
    const again = (await call(boss, 'GET', `/principals?q=${bob.name}`)).text
    expect(again).toContain(bob.name)
    expect((await boss.get(`${bob.contacts}a.vcf`)).status).toBe(403)
  })
})
