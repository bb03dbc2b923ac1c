import { describe, expect, it } from 'vitest'
import { purge } from '../../src/jobs/purge.ts'
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

  it('has to be one, and is refused where it cannot be honoured', async () => {
    const alice = await server.account()
    for (const key of ['a b', 'x'.repeat(201), 'é'])
      expect((await once(alice, key, { collection: 'contacts' })).status).toBe(400)
    const { status } = await call(alice, 'POST', '/imports/1/run', undefined, { 'Idempotency-Key': 'k' })
    expect(status).toBe(400)
    expect(await links(alice)).toBe(0)
  })
})
