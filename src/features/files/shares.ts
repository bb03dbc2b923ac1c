import type { Subject } from '../../../protocol/dav/acl.ts'
import { allPrivileges, bit, writePrivileges } from '../../../protocol/dav/privileges.ts'
import { findPrincipalByName, findPrincipalsByIds } from '../../../storage/principals.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { foldName } from '../../auth/basic.ts'
import { readOwnAces, setAces } from '../rights/acl.ts'
import { editAces } from '../rights/edit-aces.ts'
import { shareGrants } from '../rights/rights.ts'
import { findShareeFor } from '../sharing/sharees.ts'
import type { Filing } from './change-files.ts'
import { checkUnlocked, type FolderPlace, folderOf, mustMay, notThere, type SeenNode } from './places.ts'

/** What somebody may do in a folder that is shared with him. */
export type FolderAccess = 'read' | 'read-write'

/** With whom a folder is shared: users and groups that its own list lets read. @throws need-privileges */
export async function sharesOfFolder(reader: Reader, node: SeenNode) {
  const place = mustGuard(node)
  const granted = (await readOwnAces(reader, place.guarded)).flatMap(({ subject, grant, privileges }) =>
    grant && subject.kind === 'principal' && (privileges & bit.read) !== 0
      ? [{ id: subject.id, privileges }]
      : [],
  )
  const people = await findPrincipalsByIds(
    reader,
    granted.map(({ id }) => id),
  )
  return granted.flatMap(({ id, privileges }) => {
    const who = people.find((one) => one.id === id)
    if (!who) return []
    const { name, kind, displayName } = who
    const isWriter = (privileges & writePrivileges) === writePrivileges
    const access: FolderAccess = isWriter ? 'read-write' : 'read'
    return [{ with: { name, kind, displayName: displayName || name }, access }]
  })
}

/** Shares a folder with somebody, or lets him do more or less in it. @throws need-privileges, refusal 422, 423 */
export async function shareFolder(
  tx: Writer,
  node: SeenNode,
  wish: { readonly with: string; readonly access: FolderAccess },
  filing: Filing,
): Promise<void> {
  mustGuard(node)
  const { id } = await findShareeFor(tx, filing.session, wish.with)
  await setFor(tx, node, { kind: 'principal', id }, wish.access, filing)
}

/** @param name  of the user or the group @throws need-privileges, refusal 404, 423 */
export async function unshareFolder(tx: Writer, node: SeenNode, name: string, filing: Filing): Promise<void> {
  mustGuard(node)
  const who = await findPrincipalByName(tx, foldName(name))
  if (!who) throw notThere()
  await setFor(tx, node, { kind: 'principal', id: who.id }, undefined, filing)
}

/** What the list says of all others stays. */
async function setFor(
  tx: Writer,
  node: SeenNode,
  subject: Subject,
  access: FolderAccess | undefined,
  { settings, origin }: Filing,
): Promise<void> {
  const { guarded } = mustGuard(node)
  await checkUnlocked(tx, [{ place: node.parent, name: node.row.name, act: 'change' }])
  const others = editAces(await readOwnAces(tx, guarded), 'revoke', subject, allPrivileges)
  const aces = access ? editAces(others, 'grant', subject, shareGrants[access]) : others
  await setAces(tx, guarded, aces, { settings, origin })
}

/** @throws need-privileges; refusal 409 for a file, which is as open as what it lies in */
function mustGuard(node: SeenNode): FolderPlace {
  const place = folderOf(node)
  mustMay(place, 'write-acl')
  return place
}
