import { setTimeout as wait } from 'node:timers/promises'
import { countPending } from '../../storage/match/match-keys.ts'
import { duplicatesJob as kind, scanPending } from '../features/duplicates/duplicates.ts'
import type { Services } from '../services.ts'
import { hangBell } from './bell.ts'
import type { Job } from './runner.ts'

/** Compares the cards that wait for it: those that have come or changed, and all of them after an update. */
export const duplicatesJob: Job = {
  kind,
  everyMs: 3_600_000,
  async run(services, signal) {
    const count = await scanPending(services, signal)
    if (count > 0) services.log.debug({ cards: count }, 'cards were compared with each other')
    return undefined
  },
}

/** So long after a card has come it is compared at the latest, together with those that came meanwhile. */
const pauseMs = 2_000

/**
 * Has cards compared soon after they have come; where none wait, nothing is written for it.
 * @param run  runs the job, if nobody else does
 */
export async function duplicatesWaker(
  { store, log }: Pick<Services, 'store' | 'log'>,
  run: () => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  using bell = hangBell(store, ['events'], signal)
  while (!signal.aborted) {
    await bell.heard()
    await wait(pauseMs, undefined, { signal }).catch(() => {})
    if (signal.aborted) break
    try {
      if ((await store.read(countPending)) > 0) await run()
    } catch (error) {
      log.error({ err: error }, 'cards could not be compared')
    }
  }
}
