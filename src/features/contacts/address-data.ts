import { readCard } from '../../../protocol/vcard/card.ts'
import type { PropSelection } from '../../../protocol/vcard/filter-types.ts'
import { selectAddressData } from '../../../protocol/vcard/partial.ts'

/** A card with the asked properties only; a card that cannot be read is given whole. @see RFC 6352 §10.4.2 */
export function renderAddressData(text: string, props: readonly PropSelection[]): string {
  try {
    return selectAddressData(text, readCard(text), props)
  } catch {
    return text
  }
}
