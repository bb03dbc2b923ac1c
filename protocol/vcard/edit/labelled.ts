import type { CardLists, CardValue, ListValues } from './details.ts'
import { editCard, editWith } from './edit-card.ts'
import { addValue, changeValue, removeValue } from './edit-values.ts'
import type { CardEdit, Employer } from './edits.ts'
import { isSameLabel } from './labels.ts'
import { detailsOf, readDetails } from './read-details.ts'

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

/** Sets whom somebody works for, and as what; units that are not given stay. @param now  as with `editCard` */
export function setEmployer(text: string, employer: Employer, now?: number): string {
  return editCard(text, [{ op: 'employer', ...employer }], now)
}

/** A related person as a card names one. */
export interface RelatedEdit {
  /** As of RELATED: spouse, friend …; Apple's programs show them as labels. @see RFC 6350 §6.6.6 */
  readonly types?: readonly string[]
  /** What the user calls the relation, where no type says it. */
  readonly label?: string
  /** The name to show; empty takes the relation away. */
  readonly name: string
  /** The name that stands in the card now, where that is another one. */
  readonly was?: string
}

/**
 * Names somebody related: the line that names them already under the same relation is changed, or else one is added.
 * @param now  as with `editCard`
 */
export function setRelated(text: string, relation: RelatedEdit, now?: number): string {
  const { types, label, name, was = name } = relation
  const { related } = readDetails(text)
  const isMeant = (one: CardValue<ListValues['related']>): boolean =>
    label === undefined
      ? (types ?? []).every((type) => one.types.includes(type.toLowerCase()))
      : isSameLabel(one.label, label)
  const named = related.filter(({ value }) => value.name !== '' && isSameLabel(value.name, was))
  const found = named.find(isMeant)
  const value = { name, uri: '' }
  const edit: CardEdit | undefined = found
    ? { op: 'change', list: 'related', key: found.key, value }
    : name === ''
      ? undefined
      : { op: 'add', list: 'related', value, types, label }
  return edit ? editCard(text, [edit], now) : text
}
