import { readFileSync } from 'node:fs'
import { Refusal } from '../../../protocol/dav/preconditions.ts'
import { TextEncodingError } from '../../../protocol/text/decode.ts'
import { type BatchRow, endBatch } from '../../../storage/batches/batches.ts'
import type { BatchId } from '../../../storage/ids.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import type { Services } from '../../services.ts'
import { type PreparedObject, prepareObject } from '../objects.ts'
import { type FoundFile, findFiles, systemReason } from './find-files.ts'
import type { ImportOutcome, Waiting } from './import-outcome.ts'
import { beginImport, type OpenImport, rememberedFiles, resumeImport } from './open-import.ts'
import { type ImportPiece, readPieces } from './pieces.ts'
import { openSource, type Source } from './source.ts'
import { type Numbered, storeBatch } from './store-batch.ts'
import { findTargets, type Targets } from './targets.ts'
import { TransferError } from './transfer-error.ts'

export interface ImportOptions {
  /** The name of the collection that shall have everything. */
  readonly into?: string | undefined
  /** Nothing is stored: what is told is what would be. */
  readonly isTrial?: boolean | undefined
  /** Told now and then how many octets of all files have been read. */
  readonly onProgress?: (read: number, total: number) => void
  /** Told the id of the batch that the import is, before the first item. */
  readonly onBatch?: (id: BatchId) => void
  /** Stops it after its present batch of writes. */
  readonly signal?: AbortSignal
}

/** What of the options an import remembers, so that it can go on. */
type KeptOptions = Pick<ImportOptions, 'into'>

/** So that others can write in between, and memory stays small. */
const batchObjects = 50
const batchBytes = 4_194_304

/**
 * Imports files and folders of .vcf and .ics files. Every object goes the one write path; the same files again change
 * nothing: what has no UID gets one from its octets, and what is stored already is found by its UID. The import is a
 * batch: one that was stopped can be gone on with, and it can be undone as a whole.
 * @throws TransferError before anything is written, when there is no collection named `into`
 */
export async function* importFiles(
  services: Services,
  account: PrincipalRow,
  paths: readonly string[],
  options: ImportOptions = {},
): AsyncGenerator<ImportOutcome> {
  const targets = await services.store.read((reader) => findTargets(reader, account.id, options.into))
  const files = findFiles(paths)
  const kept: KeptOptions = { into: options.into }
  const isTrial = options.isTrial === true
  const batch = await beginImport(services, account, files, { isTrial, options: kept })
  yield* runImport(services, { account, batch, files, targets }, options)
}

/**
 * Goes on with an import that was stopped; what it did before is not told again.
 * @throws TransferError when it is over, or its files are not what they were
 */
export async function* goOnWithImport(
  services: Services,
  account: PrincipalRow,
  row: BatchRow,
  options: Omit<ImportOptions, 'into' | 'isTrial'> = {},
): AsyncGenerator<ImportOutcome> {
  const kept = JSON.parse(row.options) as KeptOptions
  const targets = await services.store.read((reader) => findTargets(reader, account.id, kept.into))
  const files = findFiles(rememberedFiles(row).map(({ path }) => path))
  const batch = await resumeImport(services, row)
  yield* runImport(services, { account, batch, files, targets }, { ...options, ...kept })
}

interface Running {
  readonly account: PrincipalRow
  readonly batch: OpenImport
  readonly files: readonly FoundFile[]
  readonly targets: Targets
}

async function* runImport(
  services: Services,
  running: Running,
  options: ImportOptions,
): AsyncGenerator<ImportOutcome> {
  const { store } = services
  const { batch } = running
  options.onBatch?.(batch.id)
  try {
    yield* storeAll(services, running, options)
  } catch (error) {
    await store.write((tx) => endBatch(tx, batch, { kind: 'failed', error: messageOf(error) }))
    throw error
  }
  if (options.signal?.aborted !== true) await store.write((tx) => endBatch(tx, batch, { kind: 'finished' }))
}

async function* storeAll(
  services: Services,
  { account, batch, files, targets }: Running,
  options: ImportOptions,
): AsyncGenerator<ImportOutcome> {
  const origin = { kind: 'import', authorId: account.id, requestId: batch.key } as const
  let waiting: Numbered[] = []
  let bytes = 0
  let number = 0
  for (const item of arrivals(services, files, targets, options)) {
    number += 1
    if (number <= batch.reached) continue
    waiting.push({ number, item })
    bytes += 'object' in item ? item.object.body.byteLength : 0
    if (waiting.length < batchObjects && bytes < batchBytes) continue
    yield* await storeBatch(services, batch, waiting, origin)
    if (options.signal?.aborted === true) return
    waiting = []
    bytes = 0
  }
  if (waiting.length > 0) yield* await storeBatch(services, batch, waiting, origin)
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, longestError)
}

const longestError = 500

/** Everything in the files, in their order: what can be stored, and what is refused before it comes to that. */
function* arrivals(
  services: Services,
  files: readonly FoundFile[],
  targets: Targets,
  { onProgress }: ImportOptions,
): Generator<Waiting | ImportOutcome> {
  const total = files.reduce((sum, file) => sum + ('bytes' in file ? file.bytes : 0), 0)
  let before = 0
  for (const file of files) {
    if ('refused' in file) {
      yield { kind: 'refused', file: file.path, line: 0, reason: file.refused }
      continue
    }
    const progress = (read: number): void => onProgress?.(Math.min(before + read, total), total)
    for (const item of piecesOf(services, file, progress)) {
      yield 'object' in item ? directed(item, targets) : item
    }
    before += file.bytes
    progress(0)
  }
}

/** An object with the collection it goes into, or the reason why it goes nowhere. */
function directed(item: Omit<Waiting, 'collection'>, targets: Targets): Waiting | ImportOutcome {
  const collection = targets(item.object.component)
  if ('reason' in collection) return refusedAs(item, collection.reason)
  return { ...item, collection }
}

function refusedAs({ file, line }: { file: string; line: number }, reason: string): ImportOutcome {
  return { kind: 'refused', file, line, reason }
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
