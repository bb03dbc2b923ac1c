import { findDirectoryBook } from '../../../storage/generated/directory-books.ts'
import type { Reader } from '../../../storage/store.ts'
import { change, look, originOf, type Route } from '../../api/route.ts'
import type { Session } from '../../auth/session.ts'
import { showDirectory } from './directory-book.ts'
import { directoryChange, directoryState } from './schema.ts'

const scope = 'people'

/** The directory of colleagues as an address book of one's own. */
export const directoryRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/directory', summary: 'Whether I have the directory as an address book', scope },
    { reply: directoryState },
    async ({ store, session }) => ({ body: await store.read((reader) => shown(reader, session)) }),
  ),
  change(
    { method: 'PATCH', path: '/directory', summary: 'Have it, or not', scope, affects: 'cards' },
    { body: directoryChange, reply: directoryState },
    async (tx, call) => {
      await showDirectory(tx, call.session.principal.id, call.body.shown, originOf(call))
      return { body: await shown(tx, call.session) }
    },
  ),
]

/** It is made when a client first looks into the home; `offered` is what the settings say. */
async function shown(reader: Reader, { principal, hasDirectoryBook: offered }: Session) {
  const book = await findDirectoryBook(reader, principal.id)
  return { offered, shown: offered && book?.isOff !== 1, name: book?.name ?? null }
}
