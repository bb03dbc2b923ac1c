import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { addBatch, type BatchRow, findBatch, takeBatch } from '../../../storage/batches/batches.ts'
import type { BatchId, CustomFieldId } from '../../../storage/ids.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import type { Services } from '../../services.ts'
import { type FoundFile, systemReason } from './find-files.ts'
import type { RunningBatch } from './store/store-batch.ts'
import { TransferError } from './transfer-error.ts'

/** A file of an import, as its batch remembers it. */
export interface RememberedFile {
  readonly path: string
  /** SHA-256, hexadecimal; empty where it could not be read. */
  readonly hash: string
}

/** A batch that is open to be written. `reached` is the number of the last item that is stored. */
export interface OpenImport extends RunningBatch {
  readonly reached: number
}

/** Begins an import of these files. */
export async function beginImport(
  { store, newId }: Services,
  account: PrincipalRow,
  files: readonly FoundFile[],
  {
    isTrial,
    options,
    made,
  }: { readonly isTrial: boolean; readonly options: unknown; readonly made: readonly CustomFieldId[] },
): Promise<OpenImport> {
  const key = newId()
  const runner = newId()
  const source: RememberedFile[] = files.map(({ path }) => ({ path, hash: hashOf(path) }))
  const id = await store.write((tx) =>
    addBatch(tx, {
      key,
      principalId: account.id,
      kind: 'import',
      isTrial,
      runner,
      source: JSON.stringify({ files: source, ...(made.length > 0 && { made }) }),
      options: JSON.stringify(options),
    }),
  )
  return { id, key, runner, isTrial, reached: 0 }
}

/** The fields that were defined for an import. */
export function fieldsMade({ source }: Pick<BatchRow, 'source'>): readonly CustomFieldId[] {
  return (JSON.parse(source) as { made?: CustomFieldId[] }).made ?? []
}

/** The files that an import was of; none where they were sent. */
export function rememberedFiles({ source }: Pick<BatchRow, 'source'>): RememberedFile[] {
  return (JSON.parse(source) as { files?: RememberedFile[] }).files ?? []
}

/**
 * Goes on with an import where it stopped.
 * @throws TransferError when it is over, or its files are not what they were
 */
export async function resumeImport({ store, newId }: Services, batch: BatchRow): Promise<OpenImport> {
  if (batch.kind !== 'import') throw new TransferError(`Batch ${batch.id} is no import.`)
  for (const { path, hash } of rememberedFiles(batch)) {
    if (hashOf(path) !== hash) {
      throw new TransferError(`The file ${path} is not what it was: import it anew.`)
    }
  }
  const runner = newId()
  if (!(await store.write((tx) => takeBatch(tx, batch.id, runner)))) {
    throw new TransferError(`Import ${batch.id} is ${batch.state}: there is nothing to go on with.`)
  }
  const { id, key, trial, reached } = batch
  return { id, key, runner, isTrial: trial === 1, reached: Number(reached ?? 0) }
}

/** @throws TransferError when the account has no such import */
export async function findImport({ store }: Services, account: PrincipalRow, id: BatchId): Promise<BatchRow> {
  const batch = await store.read((reader) => findBatch(reader, account.id, id))
  if (!batch || batch.kind === 'undo' || batch.kind === 'bulk')
    throw new TransferError(`There is no import ${id}; see farley import list.`)
  return batch
}

const chunkBytes = 1_048_576

function hashOf(path: string): string {
  const hash = createHash('sha256')
  try {
    const file = openSync(path, 'r')
    try {
      const chunk = Buffer.allocUnsafe(chunkBytes)
      for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) {
        hash.update(chunk.subarray(0, read))
      }
    } finally {
      closeSync(file)
    }
    return hash.digest('hex')
  } catch (error) {
    systemReason(error)
    return ''
  }
}
