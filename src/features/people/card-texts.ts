import { cardOctets } from '../../../storage/facts/bound-rows.ts'
import type { BodyId, ObjectId } from '../../../storage/ids.ts'
import type { Reader, TouchedCard } from '../../../storage/store.ts'
import { bodyText } from '../bodies.ts'

/** A card that was put, as it was and as it is. */
export interface CardTexts {
  readonly card: TouchedCard
  /** Empty where there was none. */
  readonly before: string
  readonly after: string
}

/** Of so few cards the texts are kept for whoever asks next in the same write. */
const mostKept = 20
/** What became of a card is another object each time that it becomes something else. */
const kept = new WeakMap<TouchedCard, CardTexts>()

/**
 * The texts of cards that were put, without large media. With one statement at most: of a card that the write has at hand
 * only what it was is read. Those that are in step already, and those that are not in UTF-8, are left out.
 */
export async function cardTexts(reader: Reader, cards: readonly TouchedCard[]): Promise<CardTexts[]> {
  const found = cards.flatMap((card) => kept.get(card) ?? [])
  if (found.length === cards.length) return found
  const read = await readTexts(reader, cards)
  if (cards.length <= mostKept) for (const texts of read) kept.set(texts.card, texts)
  return read
}

async function readTexts(reader: Reader, cards: readonly TouchedCard[]): Promise<CardTexts[]> {
  const unread = cards.filter(({ after }) => !after).map(({ objectId }) => objectId)
  const past = cards.flatMap(({ before }) => before ?? [])
  const rows = unread.length + past.length === 0 ? [] : await cardOctets(reader, unread, past)
  const now = new Map<ObjectId | null, State>(rows.map((row) => [row.objectId, row]))
  const then = new Map<BodyId, State>(rows.map((row) => [row.bodyId, row]))
  return cards.flatMap((card) => {
    const { before, after } = card
    const is = after ? { bodyId: after.bodyId, content: after.octets } : now.get(card.objectId)
    const was = before === undefined ? undefined : then.get(before)
    if (!is || is.bodyId === before) return []
    return [{ card, before: was ? textOf(was.content) : '', after: textOf(is.content) }]
  })
}

interface State {
  readonly bodyId: BodyId
  readonly content: string | Uint8Array
}

function textOf(content: string | Uint8Array): string {
  const text = typeof content === 'string' ? content : bodyText(content)
  return text.startsWith('\ufeff') ? text.slice(1) : text
}
