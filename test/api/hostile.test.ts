import { describe, expect, it } from 'vitest'
import { useServer } from '../dav/server.ts'
import { person } from '../features/facts/world.ts'
import { call, type JsonAnswer } from './json.ts'

const server = useServer()

describe('the API: what is sent to hurt it', () => {
  it('is no text that takes long to read: a note of blanks', async () => {
    const alice = await server.account()
    const parties = [await person(alice, 'Jane')]
    const html = `<p>${' '.repeat(190_000)}x</p>`
    const begun = performance.now()
    expect((await call(alice, 'POST', '/activities', { kind: 'note', parties, html })).status).toBe(201)
    expect(performance.now() - begun).toBeLessThan(10_000)
  })

  it('is no JSON that is nested deeper than anybody can follow', async () => {
    const alice = await server.account()
    const nested = (levels: number) => `{"label":"x","type":${'['.repeat(levels)}${']'.repeat(levels)}}`
    const send = (levels: number) =>
      alice.request('POST', '/api/fields', {
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': `deep-${levels}` },
        body: nested(levels),
      })
    expect((await send(10)).status).toBe(422)
    const refused = await send(400_000)
    expect([refused.status, JSON.parse(refused.text).detail]).toEqual([
      400,
      expect.stringContaining('nested'),
    ])
  })

  it('is no NUL, which one of the databases keeps in no text: not in a body, a name, a query, a path, nor one of several', async () => {
    const alice = await server.account()
    const field = { label: 'a\0b', type: 'text' }
    const answers = [
      await call(alice, 'POST', '/fields', field),
      await call(alice, 'PATCH', '/parties/1/fields', { 'a\0b': 'x' }),
      await call(alice, 'GET', '/parties?label=a%00b'),
      await call(alice, 'GET', '/search?q=a%00b'),
      await call(alice, 'GET', '/teams/a%00b/timeline'),
      await call(alice, 'POST', '/bulk', {
        operations: [{ method: 'DELETE', path: '/masks/a%00b' }],
        mode: 'all',
      }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 422])
    expect(answers.at(-1)?.text).toContain('NUL')
    expect((await call(alice, 'POST', '/fields', { label: 'a\\u0000b', type: 'text' })).status).toBe(201)
  })

  it('is no answer that another token was given', async () => {
    const alice = await server.account()
    const tokens = await Promise.all(
      ['people:write', 'people:read'].map(async (scope) => {
        const { json } = await call(alice, 'POST', '/tokens', { label: scope, scopes: [scope] })
        return { Authorization: `Bearer ${json.token}`, 'Idempotency-Key': 'one' }
      }),
    )
    const operations = [{ method: 'POST', path: '/fields', body: { label: 'Size', type: 'number' } }]
    const answers: JsonAnswer[] = []
    for (const headers of tokens) answers.push(await call(alice, 'POST', '/bulk', { operations }, headers))
    expect(answers.map(({ status }) => status)).toEqual([200, 422])
    expect(answers[1]?.json.detail).toContain('another request')
  })
})
