import { readFileSync } from 'node:fs'
import { Refusal } from '../../../protocol/dav/preconditions.ts'
import { TextEncodingError } from '../../../protocol/text/decode.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import type { Services } from '../../services.ts'
import { type PreparedObject, prepareObject } from '../objects.ts'
import { type FoundFile, findFiles, systemReason } from './find-files.ts'
import type { ImportOutcome, Waiting } from './import-outcome.ts'
import { type ImportPiece, readPieces } from './pieces.ts'
import { openSource, type Source } from './source.ts'
import { storeBatch } from './store-batch.ts'
import { findTargets, type Targets } from './targets.ts'
import { TransferError } from './transfer-error.ts'

export interface ImportOptions {
  /** The name of the collection that shall have everything. */
  readonly into?: string | undefined
  /** Told now and then how many octets of all files have been read. */
  readonly onProgress?: (read: number, total: number) => void
}

/** So that others can write in between, and memory stays small. */
const batchObjects = 50
const batchBytes = 4_194_304

/**
 * Imports files and folders of .vcf and .ics files. Every object goes the one write path; the same files again change
 * nothing: what has no UID gets one from its octets, and what is stored already is found by its UID.
 * @throws TransferError before anything is written, when there is no collection named `into`
 */
export async function* importFiles(
  services: Services,
  account: PrincipalRow,
  paths: readonly string[],
  options: ImportOptions = {},
): AsyncGenerator<ImportOutcome> {
  const { store, newId } = services
  const targets = await store.read((reader) => findTargets(reader, account.id, options.into))
  const origin = { kind: 'import', authorId: account.id, requestId: newId() } as const
  let waiting: (Waiting | ImportOutcome)[] = []
  let bytes = 0
  for (const item of arrivals(services, findFiles(paths), targets, options)) {
    waiting.push(item)
    bytes += 'object' in item ? item.object.body.byteLength : 0
    if (waiting.length < batchObjects && bytes < batchBytes) continue
    yield* await storeBatch(services, waiting, origin)
    waiting = []
    bytes = 0
  }
  yield* await storeBatch(services, waiting, origin)
}

/** Everything in the files, in their order: what can be stored, and what is refused before it comes to that. */
function* arrivals(
  services: Services,
  files: readonly FoundFile[],
  targets: Targets,
  { onProgress }: ImportOptions,
): Generator<Waiting | ImportOutcome> {
  const total = files.reduce((sum, file) => sum + ('bytes' in file ? file.bytes : 0), 0)
  const twinOf = twins()
  let before = 0
  for (const file of files) {
    if ('refused' in file) {
      yield { kind: 'refused', file: file.path, line: 0, reason: file.refused }
      continue
    }
    const progress = (read: number): void => onProgress?.(Math.min(before + read, total), total)
    for (const item of piecesOf(services, file, progress)) {
      yield 'object' in item ? directed(item, targets, twinOf) : item
    }
    before += file.bytes
    progress(0)
  }
}

/** An object with the collection it goes into, or the reason why it goes nowhere. */
function directed(
  item: Omit<Waiting, 'collection'>,
  targets: Targets,
  twinOf: ReturnType<typeof twins>,
): Waiting | ImportOutcome {
  const collection = targets(item.object.component)
  if ('reason' in collection) return refusedAs(item, collection.reason)
  const twin = twinOf(item, collection)
  return twin === undefined ? { ...item, collection } : refusedAs(item, twin)
}

function refusedAs({ file, line }: { file: string; line: number }, reason: string): ImportOutcome {
  return { kind: 'refused', file, line, reason }
}

/** Remembers the UIDs of a run: of two objects with one UID the second is refused, or each run would change both. */
function twins() {
  const seen = new Map<string, { readonly etag: string; readonly place: string }>()
  return (item: Omit<Waiting, 'collection'>, collection: CollectionRow): string | undefined => {
    const { object, file, line } = item
    const key = `${collection.id} ${object.uid}`
    const first = seen.get(key)
    if (!first) seen.set(key, { etag: object.etag, place: `${file}:${line}` })
    if (!first || first.etag === object.etag) return undefined
    return `Its UID ${object.uid} came before, in ${first.place}.`
  }
}

type Read = Omit<Waiting, 'collection'> | ImportOutcome

/** A file that cannot be read is refused as a whole. */
function* piecesOf(
  { settings, now }: Services,
  file: Extract<FoundFile, { bytes: number }>,
  onProgress: (bytes: number) => void,
): Generator<Read> {
  const maxBytes = settings.limits.bodyBytes
  const prepare = (body: Uint8Array): PreparedObject => prepareObject(file.kind, body, settings, now())
  try {
    using source = openSource(file.path, maxBytes)
    const whole = mayBeOneObject(source, file.bytes, maxBytes) ? readFileSync(file.path) : undefined
    for (const piece of readPieces(source, file.kind, whole, { maxBytes, prepare, onProgress })) {
      yield outcomeOf(piece, file.path, source)
    }
  } catch (error) {
    yield { kind: 'refused', file: file.path, line: 0, reason: reasonOf(error) }
  }
}

function outcomeOf(piece: ImportPiece, file: string, source: Source): Read {
  const line = source.lineOf(piece.at)
  if (piece.kind === 'refused') return { kind: 'refused', file, line, reason: piece.reason }
  const { object, notes } = piece
  const { uid } = object
  if (uid === null) return { kind: 'refused', file, line, reason: 'It has no UID.' }
  return { file, line, object: { ...object, uid }, notes }
}

/** A large file of many objects is not read as if it were one. */
function mayBeOneObject(source: Source, bytes: number, maxBytes: number): boolean {
  if (bytes > maxBytes) return false
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
