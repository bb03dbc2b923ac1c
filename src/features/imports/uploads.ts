import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import {
  addBatch,
  type BatchRow,
  countQueued,
  endBatch,
  findBatchById,
  listBatches,
  takeBatch,
} from '../../../storage/batches/batches.ts'
import { claimBlob, findBlob } from '../../../storage/blobs/blob-rows.ts'
import { BlobMissingError } from '../../../storage/blobs/blob-store.ts'
import type { BatchId, BlobId } from '../../../storage/ids.ts'
import { findPrincipalById, type PrincipalRow } from '../../../storage/principals.ts'
import type { Reader } from '../../../storage/store.ts'
import { scheduleJob } from '../../../storage/upkeep/jobs.ts'
import type { Services } from '../../services.ts'
import { undoBatch } from '../batches/undo.ts'
import { receiveFile } from '../documents/receive.ts'
import { goOnWithImport } from '../transfer/import.ts'
import type { MatchKey, OnMatch } from '../transfer/import-outcome.ts'
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
  readonly charset: string | undefined
  readonly columns: Readonly<Record<string, string>> | undefined
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
  asked: { readonly name: string; readonly isTrial: boolean; readonly options: UploadOptions },
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
  return enqueue(services, account, upload, { isTrial, options: JSON.stringify(options) })
}

/**
 * Imports again what was sent before: a trial for good.
 * @throws refusal 409 when it is no longer kept, or was no upload; 429
 */
export async function importAgain(
  services: Services,
  account: PrincipalRow,
  batch: BatchRow,
): Promise<BatchId> {
  const upload = uploadOf(batch)
  const blob = upload && (await services.store.read((reader) => findBlob(reader, upload.blobId)))
  if (!upload || blob?.hash !== upload.hash) {
    throw refuseStatus(409, 'The file is no longer kept: send it again.')
  }
  await services.store.read((reader) => checkQueue(reader, account, services.settings.limits, services.now()))
  return enqueue(services, account, upload, { isTrial: false, options: batch.options })
}

function enqueue(
  { store, newId }: Services,
  account: PrincipalRow,
  upload: Upload,
  { isTrial, options }: { readonly isTrial: boolean; readonly options: string },
): Promise<BatchId> {
  return store.write(async (tx) => {
    // Kept for as long as blobs are that nothing refers to.
    await claimBlob(tx, upload)
    const source = JSON.stringify({ upload })
    const made = { key: newId(), runner: newId(), principalId: account.id, kind: 'import', isTrial } as const
    const id = await addBatch(tx, { ...made, source, options })
    await scheduleJob(tx, `${importJobs.run}:${id}`, tx.now)
    return id
  })
}

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
  const latest = await listBatches(reader, account.id, { limit: mostPerDay })
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

/** Does an import, or goes on with it; what stops it is kept in its batch. */
export async function runImportJob(
  services: Services,
  id: BatchId,
  signal: AbortSignal,
): Promise<undefined | 'over'> {
  const { store, settings } = services
  const batch = await store.read((reader) => findBatchById(reader, id))
  const upload = batch && uploadOf(batch)
  const account = batch && (await store.read((reader) => findPrincipalById(reader, batch.principalId)))
  if (!upload || !account || !['running', 'failed'].includes(batch.state)) return 'over'
  const parent = join(settings.data, 'imports')
  await mkdir(parent, { recursive: true, mode: 0o700 })
  const folder = await mkdtemp(join(parent, 'upload-'))
  try {
    const path = join(folder, `file-${upload.name.replace(/[^A-Za-z0-9._-]/g, '_').slice(-100)}`)
    await pipeline(await services.blobs.read(upload.hash), createWriteStream(path, { mode: 0o600 }))
    const options = { signal, shownAs: upload.name }
    for await (const _ of goOnWithImport(services, account, batch, options, [path]));
    return 'over'
  } catch (error) {
    if (!(error instanceof TransferError) && !(error instanceof BlobMissingError)) throw error
    await fail(services, id, error.message)
    return 'over'
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
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
