import { duplicatesJob as kind, scanPending } from '../features/duplicates/duplicates.ts'
import type { Job } from './runner.ts'

/** Compares the cards that wait for it: those of a write that has brought many, and all of them after an update. */
export const duplicatesJob: Job = {
  kind,
  everyMs: 3_600_000,
  async run(services, signal) {
    const count = await scanPending(services, signal)
    if (count > 0) services.log.debug({ cards: count }, 'cards were compared with each other')
    return undefined
  },
}
