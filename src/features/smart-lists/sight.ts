import { mayHide } from '../../../protocol/vcard/mask/rules.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import type { CollectionId, PrincipalId } from '../../../storage/ids.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import type { Sight } from '../../../storage/smart-lists/wanted.ts'
import type { Reader } from '../../../storage/store.ts'
import { findTwins, type VirtualBook } from '../../../storage/virtual/books.ts'
import type { Session } from '../../auth/session.ts'
import { maskOf, masksFor, masksOfBook, masksOfSession, type PlacedMask, parseMasks } from '../masks/masks.ts'
import { type Reach, type Reached, reachOf } from '../people/reach.ts'
import { askerOf } from '../rights/rights.ts'
import { allows } from '../tokens/tokens.ts'

/** By whose reach a list is filled, and who is to see it. */
export interface Viewing {
  readonly session: Session
  /** Nothing of his own is hidden from him; undefined where something is hidden of everybody's cards. */
  readonly viewerId: PrincipalId | undefined
  /** What he does not see, and in short: see `keyOfMasks`. */
  readonly masks: readonly PlacedMask[]
  readonly maskKey: string
  /** Whether he shows it to another: then it is filled from books and calendars of his own alone. */
  readonly isGiven: boolean
}

/** The viewing of whoever makes a request. */
export async function ownViewing(reader: Reader, session: Session): Promise<Viewing> {
  const { masks, key: maskKey } = await masksOfSession(reader, session)
  return { session, viewerId: session.principal.id, masks, maskKey, isGiven: false }
}

/** The viewing of an address book that is made of a list. @param owner  who has made the list */
export async function viewingOf(reader: Reader, book: VirtualBook, owner: PrincipalRow): Promise<Viewing> {
  const { twinOf, collection, maskKey } = book
  const { masks } = maskKey === '' ? { masks: [] } : await masksOfBook(reader, book)
  const session: Session = {
    ...{ principal: owner, deviceId: undefined, clientKind: undefined, lists: 'both', scope: 'read' },
    ...{ directory: 'none', hasDirectoryBook: false },
  }
  const viewerId = twinOf === null ? collection.principalId : undefined
  return { session, viewerId, masks, maskKey, isGiven: collection.principalId !== owner.id }
}

/** What a list is filled from. */
export interface OpenSight {
  readonly sight: Sight
  readonly reach: Reach
  /** Books of which the viewer does not see all, and for which nothing that is whole stands yet. */
  readonly lacking: readonly CollectionRow[]
}

/** What is looked at for a list: cards as the viewer may see them, so that nobody is in it by what is hidden from him. */
export async function openSight(
  reader: Reader,
  { session, viewerId, masks, maskKey, isGiven }: Viewing,
): Promise<OpenSight> {
  const reach = await reachOf(reader, session)
  const { principals } = await askerOf(reader, session)
  const isHidden = (row: CollectionRow): boolean =>
    maskKey !== '' && row.principalId !== viewerId && (masks.length === 0 || masksFor(masks, row).length > 0)
  const isShown = ({ row }: Reached): boolean =>
    !isGiven || (row.generated === null && row.principalId === session.principal.id)
  const rows = reach.books.filter(isShown).map(({ row }) => row)
  const hidden = rows.filter(isHidden)
  const ids = hidden.map(({ id }) => id)
  const twins = ids.length === 0 ? [] : await findTwins(reader, ids, maskKey)
  const ready = new Set(twins.filter(({ through }) => through === null).map(({ twinOf }) => twinOf))
  // A token may be for people alone.
  const mayReadCalendars = !session.token || allows(session.token.scopes, 'calendars', 'read')
  const calendars = mayReadCalendars ? reach.calendars.filter(({ row }) => row.generated === null) : []
  // What is hidden from whoever has made it is as hidden from whom he shows it to.
  const veiledBooks = reach.books.filter((book) => book.masks.length > 0)
  const veiled = (property: string): readonly CollectionId[] => {
    const own = veiledBooks.filter((book) => mayHide(property, book.masks)).map(({ row }) => row.id)
    const others = hidden.filter((row) => mayHide(property, masksFor(masks, row))).map(({ id }) => id)
    return [...new Set([...others, ...own])]
  }
  const sight: Sight = {
    principalId: session.principal.id,
    principals: [...principals],
    books: rows.map(({ id }) => id),
    whole: rows.filter((row) => !isHidden(row)).map(({ id }) => id),
    twins: twins.map(({ collectionId }) => collectionId),
    labelled: twins.filter(showsLabels).map(({ collectionId }) => collectionId),
    calendars: calendars.filter(isShown).map(({ row }) => row.id),
    veiled: {
      jobs: veiled('ORG'),
      titles: [...new Set([...veiled('TITLE'), ...veiled('ROLE')])],
      relations: veiled('RELATED'),
      // Who two may be is told by anything on their cards.
      duplicates: [...new Set([...ids, ...veiledBooks.map(({ row }) => row.id)])],
    },
  }
  return { sight, reach, lacking: hidden.filter(({ id }) => !ready.has(id)) }
}

function showsLabels({ masks, twinOf }: VirtualBook): boolean {
  const hiding = parseMasks(masks).map(maskOf)
  return !mayHide('CATEGORIES', twinOf === null ? hiding : masksFor(hiding, { id: twinOf }))
}
