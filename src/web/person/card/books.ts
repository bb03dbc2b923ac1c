import type { Card, Party } from '../person.ts'

/** The name of the book of a card. */
export function bookOf(card: number, { cards }: Party): string {
  return cards.find(({ id }) => id === card)?.book.displayName ?? ''
}

/** The books of these cards, unless they are all that somebody has. */
export function booksOf(some: readonly Pick<Card, 'id'>[], { cards }: Party): string[] {
  if (some.length >= cards.length) return []
  const at = new Set(some.map(({ id }) => id))
  return cards.filter(({ id }) => at.has(id)).map(({ book }) => book.displayName)
}
