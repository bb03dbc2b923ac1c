import type { FactRevisionRow } from '../../../storage/history/fact-revisions.ts'
import type { FactRevisionId, PartyId } from '../../../storage/ids.ts'
import { allPlacementsOf, findParties, type PlacementRow } from '../../../storage/people/parties.ts'
import { grouped } from '../../../storage/select.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import type { Asking } from '../people/asking.ts'
import { isVeiled } from '../people/veil.ts'
import { type FactKind, type FactRestore, factKinds } from './fact-kinds.ts'
import type { FactState } from './history.ts'

type States = Pick<FactRestore, 'before' | 'after'>

/**
 * Those changes of facts that somebody is shown, with their kinds: none that names people of whom he reads no card, living or
 * in the trash, and none of what is hidden from him of their cards.
 */
export async function shownFacts(
  reader: Reader,
  { session, reach }: Asking,
  revisions: readonly FactRevisionRow[],
  kinds: readonly FactKind[] = factKinds,
): Promise<ReadonlyMap<FactRevisionId, FactKind>> {
  const judged = revisions.flatMap((revision) => {
    const fact = kinds.find(({ kind }) => kind === revision.kind)
    const states = statesOf(revision)
    const isFor = fact && (fact.isShown?.(session, states) ?? true)
    return fact && isFor ? [{ id: revision.id, fact, revision, named: namedIn(fact, revision, states) }] : []
  })
  const closed = await closedOnes(reader, session, judged)
  const named = new Set(judged.flatMap((one) => one.named))
  const placements = await readablePlacements(reader, reach.bookIds, [...named])
  const isSeen = ({ properties = [] }: FactKind, party: PartyId): boolean => {
    const own = placements.get(party) ?? []
    return own.length > 0 && !properties.some((property) => isVeiled(reach, own, property))
  }
  return new Map(
    judged
      .filter(({ id }) => !closed.has(id))
      .filter(({ fact, named: parties }) => parties.every((party) => isSeen(fact, party)))
      .map(({ id, fact }) => [id, fact]),
  )
}

/** Changes of what the caller is shown nothing of by now. */
async function closedOnes(
  reader: Reader,
  session: Session,
  judged: readonly { readonly fact: FactKind; readonly revision: FactRevisionRow }[],
): Promise<ReadonlySet<FactRevisionId>> {
  const closed = new Set<FactRevisionId>()
  for (const [fact, some] of grouped(judged, (one) => one.fact)) {
    const revisions = some.map(({ revision }) => revision)
    const keys = await fact.closedTo?.(reader, session, revisions)
    for (const { id, key } of revisions) if (keys?.has(key)) closed.add(id)
  }
  return closed
}

function namedIn({ names = [] }: FactKind, revision: FactRevisionRow, { before, after }: States): PartyId[] {
  const ids = [before, after].flatMap((state) => names.map((name) => state?.[name]))
  return [revision.partyId, ...ids.filter((id) => typeof id === 'number')]
}

/** The cards of these people in these books, those in the trash too; of who was merged into another, that one's. */
async function readablePlacements(
  reader: Reader,
  books: readonly number[],
  ids: readonly PartyId[],
): Promise<ReadonlyMap<PartyId, readonly PlacementRow[]>> {
  const survivors = await survivorsOf(reader, ids)
  const among = new Set(books)
  const placed = await allPlacementsOf(reader, [...new Set(survivors.values())])
  const readable = grouped(
    placed.filter(({ collectionId }) => among.has(collectionId)),
    ({ partyId }) => partyId,
  )
  return new Map(ids.map((id) => [id, readable.get(survivors.get(id) ?? id) ?? []]))
}

/** Ids that lead on to others at most, of people who were merged time and again. */
const mostMerges = 20

async function survivorsOf(reader: Reader, ids: readonly PartyId[]): Promise<ReadonlyMap<PartyId, PartyId>> {
  const found = new Map(ids.map((id) => [id, id]))
  let open = [...found.keys()]
  for (let merges = 0; open.length > 0 && merges < mostMerges; merges += 1) {
    const rows = await findParties(reader, [...new Set(open.map((id) => found.get(id) ?? id))])
    open = open.filter((id) => {
      const next = rows.get(found.get(id) ?? id)?.mergedInto
      if (next == null) return false
      found.set(id, next)
      return true
    })
  }
  return found
}

/** Both states of a change. */
export function statesOf({
  beforeJson,
  afterJson,
}: Pick<FactRevisionRow, 'beforeJson' | 'afterJson'>): Pick<FactRestore, 'before' | 'after'> {
  return { before: readFact(beforeJson), after: readFact(afterJson) }
}

function readFact(json: string | null): FactState | undefined {
  return json === null ? undefined : (JSON.parse(json) as FactState)
}
