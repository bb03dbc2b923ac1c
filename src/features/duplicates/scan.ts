import { matchKeys } from '../../../protocol/match/keys.ts'
import { type Score, scorePair } from '../../../protocol/match/score.ts'
import { type Traits, traitsOf } from '../../../protocol/match/traits.ts'
import { InvalidObjectError } from '../../../protocol/text/invalid-object.ts'
import { readCard } from '../../../protocol/vcard/card.ts'
import type { CollectionId, ObjectId, PartyId } from '../../../storage/ids.ts'
import {
  type DuplicateRow,
  dropDuplicates,
  duplicatesOf,
  type FoundPair,
  putDuplicate,
} from '../../../storage/match/duplicates.ts'
import {
  booksReadWith,
  cardsWithKeys,
  keysOfCards,
  pendingAmong,
  writeMatchKeys,
} from '../../../storage/match/match-keys.ts'
import { findObjectsByIds } from '../../../storage/objects.ts'
import { allPlacementsOf, type PlacementRow, placementsByObject } from '../../../storage/people/parties.ts'
import { grouped } from '../../../storage/select.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import type { Reach } from '../people/reach.ts'
import { seenTexts } from '../people/seen-texts.ts'
import { readObjectTexts } from '../texts.ts'

/** A key that more cards have tells nobody apart. */
const mostInBlock = 50
/** Cards that one is compared with at most: those that have most in common with it. */
const mostCandidates = 12
/** Books that one is compared with at most. */
const mostBooks = 200
/** Cards of one person that are looked at. */
const mostCards = 4

/**
 * Compares cards of one book with all others that somebody reads together with it, and writes down who may be one. What
 * somebody has said to be two stays two.
 * @returns how many pairs of people were compared
 */
export async function scanCards(tx: Writer, book: CollectionId, ids: readonly ObjectId[]): Promise<number> {
  if (ids.length === 0) return 0
  const traits = await readTraits(tx, ids)
  const known = await renewKeys(tx, book, traits, ids)
  const books = await booksReadWith(tx, book, mostBooks)
  const close = await closeCards(tx, known, books, new Set(ids))
  const placements = await placementsByObject(tx, [
    ...new Set([...close.keys(), ...close.values()].flat().concat(ids)),
  ])
  const mine = [...new Set(ids.flatMap((id) => livingParty(placements, id) ?? []))]
  const before = await duplicatesOf(tx, mine)
  const pairs = pairsOf(close, placements)
  await addKnownPairs(tx, pairs, before)
  const decided = new Set(before.filter(({ state }) => state !== 'open').map(pairKey))
  const judged = await judge(
    tx,
    [...pairs.values()].filter((pair) => !decided.has(pairKey(pair))),
    traits,
  )
  for (const pair of judged.found) await putDuplicate(tx, pair)
  const found = new Set(judged.found.map(pairKey))
  await dropDuplicates(
    tx,
    before.filter((row) => row.state === 'open' && !found.has(pairKey(row))).map(({ id }) => id),
  )
  return pairs.size
}

/** Two people, and cards of theirs that may say so. */
interface Pair {
  readonly partyA: PartyId
  readonly partyB: PartyId
  readonly cards: (readonly [ObjectId, ObjectId])[]
}

function pairKey({ partyA, partyB }: Pick<FoundPair, 'partyA' | 'partyB'>): string {
  return `${partyA} ${partyB}`
}

/** The keys of these cards as they are now, written down where they were others; who is no person any more has none. */
async function renewKeys(
  tx: Writer,
  book: CollectionId,
  traits: ReadonlyMap<ObjectId, Traits>,
  ids: readonly ObjectId[],
): Promise<Map<ObjectId, readonly number[]>> {
  const known = grouped(await keysOfCards(tx, ids), ({ objectId }) => objectId)
  const placements = await placementsByObject(tx, ids)
  const keys = new Map<ObjectId, readonly number[]>()
  const changed = new Map<ObjectId, readonly number[]>()
  for (const id of ids) {
    const own = traits.get(id)
    const match = own && livingParty(placements, id) !== undefined ? matchKeys(own) : []
    const before = new Set(known.get(id)?.map(({ key }) => key))
    if (before.size !== match.length || match.some((key) => !before.has(key))) changed.set(id, match)
    keys.set(id, match)
  }
  await writeMatchKeys(tx, book, changed)
  return keys
}

/** Of each card those that have most in common with it; a card that is still to be compared finds the others itself. */
async function closeCards(
  tx: Writer,
  known: ReadonlyMap<ObjectId, readonly number[]>,
  books: readonly CollectionId[],
  ids: ReadonlySet<ObjectId>,
): Promise<Map<ObjectId, ObjectId[]>> {
  const keys = [...new Set([...known.values()].flat())]
  const blocks = grouped(await cardsWithKeys(tx, keys, books, mostInBlock), ({ key }) => key)
  const others = [...new Set([...blocks.values()].flat().map(({ objectId }) => objectId))]
  const pending = await pendingAmong(
    tx,
    others.filter((id) => !ids.has(id)),
  )
  const close = new Map<ObjectId, ObjectId[]>()
  for (const [id, own] of known) {
    const counts = new Map<ObjectId, number>()
    for (const { objectId } of own.flatMap((key) => blocks.get(key) ?? []))
      if (objectId !== id && !pending.has(objectId)) counts.set(objectId, (counts.get(objectId) ?? 0) + 1)
    const best = [...counts].sort(([, a], [, b]) => b - a).slice(0, mostCandidates)
    if (best.length > 0)
      close.set(
        id,
        best.map(([other]) => other),
      )
  }
  return close
}

function livingParty(placements: ReadonlyMap<ObjectId, PlacementRow>, id: ObjectId): PartyId | undefined {
  const place = placements.get(id)
  return place && place.removedAt === null ? place.partyId : undefined
}

function pairsOf(
  close: ReadonlyMap<ObjectId, readonly ObjectId[]>,
  placements: ReadonlyMap<ObjectId, PlacementRow>,
): Map<string, Pair> {
  const pairs = new Map<string, Pair>()
  for (const [id, others] of close) {
    for (const other of others) addPair(pairs, placements.get(id), placements.get(other))
  }
  return pairs
}

function addPair(
  pairs: Map<string, Pair>,
  one: PlacementRow | undefined,
  other: PlacementRow | undefined,
): void {
  if (!one || !other || one.removedAt !== null || other.removedAt !== null) return
  if (one.partyId === other.partyId) return
  const [a, b] = one.partyId < other.partyId ? [one, other] : [other, one]
  const made: Pair = { partyA: a.partyId, partyB: b.partyId, cards: [] }
  const pair = pairs.get(pairKey(made)) ?? made
  pairs.set(pairKey(made), pair)
  const isThere = pair.cards.some(([x, y]) => x === a.objectId && y === b.objectId)
  if (!isThere && pair.cards.length < mostCards) pair.cards.push([a.objectId, b.objectId])
}

/** What was found before is judged again by all cards of both, whatever keys they have now. */
async function addKnownPairs(
  reader: Reader,
  pairs: Map<string, Pair>,
  before: readonly DuplicateRow[],
): Promise<void> {
  const open = before.filter(({ state }) => state === 'open')
  if (open.length === 0) return
  const ids = [...new Set(open.flatMap(({ partyA, partyB }) => [partyA, partyB]))]
  const cards = grouped(await allPlacementsOf(reader, ids), ({ partyId }) => partyId)
  const living = (id: PartyId): PlacementRow[] =>
    (cards.get(id) ?? []).filter(({ removedAt }) => removedAt === null).slice(0, mostCards)
  for (const { partyA, partyB } of open)
    for (const one of living(partyA)) for (const other of living(partyB)) addPair(pairs, one, other)
}

/** @param known  what some of the cards say */
async function judge(
  reader: Reader,
  pairs: readonly Pair[],
  known: ReadonlyMap<ObjectId, Traits>,
): Promise<{ readonly found: FoundPair[] }> {
  const others = new Set(pairs.flatMap(({ cards }) => cards.flat()).filter((id) => !known.has(id)))
  const traits = new Map([...known, ...(await readTraits(reader, [...others]))])
  const found: FoundPair[] = []
  for (const { partyA, partyB, cards } of pairs) {
    const best = bestScore(cards.map(([one, other]) => [traits.get(one), traits.get(other)]))
    if (best?.level) found.push({ partyA, partyB, score: Math.round(best.score * 10), level: best.level })
  }
  return { found }
}

/** Of several cards of two people those decide that are most alike. */
export function bestScore(
  cards: readonly (readonly [Traits | undefined, Traits | undefined])[],
): Score | undefined {
  let best: Score | undefined
  for (const [one, other] of cards) {
    const score = one && other && scorePair(one, other)
    if (score && (!best || score.score > best.score)) best = score
  }
  return best
}

/**
 * What cards say by which somebody can be known; one that cannot be read says nothing (law 9).
 * @param reach  of whoever is told it; undefined where nobody is
 */
export async function readTraits(
  reader: Reader,
  ids: readonly ObjectId[],
  reach?: Pick<Reach, 'books'>,
): Promise<Map<ObjectId, Traits>> {
  const rows = await findObjectsByIds(reader, ids)
  const options = { withMedia: false }
  const traits = new Map<ObjectId, Traits>()
  if (reach) {
    for (const [id, text] of await seenTexts(reader, reach, rows, options)) keep(traits, id, traitsIn(text))
    return traits
  }
  for (const { id, etag } of rows) keep(traits, id, lately.get(etag))
  const unread = rows.filter(({ id }) => !traits.has(id))
  const texts = await readObjectTexts(reader, unread, options)
  for (const { id, etag } of unread) {
    const text = texts.get(id)
    const own = text === undefined ? undefined : traitsIn(text)
    keep(traits, id, own)
    if (own) lately.set(etag, own)
  }
  for (const etag of lately.keys()) {
    if (lately.size <= mostLately) break
    lately.delete(etag)
  }
  return traits
}

/** Cards of which it is remembered what they say: those that have been compared lately mostly are again. */
const mostLately = 2_000
/** By the entity tag, which is made of the octets; in the order in which they came. */
const lately = new Map<string, Traits>()

function keep(traits: Map<ObjectId, Traits>, id: ObjectId, own: Traits | undefined): void {
  if (own) traits.set(id, own)
}

/** Undefined for a card that cannot be read. */
function traitsIn(text: string): Traits | undefined {
  try {
    return traitsOf(readCard(text))
  } catch (error) {
    if (error instanceof InvalidObjectError) return undefined
    throw error
  }
}
