import { describe, expect, it } from 'vitest'
import { originsProblem } from '../../src/api/cors.ts'
import { createClient } from '../dav/client.ts'
import { useServer } from '../dav/server.ts'
import { call } from './json.ts'

const page = 'https://crm.example.org'
const open = useServer({ api: { corsOrigins: `${page}, http://localhost:5173` } })
const closed = useServer()

const preflight = {
  Origin: page,
  'Access-Control-Request-Method': 'PATCH',
  'Access-Control-Request-Headers': 'authorization, content-type, if-match',
}

describe('CORS, unless the settings name origins', () => {
  it('is off: no answer lets another origin read it', async () => {
    const alice = await closed.account()
    const answer = await call(alice, 'GET', '/account', undefined, { Origin: page })
    expect(answer.status).toBe(200)
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    const asked = await createClient(closed.url).request('OPTIONS', '/api/account', { headers: preflight })
    expect(asked.status).toBe(401)
    expect(Object.keys(asked.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })
})

describe('CORS with origins in the settings', () => {
  it('answers a preflight of one of them, without credentials', async () => {
    const asked = await createClient(open.url).request('OPTIONS', '/api/account', { headers: preflight })
    expect(asked.status).toBe(204)
    expect(asked.headers).toMatchObject({
      'access-control-allow-origin': page,
      'access-control-allow-methods': expect.stringContaining('PATCH'),
      'access-control-allow-headers': expect.stringMatching(/Authorization.*If-Match.*Idempotency-Key/),
      vary: expect.stringContaining('Origin'),
    })
    expect(asked.headers['access-control-allow-credentials']).toBeUndefined()
  })

  it('lets the page read answers and refusals, with its token', async () => {
    const alice = await open.account()
    const { json } = await call(alice, 'POST', '/tokens', { label: 'page', scopes: ['account:write'] })
    const headers = { Origin: page, Authorization: `Bearer ${json.token}`, 'Sec-Fetch-Site': 'cross-site' }
    const client = createClient(open.url)
    const read = await call(client, 'GET', '/account', undefined, headers)
    expect(read.status).toBe(200)
    expect(read.headers).toMatchObject({
      'access-control-allow-origin': page,
      'access-control-expose-headers': expect.stringContaining('ETag'),
    })
    expect(read.headers.vary).toMatch(/Origin.*Authorization|Authorization.*Origin/)
    const changed = await call(client, 'PATCH', '/account', { language: 'de' }, headers)
    expect(changed.status).toBe(200)
    const refused = await call(client, 'GET', '/account', undefined, {
      ...headers,
      Authorization: 'Bearer no',
    })
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([401, page])
  })

  it('lets no other origin read, and takes no password that a browser remembers from a page', async () => {
    const alice = await open.account()
    for (const origin of ['https://evil.example.org', `${page}.evil.org`, 'http://crm.example.org', 'null']) {
      const answer = await call(alice, 'GET', '/account', undefined, { Origin: origin })
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
      expect(answer.headers.vary).toContain('Origin')
      const asked = await createClient(open.url).request('OPTIONS', '/api/account', {
        headers: { ...preflight, Origin: origin },
      })
      expect(asked.status).toBe(401)
    }
    const headers = { Origin: page, 'Sec-Fetch-Site': 'cross-site' }
    const sent = await call(alice, 'POST', '/links', { collection: 'contacts' }, headers)
    expect(sent.status).toBe(403)
  })

  it('is of the API alone', async () => {
    const asked = await createClient(open.url).request('OPTIONS', '/dav/', { headers: preflight })
    expect(asked.headers['access-control-allow-origin']).toBeUndefined()
  })
})

describe('the setting api.corsOrigins', () => {
  it('takes whole origins, and no pattern', () => {
    for (const right of ['', page, `${page}, http://localhost:5173`])
      expect(originsProblem(right)).toBeUndefined()
    for (const wrong of ['*', 'crm.example.org', `${page}/`, `${page}/app`, 'https://*.example.org/', 'null'])
      expect(originsProblem(wrong)).toContain('whole origins')
  })
})
