import { addPending } from '../../../storage/match/match-keys.ts'
import type { Follower } from '../people/follower.ts'

/**
 * Cards that are new, or otherwise than before, wait to be compared with those that are there: by the job, a moment later,
 * or by whoever asks first. Comparing them in the write would cost a phone more than all the rest of it.
 */
export const followDuplicates: Follower = async (tx, { cards }) => {
  const put = cards.filter(({ kind }) => kind === 'put' || kind === 'moved')
  if (put.length > 0)
    await addPending(
      tx,
      put.map(({ objectId }) => objectId),
    )
}
