import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { forgivenTypos, typosBetween } from '../../../protocol/text/typos.ts'

/** One typing mistake anywhere in a word. */
function mistakesIn(word: string): Set<string> {
  const found = new Set<string>()
  for (let at = 0; at <= word.length; at++) {
    const [before, after] = [word.slice(0, at), word.slice(at)]
    for (const letter of 'abc') found.add(before + letter + after).add(before + letter + after.slice(1))
    found.add(before + after.slice(1))
    if (after.length > 1) found.add(before + after.charAt(1) + after.charAt(0) + after.slice(2))
  }
  return found
}

describe('typing mistakes', () => {
  it.each([
    ['jonathan', 'jonahtan', 1],
    ['schmidt', 'schmitd', 1],
    ['meier', 'maier', 1],
    ['meier', 'mayer', 2],
    ['papadopoulos', 'papadopulos', 1],
    ['anna', 'anna', 0],
    ['', 'ab', 2],
  ])('%s is %s with %i', (one, other, typos) => {
    expect(typosBetween(one, other, 2)).toBe(typos)
    expect(typosBetween(other, one, 2)).toBe(typos)
  })

  it('are counted up to the limit and no further', () => {
    expect(typosBetween('meier', 'mayer', 1)).toBeUndefined()
    expect(typosBetween('a', 'abcd', 2)).toBeUndefined()
  })

  it('one away is every word that one mistake makes, and no other', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 })
    fc.assert(
      fc.property(word, word, (one, other) => {
        const isNear = one === other || mistakesIn(one).has(other)
        expect(typosBetween(one, other, 1) !== undefined).toBe(isNear)
      }),
      { numRuns: 200 },
    )
  })

  it('are forgiven in longer words only', () => {
    expect([3, 4, 8, 9].map(forgivenTypos)).toEqual([0, 1, 1, 2])
  })
})
