import { InvalidObjectError } from '../../../protocol/text/invalid-object.ts'
import { readCard } from '../../../protocol/vcard/card.ts'
import { withoutCategories } from '../../../protocol/vcard/lists.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import { findFace } from '../../../storage/lists/list-rows.ts'
import type { ObjectRow } from '../../../storage/objects.ts'
import type { Reader } from '../../../storage/store.ts'
import type { ListDialect } from '../devices/kinds.ts'

/** A card as those see it who know lists in a way. */
export function textFor(lists: ListDialect | undefined, text: string): string {
  if (lists !== 'cards') return text
  try {
    return withoutCategories(text, readCard(text))
  } catch (error) {
    if (error instanceof InvalidObjectError) return text
    throw error
  }
}

/** The entity tag of a stored card for those who know lists in a way. */
export async function seenEtag(
  reader: Reader,
  { listsSince }: CollectionRow,
  { id, etag }: ObjectRow,
  lists: ListDialect | undefined,
): Promise<string> {
  if (listsSince === null || lists !== 'cards') return etag
  return (await findFace(reader, id))?.bareEtag ?? etag
}
