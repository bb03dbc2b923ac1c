import { readFileSync } from 'node:fs'
import type { GivenColumns } from '../../../../protocol/csv/mapping.ts'
import { Refusal } from '../../../../protocol/dav/preconditions.ts'
import { TextEncodingError } from '../../../../protocol/text/decode.ts'
import type { CollectionKind } from '../../../../storage/collections.ts'
import type { Services } from '../../../services.ts'
import { bodyText } from '../../bodies.ts'
import type { Field } from '../../fields/field.ts'
import { type PreparedObject, prepareObject } from '../../objects.ts'
import { takeFieldLines } from '../fields/field-lines.ts'
import { type FoundFile, systemReason } from '../find-files.ts'
import type { ImportOutcome, Waiting } from '../import-outcome.ts'
import { TransferError } from '../transfer-error.ts'
import { directoryPieces } from './directory-pieces.ts'
import { type ImportPiece, type PieceOptions, readPieces } from './pieces.ts'
import { openSource, type Source } from './source.ts'
import { tablePieces } from './table-pieces.ts'

/** What has been read of a file: an object without its place, or what became of something else. */
export type Read = Omit<Waiting, 'collection'> | ImportOutcome

export interface ReadOptions {
  readonly charset?: string | undefined
  readonly columns?: GivenColumns | undefined
  /** The fields of the book that cards go to. */
  readonly fields?: readonly Field[] | undefined
  /** Whether what is read now is only counted: nobody looks into it. */
  readonly isPassed?: (() => boolean) | undefined
}

/** Everything in a file, in its order; a file that cannot be read is refused as a whole. */
export function* filePieces(
  services: Services,
  file: Extract<FoundFile, { bytes: number }>,
  options: ReadOptions,
  onProgress: (bytes: number) => void,
): Generator<Read> {
  try {
    yield* file.format === 'table' || file.format === 'directory'
      ? convertedPieces(services, file, options, onProgress)
      : slicedPieces(services, file, options, onProgress)
  } catch (error) {
    yield { kind: 'refused', file: file.path, line: 0, reason: reasonOf(error) }
  }
}

function* convertedPieces(
  services: Services,
  { path, format }: Extract<FoundFile, { bytes: number }>,
  options: ReadOptions,
  onProgress: (bytes: number) => void,
): Generator<Read> {
  const all = { ...pieceOptions(services, 'addressbook', onProgress), ...options }
  const pieces = format === 'table' ? tablePieces(path, all) : directoryPieces(path, all)
  for (const piece of pieces) yield readAs(piece, path, piece.line ?? 0)
}

function* slicedPieces(
  services: Services,
  file: Extract<FoundFile, { bytes: number }>,
  { charset, fields = [], isPassed }: ReadOptions,
  onProgress: (bytes: number) => void,
): Generator<Read> {
  const kind = file.format === 'calendar' ? 'calendar' : 'addressbook'
  const options = { ...pieceOptions(services, kind, onProgress), charset, isPassed }
  using source = openSource(file.path, options.maxBytes)
  const whole = mayBeOneObject(source, file.bytes, options) ? readFileSync(file.path) : undefined
  for (const piece of readPieces(source, kind, whole, options)) {
    yield readAs(valued(piece, fields, options), file.path, source.lineOf(piece.at))
  }
}

/** A card of ours without what it says of fields that there are here, which is set beside it. */
function valued(piece: ImportPiece, fields: readonly Field[], options: PieceOptions): ImportPiece {
  if (piece.kind !== 'object' || piece.object.component !== 'VCARD') return piece
  const { text, values } = takeFieldLines(bodyText(piece.object.body), fields)
  return values.length === 0 ? piece : { ...piece, object: options.prepare(Buffer.from(text)), values }
}

function pieceOptions(
  { settings, now }: Services,
  kind: CollectionKind,
  onProgress: (bytes: number) => void,
) {
  const prepare = (body: Uint8Array): PreparedObject => prepareObject(kind, body, settings, now())
  return { maxBytes: settings.limits.bodyBytes, prepare, onProgress }
}

function readAs(piece: ImportPiece, file: string, line: number): Read {
  if (piece.kind !== 'object') return { kind: piece.kind, file, line, reason: piece.reason }
  const { object, notes, isPatch, original, values = [] } = piece
  const { uid } = object
  if (uid === null) return { kind: 'refused', file, line, reason: 'It has no UID.' }
  return { file, line, object: { ...object, uid }, notes, isPatch: isPatch === true, original, values }
}

/** A large file of many objects is not read as if it were one. */
function mayBeOneObject(
  source: Source,
  bytes: number,
  { maxBytes, charset }: { readonly maxBytes: number; readonly charset: string | undefined },
): boolean {
  if (bytes > maxBytes || charset !== undefined) return false
  if (bytes <= smallBytes) return true
  const text = source.slice(0, source.size).toString('latin1')
  const begins = text.matchAll(/^BEGIN:V(?:CARD|EVENT|TODO|JOURNAL)/gim)
  return begins.next().done === true || begins.next().done === true
}

const smallBytes = 1_048_576

function reasonOf(error: unknown): string {
  if (error instanceof TransferError || error instanceof TextEncodingError || error instanceof Refusal) {
    return error.message
  }
  return systemReason(error)
}
