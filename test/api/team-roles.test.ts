import { beforeAll, describe, expect, it } from 'vitest'
import { createAppPassword, findAccount } from '../../src/features/accounts/accounts.ts'
import { createGroup, findGroup } from '../../src/features/accounts/groups.ts'
import { makeAdministrator } from '../../src/features/team/team-roles.ts'
import { addGroupMember } from '../../storage/groups.ts'
import { type Client, createClient } from '../dav/client.ts'
import { type Account, useServer } from '../dav/server.ts'
import { call } from './json.ts'

const server = useServer()
let root: Account

beforeAll(async () => {
  root = await server.account({ name: 'root' })
  await server.services.store.write(async (tx) => makeAdministrator(tx, await findAccount(tx, 'root')))
})

/** A phone of somebody's: it has the password of a device. */
async function phoneOf({ name }: Account): Promise<Client> {
  const { secret } = await server.services.store.write(async (tx) =>
    createAppPassword(tx, await findAccount(tx, name), { label: 'phone', scope: 'write' }),
  )
  return createClient(server.url, { name, password: secret })
}

const may = async (account: Account): Promise<string[]> =>
  (await call(account, 'GET', '/capabilities')).json.capabilities

describe('roles of a team', () => {
  it('let everybody do what the role of everybody says, and administrators run the place', async () => {
    const alice = await server.account()
    expect(await may(alice)).not.toContain('administer')
    expect(await may(alice)).toContain('merge')
    expect(await may(root)).toContain('administer')
    const refused = await call(alice, 'GET', '/team-roles')
    expect([refused.status, refused.json.detail]).toEqual([403, expect.stringContaining('run the place')])
    expect(
      (await call(alice, 'POST', '/team-roles', { name: 'x', capabilities: ['administer'] })).status,
    ).toBe(403)
  })

  it('are made, given to people and groups, changed and removed', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await server.services.store.write(async (tx) => {
      await createGroup(tx, { name: 'office' })
      await addGroupMember(tx, (await findGroup(tx, 'office')).id, (await findAccount(tx, bob.name)).id)
    })
    const made = await call(root, 'POST', '/team-roles', { name: 'clerks', capabilities: ['erase'] })
    expect([made.status, made.json.capabilities]).toEqual([201, ['erase']])
    const path = `/team-roles/${made.json.id}`
    await call(root, 'POST', `${path}/holders`, { name: alice.name })
    const held = await call(root, 'POST', `${path}/holders`, { name: 'office' })
    expect(held.json.holders.map(({ name }: { name: string }) => name)).toEqual([alice.name, 'office'])
    expect([(await may(alice)).includes('erase'), (await may(bob)).includes('erase')]).toEqual([true, true])
    await call(root, 'DELETE', `${path}/holders/${alice.name}`)
    expect([(await may(alice)).includes('erase'), (await may(bob)).includes('erase')]).toEqual([false, true])
    const shown = await call(root, 'GET', path)
    const stale = { 'If-Match': '"0"' }
    expect((await call(root, 'PATCH', path, { capabilities: [] }, stale)).status).toBe(412)
    const match = { 'If-Match': String(shown.headers.etag) }
    expect((await call(root, 'PATCH', path, { capabilities: [] }, match)).json.capabilities).toEqual([])
    expect(await may(bob)).not.toContain('erase')
    expect((await call(root, 'DELETE', path)).status).toBe(204)
    expect((await call(root, 'GET', path)).status).toBe(404)
  })

  it('never leave a place that nobody runs', async () => {
    const { json } = await call(root, 'GET', '/team-roles')
    const administrators = json.roles.find((role: { builtIn: string }) => role.builtIn === 'administrators')
    const path = `/team-roles/${administrators.id}`
    expect((await call(root, 'DELETE', `${path}/holders/root`)).status).toBe(422)
    expect((await call(root, 'PATCH', path, { capabilities: ['merge'] })).status).toBe(422)
    expect((await call(root, 'DELETE', path)).status).toBe(422)
    expect((await call(root, 'PATCH', path, { name: 'others' })).status).toBe(422)
    expect(await may(root)).toContain('administer')
  })

  it('are given neither by the password of a device nor by what it could make last by a group', async () => {
    const [alice, phone] = [await server.account(), await phoneOf(root)]
    await call(root, 'POST', '/groups', { name: 'helpers' })
    const { id } = (await call(root, 'POST', '/team-roles', { name: 'help', capabilities: ['erase'] })).json
    const asked = [
      ['POST', '/team-roles', { name: 'more', capabilities: ['administer'] }],
      ['PATCH', `/team-roles/${id}`, { capabilities: ['administer'] }],
      ['POST', `/team-roles/${id}/holders`, { name: alice.name }],
      ['POST', '/groups/helpers/members', { name: alice.name }],
      ['PUT', `/delegates/root/${alice.name}`, { mode: 'write' }],
    ] as const
    for (const [method, path, body] of asked)
      expect([path, (await call(phone, method, path, body)).status]).toEqual([path, 403])
    expect((await call(phone, 'GET', `/team-roles/${id}`)).json).toMatchObject({ holders: [] })
    for (const [method, path, body] of asked.slice(2))
      expect([path, (await call(root, method, path, body)).status < 300]).toEqual([path, true])
  })

  it('that are of everybody are taken away from everybody', async () => {
    const alice = await server.account()
    const { json } = await call(root, 'GET', '/team-roles')
    const everyone = json.roles.find((role: { builtIn: string }) => role.builtIn === 'everyone')
    await call(root, 'PATCH', `/team-roles/${everyone.id}`, { capabilities: ['export'] })
    expect(await may(alice)).toEqual(['export'])
    await call(root, 'PATCH', `/team-roles/${everyone.id}`, { capabilities: everyone.capabilities })
  })
})
