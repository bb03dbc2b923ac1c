import { describe, expect, it } from 'vitest'
import { createAppPassword, findAccount } from '../../src/features/accounts/accounts.ts'
import { purgeEndedLinks } from '../../storage/ended-links.ts'
import { createClient } from '../dav/client.ts'
import { event } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'

const server = useServer()

type Client = Pick<Account, 'request'>

/** A request with JSON, and the answer read as JSON. */
async function call(client: Client, method: string, path: string, body?: unknown) {
  const answer = await client.request(method, `/api${path}`, {
    ...(body === undefined
      ? {}
      : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  })
  return { ...answer, json: answer.text === '' ? undefined : JSON.parse(answer.text) }
}

/** Bob is invited to Alice's calendar. */
async function invited(access: string) {
  const alice = await server.account()
  const bob = await server.account({ email: `bob${Math.random()}@example.org` })
  const made = await call(alice, 'POST', '/shares', { collection: 'calendar', with: bob.name, access })
  const { json } = await call(bob, 'GET', '/invites')
  return { alice, bob, share: made, invite: json.invites[0] }
}

describe('the API: sharing a calendar', () => {
  it('invites, shows both sides, and on acceptance mounts it in the sharee’s home', async () => {
    const { alice, bob, share, invite } = await invited('read-write')
    expect(share.status).toBe(201)
    expect(share.json).toMatchObject({ access: 'read-write', state: 'invited', with: { name: bob.name } })
    expect(invite).toMatchObject({
      state: 'invited',
      from: { name: alice.name },
      collection: { name: 'calendar' },
    })
    const accepted = await call(bob, 'POST', `/invites/${invite.id}/accept`)
    expect([accepted.status, accepted.json.state]).toEqual([200, 'accepted'])
    const href = `${bob.calendars}${accepted.json.name}/`
    expect((await bob.put(`${href}a.ics`, event('a'))).status).toBe(201)
    expect((await alice.get(`${alice.calendar}a.ics`)).status).toBe(200)
    expect((await call(alice, 'GET', '/shares')).json.shares).toMatchObject([{ state: 'accepted' }])
    expect((await call(alice, 'PATCH', `/shares/${share.json.id}`, { access: 'read' })).json.access).toBe(
      'read',
    )
    expect((await bob.put(`${href}b.ics`, event('b'))).status).toBe(403)
    expect((await call(alice, 'DELETE', `/shares/${share.json.id}`)).status).toBe(204)
    expect((await bob.get(href)).status).toBe(404)
    expect((await call(bob, 'GET', '/invites')).json.invites).toEqual([])
  })

  it('tells the sharee, whose pages then show it no more, that an offer was withdrawn or answered', async () => {
    const gone = async (end: (made: Awaited<ReturnType<typeof invited>>) => Promise<unknown>) => {
      const made = await invited('read')
      const told = async (account: Account, after = '') =>
        (
          await call(
            account,
            'GET',
            `/changes?kind=invite-gone${after && `&after=${encodeURIComponent(after)}`}`,
          )
        ).json
      const [bobs, alices] = [(await told(made.bob)).next, (await told(made.alice)).next]
      await end(made)
      await expect.poll(async () => (await told(made.bob, bobs)).changes.length).toBe(1)
      expect((await told(made.alice, alices)).changes).toEqual([])
    }
    await gone(({ alice, share }) => call(alice, 'DELETE', `/shares/${share.json.id}`))
    await gone(({ bob, invite }) => call(bob, 'POST', `/invites/${invite.id}/decline`))
  })

  it('can be declined, and accepted later', async () => {
    const { alice, bob, invite } = await invited('read')
    expect((await call(bob, 'POST', `/invites/${invite.id}/decline`)).json.state).toBe('declined')
    expect((await call(alice, 'GET', '/shares')).json.shares).toMatchObject([{ state: 'declined' }])
    expect((await call(bob, 'POST', `/invites/${invite.id}/accept`)).json.state).toBe('accepted')
  })

  it('answers for what belongs to others as for what is not there', async () => {
    const { bob, share, invite } = await invited('read')
    const carol = await server.account()
    for (const id of [share.json.id, 999_999, 'x']) {
      expect((await call(carol, 'DELETE', `/shares/${id}`)).status).toBe(404)
      expect((await call(bob, 'PATCH', `/shares/${id}`, { access: 'read' })).status).toBe(404)
    }
    for (const id of [invite.id, 999_999]) {
      expect((await call(carol, 'POST', `/invites/${id}/accept`)).status).toBe(404)
    }
  })
})

describe('the API: public links', () => {
  it('are made, listed and withdrawn by their owner', async () => {
    const alice = await server.account()
    const bob = await server.account()
    const made = await call(alice, 'POST', '/links', { collection: 'contacts', label: 'club' })
    expect([made.status, made.json.label]).toEqual([201, 'club'])
    expect((await createClient(server.url).get(made.json.path)).status).toBe(200)
    expect((await call(bob, 'DELETE', `/links/${made.json.id}`)).status).toBe(404)
    expect((await call(alice, 'DELETE', `/links/${made.json.id}`)).status).toBe(204)
    expect((await call(alice, 'GET', '/links')).json.links).toEqual([])
    expect((await createClient(server.url).get(made.json.path)).status).toBe(404)
  })

  it('that are withdrawn are absent, until their owner brings them back: at once, or from the trash', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const { json: link } = await call(alice, 'POST', '/links', { collection: 'calendar', label: 'club' })
    const asked = async () => (await createClient(server.url).get(link.path)).status
    expect((await call(alice, 'POST', `/links/${link.id}/restore`)).status).toBe(404)
    for (const [back, done] of [
      [`/links/${link.id}/restore`, link],
      [undefined, { name: 'club', place: 'Calendar' }],
    ] as const) {
      await call(alice, 'DELETE', `/links/${link.id}`)
      expect(await asked()).toBe(404)
      const [entry] = (await call(alice, 'GET', '/trash?kind=link')).json.items
      expect(entry).toMatchObject({ kind: 'link', title: 'club', place: 'Calendar' })
      expect(JSON.stringify(entry)).not.toContain(link.path.slice(8, 30))
      expect((await call(alice, 'GET', `/trash/${entry.id}`)).json).toEqual(entry)
      expect((await call(bob, 'GET', '/trash?kind=link')).json.items).toEqual([])
      for (const path of [`/links/${link.id}/restore`, `/trash/${entry.id}/restore`])
        expect([path, (await call(bob, 'POST', path)).status]).toEqual([path, 404])
      expect(await asked()).toBe(404)
      const answer = await call(alice, 'POST', back ?? `/trash/${entry.id}/restore`)
      expect([answer.status, answer.json]).toEqual([200, done])
      expect(await asked()).toBe(200)
      expect((await call(alice, 'GET', '/trash?kind=link')).json.items).toEqual([])
    }
    expect((await call(alice, 'GET', '/links')).json.links).toMatchObject([{ id: link.id, path: link.path }])
  })

  it('that are withdrawn are gone with the trash, with its time, and with their calendar', async () => {
    const alice = await server.account()
    const ended = async () => {
      const { json } = await call(alice, 'POST', '/links', { collection: 'calendar' })
      await call(alice, 'DELETE', `/links/${json.id}`)
      return json.id
    }
    const first = await ended()
    expect((await call(alice, 'DELETE', '/trash')).json).toEqual({ removed: 1 })
    const second = await ended()
    const [{ id }] = (await call(alice, 'GET', '/trash?kind=link')).json.items
    expect((await call(alice, 'DELETE', `/trash/${id}`)).json).toEqual({ removed: 1 })
    const third = await ended()
    await server.services.store.write((tx) => purgeEndedLinks(tx, server.clock.now + 1))
    const fourth = await ended()
    await alice.request('MKCALENDAR', `${alice.calendars}other/`)
    await alice.delete(alice.calendar)
    expect((await call(alice, 'GET', '/trash?kind=link')).json.items).toEqual([])
    for (const link of [first, second, third, fourth])
      expect((await call(alice, 'POST', `/links/${link}/restore`)).status).toBe(404)
    const [calendar] = (await call(alice, 'GET', '/trash?kind=collection')).json.items
    await call(alice, 'POST', `/trash/${calendar.id}/restore`)
    expect((await call(alice, 'POST', `/links/${fourth}/restore`)).status).toBe(200)
  })
})

describe('RFC 9457 §3 what the API refuses', () => {
  it('says in a sentence why, as a problem', async () => {
    const alice = await server.account()
    const bob = await server.account()
    const share = { collection: 'calendar', with: bob.name }
    const cases: readonly [string, string, unknown, number][] = [
      ['POST', '/shares', { ...share, with: 'nobody' }, 422],
      ['POST', '/shares', { ...share, collection: 'none' }, 422],
      ['POST', '/shares', { ...share, access: 'all' }, 422],
      ['POST', '/shares', { ...share, extra: 1 }, 422],
      ['POST', '/shares', { ...share, with: alice.name }, 403],
      ['POST', '/shares', { collection: 'contacts', with: bob.name, access: 'free-busy' }, 403],
      ['GET', '/nothing', undefined, 404],
      ['PUT', '/shares', undefined, 405],
    ]
    for (const [method, path, body, status] of cases) {
      const answer = await call(alice, method, path, body)
      expect([path, body, answer.status]).toEqual([path, body, status])
      expect(answer.headers['content-type']).toBe('application/problem+json')
      expect(answer.json).toMatchObject({ status, detail: expect.stringMatching(/\w.*\.?$/) })
    }
  })

  it('takes JSON that says so and nothing else, so that no page of another origin can change anything', async () => {
    const alice = await server.account()
    const body = JSON.stringify({ collection: 'calendar' })
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const answer = await alice.request('POST', '/api/links', { headers: { 'Content-Type': type }, body })
      expect([type, answer.status]).toEqual([type, 415])
    }
    const headers = { 'Content-Type': 'application/json' }
    expect((await alice.request('POST', '/api/links', { headers, body: '{' })).status).toBe(400)
    expect((await createClient(server.url).get('/api/shares')).status).toBe(401)
  })

  it('lets an app password for reading read, but for secrets that outlive it', async () => {
    const alice = await server.account()
    const { secret } = await server.services.store.write(async (tx) =>
      createAppPassword(tx, await findAccount(tx, alice.name), { label: 'watch', scope: 'read' }),
    )
    const watch = createClient(server.url, { name: alice.name, password: secret })
    const { json } = await call(alice, 'POST', '/links', { collection: 'calendar', label: 'team' })
    const [link] = (await call(watch, 'GET', '/links')).json.links
    expect([link.label, link.path]).toEqual(['team', undefined])
    expect((await call(alice, 'GET', '/links')).json.links[0].path).toBe(json.path)
    expect((await call(watch, 'POST', '/links', { collection: 'calendar' })).status).toBe(403)
  })
})
