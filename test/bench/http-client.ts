import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import { Agent as SecureAgent, request as secureRequest } from 'node:https'

/** A request to the measured server. */
export interface Ask {
  readonly method: string
  /** Path as on the wire. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** What came back, read to its last octet. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** From the start of the request to the end of the answer. */
  readonly latencyMs: number
}

/** Kept-alive connections to one server, with one account. */
export interface Client {
  readonly send: (ask: Ask) => Promise<Answer>
  readonly close: () => void
}

/** @param connections  connections at most; further requests wait for one */
export function openClient(url: URL, user: string, password: string, connections: number): Client {
  const isSecure = url.protocol === 'https:'
  const agent = new (isSecure ? SecureAgent : Agent)({ keepAlive: true, maxSockets: connections })
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  const options = { hostname: url.hostname, port: url.port || (isSecure ? 443 : 80), agent }

  const attempt = (ask: Ask): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const startedAt = performance.now()
      const body = ask.body === undefined ? undefined : Buffer.from(ask.body)
      const headers = {
        authorization,
        'user-agent': 'farley-bench',
        ...ask.headers,
        ...(body === undefined ? {} : { 'content-length': body.length }),
      }
      const sent = (isSecure ? secureRequest : request)(
        { ...options, method: ask.method, path: ask.path, headers },
        (reply) => collect(reply, startedAt, resolve, reject),
      )
      sent.on('error', (error) => reject(Object.assign(error, { isStale: sent.reusedSocket })))
      sent.end(body)
    })

  return {
    send: (ask) => attempt(ask).catch((error) => (isStale(error) ? attempt(ask) : Promise.reject(error))),
    close: () => agent.destroy(),
  }
}

function collect(
  reply: IncomingMessage,
  startedAt: number,
  resolve: (answer: Answer) => void,
  reject: (error: Error) => void,
): void {
  const chunks: Buffer[] = []
  reply.on('data', (chunk: Buffer) => chunks.push(chunk))
  reply.on('error', reject)
  reply.on('end', () => {
    const latencyMs = performance.now() - startedAt
    resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: Buffer.concat(chunks), latencyMs })
  })
}

/** A kept connection that the server closed just as it was used again: the request was never read. */
function isStale(error: unknown): boolean {
  if (!(error instanceof Error) || !('isStale' in error) || error.isStale !== true) return false
  return 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
}
