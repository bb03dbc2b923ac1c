import { describe, expect, it } from 'vitest'
import { useServer } from '../server.ts'
import { filesOf } from './files.ts'

const server = useServer({ limits: { byteRanges: 4 } })
const text = 'abcdefghijklmnopqrstuvwxyz'

async function alphabet(name = 'a.txt') {
  const mine = filesOf(await server.account())
  const { headers } = await mine.put(name, text)
  return { mine, etag: String(headers.etag), name }
}

describe('RFC 9110 §14 ranges of a file', () => {
  it('are sent as 206 with their place; past the end they are cut', async () => {
    const { mine, name, etag } = await alphabet()
    for (const [range, content, place] of [
      ['bytes=0-3', 'abcd', 'bytes 0-3/26'],
      ['bytes=24-', 'yz', 'bytes 24-25/26'],
      ['bytes=-2', 'yz', 'bytes 24-25/26'],
      ['bytes=20-99', 'uvwxyz', 'bytes 20-25/26'],
      ['bytes=-99', text, 'bytes 0-25/26'],
      ['bytes=0-0', 'a', 'bytes 0-0/26'],
    ] as const) {
      const got = await mine.get(name, { Range: range })
      expect([got.status, got.text, got.headers['content-range']], range).toEqual([206, content, place])
      expect(got.headers['content-length']).toBe(String(content.length))
      expect(got.headers.etag).toBe(etag)
    }
  })

  it('that have no octet are 416, with the length', async () => {
    const { mine, name } = await alphabet()
    for (const range of ['bytes=26-', 'bytes=26-30', 'bytes=-0', 'bytes=90-,40-50']) {
      const got = await mine.get(name, { Range: range })
      expect([got.status, got.headers['content-range']], range).toEqual([416, 'bytes */26'])
    }
    await mine.put('empty', '')
    expect((await mine.get('empty', { Range: 'bytes=0-' })).status).toBe(416)
  })

  it('that are none are passed over: the file is sent whole', async () => {
    const { mine, name } = await alphabet()
    const many = Array.from({ length: 5 }, (_, n) => `${n}-${n}`).join(',')
    for (const range of [
      'lines=0-3',
      'bytes=3-1',
      'bytes=a-b',
      'bytes=',
      'bytes=-',
      `bytes=${many}`,
      'bytes=0-20,3-25',
    ]) {
      const got = await mine.get(name, { Range: range })
      expect([got.status, got.text], range).toEqual([200, text])
    }
  })

  it('that are several come as multipart/byteranges (§14.6)', async () => {
    const { mine, name } = await alphabet()
    const got = await mine.get(name, { Range: 'bytes=0-1, 5-6, -1' })
    expect(got.status).toBe(206)
    const [, boundary = ''] =
      /^multipart\/byteranges; boundary=(\S+)$/.exec(String(got.headers['content-type'])) ?? []
    expect(got.headers['content-length']).toBe(String(got.body.length))
    const parts = got.text.split(`\r\n--${boundary}`)
    expect(parts).toEqual([
      '',
      '\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-1/26\r\n\r\nab',
      '\r\nContent-Type: text/plain\r\nContent-Range: bytes 5-6/26\r\n\r\nfg',
      '\r\nContent-Type: text/plain\r\nContent-Range: bytes 25-25/26\r\n\r\nz',
      '--\r\n',
    ])
  })

  it('with If-Range need the same entity tag, or a date that is strong (§13.1.5)', async () => {
    const { mine, name, etag } = await alphabet()
    const Range = 'bytes=0-3'
    const { headers } = await mine.get(name)
    const date = String(headers['last-modified'])
    expect((await mine.get(name, { Range, 'If-Range': etag })).status).toBe(206)
    expect((await mine.get(name, { Range, 'If-Range': `W/${etag}` })).status).toBe(200)
    expect((await mine.get(name, { Range, 'If-Range': '"other"' })).status).toBe(200)
    expect((await mine.get(name, { Range, 'If-Range': date })).status).toBe(200)
    server.clock.now += 5_000
    expect((await mine.get(name, { Range, 'If-Range': date })).status).toBe(206)
    expect((await mine.get(name, { Range, 'If-Range': 'Mon, 01 Jan 2001 00:00:00 GMT' })).status).toBe(200)
  })

  it('are nothing for HEAD, which has the headers of GET and no body', async () => {
    const { mine, name, etag } = await alphabet()
    const account = await server.account()
    const own = filesOf(account)
    await own.put(name, text)
    const got = await account.request('HEAD', own.home + name, { headers: { Range: 'bytes=0-3' } })
    expect([got.status, got.headers['content-length'], got.headers.etag, got.text]).toEqual([
      200,
      '26',
      etag,
      '',
    ])
    expect(got.headers['accept-ranges']).toBe('bytes')
    expect((await mine.get(name)).headers['accept-ranges']).toBe('bytes')
  })
})

describe('RFC 9110 §13 conditions of GET', () => {
  it('answer 304 without a body where nothing has changed', async () => {
    const { mine, name, etag } = await alphabet()
    const modified = String((await mine.get(name)).headers['last-modified'])
    for (const headers of [
      { 'If-None-Match': etag },
      { 'If-None-Match': '*' },
      { 'If-Modified-Since': modified },
    ]) {
      const got = await mine.get(name, headers)
      expect([got.status, got.text, got.headers.etag]).toEqual([304, '', etag])
    }
    const since = 'Mon, 01 Jan 2001 00:00:00 GMT'
    expect((await mine.get(name, { 'If-Modified-Since': since })).status).toBe(200)
    expect((await mine.get(name, { 'If-Modified-Since': 'yesterday' })).status).toBe(200)
    expect((await mine.get(name, { 'If-None-Match': '"x"', 'If-Modified-Since': modified })).status).toBe(200)
  })

  it('answer 412 where something has', async () => {
    const { mine, name, etag } = await alphabet()
    const before = 'Mon, 01 Jan 2001 00:00:00 GMT'
    expect((await mine.get(name, { 'If-Match': '"x"' })).status).toBe(412)
    expect((await mine.get(name, { 'If-Unmodified-Since': before })).status).toBe(412)
    expect((await mine.get(name, { 'If-Match': etag, 'If-Unmodified-Since': before })).status).toBe(200)
  })
})

describe('what browsers are told of files', () => {
  it('keeps anything that was stored from running as if it came from here', async () => {
    const mine = filesOf(await server.account())
    for (const [name, type, disposition] of [
      ['page.html', 'text/html', 'attachment'],
      ['image.svg', 'image/svg+xml', 'attachment'],
      ['script.js', 'text/javascript', 'attachment'],
      ['photo.jpg', 'image/jpeg', undefined],
      ['notes.txt', 'text/plain', undefined],
      ['thing', 'application/octet-stream', 'attachment'],
    ] as const) {
      await mine.put(name, 'x')
      const { headers } = await mine.get(name)
      expect(headers['content-type'], name).toBe(type)
      expect(headers['content-disposition'], name).toBe(disposition)
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['content-security-policy']).toBe("default-src 'none'; sandbox")
    }
  })

  it('is not changed by a media type that a client makes up', async () => {
    const mine = filesOf(await server.account())
    await mine.put('a.txt', 'x', { 'Content-Type': 'text/plain\tx, text/html' })
    expect((await mine.get('a.txt')).headers['content-type']).toBe('text/plain')
    await mine.put('b.txt', 'x', { 'Content-Type': 'text/html' })
    const { headers } = await mine.get('b.txt')
    expect([headers['content-type'], headers['content-disposition']]).toEqual(['text/html', 'attachment'])
  })
})
