import { createHash } from 'node:crypto'
import { type Folding, foldBase64, readFolding } from './folding.ts'

/** Octets of a body in base64, from `start` to `end`, line breaks included. */
export interface InlineRange {
  readonly start: number
  readonly end: number
}

/** What was taken out of a body. */
export interface TakenMedia {
  /** Where its text belongs: octets of the body without media before it. */
  readonly position: number
  /** SHA-256 of the octets, 64 hexadecimal digits in lower case. */
  readonly hash: string
  readonly bytes: Buffer
  readonly folding: Folding
  /** Octets of the text that stands for it. */
  readonly textBytes: number
}

/** A body without its media, and these, in the order of their positions. */
export interface BodyParts {
  readonly rest: Buffer
  readonly media: readonly TakenMedia[]
}

/** Smaller media stay in their bodies: a row of their own would cost more than it saves. */
export const keptApartBytes = 2_048

/** The hash by which octets are known. */
export function mediaHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/**
 * Takes media out of a body, to be kept once however many bodies have them. Only what can be put back octet for octet
 * is taken out: other texts stay where they are.
 * @param ranges  in their order, none within another
 * @returns undefined when there is nothing to take out
 */
export function partBody(body: Uint8Array, ranges: readonly InlineRange[]): BodyParts | undefined {
  const whole = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  const rest: Buffer[] = []
  const media: TakenMedia[] = []
  let at = 0
  let position = 0
  for (const { start, end } of ranges) {
    if (end - start < keptApartBytes) continue
    const taken = readMedia(whole.toString('latin1', start, end))
    if (taken === undefined) continue
    rest.push(whole.subarray(at, start))
    position += start - at
    media.push({ ...taken, position })
    at = end
  }
  if (media.length === 0) return undefined
  rest.push(whole.subarray(at))
  return { rest: Buffer.concat(rest), media }
}

function readMedia(text: string): Omit<TakenMedia, 'position'> | undefined {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length < keptApartBytes) return undefined
  const folding = readFolding(text)
  if (foldBase64(bytes, folding) !== text) return undefined
  return { hash: mediaHash(bytes), bytes, folding, textBytes: text.length }
}
