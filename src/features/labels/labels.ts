import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { LabelChange } from '../../../protocol/vcard/lists.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { type Asking, notThere } from '../people/asking.ts'
import { type SeenParty, seeParties } from '../people/parties.ts'
import { type Reach, writablePlacements } from '../people/reach.ts'
import { booksShowing } from '../people/veil.ts'
import { type Labelling, patchLabels } from './patch-labels.ts'

export { changeLabel, countCards, type LabelWish } from './change-label.ts'
export { followRenamedLabels } from './follow-renamed.ts'
export { beginLabelWork, runLabelWork } from './label-work.ts'
export { colorLabel, type LabelBy, labelsFor, makeLabel, mustSeeLabel, seenLabel } from './own.ts'

/** People get a label, or lose it, on every card of theirs that the caller may write. @throws refusal 403 of one whom he only reads */
export async function labelPerson(
  tx: Writer,
  { reach }: Asking,
  party: SeenParty,
  change: LabelChange,
  labelling: Labelling,
): Promise<number> {
  const showing = new Set(booksShowing(reach, 'CATEGORIES'))
  const cards = writablePlacements(reach, party.placements).filter((card) => showing.has(card.collectionId))
  if (cards.length === 0) throw refuseStatus(403, 'You may read this, not change it.')
  return patchLabels(tx, reach, cards, change, labelling)
}

/** Those of these people whom the caller sees, by the ids that he gave. @throws refusal 404 where he sees none of them */
export async function mustSeeSome(
  reader: Reader,
  reach: Reach,
  ids: readonly number[],
): Promise<ReadonlyMap<number, SeenParty>> {
  const seen = await seeParties(reader, reach, ids)
  if (seen.size === 0) throw notThere()
  return seen
}
