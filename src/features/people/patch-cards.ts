import type { Settings } from '../../../config/defaults.ts'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { maskCard } from '../../../protocol/vcard/mask/mask-card.ts'
import type { Mask } from '../../../protocol/vcard/mask/rules.ts'
import { unmaskInto } from '../../../protocol/vcard/mask/unmask.ts'
import { wholeCard } from '../../../protocol/vcard/merge/rules.ts'
import { type CollectionRow, findCollectionById } from '../../../storage/collections.ts'
import { findObjectsByIds } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { PlacementRow } from '../../../storage/people/parties.ts'
import type { Writer } from '../../../storage/store.ts'
import { createPause } from '../pause.ts'
import { type ListPatch, storePatched } from '../store-patched.ts'
import { readObjectTexts } from '../texts.ts'
import { patchThrough } from '../virtual/virtual.ts'

/** How cards are changed by the server, for somebody or by a rule. */
export interface Patching {
  readonly origin: Origin
  readonly settings: Settings
  /** The books of the cards, with their rows as read in this write. */
  readonly books: ReadonlyMap<number, CollectionRow>
  /** What whoever changes them does not see of the cards of a book (see `masksIn`); it stays. Undefined for a rule. */
  readonly masks?: ReadonlyMap<number, readonly Mask[]> | undefined
  /** Where the patch means CATEGORIES: without it they are brought in line with group cards, as those of a file are. */
  readonly ofLists?: ListPatch | undefined
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
  { origin, settings, books, masks, ofLists }: Patching,
): Promise<number> {
  const rows = await findObjectsByIds(
    tx,
    placements.map(({ objectId }) => objectId),
  )
  const texts = await readObjectTexts(tx, rows)
  const placed = new Map(placements.map((placement) => [placement.objectId, placement]))
  let changed = 0
  const pause = createPause()
  for (const existing of rows) {
    const turn = pause()
    if (turn) await turn
    const [text, placement] = [texts.get(existing.id), placed.get(existing.id)]
    const collection = await bookNow(tx, books.get(existing.collectionId), ofLists)
    if (text === undefined || !placement || !collection) continue
    if (collection.generated === 'virtual') {
      if (await patchThrough(tx, existing, (seen) => patch(seen, placement), { origin, settings }))
        changed += 1
      continue
    }
    const patched = patchSeen(text, masks?.get(existing.collectionId) ?? [], (seen) => patch(seen, placement))
    if (await storePatched(tx, { collection, existing, text, patched }, { settings, origin, ofLists }))
      changed += 1
  }
  return changed
}

/** A book without lists may have its first one by the card before. */
async function bookNow(
  tx: Writer,
  book: CollectionRow | undefined,
  ofLists: ListPatch | undefined,
): Promise<CollectionRow | undefined> {
  return book && ofLists && book.listsSince === null ? findCollectionById(tx, book.id) : book
}

/** @throws refusal 409 where what is seen cannot be told from what is not */
function patchSeen(text: string, masks: readonly Mask[], patch: (seen: string) => string): string {
  const seen = maskCard(text, masks)
  const sent = seen === undefined ? undefined : patch(seen)
  if (masks.length === 0 && sent !== undefined) return sent
  const whole =
    seen === undefined || sent === undefined
      ? undefined
      : unmaskInto({ stored: text, served: seen, sent, masks, rules: wholeCard })
  if (whole === undefined) throw refuseStatus(409, 'The card cannot be read, and you do not see all of it.')
  return whole
}
