import {
  addBatch,
  type BatchCounts,
  changeOptions,
  findBatchById,
  holdBatch,
  reopenBatch,
} from '../../../storage/batches/batches.ts'
import type { BatchId } from '../../../storage/ids.ts'
import { addSource, findSource, type MigrationSourceRow } from '../../../storage/migration-sources/sources.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import type { Writer } from '../../../storage/store.ts'
import type { Services } from '../../services.ts'
import { MigrationError } from './remote/migration-error.ts'
import type { Remote } from './remote/remote.ts'

/** The migration is no longer this process's: nothing of it can go on here. */
export class LostRunError extends MigrationError {
  override name = 'LostRunError'
}

/** A migration while a process runs it. */
export interface Run {
  readonly services: Services
  readonly account: PrincipalRow
  readonly remote: Remote
  readonly source: MigrationSourceRow
  readonly batch: { readonly id: BatchId; readonly runner: string }
  readonly origin: Origin
  /** The number of the last item of the batch that is stored. */
  reached: number
}

/** What is remembered of where a migration is from. Never a password. */
export interface RunSource {
  readonly url: URL
  readonly user: string
  /** What was asked for, as JSON; undefined for what it was before. */
  readonly remembered?: string | undefined
}

/**
 * Begins a migration, or goes on with the one from the same server and user: it is one batch from its first run to the
 * last, so that it can be undone as a whole. One that was undone is begun anew.
 */
export async function openRun(
  services: Services,
  account: PrincipalRow,
  remote: Remote,
  { url, user, remembered }: RunSource,
): Promise<Run> {
  const { store, newId } = services
  const runner = newId()
  const place = plainAddress(url)
  const opened = await store.write(async (tx) => {
    const known = await findSource(tx, account.id, place, user)
    if (known && (await reopenBatch(tx, known.batchId, runner))) {
      if (remembered !== undefined) await changeOptions(tx, known.batchId, remembered)
      const batch = await findBatchById(tx, known.batchId)
      return { source: known, key: batch?.key ?? '', reached: Number(batch?.reached ?? 0) }
    }
    const key = newId()
    const source = JSON.stringify({ url: place, user })
    const batchId = await addBatch(tx, {
      ...{ key, principalId: account.id, kind: 'migration', isTrial: false },
      ...{ runner, source, options: remembered ?? '{}' },
    })
    const made = await addSource(tx, { principalId: account.id, url: place, userName: user, batchId })
    return { source: made, key, reached: 0 }
  })
  const { source, key, reached } = opened
  const origin: Origin = { kind: 'import', authorId: account.id, requestId: key }
  const batch = { id: source.batchId, runner }
  return { services, account, remote, source, batch, origin, reached }
}

/** Without user, password, query and fragment. */
export function plainAddress({ origin, pathname }: URL): string {
  return origin + pathname
}

/** The first statement of a write. @throws LostRunError */
export async function holdRun(tx: Writer, { batch }: Run): Promise<void> {
  if (await holdBatch(tx, batch)) return
  throw new LostRunError('The migration is no longer ours: it is undone, or another process goes on with it.')
}

export const noCounts: BatchCounts = { created: 0, updated: 0, unchanged: 0, skipped: 0, refused: 0 }
