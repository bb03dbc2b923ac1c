import { setTimeout as wait } from 'node:timers/promises'
import type { ObjectId } from '../../storage/ids.ts'
import { purgeExpired } from '../../storage/purge.ts'
import type { Job } from './runner.ts'

const dayMs = 86_400_000
const keepRevisions = 10
const batch = 500
/** So that writes of clients come between the batches. */
const pauseMs = 50

/** Takes away revisions, trash, tombstones, events, notifications and locks that have outlived their time (law 4). */
export const purge: Job = {
  kind: 'purge',
  everyMs: 3_600_000,
  async run({ store, settings, log, now }, signal) {
    const { revisionDays, trashDays, tombstoneDays, eventDays, notificationDays } = settings.retention
    const before = (days: number): number => now() - days * dayMs
    let afterObject: ObjectId | undefined
    while (!signal.aborted) {
      const counts = await store.write((tx) =>
        purgeExpired(tx, {
          revisionsBefore: before(revisionDays),
          keepRevisions,
          trashBefore: before(trashDays),
          tombstonesBefore: before(tombstoneDays),
          eventsBefore: before(eventDays),
          notificationsBefore: before(notificationDays),
          batch,
          afterObject,
        }),
      )
      log.debug({ counts }, 'purged a batch')
      if (!counts.more && counts.nextObject === undefined) return
      afterObject = counts.nextObject
      await wait(pauseMs)
    }
  },
}
