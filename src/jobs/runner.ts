import { setTimeout as wait } from 'node:timers/promises'
import { ensureJob, hasDueJob } from '../../storage/upkeep/jobs.ts'
import type { Services } from '../services.ts'
import { bulkPeopleJob, changeLabelJob, fillBookJob, settleListsJob, undoChangesJob } from './bulk-changes.ts'
import { customFields } from './custom-fields.ts'
import { dropDirectoriesJob } from './drop-directories.ts'
import { duplicatesJob, duplicatesWaker } from './duplicates.ts'
import { erasures, retention } from './erasures.ts'
import { extendIndex } from './extend-index.ts'
import { followBooksJob } from './follow-books.ts'
import { forcedUndoJob, importJob, undoJob } from './imports.ts'
import { keepInTouch } from './keep-in-touch.ts'
import { outboxJob, outboxWaker } from './outbox.ts'
import { purge } from './purge.ts'
import { refreshSubscriptionJob } from './refresh-subscription.ts'
import { reindexJob } from './reindex.ts'
import { runNextJob } from './run-job.ts'
import { packSearchJob } from './sqlite/pack-search.ts'
import { sweepBlobs } from './sweep-blobs.ts'
import { copyBooks, lookAgain } from './virtual-books.ts'

/** What a job says at its end: nothing, and its next time is its usual one; when that is; or what failed, and why. */
export type JobOutcome =
  | undefined
  | { readonly nextInMs: number }
  | { readonly failed: string; readonly retryInMs?: number | undefined }
  | 'over'

/** Work that is done from time to time. One process does it at a time, but it may be begun again after a crash. */
export interface Job {
  /** The key of its row; with `:ID` behind where there is a row for each thing. */
  readonly kind: string
  /** The usual time between; a job that has it, has one row, which is there from the start. */
  readonly everyMs?: number
  /** @param signal  aborted when the server stops: the job ends after its present batch */
  run(services: Services, signal: AbortSignal, id: string): Promise<JobOutcome>
}

/** Every job there is. */
export const jobs: readonly Job[] = [
  purge,
  erasures,
  retention,
  sweepBlobs,
  packSearchJob,
  extendIndex,
  followBooksJob,
  keepInTouch,
  dropDirectoriesJob,
  duplicatesJob,
  customFields,
  copyBooks,
  lookAgain,
  reindexJob,
  refreshSubscriptionJob,
  importJob,
  undoJob,
  forcedUndoJob,
  undoChangesJob,
  bulkPeopleJob,
  changeLabelJob,
  fillBookJob,
  settleListsJob,
  outboxJob,
]

/** A little after the first start, so that starting is quick. */
const firstAfterMs = 60_000
/** How long a job waits at most that another process, or a request, has made due. */
const pollMs = 5_000
/** So many jobs run at once in one process. */
const lanes = 3

/** Runs the jobs that are due until stopped. */
export function startJobs(services: Services): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const { signal } = stopping
  const ready = makeRows(services)
  const running = Array.from({ length: lanes }, () => ready.then(() => lane(services, signal)))
  const send = () => runNextJob(services, jobs, signal, outboxJob.kind)
  running.push(ready.then(() => outboxWaker(services, send, signal)))
  const compare = () => runNextJob(services, jobs, signal, duplicatesJob.kind)
  running.push(ready.then(() => duplicatesWaker(services, compare, signal)))
  return {
    async stop() {
      stopping.abort()
      await Promise.all(running)
    },
  }
}

async function makeRows({ store, log, now }: Services): Promise<void> {
  const usual = jobs.filter(({ everyMs }) => everyMs !== undefined)
  try {
    await store.write(async (tx) => {
      for (const { kind } of usual) await ensureJob(tx, kind, now() + firstAfterMs)
    })
  } catch (error) {
    log.error({ err: error }, 'the jobs could not be set up')
  }
}

async function lane(services: Services, signal: AbortSignal): Promise<void> {
  const { store, log, now } = services
  while (!signal.aborted) {
    let didRun = false
    try {
      const isDue = await store.read((reader) => hasDueJob(reader, now()))
      didRun = isDue && (await runNextJob(services, jobs, signal)) !== undefined
    } catch (error) {
      log.error({ err: error }, 'a job could not be claimed')
    }
    if (!didRun) await wait(pollMs, undefined, { signal }).catch(() => {})
  }
}
