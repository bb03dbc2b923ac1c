import { describe, expect, it } from 'vitest'
import { readCard } from '../../../../protocol/vcard/card.ts'
import { namesOfFourOnly } from '../../../../protocol/vcard/convert/parameters.ts'
import { convertCard } from '../../../../protocol/vcard/convert.ts'
import { splitCards } from '../../../../protocol/vcard/split.ts'
import { cardFiles } from '../files.ts'
import { complaintsAbout } from './complaints.ts'
import { lostFacts } from './facts.ts'

/** Every card of 3.0 or 4.0 that there is, by itself. */
const cards = cardFiles().flatMap(({ name, text }) =>
  [...splitCards(text, () => 'made')].flatMap((piece, at) =>
    piece.kind === 'object' ? { name: `${name} ${at}`, text: piece.text } : [],
  ),
)

describe('RFC 2426, RFC 6350: a card goes from one version to the other and back', () => {
  it.each(cards)('$name is stable after the first step', ({ text }) => {
    const [other, own] =
      readCard(text).version === '4.0' ? (['3.0', '4.0'] as const) : (['4.0', '3.0'] as const)
    const first = convertCard(text, other)
    const back = convertCard(first, own)
    expect(convertCard(convertCard(back, other), own)).toBe(back)
  })

  it.each(cards)('$name loses nothing', ({ text }) => {
    const [other, own] =
      readCard(text).version === '4.0' ? (['3.0', '4.0'] as const) : (['4.0', '3.0'] as const)
    const first = convertCard(text, other)
    expect(lostFacts(text, first)).toEqual([])
    expect(lostFacts(text, convertCard(first, own))).toEqual([])
  })

  it.each(cards)('$name has no parameter of 4.0 in 3.0', ({ text }) => {
    const own = readCard(text).version === '3.0' ? convertCard(text, '4.0') : text
    const names = readCard(convertCard(own, '3.0')).lines.flatMap((line) =>
      line.parameters.map(({ name }) => name),
    )
    expect(names.filter((name) => namesOfFourOnly.includes(name))).toEqual([])
  })

  it.each(cards)('$name is read in 4.0 by another program without complaint', ({ text }) => {
    const older = convertCard(text, '3.0')
    const known = readCard(text).version === '4.0' ? complaintsAbout(text) : []
    expect(complaintsAbout(convertCard(older, '4.0')).filter((one) => !known.includes(one))).toEqual([])
  })
})
