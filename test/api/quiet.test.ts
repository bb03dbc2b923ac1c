import { expect, it } from 'vitest'
import { apiRoutes } from '../../src/api/routes.ts'
import { card, event } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { company, person } from '../features/facts/world.ts'
import { call } from './json.ts'

const server = useServer({ webhooks: { privateNetworks: '127.0.0.0/8' } })

/** Requests that change facts beside cards, by their route; those that need something made before come after it. */
interface Step {
  readonly route: string
  readonly body?: unknown
  /** The address, with what earlier answers have said. */
  readonly path: string
}

interface World {
  readonly jane: number
  readonly acme: number
  readonly group: number
  readonly object: number
  readonly duplicate: number
}

async function fill(alice: Account): Promise<World> {
  const jane = await person(alice, 'Jane')
  const [acme, group] = [await company(alice, 'Acme'), await company(alice, 'Group')]
  for (const name of ['x', 'y'])
    await alice.put(`${alice.contacts}${name}.vcf`, card(name, 'Anna Meier', ['TEL:+49301234567']))
  await alice.put(`${alice.calendar}e.ics`, event('e'))
  const [{ id: duplicate }] = (await call(alice, 'GET', '/duplicates')).json.items
  const { store } = server.services
  const row = await store.read(({ sql }) =>
    sql.first<{ id: number }>("SELECT id FROM objects WHERE name = 'e.ics' ORDER BY id DESC LIMIT 1"),
  )
  return { jane, acme, group, duplicate, object: row?.id ?? 0 }
}

/** What each client of the account could see of it: entity tags, ctags and sync-tokens. */
async function seen(alice: Account): Promise<string[]> {
  const body =
    '<d:propfind xmlns:d="DAV:" xmlns:cs="http://calendarserver.org/ns/"><d:prop><d:getetag/><d:sync-token/><cs:getctag/></d:prop></d:propfind>'
  const homes = [alice.calendars, alice.books, alice.files]
  const collections = [alice.calendar, alice.tasks, alice.contacts]
  const answers: string[] = []
  for (const path of [...homes, ...collections])
    answers.push((await alice.request('PROPFIND', path, { headers: { Depth: '1' }, body })).text)
  return answers
}

it('no command of the API that changes facts beside cards moves what clients sync (law 5)', async () => {
  const alice = await server.account()
  const { jane, acme, group, object, duplicate } = await fill(alice)
  const made = new Map<string, number>()
  const idOf = (route: string): number => made.get(route) ?? 0
  const steps: readonly (() => Step)[] = [
    () => ({ route: 'POST /fields', path: '/fields', body: { label: 'Size', type: 'number' } }),
    () => ({
      ...{ route: 'PATCH /fields/:id', path: `/fields/${idOf('POST /fields')}` },
      body: { position: 7 },
    }),
    () => ({ route: 'DELETE /fields/:id', path: `/fields/${idOf('POST /fields')}` }),
    () => ({ route: 'POST /duplicates/:id/not-same', path: `/duplicates/${duplicate}/not-same` }),
    () => ({ route: 'DELETE /duplicates/:id/not-same', path: `/duplicates/${duplicate}/not-same` }),
    () => ({ route: 'POST /duplicates/scan', path: '/duplicates/scan' }),
    () => ({
      ...{ route: 'PATCH /parties/:id', path: `/parties/${jane}` },
      body: { roles: ['customer'], owner: alice.name },
    }),
    () => ({
      ...{ route: 'POST /parties/:id/parents', path: `/parties/${acme}/parents` },
      body: { organisation: group },
    }),
    () => ({
      ...{ route: 'PATCH /parties/:id/parents/:item' },
      path: `/parties/${acme}/parents/${idOf('POST /parties/:id/parents')}`,
      body: { kind: 'branch' },
    }),
    () => ({
      route: 'DELETE /parties/:id/parents/:item',
      path: `/parties/${acme}/parents/${idOf('POST /parties/:id/parents')}`,
    }),
    () => ({
      ...{ route: 'POST /activities', path: '/activities' },
      body: { kind: 'note', parties: [jane], html: '<p>met</p>' },
    }),
    () => ({
      ...{ route: 'PATCH /activities/:id', path: `/activities/${idOf('POST /activities')}` },
      body: { html: '<p>met again</p>' },
    }),
    () => ({ route: 'DELETE /activities/:id', path: `/activities/${idOf('POST /activities')}` }),
    () => ({
      ...{ route: 'POST /parties/:id/links', path: `/parties/${jane}/links` },
      body: { kind: 'object', id: object },
    }),
    () => ({ route: 'DELETE /party-links/:id', path: `/party-links/${idOf('POST /parties/:id/links')}` }),
    () => ({ route: 'POST /tokens', path: '/tokens', body: { label: 'x', scopes: ['people:read'] } }),
    () => ({ route: 'DELETE /tokens/:id', path: `/tokens/${idOf('POST /tokens')}` }),
    () => ({ route: 'POST /webhooks', path: '/webhooks', body: { url: 'http://127.0.0.1:9/' } }),
    () => ({
      ...{ route: 'PATCH /webhooks/:id', path: `/webhooks/${idOf('POST /webhooks')}` },
      body: { description: 'mine' },
    }),
    () => ({ route: 'POST /webhooks/:id/rotate', path: `/webhooks/${idOf('POST /webhooks')}/rotate` }),
    () => ({
      ...{ route: 'POST /webhooks/:id/replay', path: `/webhooks/${idOf('POST /webhooks')}/replay` },
      body: { since: new Date(server.clock.now).toISOString() },
    }),
    () => ({ route: 'DELETE /webhooks/:id', path: `/webhooks/${idOf('POST /webhooks')}` }),
  ]
  const before = await seen(alice)
  expect(before.join('').match(/getetag>&quot;|getetag>"/g)?.length).toBeGreaterThan(5)
  const done = new Set<string>()
  for (const step of steps) {
    const { route, path, body } = step()
    const answer = await call(alice, route.split(' ')[0] ?? '', path, body)
    expect([route, answer.status < 300, answer.text]).toEqual([route, true, answer.text])
    if (typeof answer.json?.id === 'number') made.set(route, answer.json.id)
    expect(await seen(alice), route).toEqual(before)
    done.add(route)
  }
  const ofFacts = apiRoutes.filter(({ affects, kind }) => affects === 'facts' && kind !== 'look')
  const named = ofFacts.map(({ method, path }) => `${method} ${path}`)
  expect(named).toEqual(expect.arrayContaining([...done]))
  // The rest needs more than one request; it is watched in the tests of its own (see checks.test.ts).
  expect(done.size).toBeGreaterThan(named.length / 2)
}, 60_000)
