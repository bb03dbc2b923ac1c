import { bit, type PrivilegeSet } from '../../../protocol/dav/privileges.ts'
import type { Mask } from '../../../protocol/vcard/mask/rules.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import type { CollectionId, PrincipalId } from '../../../storage/ids.ts'
import { listMountsOf, type MountRow } from '../../../storage/mounts.ts'
import { listOpenCollections } from '../../../storage/people/open-collections.ts'
import type { PlacementRow } from '../../../storage/people/parties.ts'
import type { Reader } from '../../../storage/store.ts'
import { findVirtualBooks } from '../../../storage/virtual/books.ts'
import type { Session } from '../../auth/session.ts'
import { heldMasks, maskOf, masksOver, parseMasks } from '../masks/masks.ts'
import { mountAccess } from '../rights/mount-access.ts'
import { askerOf, collectionPlace, readLists, rightsAt } from '../rights/rights.ts'

/** A collection that somebody reads. */
export interface Reached {
  readonly row: CollectionRow
  readonly access: PrivilegeSet
  /** Through which he has it in his home, if it is another's. */
  readonly mount: MountRow | undefined
  /** What he does not see of its cards: see `seenTexts`. */
  readonly masks: readonly Mask[]
  /** Of a book that holds what another shares one by one: who that is. */
  readonly givenBy?: PrincipalId
}

/** What somebody reads of people and of events: everything about people starts from here. */
export interface Reach {
  /**
   * Address books, his own first, the default one before the others; those of what others share with him one by one come last.
   * Nothing else that the server makes is there.
   */
  readonly books: readonly Reached[]
  readonly bookIds: readonly CollectionId[]
  /** Books of copies of cards of others, that are his own. */
  readonly virtual: readonly Reached[]
  /** Calendars whose events he reads: those that show him only when somebody is busy are none. */
  readonly calendars: readonly Reached[]
  /** Calendars that show him only when somebody is busy. */
  readonly busyCalendars: readonly Reached[]
}

/** What a session reads, by the lists that decide it over DAV. */
export async function reachOf(reader: Reader, session: Session): Promise<Reach> {
  const { id: principalId } = session.principal
  const { principals, proxyOf } = await askerOf(reader, session)
  const rows = await listOpenCollections(reader, { principalId, principals, proxyOf: proxyOf.keys() })
  const mounts = new Map<CollectionId, MountRow>()
  for (const { mount } of await listMountsOf(reader, principalId))
    if (mount.state === 'accepted') mounts.set(mount.collectionId, mount)
  const foreign = rows.filter((row) => row.principalId !== principalId)
  const lists = await readLists(
    reader,
    foreign.flatMap((row) => collectionPlace(row).path),
  )
  const reached: Reached[] = []
  for (const row of rows) {
    const mount = mounts.get(row.id)
    const rights = await rightsAt(reader, session, collectionPlace(row), lists)
    const access = mount ? mountAccess(session, mount, rights) : rights
    if ((access & bit.read) === 0) continue
    reached.push({ row, access, mount, masks: await masksOver(reader, session, row) })
  }
  const filled = reached.filter(({ row }) => row.kind === 'addressbook' && row.generated === null)
  const virtual = reached.filter(({ row }) => row.generated === 'virtual' && row.principalId === principalId)
  const allCalendars = reached.filter(({ row }) => row.kind === 'calendar')
  const calendars = allCalendars.filter(({ mount }) => mount?.view !== 'busy')
  const busyCalendars = allCalendars.filter(({ mount }) => mount?.view === 'busy')
  const books = [...filled, ...(await givenBooks(reader, principalId, virtual))]
  return { books, bookIds: books.map(({ row }) => row.id), virtual, calendars, busyCalendars }
}

/** Books of people whom others share with somebody, with what he may do in them. */
async function givenBooks(
  reader: Reader,
  viewerId: PrincipalId,
  virtual: readonly Reached[],
): Promise<Reached[]> {
  if (virtual.length === 0) return []
  const books = await findVirtualBooks(
    reader,
    virtual.map(({ row }) => row.id),
  )
  const given = new Map(books.map((book) => [book.collectionId, book]))
  const { masks: held } = await heldMasks(reader, viewerId)
  return virtual.flatMap((reached) => {
    const book = given.get(reached.row.id)
    if (!book || book.ownerId === viewerId) return []
    const lacking = bit.bind | bit.unbind | (book.writeThrough === 'always' ? 0 : bit['write-content'])
    const masks = [...parseMasks(book.masks).map(maskOf), ...held]
    return [{ ...reached, access: reached.access & ~lacking, masks, givenBy: book.ownerId }]
  })
}

/** Those of the books that hold what others share one by one. */
export function givenIn({ books }: Pick<Reach, 'books'>): ReadonlySet<CollectionId> {
  return new Set(books.flatMap(({ row, givenBy }) => (givenBy === undefined ? [] : [row.id])))
}

/** Whether cards of a book may be changed, added and taken away. */
export function mayWrite({ access }: Pick<Reached, 'access'>): boolean {
  return (access & bit['write-content']) !== 0
}

/** The books of a reach, by id. */
export function booksOf({ books }: Reach): ReadonlyMap<CollectionId, CollectionRow> {
  return new Map(books.map(({ row }) => [row.id, row]))
}

/** Those of somebody's cards that whoever asks may change. */
export function writablePlacements({ books }: Reach, placements: readonly PlacementRow[]): PlacementRow[] {
  const writable = new Set(books.filter(mayWrite).map(({ row }) => row.id))
  return placements.filter(({ collectionId }) => writable.has(collectionId))
}
