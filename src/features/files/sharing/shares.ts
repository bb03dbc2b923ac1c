import type { Ace, Subject } from '../../../../protocol/dav/acl.ts'
import { allPrivileges, bit, writePrivileges } from '../../../../protocol/dav/privileges.ts'
import type { PrincipalId } from '../../../../storage/ids.ts'
import {
  findPrincipalByName,
  findPrincipalsByIds,
  type PrincipalRow,
} from '../../../../storage/principals.ts'
import type { Reader, Writer } from '../../../../storage/store.ts'
import { foldName } from '../../../auth/basic.ts'
import { recordThing } from '../../history/things/record.ts'
import { isSameSubject, readOwnAces, setAces } from '../../rights/acl.ts'
import { editAces } from '../../rights/edit-aces.ts'
import { shareGrants } from '../../rights/rights.ts'
import { findShareeFor } from '../../sharing/sharees.ts'
import type { Filing } from '../change-files.ts'
import { checkUnlocked, type FolderPlace, folderOf, mustMay, notThere, type SeenNode } from '../places.ts'

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
  await setAccess(tx, node, await findShareeFor(tx, filing.session, wish.with), wish.access, filing)
}

/** @param name  of the user or the group @throws need-privileges, refusal 404, 423 */
export async function unshareFolder(tx: Writer, node: SeenNode, name: string, filing: Filing): Promise<void> {
  mustGuard(node)
  const who = await findPrincipalByName(tx, foldName(name))
  if (!who) throw notThere()
  await setAccess(tx, node, who, undefined, filing)
}

/** What a folder lets somebody do by its own list; undefined for nothing. */
export async function accessOf(
  reader: Reader,
  node: SeenNode,
  id: PrincipalId,
): Promise<FolderAccess | undefined> {
  const aces = await readOwnAces(reader, mustGuard(node).guarded)
  return accessIn(aces, { kind: 'principal', id })
}

function accessIn(aces: readonly Ace[], whom: Subject): FolderAccess | undefined {
  const granted = aces.find(({ subject, grant }) => grant && isSameSubject(subject, whom))
  if (!granted || (granted.privileges & bit.read) === 0) return undefined
  return (granted.privileges & writePrivileges) === writePrivileges ? 'read-write' : 'read'
}

/** What the share of a folder is called in the history: it is the same one when it is ended and given again. */
export function keyOfFolderShare({ row }: SeenNode, receiver: Pick<PrincipalRow, 'id'>): string {
  return `${row.id}-${receiver.id}`
}

/**
 * Lets somebody do so much in a folder, or nothing. What the list says of all others stays; the history is told.
 * @throws need-privileges, refusal 423
 */
export async function setAccess(
  tx: Writer,
  node: SeenNode,
  receiver: PrincipalRow,
  access: FolderAccess | undefined,
  { settings, origin }: Pick<Filing, 'settings' | 'origin'>,
): Promise<void> {
  const { guarded } = mustGuard(node)
  await checkUnlocked(tx, [{ place: node.parent, name: node.row.name, act: 'change' }])
  const subject = { kind: 'principal', id: receiver.id } as const
  const own = await readOwnAces(tx, guarded)
  const others = editAces(own, 'revoke', subject, allPrivileges)
  const aces = access ? editAces(others, 'grant', subject, shareGrants[access]) : others
  await setAces(tx, guarded, aces, { settings, origin })
  const stateOf = (given: FolderAccess | undefined) =>
    given && { folder: node.row.id, receiver: receiver.id, access: given }
  const of = { kind: 'folder', key: keyOfFolderShare(node, receiver), ownerId: guarded.ownerId } as const
  await recordThing(tx, { ...of, before: stateOf(accessIn(own, subject)), after: stateOf(access) }, origin)
}

/** @throws need-privileges; refusal 409 for a file, which is as open as what it lies in */
function mustGuard(node: SeenNode): FolderPlace {
  const place = folderOf(node)
  mustMay(place, 'write-acl')
  return place
}
