import { Refusal } from '../../../protocol/dav/preconditions.ts'
import { TextEncodingError } from '../../../protocol/text/decode.ts'
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
  const [piece, ...others] = piecesOf(kind, body, options)
  if (piece?.kind !== 'object' || others.length > 0) return undefined
  const { object, notes, original } = piece
  return { kind: 'object', object, notes, original }
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
