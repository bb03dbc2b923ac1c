import { Refusal, unlessRefused } from '../../../protocol/dav/preconditions.ts'
import { readContentLines } from '../../../protocol/text/content-lines.ts'
import { decodeText, TextEncodingError } from '../../../protocol/text/decode.ts'
import type { CollectionKind } from '../../../storage/collections.ts'
import type { Services } from '../../services.ts'
import { type PreparedObject, prepareObject } from '../objects.ts'
import { type ImportPiece, type PieceOptions, readPieces } from '../transfer/read/pieces.ts'
import { sourceOfOctets } from '../transfer/read/source.ts'

/** An object of the other server ready to be stored, or why it cannot be. */
export type Prepared =
  | {
      readonly kind: 'object'
      readonly object: PreparedObject
      /** What had to be changed in it. */
      readonly notes: readonly string[]
      /** The octets it was converted from. */
      readonly original?: Uint8Array | undefined
    }
  | { readonly kind: 'refused'; readonly reason: string }

/**
 * Checks octets by our rules. They are taken as they are where they can be; else as an import would take them: a vCard
 * 2.1 as 3.0, a vCalendar as iCalendar, a calendar object without its METHOD or with a UID.
 */
export function prepareMember(kind: CollectionKind, body: Buffer, services: Services): Prepared {
  const { settings, now } = services
  const maxBytes = settings.limits.bodyBytes
  if (body.length > maxBytes) return { kind: 'refused', reason: `It has more than ${maxBytes} octets.` }
  const prepare = (octets: Uint8Array): PreparedObject => prepareObject(kind, octets, settings, now())
  try {
    return { kind: 'object', object: prepare(body), notes: [] }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return mended(kind, body, { maxBytes, prepare }) ?? { kind: 'refused', reason: error.message }
  }
}

function mended(
  kind: CollectionKind,
  body: Buffer,
  options: Pick<PieceOptions, 'maxBytes' | 'prepare'>,
): Prepared | undefined {
  const plain = kind === 'calendar' ? withoutMethod(body) : undefined
  const object = plain && unlessRefused(() => options.prepare(plain))
  if (object) return { kind: 'object', object, notes: ['method removed'] }
  const [piece, ...others] = piecesOf(kind, body, options)
  if (piece?.kind !== 'object' || others.length > 0) return undefined
  const { notes, original } = piece
  return { kind: 'object', object: piece.object, notes, original }
}

/** An object that is no message, with all else as it was: an import would leave properties of the whole file out. */
function withoutMethod(body: Buffer): Buffer | undefined {
  const text = textOf(body)
  if (text === undefined) return undefined
  let kept = ''
  let at = 0
  let depth = 0
  for (const line of readContentLines(text)) {
    if ('broken' in line) continue
    if (line.name === 'BEGIN') depth += 1
    if (line.name === 'END') depth -= 1
    if (line.name !== 'METHOD' || depth !== 1) continue
    kept += text.slice(at, line.start)
    at = line.end
  }
  return at === 0 ? undefined : Buffer.from(kept + text.slice(at))
}

function textOf(body: Buffer): string | undefined {
  try {
    return decodeText(body).text
  } catch (error) {
    if (error instanceof TextEncodingError) return undefined
    throw error
  }
}

function piecesOf(
  kind: CollectionKind,
  body: Buffer,
  options: Pick<PieceOptions, 'maxBytes' | 'prepare'>,
): ImportPiece[] {
  try {
    using source = sourceOfOctets(body)
    return [...readPieces(source, kind, undefined, { ...options, onProgress: () => {} })]
  } catch (error) {
    if (error instanceof TextEncodingError) return []
    throw error
  }
}
