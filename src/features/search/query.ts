import { transliterations } from '../../../protocol/text/transliterate.ts'
import { numberParts } from './numbers.ts'
import { foldText, significantDigits, wordsOf } from './words.ts'

/** One word of what is looked for. */
export interface QueryWord {
  readonly text: string
  /** Where it is a part of a number: the digits it may stand as. */
  readonly digits: readonly string[]
}

/** One way to read what somebody looks for. */
export interface QueryForm {
  /** Folded, with what stands between words. */
  readonly text: string
  /** Its words with one space between them. */
  readonly plain: string
  readonly words: readonly QueryWord[]
}

export interface Query {
  /** As it was typed; then in Latin letters, where it was in others. */
  readonly forms: readonly [QueryForm, ...QueryForm[]]
  /** Where all of it is a part of a number: the digits it may stand as. */
  readonly digits: readonly string[]
  /** Where it may be somebody's initials. */
  readonly initials: string | undefined
}

/** Letters and words that are looked at. */
const longestQuery = 200
const mostWords = 8
/** Fewer digits are in too many numbers. */
const fewestDigits = 3

/**
 * What somebody looks for; undefined where there is no letter in it.
 * @param country  the calling code of numbers that have none, or ''
 */
export function readQuery(text: string, country: string): Query | undefined {
  const asked = text.slice(0, longestQuery)
  const first = readForm(foldText(asked))
  if (!first) return undefined
  const others = transliterations(asked).flatMap((form) => readForm(foldText(form)) ?? [])
  const isNumber = /^[\s\d()+./-]+$/.test(asked)
  return {
    forms: [first, ...others],
    digits: isNumber ? numberParts(asked, country).filter((part) => part.length >= fewestDigits) : [],
    initials: initialsIn(first),
  }
}

function readForm(text: string): QueryForm | undefined {
  const words = text.split(' ').flatMap((part) => wordsOf(part).slice(0, mostWords))
  if (words.length === 0) return undefined
  const read = words.slice(0, mostWords).map((word) => ({ text: word, digits: digitsIn(word) }))
  return { text, plain: words.join(' '), words: read }
}

function digitsIn(word: string): string[] {
  if (!/^\d+$/.test(word)) return []
  return [significantDigits(word)].filter((digits) => digits.length >= fewestDigits)
}

/** `jd`, or `j d`. */
function initialsIn({ words }: QueryForm): string | undefined {
  const letters = words.map(({ text }) => text)
  const joined = letters.every((word) => Array.from(word).length === 1) ? letters.join('') : undefined
  const initials = joined ?? (letters.length === 1 ? letters[0] : undefined)
  if (initials === undefined || !/^\p{L}{2,4}$/u.test(initials)) return undefined
  return initials
}
