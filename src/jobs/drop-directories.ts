import { someDirectoryBooks } from '../../storage/generated/directory-books.ts'
import { dropDirectory } from '../features/directory/directory-book.ts'
import type { Job } from './runner.ts'

const batch = 50

/** Takes the directories away where there are to be none any more; until then nobody is shown them. */
export const dropDirectoriesJob: Job = {
  kind: 'directory',
  everyMs: 3_600_000,
  async run({ store, settings }, signal) {
    for (let more = !settings.directory.addressBook; more && !signal.aborted; ) {
      const dropped = await store.write(async (tx) => {
        const books = await someDirectoryBooks(tx, batch)
        for (const book of books) await dropDirectory(tx, book, { kind: 'job' })
        return books.length
      })
      more = dropped === batch
    }
    return undefined
  },
}
