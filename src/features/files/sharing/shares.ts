import type { Ace } from '../../../../protocol/dav/acl.ts'
import { allPrivileges, bit, noPrivileges, writePrivileges } from '../../../../protocol/dav/privileges.ts'
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

/** What the list of a folder says of one person or group: first what is denied, then what is granted, each at most once. */
export type FolderEntries = readonly Pick<Ace, 'grant' | 'privileges'>[]

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
  const receiver = await findShareeFor(tx, filing.session, wish.with)
  await setEntries(tx, node, receiver, entriesFor(wish.access), filing)
}

/** @param name  of the user or the group @throws need-privileges, refusal 404, 423 */
export async function unshareFolder(tx: Writer, node: SeenNode, name: string, filing: Filing): Promise<void> {
  mustGuard(node)
  const who = await findPrincipalByName(tx, foldName(name))
  if (!who) throw notThere()
  await setEntries(tx, node, who, [], filing)
}

/** What somebody gets with whom a folder is shared so. */
export function entriesFor(access: FolderAccess): FolderEntries {
  return [{ grant: true, privileges: shareGrants[access] }]
}

/** What a folder's own list says of somebody. */
export async function entriesOf(reader: Reader, node: SeenNode, id: PrincipalId): Promise<FolderEntries> {
  return entriesIn(await readOwnAces(reader, mustGuard(node).guarded), id)
}

function entriesIn(aces: readonly Ace[], id: PrincipalId): FolderEntries {
  const own = aces.filter(({ subject }) => isSameSubject(subject, { kind: 'principal', id }))
  return [false, true].flatMap((grant) => {
    const privileges = own
      .filter((ace) => ace.grant === grant)
      .reduce((sum, ace) => sum | ace.privileges, noPrivileges)
    return privileges === noPrivileges ? [] : [{ grant, privileges }]
  })
}

/** What somebody may do by what is said of him; undefined where he may not read. */
export function accessBy(entries: FolderEntries): FolderAccess | undefined {
  const granted = entries.find(({ grant }) => grant)
  if (!granted || (granted.privileges & bit.read) === 0) return undefined
  return (granted.privileges & writePrivileges) === writePrivileges ? 'read-write' : 'read'
}

/** What the share of a folder is called in the history: it is the same one when it is ended and given again. */
export function keyOfFolderShare({ row }: SeenNode, receiver: Pick<PrincipalRow, 'id'>): string {
  return `${row.id}-${receiver.id}`
}

/**
 * Makes this all that the list of a folder says of somebody. What it says of all others stays; the history is told, with what it
 * said of him before, denials too.
 * @throws need-privileges, refusal 423
 */
export async function setEntries(
  tx: Writer,
  node: SeenNode,
  receiver: PrincipalRow,
  entries: FolderEntries,
  { settings, origin }: Pick<Filing, 'settings' | 'origin'>,
): Promise<void> {
  const { guarded } = mustGuard(node)
  await checkUnlocked(tx, [{ place: node.parent, name: node.row.name, act: 'change' }])
  const subject = { kind: 'principal', id: receiver.id } as const
  const own = await readOwnAces(tx, guarded)
  const aces = entries.reduce<readonly Ace[]>(
    (list, { grant, privileges }) => editAces(list, grant ? 'grant' : 'deny', subject, privileges),
    editAces(own, 'revoke', subject, allPrivileges),
  )
  await setAces(tx, guarded, aces, { settings, origin })
  const stateOf = (said: FolderEntries) =>
    said.length > 0
      ? { folder: node.row.id, receiver: receiver.id, access: accessBy(said) ?? null, entries: said }
      : undefined
  const of = { kind: 'folder', key: keyOfFolderShare(node, receiver), ownerId: guarded.ownerId } as const
  const [before, after] = [entriesIn(own, receiver.id), entriesIn(aces, receiver.id)]
  await recordThing(tx, { ...of, before: stateOf(before), after: stateOf(after) }, origin)
}

/** @throws need-privileges; refusal 409 for a file, which is as open as what it lies in */
function mustGuard(node: SeenNode): FolderPlace {
  const place = folderOf(node)
  mustMay(place, 'write-acl')
  return place
}
