import { setTimeout as wait } from 'node:timers/promises'
import { feedState } from '../../storage/feeds.ts'
import { birthdaysOfBook, booksWithBirthdays } from '../../storage/generated/birthdays.ts'
import type { CollectionId } from '../../storage/ids.ts'
import { birthdaysJob } from '../features/birthdays/birthdays.ts'
import type { Services } from '../services.ts'
import type { Job } from './runner.ts'

const batch = 500
/** So that writes of clients come between the batches. */
const pauseMs = 50
/** More than any book needs. */
const mostRounds = 10_000

/**
 * Makes the events that a write has left over, and all of them anew where settings say so by now. The work itself is
 * done at the end of a write, as for every change of a card.
 */
export const followBooksJob: Job = {
  kind: birthdaysJob,
  everyMs: 3_600_000,
  async run({ store }, signal) {
    for (let after: CollectionId | undefined = 0; after !== undefined && !signal.aborted; ) {
      const from: CollectionId = after
      const ids = await store.read((reader) => booksWithBirthdays(reader, from, batch))
      for (const id of ids) await followBook({ store }, id, signal)
      after = ids.length < batch ? undefined : ids.at(-1)
    }
    return undefined
  },
}

/** Until there is nothing left; a book in the trash waits there. */
async function followBook(
  { store }: Pick<Services, 'store'>,
  id: CollectionId,
  signal: AbortSignal,
): Promise<void> {
  for (let round = 0; round < mostRounds && !signal.aborted; round += 1) {
    const before = await store.write(async (tx) => {
      const found = await birthdaysOfBook(tx, id)
      if (found) tx.followed.add(found.book.feedId)
      return found
    })
    if (!before || before.book.deletedAt !== null) return
    const state = await store.read((reader) => feedState(reader, before.book.feedId))
    if (!state || before.through >= state.change) return
    await wait(pauseMs)
  }
}
