import { bit, type PrivilegeSet } from '../../../protocol/dav/privileges.ts'
import type { AceTarget } from '../../../storage/aces.ts'
import type { NodeId } from '../../../storage/ids.ts'
import { type ChildRow, lastAuthors } from '../../../storage/nodes/children.ts'
import { findNodesByIds, foldersAround, type NodeRow } from '../../../storage/nodes/nodes.ts'
import { findPrincipalsByIds, type PrincipalRow } from '../../../storage/principals.ts'
import type { Reader } from '../../../storage/store.ts'
import { etagOfVersion } from '../../api/conditions.ts'
import type { Session } from '../../auth/session.ts'
import { mediaTypeOfFile } from '../documents/media-types.ts'
import { type Lists, readLists, rightsAt } from '../rights/rights.ts'
import { type FolderPlace, may, type SeenNode, targetOf } from './places.ts'
import { isPicture } from './preview.ts'

/** A node with what somebody may do with it, and in what it lies in. */
export interface Shown {
  readonly row: NodeRow
  readonly access: PrivilegeSet
  readonly parentAccess: PrivilegeSet
}

export function shownOf({ row, access, parent }: SeenNode): Shown {
  return { row, access, parentAccess: parent.access }
}

/** Folders and files as the API shows them, in the same order. */
export async function showEntries(reader: Reader, nodes: readonly Shown[]) {
  const authors = await lastAuthors(
    reader,
    nodes.map(({ row }) => row.id),
  )
  const people = await peopleOf(reader, authors.values())
  return nodes.map((node) => entryOf(node, people.get(authors.get(node.row.id) ?? 0)))
}

export async function showEntry(reader: Reader, node: SeenNode) {
  const entries = await showEntries(reader, [shownOf(node)])
  return entries[0]
}

/** One of them, with the folders around it that the caller reads. */
export async function showDetails(reader: Reader, session: Session, node: SeenNode) {
  const [entry] = await showEntries(reader, [shownOf(node)])
  const { owner } = node.parent
  const folders = [...node.parent.around, node.parent].flatMap((place) => {
    const { folder } = place
    return folder && may(place, 'read') ? [{ id: folder.id, name: folder.name }] : []
  })
  const isMine = owner.id === session.principal.id
  const shown = { ...personOf(owner), isMine }
  return entry && { ...entry, folders, owner: shown }
}

/** Those of some children that the caller reads. */
export async function readable(
  reader: Reader,
  session: Session,
  place: FolderPlace,
  rows: readonly ChildRow[],
): Promise<Shown[]> {
  const parentAccess = place.access
  const { guarded } = place
  const inherited = rows.map((row) => ({ row, access: parentAccess, parentAccess }))
  if (guarded.ownerId === session.principal.id) return inherited
  const own = await readLists(reader, rows.filter(({ kind }) => kind === 'folder').map(targetOf))
  const lists: Lists = { aces: [...own.aces, ...(await readLists(reader, guarded.path)).aces], shares: [] }
  const listed = new Set<NodeId>(own.aces.map(({ targetId }) => targetId))
  const seen: Shown[] = []
  for (const node of inherited) {
    const path = [...guarded.path, targetOf(node.row)]
    const access = listed.has(node.row.id)
      ? await rightsAt(reader, session, { ...guarded, path }, lists)
      : parentAccess
    if ((access & bit.read) !== 0) seen.push({ ...node, access })
  }
  return seen
}

/** Those of these folders and files that the caller reads, wherever they lie. */
export async function seeNodes(reader: Reader, session: Session, ids: readonly NodeId[]): Promise<Shown[]> {
  const rows = await findNodesByIds(reader, ids)
  const around = await foldersAround(
    reader,
    rows.map(({ id }) => id),
  )
  const homeward = (row: NodeRow): AceTarget[] => [
    { kind: 'home', id: row.homeId },
    ...(around.get(row.id) ?? []).map(targetOf),
  ]
  const foreign = rows.filter(({ principalId }) => principalId !== session.principal.id)
  const lists = await readLists(
    reader,
    foreign.flatMap((row) => [...homeward(row), targetOf(row)]),
  )
  const seen: Shown[] = []
  for (const row of rows) {
    const guarded = { ownerId: row.principalId, hasProxies: false, path: homeward(row) }
    const parentAccess = await rightsAt(reader, session, guarded, lists)
    const itself = { ...guarded, path: [...guarded.path, targetOf(row)] }
    const access = row.kind === 'folder' ? await rightsAt(reader, session, itself, lists) : parentAccess
    if ((access & bit.read) !== 0) seen.push({ row, access, parentAccess })
  }
  return seen
}

/** People by id, as they are named. */
export async function peopleOf(reader: Reader, ids: Iterable<number>) {
  const people = await findPrincipalsByIds(reader, [...new Set(ids)])
  return new Map(people.map((one) => [one.id, personOf(one)]))
}

export function personOf({ name, displayName }: Pick<PrincipalRow, 'name' | 'displayName'>) {
  return { name, displayName: displayName || name }
}

function entryOf(
  { row, access, parentAccess }: Shown,
  author: { readonly name: string; readonly displayName: string } | undefined,
) {
  const { id, kind, name, size, etag, change, createdAt, modifiedAt, homeId, parentId } = row
  const isFile = kind === 'file'
  const inParent = (set: PrivilegeSet): boolean => (parentAccess & set) === set
  return {
    ...{ id, kind, name, size },
    type: isFile ? mediaTypeOfFile(row) : null,
    etag: etagOfVersion(change),
    contentEtag: isFile ? etag : null,
    createdAt: new Date(createdAt).toISOString(),
    changedAt: new Date(modifiedAt).toISOString(),
    author: author ?? null,
    home: homeId,
    parent: parentId === 0 ? null : parentId,
    rights: {
      edit: isFile && (access & bit['write-content']) !== 0,
      add: !isFile && (access & bit.bind) !== 0,
      remove: inParent(bit.unbind),
      rename: inParent(bit.unbind | bit.bind),
      share: !isFile && (access & bit['write-acl']) !== 0,
    },
    hasPreview: isFile && isPicture(row),
  }
}
