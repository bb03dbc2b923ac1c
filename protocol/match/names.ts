import { isSameGiven } from './nicknames.ts'
import type { Traits } from './traits.ts'
import { likeness, sound } from './words.ts'

/** What two names have to do with each other; undefined where one card has none. */
export type NameRelation =
  | 'same'
  | 'variant'
  | 'close'
  | 'initial'
  | 'part'
  | 'givenOnly'
  | 'familyOnly'
  | 'generation'
  | 'other'

/** Compares the names of two persons, whatever order their words are in. */
export function compareNames(one: Traits, other: Traits): NameRelation | undefined {
  if (one.words.length === 0 || other.words.length === 0) return undefined
  const relation = relationOf(one, other)
  const isNamesake = relation !== 'other' && relation !== 'familyOnly' && relation !== 'givenOnly'
  const differ = one.generation !== undefined && other.generation !== undefined
  return isNamesake && differ && one.generation !== other.generation ? 'generation' : relation
}

/** Compares the names of two companies, without their legal forms. */
export function compareCompanies(one: readonly string[], other: readonly string[]): Agreement {
  const [a, b] = [one.join(''), other.join('')]
  if (a === b) return 'same'
  if ([...one].sort().join(' ') === [...other].sort().join(' ')) return 'same'
  const [short, long] = one.length <= other.length ? [one, other] : [other, one]
  const isWithin = short.every((word) => long.includes(word)) && short.join('').length >= 4
  return isWithin || (a.length > 4 && likeness(a, b) >= 0.93) ? 'close' : 'other'
}

export type Agreement = 'same' | 'close' | 'other'

/** A name in one word, as East Asian names are written: the family first where the card tells it apart. */
export function joinedNames({ words, given, family }: Traits): readonly string[] {
  const inOrder = words.join('')
  return given.length > 0 ? [inOrder, [...family, ...given].join('')] : [inOrder]
}

function relationOf(one: Traits, other: Traits): NameRelation {
  if (isSameSet(one.words, other.words)) return 'same'
  if (joinedNames(one).some((joined) => joinedNames(other).includes(joined))) return 'same'
  const [short, long] = one.words.length <= other.words.length ? [one, other] : [other, one]
  if (short.words.length === 1) return partRelation(short, long)
  const pairs = pairWords(short.words, long.words, [...short.nicknames, ...long.nicknames])
  const found = pairs.filter(({ kind }) => kind !== undefined)
  if (found.length === pairs.length) return weakest(found, long.words.length - short.words.length)
  return unlikeRelation(short, long, found)
}

/** All words of the shorter name are in the longer one, somehow. */
function weakest(found: readonly WordPair[], more: number): NameRelation {
  const kinds = new Set(found.map(({ kind }) => kind))
  if (!kinds.has('same') && kinds.has('initial')) return 'part'
  if (kinds.has('initial')) return 'initial'
  if (kinds.has('close')) return found.length === 2 && more > 0 ? 'initial' : 'close'
  return 'variant'
}

/** `Anna` may be anybody's, `Meier` too; a word that is unlike all of the others' is another name. */
function partRelation({ words, nicknames }: Traits, long: Traits): NameRelation {
  const [word = ''] = words
  const isThere = long.words.some(
    (its) => wordKind(word, its, [...nicknames, ...long.nicknames]) !== undefined,
  )
  return isThere ? 'part' : 'other'
}

/** Some words are those of the other: which? */
function unlikeRelation(short: Traits, long: Traits, found: readonly WordPair[]): NameRelation {
  const firm = found.filter(({ kind }) => kind === 'same' || kind === 'close')
  if (firm.length === 0) return 'other'
  const [lastOfShort, lastOfLong] = [familyOf(short), familyOf(long)]
  const isFamily = firm.some(({ one, other }) => lastOfShort.includes(one) || lastOfLong.includes(other))
  if (isFamily) return familyRelation(short, long)
  return found.some(({ one, other }) => givenOf(short) === one && givenOf(long) === other)
    ? 'givenOnly'
    : 'other'
}

/** Anna Maria Meier is known as Maria Meier to some; of Anna Schmidt-Meier only one half may be written. */
function familyRelation(short: Traits, long: Traits): NameRelation {
  const [mine, theirs] = [givenWords(short), givenWords(long)]
  const isShared = mine.some((word) => theirs.some((its) => word === its || isSameGiven(word, its)))
  return isShared ? 'variant' : 'familyOnly'
}

function familyOf({ family, words }: Traits): readonly string[] {
  return family.length > 0 ? family : words.slice(-1)
}

function givenOf({ given, words }: Traits): string | undefined {
  return given[0] ?? words[0]
}

function givenWords(traits: Traits): readonly string[] {
  return traits.given.length > 0 ? traits.given : traits.words.slice(0, -1)
}

interface WordPair {
  readonly one: string
  readonly other: string
  readonly kind: WordKind | undefined
}

type WordKind = 'same' | 'variant' | 'close' | 'initial'

const order: readonly WordKind[] = ['same', 'variant', 'close', 'initial']

/** Each word of the shorter name with the one of the longer that it is most like; the best first. */
function pairWords(
  short: readonly string[],
  long: readonly string[],
  nicknames: readonly string[],
): WordPair[] {
  const pairs: WordPair[] = []
  const [mine, theirs] = [new Set(short.keys()), new Set(long.keys())]
  for (const kind of order) {
    for (const at of mine) {
      const word = short[at] ?? ''
      const found = [...theirs].find((place) => wordKind(word, long[place] ?? '', nicknames) === kind)
      if (found === undefined) continue
      mine.delete(at)
      theirs.delete(found)
      pairs.push({ one: word, other: long[found] ?? '', kind })
    }
  }
  for (const at of mine) pairs.push({ one: short[at] ?? '', other: '', kind: undefined })
  return pairs
}

function wordKind(one: string, other: string, nicknames: readonly string[]): WordKind | undefined {
  if (one === other) return 'same'
  if (one.length === 1 || other.length === 1) return one.charAt(0) === other.charAt(0) ? 'initial' : undefined
  if (isSameGiven(one, other)) return 'variant'
  if (nicknames.includes(one) || nicknames.includes(other)) return 'variant'
  const long = Math.min(one.length, other.length) >= 4
  if (!long) return sound(one) === sound(other) && one.length === other.length ? 'close' : undefined
  const alike = likeness(one, other)
  return alike >= 0.92 || (alike >= 0.8 && sound(one) === sound(other)) ? 'close' : undefined
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && [...one].sort().join(' ') === [...other].sort().join(' ')
}
