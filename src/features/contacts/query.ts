import { setImmediate as nextTurn } from 'node:timers/promises'
import { contactCandidates } from '../../../protocol/vcard/candidates.ts'
import { readCard } from '../../../protocol/vcard/card.ts'
import { matchesAddressFilter } from '../../../protocol/vcard/filter.ts'
import type { AddressFilter } from '../../../protocol/vcard/filter-types.ts'
import { mayHoldMedia } from '../../../protocol/vcard/inline-media.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import { objectsWithFields } from '../../../storage/contact-index.ts'
import { listObjects, listObjectsByIds, type ObjectRow } from '../../../storage/objects.ts'
import type { Services } from '../../services.ts'
import { inParts } from '../parts.ts'
import { readSeenTexts } from '../views/seen-texts.ts'
import type { View } from '../views/view.ts'

/**
 * The cards of a book that match a filter, in pages. The contact index rules out what cannot match; the card itself
 * decides, as it is stored: a property that another version calls by another name is found by that of the stored one only.
 * A card that cannot be read matches nothing, and fails nothing (law 9).
 * @param view  how whoever asks sees the book, where that is not as it is stored: he finds what he sees
 * @see RFC 6352 §8.6
 */
export async function* findCards(
  { store, log }: Pick<Services, 'store' | 'log'>,
  book: CollectionRow,
  filter: AddressFilter,
  view?: View,
): AsyncGenerator<readonly ObjectRow[]> {
  const conditions = contactCandidates(filter)
  const isAll = filter.props.length === 0
  const pages =
    conditions.length === 0
      ? listObjects(store, book.id)
      : listObjectsByIds(
          store,
          book.id,
          await store.read((reader) => objectsWithFields(reader, book.id, conditions)),
        )
  for await (const rows of pages) {
    if (isAll) {
      yield view ? await seenAmong({ store }, rows, view) : rows
      continue
    }
    for (const part of inParts(rows)) {
      const matching = await matchingCards({ store, log }, part, filter, view)
      if (matching.length > 0) yield matching
      await nextTurn()
    }
  }
}

/** Those of a few cards that match a filter. */
export async function matchingCards(
  { store, log }: Pick<Services, 'store' | 'log'>,
  rows: readonly ObjectRow[],
  filter: AddressFilter,
  view?: View,
): Promise<readonly ObjectRow[]> {
  const withMedia = filter.props.some(({ name, textMatches }) => textMatches.length > 0 && mayHoldMedia(name))
  const texts = await store.read((reader) => readSeenTexts(reader, rows, view, { withMedia }))
  return rows.filter(({ id }) => {
    const text = texts.get(id)
    try {
      return text !== undefined && matchesAddressFilter(readCard(text), filter)
    } catch (error) {
      log.warn({ err: error, object: id }, 'a card could not be read for a query and was left out')
      return false
    }
  })
}

async function seenAmong(
  { store }: Pick<Services, 'store'>,
  rows: readonly ObjectRow[],
  view: View,
): Promise<readonly ObjectRow[]> {
  const seen = await store.read((reader) => view.see(reader, rows, {}))
  const shown = new Set(seen.map(({ row }) => row.id))
  return rows.filter(({ id }) => shown.has(id))
}
