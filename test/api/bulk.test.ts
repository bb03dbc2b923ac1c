import { describe, expect, it } from 'vitest'
import { createAppPassword, findAccount } from '../../src/features/accounts/accounts.ts'
import { attempt } from '../../storage/transactions/savepoint.ts'
import { createClient } from '../dav/client.ts'
import { type Account, useServer } from '../dav/server.ts'
import { call } from './json.ts'

const server = useServer({ api: { bulkOperations: 5 } })

const link = (label: string, collection = 'contacts') => ({
  method: 'POST',
  path: '/links',
  body: { collection, label },
})
const patch = (language: string, ifMatch?: string) => ({
  method: 'PATCH',
  path: '/account',
  body: { language },
  ...(ifMatch !== undefined && { ifMatch }),
})

async function labels(account: Account): Promise<string[]> {
  return (await call(account, 'GET', '/links')).json.links.map(({ label }: { label: string }) => label)
}

describe('POST /api/bulk, all or none', () => {
  it('makes several changes in one write, and answers each as by itself', async () => {
    const alice = await server.account()
    const { etag = '' } = (await call(alice, 'GET', '/account')).headers
    const operations = [link('a'), link('b', 'calendar'), patch('de', etag)]
    const { status, json } = await call(alice, 'POST', '/bulk', { operations })
    expect([status, json.results.map((result: { status: number }) => result.status)]).toEqual([
      200,
      [201, 201, 200],
    ])
    expect(json.results[2]).toMatchObject({ etag: expect.any(String), body: { language: 'de' } })
    expect(await labels(alice)).toEqual(['a', 'b'])
    const [first, second] = json.results
    const remove = [first, second].map(({ body }) => ({ method: 'DELETE', path: `/links/${body.id}` }))
    const removed = await call(alice, 'POST', '/bulk', { operations: remove })
    expect(removed.json.results).toEqual([{ status: 204 }, { status: 204 }])
    expect(await labels(alice)).toEqual([])
  })

  it('does nothing where one is refused, and says which and why', async () => {
    const alice = await server.account()
    const cases = [
      [{ method: 'DELETE', path: '/links/0' }, 404],
      [link('x', 'nothing'), 422],
      [patch('de', '"older"'), 412],
      [patch('!'), 422],
      [{ method: 'DELETE', path: '/account' }, 405],
      [{ method: 'POST', path: '/nowhere' }, 404],
      [{ method: 'POST', path: '/imports/1/run' }, 422],
      [{ method: 'POST', path: '/bulk', body: { operations: [link('y')] } }, 422],
      [{ method: 'POST', path: '/tokens', body: { label: 'x', scopes: ['people:read'] } }, 422],
    ] as const
    for (const [operation, inner] of cases) {
      const { status, json } = await call(alice, 'POST', '/bulk', {
        operations: [link('a'), operation, link('b')],
      })
      expect([status, json.status, json.errors[0].pointer]).toEqual([422, 422, '/operations/1'])
      expect(json.errors[0].status, JSON.stringify(operation)).toBe(inner)
      if (operation.path === '/account' && inner === 422)
        expect(json.errors[1].pointer).toBe('/operations/1/body/language')
    }
    expect(await labels(alice)).toEqual([])
  })

  it('is bounded, and takes nothing else', async () => {
    const alice = await server.account()
    const six = Array.from({ length: 6 }, (_, at) => link(String(at)))
    expect((await call(alice, 'POST', '/bulk', { operations: six })).status).toBe(413)
    for (const body of [{}, { operations: [] }, { operations: [{ method: 'GET', path: '/links' }] }])
      expect((await call(alice, 'POST', '/bulk', body)).status).toBe(422)
    expect(await labels(alice)).toEqual([])
  })

  it('may be sent again with an Idempotency-Key', async () => {
    const alice = await server.account()
    const send = () =>
      call(alice, 'POST', '/bulk', { operations: [link('a'), link('b')] }, { 'Idempotency-Key': 'k' })
    const [first, second] = [await send(), await send()]
    expect(second.json).toEqual(first.json)
    expect(await labels(alice)).toEqual(['a', 'b'])
  })
})

describe('POST /api/bulk, each by itself', () => {
  it('does the others where one is refused, and nothing of that one', async () => {
    const alice = await server.account()
    const operations = [
      link('a'),
      link('b', 'nothing'),
      patch('!'),
      { method: 'DELETE', path: '/links/0' },
      link('c'),
    ]
    const { status, json } = await call(alice, 'POST', '/bulk', { mode: 'each', operations })
    expect([status, json.results.map((result: { status: number }) => result.status)]).toEqual([
      200,
      [201, 422, 422, 404, 201],
    ])
    expect(json.results[2].body).toMatchObject({ status: 422, errors: [{ pointer: '/language' }] })
    expect(await labels(alice)).toEqual(['a', 'c'])
  })
})

describe('who may send it', () => {
  it('may do in it what he may do by itself', async () => {
    const alice = await server.account()
    const made = await call(alice, 'POST', '/tokens', {
      label: 'x',
      scopes: ['account:write', 'sharing:read'],
    })
    const program = createClient(server.url)
    const headers = { Authorization: `Bearer ${made.json.token}` }
    const operations = [patch('de'), link('a')]
    const refused = await call(program, 'POST', '/bulk', { operations }, headers)
    expect(refused.json.errors[0]).toMatchObject({
      status: 403,
      detail: expect.stringContaining('sharing:write'),
    })
    const each = await call(program, 'POST', '/bulk', { mode: 'each', operations }, headers)
    expect(each.json.results.map((result: { status: number }) => result.status)).toEqual([200, 403])
    const { secret } = await server.services.store.write(async (tx) =>
      createAppPassword(tx, await findAccount(tx, alice.name), { label: 'reads', scope: 'read' }),
    )
    const reader = createClient(server.url, { name: alice.name, password: secret })
    expect((await call(reader, 'POST', '/bulk', { operations })).status).toBe(403)
    expect(await labels(alice)).toEqual([])
  })
})

describe('a part of a write that fails alone', () => {
  it('takes back its rows, what it told the store and what it left to be done', async () => {
    const { store } = server.services
    const ran: string[] = []
    const insert = (key: string) =>
      [
        'INSERT INTO throttle (key, failures, window_started_at, blocked_until) VALUES ($1, 0, 0, 0)',
        [key],
      ] as const
    await store.write(async (tx) => {
      await tx.sql.run(...insert('outer'))
      const failing = attempt(tx, async (part) => {
        await part.sql.run(...insert('lost'))
        part.followed.add(999_999)
        part.afterCommit(() => ran.push('lost'))
        await attempt(part, async (inner) => inner.sql.run(...insert('lost too')))
        throw new Error('on purpose')
      })
      await expect(failing).rejects.toThrow('on purpose')
      expect([...tx.followed]).toEqual([])
      await attempt(tx, async (part) => {
        await part.sql.run(...insert('inner'))
        part.afterCommit(() => ran.push('inner'))
      })
    })
    const rows = await store.read(({ sql }) =>
      sql.all<{ key: string }>('SELECT key FROM throttle ORDER BY key'),
    )
    expect(rows.map(({ key }) => key)).toEqual(['inner', 'outer'])
    expect(ran).toEqual(['inner'])
  })
})
