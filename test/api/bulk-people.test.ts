import { describe, expect, it } from 'vitest'
import { runBulk } from '../../src/features/bulk-people/run.ts'
import { runNextJob } from '../../src/jobs/run-job.ts'
import { jobs } from '../../src/jobs/runner.ts'
import { card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { masked, sharedWith } from '../dav/virtual/masked.ts'
import { idOf, party } from '../features/facts/world.ts'
import { call } from './json.ts'

const server = useServer({ api: { peopleAtOnce: 3, bulkPeople: 40 } })

const put = (account: Account, uid: string, fn: string, extra: readonly string[] = []) =>
  account.put(`${account.contacts}${uid}.vcf`, card(uid, fn, extra))

/** People of this many, with their ids. */
async function crew(count: number): Promise<{ alice: Account; ids: number[] }> {
  const alice = await server.account()
  const ids: number[] = []
  for (let n = 0; n < count; n += 1) {
    await put(alice, `c${n}`, `Crew ${n}`, n % 2 === 0 ? ['CATEGORIES:even'] : [])
    ids.push(await idOf(alice, `Crew ${n}`))
  }
  return { alice, ids }
}

const bulk = (account: Account, body: object) => call(account, 'POST', '/parties/bulk', body)

async function run(id: number): Promise<void> {
  const job = await runNextJob(server.services, jobs, new AbortController().signal, `bulk-people:${id}`)
  expect(job?.kind).toBe('over')
}

async function stateOf(account: Account): Promise<Record<string, string>> {
  const second = `${account.books}second/`
  const isThere = (await account.get(second)).status !== 404
  const books = [account.contacts, ...(isThere ? [second] : [])]
  const changed = (await Promise.all(books.map((book) => account.syncAll(book, '')))).flatMap(
    (synced) => synced.changed,
  )
  const texts = await Promise.all(
    changed.map(async (path) => [path, (await account.get(path)).text] as const),
  )
  return Object.fromEntries(texts.sort())
}

async function makeBook(account: Account): Promise<number> {
  await account.request('MKCOL', `${account.books}second/`, {
    body: '<d:mkcol xmlns:d="DAV:"><d:set><d:prop><d:resourcetype><d:collection/><a:addressbook xmlns:a="urn:ietf:params:xml:ns:carddav"/></d:resourcetype></d:prop></d:set></d:mkcol>',
  })
  const { books } = (await call(account, 'GET', '/books')).json
  return books.find(({ name }: { name: string }) => name === 'second').id
}

describe('the same for many people', () => {
  it('is done at once to a few: labels, roles, owner, another book, the trash; each is one undo', async () => {
    const { alice, ids } = await crew(3)
    const book = await makeBook(alice)
    const facts = async () =>
      Promise.all(
        ids.map(async (id) => {
          const { roles, owner } = await party(alice, id)
          return { roles, owner }
        }),
      )
    const actions = [
      { do: 'label', add: ['crew'], remove: ['even'] },
      { do: 'role', add: ['lead', 'Own one'] },
      { do: 'owner', owner: alice.name },
      { do: 'move', book },
      { do: 'copy', book },
      { do: 'delete' },
    ]
    for (const action of actions) {
      const before = [await stateOf(alice), await facts()]
      const done = await bulk(alice, { ids, action })
      const key = action.do === 'delete' ? 'removed' : 'changed'
      expect([done.status, done.json], done.text).toMatchObject([
        200,
        { state: 'finished', total: 3, done: 3, counts: { [key]: 3, skipped: 0 }, skipped: [] },
      ])
      expect(done.headers['farley-request']).toBe(done.json.request)
      if (action.do !== 'delete') {
        expect([await stateOf(alice), await facts()]).not.toEqual(before)
        expect((await bulk(alice, { ids, action })).json.counts).toMatchObject({ unchanged: 3 })
      } else expect(await stateOf(alice)).toEqual({})
      const undo = await call(alice, 'POST', '/history/undo', { request: done.json.request })
      expect([undo.status, undo.json.counts.skipped], undo.text).toEqual([200, 0])
      expect([await stateOf(alice), await facts()]).toEqual(before)
    }
  })

  it('is done by a job to many, whom a filter or a list finds, with progress, and is one undo', async () => {
    const { alice, ids } = await crew(5)
    const before = await stateOf(alice)
    const begun = await bulk(alice, { filter: { all: [] }, q: 'crew', action: { do: 'label', add: ['x'] } })
    expect([begun.status, begun.json]).toMatchObject([202, { state: 'running', total: 5, done: 0 }])
    const { id, request } = begun.json
    expect((await call(alice, 'POST', '/history/undo', { request })).status).toBe(409)
    await run(id)
    const done = (await call(alice, 'GET', `/parties/bulk/${id}`)).json
    expect(done).toMatchObject({ state: 'finished', total: 5, done: 5, counts: { changed: 5, skipped: 0 } })
    const people = (await call(alice, 'GET', `/parties/bulk/${id}/people?limit=2`)).json
    expect(people.items).toMatchObject([
      { party: ids[0], name: 'Crew 0', outcome: 'changed', note: '' },
      { party: ids[1], outcome: 'changed' },
    ])
    expect(people.next).not.toBe(null)
    const undo = await call(alice, 'POST', '/history/undo', { request })
    expect([undo.status, undo.json.counts.skipped]).toEqual([200, 0])
    expect(await stateOf(alice)).toEqual(before)
    const list = await call(alice, 'POST', '/lists', {
      ...{ name: 'Even', filter: { field: 'label', op: 'is', text: 'even' } },
    })
    expect(list.status, list.text).toBe(201)
    const removed = await bulk(alice, { list: list.json.id, action: { do: 'delete' } })
    expect([removed.status, removed.json.counts.removed]).toEqual([200, 3])
  })

  it('is stopped where it is: what is done stays, and is one undo; who is left out stays as he is', async () => {
    const { alice, ids } = await crew(30)
    const wanted = { filter: { all: [] }, except: [ids[0]], action: { do: 'role', add: ['x'] } }
    const withRole = async () => (await call(alice, 'GET', '/parties?role=x&limit=100')).json.items
    expect(await withRole()).toEqual([])
    const { id, request, total } = (await bulk(alice, wanted)).json
    expect(total).toBe(29)
    let pages = 0
    const isEnding = {
      get aborted() {
        return (pages += 1) > 1
      },
    } // It is asked before each page.
    await runBulk(server.services, id, isEnding as AbortSignal)
    const stopped = await call(alice, 'POST', `/parties/bulk/${id}/stop`)
    expect([stopped.status, stopped.json]).toMatchObject([200, { state: 'stopped', total: 29, done: 25 }])
    await run(id)
    const { changed } = (await call(alice, 'GET', `/parties/bulk/${id}`)).json.counts
    expect(changed).toBe(25)
    expect((await call(alice, 'POST', `/parties/bulk/${id}/stop`)).json.state).toBe('stopped')
    const given = (await withRole()).map((one: { id: number }) => one.id)
    expect(given).toHaveLength(25)
    expect(given).not.toContain(ids[0])
    await call(alice, 'POST', '/history/undo', { request })
    expect(await withRole()).toEqual([])
  })

  it('tells of each whom it was refused for, and does it to the others', async () => {
    const { alice, ids } = await crew(1)
    const bob = await server.account()
    await put(bob, 'own', 'Own Bob')
    await sharedWith(alice, bob, 'read')
    const own = await idOf(bob, 'Own Bob')
    const action = { do: 'label', add: ['x'] }
    const { json } = await bulk(bob, { ids: [...ids, own, 999_999], action })
    expect(json.counts).toEqual({ changed: 1, removed: 0, unchanged: 0, skipped: 2 })
    expect(json.skipped).toMatchObject([
      { party: ids[0], outcome: 'skipped', note: 'You may read this, not change it.' },
      { party: 999_999, name: '', note: 'There is nobody of that id.' },
    ])
    const stranger = await server.account()
    const unseen = (await bulk(stranger, { ids, action: { do: 'delete' } })).json
    expect(unseen.skipped).toMatchObject([{ name: '', note: 'There is nobody of that id.' }])
    expect((await call(stranger, 'GET', `/parties/bulk/${json.id}`)).status).toBe(404)
    expect((await bulk(stranger, { ids, action: { do: 'move', book: 1 } })).status).toBe(404)
  })

  it('has a bound, and takes nothing without a meaning', async () => {
    const { alice, ids } = await crew(1)
    const many = Array.from({ length: 41 }, (_, n) => n + 1)
    expect((await bulk(alice, { ids: many, action: { do: 'delete' } })).status).toBe(413)
    for (const action of [{ do: 'label' }, { do: 'owner' }, { do: 'eat' }])
      expect((await bulk(alice, { ids, action })).status).toBe(422)
    expect((await bulk(alice, { ids, action: { do: 'owner', owner: 'nobody-x' } })).status).toBe(422)
    expect((await bulk(alice, { list: 999_999, action: { do: 'delete' } })).status).toBe(404)
  })

  it('is written out as one file in any form: who is asked for, as he is seen', async () => {
    const { alice, ids } = await crew(4)
    const get = (account: Account, body: object) =>
      account.request('POST', '/api/parties/export', {
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      })
    const cards = await get(alice, { ids: [ids[2], ids[0], 999_999] })
    expect(cards.headers).toMatchObject({
      'content-type': 'text/vcard; charset=utf-8',
      'content-disposition': 'attachment; filename="contacts.vcf"',
    })
    expect(cards.text).toBe(
      (await Promise.all([2, 0].map((n) => alice.get(`${alice.contacts}c${n}.vcf`))))
        .map(({ text }) => text)
        .join(''),
    )
    const even = { filter: { field: 'label', op: 'is', text: 'even' }, except: [ids[0]] }
    expect((await get(alice, { ...even, version: '4.0' })).text.match(/VERSION:4.0|FN:.*/g)).toEqual([
      'VERSION:4.0',
      'FN:Crew 2',
    ])
    expect((await get(alice, { ...even, format: 'csv' })).text).toMatch(
      /^\ufeffFirst Name,.*\r\n.*Crew 2.*\r\n$/,
    )
    expect(JSON.parse((await get(alice, { ...even, format: 'jscontact' })).text)).toMatchObject([
      { uid: 'c2' },
    ])
    const bob = await server.account()
    await sharedWith(alice, bob, 'read')
    await masked(server, { hide: ['CATEGORIES'] }, bob)
    const seen = await get(bob, { ids: [ids[0]] })
    expect([seen.status, seen.text.includes('Crew 0'), seen.text.includes('even')]).toEqual([
      200,
      true,
      false,
    ])
    expect((await get(await server.account(), { ids })).text).toBe('')
  })

  it('one person is deleted with all of his cards, and comes back with what is known of him', async () => {
    const { alice, ids } = await crew(1)
    const path = `/parties/${ids[0]}`
    await call(alice, 'PATCH', path, { roles: ['lead'] })
    expect((await call(alice, 'DELETE', path, undefined, { 'If-Match': '"0"' })).status).toBe(412)
    const { etag } = (await call(alice, 'GET', path)).headers
    const gone = await call(alice, 'DELETE', path, undefined, { 'If-Match': String(etag) })
    expect([gone.status, gone.json]).toEqual([200, { removed: 1, left: 0 }])
    expect((await call(alice, 'GET', path)).status).toBe(404)
    expect((await call(alice, 'DELETE', path)).status).toBe(404)
    await call(alice, 'POST', '/history/undo', { request: gone.headers['farley-request'] })
    expect((await party(alice, ids[0] ?? 0)).roles).toEqual(['lead'])
  })
})
