import type { Reader } from '../../../../storage/store.ts'
import { checkMatch, etagOfContent } from '../../../api/conditions.ts'
import { type ApiCall, change, idIn, look, type Route } from '../../../api/route.ts'
import { mustSeeNode } from '../places.ts'
import { filingOf } from '../routes.ts'
import { folderShares, newFolderShare } from '../schema.ts'
import { shareFolder, sharesOfFolder, unshareFolder } from './shares.ts'

const scope = ['files', 'sharing'] as const
const affects = 'other'

/** Folders that are open to others: the access control lists that WebDAV shows, as people say it. */
export const folderShareRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/files/:id/shares', summary: 'With whom a folder of mine is shared', scope },
    { reply: folderShares },
    (call) => call.store.read((reader) => shown(reader, call)),
  ),
  change(
    {
      method: 'POST',
      path: '/files/:id/shares',
      summary: 'Share a folder with a user or a group, or change what they may do',
      ...{ scope, affects },
    },
    { body: newFolderShare, reply: folderShares },
    async (tx, call) => {
      const node = await mustSeeNode(tx, call.session, idIn(call))
      await shareFolder(tx, node, call.body, filingOf(call))
      return shown(tx, call)
    },
  ),
  change(
    {
      method: 'DELETE',
      path: '/files/:id/shares/:name',
      summary: 'Stop sharing a folder with somebody',
      ...{ scope, affects },
    },
    { reply: folderShares },
    async (tx, call) => {
      const node = await mustSeeNode(tx, call.session, idIn(call))
      checkMatch(call, etagOfContent((await shown(tx, call)).body))
      await unshareFolder(tx, node, call.params.name ?? '', filingOf(call))
      return shown(tx, call)
    },
  ),
]

async function shown(reader: Reader, call: Pick<ApiCall<unknown>, 'session' | 'params'>) {
  const node = await mustSeeNode(reader, call.session, idIn(call))
  return { body: { items: await sharesOfFolder(reader, node) } }
}
