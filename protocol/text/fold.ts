import { unicodeCasemap } from './collation.ts'

/**
 * Text as people search it: without case, accents and the like (`Müller`, `MULLER` and `muller` are one; so are `Straße` and `strasse`).
 * Whatever contains a text under i;ascii-casemap or i;unicode-casemap also contains it folded, so that folded text can be an index for both:
 * folding adds only character by character maps to the collation.
 */
export function fold(text: string): string {
  if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase()
  return unicodeCasemap(text)
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^\x00-\x7f]/g, (character) => letters.get(character) ?? character)
}

/** Letters that have no decomposition, by what they are looked for as. */
const letters: ReadonlyMap<string, string> = new Map([
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ø', 'o'],
  ['đ', 'd'],
  ['ð', 'd'],
  ['ħ', 'h'],
  ['ł', 'l'],
  ['ŀ', 'l'],
  ['ŋ', 'n'],
  ['þ', 'th'],
  ['ŧ', 't'],
  ['ə', 'e'],
  ['ɓ', 'b'],
  ['ɖ', 'd'],
  ['ɗ', 'd'],
  ['ɛ', 'e'],
  ['ɔ', 'o'],
  ['ƙ', 'k'],
  ['ƴ', 'y'],
  ['ς', 'σ'],
  ['’', "'"],
  ['‘', "'"],
  ['ʼ', "'"],
  ['‐', '-'],
  ['–', '-'],
  ['—', '-'],
])
