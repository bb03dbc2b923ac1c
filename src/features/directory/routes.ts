import { findDirectoryBook } from '../../../storage/generated/directory-books.ts'
import { type ApiCall, type ApiReply, originOf, type Route, route, routeWithBody } from '../../api/route.ts'
import { showDirectory } from './directory-book.ts'
import { directoryChange } from './schema.ts'

/** The directory of colleagues as an address book of one's own. */
export const directoryRoutes: readonly Route[] = [
  route(
    { method: 'GET', path: '/directory', summary: 'Whether I have the directory as an address book' },
    shown,
  ),
  routeWithBody(
    { method: 'PATCH', path: '/directory', summary: 'Have it, or not' },
    directoryChange,
    async (call) => {
      const { session, store, body } = call
      await store.write((tx) => showDirectory(tx, session.principal.id, body.shown, originOf(call)))
      return shown(call)
    },
  ),
]

/** It is made when a client first looks into the home; `offered` is what the settings say. */
async function shown({ store, session }: ApiCall<unknown>): Promise<ApiReply> {
  const book = await store.read((reader) => findDirectoryBook(reader, session.principal.id))
  const offered = session.hasDirectoryBook
  return { status: 200, body: { offered, shown: offered && book?.isOff !== 1, name: book?.name ?? null } }
}
