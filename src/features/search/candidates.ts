import { forgivenTypos, typosBetween } from '../../../protocol/text/typos.ts'
import { idsByEntry, idsByGrams, wordsOfEntries } from '../../../storage/search/candidates.ts'
import type { Alternatives, GramQuery } from '../../../storage/search/grams.ts'
import type { Scope } from '../../../storage/search/scopes.ts'
import type { Reader } from '../../../storage/store.ts'
import { entryOf } from './fields.ts'
import type { Query, QueryWord } from './query.ts'
import { fewestLetters } from './rank.ts'

/** Documents that are looked at more closely in each of the steps, at most. */
const most = { more: 5, parts: 200, typos: 200, words: 12, forms: 3, letters: 50 } as const

/** What somebody or something is called begins with it; then a later word of that does. */
const steps = [
  [entryOf.name, entryOf.heading, entryOf.email, entryOf.company, entryOf.label, entryOf.initials],
  [entryOf.laterName, entryOf.laterHeading, entryOf.laterEmail, entryOf.laterCompany],
] as const

/** How many steps `idsOfBeginnings` knows. */
export const beginningSteps = steps.length

/** The first steps: what begins with what is looked for, in the order of names. */
export function idsOfBeginnings(
  reader: Reader,
  scopes: readonly Scope[],
  query: Query,
  { step, limit }: { readonly step: number; readonly limit: number },
): Promise<number[]> {
  const starts = new Set<string>()
  for (const letter of steps[step] ?? []) {
    if (letter === entryOf.initials) {
      if (query.initials !== undefined) starts.add(letter + query.initials)
      continue
    }
    for (const { text, plain } of query.forms.slice(0, most.forms)) {
      starts.add(letter + plain.slice(0, most.letters))
      if (letter === entryOf.email) starts.add(letter + text.slice(0, most.letters))
    }
  }
  return idsByEntry(reader, scopes, [...starts], limit + most.more)
}

/** The second: what holds every word somewhere, or all of it within a word. */
export async function idsOfParts(reader: Reader, scopes: readonly Scope[], query: Query): Promise<number[]> {
  const alternatives: (readonly string[])[] = []
  for (const form of query.forms.slice(0, most.forms)) {
    const words = form.words.flatMap(({ text, digits }) => gramsOfWord(text, digits))
    if (words.length > 0) alternatives.push(words)
    // A short word may be the end of one, where all of it is a part of a name.
    if (form.words.every(({ text }) => isLong(text))) continue
    for (const text of new Set([form.text, form.plain])) if (isLong(text)) alternatives.push([text])
  }
  for (const digits of query.digits) alternatives.push([digits])
  return alternatives.length === 0 ? [] : idsByGrams(reader, scopes, [alternatives], most.parts)
}

/** A word of two letters begins one; of one letter the trigrams know nothing. */
function gramsOfWord(text: string, digits: readonly string[]): string[] {
  const [first] = digits
  if (first !== undefined) return [first]
  if (isLong(text)) return [text]
  return Array.from(text).length === 2 ? [` ${text}`] : []
}

function isLong(text: string): boolean {
  return Array.from(text).length >= fewestLetters
}

/** The third: what has words in place of those looked for that differ from them by typing mistakes. */
export async function idsOfTypos(reader: Reader, scopes: readonly Scope[], query: Query): Promise<number[]> {
  const found: number[] = []
  for (const form of query.forms.slice(0, most.forms)) {
    const parts: Alternatives[] = []
    let isForgiving = false
    for (const word of form.words) {
      const near = await nearWords(reader, scopes, word)
      isForgiving ||= near.length > 0
      const exact = gramsOfWord(word.text, word.digits)
      const alternatives = [...(exact.length > 0 ? [exact] : []), ...near.map((gram) => [gram])]
      if (alternatives.length > 0) parts.push(alternatives)
    }
    if (isForgiving) found.push(...(await idsByGrams(reader, scopes, parts satisfies GramQuery, most.typos)))
  }
  return found
}

const nameLetters = [
  entryOf.name,
  entryOf.laterName,
  entryOf.heading,
  entryOf.laterHeading,
  entryOf.company,
] as const

/**
 * Words that are there and differ by a mistake or two, those that begin as this one: where the mistake is in the begin, what
 * ends as it takes their place.
 */
async function nearWords(reader: Reader, scopes: readonly Scope[], { text }: QueryWord): Promise<string[]> {
  const mistakes = forgivenTypos(text.length)
  if (mistakes === 0 || /\d/.test(text)) return []
  const half = Math.max(2, Math.min(Math.floor(text.length / 2) - 1, 3))
  // The letters on both sides of the middle may have changed places.
  const starts = [text.slice(0, half), text.slice(0, half - 1) + text.charAt(half)]
  const entries = await wordsOfEntries(
    reader,
    scopes,
    nameLetters.flatMap((letter) => starts.map((start) => letter + start)),
  )
  const near = nearest(new Set(entries.map((entry) => entry.slice(1))), text, mistakes)
  return near.length > 0 ? near.map((word) => ` ${word} `) : [`${text.slice(half)} `]
}

function nearest(words: Iterable<string>, text: string, mistakes: number): string[] {
  const near: { readonly word: string; readonly typos: number }[] = []
  for (const word of words) {
    const typos = typosBetween(text, word, mistakes)
    if (typos !== undefined && typos > 0) near.push({ word, typos })
  }
  near.sort((one, other) => one.typos - other.typos || (one.word < other.word ? -1 : 1))
  return near.slice(0, most.words).map(({ word }) => word)
}
