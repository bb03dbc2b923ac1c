import { Refusal, refuseStatus } from '../../protocol/dav/preconditions.ts'
import {
  allPrivileges,
  bit,
  noPrivileges,
  type PrivilegeSet,
  readPrivileges,
} from '../../protocol/dav/privileges.ts'
import type { AceTarget } from '../../storage/aces.ts'
import { type CollectionRow, findTree, listCollections, type Tree } from '../../storage/collections.ts'
import { findMount, listMounts, type Mounted } from '../../storage/mounts.ts'
import { findObject, type ObjectRow } from '../../storage/objects.ts'
import type { PrincipalRow } from '../../storage/principals.ts'
import type { Reader } from '../../storage/store.ts'
import type { Session } from '../auth/session.ts'
import { findVisiblePrincipal, principalAccess } from '../features/rights/directory.ts'
import { mountAccess } from '../features/rights/mount-access.ts'
import {
  collectionPlace,
  homePlace,
  type Lists,
  readLists,
  rightsAt,
  rightsNowhere,
  within,
} from '../features/rights/rights.ts'
import { openView } from '../features/views/view.ts'
import { authorize, type Guarded, needs } from './access.ts'
import { findNodeAt } from './files/tree.ts'
import { mountedRow } from './mounted.ts'
import { type HomeKind, homePath, homesPath, type Location, principalPath, proxyPath } from './paths.ts'
import type {
  CollectionResource,
  HomeResource,
  MemberResource,
  PrincipalResource,
  ProxyResource,
  Resource,
} from './resource.ts'
import { collectionResource, memberResource, sightOf } from './seen/collections.ts'
import { findNotificationAt, findNotifications } from './sharing/notifications.ts'

/**
 * The resource at a location, with what the caller may do there; undefined where there is none.
 * @throws need-privileges under another's tree without any privilege, whether or not anything is there
 */
export async function findResource(
  reader: Reader,
  session: Session,
  location: Location,
): Promise<Resource | undefined> {
  switch (location.kind) {
    case 'nowhere':
      return undefined
    case 'root':
    case 'principals':
      return { kind: location.kind, href: location.href, access: readPrivileges }
    case 'homes':
      return { kind: 'homes', href: homesPath[location.home], access: readPrivileges }
    case 'principal':
      return findPrincipalAt(reader, session, location)
    case 'proxy':
      return findProxyAt(reader, session, location)
    case 'home':
      return findHome(reader, session, location)
    case 'collection':
      return findCollectionAt(reader, session, location)
    case 'member':
      return findMember(reader, session, location)
    case 'notifications':
      return findNotifications(reader, session, location.segment)
    case 'notification':
      return findNotificationAt(reader, session, location)
    case 'node':
      return findNodeAt(reader, session, location)
  }
}

/** @throws refusal 404 where there is none */
export async function mustFind(reader: Reader, session: Session, location: Location): Promise<Resource> {
  const found = await findResource(reader, session, location)
  if (!found) throw notFound()
  return found
}

/** The same for what is to be read. @throws need-privileges */
export async function mustRead(reader: Reader, session: Session, location: Location): Promise<Resource> {
  const resource = await mustFind(reader, session, location)
  authorize(session, 'read', { resource })
  return resource
}

/** What there is that the caller may read; undefined for anything else, whether or not it is there. */
export async function findReadable(
  reader: Reader,
  session: Session,
  location: Location,
): Promise<Resource | undefined> {
  try {
    const found = await findResource(reader, session, location)
    return found && (found.access & bit.read) !== 0 ? found : undefined
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

export const notFound = (): Error => refuseStatus(404, 'There is nothing at this address.')

type In<K extends Location['kind']> = Omit<Extract<Location, { kind: K }>, 'kind'>

/** @throws need-privileges where there is none that the caller may see */
async function findPrincipalAt(
  reader: Reader,
  session: Session,
  { segment }: In<'principal'>,
): Promise<PrincipalResource> {
  const href = principalPath(segment)
  const principal = await findVisiblePrincipal(reader, session, segment)
  if (!principal) throw needs(session, href, ['read'])
  return principalResource(session, principal)
}

/** A principal that the caller may see. */
export function principalResource(session: Session, principal: PrincipalRow): PrincipalResource {
  const href = principalPath(principal.segment)
  return { kind: 'principal', href, principal, access: principalAccess(session, principal) }
}

/** Whoever has calendars can have delegates. */
async function findProxyAt(
  reader: Reader,
  session: Session,
  { segment, mode }: In<'proxy'>,
): Promise<ProxyResource | undefined> {
  const { principal, access } = await findPrincipalAt(reader, session, { segment })
  if (principal.kind === 'group') return undefined
  return { kind: 'proxy', href: proxyPath(segment, mode), principal, mode, access }
}

/** @throws need-privileges where the caller may do nothing, or there is none */
export async function findHome(
  reader: Reader,
  session: Session,
  { home, segment }: In<'home'>,
): Promise<HomeResource> {
  const href = homePath(home, segment)
  const tree = await findTree(reader, ownerAt(session, segment), home)
  const access = tree
    ? await rightsAt(reader, session, homePlace(tree.home), await listsFor(reader, session, tree))
    : await rightsNowhere(reader, session)
  if (!tree || access === noPrivileges) throw needs(session, href, ['read'])
  const kind = home === 'calendars' ? 'calendar-home' : 'addressbook-home'
  const guarded = homePlace(tree.home)
  return { kind, href, row: tree.home, guarded, principal: tree.principal, epoch: tree.epoch, access }
}

/** Whose tree a segment leads to: the caller himself is known. */
function ownerAt({ principal }: Session, segment: string): string | PrincipalRow {
  return principal.segment === segment ? principal : segment
}

/** The home that a collection is in, with what the caller may do there, which may be nothing. */
export async function findParent(
  reader: Reader,
  session: Session,
  { home, segment }: In<'home'>,
): Promise<Guarded> {
  const tree = await findTree(reader, ownerAt(session, segment), home)
  const href = homePath(home, segment)
  if (!tree) return { href, access: await rightsNowhere(reader, session) }
  return {
    href,
    access: await rightsAt(reader, session, homePlace(tree.home), await listsFor(reader, session, tree)),
  }
}

/**
 * A calendar or an address book: the account's own, one that is mounted in its home, or another's.
 * @throws need-privileges naming the home, where the caller may do nothing in it
 */
export async function findCollectionAt(
  reader: Reader,
  session: Session,
  { home, segment, collection: name }: In<'collection'>,
): Promise<CollectionResource | undefined> {
  const tree = await findTree(reader, ownerAt(session, segment), home, name)
  if (tree?.principal.id !== session.principal.id)
    return foreignCollection(reader, session, tree, home, segment)
  const { principal, collection, epoch } = tree
  if (collection) {
    const seen = (await sightOf(reader, session, [collection]))(collection)
    const access = within(session, allPrivileges)
    return seen && collectionResource(session, seen, collection, { principal, epoch }, access)
  }
  const mounted = await findMount(reader, tree.home.id, name)
  if (!mounted) return undefined
  const [found] = await mountedCollections(reader, session, [mounted], principal, epoch)
  return found
}

async function foreignCollection(
  reader: Reader,
  session: Session,
  tree: Tree | undefined,
  home: HomeKind,
  segment: string,
): Promise<CollectionResource | undefined> {
  const href = homePath(home, segment)
  if (!tree) {
    await rightsNowhere(reader, session)
    throw needs(session, href, ['read'])
  }
  const { collection } = tree
  const seen = collection && (await sightOf(reader, session, [collection]))(collection)
  const lists = await listsFor(reader, session, tree, seen ? [collection] : [])
  if (seen) {
    const access = await rightsAt(reader, session, collectionPlace(collection), lists)
    if (access !== noPrivileges) return collectionResource(session, seen, collection, tree, access)
  }
  const around = await rightsAt(reader, session, homePlace(tree.home), lists)
  if ((around & bit.read) === 0) throw needs(session, href, ['read'])
  return undefined
}

/**
 * The collections of a home that the caller may see: those of its owner, then what is mounted in the caller's own.
 * @param seen  what makes a collection of another's home one that is seen
 */
export async function childrenOf(
  reader: Reader,
  session: Session,
  home: Pick<HomeResource, 'row' | 'principal' | 'epoch'>,
  seen: 'read' | 'read-free-busy' = 'read',
): Promise<CollectionResource[]> {
  const { principal, epoch } = home
  const all = await listCollections(reader, home.row.id)
  const see = await sightOf(reader, session, all)
  const rows = all.filter((row) => see(row) !== undefined)
  const resourceOf = (row: CollectionRow, access: PrivilegeSet): CollectionResource[] => {
    const seen = see(row)
    return seen ? [collectionResource(session, seen, row, { principal, epoch }, access)] : []
  }
  if (principal.id === session.principal.id) {
    const access = within(session, allPrivileges)
    const own = rows.flatMap((row) => resourceOf(row, access))
    const mounts = await listMounts(reader, home.row.id)
    return [...own, ...(await mountedCollections(reader, session, mounts, principal, epoch))]
  }
  const lists = await readLists(reader, [{ kind: 'home', id: home.row.id }, ...rows.map(targetOfCollection)])
  const found: CollectionResource[] = []
  for (const row of rows) {
    const access = await rightsAt(reader, session, collectionPlace(row), lists)
    if ((access & bit[seen]) !== 0) found.push(...resourceOf(row, access))
  }
  return found
}

/** Mounts as collections of their sharee's home; what he may do is decided by the lists of what is mounted. */
async function mountedCollections(
  reader: Reader,
  session: Session,
  mounts: readonly Mounted[],
  principal: PrincipalRow,
  epoch: string,
): Promise<CollectionResource[]> {
  if (mounts.length === 0) return []
  const targets = mounts.flatMap(({ collection }) => collectionPlace(collection).path)
  const lists = await readLists(reader, targets)
  const see = await sightOf(
    reader,
    session,
    mounts.map(({ collection }) => collection),
  )
  const found: CollectionResource[] = []
  for (const { mount, collection, owner } of mounts) {
    const seen = see(collection, 'mount')
    if (!seen) continue
    const rights = await rightsAt(reader, session, collectionPlace(collection), lists)
    const access = mountAccess(session, mount, rights)
    if (access === noPrivileges) continue
    const row = mountedRow({ mount, collection: seen.row, owner })
    found.push({
      ...collectionResource(session, { ...seen, row }, collection, { principal, epoch }, access),
      owner,
      mount,
      nameAtOwner: collection.name,
    })
  }
  return found
}

async function findMember(
  reader: Reader,
  session: Session,
  location: In<'member'>,
): Promise<MemberResource | undefined> {
  const collection = await findCollectionAt(reader, session, location)
  if (!collection) return undefined
  // Who may not read the collection does not learn what it holds.
  authorize(session, 'read', { resource: collection })
  return findMemberIn(reader, collection, location.name)
}

/** A member of a collection as the caller sees it; undefined where there is none for him. */
export async function findMemberIn(
  reader: Reader,
  collection: CollectionResource,
  name: string,
): Promise<MemberResource | undefined> {
  const view = await openView(reader, collection)
  if (!view) {
    const row = await findObject(reader, collection.row.id, name)
    return row && memberResource(collection, row)
  }
  const stored = (await view.locate(reader, [name])).get(name)
  const [seen] = stored ? await view.see(reader, [stored], { row: true, text: true }) : []
  // What is seen as it is stored is served octet for octet.
  if (stored && seen?.row === stored) return memberResource(collection, stored)
  return stored && seen && { ...memberResource(collection, seen.row, seen.text), stored }
}

/** What is stored under a name where the caller sees nothing, knowing lists of people otherwise. */
export async function findUnseen(
  reader: Reader,
  { row, lists }: CollectionResource,
  name: string,
): Promise<ObjectRow | undefined> {
  return lists && findObject(reader, row.id, name)
}

/** The row of what is stored; undefined for a member that was listed without it. */
export function storedRow({ full, stored }: MemberResource): ObjectRow | undefined {
  return stored ?? full
}

/** The lists of a home and collections in it; none where the caller's own tree makes them needless. */
async function listsFor(
  reader: Reader,
  session: Session,
  { principal, home }: Tree,
  collections: readonly CollectionRow[] = [],
): Promise<Lists> {
  if (principal.id === session.principal.id) return { aces: [], shares: [] }
  return readLists(reader, [{ kind: 'home', id: home.id }, ...collections.map(targetOfCollection)])
}

function targetOfCollection({ id }: CollectionRow): AceTarget {
  return { kind: 'collection', id }
}
