import type { GivenColumns } from '../../../protocol/csv/mapping.ts'
import { type BatchRow, endBatch } from '../../../storage/batches/batches.ts'
import type { BatchId, CollectionId } from '../../../storage/ids.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import { actingFor } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import type { Field } from '../fields/field.ts'
import { createPause } from '../pause.ts'
import { fieldsOfBook } from './fields/field-values.ts'
import { defineColumns, fieldsToBe } from './fields/new-fields.ts'
import { type FoundFile, findFiles } from './find-files.ts'
import {
  choicesIn,
  type ImportOutcome,
  type KeptChoices,
  type MatchKey,
  type OnMatch,
  type Waiting,
} from './import-outcome.ts'
import { beginImport, type OpenImport, rememberedFiles, resumeImport } from './open-import.ts'
import { filePieces } from './read/file-pieces.ts'
import type { WantedField } from './read/given-columns.ts'
import { decoderOf } from './read/text-chunks.ts'
import { type Numbered, type Storing, storeBatch } from './store/store-batch.ts'
import { findTargets, type Targets } from './targets.ts'

export interface ImportOptions {
  /** The name of the collection that shall have everything. */
  readonly into?: string | undefined
  /** Nothing is stored: what is told is what would be. */
  readonly isTrial?: boolean | undefined
  /** What of a card is compared with those that are there, beside its UID. */
  readonly keys?: readonly MatchKey[] | undefined
  /** What becomes of what is there already. */
  readonly onMatch?: OnMatch | undefined
  /** What becomes of single items that are there already, in place of that. */
  readonly choices?: KeptChoices | undefined
  /** What files are written in that do not say so; found out where it is not given. */
  readonly charset?: string | undefined
  /** Where columns of tables go. */
  readonly columns?: GivenColumns | undefined
  /** Fields that are defined for columns; in a trial they are as if they were. */
  readonly newFields?: readonly WantedField[] | undefined
  /** Labels that every person gets whom it brings. */
  readonly labels?: readonly string[] | undefined
  /** Told now and then how many octets of all files have been read. */
  readonly onProgress?: (read: number, total: number) => void
  /** Told the id of the batch that the import is, before the first item. */
  readonly onBatch?: (id: BatchId) => void
  /** Stops it after its present batch of writes. */
  readonly signal?: AbortSignal
  /** What a file is called in the report, where it lies somewhere else. */
  readonly shownAs?: string
  /** Whether what is read now is only counted: nobody looks into it. */
  readonly isPassed?: () => boolean
}

/** What of the options an import remembers, so that it can go on. */
type KeptOptions = Pick<
  ImportOptions,
  'into' | 'keys' | 'onMatch' | 'choices' | 'charset' | 'columns' | 'newFields' | 'labels'
>

/** So that others can write in between, and memory stays small. */
const batchObjects = 50
const batchBytes = 4_194_304

/**
 * Imports files and folders: cards, calendars, tables, directories. Every object goes the one write path; the same files again change
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
  const { into, keys, onMatch, choices, charset, labels } = options
  if (charset !== undefined) decoderOf(charset)
  const isTrial = options.isTrial === true
  const { made, ...given } = await settled(services, account, targets, options)
  const kept: KeptOptions = { into, keys, onMatch, choices, charset, labels, ...given }
  const batch = await beginImport(services, account, files, { isTrial, options: kept, made })
  const fields = await fieldsFor(services, account, targets, given.newFields)
  yield* runImport(services, { account, batch, files, targets, fields }, { ...options, ...given })
}

/**
 * Goes on with an import that was stopped; what it did before is not told again.
 * @param paths  where its files are now
 * @throws TransferError when it is over, or its files are not what they were
 */
export async function* goOnWithImport(
  services: Services,
  account: PrincipalRow,
  row: BatchRow,
  options: Omit<ImportOptions, keyof KeptOptions | 'isTrial'> = {},
  paths = rememberedFiles(row).map(({ path }) => path),
): AsyncGenerator<ImportOutcome> {
  const kept = JSON.parse(row.options) as KeptOptions
  const targets = await services.store.read((reader) => findTargets(reader, account.id, kept.into))
  const files = findFiles(paths)
  const batch = await resumeImport(services, row)
  const fields = await fieldsFor(services, account, targets, kept.newFields)
  yield* runImport(services, { account, batch, files, targets, fields }, { ...options, ...kept })
}

/** Columns with their fields, which are defined for good but in a trial. */
async function settled(
  { store, settings }: Services,
  account: PrincipalRow,
  targets: Targets,
  { columns = {}, newFields = [], isTrial = false }: ImportOptions,
) {
  if (isTrial || newFields.length === 0) return { columns, newFields, made: [] }
  const session = actingFor(account, settings)
  const defined = await store.write((tx) =>
    defineColumns(tx, session, { columns, newFields }, bookIn(targets)),
  )
  return { ...defined, newFields: [] }
}

/** The address book that cards go to. */
export function bookIn(targets: Targets): CollectionId | undefined {
  const book = targets('VCARD')
  return 'reason' in book ? undefined : book.id
}

/** The fields of the book that cards go to. @param wanted  those that are to be as if they were there */
export async function fieldsFor(
  { store, settings }: Services,
  account: PrincipalRow,
  targets: Targets,
  wanted: readonly WantedField[] = [],
): Promise<Field[]> {
  const fields = await store.read((reader) => fieldsOfBook(reader, account, bookIn(targets), settings))
  return [...fields, ...fieldsToBe(wanted)]
}

interface Running {
  readonly account: PrincipalRow
  readonly batch: OpenImport
  readonly files: readonly FoundFile[]
  readonly targets: Targets
  readonly fields: readonly Field[]
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
  { account, batch, files, targets, fields }: Running,
  options: ImportOptions,
): AsyncGenerator<ImportOutcome> {
  const { keys = [], onMatch = 'update', labels = [] } = options
  const storing: Storing = {
    batch,
    matching: { keys, onMatch, choices: choicesIn(options.choices) },
    labels,
    origin: { kind: 'import', authorId: account.id, requestId: batch.key },
    settings: services.settings,
    session: actingFor(account, services.settings),
    trial: batch.isTrial ? new Set() : undefined,
  }
  const pause = createPause()
  let waiting: Numbered[] = []
  let bytes = 0
  let number = 0
  // What was stored before it was stopped is passed by.
  const isPassed = (): boolean => number < batch.reached
  for (const item of arrivals(services, files, targets, { ...options, fields, isPassed })) {
    number += 1
    await pause()
    if (number <= batch.reached) continue
    waiting.push({ number, item })
    bytes += 'object' in item ? item.object.body.byteLength : 0
    if (waiting.length < batchObjects && bytes < batchBytes) continue
    yield* await storeBatch(services, storing, waiting)
    if (options.signal?.aborted === true) return
    waiting = []
    bytes = 0
  }
  if (waiting.length > 0) yield* await storeBatch(services, storing, waiting)
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, longestError)
}

const longestError = 500

/** Everything in the files, in their order: what can be stored, and what is refused before it comes to that. */
export function* arrivals(
  services: Services,
  files: readonly FoundFile[],
  targets: Targets,
  options: ImportOptions & { readonly fields: readonly Field[] },
): Generator<Waiting | ImportOutcome> {
  const total = files.reduce((sum, file) => sum + ('bytes' in file ? file.bytes : 0), 0)
  let before = 0
  for (const file of files) {
    if ('refused' in file) {
      yield refusedAs({ file: options.shownAs ?? file.path, line: 0 }, file.refused)
      continue
    }
    const progress = (read: number): void => options.onProgress?.(Math.min(before + read, total), total)
    for (const read of filePieces(services, file, options, progress)) {
      const item = options.shownAs === undefined ? read : { ...read, file: options.shownAs }
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
