import { partsOf } from './parts.ts'
import type { Mask } from './rules.ts'

/**
 * A card without what somebody does not see of it; all other lines are as they were, byte for byte.
 * @returns the text itself where nothing is hidden; undefined for a card that cannot be read, and so not judged
 */
export function maskCard(text: string, masks: readonly Mask[]): string | undefined {
  if (masks.length === 0) return text
  const card = partsOf(text, masks)
  if (!card) return undefined
  const { head, parts, tail } = card
  const seen = parts.filter(({ isHidden }) => !isHidden)
  return seen.length === parts.length ? text : head + seen.map(({ slice }) => slice).join('') + tail
}
