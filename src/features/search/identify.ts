import type { ActivityId, CollectionId, ObjectId, PartyId } from '../../../storage/ids.ts'
import { placementsByObject } from '../../../storage/people/parties.ts'
import type { SearchRow } from '../../../storage/search/candidates.ts'
import { grouped } from '../../../storage/select.ts'
import type { Reader } from '../../../storage/store.ts'
import { findActivities, mayReadActivity, partiesOfActivities } from '../../../storage/timeline/activities.ts'
import { membersByObjects } from '../../../storage/virtual/members.ts'
import { seeParties } from '../people/parties.ts'
import type { Findable } from './reach.ts'

/** Who or what something is, for whoever has found it. */
export interface Identity {
  readonly partyId: PartyId | null
  readonly cardId: ObjectId | null
  readonly eventId: ObjectId | null
  readonly activityId: ActivityId | null
  readonly collectionId: CollectionId | null
  /** The same for all that shows the same: one person has several cards, and a card several copies. */
  readonly key: string
}

type Found = Pick<SearchRow, 'id' | 'kind' | 'scope' | 'objectId' | 'sourceId'>

/** Who they are whose cards are found, by the ids of documents; without what whoever has found it does not see. */
export async function identify(
  reader: Reader,
  there: Findable,
  rows: readonly Found[],
): Promise<ReadonlyMap<number, Identity>> {
  const { reach, books, virtual } = there
  const whole = new Set(reach.bookIds)
  const masked = new Set(books.filter((id) => !whole.has(id)))
  const copies = new Set([...masked, ...virtual])
  const sources = await sourcesOf(reader, rows, copies)
  const cards = rows.flatMap(({ kind, objectId }) =>
    kind === 'event' || objectId === null ? [] : [objectId],
  )
  const placements = await placementsByObject(reader, [...cards, ...sources.values()])
  const identities = new Map<number, Identity>()
  for (const [id, identity] of await notesOf(reader, there, rows)) identities.set(id, identity)
  for (const { id, kind, scope, objectId } of rows) {
    if (objectId === null) continue
    const collectionId = collectionOf({ scope })
    const none = { ...nothing, collectionId }
    if (kind === 'event') {
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

const nothing = { partyId: null, cardId: null, eventId: null, activityId: null, collectionId: null } as const

/** Notes that he may see, about somebody whom he sees. */
async function notesOf(
  reader: Reader,
  { reach, asking }: Findable,
  rows: readonly Found[],
): Promise<ReadonlyMap<number, Identity>> {
  const ids = rows.flatMap(({ kind, sourceId }) => (kind === 'note' && sourceId !== null ? [sourceId] : []))
  const notes = await findActivities(reader, ids)
  const about = await partiesOfActivities(reader, ids)
  const seen = await seeParties(reader, reach, [...about.values()].flat())
  const identities = new Map<number, Identity>()
  for (const { id, kind, sourceId } of rows) {
    const note = kind === 'note' && sourceId !== null ? notes.get(sourceId) : undefined
    const partyId = note && about.get(note.id)?.find((party) => seen.has(party))
    if (!note || partyId === undefined || !mayReadActivity(note, asking)) continue
    identities.set(id, { ...nothing, partyId, activityId: note.id, key: `note ${note.id}` })
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
