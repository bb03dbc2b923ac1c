import { describe, expect, it } from 'vitest'
import type { Route } from '../../src/api/route.ts'
import { apiRoutes } from '../../src/api/routes.ts'
import { areas, tokenScope } from '../../src/api/schema.ts'
import { createAppPassword, findAccount } from '../../src/features/accounts/accounts.ts'
import { createToken } from '../../src/features/tokens/tokens.ts'
import { type Client, createClient } from '../dav/client.ts'
import { useServer } from '../dav/server.ts'

const server = useServer({ limits: { apiRequestsPerMinute: 10_000 }, api: { tokens: 50 } })
const nobody = () => createClient(server.url)

const named = ({ method, path }: Route): string => `${method} ${path}`
const areasOf = ({ scope }: Route): readonly string[] =>
  scope === 'none' ? [] : typeof scope === 'string' ? [scope] : scope

/** A request to a route, whatever it is about. */
async function statusOf(client: Pick<Client, 'request'>, route: Route, more: Record<string, string> = {}) {
  const path = `/api${route.path.replace(/:\w+/g, '1')}`
  const type = route.takesOctets ? 'application/octet-stream' : 'application/json'
  const headers = { ...(route.method === 'GET' ? {} : { 'Content-Type': type }), ...more }
  const body = route.method === 'GET' ? {} : { body: '{}' }
  return (await client.request(route.method, path, { headers, ...body })).status
}

/** A program of an account with these scopes. */
async function programOf(name: string, scopes: readonly string[]) {
  const { secret } = await server.services.store.write(async (tx) => {
    const wanted = { label: 'x', scopes: scopes.map((scope) => tokenScope.parse(scope)) }
    return createToken(tx, await findAccount(tx, name), wanted, server.settings)
  })
  return { Authorization: `Bearer ${secret}` }
}

describe('every route of the API', () => {
  it('is closed to whoever is nobody', async () => {
    for (const route of apiRoutes)
      expect([named(route), await statusOf(nobody(), route)]).toEqual([named(route), 401])
  })

  it('is closed to an app password that may only read, where it changes something', async () => {
    const { name } = await server.account()
    const { secret } = await server.services.store.write(async (tx) =>
      createAppPassword(tx, await findAccount(tx, name), { label: 'reader', scope: 'read' }),
    )
    const reader = createClient(server.url, { name, password: secret })
    for (const route of apiRoutes.filter(({ kind }) => kind !== 'look'))
      expect([named(route), await statusOf(reader, route)]).toEqual([named(route), 403])
  })

  it('is closed to a token that is for less: to one that only reads where it changes, and to one without an area of it', async () => {
    const { name } = await server.account()
    for (const area of areas) {
      const others = areas.filter((one) => one !== area).map((one) => `${one}:write`)
      const without = await programOf(name, others)
      const reading = await programOf(name, [...others, `${area}:read`])
      for (const route of apiRoutes.filter((one) => areasOf(one).includes(area))) {
        expect([named(route), await statusOf(nobody(), route, without)]).toEqual([named(route), 403])
        if (route.kind !== 'look')
          expect([named(route), await statusOf(nobody(), route, reading)]).toEqual([named(route), 403])
      }
    }
  })

  it('says what it is about, but for these', () => {
    const free = apiRoutes.filter(({ scope }) => scope === 'none').map(named)
    const all = ['GET /changes', 'GET /events', 'GET /openapi.json', 'GET /principals', 'GET /time-zones']
    expect(free.sort()).toEqual([...all, 'POST /bulk'])
  })
})
