import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { addBatch, type BatchRow, countQueued, findBatchById } from '../../../storage/batches/batches.ts'
import type { Writer } from '../../../storage/store.ts'
import { scheduleJob } from '../../../storage/upkeep/jobs.ts'
import type { Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'

/** What is to be done to so many that no request waits for it. */
export interface BulkWork {
  /** The kind of job that does it; its id is that of the batch. */
  readonly job: string
  /** As JSON, with how many it is about: what is told of it. */
  readonly action: unknown
  readonly total: number
  /** As JSON: what whoever does it needs to go on. */
  readonly options: unknown
}

/**
 * Has it done by a job: it is asked how far that is, and stopped, as when something is done to many people.
 * @param run.requestId  that of all that it writes: what an undo names
 * @throws refusal 429 where others of the account are not done yet
 */
export async function beginWork(
  tx: Writer,
  { principal: { id: principalId } }: Session,
  { job, action, total, options }: BulkWork,
  { settings, newId, requestId: key }: Pick<Services, 'settings' | 'newId'> & { readonly requestId: string },
): Promise<BatchRow> {
  if ((await countQueued(tx, principalId, job)) >= settings.api.bulkJobs)
    throw refuseStatus(429, 'Others of yours are not done yet: wait for them.')
  const id = await addBatch(tx, {
    ...{ key, runner: newId(), principalId, kind: 'bulk', isTrial: false },
    source: JSON.stringify({ action, total }),
    options: JSON.stringify(options),
  })
  await scheduleJob(tx, `${job}:${id}`, tx.now)
  const batch = await findBatchById(tx, id)
  if (!batch) throw new Error('The batch was not stored.')
  return batch
}
