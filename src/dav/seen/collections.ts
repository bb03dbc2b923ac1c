import { encodeSegment } from '../../../protocol/dav/href.ts'
import { bit, noPrivileges, type PrivilegeSet } from '../../../protocol/dav/privileges.ts'
import { type CollectionRow, isServerOnly } from '../../../storage/collections.ts'
import type { MemberRow } from '../../../storage/objects.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import type { Reader } from '../../../storage/store.ts'
import { findVirtualBooks, type VirtualBook } from '../../../storage/virtual/books.ts'
import type { Session } from '../../auth/session.ts'
import { isFull } from '../../features/full-rows.ts'
import { collectionPlace } from '../../features/rights/rights.ts'
import { seenBooks } from '../../features/virtual/virtual.ts'
import { needs } from '../access.ts'
import { collectionPath } from '../paths.ts'
import { type CollectionResource, type MemberResource, memberKind } from '../resource.ts'

/** A collection as the caller sees it: its own row, or that of what stands for it, under the name and with the properties of its own. */
export interface SeenCollection {
  readonly row: CollectionRow
  readonly virtual: VirtualBook | undefined
  /** What nobody may do with it that way. */
  readonly lacking: PrivilegeSet
}

export type See = (row: CollectionRow, through?: 'mount') => SeenCollection | undefined

/**
 * How the caller sees collections; undefined for one that is not there for him. Where he does not see all of a book, it is what stands
 * for it that he reads by whatever request (masks); and where that is not made yet he sees nothing.
 */
export async function sightOf(
  reader: Reader,
  session: Session,
  rows: readonly CollectionRow[],
): Promise<See> {
  const seenOf = await seenBooks(reader, session, rows)
  const ids = rows.filter(({ generated }) => generated === 'virtual').map(({ id }) => id)
  const books = ids.length === 0 ? [] : await findVirtualBooks(reader, ids)
  const virtual = new Map(books.map((book) => [book.collectionId, book]))
  return (row, through) => {
    const isOwn = row.principalId === session.principal.id
    if (row.generated === 'masked' || isHiddenDirectory(session, row)) return undefined
    const book = row.generated === 'virtual' ? virtual.get(row.id) : undefined
    // What others let somebody have is not his to let to others by lists of rights.
    if (row.generated === 'virtual' && !(book && (isOwn || through === 'mount'))) return undefined
    const seen = seenOf(row)
    if (seen === undefined) return undefined
    if (seen === 'whole') return { row, virtual: book, lacking: lackingOf(row, book) }
    const { id, feedId, feedChange, feedFloor, listsSince, generated } = seen.collection
    const properties = through === 'mount' ? noPrivileges : bit['write-properties']
    return {
      row: { ...row, id, feedId, feedChange, feedFloor, listsSince, generated },
      virtual: seen,
      lacking: lackingOf(row, book) | bit['write-acl'] | properties,
    }
  }
}

/** A directory holds those whom its owner may see: it is for nobody else, and for nobody where there is to be none. */
function isHiddenDirectory(session: Session, { generated, principalId }: CollectionRow): boolean {
  return generated === 'directory' && !(session.hasDirectoryBook && principalId === session.principal.id)
}

/** What nobody may do where the server alone writes; what is made of cards of others is let to nobody by who has it. */
function lackingOf(collection: CollectionRow, book: VirtualBook | undefined): PrivilegeSet {
  if (!isServerOnly(collection)) return noPrivileges
  const comingAndGoing = bit.bind | bit.unbind
  const writing = bit['write-content'] | comingAndGoing
  if (collection.generated === 'directory') return writing | bit['write-acl']
  if (!book) return writing
  return bit['write-acl'] | (book.writeThrough === 'never' ? writing : comingAndGoing)
}

/** A collection in the home of its owner, or of who has it mounted. @param original  as its owner has it */
export function collectionResource(
  session: Session,
  { row, virtual, lacking }: SeenCollection,
  original: CollectionRow,
  { principal, epoch }: { readonly principal: PrincipalRow; readonly epoch: string },
  access: PrivilegeSet,
): CollectionResource {
  const home = row.kind === 'calendar' ? 'calendars' : 'addressbooks'
  return {
    kind: row.kind,
    href: collectionPath(home, principal.segment, row.name),
    row,
    guarded: collectionPlace(original),
    principal,
    owner: principal,
    epoch,
    lists: row.listsSince === null ? undefined : session.lists,
    access: access & ~lacking,
    ...(virtual && { virtual }),
  }
}

/** Who does not see all of a book does not delete, move or replace it. @throws need-privileges */
export function requireWhole(session: Session, { row, mount, href }: CollectionResource): void {
  if (row.generated === 'masked' && !mount) throw needs(session, href, ['unbind'])
}

export function memberResource(
  collection: CollectionResource,
  row: MemberRow,
  text?: string,
): MemberResource {
  const kind = memberKind(collection.kind)
  const href = collection.href + encodeSegment(row.name)
  const { access } = collection
  return { kind, href, access, collection, row, full: isFull(row) ? row : undefined, text }
}
