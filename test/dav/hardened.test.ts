import { describe, expect, it } from 'vitest'
import { createClient, preconditionsOf } from './client.ts'
import { basic } from './listen.ts'
import { card } from './objects.ts'
import { useServer } from './server.ts'

describe('what a hostile or broken client cannot do', () => {
  const server = useServer()

  it('stop the server by one long name in an empty element (law 10)', async () => {
    const user = await server.account()
    const body = `<${'a'.repeat(50_000)}/>x`
    const slow = user.request('PROPFIND', '/dav/', { body, headers: { Depth: '0' } })
    expect((await createClient(server.url).get('/healthz')).status).toBe(200)
    expect((await slow).status).toBe(400)
  })

  it('be a fault by a NUL in its user name: it is a wrong name (RFC 7617 §2)', async () => {
    for (const name of ['a\0b', 'a%00b']) {
      const headers = { Authorization: basic(name, 'x') }
      expect((await createClient(server.url).request('PROPFIND', '/dav/', { headers })).status).toBe(401)
    }
  })

  it('change anything from a page of another site in a browser that remembers a password', async () => {
    const user = await server.account()
    const post = (path: string, site: string) =>
      user.request('POST', path, {
        headers: { 'Content-Type': 'text/plain', 'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': 'navigate' },
        body: card(site),
      })
    for (const path of [user.contacts, '/api/invites/1/accept'])
      for (const site of ['cross-site', 'same-site']) expect((await post(path, site)).status).toBe(403)
    expect((await post(user.contacts, 'same-origin')).status).toBe(201)
    expect((await post('/api/invites/1/accept', 'same-origin')).status).toBe(404)
  })

  it('have an answer that is not well-formed by the name it asks to expand (RFC 3253 §3.8)', async () => {
    const user = await server.account()
    const body = '<d:expand-property xmlns:d="DAV:"><d:property name="a/&gt;&lt;b"/></d:expand-property>'
    expect((await user.request('REPORT', user.principal, { body })).status).toBe(400)
  })

  it('name a property of objects as its content coding (RFC 9110 §8.4)', async () => {
    const user = await server.account()
    for (const coding of ['__proto__', 'constructor', 'toString']) {
      const answer = await user.put(`${user.contacts}a.vcf`, card('u'), { 'Content-Encoding': coding })
      expect(answer.status).toBe(415)
    }
  })

  it('blow up a header with what it sent', async () => {
    const user = await server.account()
    const body = `BEGIN:VCALENDAR\r\nEND:${'X'.repeat(100_000)}\r\n`
    const answer = await user.put(`${user.calendar}a.ics`, body)
    expect(preconditionsOf(answer)).toEqual(['{urn:ietf:params:xml:ns:caldav}valid-calendar-data'])
    expect(String(answer.headers['x-farley-reason']).length).toBeLessThan(1000)
  })
})

describe('one password after another account', () => {
  const server = useServer({ auth: { addressFailures: 5, failures: 3 } })

  it('are counted for the address, which then has to wait (issue 4)', async () => {
    const client = createClient(server.url)
    const statuses: number[] = []
    for (let guess = 0; guess < 8; guess += 1) {
      const headers = { Authorization: basic(`nobody${guess}`, 'summer') }
      statuses.push((await client.request('PROPFIND', '/dav/', { headers })).status)
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429])
  })
})

describe('RFC 4918 §9.8.3 a copy of a whole collection', () => {
  const server = useServer({ limits: { copiedObjects: 2 } })

  it('is refused where it is large, and nothing is made', async () => {
    const user = await server.account()
    const Destination = `${user.books}copy/`
    const copy = () => user.request('COPY', user.contacts, { headers: { Destination } })
    for (const name of ['a', 'b']) await user.put(`${user.contacts}${name}.vcf`, card(name))
    expect((await copy()).status).toBe(201)
    expect((await user.delete(Destination)).status).toBe(204)
    await user.put(`${user.contacts}c.vcf`, card('c'))
    expect((await copy()).status).toBe(507)
    expect((await user.get(Destination)).status).toBe(404)
  })
})
