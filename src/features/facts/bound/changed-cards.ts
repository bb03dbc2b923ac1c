import type { Settings } from '../../../../config/defaults.ts'
import { InvalidObjectError } from '../../../../protocol/text/invalid-object.ts'
import {
  type BoundFacts,
  boundLines,
  noFacts,
  readBound,
} from '../../../../protocol/vcard/bound/read-bound.ts'
import type { ObjectId } from '../../../../storage/ids.ts'
import { type PlacementRow, placementsByObject } from '../../../../storage/people/parties.ts'
import type { TouchedCard, Writer } from '../../../../storage/store.ts'
import { cardTexts } from '../../people/card-texts.ts'

/** A card that says otherwise than before what is known beside it too. */
export interface ChangedCard {
  readonly card: TouchedCard
  readonly placement: PlacementRow
  readonly before: BoundFacts
  readonly after: BoundFacts
}

/** What following facts needs. */
export interface FollowingFacts {
  readonly settings: Settings
}

/** Cards of one look at most, so that their texts take little memory. */
const cardsAtOnce = 200

/**
 * Those of the touched cards in which the lines of such facts have changed, in parts. One statement finds that there is
 * none; what a card that is taken away or moved said stays known.
 */
export async function* changedCards(
  tx: Writer,
  touched: readonly TouchedCard[],
): AsyncGenerator<readonly ChangedCard[]> {
  const put = touched.filter(({ kind }) => kind === 'put')
  for (let at = 0; at < put.length; at += cardsAtOnce) {
    const found = await differing(tx, put.slice(at, at + cardsAtOnce))
    const placements = await placementsOf(tx, found)
    const changed = found.flatMap((one) => {
      const placement = placements.get(one.card.objectId)
      return placement ? [{ ...one, placement }] : []
    })
    if (changed.length > 0) yield changed
  }
}

/** Of a card that a client has put nobody has been made another since it was placed. */
function placementsOf(
  tx: Writer,
  found: readonly { readonly card: TouchedCard }[],
): Promise<ReadonlyMap<ObjectId, PlacementRow>> | ReadonlyMap<ObjectId, PlacementRow> {
  const placed = found.flatMap(({ card }) =>
    card.placed && card.origin.kind === 'client' ? card.placed : [],
  )
  if (placed.length === found.length) return new Map(placed.map((row) => [row.objectId, row]))
  return placementsByObject(
    tx,
    found.map(({ card }) => card.objectId),
  )
}

async function differing(tx: Writer, cards: readonly TouchedCard[]) {
  return (await cardTexts(tx, cards)).flatMap(({ card, before: old, after: text }) => {
    if (boundLines(text) === boundLines(old)) return []
    const [before, after] = [old === '' ? noFacts : read(old), read(text)]
    return before && after ? [{ card, before, after }] : []
  })
}

/** What cannot be read says nothing of facts (law 9). */
function read(text: string): BoundFacts | undefined {
  try {
    return readBound(text)
  } catch (error) {
    if (error instanceof InvalidObjectError) return undefined
    throw error
  }
}
