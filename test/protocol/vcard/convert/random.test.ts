import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCard } from '../../../../protocol/vcard/card.ts'
import { namesOfFourOnly } from '../../../../protocol/vcard/convert/parameters.ts'
import { conversions } from '../../../../protocol/vcard/convert/table.ts'
import { type CardVersion, convertCard } from '../../../../protocol/vcard/convert.ts'
import { almostCard, cardBody } from '../arbitraries.ts'
import { complaintsAbout } from './complaints.ts'
import { lostFacts } from './facts.ts'

fc.configureGlobal({ seed: 9554 })

/** Cards of any lines of the table's examples, in any order, some of them twice, and of any group. */
const examples = conversions.flatMap(({ examples }) => examples)
const wholes = { '3.0': examples.map(({ three }) => three), '4.0': examples.map(({ four }) => four) } as const
const regrouped = (line: string, group: number) => line.replace(/^item\d+\./, `item${group}.`)
const cardOf = (version: CardVersion) =>
  fc
    .array(fc.tuple(fc.constantFrom(...wholes[version]), fc.integer({ min: 1, max: 4 })), { maxLength: 8 })
    .map((parts) => parts.flatMap(([lines, group]) => lines.map((line) => regrouped(line, group))))
    .map((lines) => ['BEGIN:VCARD', `VERSION:${version}`, 'FN:F', ...lines, 'END:VCARD', ''].join('\r\n'))

const ways: readonly (readonly [CardVersion, CardVersion])[] = [
  ['3.0', '4.0'],
  ['4.0', '3.0'],
]

describe.each(ways)('any card of %s in %s', (own, other) => {
  const round = (text: string) => convertCard(convertCard(text, other), own)

  it('is stable after the first round', () => {
    fc.assert(
      fc.property(cardOf(own), (text) => {
        const once = round(text)
        expect(round(once)).toBe(once)
      }),
      { numRuns: 500 },
    )
  })

  it('loses nothing', () => {
    fc.assert(
      fc.property(cardOf(own), (text) => {
        fc.pre(!text.includes('QUOTED-PRINTABLE'))
        expect(lostFacts(text, convertCard(text, other))).toEqual([])
        expect(lostFacts(text, round(text))).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('has no parameter of 4.0 in 3.0', () => {
    fc.assert(
      fc.property(cardOf(own), (text) => {
        const older = other === '3.0' ? convertCard(text, '3.0') : round(text)
        const names = readCard(older).lines.flatMap(({ parameters }) => parameters.map(({ name }) => name))
        expect(names.filter((name) => namesOfFourOnly.includes(name))).toEqual([])
      }),
    )
  })
})

describe('any 3.0 card in 4.0', () => {
  it('is read by another program without complaint', () => {
    fc.assert(
      fc.property(cardOf('3.0'), (text) => {
        const alternatives = /^N .*DUPLICATE|DUPLICATE/
        expect(complaintsAbout(convertCard(text, '4.0')).filter((one) => !alternatives.test(one))).toEqual([])
      }),
    )
  })

  it('is stable whatever stands in it', () => {
    fc.assert(
      fc.property(cardBody, (text) => {
        const once = convertCard(convertCard(text, '3.0'), '4.0')
        expect(convertCard(convertCard(once, '3.0'), '4.0')).toBe(once)
        expect(() => readCard(once)).not.toThrow()
      }),
    )
  })

  it('throws nothing but that it is no card', () => {
    fc.assert(
      fc.property(fc.oneof(almostCard, fc.string({ unit: 'binary' })), (text) => {
        let isCard = true
        try {
          readCard(text)
        } catch {
          isCard = false
        }
        if (isCard) expect(readCard(convertCard(text, '4.0')).version).toBe('4.0')
      }),
    )
  })
})

describe('a card that somebody made large', () => {
  it.each(ways)('of %s is converted to %s line by line, whatever stands in it', (own, other) => {
    const lines = Array.from({ length: 200 }, (_, at) =>
      wholes[own].flatMap((some) => some.map((line) => regrouped(line, at))),
    ).flat()
    const text = ['BEGIN:VCARD', `VERSION:${own}`, 'FN:F', ...lines, 'END:VCARD', ''].join('\r\n')
    const startedAt = performance.now()
    expect(readCard(convertCard(text, other)).lines.length).toBeGreaterThan(lines.length / 2)
    expect(performance.now() - startedAt).toBeLessThan(15_000)
  })
})
