import { setTimeout as wait } from 'node:timers/promises'
import { findJob, noteProgress, progressOf } from '../../storage/upkeep/jobs.ts'
import { reindexJob as kind, reindexAll } from '../features/reindex.ts'
import type { Job } from './runner.ts'

/** So that writes of clients come between the parts. */
const pauseMs = 20

/**
 * Derives what is found by from the octets again, after an update that has added to it: a migration makes it due. It goes on
 * where it was stopped.
 */
export const reindexJob: Job = {
  kind,
  async run(services, signal) {
    const { store, log } = services
    const row = await store.read((reader) => findJob(reader, kind))
    const from = row && progressOf(row)
    const counts = await reindexAll(
      services,
      async (progress) => {
        await store.write((tx) => noteProgress(tx, kind, progress))
        await wait(pauseMs)
      },
      { from, signal },
    )
    log.info(counts, 'the index was derived anew')
    return 'over'
  },
}
