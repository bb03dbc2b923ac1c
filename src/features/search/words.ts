import { fold } from '../../../protocol/text/fold.ts'

/** Text as it is compared: folded, one space between its parts. */
export function foldText(text: string): string {
  return fold(text)
    .replace(/[\s\x00]+/g, ' ')
    .trim()
}

/** The words of a folded text. */
export function wordsOf(folded: string): string[] {
  const words = /^[\x00-\x7f]*$/.test(folded)
    ? folded.split(/[^a-z0-9']+/)
    : folded.split(/[^\p{L}\p{N}\p{M}']+/u)
  const plain = folded.includes("'") ? words.map((word) => word.replace(/^'+|'+$/g, '')) : words
  return plain.filter((word) => word !== '')
}

/** A folded text as its words, whatever stands between them. */
export function plainText(folded: string): string {
  return wordsOf(folded).join(' ')
}

/** The digits by which a number is known wherever it is called from: without the sign of an international one, or the 0 before an area. */
export function significantDigits(number: string): string {
  return number.replace(/\D+/g, '').replace(/^0+/, '')
}

/** A text from its end. */
export function reversed(text: string): string {
  return Array.from(text).reverse().join('')
}

/** Scripts that are written without spaces: there a word may begin at any letter. */
export const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u
