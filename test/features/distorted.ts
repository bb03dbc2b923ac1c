import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { createClient } from '../dav/client.ts'

/** A request on its way to the real server, and the answer on its way back. */
export interface Passing {
  readonly method: string
  readonly path: string
  readonly request: IncomingMessage
  /** What is sent on in its place. */
  body: string
}

export interface Answered {
  status: number
  headers: Record<string, string>
  body: Buffer
}

/** How the real server is made to look like another; all that is left out is as it is. */
export interface Distortion {
  /** An answer in place of the real one. */
  readonly before?: (passing: Passing) => Answered | 'broken' | undefined
  readonly after?: (answer: Answered, passing: Passing) => void
  /** User names and passwords of a Digest that is wanted in place of Basic. */
  readonly digest?: { readonly algorithm: 'MD5' | 'SHA-256'; readonly qop: boolean }
}

/** A server that passes requests on to Farley, and is as odd as a test wants it. */
export interface DistortedServer {
  readonly url: URL
  distortion: Distortion
  /** `METHOD path`, of all requests since the test began. */
  readonly seen: readonly string[]
}

const realm = 'odd "realm"'

/** @param real  the server that is distorted, and who is let in with which password */
export function useDistorted(real: () => string, passwordOf: () => string): DistortedServer {
  let server: Server | undefined
  const seen: string[] = []
  const made: { distortion: Distortion } = { distortion: {} }
  beforeAll(async () => {
    server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url}`)
      void pass(request, response, made.distortion, { url: real(), password: passwordOf() })
    })
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  })
  beforeEach(() => {
    made.distortion = {}
    seen.length = 0
  })
  afterAll(() => {
    server?.closeAllConnections()
    server?.close()
  })
  return {
    get url() {
      const address = server?.address() as AddressInfo | undefined
      return new URL(`http://127.0.0.1:${address?.port ?? 0}/`)
    },
    get distortion() {
      return made.distortion
    },
    set distortion(distortion) {
      made.distortion = distortion
    },
    seen,
  }
}

async function pass(
  request: IncomingMessage,
  response: ServerResponse,
  { before, after, digest }: Distortion,
  real: { readonly url: string; readonly password: string },
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const { method = '', url: path = '/' } = request
  const passing: Passing = { method, path, request, body: Buffer.concat(chunks).toString() }
  const own = before?.(passing)
  if (own === 'broken') {
    response.writeHead(200, { 'Content-Length': '1000' })
    response.write('half')
    response.destroy()
    return
  }
  const user = digest ? digestUser(passing, digest, real.password) : undefined
  if (digest && user === undefined) {
    const qop = digest.qop ? ', qop="auth,auth-int"' : ''
    const challenge = `Digest realm="odd \\"realm\\"", nonce="n1"${qop}, algorithm=${digest.algorithm}, opaque="o"`
    response.writeHead(401, { 'WWW-Authenticate': `${challenge}, Basic realm="other"` }).end()
    return
  }
  const answer = own ?? (await ask(passing, user, real))
  after?.(answer, passing)
  const { 'content-length': _length, ...headers } = answer.headers
  response.writeHead(answer.status, headers).end(answer.body)
}

async function ask(
  { method, path, request, body }: Passing,
  user: string | undefined,
  { url, password }: { readonly url: string; readonly password: string },
): Promise<Answered> {
  const client = createClient(url, user === undefined ? undefined : { name: user, password })
  const kept = ['host', 'authorization', 'content-type', 'depth', 'accept'].flatMap(
    (name): [string, string][] => {
      const value = request.headers[name]
      return value === undefined || (name === 'authorization' && user !== undefined)
        ? []
        : [[name, String(value)]]
    },
  )
  const headers = Object.fromEntries(kept)
  const answer = await client.request(method, path, body === '' ? { headers } : { headers, body })
  const back = Object.entries(answer.headers).filter(
    ([name]) => !/^(?:connection|keep-alive|date)$/.test(name),
  )
  return {
    status: answer.status,
    headers: Object.fromEntries(back.map(([name, value]) => [name, String(value)])),
    body: answer.body,
  }
}

/** The user, if what he sent is right. @see RFC 7616 §3.4.1 */
function digestUser(
  { method, path, request }: Passing,
  { algorithm, qop }: NonNullable<Distortion['digest']>,
  password: string,
): string | undefined {
  const header = request.headers.authorization ?? ''
  if (!header.startsWith('Digest ')) return undefined
  const given = new Map(
    [...header.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)].map(
      ([, name = '', inside, bare = '']) => [name, inside?.replace(/\\(.)/g, '$1') ?? bare],
    ),
  )
  const hash = (text: string): string =>
    createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
      .update(text)
      .digest('hex')
  const user = given.get('username') ?? ''
  const middle = qop ? `n1:${given.get('nc')}:${given.get('cnonce')}:auth` : 'n1'
  const right = hash(`${hash(`${user}:${realm}:${password}`)}:${middle}:${hash(`${method}:${path}`)}`)
  const isRight = given.get('response') === right && given.get('uri') === path && given.get('opaque') === 'o'
  return isRight ? user : undefined
}
