import {
  type FactRevisionRow,
  findFactRevision,
  listFactRevisions,
} from '../../../storage/history/fact-revisions.ts'
import {
  findMakers,
  type Makers,
  pageRevisionsOf,
  statesBefore,
} from '../../../storage/history/object-revisions.ts'
import type { FactRevisionId, ObjectId, PartyId, RevisionId } from '../../../storage/ids.ts'
import type { Origin } from '../../../storage/origin.ts'
import { allPlacementsOf } from '../../../storage/people/parties.ts'
import type { RevisionRow } from '../../../storage/revisions.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { type Asking, mustWrite } from '../people/asking.ts'
import { findParty, type SeenParty } from '../people/parties.ts'
import { givenIn, type Reach, reachOf } from '../people/reach.ts'
import { type FactKind, type FactRestore, factKinds } from './fact-kinds.ts'
import { type Behind, behindCopy } from './given.ts'
import { notThere } from './readable.ts'
import { sightsOf } from './shown.ts'
import { shownFacts, statesOf } from './shown-facts.ts'
import { summarize } from './summaries.ts'
import { type ToldFact, type ToldRevision, tellFacts } from './told-facts.ts'

/** One thing that happened to somebody: to one of his cards, or to a fact beside them. */
export type PartyChange =
  | {
      readonly type: 'card'
      readonly revision: RevisionRow
      readonly summary: string
      /** Whether nothing of the card is hidden from the caller. */
      readonly isWhole: boolean
    }
  | {
      readonly type: 'fact'
      readonly revision: FactRevisionRow
      readonly fact: FactKind
      /** What differs, with names. */
      readonly told: ToldFact
    }

/** Where the next page of such a history begins: before these. */
export type PartyPlace = readonly [RevisionId, FactRevisionId]

export interface PartyPage {
  readonly changes: readonly PartyChange[]
  readonly makers: Makers
  /** Undefined on the last page. */
  readonly next: PartyPlace | undefined
}

const start: PartyPlace = [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]

/**
 * What happened to somebody, the newest first: to each of his cards in the books that the caller reads, and to what is known
 * beside them. A page may be shorter than asked for, and have another behind it.
 * @throws refusal 404
 */
export async function listPartyChanges(
  reader: Reader,
  session: Session,
  id: PartyId,
  page: { readonly before?: PartyPlace | undefined; readonly limit: number },
  settings: Services['settings'],
  kinds: readonly FactKind[] = factKinds,
): Promise<PartyPage> {
  const reach = await reachOf(reader, session)
  const party = await findParty(reader, reach, id)
  if (!party) throw notThere()
  const [cardsBefore, factsBefore] = page.before ?? start
  const limit = page.limit + 1
  const objects = (await allPlacementsOf(reader, [party.row.id])).map(({ objectId }) => objectId)
  const given = await givenTo(reader, session, reach, party)
  const places = [...reach.bookIds, ...new Set([...given.values()].map(({ source }) => source.collection.id))]
  const found = await pageRevisionsOf(reader, objects, places, { before: cardsBefore, limit })
  const options = { before: factsBefore, limit, kinds: kinds.map(({ kind }) => kind) }
  const facts = await listFactRevisions(reader, party.row.id, options)
  const taken = latest(found, facts, page.limit)
  const isShown = shownIn(reach, given)
  const summaries = await summariesOf(reader, session, reach, taken.cards.filter(isShown), settings, given)
  const shown = await shownFacts(reader, { session, reach }, taken.facts, kinds)
  const told = await tellFacts(reader, reach, toldOf(taken.facts, shown))
  const veiled = new Set(reach.books.filter(({ masks }) => masks.length > 0).map(({ row }) => row.id))
  const changes = taken.all.flatMap((one): PartyChange[] => {
    if ('name' in one) {
      if (!isShown(one)) return []
      const behind = given.get(one.objectId)
      const isWhole = behind ? !behind.given?.sight : !veiled.has(one.collectionId)
      const revision = behind ? { ...one, ...copiedAt(behind) } : one
      return [{ type: 'card', revision, summary: summaries.get(one.id) ?? '', isWhole }]
    }
    const [fact, words] = [shown.get(one.id), told.get(one.id)]
    return fact && words ? [{ type: 'fact', revision: one, fact, told: words }] : []
  })
  const more = found.length + facts.length > taken.all.length
  const next = [taken.cards.at(-1)?.id ?? cardsBefore, taken.facts.at(-1)?.id ?? factsBefore] as const
  const makers = await findMakers(
    reader,
    changes.map(({ revision }) => revision),
  )
  return { changes, makers, next: more ? next : undefined }
}

/** Cards that another shares one by one, by their own ids. */
type Given = ReadonlyMap<ObjectId, Behind>

/** The cards behind the copies of somebody that whoever asks has, and does not read otherwise. */
async function givenTo(
  reader: Reader,
  session: Session,
  reach: Reach,
  { placements }: SeenParty,
): Promise<Given> {
  const books = givenIn(reach)
  const open = new Set(reach.bookIds)
  const found = new Map<ObjectId, Behind>()
  for (const { objectId, collectionId } of placements) {
    const behind = books.has(collectionId) ? await behindCopy(reader, session, objectId) : undefined
    if (behind?.given && !open.has(behind.source.collection.id)) found.set(behind.source.row.id, behind)
  }
  return found
}

/** Whether a state is of a card that is read, or of one that is shared, since it is. */
function shownIn({ bookIds }: Reach, given: Given): (revision: RevisionRow) => boolean {
  const open = new Set(bookIds)
  return ({ id, objectId, collectionId }) => {
    const behind = given.get(objectId)
    if (open.has(collectionId)) return true
    return (
      behind?.given !== undefined && behind.source.collection.id === collectionId && id >= behind.given.since
    )
  }
}

function copiedAt({ copy: { id, collectionId, name } }: Behind) {
  return { objectId: id, collectionId, name }
}

function toldOf(
  revisions: readonly FactRevisionRow[],
  shown: ReadonlyMap<FactRevisionId, FactKind>,
): ToldRevision[] {
  return revisions.flatMap((revision) => {
    const fact = shown.get(revision.id)
    return fact ? [{ revision, fact }] : []
  })
}

interface Taken {
  readonly all: readonly (RevisionRow | FactRevisionRow)[]
  readonly cards: readonly RevisionRow[]
  readonly facts: readonly FactRevisionRow[]
}

/** The latest of both, so many at most; of each list what comes first in it. */
function latest(cards: readonly RevisionRow[], facts: readonly FactRevisionRow[], limit: number): Taken {
  const all: (RevisionRow | FactRevisionRow)[] = []
  let [card, fact] = [0, 0]
  while (all.length < limit) {
    const [one, other] = [cards[card], facts[fact]]
    // At the same moment the card was there before what is said of it.
    if (one && (!other || one.at > other.at)) {
      all.push(one)
      card += 1
    } else if (other) {
      all.push(other)
      fact += 1
    } else break
  }
  return { all, cards: cards.slice(0, card), facts: facts.slice(0, fact) }
}

/** What changed in each of these states of cards, in plain words, as the caller may see them. @param cards  the newest first */
export async function summariesOf(
  reader: Reader,
  session: Session,
  { books, bookIds }: Reach,
  cards: readonly RevisionRow[],
  settings: Services['settings'],
  given: Given = new Map(),
): Promise<ReadonlyMap<RevisionId, string>> {
  const first = cards.at(-1)
  if (!first) return new Map()
  const objects = [...new Set(cards.map(({ objectId }) => objectId))]
  const places = [...bookIds, ...[...given.values()].map(({ source }) => source.collection.id)]
  const older = [...cards, ...(await statesBefore(reader, objects, places, first.id))].filter(
    ({ id, objectId }) => id >= (given.get(objectId)?.given?.since ?? 0),
  )
  const steps = cards.map((revision) => ({
    revision,
    before: older.find(({ id, objectId }) => objectId === revision.objectId && id < revision.id),
  }))
  const sights = new Map(
    await sightsOf(
      reader,
      session,
      books.map(({ row }) => row),
    ),
  )
  for (const { source, given: how } of given.values())
    if (how?.sight) sights.set(source.collection.id, how.sight)
  return summarize(reader, steps, sights, settings)
}

/**
 * Makes a fact as it was before a change, by an ordinary change.
 * @throws refusal 404; 403 where the caller may write none of the cards; and what the kind of fact throws
 */
export async function restoreFact(
  tx: Writer,
  session: Session,
  wanted: { readonly partyId: PartyId; readonly revisionId: FactRevisionId; readonly origin: Origin },
  services: Pick<Services, 'settings' | 'newId' | 'now'>,
  kinds: readonly FactKind[] = factKinds,
): Promise<void> {
  const reach = await reachOf(tx, session)
  const party = await findParty(tx, reach, wanted.partyId)
  const revision = party && (await findFactRevision(tx, wanted.revisionId))
  const isAbout = revision && [revision.partyId, revision.otherId].includes(party.row.id)
  const fact = isAbout && (await shownFacts(tx, { session, reach }, [revision], kinds)).get(revision.id)
  if (!fact) throw notThere()
  if (!fact.isOwn) await mustWrite(tx, { reach }, party.row.id)
  await fact.restore(tx, restoreOf(revision, { session, reach }, wanted.origin), services)
}

/** What brings a fact back to what it was before a change. */
export function restoreOf(revision: FactRevisionRow, asking: Asking, origin: Origin): FactRestore {
  const { partyId, otherId, key } = revision
  return { partyId, otherId: otherId ?? undefined, key, ...statesOf(revision), ...asking, origin }
}
