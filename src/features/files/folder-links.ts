import type { Settings } from '../../../config/defaults.ts'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { findEndedLink, withdrawFolderLink } from '../../../storage/ended-links.ts'
import type { PrincipalId } from '../../../storage/ids.ts'
import { addFolderLink, type FolderLinkRow, type LinkedFolder } from '../../../storage/nodes/folder-links.ts'
import type { Writer } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { bringBackLink, checkLinks, trimEndedLinks } from '../sharing/ended-links.ts'
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
  { settings }: Pick<Filing, 'settings'>,
): Promise<void> {
  const { owner } = mustOpen(node)
  const end = expiresAt === null ? null : Date.parse(expiresAt)
  await linkFolder(tx, { ownerId: owner.id, nodeId: node.row.id, expiresAt: end }, settings)
}

/** The same of a folder in the home of an account, for whoever runs the server. @returns its token @throws refusal 403, 422 */
export async function linkFolder(
  tx: Writer,
  link: Pick<FolderLinkRow, 'nodeId' | 'expiresAt'> & { readonly ownerId: PrincipalId },
  settings: Settings,
): Promise<string> {
  const { ownerId, nodeId, expiresAt } = link
  if (expiresAt !== null && expiresAt <= tx.now) throw refuseStatus(422, 'Its time would be over already.')
  await checkLinks(tx, ownerId, 'folder', settings)
  const token = newLinkToken()
  await addFolderLink(tx, { nodeId, token, expiresAt })
  return token
}

/** There is nothing at its address from now on; it can be brought back. @throws need-privileges; refusal 404, 409 */
export async function endFolderLink(
  tx: Writer,
  node: SeenNode,
  id: number,
  { settings }: Pick<Filing, 'settings'>,
): Promise<void> {
  const { owner } = mustOpen(node)
  if (!(await withdrawFolderLink(tx, id, { nodeId: node.row.id }))) throw notThere()
  await trimEndedLinks(tx, owner.id, settings)
}

/** Takes that back: its address is the same. @throws need-privileges; refusal 403, 404, 409, 422 */
export async function bringBackFolderLink(
  tx: Writer,
  node: SeenNode,
  linkId: number,
  { settings }: Pick<Filing, 'settings'>,
): Promise<void> {
  const { owner } = mustOpen(node)
  const link = await findEndedLink(tx, owner.id, { kind: 'folder', linkId })
  if (link?.targetId !== node.row.id) throw notThere()
  await bringBackLink(tx, owner.id, link, settings)
}

/** The path of a link. */
export const folderLinkPath = (token: string): string => `/public/${token}/`

/** The address is a secret that outlives the app password of a device: one that may only read is not told it. */
export function shownFolderLink({ link, folder }: LinkedFolder, { scope }: Session) {
  const at = (time: number): string => new Date(time).toISOString()
  return {
    id: link.id,
    folder: { id: folder.id, name: folder.name },
    ...(scope === 'write' ? { path: folderLinkPath(link.token) } : {}),
    createdAt: at(link.createdAt),
    expiresAt: link.expiresAt === null ? null : at(link.expiresAt),
    lastUsedAt: link.lastUsedAt === null ? null : at(link.lastUsedAt),
  }
}
