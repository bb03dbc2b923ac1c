import { setTimeout as wait } from 'node:timers/promises'
import type { CollectionId } from '../../storage/ids.ts'
import { markDueListBooks } from '../../storage/smart-lists/books.ts'
import { markBooksOfKinds, someVirtualBooks, virtualJob } from '../../storage/virtual/books.ts'
import { copyAll, dropStrays, kindsThatChangeWithTime, reviewMasks } from '../features/virtual/virtual.ts'
import type { Services } from '../services.ts'
import type { Job } from './runner.ts'

const batch = 100
/** So that writes of clients come between the parts. */
const pauseMs = 50
const origin = { kind: 'job' } as const

/** Copies into virtual books what writes have left over, and takes away those that are nobody's any more. */
export const copyBooks: Job = {
  kind: virtualJob,
  everyMs: 3_600_000,
  async run(services, signal) {
    const { store } = services
    while (!signal.aborted && (await store.write((tx) => dropStrays(tx, origin)))) await wait(pauseMs)
    if (!signal.aborted) await store.write((tx) => reviewMasks(tx, origin))
    if (!signal.aborted) await store.write(markDueListBooks)
    for (let after: CollectionId | undefined = 0; after !== undefined && !signal.aborted; )
      after = await copySome(services, after, signal)
    return undefined
  },
}

/** @returns where to go on; undefined at the end */
async function copySome(
  services: Services,
  after: CollectionId,
  signal: AbortSignal,
): Promise<CollectionId | undefined> {
  const asked = { after, limit: batch, unfinished: true }
  const books = await services.store.read((reader) => someVirtualBooks(reader, asked))
  for (const { collectionId } of books) {
    if (signal.aborted) return undefined
    await copyAll(services, collectionId, () => wait(pauseMs))
  }
  return books.length < batch ? undefined : books.at(-1)?.collectionId
}

/** Has books looked at again in which somebody may come and go by nothing but time. */
export const lookAgain: Job = {
  kind: 'virtual-day',
  everyMs: 86_400_000,
  async run({ store }) {
    const kinds = kindsThatChangeWithTime()
    if (kinds.length > 0) await store.write((tx) => markBooksOfKinds(tx, kinds))
    return undefined
  },
}
