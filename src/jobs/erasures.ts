import { eraseAgain } from '../features/privacy/again.ts'
import { finishErasures } from '../features/privacy/erase.ts'
import type { Job } from './runner.ts'

/** Goes on with erasures that were cut off, and erases again whom a database has that was put back from a copy. */
export const erasures: Job = {
  kind: 'erasures',
  everyMs: 3_600_000,
  async run(services) {
    await finishErasures(services)
    const again = await eraseAgain(services, { everybody: false })
    if (again > 0) services.log.warn({ again }, 'erased again who had come back with a copy of the database')
    return undefined
  },
}
