import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createAppPassword, findAccount } from '../../src/features/accounts/accounts.ts'
import type { Change } from '../../src/features/changes/schema.ts'
import { endStreams } from '../../src/features/changes/streams.ts'
import { revokeAppPassword } from '../../storage/credentials.ts'
import { purgeEvents } from '../../storage/events/position.ts'
import { addFactEvent } from '../../storage/events.ts'
import { openStore } from '../../storage/store.ts'
import { card, event } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { openTestStore } from '../store.ts'
import { type Listener, listenTo } from './event-source.ts'
import { call } from './json.ts'

const server = useServer({ events: { streams: 3, heartbeatMs: 300, recheckMs: 200, pollMs: 200 } })

/** A server on which nothing wakes a stream within the time of a test. */
const calm = useServer({ events: { streams: 2, heartbeatMs: 60_000, recheckMs: 60_000, pollMs: 60_000 } })

/** What was done before, and becomes final only now, may come first: nobody looks at collections that were made. */
const about = ({ messages }: Listener, what: string) =>
  messages.flatMap(({ data }) => (`${data.kind}`.startsWith(what) ? [data] : []))
const names = (listener: Listener): string[] =>
  about(listener, 'object-').map((data) => `${data.kind} ${data.object?.name}`)

const soon = { timeout: 20_000 }

/** Bob reads Alice's calendar and her book. */
async function shared() {
  const alice = await server.account()
  const bob = await server.account()
  const ids: number[] = []
  for (const collection of ['calendar', 'contacts']) {
    const share = await call(alice, 'POST', '/shares', { collection, with: bob.name, access: 'read' })
    ids.push(share.json.id)
    const { json } = await call(bob, 'GET', '/invites')
    for (const invite of json.invites) await call(bob, 'POST', `/invites/${invite.id}/accept`)
  }
  return { alice, bob, shares: ids }
}

async function idOf(account: Account, kind: 'calendars' | 'addressbooks'): Promise<number> {
  const { id } = await server.services.store.read((reader) => findAccount(reader, account.name))
  const row = await server.services.store.read(({ sql }) =>
    sql.first<{ id: number }>(
      `SELECT c.id FROM collections c JOIN homes h ON h.id = c.home_id WHERE c.principal_id = $1 AND h.kind = $2
       ORDER BY c.id LIMIT 1`,
      [id, kind],
    ),
  )
  return row?.id ?? 0
}

describe('GET /api/events', () => {
  it('tells what happens in one’s own collections, where it is and who asked for it', async () => {
    const alice = await server.account()
    const listener = await listenTo(server.url, alice)
    const { headers } = await alice.put(`${alice.contacts}a.vcf`, card('a'))
    await alice.delete(`${alice.contacts}a.vcf`)
    const ofCard = () => listener.messages.filter(({ data }) => data.object?.name === 'a.vcf')
    await expect.poll(ofCard, soon).toHaveLength(2)
    const [put, gone] = ofCard()
    const href = `${alice.contacts}a.vcf`
    expect(put?.data).toMatchObject({
      ...{ kind: 'object-put', collection: { href: alice.contacts }, object: { name: 'a.vcf', href } },
      ...{ request: headers['x-request-id'], party: { id: expect.any(Number) } },
    })
    expect(put?.id).toBe(put?.data.id)
    expect(gone?.data.kind).toBe('object-deleted')
    expect(listener.text).not.toContain('Jane')
    listener.close()
  })

  it('goes on after Last-Event-ID, with nothing lost and nothing twice', async () => {
    const alice = await server.account()
    let listener = await listenTo(server.url, alice)
    const got: string[] = []
    const wanted: string[] = []
    for (let round = 0; round < 5; round += 1) {
      const put = async (n: number): Promise<void> => {
        wanted.push(`object-put ${round}-${n}.vcf`)
        await alice.put(`${alice.contacts}${round}-${n}.vcf`, card(`${round}-${n}`))
      }
      await Promise.all([0, 1, 2, 3].map(put))
      if (round % 2 === 0) await expect.poll(() => listener.messages.length, soon).toBeGreaterThan(0)
      listener.close()
      got.push(...names(listener))
      await put(4)
      listener = await listenTo(server.url, alice, { lastId: listener.lastId })
    }
    await expect.poll(() => got.length + names(listener).length, soon).toBe(wanted.length)
    listener.close()
    expect([...got, ...names(listener)].toSorted()).toEqual(wanted.toSorted())
  })

  it('says so where it does not know any more what happened since', async () => {
    const alice = await server.account()
    const first = await listenTo(server.url, alice)
    first.close()
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    const { store } = server.services
    await expect
      .poll(async () => {
        await store.write((tx) => purgeEvents(tx, server.clock.now + 1, 500))
        const again = await listenTo(server.url, alice, { lastId: first.lastId })
        again.close()
        return again.text.includes('event: reset')
      }, soon)
      .toBe(true)
    const foreign = await listenTo(server.url, alice, { lastId: 'another-log.0.1' })
    await expect.poll(() => foreign.messages[0]?.event).toBe('reset')
    await alice.put(`${alice.contacts}b.vcf`, card('b'))
    await expect.poll(() => names(foreign), soon).toEqual(['object-put b.vcf'])
    foreign.close()
  })

  it('keeps the place up to date where nothing happens', async () => {
    const alice = await server.account()
    const bob = await server.account()
    const listener = await listenTo(server.url, alice)
    const { lastId } = listener
    await bob.put(`${bob.contacts}a.vcf`, card('a'))
    await expect.poll(() => listener.lastId, soon).not.toBe(lastId)
    expect(names(listener)).toEqual([])
    listener.close()
  })

  it('tells only the kinds, the collections and the people that are asked for', async () => {
    const alice = await server.account()
    const book = await idOf(alice, 'addressbooks')
    const [kinds, books] = [
      await listenTo(server.url, alice, { query: '?kind=object-deleted,object-other' }),
      await listenTo(server.url, alice, { query: `?collection=${book}` }),
    ]
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    await alice.delete(`${alice.contacts}a.vcf`)
    await expect.poll(() => names(kinds), soon).toEqual(['object-deleted a.vcf'])
    await expect.poll(() => names(books), soon).toEqual(['object-put a.vcf', 'object-deleted a.vcf'])
    const party: number = about(books, 'object-')[0]?.party.id
    const asked = await call(
      alice,
      'GET',
      `/changes?party=${party}&after=${kinds.lastId.replace(/\d+$/, '0')}`,
    )
    expect(asked.json.changes.length).toBeLessThanOrEqual(2)
    kinds.close()
    books.close()
    const stranger = await server.account()
    expect((await listenTo(server.url, stranger, { query: `?collection=${book}` })).status).toBe(404)
    expect((await call(stranger, 'GET', '/events?collection=x')).status).toBe(422)
  })

  it('tells of facts to whoever sees whom they are about, and of private ones to their readers', async () => {
    const { alice, bob } = await shared()
    const stranger = await server.account()
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    const { store } = server.services
    const reader = await store.read((tx) => findAccount(tx, bob.name))
    const party = await store.read(({ sql }) =>
      sql.first<{ id: number }>('SELECT party_id AS id FROM placements ORDER BY object_id DESC LIMIT 1'),
    )
    const parties = [party?.id ?? 0]
    const all = await Promise.all([alice, bob, stranger].map((who) => listenTo(server.url, who)))
    await store.write(async (tx) => {
      const origin = { kind: 'web' } as const
      await addFactEvent(tx, { kind: 'note-added', parties, about: { kind: 'note', id: 3 } }, origin)
      await addFactEvent(tx, { kind: 'note-changed', parties, readers: [reader.id] }, origin)
    })
    const notes = (n: number) => all.slice(n, n + 1).flatMap((listener) => about(listener, 'note-'))
    await expect.poll(() => notes(1).map(({ kind }) => kind), soon).toEqual(['note-added', 'note-changed'])
    await expect.poll(() => notes(0).length, soon).toBe(1)
    expect(notes(0)[0]).toMatchObject({ party: { id: parties[0] }, about: { kind: 'note', id: 3 } })
    expect(notes(2)).toEqual([])
    for (const listener of all) listener.close()
  })

  it('tells of fields that are set, and of people who become one and two again', async () => {
    const alice = await server.account()
    const ids: number[] = []
    for (const name of ['a', 'b']) {
      await alice.put(`${alice.contacts}${name}.vcf`, card(name))
      const placed = await server.services.store.read(({ sql }) =>
        sql.first<{ id: number }>('SELECT party_id AS id FROM placements ORDER BY object_id DESC LIMIT 1'),
      )
      ids.push(placed?.id ?? 0)
    }
    const [survivor = 0, loser = 0] = ids
    const listener = await listenTo(server.url, alice)
    const { json: field } = await call(alice, 'POST', '/fields', { label: 'Since when', type: 'text' })
    const set = await call(alice, 'PATCH', `/parties/${loser}/fields`, { [field.key]: 'long' })
    const merge = await call(alice, 'POST', '/merges', { survivor, loser })
    const undo = await call(alice, 'POST', `/merges/${merge.json.id}/undo`)
    expect([set.status, merge.status, undo.status]).toEqual([200, 201, 200])
    const told = () => [...about(listener, 'field-'), ...about(listener, 'parties-')]
    await expect
      .poll(() => told().map(({ kind, party }) => [kind, party.id]), soon)
      .toEqual([
        ['field-changed', loser],
        ['parties-merged', survivor],
        ['parties-unmerged', survivor],
        ['parties-unmerged', loser],
      ])
    listener.close()
  })

  it('tells of what is shared, until it is shared no more', async () => {
    const { alice, bob, shares } = await shared()
    const listener = await listenTo(server.url, bob)
    const calendar = await idOf(alice, 'calendars')
    const one = await listenTo(server.url, bob, { query: `?collection=${calendar}` })
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    await expect.poll(() => names(listener), soon).toEqual(['object-put a.ics'])
    await expect.poll(() => names(one), soon).toEqual(['object-put a.ics'])
    await call(alice, 'DELETE', `/shares/${shares[0]}`)
    await expect.poll(() => one.isOver, soon).toBe(true)
    await expect
      .poll(() => listener.messages.find(({ event: kind }) => kind === 'rights')?.data, soon)
      .toEqual({ gained: [], lost: [calendar] })
    await alice.put(`${alice.calendar}b.ics`, event('b'))
    await alice.put(`${alice.contacts}b.vcf`, card('b'))
    await expect.poll(() => names(listener).at(-1), soon).toBe('object-put b.vcf')
    expect(names(listener)).not.toContain('object-put b.ics')
    const after = `&after=${encodeURIComponent(one.lastId)}`
    const { json } = await call(bob, 'GET', `/changes?collection=${calendar}${after}`)
    // That it is gone he may hear once more, where the stream had ended before it was told.
    const kinds = json.changes.map(({ kind }: { kind: string }) => kind)
    expect(kinds.filter((kind: string) => kind !== 'collection-deleted')).toEqual([])
    listener.close()
  })

  it('ends when the password is taken away, and for the others goes on', async () => {
    const alice = await server.account()
    const { store } = server.services
    const made = await store.write(async (tx) => {
      const account = await findAccount(tx, alice.name)
      return { account, ...(await createAppPassword(tx, account, { label: 'phone', scope: 'read' })) }
    })
    const [phone, web] = [
      await listenTo(server.url, { name: alice.name, password: made.secret }),
      await listenTo(server.url, alice),
    ]
    await store.write((tx) => revokeAppPassword(tx, made.account.id, made.id))
    await expect.poll(() => phone.isOver, soon).toBe(true)
    expect((await listenTo(server.url, { name: alice.name, password: made.secret })).status).toBe(401)
    // Its password was not taken; it comes back and goes on.
    await expect.poll(() => web.isOver, soon).toBe(true)
    const again = await listenTo(server.url, alice, { lastId: web.lastId })
    expect(again.status).toBe(200)
    again.close()
  })

  it('tells a token what it is for, until it is removed', async () => {
    const alice = await server.account()
    const made = await call(alice, 'POST', '/tokens', { label: 'a program', scopes: ['calendars:read'] })
    const listener = await listenTo(server.url, { token: made.json.token })
    const { store } = server.services
    const { id } = await store.read((reader) => findAccount(reader, alice.name))
    await store.write((tx) => addFactEvent(tx, { kind: 'note-added', readers: [id] }, { kind: 'web' }))
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    await expect.poll(() => names(listener), soon).toEqual(['object-put a.ics'])
    await call(alice, 'DELETE', `/tokens/${made.json.id}`)
    await expect.poll(() => listener.isOver, soon).toBe(true)
  })

  it('tells what another process has written', async () => {
    const alice = await server.account()
    const listener = await listenTo(server.url, alice)
    const { id } = await server.services.store.read((reader) => findAccount(reader, alice.name))
    const { database, dataDirectory, clock } = server
    await using other = await openStore({ database, dataDirectory, now: () => clock.now, newId: randomUUID })
    await other.write((tx) => addFactEvent(tx, { kind: 'note-added', readers: [id] }, { kind: 'web' }))
    await expect.poll(() => about(listener, 'note-'), soon).toHaveLength(1)
    listener.close()
  })

  it('costs a write that nobody listens to nothing but the row of the event', async () => {
    const texts: string[] = []
    const store = await openTestStore({ beforeStatement: (text) => texts.push(text) })
    await store.store.write((tx) => addFactEvent(tx, { kind: 'note-added', readers: [1] }, { kind: 'web' }))
    const own = texts.filter((text) => /events|notify|outbox|webhooks/i.test(text) && !/meta/.test(text))
    expect(own.slice(-1)).toEqual([expect.stringMatching(/^INSERT INTO events/)])
    expect(own.filter((text) => text.startsWith('INSERT'))).toHaveLength(1)
    await store[Symbol.asyncDispose]()
  })

  it('is free for the next as soon as its connection is closed, although nothing happens for long', async () => {
    const alice = await calm.account()
    for (const listener of await Promise.all([listenTo(calm.url, alice), listenTo(calm.url, alice)]))
      listener.close()
    const opened = async () => (await listenTo(calm.url, alice)).status
    await expect.poll(opened, { timeout: 5_000 }).toBe(200)
  })

  it('is open so many times for one account, and ends when the server stops', async () => {
    const alice = await server.account()
    const bob = await server.account()
    const all = [1, 2, 3].map(() => listenTo(server.url, alice))
    const listeners = await Promise.all(all)
    expect((await listenTo(server.url, alice)).status).toBe(429)
    expect((await alice.request('HEAD', '/api/events')).status).toBe(429)
    const other = await listenTo(server.url, bob)
    listeners[0]?.close()
    await expect
      .poll(async () => {
        const next = await listenTo(server.url, alice)
        listeners.push(next)
        return next.status
      }, soon)
      .toBe(200)
    endStreams(server.services)
    await expect.poll(() => [...listeners, other].every(({ isOver }) => isOver), soon).toBe(true)
    expect((await alice.request('HEAD', '/api/events')).status).toBe(200)
    const afterwards = await Promise.all([1, 2, 3].map(() => listenTo(server.url, alice)))
    expect(afterwards.map(({ status }) => status)).toEqual([200, 200, 200])
    for (const listener of afterwards) listener.close()
  })
})

describe('GET /api/changes', () => {
  it('gives page after page what happened, and where to go on', async () => {
    const alice = await server.account()
    const begin = await call(alice, 'GET', '/changes')
    expect(begin.json).toEqual({ changes: [], next: expect.any(String), more: false, reset: false })
    for (let n = 0; n < 5; n += 1) await alice.put(`${alice.contacts}${n}.vcf`, card(`${n}`))
    const got: string[] = []
    let after: string = begin.json.next
    await expect
      .poll(async () => {
        const { json } = await call(alice, 'GET', `/changes?limit=2&after=${encodeURIComponent(after)}`)
        after = json.next
        got.push(...json.changes.flatMap(({ object }: Change) => object?.name ?? []))
        return got
      }, soon)
      .toEqual(['0.vcf', '1.vcf', '2.vcf', '3.vcf', '4.vcf'])
    const quiet = await call(alice, 'GET', `/changes?after=${encodeURIComponent(after)}`)
    expect(quiet.json).toMatchObject({ changes: [], reset: false })
    const lost = await call(alice, 'GET', '/changes?after=nonsense')
    expect(lost.json).toMatchObject({ changes: [], reset: true })
  })

  it('tells of collections that come, change and go, by their ids', async () => {
    const alice = await server.account()
    const { json } = await call(alice, 'GET', '/changes')
    const href = `${alice.calendars}new/`
    expect((await alice.request('MKCALENDAR', href)).status).toBe(201)
    await alice.delete(href)
    await expect
      .poll(async () => {
        const seen = await call(alice, 'GET', `/changes?after=${encodeURIComponent(json.next)}`)
        return seen.json.changes.filter((one: Change) => one.collection?.href === href)
      }, soon)
      .toMatchObject([
        { kind: 'collection-created', collection: { id: expect.any(Number), href } },
        { kind: 'collection-deleted', collection: { href } },
      ])
  })
})
