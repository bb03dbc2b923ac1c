import { seededRandom } from '../random.ts'
import type { Person } from './people.ts'

/** Texts to look for, by what they are. */
export function queriesOf(people: readonly Person[], each: number): ReadonlyMap<string, readonly string[]> {
  const random = seededRandom(4_711)
  const latin = people.filter(({ script }) => script === 'latin')
  const cyrillic = people.filter(({ script }) => script === 'cyrillic')
  const some = (from: readonly Person[], make: (person: Person, at: number) => string): string[] =>
    Array.from({ length: each }, (_, at) => make(from[random.below(from.length)] as Person, at))
  return new Map([
    ['one letter', Array.from({ length: each }, (_, at) => String.fromCharCode(97 + (at % 26)))],
    ['two letters', some(latin, ({ given, family }, at) => (at % 2 ? given : family).slice(0, 2))],
    ['prefix', some(latin, ({ given, family }, at) => (at % 2 ? given : family).slice(0, 3 + (at % 4)))],
    ['part of a name', some(latin, ({ family }, at) => family.slice(1, 4 + (at % 3)))],
    ['whole name', some(latin, ({ given, family }) => `${given} ${family}`)],
    ['two words, begun', some(latin, ({ given, family }) => `${family.slice(0, 4)} ${given.slice(0, 2)}`)],
    ['typing mistake', some(latin, ({ family }, at) => mistaken(family, at))],
    ['mistake and a word', some(latin, ({ given, family }, at) => `${given} ${mistaken(family, at)}`)],
    [
      'part of a number',
      some(people, ({ phone }, at) => (at % 2 ? phone.slice(0, 12) : `0${phone.slice(4, 11)}`)),
    ],
    ['end of a number', some(people, ({ phone }) => phone.slice(-5))],
    ['mail address', some(people, ({ email }, at) => (at % 2 ? email : (email.split('@')[0] ?? '')))],
    ['initials', some(latin, ({ given, family }) => (given.charAt(0) + family.charAt(0)).toLowerCase())],
    ['cyrillic', some(cyrillic, ({ family }, at) => (at % 2 ? family : family.slice(0, 4)))],
    [
      'latin for cyrillic',
      Array.from(
        { length: each },
        (_, at) => ['ivan', 'kuznov', 'petrov', 'sidoenko', 'shchev'][at % 5] ?? '',
      ),
    ],
    [
      'company',
      Array.from(
        { length: each },
        (_, at) => ['nordlicht', 'harbour sons', 'brucke', 'rheingold gmbh', 'meridan'][at % 5] ?? '',
      ),
    ],
    [
      'words of notes',
      Array.from(
        { length: each },
        (_, at) => ['spring fair', 'archive', 'old mill', 'mondays', 'hafenstr'][at % 5] ?? '',
      ),
    ],
    ['nothing', some(latin, ({ family }, at) => `qxz${family.slice(0, 3)}${at}w`)],
  ])
}

/** Two letters changed round, one missing, one wrong, one too much. */
function mistaken(name: string, at: number): string {
  const place = 1 + (at % Math.max(name.length - 2, 1))
  const [before, after] = [name.slice(0, place), name.slice(place)]
  const kinds = [
    before + after.charAt(1) + after.charAt(0) + after.slice(2),
    before + after.slice(1),
    `${before}y${after.slice(1)}`,
    `${before}e${after}`,
  ]
  return kinds[at % kinds.length] ?? name
}
