import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { caldav, carddav, dav } from '../../protocol/dav/names.ts'
import { createClient, preconditionsOf, propfindBody } from './client.ts'
import { basic, connectRaw, exchange } from './listen.ts'
import { card, event, lines } from './objects.ts'
import { type Account, useServer } from './server.ts'

const bodyBytes = 100_000

/** The head of a request as octets, with credentials unless told otherwise. */
function head(
  account: Account,
  method: string,
  path: string,
  headers: readonly string[],
  password = account.password,
): string {
  const own = [
    `${method} ${path} HTTP/1.1`,
    'Host: dav.example.org',
    `Authorization: ${basic(account.name, password)}`,
  ]
  return lines([...own, ...headers, ''])
}

describe('RFC 9110 §8.4 content codings of request bodies (MIN-04)', () => {
  const server = useServer({ limits: { bodyBytes } })

  it('are taken off: the octets stored are never encoded', async () => {
    const alice = await server.account()
    const codings = {
      gzip: gzipSync,
      'x-gzip': gzipSync,
      GZIP: gzipSync,
      deflate: deflateSync,
      br: brotliCompressSync,
    }
    for (const [coding, encode] of Object.entries(codings)) {
      const answer = await alice.put(`${alice.contacts}${coding}.vcf`, encode(card(coding)), {
        'Content-Encoding': coding,
      })
      expect(answer.status, coding).toBe(201)
      const got = await alice.get(`${alice.contacts}${coding}.vcf`)
      expect([got.text, got.headers['content-encoding'], got.headers.etag]).toEqual([
        card(coding),
        undefined,
        answer.headers.etag,
      ])
    }
    const query = gzipSync(propfindBody([dav('displayname')]))
    const found = await alice.request('PROPFIND', alice.contacts, {
      headers: { Depth: '0', 'Content-Encoding': 'gzip' },
      body: query,
    })
    expect([found.status, found.text.includes('Contacts')]).toEqual([207, true])
  })

  it('are bounded once decoded: a bomb is too large (issue 7)', async () => {
    const alice = await server.account()
    const bomb = gzipSync(Buffer.alloc(bodyBytes * 50, 'x'))
    expect(bomb.length).toBeLessThan(bodyBytes)
    const answer = await alice.put(`${alice.contacts}a.vcf`, bomb, { 'Content-Encoding': 'gzip' })
    expect([answer.status, ...preconditionsOf(answer)]).toEqual([403, carddav('max-resource-size')])
  })

  it('are 415 when they are not known, 400 when they are broken; nothing is stored', async () => {
    const alice = await server.account()
    for (const coding of ['zstd', 'compress', 'gzip, gzip', 'aes128gcm']) {
      expect(
        (await alice.put(`${alice.contacts}a.vcf`, card('a'), { 'Content-Encoding': coding })).status,
        coding,
      ).toBe(415)
    }
    for (const coding of ['gzip', 'deflate', 'br']) {
      expect(
        (await alice.put(`${alice.contacts}a.vcf`, card('a'), { 'Content-Encoding': coding })).status,
        coding,
      ).toBe(400)
    }
    expect((await alice.get(`${alice.contacts}a.vcf`)).status).toBe(404)
  })

  it('identity is none', async () => {
    const alice = await server.account()
    expect(
      (await alice.put(`${alice.contacts}a.vcf`, card('a'), { 'Content-Encoding': 'identity' })).status,
    ).toBe(201)
  })
})

describe('RFC 9112 §6 sizes and pieces', () => {
  const server = useServer({ limits: { bodyBytes, xmlBytes: 20_000, xmlDepth: 20, xmlNodes: 500 } })

  it('takes chunked bodies; never 411 (MIN-04, EVO-08, FND-02)', async () => {
    const alice = await server.account()
    const body = event('chunked')
    const answer = await alice.put(`${alice.calendar}a.ics`, body, { 'Transfer-Encoding': 'chunked' })
    expect(answer.status).toBe(201)
    expect((await alice.get(`${alice.calendar}a.ics`)).text).toBe(body)
  })

  it('refuses an object that is too large by its own name, and the client reads that (ABK-05, DVX-13, RFC 4791 §5.3.2.1)', async () => {
    const alice = await server.account()
    const photo = (bytes: number): string => card('p', 'Jane Doe', [`PHOTO;ENCODING=b:${'A'.repeat(bytes)}`])
    const fits = photo(bodyBytes - photo(0).length)
    expect((await alice.put(`${alice.contacts}fits.vcf`, fits)).status).toBe(201)
    for (const bytes of [bodyBytes, bodyBytes * 3, bodyBytes * 3.9]) {
      for (const headers of [{}, { 'Transfer-Encoding': 'chunked' }] as Record<string, string>[]) {
        const book = await alice.put(`${alice.contacts}big.vcf`, photo(bytes), headers)
        expect([book.status, ...preconditionsOf(book)], String(bytes)).toEqual([
          403,
          carddav('max-resource-size'),
        ])
        const calendar = await alice.put(`${alice.calendar}big.ics`, photo(bytes), headers)
        expect([calendar.status, ...preconditionsOf(calendar)]).toEqual([403, caldav('max-resource-size')])
      }
    }
    expect((await alice.get(`${alice.contacts}big.vcf`)).status).toBe(404)
  })

  it('goes on with the same connection after it refused a body (OTH-03)', async () => {
    const alice = await server.account()
    const connection = connectRaw(server.url)
    const body = 'x'.repeat(bodyBytes * 2)
    connection.send(head(alice, 'PUT', `${alice.contacts}big.vcf`, [`Content-Length: ${body.length}`]))
    connection.send(body)
    connection.send(head(alice, 'OPTIONS', alice.contacts, ['Connection: close']))
    const received = await connection.closed()
    expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 403', 'HTTP/1.1 200'])
  })

  it('hangs up on who goes on sending beyond reason', async () => {
    const alice = await server.account()
    const answer = await exchange(
      server.url,
      head(alice, 'PUT', `${alice.contacts}big.vcf`, [`Content-Length: ${bodyBytes * 1000}`]) +
        'x'.repeat(1000),
    )
    expect(answer).toMatch(/^HTTP\/1\.1 403 /)
    expect(answer).toMatch(/^Connection: close\r$/m)
  })

  it('bounds XML by octets, depth and nodes, with 4xx (issue 7, law 10)', async () => {
    const alice = await server.account()
    const deep = '<d:a>'.repeat(30) + '</d:a>'.repeat(30)
    const many = '<d:a/>'.repeat(600)
    const long = `<!--${'x'.repeat(20_000)}-->`
    const bodies = [deep, many].map(
      (inner) => `<d:propfind xmlns:d="DAV:"><d:prop>${inner}</d:prop></d:propfind>`,
    )
    for (const method of ['PROPFIND', 'REPORT', 'PROPPATCH', 'MKCALENDAR']) {
      const path = method === 'MKCALENDAR' ? `${alice.calendars}new/` : alice.calendar
      for (const body of bodies) {
        expect((await alice.request(method, path, { body })).status, method).toBe(400)
      }
      expect((await alice.request(method, path, { body: long })).status).toBe(413)
    }
    for (const letter of ['&#xD800;', '&#xFFFE;', '&#1;']) {
      const unspeakable = `<a xmlns="urn:${letter}"/>`
      expect((await alice.request('REPORT', alice.calendar, { body: unspeakable })).status, letter).toBe(400)
    }
    const entities = '<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;&x;">]><a>&z;</a>'
    expect((await alice.request('PROPFIND', alice.calendar, { body: entities })).status).toBe(400)
  })
})

describe('RFC 9110 §10.1.1 Expect: 100-continue (OCS-05, SEQ-16)', () => {
  const server = useServer({ limits: { bodyBytes } })
  const expecting = (body: string): string[] => [
    'Expect: 100-continue',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]

  it('is answered 100 before the body is read, then with the status', async () => {
    const alice = await server.account()
    const connection = connectRaw(server.url)
    const body = card('a')
    connection.send(head(alice, 'PUT', `${alice.contacts}a.vcf`, [...expecting(body), 'Connection: close']))
    expect(await connection.until('\r\n\r\n')).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    connection.send(body)
    expect(await connection.closed()).toMatch(/HTTP\/1\.1 201 Created/)
  })

  it('is answered by the final status alone where the body does not matter: 401, 404, 409, 403', async () => {
    const alice = await server.account()
    const bob = await server.account()
    const body = card('a')
    const cases = [
      [head(alice, 'PUT', `${alice.contacts}a.vcf`, expecting(body), 'wrong'), 401],
      [head(alice, 'PUT', `${alice.books}none/a.vcf`, expecting(body)), 409],
      [head(alice, 'PUT', `${bob.contacts}a.vcf`, expecting(body)), 403],
      [head(alice, 'PROPPATCH', `${alice.contacts}none.vcf`, expecting(body)), 404],
      [
        head(alice, 'PUT', `${alice.contacts}a.vcf`, [
          'Expect: 100-continue',
          `Content-Length: ${bodyBytes + 1}`,
        ]),
        403,
      ],
    ] as const
    for (const [request, status] of cases) {
      const received = await exchange(server.url, request)
      expect(received).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
      expect(received).toMatch(/^Connection: close\r$/m)
    }
  })

  it('is 417 for anything else that is expected', async () => {
    const alice = await server.account()
    const received = await exchange(
      server.url,
      head(alice, 'GET', alice.contacts, ['Expect: tea', 'Connection: close']),
    )
    expect(received).toMatch(/^HTTP\/1\.1 417 /)
  })
})

describe('early answers to requests with bodies (MIN-04, OTH-03)', () => {
  const server = useServer({ limits: { bodyBytes } })

  it('reach the client whole: it sends on, and reads a status instead of meeting a reset', async () => {
    const alice = await server.account()
    const stranger = createClient(server.url)
    const wrong = createClient(server.url, { name: alice.name, password: 'wrong' })
    const body = Buffer.alloc(bodyBytes * 3, 'x')
    for (let n = 0; n < 10; n += 1) {
      expect((await stranger.put(`${alice.contacts}a.vcf`, body)).status).toBe(401)
      expect((await wrong.put(`${alice.contacts}a.vcf`, body)).status).toBe(401)
      expect((await alice.put(`${alice.books}none/a.vcf`, body)).status).toBe(409)
      expect((await stranger.request('PROPFIND', '/.well-known/caldav', { body })).status).toBe(301)
    }
  })

  it('do not wait for the body', async () => {
    const alice = await server.account()
    const connection = connectRaw(server.url)
    connection.send(head(alice, 'PUT', `${alice.contacts}a.vcf`, ['Content-Length: 50000'], 'wrong'))
    expect(await connection.until('\r\n\r\n')).toMatch(/^HTTP\/1\.1 401 /)
    connection.end()
  })

  it('a body that breaks off stores nothing, and the server goes on', async () => {
    const alice = await server.account()
    const connection = connectRaw(server.url)
    const half = card('half').slice(0, 40)
    connection.send(
      head(alice, 'PUT', `${alice.contacts}half.vcf`, ['Content-Length: 400', 'Expect: 100-continue']),
    )
    await connection.until('100 Continue')
    connection.send(half)
    connection.end()
    expect((await alice.get(`${alice.contacts}half.vcf`)).status).toBe(404)
    expect((await alice.put(`${alice.contacts}half.vcf`, card('half'))).status).toBe(201)
  })
})

describe('limits on headers and time (issue 7)', () => {
  const server = useServer({ limits: { headerBytes: 8192, headersMs: 300, requestMs: 600 } })

  it('answers 431 to headers that are too large', async () => {
    const alice = await server.account()
    const received = await exchange(
      server.url,
      head(alice, 'GET', alice.contacts, [`X-Long: ${'x'.repeat(9000)}`]),
    )
    expect(received).toMatch(/^HTTP\/1\.1 431 /)
    expect((await alice.get(alice.contacts)).status).toBe(200)
  })

  it('answers 408 to headers, or a body, that never end', async () => {
    const alice = await server.account()
    const [slowHead, slowBody] = await Promise.all([
      exchange(server.url, 'GET /dav/ HTTP/1.1\r\nHost: x\r\nX-Slow: '),
      exchange(server.url, `${head(alice, 'PUT', `${alice.contacts}a.vcf`, ['Content-Length: 500'])}BEGIN`),
    ])
    expect(slowHead).toMatch(/^HTTP\/1\.1 408 /)
    expect(slowBody).toMatch(/^HTTP\/1\.1 408 /)
    expect((await alice.get(`${alice.contacts}a.vcf`)).status).toBe(404)
  })

  it('answers rubbish with 400 and hangs up', async () => {
    const rubbish = [
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
      'GET\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      'FOO / HTTP/1.1\r\nHost: x\r\n\r\n',
    ]
    for (const octets of rubbish) expect(await exchange(server.url, octets)).toMatch(/^HTTP\/1\.1 400 /)
    const smuggled =
      'PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'
    expect(await exchange(server.url, smuggled)).toMatch(/^HTTP\/1\.1 400 /)
  })
})

describe('RFC 9112 §9.8 connections that nobody uses', () => {
  const server = useServer({ limits: { keepAliveMs: 200 } })

  it('are closed after a while', async () => {
    const alice = await server.account()
    const connection = connectRaw(server.url)
    connection.send(head(alice, 'HEAD', '/nothing', []))
    const received = await connection.closed()
    expect(received).toMatch(/^HTTP\/1\.1 404 /)
    expect(received).toMatch(/^connection: keep-alive\r$/im)
  })
})
