import { deriveStaleValues } from '../features/fields/follow-values.ts'
import type { Job } from './runner.ts'

/** Has people found by the new names of answers that many of them have given. */
export const customFields: Job = {
  kind: 'custom-fields',
  everyMs: 60_000,
  async run({ store, log }, signal) {
    const writes = await deriveStaleValues(store, signal)
    if (writes > 0) log.debug({ writes }, 'values of fields were derived anew')
    return undefined
  },
}
