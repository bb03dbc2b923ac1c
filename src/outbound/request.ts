import { lookup } from 'node:dns'
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { pipeline, type Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { MayReach } from './networks.ts'

/** The other side cannot be reached, must not be, or answers with too much; the message may be shown to people. */
export class OutboundError extends Error {
  override name = 'OutboundError'
}

/** It is where nobody may be sent. */
export class NotPublicError extends OutboundError {
  override name = 'NotPublicError'
}

/** There was no answer at all. */
export class UnreachableError extends OutboundError {
  override name = 'UnreachableError'
}

/** The answer began, and did not come to its end. */
export class BrokenAnswerError extends OutboundError {
  override name = 'BrokenAnswerError'
}

/** There are more octets than may be sent. */
export class TooLargeError extends OutboundError {
  override name = 'TooLargeError'
}

export interface OutboundGet {
  /** http or https */
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly mayReach: MayReach
  /** Octets of the body at most, as they are sent and as they unfold. */
  readonly maxBytes: number
  /** Ends everything; its reason is thrown. */
  readonly signal: AbortSignal
}

export interface OutboundRequest extends OutboundGet {
  readonly method: string
  readonly body?: string | undefined
  readonly agents: OutboundAgents
}

/** Connections that are kept for the next request to the same server. */
export interface OutboundAgents {
  readonly http: HttpAgent
  readonly https: HttpsAgent
}

export interface OutboundAnswer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  /** Unfolded; of a GET empty unless the status is 200. */
  readonly body: Buffer
}

/** Until the connection stands. */
const connectMs = 10_000

/**
 * One GET, on a connection of its own, to an address that was judged after the name was resolved: what is judged is
 * what is connected to, so that a name cannot point elsewhere a moment later.
 * @throws OutboundError, or the reason of the signal
 */
export async function getOutside(get: OutboundGet): Promise<OutboundAnswer> {
  const response = await openResponse({ ...get, method: 'GET', agents: single })
  const { statusCode: status = 0, headers } = response
  if (status === 200) return { status, headers, body: await wholeBody(response, get) }
  response.destroy()
  return { status, headers, body: Buffer.alloc(0) }
}

/**
 * One request of any method, on a connection that may be kept, to an address that was judged as for `getOutside`.
 * @returns the answer with its body, whatever its status
 * @throws OutboundError, or the reason of the signal
 */
export async function sendOutside(request: OutboundRequest): Promise<OutboundAnswer> {
  const response = await openResponse(request)
  const { statusCode: status = 0, headers } = response
  return { status, headers, body: await wholeBody(response, request) }
}

/**
 * One request of any method, on a connection of its own, to an address that was judged as for `getOutside`. Redirects are
 * answers like others.
 * @returns the answer with how its body begins, as it was sent: `maxBytes` of it at most
 * @throws OutboundError, or the reason of the signal
 */
export async function sendBriefly(request: Omit<OutboundRequest, 'agents'>): Promise<OutboundAnswer> {
  const response = await openResponse({ ...request, agents: single })
  const { statusCode: status = 0, headers } = response
  return { status, headers, body: await beginningOf(response, request) }
}

/** Who has given a status has said what counts: that the rest breaks off is of no matter. */
async function beginningOf(response: IncomingMessage, { maxBytes }: OutboundGet): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes >= maxBytes) break
    }
  } catch {
    // What has come is enough.
  }
  response.destroy()
  return Buffer.concat(chunks).subarray(0, maxBytes)
}

/** A new set of kept connections, `connections` to a server at most. The caller ends it with `closeAgents`. */
export function openAgents(connections: number): OutboundAgents {
  const options = { keepAlive: true, maxSockets: connections, maxFreeSockets: connections }
  return { http: new HttpAgent(options), https: new HttpsAgent(options) }
}

export function closeAgents({ http, https }: OutboundAgents): void {
  http.destroy()
  https.destroy()
}

async function openResponse(request: OutboundRequest): Promise<IncomingMessage> {
  const { url, mayReach, signal } = request
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  if (isIP(host) !== 0 && !mayReach(host)) throw refusedAddress(url)
  return open(request).catch((error: unknown) => {
    const message = `${url.host} cannot be reached: ${reasonOf(error)}.`
    throw failure(error, signal, new UnreachableError(message, { cause: error }))
  })
}

function wholeBody(response: IncomingMessage, request: OutboundGet): Promise<Buffer> {
  const { url, signal } = request
  return readBody(response, request).catch((error: unknown) => {
    const message = `${url.host} breaks off: ${reasonOf(error)}.`
    throw failure(error, signal, new BrokenAnswerError(message, { cause: error }))
  })
}

/** What is thrown for an error: why it was ended, if it was; itself, if it says so; else what is known of it. */
function failure(error: unknown, signal: AbortSignal, otherwise: OutboundError): unknown {
  if (signal.aborted) return signal.reason
  return error instanceof OutboundError ? error : otherwise
}

function open(request: OutboundRequest): Promise<IncomingMessage> {
  const { method, url, headers, body, mayReach, signal, agents } = request
  const isSecure = url.protocol === 'https:'
  const agent = isSecure ? agents.https : agents.http
  const options = { method, headers, signal, lookup: guarded(mayReach, url), agent }
  return new Promise((resolve, reject) => {
    const sent = isSecure ? requestHttps(url, options) : requestHttp(url, options)
    const late = setTimeout(
      () => sent.destroy(new UnreachableError(`${url.host} does not answer.`)),
      connectMs,
    )
    sent.once('socket', (socket) => {
      if (socket.connecting) socket.once('connect', () => clearTimeout(late))
      else clearTimeout(late)
    })
    sent.once('close', () => clearTimeout(late))
    sent.once('error', reject)
    sent.once('response', resolve)
    sent.end(body)
  })
}

/** Nothing is kept alive: publishers are asked once an hour. */
const single: OutboundAgents = {
  http: new HttpAgent({ keepAlive: false }),
  https: new HttpsAgent({ keepAlive: false }),
}

/** Resolves a name to those of its addresses that may be reached. */
function guarded(mayReach: MayReach, url: URL): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const [first, ...more] = (addresses ?? []).filter(({ address }) => mayReach(address))
      if (error) callback(error, '', 0)
      else if (!first) callback(refusedAddress(url), '', 0)
      else if (options.all) callback(null, [first, ...more])
      else callback(null, first.address, first.family)
    })
  }
}

function refusedAddress({ host }: URL): OutboundError {
  return new NotPublicError(`${host} is not at a public address.`)
}

async function readBody(response: IncomingMessage, { url, maxBytes }: OutboundGet): Promise<Buffer> {
  const tooLarge = (): Error => new TooLargeError(`${url.host} sends more than ${maxBytes} octets.`)
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) {
    response.destroy()
    throw tooLarge()
  }
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of unfolded(response, url) as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes) {
      response.destroy()
      throw tooLarge()
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** @throws OutboundError for a content coding that was not asked for */
function unfolded(response: IncomingMessage, { host }: URL): Readable {
  const coding = response.headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  const decoder = decoders.get(coding)
  if (decoder) return pipeline(response, decoder(), () => {})
  if (coding === 'identity' || coding === '') return response
  response.destroy()
  throw new OutboundError(`${host} sends a coding that nobody asked for.`)
}

const decoders = new Map([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
])

/** What can be unfolded, for Accept-Encoding. */
export const acceptedCodings = 'gzip, deflate, br'

/** The codes of the system and of TLS; no message of theirs, which may hold anything. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  if (error instanceof Error && 'code' in error) return String(error.code)
  return 'the connection broke'
}
