import { describe, expect, it } from 'vitest'
import { InvalidObjectError } from '../../../protocol/text/invalid-object.ts'
import { matchesAddressFilter } from '../../../protocol/vcard/filter.ts'
import { contactIndex } from '../../../protocol/vcard/index-fields.ts'
import { selectAddressData } from '../../../protocol/vcard/partial.ts'
import { splitCards } from '../../../protocol/vcard/split.ts'
import { validateCard } from '../../../protocol/vcard/validate.ts'
import { cardFiles } from './files.ts'

const files = cardFiles()

function isValid(text: string): boolean {
  try {
    validateCard(text)
  } catch (error) {
    if (error instanceof InvalidObjectError) return false
    throw error
  }
  return true
}

describe('RFC 6352 §6.3.2.1 files as people have them', () => {
  it.each(files)('$name is judged; taken plus refused are all of it', ({ text }) => {
    const pieces = [...splitCards(text, () => 'made')]
    let at = 0
    for (const piece of pieces) {
      const { start, end } = piece.kind === 'object' ? (piece.source[0] ?? { start: -1, end: -1 }) : piece
      expect(text.slice(at, start).trim()).toBe('')
      at = end
    }
    expect(text.slice(at).trim()).toBe('')
    if (isValid(text)) expect(pieces.map((piece) => piece.kind)).toEqual(['object'])
  })

  it.each(files)('$name is indexed and searched', ({ text }) => {
    for (const piece of splitCards(text, () => 'made')) {
      if (piece.kind === 'refused') continue
      const { card } = validateCard(piece.text)
      expect(contactIndex(card).rows.length).toBeGreaterThan(0)
      expect(matchesAddressFilter(card, { test: 'allof', props: [] })).toBe(true)
      const props = card.lines.map(({ name }) => ({ name, novalue: false }))
      expect(validateCard(selectAddressData(piece.text, card, props)).card.lines).toHaveLength(
        card.lines.length,
      )
    }
  })
})
