import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { defaults, type Settings } from '../../config/defaults.ts'
import { FeedError, fetchFeed } from '../../src/features/subscriptions/fetch-feed.ts'
import { addressesOf, maskedSource, readSource } from '../../src/features/subscriptions/source.ts'
import { event } from '../dav/objects.ts'
import { usePublisher } from '../publisher.ts'

const publisher = usePublisher()
const never = new AbortController().signal
const nothing = { etag: null, lastModified: null }
const settings = {
  ...defaults.subscriptions,
  privateNetworks: '127.0.0.0/8',
  bytes: 100_000,
  answerMs: 5_000,
}
const fetching = (
  url: string,
  patch: Partial<Settings['subscriptions']> = {},
  known = nothing as typeof nothing,
) => fetchFeed(url, known, { ...settings, ...patch }, never)

/** What is said of a source that cannot be fetched. */
async function failureOf(url: string, patch: Partial<Settings['subscriptions']> = {}): Promise<string> {
  try {
    await fetching(url, patch)
  } catch (error) {
    if (error instanceof FeedError) return error.message
    throw error
  }
  throw new Error('it was fetched')
}

async function textOf(url: string): Promise<string> {
  const fetched = await fetching(url)
  return fetched.kind === 'feed' ? fetched.body.toString() : fetched.kind
}

describe('the address of a calendar', () => {
  it('is http, https or webcal, of which webcal is tried with TLS first', () => {
    const hrefs = (source: string) => addressesOf(readSource(source)).map(({ href }) => href)
    expect(hrefs(' http://example.org/a.ics ')).toEqual(['http://example.org/a.ics'])
    expect(hrefs('https://example.org')).toEqual(['https://example.org/'])
    expect(hrefs('webcals://example.org/a')).toEqual(['https://example.org/a'])
    expect(hrefs('WEBCAL://example.org/a')).toEqual(['https://example.org/a', 'http://example.org/a'])
    expect(hrefs('webcal://u:p@example.org/a')).toEqual(['https://u:p@example.org/a'])
  })

  it('is nothing else', () => {
    const others = [
      '',
      'a.ics',
      'file:///etc/passwd',
      'ftp://example.org/',
      'gopher://x',
      'webcal:',
      'http://',
    ]
    for (const source of [...others, `http://example.org/${'a'.repeat(2_000)}`]) {
      expect(() => readSource(source), source).toThrow('Give the address of a calendar')
    }
  })

  it('is shown without its password', () => {
    expect(maskedSource('https://jane:se@cr:et@example.org/a?b=c:d@e')).toBe(
      'https://jane:***@example.org/a?b=c:d@e',
    )
    expect(maskedSource('webcal://example.org/a')).toBe('webcal://example.org/a')
  })
})

describe('addresses that are not public', () => {
  const none = { privateNetworks: '' }

  it('are refused as they stand, however they are written', async () => {
    const { port } = publisher
    publisher.publish('/a.ics', event('a'))
    const hosts = ['127.0.0.1', '127.1', '0x7f000001', '2130706433', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0']
    for (const host of hosts) {
      expect(await failureOf(`http://${host}:${port}/a.ics`, none), host).toContain(
        'is not at a public address',
      )
      expect(await failureOf(`webcal://${host}:${port}/a.ics`, none), host).toContain(
        'not at a public address',
      )
    }
    expect(publisher.requests).toHaveLength(0)
  })

  it('are refused when a name leads to them', async () => {
    publisher.publish('/a.ics', event('a'))
    const url = `http://localhost:${publisher.port}/a.ics`
    expect(await failureOf(url, none)).toBe(`localhost:${publisher.port} is not at a public address.`)
    expect(publisher.requests).toHaveLength(0)
    expect(await textOf(url)).toBe(event('a'))
  })

  it('are refused when a redirect leads to them', async () => {
    const { port, requests } = publisher
    publisher.publish('/secret.ics', event('secret'))
    let location = ''
    const redirecting = createHttpServer((_request, response) => {
      response.writeHead(302, { Location: location }).end()
    })
    await new Promise<void>((resolve) => redirecting.listen(0, '127.0.0.2', resolve))
    const start = `http://127.0.0.2:${(redirecting.address() as AddressInfo).port}/`
    for (const host of ['localhost', '127.0.0.1', '[::ffff:7f00:1]']) {
      location = `http://${host}:${port}/secret.ics`
      const refusal = `${host}:${port} is not at a public address.`
      expect(await failureOf(start, { privateNetworks: '127.0.0.2' })).toBe(refusal)
    }
    expect(requests).toHaveLength(0)
    location = `http://localhost:${port}/secret.ics`
    expect(await textOf(start)).toBe(event('secret'))
    await new Promise((resolve) => redirecting.close(resolve))
  })
})

describe('RFC 9110 §15.4 redirects', () => {
  it('are followed, relative ones too, but not for ever', async () => {
    const { url, paths } = publisher
    publisher.publish('/a.ics', event('a'))
    paths.set('/one', { status: 301, headers: { Location: '/two' } })
    paths.set('/two', { status: 307, headers: { Location: `${url}/a.ics` } })
    expect(await textOf(`${url}/one`)).toBe(event('a'))
    paths.set('/loop', { status: 302, headers: { Location: '/loop' } })
    expect(await failureOf(`${url}/loop`)).toContain('redirects more than 5 times')
    expect(publisher.requests.filter((request) => request.url === '/loop')).toHaveLength(6)
  })

  it('lead to http and https only', async () => {
    const { url, paths } = publisher
    for (const location of ['file:///etc/passwd', 'http://', 'javascript:1']) {
      paths.set('/away', { status: 302, headers: { Location: location } })
      expect(await failureOf(`${url}/away`), location).toContain('redirects to what is no address')
    }
  })
})

describe('user names and passwords in addresses', () => {
  it('go to the server they are for, and to no other', async () => {
    const { port, paths, requests } = publisher
    publisher.publish('/a.ics', event('a'))
    paths.set('/here', { status: 302, headers: { Location: '/a.ics' } })
    paths.set('/there', { status: 302, headers: { Location: `http://localhost:${port}/a.ics` } })
    for (const path of ['/here', '/there']) await textOf(`http://ja%40ne:p%3Aw@127.0.0.1:${port}${path}`)
    const sent = `Basic ${Buffer.from('ja@ne:p:w').toString('base64')}`
    expect(requests.map(({ headers }) => headers.authorization)).toEqual([sent, sent, sent, undefined])
  })

  it('are in no message', async () => {
    const { port, paths } = publisher
    paths.set('/a', { status: 403 })
    paths.set('/b', { status: 302, headers: { Location: 'x:y' } })
    for (const place of [
      `127.0.0.1:${port}/a`,
      `127.0.0.1:${port}/b`,
      `127.0.0.1:${port}/c`,
      '127.0.0.1:9/',
      '10.0.0.1/',
    ]) {
      expect(await failureOf(`http://jane:secret@${place}`)).not.toMatch(/jane|secret/)
    }
  })
})

describe('RFC 9110 §13.1 conditional requests', () => {
  it('ask with what was said before, and take 304 for an answer', async () => {
    const url = publisher.publish('/a.ics', event('a'), 7)
    expect(await fetching(url)).toMatchObject({
      kind: 'feed',
      etag: '"7"',
      lastModified: null,
      charset: 'utf-8',
    })
    const date = 'Thu, 01 Jan 2026 00:00:00 GMT'
    expect(await fetchFeed(url, { etag: '"7"', lastModified: date }, settings, never)).toEqual({
      kind: 'unchanged',
    })
    expect(publisher.requests[1]?.headers).toMatchObject({
      'if-none-match': '"7"',
      'if-modified-since': date,
    })
  })

  it('a 304 that nobody asked for is an error', async () => {
    publisher.paths.set('/a', { status: 304 })
    expect(await failureOf(`${publisher.url}/a`)).toContain('answers 304')
  })
})

describe('answers', () => {
  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('in %s are unfolded', async (coding, compress) => {
    publisher.paths.set('/a', { headers: { 'Content-Encoding': coding }, body: compress(event('a')) })
    expect(await textOf(`${publisher.url}/a`)).toBe(event('a'))
  })

  it('that are too large are not read on, with a length, without one, or folded up', async () => {
    const { url, paths } = publisher
    const large = 'x'.repeat(200_000)
    paths.set('/length', { body: large })
    let written = 0
    paths.set('/endless', {
      handle: (_request, response) => {
        const more = (): void => {
          if (response.destroyed) return
          written += 50_000
          response.write('x'.repeat(50_000), () => setTimeout(more, 1))
        }
        more()
      },
    })
    const bomb = gzipSync(Buffer.alloc(50_000_000))
    expect(bomb.length).toBeLessThan(100_000)
    paths.set('/bomb', { headers: { 'Content-Encoding': 'gzip' }, body: bomb })
    for (const path of ['/length', '/endless', '/bomb']) {
      expect(await failureOf(url + path), path).toContain('sends more than 100000 octets')
    }
    expect(written).toBeLessThan(10_000_000)
  })

  it('that are slow, broken off, in an unknown coding or no HTTP are errors', async () => {
    const { url, paths } = publisher
    paths.set('/slow', { handle: () => {} })
    paths.set('/cut', {
      handle: (_request, response) => {
        response.writeHead(200, { 'Content-Length': '100' }).write('BEGIN', () => response.destroy())
      },
    })
    paths.set('/coding', { headers: { 'Content-Encoding': 'zstd' }, body: 'x' })
    paths.set('/garbled', { headers: { 'Content-Encoding': 'gzip' }, body: 'no gzip' })
    expect(await failureOf(`${url}/slow`, { answerMs: 200 })).toContain('took longer than 0.2 seconds')
    expect(await failureOf(`${url}/cut`)).toContain('breaks off')
    expect(await failureOf(`${url}/coding`)).toContain('a coding that nobody asked for')
    expect(await failureOf(`${url}/garbled`)).toContain('breaks off: Z_DATA_ERROR')
    expect(await failureOf('http://127.0.0.1:9/')).toBe('127.0.0.1:9 cannot be reached: ECONNREFUSED.')
    const rude = createServer((socket) => socket.end('220 mail.example.org\r\n')).listen(0, '127.0.0.1')
    await new Promise((resolve) => rude.once('listening', resolve))
    const { port } = rude.address() as AddressInfo
    expect(await failureOf(`http://127.0.0.1:${port}/`)).toContain('cannot be reached: HPE_')
    rude.close()
  })

  it('of webcal come without TLS where there is none', async () => {
    publisher.publish('/a.ics', event('a'))
    expect(await textOf(`webcal://127.0.0.1:${publisher.port}/a.ics`)).toBe(event('a'))
  })

  it('that say when to come again are heard, up to a day', async () => {
    const day = 86_400_000
    const waits: readonly (readonly [number, string, number | undefined])[] = [
      [503, '120', 120_000],
      [429, '9999999', day],
      [503, new Date(Date.now() + 10 * day).toUTCString(), day],
      [503, 'soon', undefined],
      [410, '', day],
    ]
    for (const [status, after, ms] of waits) {
      publisher.paths.set('/a', { status, headers: { 'Retry-After': after } })
      const error = await fetching(`${publisher.url}/a`).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ name: 'FeedError', retryInMs: ms })
    }
  })

  it('end with the signal, and its reason is thrown', async () => {
    publisher.paths.set('/slow', { handle: () => stopping.abort(new Error('stopped')) })
    const stopping = new AbortController()
    const fetched = fetchFeed(`${publisher.url}/slow`, nothing, settings, stopping.signal)
    await expect(fetched).rejects.toThrow('stopped')
  })
})
