import { type Mask, mayHide } from '../../../protocol/vcard/mask/rules.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import type { PrincipalId } from '../../../storage/ids.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import type { Sight } from '../../../storage/smart-lists/wanted.ts'
import type { Reader } from '../../../storage/store.ts'
import { findTwins, type VirtualBook } from '../../../storage/virtual/books.ts'
import type { Session } from '../../auth/session.ts'
import { masksOfBook, masksOfSession } from '../masks/masks.ts'
import { type Reach, reachOf } from '../people/reach.ts'
import { askerOf } from '../rights/rights.ts'
import { allows } from '../tokens/tokens.ts'

/** By whose reach a list is filled, and who is to see it. */
export interface Viewing {
  readonly session: Session
  /** Nothing of his own is hidden from him; undefined where something is hidden of everybody's cards. */
  readonly viewerId: PrincipalId | undefined
  /** What he does not see, and in short: see `keyOfMasks`. */
  readonly masks: readonly Mask[]
  readonly maskKey: string
}

/** The viewing of whoever makes a request. */
export async function ownViewing(reader: Reader, session: Session): Promise<Viewing> {
  const { masks, key: maskKey } = await masksOfSession(reader, session)
  return { session, viewerId: session.principal.id, masks, maskKey }
}

/** The viewing of an address book that is made of a list. @param owner  who has made the list */
export async function viewingOf(reader: Reader, book: VirtualBook, owner: PrincipalRow): Promise<Viewing> {
  const { twinOf, collection, maskKey } = book
  const { masks } = maskKey === '' ? { masks: [] } : await masksOfBook(reader, book)
  const session: Session = {
    ...{ principal: owner, deviceId: undefined, clientKind: undefined, lists: 'both', scope: 'read' },
    ...{ directory: 'none', hasDirectoryBook: false },
  }
  return { session, viewerId: twinOf === null ? collection.principalId : undefined, masks, maskKey }
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
  { session, viewerId, masks, maskKey }: Viewing,
): Promise<OpenSight> {
  const reach = await reachOf(reader, session)
  const { principals } = await askerOf(reader, session)
  const isHidden = ({ principalId }: CollectionRow): boolean => maskKey !== '' && principalId !== viewerId
  const rows = reach.books.map(({ row }) => row)
  const hidden = rows.filter(isHidden)
  const ids = hidden.map(({ id }) => id)
  const twins = ids.length === 0 ? [] : await findTwins(reader, ids, maskKey)
  const ready = new Set(twins.filter(({ through }) => through === null).map(({ twinOf }) => twinOf))
  // A token may be for people alone.
  const mayReadCalendars = !session.token || allows(session.token.scopes, 'calendars', 'read')
  const calendars = mayReadCalendars ? reach.calendars.filter(({ row }) => row.generated === null) : []
  const sight: Sight = {
    principalId: session.principal.id,
    principals: [...principals],
    books: reach.bookIds,
    whole: rows.filter((row) => !isHidden(row)).map(({ id }) => id),
    twins: twins.map(({ collectionId }) => collectionId),
    calendars: calendars.map(({ row }) => row.id),
    veiled: {
      jobs: mayHide('ORG', masks) ? ids : [],
      titles: mayHide('TITLE', masks) || mayHide('ROLE', masks) ? ids : [],
      relations: mayHide('RELATED', masks) ? ids : [],
      // Who two may be is told by anything on their cards.
      duplicates: ids,
    },
  }
  return { sight, reach, lacking: hidden.filter(({ id }) => !ready.has(id)) }
}
