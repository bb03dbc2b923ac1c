import { beforeAll, describe, expect, it } from 'vitest'
import { apiRoutes } from '../../src/api/routes.ts'
import { createAppPassword, findAccount } from '../../src/features/accounts/accounts.ts'
import { makeAdministrator } from '../../src/features/team/team-roles.ts'
import { type Client, createClient } from '../dav/client.ts'
import { type Account, useServer } from '../dav/server.ts'
import { call } from './json.ts'

const server = useServer({ auth: { bcryptCost: 4 } })

/** What gives nobody anything that lasts; and how long things are kept. */
const isForPrograms = /^\/(?:jobs|outbox|retention)\b/

/** What each change is asked with; the others take no body. */
const bodies: Readonly<Record<string, unknown>> = {
  'POST /accounts': { name: 'mallory' },
  'PATCH /accounts/:name': { isLocked: true },
  'POST /groups': { name: 'gang' },
  'PATCH /groups/:name': { displayName: 'Gang' },
  'POST /groups/:name/members': { name: 'x' },
  'POST /removed/:id/restore': {},
  'POST /rooms': { name: 'cellar' },
  'PATCH /rooms/:name': { displayName: 'Cellar' },
  'POST /resources': { name: 'van' },
  'PATCH /resources/:name': { displayName: 'Van' },
  'PUT /delegates/:name/:delegate': { mode: 'write' },
  'POST /team-roles': { name: 'bosses', capabilities: ['administer'] },
  'PATCH /team-roles/:id': { capabilities: ['administer'] },
  'POST /team-roles/:id/holders': { name: 'x' },
  'PUT /masks/:name': { hide: ['NOTE'] },
  'POST /masks/:name/holders': { name: 'x' },
  'POST /password-links': { name: 'x' },
  'PUT /settings/:key': { value: 1 },
}

describe('who is here, and who may do what', () => {
  let alice: Account
  let phone: Client
  beforeAll(async () => {
    alice = await server.account()
    const { secret } = await server.services.store.write(async (tx) => {
      const found = await findAccount(tx, alice.name)
      await makeAdministrator(tx, found)
      return createAppPassword(tx, found, { label: 'phone', scope: 'write' })
    })
    phone = createClient(server.url, { name: alice.name, password: secret })
  })

  it('is changed by whoever runs the place in person, never by the password of a device or a token', async () => {
    const made = await call(alice, 'POST', '/tokens', { label: 'script', scopes: ['admin:write'] })
    expect(made.status).toBe(201)
    const changes = apiRoutes.filter(
      ({ kind, scope, path }) => kind !== 'look' && scope === 'admin' && !isForPrograms.test(path),
    )
    expect(changes.length).toBeGreaterThan(20)
    const faults: unknown[] = []
    for (const { method, path } of changes) {
      const body = bodies[`${method} ${path}`]
      const asked = path.replace(':id', '1').replace(/:\w+/g, 'x')
      const where = path === '/blocked' ? `${asked}?address=127.0.0.1` : asked
      for (const [who, bearer] of [
        [phone, undefined],
        [phone, made.json.token],
      ] as const) {
        const headers = bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }
        const { status, json } = await call(who, method, where, body, headers)
        if (status !== 403 || !/Sign in with the password/.test(json.detail))
          faults.push([method, where, bearer ? 'token' : 'phone', status, json])
      }
    }
    expect(faults).toEqual([])
  })

  it('is looked at by a token that is for it', async () => {
    const { json } = await call(alice, 'POST', '/tokens', { label: 'watch', scopes: ['admin:write'] })
    const headers = { Authorization: `Bearer ${json.token}` }
    expect((await call(phone, 'GET', '/accounts', undefined, headers)).status).toBe(200)
  })

  it('lists who has guessed too often, and lets him try again', async () => {
    const { name } = await server.account()
    const { failures } = server.settings.auth
    for (let guess = 0; guess < failures; guess += 1)
      await call(createClient(server.url, { name, password: `guess ${guess}` }), 'GET', '/account')
    const blocked = async () => (await call(alice, 'GET', '/blocked')).json.blocked
    const found = (await blocked()).find((one: { account: string | null }) => one.account === name)
    expect(found.address).toMatch(/127\.0\.0\.1$/)
    const query = new URLSearchParams({ account: name, address: found.address })
    expect((await call(alice, 'DELETE', `/blocked?${query}`)).status).toBe(204)
    expect(await blocked()).not.toContainEqual(found)
  })
})
