import { describe, expect, it } from 'vitest'
import { matchKeys } from '../../../protocol/match/keys.ts'
import { scorePair } from '../../../protocol/match/score.ts'
import { type Traits, traitsOf } from '../../../protocol/match/traits.ts'
import { type Card, readCard } from '../../../protocol/vcard/card.ts'
import { splitCards } from '../../../protocol/vcard/split.ts'
import { type Random, seededRandom } from '../../bench/random.ts'
import { cardFiles } from '../vcard/files.ts'

/** A book of people as they are, and the copies of some that other programs and hasty people have made. */
interface Person {
  readonly given: string
  readonly family: string
  readonly mail: string
  readonly phone: string
  readonly company: string
  readonly birthday: string
}

const given =
  `Anna Maria Peter Hans Julia William Robert Elizabeth Katharina Johannes Sofia Luca Giulia Marco Pierre Camille Dmitri Olga
  Sergey Tatiana Carlos Lucia Jürgen Zoë François Michael Thomas Christine Stephan Margarete Yusuf Leila Jan Piotr Agnieszka`.split(
    /\s+/,
  )
const family =
  `Meier Müller Schmidt Fischer Weber Rossi Bianchi Ferrari Dupont Lefèvre Moreau Ivanov Petrova Smirnov García Fernández
  Gardner Thompson Wright Novák Kowalski Wiśniewska Yılmaz Öztürk Hansen Lindström de_Vries van_Dijk O'Neill MacDonald Baumgartner
  Schneider Hoffmann Schäfer Zimmermann Braun Krüger Hartmann Lange Werner`
    .split(/\s+/)
    .map((name) => name.replace('_', ' '))
const companies =
  'Lyra Vega,Orion Systems,Hydra Foods,Pavo Travel,Corvus Media,Libra Bank,Draco Steel,Ara Textiles'.split(
    ',',
  )
const nicknames: Readonly<Record<string, string>> = {
  William: 'Bill',
  Robert: 'Bob',
  Elizabeth: 'Liz',
  Katharina: 'Kathrin',
  Johannes: 'Hans',
  Dmitri: 'Dima',
  Michael: 'Mike',
  Christine: 'Tina',
  Margarete: 'Greta',
}

function choose(random: Random, words: readonly string[]): string {
  return words[random.below(words.length)] ?? ''
}

function personOf(random: Random, number: number): Person {
  const [first, last] = [choose(random, given), choose(random, family)]
  const plain = (text: string): string =>
    text
      .normalize('NFD')
      .replace(/[^a-z]/gi, '')
      .toLowerCase()
  const two = (most: number): string => String(1 + random.below(most)).padStart(2, '0')
  return {
    given: first,
    family: last,
    mail: `${plain(first).charAt(0)}.${plain(last)}${random.below(900)}@mail${random.below(40)}.example`,
    phone: `+49 30 ${String(1_000_000 + number * 37)}`,
    company: choose(random, companies),
    birthday: `${1940 + random.below(65)}-${two(12)}-${two(28)}`,
  }
}

function cardOf({ given, family, mail, phone, company, birthday }: Person): string[] {
  const named = given === '' ? [`FN:${family}`] : [`FN:${given} ${family}`, `N:${family};${given};;;`]
  const line = (name: string, value: string): string[] => (value === '' ? [] : [`${name}:${value}`])
  return [
    ...named,
    ...line('EMAIL', mail),
    ...line('TEL', phone),
    ...line('ORG', company),
    ...line('BDAY', birthday),
  ]
}

/** What happens to a card on its way through programs and hands: one change to its name at most, and what is left out. */
function corrupted(random: Random, person: Person): Person {
  const { given, family } = person
  const name = random.pick<() => Pick<Person, 'given' | 'family'>>([
    () => ({ given, family }),
    () => ({ given, family }),
    () => ({ given: '', family: `${family}, ${given}` }),
    () => ({ given: nicknames[given] ?? given, family }),
    () => ({ given: given.charAt(0), family }),
    () => ({ given: `${given} Marie`, family }),
    () => ({ given, family: misspelt(random, family) }),
    () => ({ given: family, family: given }),
    () => ({ given, family: family.normalize('NFD').replace(/\p{M}/gu, '') }),
  ])()
  const kept = random.pick(['mail', 'phone', 'both', 'both', 'birthday', 'provider', 'none'])
  const phone = person.phone.replace('+49 30 ', random.pick(['030/', '+4930', '0049 30 ', '+49 (0)30 ']))
  return {
    ...name,
    mail: mailOf(person, kept),
    phone: kept === 'phone' || kept === 'both' ? phone : '',
    company: random.pick([person.company, `${person.company} GmbH`, '']),
    birthday: kept === 'birthday' ? person.birthday.replaceAll('-', '') : '',
  }
}

function mailOf({ mail }: Person, kept: string): string {
  if (kept === 'provider') return mail.replace(/@.*/, '@elsewhere.example')
  return kept === 'mail' || kept === 'both' ? mail.toUpperCase() : ''
}

function misspelt(random: Random, word: string): string {
  const at = 1 + random.below(Math.max(1, word.length - 2))
  return random.pick([
    () => word.slice(0, at) + word.slice(at + 1),
    () => word.slice(0, at) + word.charAt(at) + word.slice(at),
    () => word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2),
  ])()
}

function traits(lines: readonly string[]): Traits {
  return traitsOf(readCard(['BEGIN:VCARD', 'VERSION:3.0', ...lines, 'END:VCARD', ''].join('\r\n')))
}

/** Pairs of cards that share a key, by their places, as they are looked for. */
function candidates(cards: readonly Traits[]): Map<string, readonly [number, number]> {
  const blocks = new Map<number, number[]>()
  for (const [at, card] of cards.entries()) {
    for (const key of matchKeys(card)) blocks.set(key, [...(blocks.get(key) ?? []), at])
  }
  const pairs = new Map<string, readonly [number, number]>()
  for (const block of blocks.values()) {
    if (block.length > 50) continue
    for (const [place, one] of block.entries()) {
      for (const other of block.slice(place + 1)) pairs.set(`${one} ${other}`, [one, other])
    }
  }
  return pairs
}

describe('among 3,000 people and 600 corrupted copies', () => {
  const random = seededRandom(20)
  const people = Array.from({ length: 3_000 }, (_, number) => personOf(random, number))
  const copies = Array.from({ length: 600 }, (_, at) =>
    corrupted(random, people[at * 5] ?? personOf(random, at)),
  )
  const cards = [...people, ...copies].map((person) => traits(cardOf(person)))
  const isTrue = ([one, other]: readonly [number, number]): boolean =>
    other >= 3_000 && one === (other - 3_000) * 5
  const pairs = [...candidates(cards).values()]
  const found = pairs.map((pair) => {
    const [one, other] = pair.map((at) => cards[at])
    return { pair, level: one && other && scorePair(one, other).level }
  })
  const count = (levels: readonly (string | undefined)[]) => {
    const said = found.filter(({ level }) => levels.includes(level))
    const right = said.filter(({ pair }) => isTrue(pair)).length
    return {
      said: said.length,
      right,
      recall: right / copies.length,
      precision: right / Math.max(1, said.length),
    }
  }

  it('compares few cards with each other, and hardly one copy is not compared with its original', () => {
    expect(pairs.filter(isTrue).length / copies.length).toBeGreaterThanOrEqual(0.98)
    expect(pairs.length).toBeLessThan(cards.length * 40)
  })

  it('is right where it says "same", and finds nearly all by "likely"', () => {
    expect(count(['same']).precision).toBeGreaterThanOrEqual(0.99)
    expect(count(['same', 'likely']).precision).toBeGreaterThanOrEqual(0.95)
    expect(count(['same', 'likely']).recall).toBeGreaterThanOrEqual(0.9)
    expect(count(['same', 'likely', 'maybe']).recall).toBeGreaterThanOrEqual(0.97)
  })
})

/** Those of a file, as far as they can be read. */
function cardsIn(text: string): Card[] {
  return [...splitCards(text, () => 'made')].flatMap((piece) =>
    piece.kind === 'object' ? [readCard(piece.text)] : [],
  )
}

describe('the cards of real programs', () => {
  it('have traits and a bounded number of keys, and each is the same as itself', () => {
    for (const { name, text } of cardFiles()) {
      for (const card of cardsIn(text)) {
        const read = traitsOf(card)
        const keys = matchKeys(read)
        expect(keys.length, name).toBeLessThanOrEqual(24)
        expect(
          keys.every((key) => Number.isSafeInteger(key)),
          name,
        ).toBe(true)
        const { reasons } = scorePair(read, read)
        for (const { found, weight } of reasons)
          expect(['part', 'other'].includes(found) || weight > 0, name).toBe(true)
        expect(
          reasons.some(({ found }) => found === 'other'),
          `${name}: ${read.name}`,
        ).toBe(false)
      }
    }
  })
})
