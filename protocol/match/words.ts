import { fold } from '../text/fold.ts'
import { latin } from './latin.ts'

/**
 * A word as names are compared: folded, in Latin letters where the script has them, and one for the ways of writing the
 * same sound without its mark (Müller, Mueller, Muller).
 */
export function spelling(word: string): string {
  return latin(fold(word))
    .replace(/[aou]e/g, (pair) => pair.charAt(0))
    .replace(/[^\p{L}\p{N}]+/gu, '')
}

/** The words of a text in their order, without dots, hyphens and quotes. */
export function wordsIn(text: string): string[] {
  return text
    .normalize('NFKC')
    .replace(/['’‘ʼ´`]/g, '')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .map(spelling)
    .filter((word) => word !== '')
}

/**
 * What a word sounds like, roughly, in European languages: Meier, Mayer and Maier are one, so are Schmidt and Schmitt, Yuri
 * and Juri, Chaikovsky and Tschaikowski. Words of other scripts are themselves.
 */
export function sound(word: string): string {
  if (!/^[a-z]+$/.test(word)) return word
  let text = word
  for (const [from, to] of sounds) text = text.replace(from, to)
  const first = text.charAt(0)
  const rest = text.slice(1).replace(/[aeiouh]/g, '')
  const start = /[aeiou]/.test(first) ? 'a' : first
  return (start + rest).replace(/(.)\1+/g, '$1')
}

/** In this order. */
const sounds: readonly (readonly [RegExp, string])[] = [
  [/tsch|tch|cz/g, 'c'],
  [/shch|sch|sh|sz/g, 's'],
  [/zh|ts|tz/g, 's'],
  [/ph/g, 'f'],
  [/kh/g, 'h'],
  [/th|dt/g, 't'],
  [/ck|qu|q/g, 'k'],
  [/ch/g, 'c'],
  [/c(?=[aou]|[^aeiouhy]|$)/g, 'k'],
  [/x/g, 'ks'],
  [/z/g, 's'],
  [/w|v/g, 'f'],
  [/[yj]/g, 'i'],
  [/d/g, 't'],
  [/b/g, 'p'],
]

/**
 * How like two words are, from 0 to 1: by letters in common at about the same place, and more where they begin the same.
 * @see Winkler, String Comparator Metrics and Enhanced Decision Rules (1990)
 */
export function likeness(one: string, other: string): number {
  if (one === other) return 1
  const [a, b] = [[...one], [...other]]
  const reach = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1)
  const taken = new Set<number>()
  const matched: string[] = []
  for (const [at, letter] of a.entries()) {
    const from = Math.max(0, at - reach)
    const found = b.findIndex(
      (its, place) => place >= from && place <= at + reach && its === letter && !taken.has(place),
    )
    if (found === -1) continue
    taken.add(found)
    matched.push(letter)
  }
  const common = matched.length
  if (common === 0) return 0
  const theirs = [...taken].sort((x, y) => x - y).map((place) => b[place])
  const swapped = matched.filter((letter, at) => letter !== theirs[at]).length / 2
  const jaro = (common / a.length + common / b.length + (common - swapped) / common) / 3
  let prefix = 0
  while (prefix < 4 && a[prefix] !== undefined && a[prefix] === b[prefix]) prefix += 1
  return jaro + prefix * 0.1 * (1 - jaro)
}
