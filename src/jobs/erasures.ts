import { listRetentionRules } from '../../storage/privacy/retention-rules.ts'
import { eraseAgain } from '../features/privacy/again.ts'
import { finishErasures } from '../features/privacy/erase.ts'
import { applyRule } from '../features/privacy/retention/retention.ts'
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

/** Takes away, or counts, what has been kept for as long as the rules say. */
export const retention: Job = {
  kind: 'retention',
  everyMs: 86_400_000,
  async run(services, signal) {
    for (const rule of await services.store.read(listRetentionRules)) {
      if (signal.aborted) break
      await applyRule(services, rule, signal)
    }
    return undefined
  },
}
