import { maskCard } from '../../../protocol/vcard/mask/mask-card.ts'
import type { Mask } from '../../../protocol/vcard/mask/rules.ts'
import type { CollectionId } from '../../../storage/ids.ts'
import type { ObjectRow, TextOptions } from '../../../storage/objects.ts'
import type { Reader } from '../../../storage/store.ts'
import { readObjectTexts } from '../texts.ts'
import type { Reach } from './reach.ts'

/**
 * The texts of cards as whoever asks may see them: without what masks hide from him. Whatever is shown of cards that may be
 * another's starts from here. Those that he does not read, or that cannot be read where something is hidden, are left out.
 */
export async function seenTexts(
  reader: Reader,
  { books }: Pick<Reach, 'books'>,
  rows: readonly ObjectRow[],
  options: TextOptions = {},
): Promise<ReadonlyMap<number, string>> {
  const hidden = masksIn({ books })
  const texts = await readObjectTexts(reader, rows, options)
  const seen = new Map<number, string>()
  for (const { id, collectionId } of rows) {
    const [text, masks] = [texts.get(id), hidden.get(collectionId)]
    const shown = text === undefined || !masks ? undefined : maskCard(text, masks)
    if (shown !== undefined) seen.set(id, shown)
  }
  return seen
}

/** What somebody does not see of the cards of each book that he reads. */
export function masksIn({ books }: Pick<Reach, 'books'>): ReadonlyMap<CollectionId, readonly Mask[]> {
  return new Map(books.map(({ row, masks }) => [row.id, masks]))
}
