import { beforeAll, describe, expect, it } from 'vitest'
import { apiRoutes } from '../../src/api/routes.ts'
import { event, todo } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { person } from '../features/facts/world.ts'
import { idOf } from '../features/history/world.ts'
import { apiFaces } from '../features/masks/api-faces.ts'
import { makeWorld as makeMaskedWorld, secrets } from '../features/masks/world.ts'
import { call } from './json.ts'
import { quietExamples } from './quiet/examples.ts'
import { makeWorld, type World } from './quiet/world.ts'

const server = useServer({
  webhooks: { privateNetworks: '127.0.0.0/8', perAccount: 50 },
  bursts: { objects: 3, percent: 10, windowMs: 600_000 },
  limits: { apiRequestsPerMinute: 100_000 },
})

/** Ids in a path. */
const ids = /(?<=\/)\d+(?=[/?]|$)/g
/** What is everybody's: a right says who defines it, which everybody has until it is taken. */
const ofAll = /\/fields\/(?:\d|:)/

/** Bodies that routes take which change cards and shares. */
const bodies: Readonly<Record<string, unknown>> = {
  'PATCH /cards/:id': { edits: [{ op: 'employer', title: 'x' }] },
  'PATCH /parties/:id/fields': { size: '1' },
  'PATCH /parties/:id/memberships/:item': { title: 'x' },
  'PATCH /parties/:id/relations/:item': { type: 'friend' },
  'POST /books/:id/cards': { edits: [{ op: 'name', parts: { given: 'Zoe' } }] },
  'POST /cards/:id/copy': { book: 1 },
  'POST /cards/:id/move': { book: 1 },
  'POST /file-homes/:id/folders': { name: 'x' },
  'POST /files/:id/folders': { name: 'x' },
  'POST /files/:id/links': {},
  'POST /files/:id/shares': { with: 'x', access: 'read' },
  'POST /held/:id/apply': {},
  'PATCH /imports/:id/wish': {},
  'POST /imports/:id/run': {},
  'POST /imports/:id/undo': {},
  'POST /migrations/:id/go-on': {},
  'POST /objects/:id/restore': { revision: 1 },
  'POST /parties/:id/erase': { token: 'x' },
  'POST /parties/:id/memberships': { title: 'x' },
  'POST /parties/:id/relations': { type: 'friend', name: 'x' },
  'POST /suggestions/:id/accept': { create: true },
  'PATCH /accounts/:name': { displayName: 'x' },
  'PATCH /groups/:name': { displayName: 'x' },
  'POST /groups/:name/members': { name: 'x' },
  'PATCH /resources/:name': { displayName: 'x' },
  'PATCH /rooms/:name': { displayName: 'x' },
  'POST /removed/:id/restore': {},
  'PUT /delegates/:name/:delegate': { mode: 'read' },
  'PATCH /birthdays/:id': { otherDates: true },
  'PATCH /calendar-events/:id': { title: 'x' },
  'POST /calendar-events/:id/copy': { calendar: 1 },
  'POST /calendar-events/:id/move': { calendar: 1 },
  'PATCH /books/:id': { title: 'x' },
  'PATCH /calendars/:id': { title: 'x' },
  'PATCH /subscriptions/:id': { title: 'x' },
  'PATCH /tasks/:id': { title: 'x' },
  'POST /tasks/:id/move': { calendar: 1 },
  'PATCH /devices/:id': { kind: 'apple' },
  'PATCH /files/:id': { name: 'x' },
  'PATCH /grants/:id': {},
  'PATCH /labels/:name': { name: 'x' },
  'PATCH /lists/:id': { name: 'x' },
  'PATCH /retention/:id': { days: 90 },
  'PATCH /shares/:id': { access: 'read' },
  'PATCH /team-roles/:id': { name: 'x' },
  'POST /labels/:name/people': { add: [1] },
  'POST /masks/:name/holders': { name: 'x' },
  'POST /parties/:id/tasks': { summary: 'x' },
  'POST /team-roles/:id/holders': { name: 'x' },
  'PUT /masks/:name': { hide: ['NOTE'] },
  'PUT /settings/:key': { value: 1 },
}

/** What there is of alice, by the first word of paths. */
async function idsOf(world: World): Promise<Readonly<Record<string, number>>> {
  const { alice, bob, jane } = world
  const party = (await call(alice, 'GET', `/parties/${jane}`)).json
  const card = party.cards[0]
  const [one, other] = [await person(alice, 'Two One'), await person(alice, 'Two Other')]
  const { id: merges } = (await call(alice, 'POST', '/merges', { survivor: one, loser: other })).json
  const { id: links } = (await call(alice, 'POST', '/links', { collection: 'contacts' })).json
  const [share] = (await call(alice, 'GET', '/shares')).json.shares
  const [invite] = (await call(bob, 'GET', '/invites')).json.invites
  const { id: birthdays } = (await call(alice, 'POST', '/birthdays', {})).json
  await alice.put(`${alice.calendar}e.ics`, event('e'))
  await alice.put(`${alice.tasks}t.ics`, todo('t'))
  const events = await idOf(server, `${alice.calendar}e.ics`)
  const tasks = await idOf(server, `${alice.tasks}t.ics`)
  return {
    ...{ parties: jane, cards: card.id, books: card.book.id, objects: card.id, merges, links, birthdays },
    ...{ shares: share.id, invites: invite.id, 'calendar-events': events, tasks },
  }
}

describe('the API says to a stranger of what is there the same as of what is not', () => {
  let world: World | undefined
  let mallory: Account | undefined
  beforeAll(async () => {
    world = await makeWorld(server)
    mallory = await server.account()
  })

  /** The same request for what there is, and for what there is not. */
  async function both(method: string, path: string, body?: unknown) {
    if (!mallory) throw new Error('Not begun.')
    const absent = path.replace(ids, '987654321')
    const answers = [await call(mallory, method, path, body), await call(mallory, method, absent, body)]
    return answers.map(({ status, text }) => [status, text.replaceAll(/\d+/g, '#')])
  }

  const ofFacts = Object.keys(quietExamples).filter((route) => route.includes(':') && !ofAll.test(route))
  it.each(ofFacts)('%s', async (route) => {
    const example = quietExamples[route]
    if (!world || !example) throw new Error('Not begun.')
    const { path, body, shows } = await example(world)
    const { alice } = world
    const shown = async () => (typeof shows === 'string' ? (await call(alice, 'GET', shows)).text : shows())
    const before = await shown()
    const [there, absent] = await both(route.split(' ')[0] ?? '', path, body)
    expect(there).toEqual(absent)
    expect([403, 404]).toContain(there?.[0])
    expect(await shown()).toEqual(before)
  })

  it('where cards and shares are changed', async () => {
    if (!world) throw new Error('Not begun.')
    const things = await idsOf(world)
    const faults: unknown[] = []
    for (const { kind, affects, method, path, takesOctets } of apiRoutes) {
      if (kind === 'look' || affects === 'facts' || !path.includes(':') || takesOctets) continue
      const first = things[path.split('/')[1] ?? ''] ?? 1
      const asked = path.replace(/:\w+/, String(first)).replace(/:\w+/g, '1')
      const [there, absent] = await both(method, asked, bodies[`${method} ${path}`])
      if (JSON.stringify(there) !== JSON.stringify(absent) || ![403, 404].includes(Number(there?.[0])))
        faults.push([method, path, there, absent])
    }
    expect(faults).toEqual([])
  })

  it('where something is shown', async () => {
    const secret = secrets.TEL
    if (!mallory || !secret) throw new Error('Not begun.')
    const masked = await makeMaskedWorld(server, secret)
    await masked.write('555019911')
    const faults: unknown[] = []
    for (const [route, face] of Object.entries(apiFaces)) {
      for (const path of await face.paths(masked)) {
        const { status, text } = await mallory.request('GET', `/api${path}`)
        if (/Jane Doe|555019911/.test(text)) faults.push([route, status, text])
        if (path.search(ids) < 0 || ofAll.test(path)) continue
        const absent = await mallory.request('GET', `/api${path.replace(ids, '987654321')}`)
        const plain = (one: typeof absent) => `${one.status} ${one.text.replace(/\d+/g, '#')}`
        if (plain({ ...absent, status, text }) !== plain(absent))
          faults.push([route, path, status, text, absent.text])
      }
    }
    expect(faults).toEqual([])
  })
})
