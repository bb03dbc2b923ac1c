import type { Slice } from '../../../protocol/vcard/card.ts'
import { type BodyParts, keptApartBytes, partBody } from '../../../storage/media/parts.ts'

/**
 * The octets of a card without its large photos and the like, and these, which are kept once for all cards and revisions.
 * @param text   the octets decoded, without byte order mark
 * @param media  where they stand in it, in their order
 * @returns undefined where there are none
 */
export function cardParts(body: Uint8Array, text: string, media: readonly Slice[]): BodyParts | undefined {
  const large = media.filter(({ start, end }) => end - start >= keptApartBytes)
  if (large.length === 0) return undefined
  let octets = body[0] === 0xef ? 3 : 0
  let at = 0
  const ranges = large.map(({ start, end }) => {
    octets += Buffer.byteLength(text.slice(at, start))
    const from = octets
    octets += Buffer.byteLength(text.slice(start, end))
    at = end
    return { start: from, end: octets }
  })
  return partBody(body, ranges)
}
