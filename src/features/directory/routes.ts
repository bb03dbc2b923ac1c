import { findDirectoryBook } from '../../../storage/generated/directory-books.ts'
import type { Origin } from '../../../storage/origin.ts'
import { type ApiCall, type ApiReply, type Route, route, routeWithBody } from '../../api/route.ts'
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
      const { session, requestId, store } = call
      const { principal, deviceId, clientKind } = session
      const origin: Origin = { kind: 'web', authorId: principal.id, deviceId, clientKind, requestId }
      await store.write((tx) => showDirectory(tx, principal.id, call.body.shown, origin))
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
