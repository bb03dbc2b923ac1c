import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { defaults } from '../../config/defaults.ts'
import { runNextJob } from '../../src/jobs/run-job.ts'
import { type Job, type JobOutcome, jobs, startJobs } from '../../src/jobs/runner.ts'
import { createLog } from '../../src/log.ts'
import type { Services } from '../../src/services.ts'
import { fileBlobs } from '../../storage/blobs/file-blobs.ts'
import { openStore } from '../../storage/store.ts'
import {
  claimJob,
  ensureJob,
  type JobRow,
  listJobs,
  scheduleJob,
  settleJob,
} from '../../storage/upkeep/jobs.ts'
import { openTestStore, type TestStore } from '../store.ts'

const minute = 60_000
const hour = 60 * minute

let world: TestStore
let services: Services
beforeAll(async () => {
  world = await openTestStore()
  services = servicesOf(world)
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(() => world.store.write((tx) => tx.sql.run('DELETE FROM jobs')))

function servicesOf({
  store,
  clock,
  dataDirectory,
}: Pick<TestStore, 'store' | 'clock' | 'dataDirectory'>): Services {
  const log = createLog('silent')
  const blobs = fileBlobs(join(dataDirectory, 'blobs'))
  return { store, blobs, settings: defaults, log, now: () => clock.now, newId: randomUUID }
}

const never = new AbortController().signal
const schedule = (key: string, inMs = 0) =>
  world.store.write((tx) => scheduleJob(tx, key, world.clock.now + inMs))
const jobOf = (run: Job['run'], kind = 'test'): Job => ({ kind, everyMs: hour, run })
const noting = (ran: string[]): Job[] => [
  jobOf(async (_services, _signal, id) => {
    ran.push(id)
    return undefined
  }),
]
const ending = (outcome: JobOutcome): Job[] => [jobOf(async () => outcome)]
const next = (jobs: readonly Job[], only?: string) => runNextJob(services, jobs, never, only)

async function rowOf(key: string): Promise<JobRow | undefined> {
  return (await world.store.read(listJobs)).find((row) => row.key === key)
}

describe('a job', () => {
  it('runs when it is due, the one that waits for longest first, and is given its id', async () => {
    const ran: string[] = []
    await schedule('test:late', -1)
    await schedule('test:early', -2)
    await schedule('test:not-yet', 1)
    while (await next(noting(ran))) {}
    expect(ran).toEqual(['early', 'late'])
    world.clock.now += 1
    await next(noting(ran))
    expect(ran).toEqual(['early', 'late', 'not-yet'])
  })

  it('comes again after its usual time, or when it says', async () => {
    await schedule('test')
    await next(ending(undefined))
    const usual = { nextAt: world.clock.now + hour, lastAt: world.clock.now, attempts: 0, lastError: null }
    expect(await rowOf('test')).toMatchObject(usual)
    await next(ending({ nextInMs: 5 }), 'test')
    expect(await rowOf('test')).toMatchObject({ nextAt: world.clock.now + 5 })
  })

  it('that is over leaves no row', async () => {
    await schedule('test:1')
    expect(await next(ending('over'))).toEqual({ kind: 'over' })
    expect(await rowOf('test:1')).toBeUndefined()
  })

  it('that fails says why in its row, and is tried later and later, after a day at the latest', async () => {
    await schedule('test')
    const waits: number[] = []
    for (let attempt = 1; attempt <= 14; attempt += 1) {
      await next([jobOf(() => Promise.reject(new Error(`broken ${attempt}`)))])
      const row = await rowOf('test')
      expect(row).toMatchObject({ attempts: attempt, lastError: `Error: broken ${attempt}` })
      waits.push((row?.nextAt ?? 0) - world.clock.now)
      world.clock.now = row?.nextAt ?? 0
    }
    waits.forEach((wait, at) => {
      const whole = Math.min(minute * 2 ** at, 24 * hour)
      expect(wait).toBeGreaterThanOrEqual(whole * 0.75)
      expect(wait).toBeLessThanOrEqual(whole)
    })
    await next(ending(undefined))
    expect(await rowOf('test')).toMatchObject({ attempts: 0, lastError: null })
  })

  it('may ask for more time before it is tried again, but not for less', async () => {
    await schedule('test')
    await next(ending({ failed: 'come later', retryInMs: 3 * hour }))
    expect(await rowOf('test')).toMatchObject({ nextAt: world.clock.now + 3 * hour, lastError: 'come later' })
    await next(ending({ failed: 'soon', retryInMs: 0 }), 'test')
    expect((await rowOf('test'))?.nextAt).toBeGreaterThan(world.clock.now + minute)
  })

  it('that this version does not know stays', async () => {
    await schedule('other:1')
    expect(await next(ending(undefined))).toMatchObject({ kind: 'failed' })
    expect(await rowOf('other:1')).toMatchObject({ lastError: 'This version knows no such job.' })
  })

  it('that was made due anew while it ran stays due', async () => {
    await schedule('test:1', -5)
    for (const outcome of [undefined, 'over', { failed: 'why' }] as const) {
      const again = async () => {
        await schedule('test:1')
        return outcome
      }
      await next([jobOf(again)])
      expect(await rowOf('test:1')).toMatchObject({ nextAt: world.clock.now, attempts: 0, leasedUntil: 0 })
      world.clock.now += 5
    }
  })
})

describe('the lease of a job', () => {
  it('keeps it from others while it runs', async () => {
    await schedule('test')
    const during = async () => {
      expect(await next(ending(undefined))).toBeUndefined()
      expect(await next(ending(undefined), 'test')).toBeUndefined()
      return undefined
    }
    expect(await next([jobOf(during)])).toMatchObject({ kind: 'done' })
  })

  it('passes to another process when the first is dead, which then can settle nothing', async () => {
    const { store, clock } = world
    await schedule('test')
    const dead = await store.write((tx) => claimJob(tx, { lease: 'dead', until: clock.now + minute }))
    if (!dead) throw new Error('not claimed')
    expect(await next(ending(undefined))).toBeUndefined()
    clock.now += minute
    const during = async () => {
      await store.write((tx) => settleJob(tx, dead, { kind: 'over' }))
      expect(await rowOf('test')).toMatchObject({ attempts: 2 })
      return undefined
    }
    expect(await next([jobOf(during)])).toMatchObject({ kind: 'done' })
    expect(await rowOf('test')).toMatchObject({ attempts: 0, nextAt: clock.now + hour })
  })

  it('is given back by a process that stops, without counting as a failure', async () => {
    await schedule('test')
    const stopping = new AbortController()
    const stopped = jobOf(async (_services, signal) => {
      stopping.abort()
      signal.throwIfAborted()
      return undefined
    })
    expect(await runNextJob(services, [stopped], stopping.signal)).toEqual({ kind: 'stopped' })
    expect(await rowOf('test')).toMatchObject({ nextAt: world.clock.now, attempts: 0, leasedUntil: 0 })
    expect(await next(ending(undefined))).toMatchObject({ kind: 'done' })
  })

  it('lets several processes do each job once', async () => {
    const { database, dataDirectory, clock } = world
    await using second = await openStore({ database, dataDirectory, now: () => clock.now, newId: randomUUID })
    const ran: string[] = []
    const ids = Array.from({ length: 40 }, (_, n) => String(n))
    for (const id of ids) await schedule(`test:${id}`)
    const workers = [world.store, second, world.store, second].map(async (store) => {
      while (await runNextJob(servicesOf({ store, clock, dataDirectory }), noting(ran), never)) {}
    })
    await Promise.all(workers)
    expect(ran.toSorted((a, b) => Number(a) - Number(b))).toEqual(ids)
  })
})

describe('the runner', () => {
  it('makes the rows of the jobs that come by themselves, once, and stops at once', async () => {
    const { store, clock } = world
    const started = startJobs(services)
    const usual = jobs.filter(({ everyMs }) => everyMs !== undefined).map(({ kind }) => kind)
    await expect.poll(() => store.read(listJobs)).toHaveLength(usual.length)
    await started.stop()
    const rows = await store.read(listJobs)
    expect(usual).toContain('purge')
    expect(rows.map(({ key, nextAt }) => [key, nextAt - clock.now])).toEqual(
      usual.sort().map((kind) => [kind, minute]),
    )
    await store.write((tx) => ensureJob(tx, 'purge', 0))
    expect(await rowOf('purge')).toMatchObject({ nextAt: clock.now + minute })
  })

  it('does what is due', async () => {
    await schedule('purge', -1)
    const started = startJobs(services)
    await expect.poll(() => rowOf('purge')).toMatchObject({ lastAt: world.clock.now, attempts: 0 })
    await started.stop()
  })
})
