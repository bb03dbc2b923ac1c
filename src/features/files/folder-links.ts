import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import {
  addFolderLink,
  countFolderLinks,
  type LinkedFolder,
  removeFolderLink,
} from '../../../storage/nodes/folder-links.ts'
import type { Writer } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { newLinkToken } from '../sharing/public-links.ts'
import type { Filing } from './change-files.ts'
import { type FolderPlace, folderOf, mustMay, notThere, type SeenNode } from './places.ts'

/** A folder whose links the caller makes and withdraws: whoever may share it. @throws need-privileges; refusal 409 for a file */
export function mustOpen(node: SeenNode): FolderPlace {
  const place = folderOf(node)
  mustMay(place, 'write-acl')
  return place
}

/** A new address under which whoever knows it may read a folder. @throws need-privileges; refusal 403, 409, 422 */
export async function makeFolderLink(
  tx: Writer,
  node: SeenNode,
  { expiresAt }: { readonly expiresAt: string | null },
  { settings: { limits } }: Pick<Filing, 'settings'>,
): Promise<void> {
  const { owner } = mustOpen(node)
  const end = expiresAt === null ? null : Date.parse(expiresAt)
  if (end !== null && end <= tx.now) throw refuseStatus(422, 'Its time would be over already.')
  if ((await countFolderLinks(tx, owner.id)) >= limits.publicLinks)
    throw refuseStatus(403, `An account has ${limits.publicLinks} public links to folders at most.`)
  await addFolderLink(tx, { nodeId: node.row.id, token: newLinkToken(), expiresAt: end })
}

/** There is nothing at its address from now on. @throws need-privileges; refusal 404, 409 */
export async function endFolderLink(tx: Writer, node: SeenNode, id: number): Promise<void> {
  mustOpen(node)
  if (!(await removeFolderLink(tx, node.row.id, id))) throw notThere()
}

/** The address is a secret that outlives the app password of a device: one that may only read is not told it. */
export function shownFolderLink({ link, folder }: LinkedFolder, { scope }: Session) {
  const at = (time: number): string => new Date(time).toISOString()
  return {
    id: link.id,
    folder: { id: folder.id, name: folder.name },
    ...(scope === 'write' ? { path: `/public/${link.token}/` } : {}),
    createdAt: at(link.createdAt),
    expiresAt: link.expiresAt === null ? null : at(link.expiresAt),
    lastUsedAt: link.lastUsedAt === null ? null : at(link.lastUsedAt),
  }
}
