import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { GivenColumns } from '../../../protocol/csv/mapping.ts'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import {
  addBatch,
  type BatchRow,
  changeSource,
  countQueued,
  endBatch,
  findBatchById,
  listBatches,
  takeBatch,
} from '../../../storage/batches/batches.ts'
import { findWish, keepWish, limitWaiting, setWaiting } from '../../../storage/batches/waiting.ts'
import { claimBlob, findBlob } from '../../../storage/blobs/blob-rows.ts'
import { BlobMissingError } from '../../../storage/blobs/blob-store.ts'
import type { BatchId, BlobId } from '../../../storage/ids.ts'
import { findPrincipalById, type PrincipalRow } from '../../../storage/principals.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { scheduleJob } from '../../../storage/upkeep/jobs.ts'
import { actingFor } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { undoBatch } from '../batches/undo.ts'
import { receiveFile } from '../documents/receive.ts'
import { defineColumns } from '../transfer/fields/new-fields.ts'
import { bookIn, goOnWithImport } from '../transfer/import.ts'
import type { KeptChoices, MatchKey, OnMatch } from '../transfer/import-outcome.ts'
import { countItems } from '../transfer/read/count-items.ts'
import type { WantedField } from '../transfer/read/given-columns.ts'
import { decoderOf } from '../transfer/read/text-chunks.ts'
import { findTargets } from '../transfer/targets.ts'
import { TransferError } from '../transfer/transfer-error.ts'

/** The kinds of jobs that an import is done and undone by. */
export const importJobs = { run: 'import', undo: 'undo-import', forcedUndo: 'forced-undo-import' } as const

/** What an import of a file that is sent remembers, so that it can begin and go on. */
export interface UploadOptions {
  readonly into: string | undefined
  readonly keys: readonly MatchKey[]
  readonly onMatch: OnMatch
  /** What becomes of single items in place of that. */
  readonly choices: KeptChoices
  readonly charset: string | undefined
  readonly columns: GivenColumns
  /** Fields that are to be defined for columns; of an import for good they are by then. */
  readonly newFields: readonly WantedField[]
  /** Labels that every person gets. */
  readonly labels: readonly string[]
}

/** What is imported, and whether for good. */
export interface Asked {
  readonly isTrial: boolean
  readonly options: UploadOptions
}

interface Upload {
  readonly name: string
  readonly blobId: BlobId
  readonly hash: string
  readonly size: number
}

/**
 * Takes a file in as it comes, and has it imported by a job.
 * @throws refusal 413, 429; TransferError when the options cannot be
 */
export async function takeUpload(
  services: Services,
  account: PrincipalRow,
  octets: () => AsyncIterable<Buffer>,
  asked: Asked & { readonly name: string },
): Promise<BatchId> {
  const { store, settings, now } = services
  const { name, isTrial, options } = asked
  if (options.charset !== undefined) decoderOf(options.charset)
  await store.read(async (reader) => {
    await findTargets(reader, account.id, options.into)
    await checkQueue(reader, account, settings.limits, now())
  })
  const limits = { fileBytes: settings.limits.importBytes, roomBytes: Number.POSITIVE_INFINITY }
  const { blobId, size } = await receiveFile(services, octets(), limits)
  const blob = blobId === null ? undefined : await store.read((reader) => findBlob(reader, blobId))
  if (!blob || size === 0) throw refuseStatus(422, 'The file is empty.')
  const upload = { name: basename(name), blobId: blob.id, hash: blob.hash, size }
  return services.store.write((tx) => enqueue(tx, services, { account, upload, asked: { isTrial, options } }))
}

/** What an import was asked for. */
export function optionsOf({ options }: Pick<BatchRow, 'options'>): UploadOptions {
  const none = { into: undefined, keys: [], onMatch: 'update', charset: undefined, columns: {} } as const
  return {
    ...none,
    choices: {},
    newFields: [],
    labels: [],
    ...(JSON.parse(options) as Partial<UploadOptions>),
  }
}

/**
 * Imports again what was sent before: a trial for good, or with other columns. What is tried anew waits in its place, with what
 * is wished of it.
 * @throws refusal 403, 422 for fields that cannot be defined; 409 when it is no longer kept, or was no upload; 429
 */
export async function importAgain(
  services: Services,
  account: PrincipalRow,
  batch: BatchRow,
  { isTrial, options }: Asked,
): Promise<BatchId> {
  const upload = uploadOf(batch)
  const blob = upload && (await services.store.read((reader) => findBlob(reader, upload.blobId)))
  if (!upload || blob?.hash !== upload.hash) {
    throw refuseStatus(409, 'The file is no longer kept: send it again.')
  }
  await services.store.read((reader) => checkQueue(reader, account, services.settings.limits, services.now()))
  return services.store.write(async (tx) => {
    const id = await enqueue(tx, services, { account, upload, asked: { isTrial, options } })
    await setWaiting(tx, batch.id, null)
    const wish = isTrial ? await findWish(tx, batch.id) : undefined
    if (wish !== undefined) await keepWish(tx, id, wish)
    return id
  })
}

interface Queued {
  readonly account: PrincipalRow
  readonly upload: Upload
  readonly asked: Asked
}

async function enqueue(
  tx: Writer,
  { newId, settings }: Services,
  { account, upload, asked: { isTrial, options: asked } }: Queued,
): Promise<BatchId> {
  // Kept for as long as blobs are that nothing refers to.
  await claimBlob(tx, upload)
  const targets = await findTargets(tx, account.id, asked.into)
  const session = actingFor(account, settings)
  const { columns, made } = isTrial
    ? { columns: asked.columns, made: [] }
    : await defineColumns(tx, session, asked, bookIn(targets))
  const newFields = isTrial ? asked.newFields : []
  const source = JSON.stringify({ upload, ...(made.length > 0 && { made }) })
  const options = JSON.stringify({ ...asked, columns, newFields })
  const row = { key: newId(), runner: newId(), principalId: account.id, kind: 'import', isTrial } as const
  const id = await addBatch(tx, { ...row, source, options })
  await scheduleJob(tx, `${importJobs.run}:${id}`, tx.now)
  if (!isTrial) return id
  await setWaiting(tx, id, upload.blobId)
  await limitWaiting(tx, account.id, mostWaiting)
  return id
}

/** So many imports of an account wait to be done; of more the oldest are put away. */
const mostWaiting = 20

/** @throws refusal 429 */
async function checkQueue(
  reader: Reader,
  account: PrincipalRow,
  { imports, importDayBytes }: Services['settings']['limits'],
  now: number,
): Promise<void> {
  if ((await countQueued(reader, account.id, importJobs.run)) >= imports)
    throw refuseStatus(429, `An account may have ${imports} imports waiting at most.`)
  // What is sent is kept for some time, and counts for no quota.
  const latest = await listBatches(reader, account.id, { limit: mostPerDay, kinds: ['import'] })
  const today = latest.filter(({ startedAt }) => startedAt > now - dayMs)
  const bytes = today.reduce((sum, batch) => sum + (uploadOf(batch)?.size ?? 0), 0)
  if (bytes >= importDayBytes || today.length >= mostPerDay)
    throw refuseStatus(429, 'An account may have no more imported today.')
}

const dayMs = 86_400_000
const mostPerDay = 500

/** What was sent for an import; undefined for one of files that lay here. */
export function uploadOf({ source }: Pick<BatchRow, 'source'>): Upload | undefined {
  return (JSON.parse(source) as { upload?: Upload }).upload
}

/** How many items there are in what was sent, about, once that is known. */
export function totalOf({ source }: Pick<BatchRow, 'source'>): number | undefined {
  return (JSON.parse(source) as { total?: number }).total
}

/** Does something with what was sent as a file, which is there until that is over. @throws BlobMissingError */
export async function withUpload<T>(
  { settings, blobs }: Pick<Services, 'settings' | 'blobs'>,
  upload: Upload,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const parent = join(settings.data, 'imports')
  await mkdir(parent, { recursive: true, mode: 0o700 })
  const folder = await mkdtemp(join(parent, 'upload-'))
  try {
    const path = join(folder, `file-${upload.name.replace(/[^A-Za-z0-9._-]/g, '_').slice(-100)}`)
    await pipeline(await blobs.read(upload.hash), createWriteStream(path, { mode: 0o600 }))
    return await use(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Does an import, or goes on with it; what stops it is kept in its batch. */
export async function runImportJob(
  services: Services,
  id: BatchId,
  signal: AbortSignal,
): Promise<undefined | 'over'> {
  const { store } = services
  const batch = await store.read((reader) => findBatchById(reader, id))
  const upload = batch && uploadOf(batch)
  const account = batch && (await store.read((reader) => findPrincipalById(reader, batch.principalId)))
  if (!upload || !account || !['running', 'failed'].includes(batch.state)) return 'over'
  try {
    await withUpload(services, upload, async (path) => {
      if (totalOf(batch) === undefined) await noteTotal(services, batch, path)
      const options = { signal, shownAs: upload.name }
      for await (const _ of goOnWithImport(services, account, batch, options, [path]));
    })
    return 'over'
  } catch (error) {
    if (!(error instanceof TransferError) && !(error instanceof BlobMissingError)) throw error
    await fail(services, id, error.message)
    return 'over'
  }
}

async function noteTotal({ store }: Services, { id, source }: BatchRow, path: string): Promise<void> {
  const known = JSON.parse(source) as Record<string, unknown>
  const total = await countItems(path)
  await store.write((tx) => changeSource(tx, id, JSON.stringify({ ...known, total })))
}

async function fail({ store, newId }: Services, id: BatchId, error: string): Promise<void> {
  const runner = newId()
  await store.write(async (tx) => {
    if (await takeBatch(tx, id, runner)) await endBatch(tx, { id, runner }, { kind: 'failed', error })
  })
}

/** Undoes an import, or goes on undoing it. */
export async function runUndoJob(
  services: Services,
  id: BatchId,
  options: { readonly signal: AbortSignal; readonly isForced: boolean },
): Promise<'over'> {
  const batch = await services.store.read((reader) => findBatchById(reader, id))
  if (batch) for await (const _ of undoBatch(services, batch, options));
  return 'over'
}
