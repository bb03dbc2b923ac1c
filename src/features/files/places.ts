import { refuse, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { bit, type PrivilegeName, type PrivilegeSet } from '../../../protocol/dav/privileges.ts'
import type { AceTarget } from '../../../storage/aces.ts'
import { findTree } from '../../../storage/collections.ts'
import { findHomeById, type HomeRow } from '../../../storage/homes.ts'
import type { HomeId, NodeId } from '../../../storage/ids.ts'
import { findLocksForWrite, lockPath } from '../../../storage/locks.ts'
import { findNodeById, findNodePath, foldersAbove, type NodeRow, top } from '../../../storage/nodes/nodes.ts'
import { findPrincipalById, type PrincipalRow } from '../../../storage/principals.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import type { Spot } from '../documents/documents.ts'
import { heldLocks, locksTouched, obstacles, type Touched } from '../locks/locks.ts'
import { type GuardedPlace, type Lists, readLists, rightsAt } from '../rights/rights.ts'

/** A folder, or a home, and what somebody may do there. */
export interface FolderPlace {
  readonly home: HomeRow
  readonly owner: PrincipalRow
  /** Undefined for the home itself. */
  readonly folder: NodeRow | undefined
  /** The folders around it, the uppermost first, with what he may do in each. */
  readonly around: readonly FolderPlace[]
  readonly guarded: GuardedPlace
  readonly access: PrivilegeSet
}

/** A folder or a file that somebody reads. */
export interface SeenNode {
  readonly row: NodeRow
  /** What it lies in, which he may not read. */
  readonly parent: FolderPlace
  readonly access: PrivilegeSet
}

/** A home that the caller reads. @throws refusal 404 */
export async function mustSeeHome(reader: Reader, session: Session, id: HomeId): Promise<FolderPlace> {
  const home = await findHomeById(reader, id)
  const place = home && (await chainTo(reader, session, home, []))?.at(-1)
  if (!place || !may(place, 'read')) throw notThere()
  return place
}

/** A folder or a file that the caller reads. @throws refusal 404 where he does not, whether or not it is there */
export async function mustSeeNode(reader: Reader, session: Session, id: NodeId): Promise<SeenNode> {
  const row = await findNodeById(reader, id)
  const seen = row && (await seeNode(reader, session, row))
  if (!seen || !may(seen, 'read')) throw notThere()
  return seen
}

/** What stands at a path below the homes: `/NAME/Offers/2026.pdf`. @throws refusal 404 */
export async function mustSeePath(
  reader: Reader,
  session: Session,
  path: string,
): Promise<FolderPlace | SeenNode> {
  const [segment = '', ...names] = path.split('/').filter((part) => part !== '')
  const tree = await findTree(reader, segment, 'files')
  if (!tree) throw notThere()
  if (names.length === 0) return mustSeeHome(reader, session, tree.home.id)
  const rows = await findNodePath(reader, tree.home.id, names)
  const last = rows.length === names.length ? rows.at(-1) : undefined
  return mustSeeNode(reader, session, last?.id ?? 0)
}

/** A folder that the caller reads. @throws refusal 404, 409 for a file */
export async function mustSeeFolder(reader: Reader, session: Session, id: NodeId): Promise<FolderPlace> {
  return folderOf(await mustSeeNode(reader, session, id))
}

/** @throws refusal 409 for a file */
export function folderOf({ row, parent, access }: SeenNode): FolderPlace {
  if (row.kind !== 'folder') throw refuseStatus(409, 'This is a file, not a folder.')
  return inside(parent, row, access)
}

/** What somebody may do with a node that he does not necessarily read; undefined where its home is gone. */
export async function seeNode(reader: Reader, session: Session, row: NodeRow): Promise<SeenNode | undefined> {
  const home = await findHomeById(reader, row.homeId)
  const folders = home && (await foldersAbove(reader, row))
  const chain =
    home &&
    folders &&
    (await chainTo(reader, session, home, row.kind === 'folder' ? [...folders, row] : folders))
  const itself = chain?.at(-1)
  const parent = row.kind === 'folder' ? chain?.at(-2) : itself
  return itself && parent && { row, parent, access: itself.access }
}

/** What the caller may do in each of the folders from the home to the innermost. */
async function chainTo(
  reader: Reader,
  session: Session,
  home: HomeRow,
  folders: readonly NodeRow[],
): Promise<FolderPlace[] | undefined> {
  const owner = await findPrincipalById(reader, home.principalId)
  if (!owner) return undefined
  const path: AceTarget[] = [{ kind: 'home', id: home.id }, ...folders.map(targetOf)]
  const lists = owner.id === session.principal.id ? noLists : await readLists(reader, path)
  const guarded = { ownerId: owner.id, hasProxies: false, path: path.slice(0, 1) }
  const access = await rightsAt(reader, session, guarded, lists)
  const chain: [FolderPlace, ...FolderPlace[]] = [
    { home, owner, folder: undefined, around: [], guarded, access },
  ]
  for (const row of folders) {
    const outer = chain.at(-1) ?? chain[0]
    const next = inside(outer, row, outer.access)
    chain.push({ ...next, access: await rightsAt(reader, session, next.guarded, lists) })
  }
  return chain
}

const noLists: Lists = { aces: [], shares: [] }

function inside(outer: FolderPlace, row: NodeRow, access: PrivilegeSet): FolderPlace {
  const { home, owner, guarded } = outer
  const path = [...guarded.path, targetOf(row)]
  return { home, owner, folder: row, around: [...outer.around, outer], guarded: { ...guarded, path }, access }
}

export function targetOf({ id }: NodeRow): AceTarget {
  return { kind: 'node', id }
}

export function parentIdOf({ folder }: FolderPlace): NodeId {
  return folder?.id ?? top
}

/** Where something is to be in a folder. */
export function spotIn(place: FolderPlace, name: string): Spot {
  return { home: place.home, parentId: parentIdOf(place), name, depth: place.guarded.path.length }
}

export function may(
  { access }: { readonly access: PrivilegeSet },
  ...names: readonly PrivilegeName[]
): boolean {
  return names.every((name) => (access & bit[name]) !== 0)
}

/** @throws need-privileges */
export function mustMay(place: { readonly access: PrivilegeSet }, ...names: readonly PrivilegeName[]): void {
  if (!may(place, ...names))
    throw refuse('need-privileges', { message: 'You may look at what is here, and not do that.' })
}

/** What a change does to a name in a folder, or to a whole folder. */
export interface NameTouched extends Pick<Touched, 'act' | 'isWhole'> {
  readonly place: FolderPlace
  readonly name: string
}

/**
 * Lets a change pass where nobody has locked what it touches: whoever comes by the API has no token of a lock.
 * @throws refusal 423
 * @see RFC 4918 §7.4–7.5
 */
export async function checkUnlocked(tx: Writer, changes: readonly NameTouched[]): Promise<void> {
  const touched = changes.map(({ place, name, ...how }) => ({ ...how, path: pathOf(place, name) }))
  const [first] = changes
  if (!first) return
  const owners = changes.map(({ place }) => place.owner.id)
  const locks = await findLocksForWrite(tx, owners, locksTouched(touched))
  if (obstacles(heldLocks(locks), touched, new Set(), first.place.owner.id).length > 0)
    throw refuseStatus(423, 'Another program has locked this: try again when it is done.')
}

function pathOf(place: FolderPlace, name: string): string {
  const folders = [...place.around, place].flatMap(({ folder }) => folder?.name ?? [])
  return lockPath(['dav', 'files', place.owner.segment, ...folders, name])
}

export const notThere = (): Error => refuseStatus(404, 'There is nothing at this address.')
