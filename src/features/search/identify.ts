import type { ActivityId, CollectionId, NodeId, ObjectId, PartyId } from '../../../storage/ids.ts'
import { placementsByObject } from '../../../storage/people/parties.ts'
import type { SearchRow } from '../../../storage/search/candidates.ts'
import { grouped } from '../../../storage/select.ts'
import type { Reader } from '../../../storage/store.ts'
import { findActivities, mayReadActivity, partiesOfActivities } from '../../../storage/timeline/activities.ts'
import { membersByObjects } from '../../../storage/virtual/members.ts'
import { foundFiles } from '../documents/found-files.ts'
import { seeParties } from '../people/parties.ts'
import type { Findable } from './reach.ts'
import type { SearchHit } from './schema.ts'

/** Who or what something is, for whoever has found it. */
export interface Identity {
  readonly kind: SearchHit['kind']
  readonly partyId: PartyId | null
  readonly cardId: ObjectId | null
  readonly eventId: ObjectId | null
  readonly activityId: ActivityId | null
  readonly fileId: NodeId | null
  readonly folders: string[] | null
  readonly collectionId: CollectionId | null
  /** The same for all that shows the same: one person has several cards, and a card several copies. */
  readonly key: string
}

type Found = Pick<SearchRow, 'id' | 'kind' | 'scope' | 'objectId' | 'source' | 'sourceId'>

/** Who they are whose cards are found, by the ids of documents; without what whoever has found it does not see. */
export async function identify(
  reader: Reader,
  there: Findable,
  rows: readonly Found[],
): Promise<ReadonlyMap<number, Identity>> {
  const beside = await Promise.all([notesOf, filesOf, valuesOf].map((find) => find(reader, there, rows)))
  const identities = new Map<number, Identity>(beside.flatMap((found) => [...found]))
  for (const [id, identity] of await objectsOf(reader, there, rows)) identities.set(id, identity)
  return identities
}

/** Cards and events, by the ids of documents. */
async function objectsOf(
  reader: Reader,
  there: Findable,
  rows: readonly Found[],
): Promise<ReadonlyMap<number, Identity>> {
  const { whole, masked } = booksSeen(there)
  const sources = await sourcesOf(reader, rows, new Set([...masked, ...there.virtual]))
  const cards = rows.flatMap(({ kind, objectId }) =>
    kind === 'event' || objectId === null ? [] : [objectId],
  )
  const placements = await placementsByObject(reader, [...cards, ...sources.values()])
  const identities = new Map<number, Identity>()
  for (const { id, kind, scope, objectId } of rows) {
    if (objectId === null) continue
    const collectionId = collectionOf({ scope })
    const none = { ...nothing, collectionId }
    if (kind === 'event') {
      identities.set(id, { ...none, kind, eventId: objectId, key: `event ${objectId}` })
      continue
    }
    const source = sources.get(objectId)
    const placement = placements.get(source ?? objectId)
    const isSeen =
      placement !== undefined &&
      placement.removedAt === null &&
      (whole.has(placement.collectionId) || whole.has(collectionId))
    const partyId = isSeen ? placement.partyId : null
    const cardId = masked.has(collectionId) ? null : objectId
    const key = placement ? `party ${placement.partyId}` : `card ${source ?? objectId}`
    identities.set(id, { ...none, kind: kind === 'org' ? 'org' : 'person', partyId, cardId, key })
  }
  return identities
}

/** Books he reads, through masks or without; and those that stand for the books that he reads through masks. */
function booksSeen({ reach, books }: Findable) {
  const whole = new Set(reach.bookIds)
  return { whole, masked: new Set(books.filter((id) => !whole.has(id))) }
}

const nothing = {
  ...{ partyId: null, cardId: null, eventId: null, activityId: null, collectionId: null },
  ...{ fileId: null, folders: null },
} as const

function idsOf(rows: readonly Found[], source: Found['source']): number[] {
  return rows.flatMap((row) => (row.source === source && row.sourceId !== null ? [row.sourceId] : []))
}

/** Files that he reads. */
async function filesOf(
  reader: Reader,
  { session, reach }: Findable,
  rows: readonly Found[],
): Promise<ReadonlyMap<number, Identity>> {
  const files = await foundFiles(reader, session, reach, idsOf(rows, 'node'))
  const identities = new Map<number, Identity>()
  for (const { id, source, sourceId } of rows) {
    const file = source === 'node' && sourceId !== null ? files.get(sourceId) : undefined
    if (!file) continue
    const { row, folders, partyId } = file
    const key = `file ${row.id}`
    identities.set(id, { ...nothing, kind: 'document', fileId: row.id, folders: [...folders], partyId, key })
  }
  return identities
}

/** People of whom he sees the card that values are found beside. */
async function valuesOf(
  reader: Reader,
  there: Findable,
  rows: readonly Found[],
): Promise<ReadonlyMap<number, Identity>> {
  const { whole } = booksSeen(there)
  const unmasked = new Set(there.books)
  const placements = await placementsByObject(reader, idsOf(rows, 'value'))
  const identities = new Map<number, Identity>()
  for (const { id, source, sourceId } of rows) {
    const placement = source === 'value' && sourceId !== null ? placements.get(sourceId) : undefined
    if (!placement || placement.removedAt !== null || !whole.has(placement.collectionId)) continue
    const { kind, partyId, objectId, collectionId } = placement
    const card = unmasked.has(collectionId) ? { cardId: objectId, collectionId } : {}
    identities.set(id, { ...nothing, ...card, kind, partyId, key: `party ${partyId}` })
  }
  return identities
}

/** Notes that he may see, about somebody whom he sees. */
async function notesOf(
  reader: Reader,
  { reach, asking }: Findable,
  rows: readonly Found[],
): Promise<ReadonlyMap<number, Identity>> {
  const ids = idsOf(rows, 'note')
  const notes = await findActivities(reader, ids)
  const about = await partiesOfActivities(reader, ids)
  const seen = await seeParties(reader, reach, [...about.values()].flat())
  const identities = new Map<number, Identity>()
  for (const { id, source, sourceId } of rows) {
    const note = source === 'note' && sourceId !== null ? notes.get(sourceId) : undefined
    const partyId = note && about.get(note.id)?.find((party) => seen.has(party))
    if (!note || partyId === undefined || !mayReadActivity(note, asking)) continue
    identities.set(id, { ...nothing, kind: 'note', partyId, activityId: note.id, key: `note ${note.id}` })
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
