import { describe, expect, it } from 'vitest'
import { createAppPassword, findAccount } from '../../src/features/accounts/accounts.ts'
import { createClient } from '../dav/client.ts'
import { type Account, useServer } from '../dav/server.ts'
import { call } from './json.ts'

const server = useServer({ api: { tokens: 3 } })
const day = 86_400_000

/** A client that sends a token, and nothing else of who it is. */
function withToken(token: string) {
  const { request } = createClient(server.url)
  return {
    request: ((method, path, options = {}) =>
      request(method, path, {
        ...options,
        headers: { Authorization: `Bearer ${token}`, ...options.headers },
      })) as typeof request,
  }
}

async function made(account: Account, scopes: readonly string[], more: object = {}) {
  const answer = await call(account, 'POST', '/tokens', { label: 'a program', scopes, ...more })
  expect(answer.status).toBe(201)
  return {
    ...withToken(answer.json.token as string),
    id: answer.json.id as number,
    secret: answer.json.token,
  }
}

describe('the API: tokens', () => {
  it('are shown once, let a program in, and are void at once when they are removed', async () => {
    const alice = await server.account()
    const program = await made(alice, ['account:read'])
    expect((await call(program, 'GET', '/account')).json.name).toBe(alice.name)
    const [listed] = (await call(alice, 'GET', '/tokens')).json.tokens
    expect(listed).toMatchObject({ id: program.id, label: 'a program', scopes: ['account:read'] })
    expect(JSON.stringify(listed)).not.toContain(program.secret)
    const used = async () => (await call(alice, 'GET', '/tokens')).json.tokens[0].lastUsedAt
    await expect.poll(used).toBe(new Date(server.clock.now).toISOString())
    const stored = await server.services.store.read(({ sql }) => sql.all('SELECT * FROM api_tokens'))
    expect(JSON.stringify(stored)).not.toContain(program.secret)
    expect((await call(alice, 'DELETE', `/tokens/${program.id}`)).status).toBe(204)
    const refused = await call(program, 'GET', '/account')
    expect([refused.status, refused.json.title]).toEqual([401, 'Unauthorized'])
    expect(refused.headers['www-authenticate']).toBe('Bearer realm="Farley", error="invalid_token"')
  })

  it('are over after their days', async () => {
    const alice = await server.account()
    const program = await made(alice, ['account:read'], { days: 2 })
    server.clock.now += 2 * day - 1
    expect((await call(program, 'GET', '/account')).status).toBe(200)
    server.clock.now += 1
    expect((await call(program, 'GET', '/account')).status).toBe(401)
  })

  it('may do what their scopes say, and no more; the refusal names the scope (RFC 6750 §3.1)', async () => {
    const alice = await server.account()
    const program = await made(alice, ['account:read', 'sharing:read', 'calendars:write'])
    expect((await call(program, 'GET', '/shares')).status).toBe(200)
    expect((await call(program, 'GET', '/birthdays')).status).toBe(200)
    expect((await call(program, 'POST', '/birthdays', {})).status).toBe(201)
    expect((await call(program, 'GET', '/openapi.json')).status).toBe(200)
    const refused = await call(program, 'POST', '/links', { collection: 'contacts' })
    expect([refused.status, refused.json.detail]).toEqual([403, 'The token needs the scope sharing:write.'])
    expect(refused.headers['www-authenticate']).toContain('error="insufficient_scope", scope="sharing:write"')
    expect((await call(program, 'GET', '/directory')).json.detail).toContain('people:read')
    // The address of a public link is a secret: whoever may only read is not told it, whatever else he may write.
    await call(alice, 'POST', '/links', { collection: 'contacts' })
    expect((await call(alice, 'GET', '/links')).json.links[0].path).toBeDefined()
    expect((await call(program, 'GET', '/links')).json.links[0].path).toBeUndefined()
  })

  it('that are for nothing that is shared see no withdrawn links in the trash, and bring none back', async () => {
    const alice = await server.account()
    const { id, path } = (await call(alice, 'POST', '/links', { collection: 'contacts' })).json
    await call(alice, 'DELETE', `/links/${id}`)
    const [{ id: trashed }] = (await call(alice, 'GET', '/trash')).json.items
    const all = ['people:write', 'calendars:write', 'files:write']
    const program = await made(alice, all)
    for (const query of ['', '?kind=link'])
      expect((await call(program, 'GET', `/trash${query}`)).json.items).toEqual([])
    expect((await call(program, 'GET', `/trash/${trashed}`)).status).toBe(404)
    const refused = await call(program, 'POST', `/trash/${trashed}/restore`)
    expect([refused.status, refused.json.detail]).toEqual([403, 'The token needs the scope sharing:write.'])
    const sharing = await made(alice, [...all, 'sharing:write'])
    expect((await call(sharing, 'GET', '/trash?kind=link')).json.items).toMatchObject([{ id: trashed }])
    expect((await call(sharing, 'POST', `/trash/${trashed}/restore`)).status).toBe(200)
    expect((await call(alice, 'GET', '/links')).json.links[0].path).toBe(path)
  })

  it('have to be for all that a route is about: an account’s own data are not a way to its cards', async () => {
    const alice = await server.account()
    const some = await made(alice, ['account:write', 'people:write'])
    for (const path of ['/export', '/collections/contacts/export', '/held', '/imports', '/migrations']) {
      const { status, json } = await call(some, 'GET', path)
      expect([status, json.detail], path).toEqual([403, expect.stringContaining('calendars:read')])
    }
    const all = await made(alice, ['people:read', 'calendars:read'])
    expect((await call(all, 'GET', '/held')).status).toBe(200)
    expect((await all.request('GET', '/api/collections/contacts/export')).status).toBe(200)
    expect((await call(all, 'DELETE', '/held/1')).json.detail).toContain('people:write calendars:write')
  })

  it('are for the API alone: DAV does not know them', async () => {
    const alice = await server.account()
    const program = await made(alice, ['people:write', 'calendars:write', 'files:write'])
    const refused = await program.request('PROPFIND', alice.principal, { headers: { Depth: '0' } })
    expect(refused.status).toBe(401)
    expect(refused.headers['www-authenticate']).toMatch(/^Basic /)
    const basic = createClient(server.url, { name: alice.name, password: program.secret })
    expect((await basic.get(alice.contacts)).status).toBe(401)
  })

  it('are made neither by a device nor by a token, of which they would be what is left', async () => {
    const alice = await server.account()
    const { store } = server.services
    const { secret } = await store.write(async (tx) =>
      createAppPassword(tx, await findAccount(tx, alice.name), { label: 'phone', scope: 'write' }),
    )
    const phone = createClient(server.url, { name: alice.name, password: secret })
    const program = await made(alice, ['account:write'])
    for (const client of [phone, program]) {
      const { status } = await call(client, 'POST', '/tokens', { label: 'x', scopes: ['people:read'] })
      expect(status).toBe(403)
    }
    expect((await call(phone, 'GET', '/tokens')).json.tokens).toHaveLength(1)
  })

  it('are so many at most, with scopes that there are, and belong to one account', async () => {
    const alice = await server.account()
    const first = await made(alice, ['people:read'])
    await made(alice, ['people:read'])
    await made(alice, ['people:read'])
    const more = await call(alice, 'POST', '/tokens', { label: 'x', scopes: ['people:read'] })
    expect([more.status, more.json.detail]).toEqual([
      422,
      'An account may have 3 tokens at most: remove one first.',
    ])
    const wrong = await call(alice, 'POST', '/tokens', { label: ' ', scopes: ['people:read', 'all'] })
    expect(wrong.json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/label',
      '/scopes/1',
    ])
    const bob = await server.account()
    for (const id of [first.id, 0, 'x']) expect((await call(bob, 'DELETE', `/tokens/${id}`)).status).toBe(404)
    expect((await call(first, 'GET', '/directory')).status).toBe(200)
  })

  it('are needed whole: what is nearly one is none', async () => {
    const alice = await server.account()
    const { secret } = await made(alice, ['account:read'])
    for (const wrong of [secret.slice(0, -1), `${secret}A`, secret.toUpperCase(), 'x'.repeat(5_000), '%00'])
      expect((await call(withToken(wrong), 'GET', '/account')).status).toBe(401)
  })
})
