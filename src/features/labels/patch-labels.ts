import { readCard } from '../../../protocol/vcard/card.ts'
import { changeCategories, type LabelChange } from '../../../protocol/vcard/lists.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { PlacementRow } from '../../../storage/people/parties.ts'
import type { Writer } from '../../../storage/store.ts'
import type { Services } from '../../services.ts'
import { type Folding, openFolding } from '../lists/lists.ts'
import { patchCards } from '../people/patch-cards.ts'
import { booksOf, type Reach } from '../people/reach.ts'
import { masksIn } from '../people/seen-texts.ts'

/** Who changes labels, and with what. */
export interface Labelling extends Pick<Services, 'settings'> {
  readonly origin: Origin
  /** Where several people of one write get labels: whoever opened it finishes it. */
  readonly folding?: Folding | undefined
}

/** Changes the labels of cards; group cards follow, each written once. @returns how many have changed @throws refusal */
export async function patchLabels(
  tx: Writer,
  reach: Reach,
  cards: readonly PlacementRow[],
  change: LabelChange,
  { settings, origin, folding: shared }: Labelling,
): Promise<number> {
  const folding = shared ?? openFolding(tx, settings)
  const patch = (text: string): string => changeCategories(text, readCard(text), change)
  const ofLists = { lists: 'both', folding } as const
  const how = { origin, settings, books: booksOf(reach), masks: masksIn(reach), ofLists }
  const changed = await patchCards(tx, cards, patch, how)
  if (!shared) await folding.finish()
  return changed
}
