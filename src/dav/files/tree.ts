import { encodeSegment } from '../../../protocol/dav/href.ts'
import { bit, noPrivileges, type PrivilegeSet } from '../../../protocol/dav/privileges.ts'
import type { AceTarget } from '../../../storage/aces.ts'
import { findTree, type Tree } from '../../../storage/collections.ts'
import { findNodePath, type NodeRow, top } from '../../../storage/nodes/nodes.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import type { Spot } from '../../features/documents/documents.ts'
import { type Lists, readLists, rightsAt, rightsNowhere } from '../../features/rights/rights.ts'
import { needs } from '../access.ts'
import { homePath, type Location } from '../paths.ts'
import {
  type FileHomeResource,
  type FileResource,
  type FolderLike,
  type FolderResource,
  fileHomeOf,
  isNode,
} from '../resource.ts'

export type NodeLocation = Extract<Location, { kind: 'node' }>
/** Below a home, that is to say none of the home itself. */
export type BelowHome = NodeLocation & { readonly names: readonly [string, ...string[]] }
export type NodeResource = FolderResource | FileResource

/**
 * The folder or file at a location, or the home; undefined where there is none, and where the caller may not see it in
 * a folder that he may read.
 * @throws need-privileges naming the home, where the caller may do nothing
 */
export async function findNodeAt(
  reader: Reader,
  session: Session,
  location: Omit<NodeLocation, 'kind'>,
): Promise<FileHomeResource | NodeResource | undefined> {
  const { chain, isWhole } = await walk(reader, session, location)
  const found = chain.at(-1)
  if (isWhole && found && found.access !== noPrivileges) return found
  const around = isWhole ? chain.at(-2) : found
  if (!around || (around.access & bit.read) === 0) throw nothingHere(session, location)
  return undefined
}

/** Where something is, or could be, made. */
export interface Target {
  /** What it lies in; undefined where that is not there. */
  readonly parent: FolderLike | undefined
  readonly name: string
  readonly existing: NodeResource | undefined
}

/**
 * What a request that may make something finds. Who may do anything in the folder learns whether the name is free.
 * @throws need-privileges naming the home, where the caller may do nothing in the folder
 */
export async function findTarget(reader: Reader, session: Session, location: BelowHome): Promise<Target> {
  const { chain, isWhole } = await walk(reader, session, location)
  const parent = chain[location.names.length - 1]
  const around = parent ?? chain.at(-1)
  if (!around || around.access === noPrivileges) throw nothingHere(session, location)
  const found = isWhole ? chain.at(-1) : undefined
  const existing = found && isNode(found) ? found : undefined
  const name = existing?.row.name ?? location.names.at(-1) ?? ''
  return { parent: parent && parent.kind !== 'file' ? parent : undefined, name, existing }
}

export function isBelowHome(location: Location): location is BelowHome {
  return location.kind === 'node' && location.names.length > 0
}

/** A node in a folder, with what the caller may do with it. */
export function nodeIn(parent: FolderLike, row: NodeRow, access: PrivilegeSet): NodeResource {
  const href = parent.href + encodeSegment(row.name)
  const guarded = { ...parent.guarded, path: [...parent.guarded.path, targetOf(row)] }
  const shared = { row, home: fileHomeOf(parent), parent, access }
  return row.kind === 'folder'
    ? { kind: 'folder', href: `${href}/`, ...shared, guarded }
    : { kind: 'file', href, ...shared, guarded: parent.guarded }
}

/** A name in a folder, as the storage knows it. */
export function spotIn(parent: FolderLike, name: string): Spot {
  const parentId = parent.kind === 'folder' ? parent.row.id : top
  return { home: fileHomeOf(parent).row, parentId, name, depth: parent.guarded.path.length }
}

/** What the caller may do with each of these, which lie in one folder; in the same order. */
export async function rightsIn(
  reader: Reader,
  session: Session,
  parent: FolderLike,
  rows: readonly NodeRow[],
): Promise<PrivilegeSet[]> {
  const { guarded } = parent
  const inherited = rows.map(() => parent.access)
  if (guarded.ownerId === session.principal.id) return inherited
  const own = await readLists(reader, rows.filter(({ kind }) => kind === 'folder').map(targetOf))
  if (own.aces.length === 0) return inherited
  const around = await readLists(reader, guarded.path)
  const lists: Lists = { aces: [...own.aces, ...around.aces], shares: [] }
  const listed = new Set(own.aces.map(({ targetId }) => targetId))
  const rights: PrivilegeSet[] = []
  for (const row of rows) {
    const place = { ...guarded, path: [...guarded.path, targetOf(row)] }
    rights.push(listed.has(row.id) ? await rightsAt(reader, session, place, lists) : parent.access)
  }
  return rights
}

interface Walked {
  /** The home, and what was found along the path. */
  readonly chain: readonly [FileHomeResource, ...NodeResource[]]
  /** Whether it leads to the end of the path. */
  readonly isWhole: boolean
}

async function walk(
  reader: Reader,
  session: Session,
  { segment, names }: Omit<NodeLocation, 'kind'>,
): Promise<Walked> {
  const tree = await findTree(reader, segment, 'files')
  if (!tree) {
    await rightsNowhere(reader, session)
    throw nothingHere(session, { segment })
  }
  const rows = await findNodePath(reader, tree.home.id, names)
  const isOwn = tree.principal.id === session.principal.id
  const home = homeResource(tree)
  const path = [...home.guarded.path, ...rows.map(targetOf)]
  const lists = isOwn ? { aces: [], shares: [] } : await readLists(reader, path)
  const chain: [FileHomeResource, ...NodeResource[]] = [
    { ...home, access: await rightsAt(reader, session, home.guarded, lists) },
  ]
  for (const row of rows) {
    const parent = chain.at(-1)
    if (!parent || parent.kind === 'file') break
    const node = nodeIn(parent, row, parent.access)
    chain.push({ ...node, access: await rightsAt(reader, session, node.guarded, lists) })
  }
  return { chain, isWhole: chain.length === names.length + 1 }
}

function homeResource({ principal, home, epoch }: Tree): FileHomeResource {
  const href = homePath('files', principal.segment)
  const path: readonly AceTarget[] = [{ kind: 'home', id: home.id }]
  const guarded = { ownerId: principal.id, hasProxies: false, path }
  return { kind: 'file-home', href, row: home, principal, epoch, guarded, access: noPrivileges }
}

function targetOf({ id }: NodeRow): AceTarget {
  return { kind: 'node', id }
}

function nothingHere(session: Session, { segment }: { readonly segment: string }): Error {
  return needs(session, homePath('files', segment), ['read'])
}
