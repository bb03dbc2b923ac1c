import { describe, expect, it } from 'vitest'
import { readCard } from '../../../../protocol/vcard/card.ts'
import { mergeRules } from '../../../../protocol/vcard/merge/rules.ts'
import { mergeCard } from '../../../../protocol/vcard/merge.ts'
import { splitCards } from '../../../../protocol/vcard/split.ts'
import { cardFiles } from '../files.ts'
import { sentBy, servedTo, zoo } from './zoo.ts'

/** Every card of 3.0 or 4.0 that there is, by itself. */
const cards = cardFiles().flatMap(({ name, text }) =>
  [...splitCards(text, () => 'made')].flatMap((piece, at) =>
    piece.kind === 'object' && /^[34]/.test(readCard(piece.text).version ?? '')
      ? { name: `${name} ${at}`, text: piece.text }
      : [],
  ),
)

describe.each(zoo)('RFC 6352 §6.3.2.3 a card of the corpus comes back from $kind', (dialect) => {
  const rules = mergeRules.find(({ kind }) => kind === dialect.kind)

  it.each(cards)('$name as it was served, and nothing changes', ({ text }) => {
    if (!rules) throw new Error('There are no rules.')
    const served = servedTo(dialect, text)
    expect(mergeCard({ stored: text, served, sent: sentBy(dialect, served), rules }).text).toBe(text)
  })
})
