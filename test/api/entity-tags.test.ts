import { beforeAll, describe, expect, it } from 'vitest'
import { apiRoutes, findRoute } from '../../src/api/routes.ts'
import { makeAdministrator } from '../../src/features/team/team-roles.ts'
import { findPrincipalByName } from '../../storage/principals.ts'
import { useServer } from '../dav/server.ts'
import { ofOctets, targets } from './etags/targets.ts'
import { call } from './json.ts'
import { quietExamples } from './quiet/examples.ts'
import { makeWorld, type World } from './quiet/world.ts'

const server = useServer({
  auth: { bcryptCost: 4 },
  webhooks: { privateNetworks: '127.0.0.0/8', perAccount: 50 },
  bursts: { objects: 3, percent: 10, windowMs: 600_000 },
  limits: { apiRequestsPerMinute: 100_000 },
})

/** What is part of another thing has the tag of that; the address of which is so much shorter. */
const parts: Readonly<Record<string, number>> = {
  ...{ '/groups/:name/members/:member': 2, '/masks/:name/holders/:holder': 2 },
  ...{
    '/team-roles/:id/holders/:name': 2,
    '/delegates/:name/:delegate': 1,
    '/files/:id/links/:link': 1,
    '/files/:id/shares/:name': 1,
    '/lists/:id/book': 1,
  },
  ...{ '/parties/:id/memberships/:item': 2, '/parties/:id/relations/:item': 2 },
  ...{ '/parties/:id/parents/:item': 2, '/parties/:id/consents/:item': 2 },
  // Its octets have a tag of their own, for whoever fetches them.
  '/cards/:id/photo': 1,
}

/** What has no state that is shown: a password, and a verdict that is taken back. */
const without = [
  'PUT /account/password',
  'DELETE /duplicates/:id/not-same',
  'DELETE /suggestions/:id/dismiss',
]

const changes = apiRoutes.filter(({ method }) => method !== 'GET' && method !== 'POST')
const routeOf = ({ method, path }: { method: string; path: string }): string => `${method} ${path}`
const shorter = (path: string, by: number): string =>
  path
    .split('/')
    .slice(0, -by || undefined)
    .join('/')

describe('every address of the API that is changed', () => {
  it('shows what is there, or is part of what is shown', () => {
    for (const route of changes) {
      if (without.includes(routeOf(route))) continue
      const path = shorter(route.path, parts[route.path] ?? 0)
      const found = findRoute('GET', `/api${path.replace(/:\w+/g, '1')}`).route
      expect([routeOf(route), found.path]).toEqual([routeOf(route), path])
    }
  })
})

describe('RFC 9110 §13.1.1 If-Match, on everything that has an id', () => {
  let world: World | undefined
  beforeAll(async () => {
    world = await makeWorld(server)
    const { name } = world.alice
    await server.services.store.write(async (tx) => {
      const account = await findPrincipalByName(tx, name)
      if (account) await makeAdministrator(tx, account)
    })
  })

  const addressed = changes.filter((route) => route.path.includes(':') && !without.includes(routeOf(route)))
  it.each(addressed.map(routeOf))('%s', async (route) => {
    const make = targets[route] ?? ofOctets[route] ?? quietExamples[route]
    if (!world || !make) throw new Error(`Give ${route} something to change in test/api/etags/targets.ts.`)
    const { alice } = world
    const { path, body } = await make(world)
    const [method = '', pattern = ''] = route.split(' ')
    const [plain = ''] = path.split('?')
    const judged = shorter(plain, parts[pattern] ?? 0)
    const shown = () => alice.request('GET', `/api${judged}`)
    const { status, headers } = await shown()
    const { etag = '' } = headers
    expect([status, etag]).toEqual([200, expect.stringMatching(/^"[^"]+"$/)])
    const same = await alice.request('GET', `/api${judged}`, { headers: { 'If-None-Match': etag } })
    expect([same.status, same.text]).toEqual([304, ''])
    const send = (tag: string) =>
      route in ofOctets
        ? alice.request(method, `/api${path}`, {
            headers: { 'Content-Type': 'image/png', 'If-Match': tag },
            body: picture,
          })
        : call(alice, method, path, body, { 'If-Match': tag })
    const stale = await send('"987654321"')
    expect([stale.status, stale.text]).toEqual([412, stale.text])
    expect((await shown()).headers.etag).toBe(etag)
    const fresh = await send(etag)
    expect([fresh.status < 300, fresh.text]).toEqual([true, fresh.text])
  })
})

const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)
