import type { CollectionId, ObjectId, PartyId } from '../../../storage/ids.ts'
import { placementsByObject } from '../../../storage/people/parties.ts'
import type { SearchRow } from '../../../storage/search/candidates.ts'
import { grouped } from '../../../storage/select.ts'
import type { Reader } from '../../../storage/store.ts'
import { membersByObjects } from '../../../storage/virtual/members.ts'
import type { Findable } from './reach.ts'

/** Who or what something is, for whoever has found it. */
export interface Identity {
  readonly partyId: PartyId | null
  readonly cardId: ObjectId | null
  readonly eventId: ObjectId | null
  readonly collectionId: CollectionId
  /** The same for all that shows the same: one person has several cards, and a card several copies. */
  readonly key: string
}

type Found = Pick<SearchRow, 'id' | 'kind' | 'scope' | 'objectId'>

/** Who they are whose cards are found, by the ids of documents. */
export async function identify(
  reader: Reader,
  { reach, books, virtual }: Findable,
  rows: readonly Found[],
): Promise<ReadonlyMap<number, Identity>> {
  const whole = new Set(reach.bookIds)
  const masked = new Set(books.filter((id) => !whole.has(id)))
  const copies = new Set([...masked, ...virtual])
  const sources = await sourcesOf(reader, rows, copies)
  const cards = rows.flatMap(({ kind, objectId }) =>
    kind === 'event' || objectId === null ? [] : [objectId],
  )
  const placements = await placementsByObject(reader, [...cards, ...sources.values()])
  const identities = new Map<number, Identity>()
  for (const { id, kind, scope, objectId } of rows) {
    const collectionId = collectionOf({ scope })
    const none = { partyId: null, cardId: null, eventId: null, collectionId }
    if (kind === 'event' || objectId === null) {
      identities.set(id, { ...none, eventId: objectId, key: `event ${objectId}` })
      continue
    }
    const source = sources.get(objectId)
    const placement = placements.get(source ?? objectId)
    const isSeen =
      placement !== undefined && placement.removedAt === null && whole.has(placement.collectionId)
    const partyId = isSeen ? placement.partyId : null
    const cardId = masked.has(collectionId) ? null : objectId
    const key = placement ? `party ${placement.partyId}` : `card ${source ?? objectId}`
    identities.set(id, { ...none, partyId, cardId, key })
  }
  return identities
}

function collectionOf({ scope }: Pick<Found, 'scope'>): CollectionId {
  return scope / 4
}

/** The cards that these copies were made of. */
async function sourcesOf(
  reader: Reader,
  rows: readonly Found[],
  copies: ReadonlySet<CollectionId>,
): Promise<ReadonlyMap<ObjectId, ObjectId>> {
  const sources = new Map<ObjectId, ObjectId>()
  const inCopies = rows.filter((row) => copies.has(collectionOf(row)))
  for (const [collectionId, some] of grouped(inCopies, collectionOf)) {
    const ids = some.flatMap(({ objectId }) => objectId ?? [])
    for (const { memberId, sourceId } of await membersByObjects(reader, collectionId, ids))
      if (memberId !== null) sources.set(memberId, sourceId)
  }
  return sources
}
