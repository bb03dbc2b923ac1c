import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import { refuseStatus } from '../protocol/dav/preconditions.ts'

/** Reads the body of a request within `limit` octets. @throws what `readBody` throws */
export type ReadBody = (limit: number, tooLarge: () => Error) => Promise<Buffer>

/**
 * Reads a request body whole, decoding its content coding, both within `limit` octets (MIN-04).
 * The 100 Continue that the client may wait for is sent here, so that early refusals come without it (OCS-05).
 * @param limits.withinMs  how long the client may take
 * @throws refusal 415 for a coding we do not read, `tooLarge()` for more than the limit, 400 when the client breaks off,
 *   408 when it takes too long
 */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  limits: { readonly bytes: number; readonly withinMs: number },
  tooLarge: () => Error,
): Promise<Buffer> {
  const limit = limits.bytes
  const coding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  const decode = decoders.get(coding)
  if (decode === undefined) throw refuseStatus(415, `The content coding ${coding} is not read here.`)
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge()
  if (request.headers.expect !== undefined && !response.headersSent) response.writeContinue()
  const raw = await collect(request, limits, tooLarge)
  return raw.length === 0 ? raw : decode(raw, limit, tooLarge)
}

/** So much more than the largest body is read away for a client that sends too much. */
const leftFactor = 4

/**
 * What becomes of a body that nobody read: it is read away, so that the client reads the answer instead of meeting a reset
 * (MIN-04, OTH-03, ABK-05). Where it is too long for that, or the client waits for a 100, the connection closes.
 * To be called before the answer is sent.
 */
export function leaveBody(
  request: IncomingMessage,
  response: ServerResponse,
  { bytes: limit, withinMs }: { readonly bytes: number; readonly withinMs: number },
): void {
  if (request.complete) return
  const declared = Number(request.headers['content-length'] ?? 0)
  const most = limit * leftFactor
  if (request.headers.expect !== undefined || declared > most) response.setHeader('Connection', 'close')
  const late = setTimeout(() => request.destroy(), withinMs).unref()
  request.once('close', () => clearTimeout(late))
  let left = 0
  request.on('data', (chunk: Buffer) => {
    left += chunk.length
    if (left > most) request.destroy()
  })
}

type Decoder = (raw: Buffer, limit: number, tooLarge: () => Error) => Promise<Buffer>

const identity: Decoder = (raw) => Promise.resolve(raw)

const decoders: ReadonlyMap<string, Decoder> = new Map([
  ['', identity],
  ['identity', identity],
  ['gzip', decoder(promisify<Buffer, object, Buffer>(gunzip))],
  ['x-gzip', decoder(promisify<Buffer, object, Buffer>(gunzip))],
  ['deflate', decoder(promisify<Buffer, object, Buffer>(inflate))],
  ['br', decoder(promisify<Buffer, object, Buffer>(brotliDecompress))],
])

function decoder(decompress: (raw: Buffer, options: object) => Promise<Buffer>): Decoder {
  return async (raw, limit, tooLarge) => {
    try {
      return await decompress(raw, { maxOutputLength: limit })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge()
      throw refuseStatus(400, 'The compressed request body cannot be decoded.')
    }
  }
}

function collect(
  request: IncomingMessage,
  { bytes, withinMs }: { readonly bytes: number; readonly withinMs: number },
  tooLarge: () => Error,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const late = setTimeout(() => stop(tooLate()), withinMs)
    const stop = (error: Error): void => {
      clearTimeout(late)
      request.off('data', take)
      reject(error)
    }
    const take = (chunk: Buffer): void => {
      size += chunk.length
      if (size > bytes) stop(tooLarge())
      else chunks.push(chunk)
    }
    request.on('data', take)
    request.once('end', () => {
      clearTimeout(late)
      resolve(chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks))
    })
    request.once('error', () => stop(refuseStatus(400, 'The request was broken off.')))
    request.once('aborted', () => stop(refuseStatus(400, 'The request was broken off.')))
  })
}

/** The refusal of a request that does not come to its end. @see RFC 9110 §15.5.9 */
export function tooLate(): Error {
  return refuseStatus(408, 'The request has not come to its end in time.', { Connection: 'close' })
}
