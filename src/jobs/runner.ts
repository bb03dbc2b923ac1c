import type { Services } from '../services.ts'
import { extendIndex } from './extend-index.ts'
import { purge } from './purge.ts'

/** Work that is done from time to time. It may run twice, and in several processes. */
export interface Job {
  readonly key: string
  readonly everyMs: number
  /** @param signal  aborted when the server stops: the job ends after its present batch */
  run(services: Services, signal: AbortSignal): Promise<void>
}

const jobs: readonly Job[] = [purge, extendIndex]

/** A little after the start, so that starting is quick. */
const firstAfterMs = 60_000

/** Runs the jobs until stopped; a failure is logged, and the job tried again at its next time. */
export function startJobs(services: Services): { stop(): Promise<void> } {
  const { log } = services
  let running: Promise<void> = Promise.resolve()
  const stopping = new AbortController()
  const run = (job: Job): void => {
    running = running.then(async () => {
      if (stopping.signal.aborted) return
      try {
        await job.run(services, stopping.signal)
      } catch (error) {
        log.error({ err: error, job: job.key }, 'a job failed')
      }
    })
  }
  const timers = jobs.flatMap((job) => [
    setTimeout(() => run(job), firstAfterMs),
    setInterval(() => run(job), job.everyMs),
  ])
  return {
    async stop() {
      stopping.abort()
      for (const timer of timers) clearTimeout(timer)
      await running
    },
  }
}
