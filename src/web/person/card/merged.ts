import type { z } from 'zod'
import type { cardDetails, listNames } from '../../../features/cards/schema.ts'
import type { Card } from '../person.ts'

export type Details = z.infer<typeof cardDetails>
export type ListName = (typeof listNames)[number]
export type Value<L extends ListName = ListName> = Details[L][number]['value']

/** Where a value stands: the card, and what names its line there. */
export interface Place {
  readonly card: Card
  readonly key: string
}

/** What is said of a value. */
export interface About {
  readonly types: readonly string[]
  readonly label: string
  readonly isBuiltIn: boolean
  readonly isPreferred: boolean
}

/** One value of somebody, though several of his cards have it. */
export interface Entry<L extends ListName = ListName> extends About {
  readonly list: L
  /** The same while it is the same value, for what React tells apart. */
  readonly id: string
  readonly value: Value<L>
  readonly places: readonly [Place, ...Place[]]
}

/** The values of a list over all cards of somebody: the same value is one, with every place where it stands. */
export function entriesOf<L extends ListName>(cards: readonly Card[], list: L): Entry<L>[] {
  const found = new Map<string, Entry<L>>()
  for (const card of cards) {
    for (const { key, value, ...about } of card.details[list]) {
      const folded = foldedOf(list, value)
      const same = found.get(folded)
      const place = { card, key }
      // Twice in one card is two lines.
      if (same && !same.places.some((other) => other.card.id === card.id))
        found.set(folded, { ...same, places: [...same.places, place] })
      else {
        const id = same ? `${list}:${card.id}:${key}` : `${list}:${folded}`
        found.set(same ? id : folded, { list, id, value, ...about, places: [place] })
      }
    }
  }
  return [...found.values()].sort((one, other) => Number(other.isPreferred) - Number(one.isPreferred))
}

/** What two values have in common that people would call the same. */
function foldedOf(list: ListName, value: Value): string {
  if (typeof value !== 'string') return JSON.stringify(value)
  if (list === 'phones') return value.replace(/[\s().\-/]/g, '')
  return list === 'mails' ? value.trim().toLowerCase() : value
}
