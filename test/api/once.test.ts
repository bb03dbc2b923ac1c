import { describe, expect, it } from 'vitest'
import { readOnceKey } from '../../src/api/once.ts'
import { purge } from '../../src/jobs/purge.ts'
import { card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { call } from './json.ts'

const server = useServer({ api: { keptAnswers: 3, keptAnswerBytes: 4_000 } })
const hour = 3_600_000

function once(account: Account, key: string, body: unknown, path = '/links') {
  return call(account, 'POST', path, body, { 'Idempotency-Key': key })
}

async function links(account: Account): Promise<number> {
  return (await call(account, 'GET', '/links')).json.links.length
}

describe('the API: Idempotency-Key', () => {
  it('gives the same request the same answer, and does it once', async () => {
    const alice = await server.account()
    const first = await once(alice, 'k1', { collection: 'contacts', label: 'a' })
    const second = await once(alice, 'k1', { collection: 'contacts', label: 'a' })
    expect([first.status, second.status]).toEqual([201, 201])
    expect(first.headers['idempotency-replayed']).toBeUndefined()
    expect(second.headers['idempotency-replayed']).toBe('true')
    expect(second.json).toEqual(first.json)
    expect(await links(alice)).toBe(1)
    const other = await once(alice, 'k2', { collection: 'contacts', label: 'a' })
    expect(other.json.id).not.toBe(first.json.id)
  })

  it('does it once too where both come at the same time', async () => {
    const alice = await server.account()
    const same = () => once(alice, 'k', { collection: 'calendar', label: 'b' })
    const answers = await Promise.all([same(), same(), same(), same()])
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201])
    expect(new Set(answers.map(({ json }) => json.id)).size).toBe(1)
    expect(await links(alice)).toBe(1)
  })

  it('refuses another request with the same key, by body, path or condition', async () => {
    const alice = await server.account()
    await once(alice, 'k', { collection: 'contacts' })
    expect((await once(alice, 'k', { collection: 'calendar' })).status).toBe(422)
    expect((await once(alice, 'k', { collection: 'contacts' }, '/shares')).status).toBe(422)
    const key = { 'Idempotency-Key': 'k2' }
    await call(alice, 'PATCH', '/account', { language: 'de' }, key)
    const { headers } = await call(alice, 'GET', '/account')
    const conditional = { ...key, 'If-Match': headers.etag ?? '' }
    expect((await call(alice, 'PATCH', '/account', { language: 'de' }, conditional)).status).toBe(422)
    const again = await call(alice, 'PATCH', '/account', { language: 'de' }, key)
    expect([again.status, again.headers.etag]).toEqual([200, headers.etag])
    expect(await links(alice)).toBe(1)
  })

  it('keeps nothing of what was refused: it may be tried again', async () => {
    const alice = await server.account()
    const bob = `late${Math.random()}`
    expect((await once(alice, 'k', { collection: 'contacts', with: bob }, '/shares')).status).toBe(422)
    await server.account({ name: bob })
    const now = await once(alice, 'k', { collection: 'contacts', with: bob }, '/shares')
    expect([now.status, now.headers['idempotency-replayed']]).toEqual([201, undefined])
  })

  it('is of one account, and is over after a day', async () => {
    const alice = await server.account()
    const bob = await server.account()
    const body = { collection: 'contacts' }
    const first = await once(alice, 'k', body)
    expect((await once(bob, 'k', body)).json.id).not.toBe(first.json.id)
    server.clock.now += 24 * hour
    expect((await once(alice, 'k', body)).json.id).toBe(first.json.id)
    server.clock.now += 1
    expect((await once(alice, 'k', body)).json.id).not.toBe(first.json.id)
  })

  it('keeps so many answers and octets of an account at most, and none after their time', async () => {
    const alice = await server.account()
    const rows = () =>
      server.services.store.read(({ sql }) =>
        sql.all<{ key: string; at: number }>(
          `SELECT a.key, a.at FROM api_answers a JOIN principals p ON p.id = a.principal_id
           WHERE p.name = $1 ORDER BY a.id`,
          [alice.name],
        ),
      )
    const keys = async () => (await rows()).map(({ key }) => key)
    for (const key of ['a', 'b', 'c', 'd']) await once(alice, key, { collection: 'contacts' })
    expect(await keys()).toEqual(['b', 'c', 'd'])
    const label = 'x'.repeat(200)
    const operation = { method: 'POST', path: '/links', body: { collection: 'contacts', label } }
    await once(alice, 'long', { operations: Array.from({ length: 15 }, () => operation) }, '/bulk')
    expect(await keys()).toEqual(['long'])
    server.clock.now += 24 * hour + 1
    await purge.run(server.services, new AbortController().signal, '')
    expect(await keys()).toEqual([])
  })

  it('keeps no secret: the same again is told that it was done', async () => {
    const alice = await server.account()
    const body = { label: 'x', scopes: ['people:read'] }
    const first = await once(alice, 'k', body, '/tokens')
    expect((await once(alice, 'k', body, '/tokens')).status).toBe(409)
    expect((await call(alice, 'GET', '/tokens')).json.tokens).toHaveLength(1)
    const stored = await server.services.store.read(({ sql }) => sql.all('SELECT * FROM api_answers'))
    expect(JSON.stringify(stored)).not.toContain(first.json.token)
  })

  it('holds for what opens its own transactions: a file is imported once', async () => {
    const alice = await server.account()
    const body = card('u', 'Ann Doe')
    const headers = { 'Content-Type': 'text/vcard', 'Idempotency-Key': 'k' }
    const send = (text = body) =>
      alice.request('POST', '/api/imports?name=a.vcf&into=contacts', { headers, body: text })
    const [first, second] = [await send(), await send()]
    expect([first.status, second.status]).toEqual([202, 202])
    expect(second.headers['idempotency-replayed']).toBe('true')
    expect(JSON.parse(second.text)).toEqual(JSON.parse(first.text))
    expect((await call(alice, 'GET', '/imports')).json.imports).toHaveLength(1)
    expect((await send(`${body}x`)).status).toBe(422)
  })

  it('of such a request that was refused may be sent again; of one that is not answered yet may not', async () => {
    const alice = await server.account()
    const run = () => call(alice, 'POST', '/imports/1/run', {}, { 'Idempotency-Key': 'k' })
    expect([(await run()).status, (await run()).status]).toEqual([404, 404])
    const { store } = server.services
    const hash = readOnceKey('k', ['POST', '/api/imports/1/run', undefined, {}])?.requestHash
    await store.write(({ sql }) =>
      sql.run(
        `INSERT INTO api_answers (principal_id, key, request_hash, status, size, at)
         SELECT id, 'k', $2, 0, 0, $3 FROM principals WHERE name = $1`,
        [alice.name, hash, server.clock.now],
      ),
    )
    const refused = await run()
    expect([refused.status, refused.json.detail]).toEqual([409, expect.stringContaining('being done')])
  })

  it('has to be one', async () => {
    const alice = await server.account()
    for (const key of ['a b', 'x'.repeat(201), 'é'])
      expect((await once(alice, key, { collection: 'contacts' })).status).toBe(400)
    expect(await links(alice)).toBe(0)
  })
})
