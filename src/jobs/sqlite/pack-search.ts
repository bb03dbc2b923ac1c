import { setTimeout as wait } from 'node:timers/promises'
import { packSearch } from '../../../storage/search/pack.ts'
import type { Job } from '../runner.ts'

const dayMs = 86_400_000
/** So that writes of clients come between the steps. */
const pauseMs = 50

/** Brings the parts of SQLite's full-text index together once a day: all of it is written anew for that where anything changed. */
export const packSearchJob: Job = {
  kind: 'pack-search',
  everyMs: dayMs,
  async run({ store }, signal) {
    let isFirst = true
    while (!signal.aborted && (await store.write((tx) => packSearch(tx, isFirst)))) {
      isFirst = false
      await wait(pauseMs)
    }
    return undefined
  },
}
