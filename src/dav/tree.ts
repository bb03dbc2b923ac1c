import { encodeSegment } from '../../protocol/dav/href.ts'
import { dav } from '../../protocol/dav/names.ts'
import { refuse, refuseStatus } from '../../protocol/dav/preconditions.ts'
import { type CollectionRow, findTree } from '../../storage/collections.ts'
import { findObject, type MemberRow, type ObjectRow } from '../../storage/objects.ts'
import type { Reader } from '../../storage/store.ts'
import type { Session } from '../auth/session.ts'
import { collectionPath, homePath, homesPath, type Location, principalPath } from './paths.ts'
import {
  type CollectionResource,
  type HomeResource,
  type MemberResource,
  memberKind,
  type Resource,
} from './resource.ts'

/**
 * The resource at a location; undefined where there is none.
 * @throws need-privileges under another's tree, whether or not anything is there
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
      return { kind: 'root', href: location.href }
    case 'principals':
      return { kind: 'principals', href: location.href }
    case 'homes':
      return { kind: 'homes', href: homesPath[location.home] }
    case 'principal':
      ownTree(session, location.segment, principalPath(location.segment))
      return { kind: 'principal', href: principalPath(location.segment), principal: session.principal }
    case 'home':
      return findHome(reader, session, location)
    case 'collection':
      return findCollectionAt(reader, session, location)
    case 'member':
      return findMember(reader, session, location)
  }
}

/** @throws refusal 404 where there is none */
export async function mustFind(reader: Reader, session: Session, location: Location): Promise<Resource> {
  const found = await findResource(reader, session, location)
  if (!found) throw notFound()
  return found
}

export const notFound = (): Error => refuseStatus(404, 'There is nothing at this address.')

type In<K extends Location['kind']> = Extract<Location, { kind: K }>

export async function findHome(
  reader: Reader,
  session: Session,
  { home, segment }: Omit<In<'home'>, 'kind'>,
): Promise<HomeResource> {
  const href = homePath(home, segment)
  ownTree(session, segment, href)
  const tree = await findTree(reader, segment, home)
  if (!tree) throw notFound()
  const kind = home === 'calendars' ? 'calendar-home' : 'addressbook-home'
  return { kind, href, row: tree.home, principal: session.principal, epoch: tree.epoch }
}

export async function findCollectionAt(
  reader: Reader,
  session: Session,
  { home, segment, collection }: Omit<In<'collection'>, 'kind'>,
): Promise<CollectionResource | undefined> {
  ownTree(session, segment, homePath(home, segment))
  const tree = await findTree(reader, segment, home, collection)
  return tree?.collection && collectionResource(tree.collection, session, tree.epoch)
}

async function findMember(
  reader: Reader,
  session: Session,
  location: In<'member'>,
): Promise<MemberResource | undefined> {
  const collection = await findCollectionAt(reader, session, location)
  const row = collection && (await findObject(reader, collection.row.id, location.name))
  return collection && row && memberResource(collection, row)
}

export function collectionResource(row: CollectionRow, session: Session, epoch: string): CollectionResource {
  const { principal } = session
  const home = row.kind === 'calendar' ? 'calendars' : 'addressbooks'
  return { kind: row.kind, href: collectionPath(home, principal.segment, row.name), row, principal, epoch }
}

export function memberResource(
  collection: Pick<CollectionResource, 'kind' | 'href'>,
  row: MemberRow,
  text?: string,
): MemberResource {
  const kind = memberKind(collection.kind)
  const href = collection.href + encodeSegment(row.name)
  const full = isFull(row) ? { full: row } : {}
  return text === undefined ? { kind, href, row, ...full } : { kind, href, row, ...full, text }
}

/** Whether a row has every column, not only those of the covering indexes. */
export function isFull(row: MemberRow): row is ObjectRow {
  return 'bodyId' in row
}

/** @see RFC 3744 §7.1.1; the answer is the same whether or not anything is there */
function ownTree(session: Session, segment: string, href: string): void {
  if (session.principal.segment === segment) return
  throw refuse('need-privileges', {
    href,
    privilege: dav('read'),
    message: 'This belongs to another account.',
  })
}
