import type { Settings } from '../../../config/defaults.ts'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { findCollectionById } from '../../../storage/collections.ts'
import {
  type EndedLinkRow,
  forgetEndedLinks,
  listEndedLinks,
  reviveLink,
  withdrawFolderLink,
  withdrawPublicLink,
} from '../../../storage/ended-links.ts'
import type { PrincipalId } from '../../../storage/ids.ts'
import { countFolderLinks } from '../../../storage/nodes/folder-links.ts'
import { countPublicLinks } from '../../../storage/public-links.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { requireOwnCards } from './sharing.ts'

/** There is nothing at its address from now on; it can be brought back. @returns false where the account has no such link */
export async function endPublicLink(
  tx: Writer,
  ownerId: PrincipalId,
  id: number,
  settings: Settings,
): Promise<boolean> {
  const isEnded = await withdrawPublicLink(tx, ownerId, id)
  if (isEnded) await trimEndedLinks(tx, ownerId, settings)
  return isEnded
}

/** The same for a link to a folder of the account. */
export async function endLinkOfFolder(
  tx: Writer,
  ownerId: PrincipalId,
  id: number,
  settings: Settings,
): Promise<boolean> {
  const isEnded = await withdrawFolderLink(tx, id, { ownerId })
  if (isEnded) await trimEndedLinks(tx, ownerId, settings)
  return isEnded
}

/** So many of an account stay in the trash as there may be links. */
export async function trimEndedLinks(
  tx: Writer,
  ownerId: PrincipalId,
  { limits }: Pick<Settings, 'limits'>,
): Promise<void> {
  const ended = await listEndedLinks(tx, ownerId)
  for (const { id } of ended.slice(limits.publicLinks)) await forgetEndedLinks(tx, ownerId, id)
}

/**
 * Lets a link lead again to where it led, under the address that it had: for whoever might make one there.
 * @param ownerId  whose it is
 * @throws refusal 403 for a link too many, 404 where somebody else was quicker, 422 where its time is over
 */
export async function bringBackLink(
  tx: Writer,
  ownerId: PrincipalId,
  link: EndedLinkRow,
  settings: Settings,
): Promise<void> {
  const { kind, targetId, expiresAt } = link
  if (expiresAt !== null && expiresAt <= tx.now) throw refuseStatus(422, 'Its time would be over already.')
  const collection = kind === 'collection' ? await findCollectionById(tx, targetId) : undefined
  if (collection) await requireOwnCards(tx, collection)
  await checkLinks(tx, ownerId, kind, settings)
  if (!(await reviveLink(tx, link))) throw refuseStatus(404, 'There is nothing at this address.')
}

/** @throws refusal 403 where an account has as many links as it may have */
export async function checkLinks(
  reader: Reader,
  ownerId: PrincipalId,
  kind: EndedLinkRow['kind'],
  { limits: { publicLinks } }: Pick<Settings, 'limits'>,
): Promise<void> {
  const count = await (kind === 'folder' ? countFolderLinks : countPublicLinks)(reader, ownerId)
  if (count < publicLinks) return
  if (kind === 'folder')
    throw refuseStatus(403, `An account has ${publicLinks} public links to folders at most.`)
  throw refuseStatus(403, `An account has ${publicLinks} public links at most.`)
}
