import type { CardLists, CardValue, ListValues } from './details.ts'
import { editWith } from './edit-card.ts'
import { addValue, changeValue, removeValue } from './edit-values.ts'
import { isSameLabel } from './labels.ts'
import { detailsOf } from './read-details.ts'

/** Lists whose values a card may label as it likes: where a field of one's own has its native form. */
export type LabelledList = 'phones' | 'mails' | 'addresses' | 'urls' | 'dates' | 'related'

/** The first value of a list under a label, in whatever case. */
export function findLabelled<L extends LabelledList>(
  details: CardLists,
  list: L,
  label: string,
): CardValue<ListValues[L]> | undefined {
  const values: readonly CardValue<ListValues[L]>[] = details[list]
  return values.find((value) => value.label !== '' && isSameLabel(value.label, label))
}

/**
 * Gives the value of a list under a label, new where there is none; null, or one that says nothing, takes it away.
 * @param now  epoch milliseconds, for the REV of a card that has one
 * @throws InvalidObjectError when it is not one whole card
 */
export function setLabelled<L extends LabelledList>(
  text: string,
  [list, label]: readonly [list: L, label: string],
  value: ListValues[L] | null,
  now?: number,
): string {
  return editWith(
    text,
    (card) => {
      const key = findLabelled(detailsOf(card), list, label)?.key
      if (value === null) {
        if (key !== undefined) removeValue(card, list, key)
      } else if (key === undefined) addValue(card, { op: 'add', list, value, label })
      else changeValue(card, { op: 'change', list, key, value }, false)
    },
    now,
  )
}
