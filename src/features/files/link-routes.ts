import { linksOfFolder, listFolderLinks } from '../../../storage/nodes/folder-links.ts'
import type { Reader } from '../../../storage/store.ts'
import { checkMatch, etagOfContent } from '../../api/conditions.ts'
import { type ApiCall, change, idIn, look, type Route } from '../../api/route.ts'
import {
  bringBackFolderLink,
  endFolderLink,
  makeFolderLink,
  mustOpen,
  shownFolderLink,
} from './folder-links.ts'
import { mustSeeNode, notThere } from './places.ts'
import { filingOf } from './routes.ts'
import { folderLinks, newFolderLink } from './schema.ts'

const scope = ['files', 'sharing'] as const
const affects = 'other'

/** Addresses under which whoever knows them reads a folder, without a password. */
export const folderLinkRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/folder-links', summary: 'Public links to my folders', scope },
    { reply: folderLinks },
    ({ store, session }) =>
      store.read(async (reader) => {
        const links = await listFolderLinks(reader, session.principal.id)
        return { body: { items: links.map((one) => shownFolderLink(one, session)) } }
      }),
  ),
  look(
    { method: 'GET', path: '/files/:id/links', summary: 'Public links to a folder of mine', scope },
    { reply: folderLinks },
    (call) => call.store.read((reader) => shown(reader, call)),
  ),
  change(
    {
      ...{ method: 'POST', path: '/files/:id/links', scope, affects },
      summary: 'Make a public link to a folder: whoever knows it may read, without a password',
    },
    { body: newFolderLink, reply: folderLinks },
    async (tx, call) => {
      const node = await mustSeeNode(tx, call.session, idIn(call))
      await makeFolderLink(tx, node, call.body, filingOf(call))
      return shown(tx, call)
    },
  ),
  change(
    {
      ...{ method: 'DELETE', path: '/files/:id/links/:link', scope, affects },
      summary: 'Withdraw a public link to a folder',
    },
    { reply: folderLinks },
    async (tx, call) => {
      const node = await mustSeeNode(tx, call.session, idIn(call))
      checkMatch(call, (await shown(tx, call)).etag)
      await endFolderLink(tx, node, linkIn(call), filingOf(call))
      return shown(tx, call)
    },
  ),
  change(
    {
      ...{ method: 'POST', path: '/files/:id/links/:link/restore', scope, affects },
      summary: 'Bring back a public link to a folder that was withdrawn, under its address',
    },
    { reply: folderLinks },
    async (tx, call) => {
      const node = await mustSeeNode(tx, call.session, idIn(call))
      await bringBackFolderLink(tx, node, linkIn(call), filingOf(call))
      return shown(tx, call)
    },
  ),
]

/** @throws refusal 404 */
function linkIn({ params: { link = '' } }: Pick<ApiCall<unknown>, 'params'>): number {
  if (!/^\d{1,15}$/.test(link)) throw notThere()
  return Number(link)
}

/** When it was used last is no change of it. */
async function shown(reader: Reader, call: Pick<ApiCall<unknown>, 'session' | 'params'>) {
  const node = await mustSeeNode(reader, call.session, idIn(call))
  mustOpen(node)
  const links = await linksOfFolder(reader, node.row.id)
  const items = links.map((one) => shownFolderLink(one, call.session))
  return { body: { items }, etag: etagOfContent(items.map((one) => ({ ...one, lastUsedAt: null }))) }
}
