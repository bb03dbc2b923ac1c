import { type Claim, claimJob, type JobEnd, renewLease, settleJob } from '../../storage/upkeep/jobs.ts'
import type { Services } from '../services.ts'
import type { Job, JobOutcome } from './runner.ts'

/** How long a job is ours without a sign of life: then the process that claimed it is taken for dead. */
const leaseMs = 300_000
const firstRetryMs = 60_000
const dayMs = 86_400_000
const longestError = 500

/**
 * Claims the job that is due for longest, or the one with that key, and runs it to its end. What goes wrong is kept in
 * its row, and it is tried again later and later, after a day at the latest.
 * @param only  a key: that job now, due or not
 * @returns how it ended; undefined when there is none to run, or another process runs it
 */
export async function runNextJob(
  services: Services,
  jobs: readonly Job[],
  signal: AbortSignal,
  only?: string,
): Promise<JobEnd | undefined> {
  const { store, newId, now } = services
  const until = now() + leaseMs
  const lease = newId()
  const claim = await store.write((tx) =>
    claimJob(tx, only === undefined ? { lease, until } : { lease, until, key: only }),
  )
  if (!claim) return undefined
  const end = await runClaimed(services, jobs, claim, signal)
  await store.write((tx) => settleJob(tx, claim, end))
  return end
}

async function runClaimed(
  services: Services,
  jobs: readonly Job[],
  claim: Claim,
  signal: AbortSignal,
): Promise<JobEnd> {
  const { log, now } = services
  const [kind = '', id = ''] = claim.key.split(':', 2)
  const job = jobs.find((known) => known.kind === kind)
  const retryAt = (atLeastMs = 0): number => now() + Math.max(backoffMs(claim.attempts), atLeastMs)
  if (!job) return { kind: 'failed', nextAt: retryAt(), error: 'This version knows no such job.' }
  const kept = keepLease(services, claim)
  try {
    const outcome = await job.run(services, AbortSignal.any([signal, kept.lost]), id)
    if (signal.aborted) return { kind: 'stopped' }
    if (outcome === 'over') return { kind: 'over' }
    if (outcome && 'failed' in outcome) {
      log.warn({ job: claim.key, attempts: claim.attempts, reason: outcome.failed }, 'a job failed')
      return {
        kind: 'failed',
        nextAt: retryAt(outcome.retryInMs),
        error: outcome.failed.slice(0, longestError),
      }
    }
    return { kind: 'done', nextAt: now() + nextInMs(job, outcome) }
  } catch (error) {
    if (signal.aborted) return { kind: 'stopped' }
    log.error({ err: error, job: claim.key, attempts: claim.attempts }, 'a job failed')
    return { kind: 'failed', nextAt: retryAt(), error: String(error).slice(0, longestError) }
  } finally {
    kept.stop()
  }
}

function nextInMs({ everyMs = dayMs }: Job, outcome: JobOutcome): number {
  return typeof outcome === 'object' && 'nextInMs' in outcome ? outcome.nextInMs : everyMs
}

/** Twice as long after each attempt, and not for all at the same moment. */
function backoffMs(attempts: number): number {
  const whole = Math.min(firstRetryMs * 2 ** (attempts - 1), dayMs)
  return Math.round(whole * (0.75 + Math.random() / 4))
}

/** Renews the lease while the job runs; `lost` is aborted when another process has taken it. */
function keepLease({ store, log, now }: Services, claim: Claim): { lost: AbortSignal; stop(): void } {
  const losing = new AbortController()
  const renew = async (): Promise<void> => {
    try {
      if (!(await store.write((tx) => renewLease(tx, claim, now() + leaseMs)))) losing.abort()
    } catch (error) {
      log.warn({ err: error, job: claim.key }, 'the lease of a job could not be renewed')
    }
  }
  const timer = setInterval(() => void renew(), leaseMs / 3)
  return { lost: losing.signal, stop: () => clearInterval(timer) }
}
