import type { Settings } from '../../../config/defaults.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import { findObjectsByIds } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { PlacementRow } from '../../../storage/people/parties.ts'
import type { Writer } from '../../../storage/store.ts'
import { prepareObject } from '../objects.ts'
import { storeObject } from '../store-object.ts'
import { readObjectTexts } from '../texts.ts'

/** How cards are changed by the server, for somebody or by a rule. */
export interface Patching {
  readonly origin: Origin
  readonly settings: Settings
  /** The books of the cards, with their rows as read in this write. */
  readonly books: ReadonlyMap<number, CollectionRow>
}

/**
 * Changes lines of cards, through the one write path: what the patch does not touch stays byte for byte (law 6), and a
 * card that it leaves as it is has no new entity tag.
 * @param patch  makes the new text of one card; the same text changes nothing
 * @returns how many cards have changed
 */
export async function patchCards(
  tx: Writer,
  placements: readonly PlacementRow[],
  patch: (text: string, placement: PlacementRow) => string,
  { origin, settings, books }: Patching,
): Promise<number> {
  const rows = await findObjectsByIds(
    tx,
    placements.map(({ objectId }) => objectId),
  )
  const texts = await readObjectTexts(tx, rows)
  const placed = new Map(placements.map((placement) => [placement.objectId, placement]))
  let changed = 0
  for (const existing of rows) {
    const [text, placement] = [texts.get(existing.id), placed.get(existing.id)]
    const collection = books.get(existing.collectionId)
    if (text === undefined || !placement || !collection) continue
    const patched = patch(text, placement)
    if (patched === text) continue
    const object = prepareObject('addressbook', Buffer.from(patched), settings, tx.now)
    const request = { collection, name: existing.name, object, existing, origin }
    const { kind } = await storeObject(tx, { ...request, hrefOf: (name) => name }, settings)
    if (kind !== 'unchanged') changed += 1
  }
  return changed
}
