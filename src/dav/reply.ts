import { Readable } from 'node:stream'
import { multistatusClose, multistatusOpen } from '../../protocol/dav/multistatus.ts'

/** An answer, before it is written to the socket. */
export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | Readable
}

export const xmlType = 'application/xml; charset=utf-8'

/** An answer without a body. */
export function empty(status: number, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers }
}

/** A 207 whose responses are at hand. */
export function multistatus(responses: string, headers: Readonly<Record<string, string>> = {}): Reply {
  const body = `${multistatusOpen}${responses}${multistatusClose}`
  return { status: 207, headers: { 'Content-Type': xmlType, ...headers }, body }
}

/** Up to this many characters an answer is sent in one piece with its length; a longer one in pieces of the second size. */
const wholeCharacters = 262_144
const pieceCharacters = 65_536

/**
 * A 207 whose responses come in pieces. The first are pulled before the status is chosen, so that a refusal still can
 * be sent; a short answer leaves whole, a long one as a stream that yields to other requests between pieces.
 */
export async function streamedMultistatus(
  pieces: AsyncIterable<string>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const iterator = pieces[Symbol.asyncIterator]()
  let start = multistatusOpen
  while (start.length < wholeCharacters) {
    const next = await iterator.next()
    if (next.done) {
      return { status: 207, headers: { 'Content-Type': xmlType, ...headers }, body: start + multistatusClose }
    }
    start += next.value
  }
  const body = Readable.from(rest(start, iterator), { objectMode: false, highWaterMark: pieceCharacters })
  return { status: 207, headers: { 'Content-Type': xmlType, ...headers }, body }
}

async function* rest(start: string, iterator: AsyncIterator<string>): AsyncGenerator<Buffer> {
  try {
    let piece = start
    for (;;) {
      const next = await iterator.next()
      if (next.done) break
      piece += next.value
      if (piece.length < pieceCharacters) continue
      yield Buffer.from(piece)
      piece = ''
      await yieldToOthers()
    }
    yield Buffer.from(piece + multistatusClose)
  } finally {
    await iterator.return?.()
  }
}

/** Lets other requests run between two pages. */
function yieldToOthers(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
