import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable, Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { Refusal, refuseStatus } from '../protocol/dav/preconditions.ts'
import { tooLate } from './http-body.ts'

/**
 * A request body a piece at a time, for those that may be longer than memory: its content coding is decoded, and the next
 * piece is read when the last one has been dealt with. The 100 Continue that the client may wait for is sent with the first.
 * @param idleMs  silence after which the client is given up; there is no other limit of time
 * @throws refusal 415 for a coding we do not read, 408 for silence, 400 when the client breaks off
 */
export async function* streamBody(
  request: IncomingMessage,
  response: ServerResponse,
  idleMs: number,
): AsyncGenerator<Buffer> {
  const coding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (!decoders.has(coding)) throw refuseStatus(415, `The content coding ${coding} is not read here.`)
  if (request.headers.expect !== undefined && !response.headersSent) response.writeContinue()
  const { source, release } = decoded(request, decoders.get(coding))
  // The request lives on when the reader has enough: the answer is still to be sent.
  const pieces = source.iterator({ destroyOnReturn: false })
  let isWaiting = false
  try {
    for (;;) {
      isWaiting = true
      const next = await withinSilence(pieces.next(), idleMs)
      isWaiting = false
      if (next.done) return
      yield next.value
    }
  } catch (error) {
    throw asRefusal(error)
  } finally {
    release()
    // An iterator that waits for the next piece ends after it: in silence never.
    if (!isWaiting) await pieces.return?.()
  }
}

const decoders: ReadonlyMap<string, (() => Transform) | undefined> = new Map([
  ['', undefined],
  ['identity', undefined],
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
])

interface Decoded {
  readonly source: Readable
  /** Leaves the request to others. */
  release(): void
}

function decoded(request: IncomingMessage, decoder: (() => Transform) | undefined): Decoded {
  if (decoder === undefined) return { source: request, release: () => {} }
  const source = decoder()
  request.once('error', (error) => source.destroy(error))
  request.pipe(source)
  const release = (): void => {
    request.unpipe(source)
    source.on('error', () => {}).destroy()
  }
  return { source, release }
}

async function withinSilence<T>(next: Promise<T>, idleMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooLate()), idleMs)
  })
  try {
    return await Promise.race([next, silence])
  } finally {
    clearTimeout(timer)
  }
}

function asRefusal(error: unknown): unknown {
  if (error instanceof Refusal) return error
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (code.startsWith('Z_') || code.startsWith('ERR_') || code === 'ECONNRESET')
    return refuseStatus(400, 'The request body broke off, or cannot be decoded.')
  return error
}
