import { addPending } from '../../../storage/match/match-keys.ts'
import { grouped } from '../../../storage/select.ts'
import { scheduleJob } from '../../../storage/upkeep/jobs.ts'
import type { Follower } from '../people/follower.ts'
import { duplicatesJob } from './duplicates.ts'
import { scanCards } from './scan.ts'

/** Cards that are compared in the write that changes them; more wait for the job. */
const mostAtOnce = 10

/** Cards that are new, or otherwise than before, are compared with those that are there. */
export const followDuplicates: Follower = async (tx, { cards }) => {
  const put = cards.filter(({ kind }) => kind === 'put' || kind === 'moved')
  if (put.length === 0) return
  if (put.length > mostAtOnce) {
    await addPending(
      tx,
      put.map(({ objectId: id, collectionId }) => ({ id, collectionId })),
    )
    await scheduleJob(tx, duplicatesJob, tx.now)
    return
  }
  for (const [book, own] of grouped(put, ({ collectionId }) => collectionId))
    await scanCards(
      tx,
      book,
      own.map(({ objectId }) => objectId),
    )
}
