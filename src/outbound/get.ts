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

/** There was no answer at all. */
export class UnreachableError extends OutboundError {
  override name = 'UnreachableError'
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

export interface OutboundAnswer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  /** Unfolded; empty unless the status is 200. */
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
  const { url, mayReach, signal } = get
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  if (isIP(host) !== 0 && !mayReach(host)) throw refusedAddress(url)
  const response = await open(get).catch((error: unknown) => {
    const message = `${url.host} cannot be reached: ${reasonOf(error)}.`
    throw failure(error, signal, new UnreachableError(message, { cause: error }))
  })
  const { statusCode: status = 0, headers } = response
  if (status === 200) {
    const body = await readBody(response, get).catch((error: unknown) => {
      const message = `${url.host} breaks off: ${reasonOf(error)}.`
      throw failure(error, signal, new OutboundError(message, { cause: error }))
    })
    return { status, headers, body }
  }
  response.destroy()
  return { status, headers, body: Buffer.alloc(0) }
}

/** What is thrown for an error: why it was ended, if it was; itself, if it says so; else what is known of it. */
function failure(error: unknown, signal: AbortSignal, otherwise: OutboundError): unknown {
  if (signal.aborted) return signal.reason
  return error instanceof OutboundError ? error : otherwise
}

function open({ url, headers, mayReach, signal }: OutboundGet): Promise<IncomingMessage> {
  const isSecure = url.protocol === 'https:'
  const options = { headers, signal, lookup: guarded(mayReach, url), agent: isSecure ? secureAgent : agent }
  return new Promise((resolve, reject) => {
    const sent = isSecure ? requestHttps(url, options) : requestHttp(url, options)
    const late = setTimeout(
      () => sent.destroy(new UnreachableError(`${url.host} does not answer.`)),
      connectMs,
    )
    sent.once('socket', (socket) => socket.once('connect', () => clearTimeout(late)))
    sent.once('close', () => clearTimeout(late))
    sent.once('error', reject)
    sent.once('response', resolve)
    sent.end()
  })
}

/** Nothing is kept alive: publishers are asked once an hour. */
const agent = new HttpAgent({ keepAlive: false })
const secureAgent = new HttpsAgent({ keepAlive: false })

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
  return new OutboundError(`${host} is not at a public address.`)
}

async function readBody(response: IncomingMessage, { url, maxBytes }: OutboundGet): Promise<Buffer> {
  const tooLarge = (): Error => new OutboundError(`${url.host} sends more than ${maxBytes} octets.`)
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

/** What `getOutside` can unfold, for Accept-Encoding. */
export const acceptedCodings = 'gzip, deflate, br'

/** The codes of the system and of TLS; no message of theirs, which may hold anything. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  if (error instanceof Error && 'code' in error) return String(error.code)
  return 'the connection broke'
}
