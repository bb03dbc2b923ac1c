import type { Entry, ListName } from '../card/merged.ts'
import type { Card } from '../person.ts'
import type { Field, FieldType } from './fields.ts'

/** In which list of a card the values of a type stand, under the label of their field. */
const listOf: Readonly<Partial<Record<FieldType, ListName>>> = {
  date: 'dates',
  link: 'urls',
  phone: 'phones',
  mail: 'mails',
  address: 'addresses',
  person: 'related',
}

/** The values of cards without those that are shown as fields: of each the one that the first card has. */
export function besideFields<E extends Entry>(
  entries: readonly E[],
  fields: readonly Field[],
  [first]: readonly Card[],
): E[] {
  const shown = new Set<E>()
  for (const { type, label, formerLabels, isOnCard } of fields) {
    const names = [label, ...formerLabels].map((name) => name.toLowerCase())
    const isOf = ({ list, isBuiltIn, ...entry }: E): boolean =>
      list === listOf[type] && !isBuiltIn && names.includes(entry.label.toLowerCase())
    const found = entries.find((entry) => isOf(entry) && entry.places.some(({ card }) => card === first))
    if (isOnCard && found) shown.add(found)
  }
  return entries.filter((entry) => !shown.has(entry))
}
