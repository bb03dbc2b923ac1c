import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Collation, compareText, type TextMatch } from '../../../protocol/text/collation.ts'
import { fold } from '../../../protocol/text/fold.ts'

const matches = (
  collation: Collation,
  value: string,
  candidate: string,
  match: TextMatch['match'] = 'equals',
  negate = false,
) => compareText({ value, collation, negate, match }, candidate)

describe('RFC 4790 §9.2 i;ascii-casemap', () => {
  it('knows the case of a to z only', () => {
    expect(matches('i;ascii-casemap', 'HELLO é', 'hello é')).toBe(true)
    expect(matches('i;ascii-casemap', 'é', 'É')).toBe(false)
    expect(matches('i;ascii-casemap', '[', '{')).toBe(false)
    expect(matches('i;ascii-casemap', 'k', '\u212a')).toBe(false)
  })
})

describe('RFC 4790 §9.3 i;octet', () => {
  it('compares as it is', () => {
    expect(matches('i;octet', 'a', 'A')).toBe(false)
    expect(matches('i;octet', 'é', 'é')).toBe(true)
    expect(matches('i;octet', '\u00e9', 'e\u0301')).toBe(false)
  })
})

describe('RFC 5051 i;unicode-casemap', () => {
  it.each([
    ['É', 'é'],
    ['\u00e9', 'E\u0301'],
    ['ΟΔΟΣ', 'οδος'],
    ['ПРИВЕТ', 'привет'],
    ['ß', 'SS'],
    ['ﬁ', 'FI'],
    ['Ａ', 'a'],
    ['ǅ', 'ǆ'],
    ['각', '\u1100\u1161\u11a8'],
  ])('%s equals %s', (a, b) => {
    expect(matches('i;unicode-casemap', a, b)).toBe(true)
    expect(matches('i;unicode-casemap', b, a)).toBe(true)
  })

  it.each([
    ['e', 'é'],
    ['o', 'ø'],
    ['а', 'a'],
  ])('%s does not equal %s', (a, b) => {
    expect(matches('i;unicode-casemap', a, b)).toBe(false)
  })

  it('depends on no neighbours', () => {
    expect(matches('i;unicode-casemap', 'ΟΔΟΣ', 'ΟΔΟΣΑ', 'starts-with')).toBe(true)
  })
})

describe('RFC 6352 §10.5.4 match types', () => {
  it.each([
    ['equals', 'Anna', true],
    ['equals', 'Ann', false],
    ['contains', 'NN', true],
    ['contains', 'x', false],
    ['starts-with', 'an', true],
    ['starts-with', 'na', false],
    ['ends-with', 'NA', true],
    ['ends-with', 'an', false],
  ] as const)('%s %s: %s', (match, value, expected) => {
    for (const collation of ['i;ascii-casemap', 'i;unicode-casemap'] as const) {
      expect(matches(collation, value, 'anna', match)).toBe(expected)
      expect(matches(collation, value, 'anna', match, true)).toBe(!expected)
    }
  })

  it('finds the empty text everywhere', () => {
    expect(matches('i;octet', '', 'anna', 'contains')).toBe(true)
    expect(matches('i;octet', '', '', 'equals')).toBe(true)
  })
})

describe('text folded for search', () => {
  it.each([
    ['Müller', 'muller'],
    ['MÜLLER', 'muller'],
    ['Straße', 'strasse'],
    ['STRASSE', 'strasse'],
    ['Łukasz Żółć', 'lukasz zolc'],
    ['Søren Ærø', 'soren aero'],
    ['Đorđe', 'dorde'],
    ['Þór', 'thor'],
    ['ISPARTA ısparta İsparta', 'isparta isparta isparta'],
    ['Ὀδυσσεύς', 'οδυσσευσ'],
    ['Ёлка', 'елка'],
    ['ﬁn Ｗｉｄｅ', 'fin wide'],
    ['O’Brien', "o'brien"],
    ['日本', '日本'],
  ])('%s is %s', (text, folded) => {
    expect(fold(text)).toBe(folded)
  })

  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.string({
      unit: fc.constantFrom(...'aAßẞıİſσςΣÅåéÉ\u0301\u0327\u0345\u0308ﬁŁøÆ각가\u11a8ǅŉΐ¨ ½日कि'),
      maxLength: 8,
    }),
  )

  it('is folded for good', () => {
    fc.assert(
      fc.property(text, (one) => {
        expect(fold(fold(one))).toBe(fold(one))
      }),
      { numRuns: 2000, seed: 1 },
    )
  })

  it('is found wherever a collation finds it, so that an index of it leaves nothing out', () => {
    fc.assert(
      fc.property(text, text, text, fc.nat(3), (before, sought, behind, how) => {
        const written =
          [sought, sought.toUpperCase(), sought.toLowerCase(), sought.normalize('NFD')][how] ?? sought
        const candidate = before + written + behind
        for (const collation of ['i;ascii-casemap', 'i;unicode-casemap'] as const) {
          if (matches(collation, sought, candidate, 'contains'))
            expect(fold(candidate)).toContain(fold(sought))
        }
      }),
      { numRuns: 5000, seed: 2 },
    )
  })
})
