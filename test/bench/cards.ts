import { foldLines, type Item } from './item.ts'
import { type Random, seededRandom } from './random.ts'

/** A generated contact with what text queries are judged by. */
export interface CardItem extends Item {
  readonly fn: string
  readonly emails: readonly string[]
}

/** Text queries asked of the generated contacts: about one contact in a hundred holds them. */
export const needles = { fn: 'RandT', email: '@Tannenhof.' }

// biome-ignore format: a word list
const given = [
  'Anna', 'Bruno', 'Clara', 'David', 'Élodie', 'Fatima', 'Georg', 'Hanna', 'Igor', 'Jürgen', 'Katarína',
  'Lena', 'Mehmet', 'Nadia', 'Oskar', 'Petra', 'Quentin', 'Rosa', 'Søren', 'Tove', 'Ursula', 'Viktor', 'Wanda',
] as const
// biome-ignore format: a word list
const family = [
  'Adler', 'Bauer', 'Castellanos', 'Dvořák', 'Eriksen', 'Fischer', 'García', 'Hoffmann', 'Ivanova', 'Jansen',
  'Keller', 'Lindqvist', 'Müller', 'Novak', 'Olsen', 'Peeters', 'Quist', 'Rossi', 'Schäfer', 'Tanaka', 'Ulrich',
  'Vogel', 'Weiß', 'Yılmaz', 'Zimmer', 'Åkesson', 'Öztürk', 'Łukaszewicz', 'Moreau', 'Nakamura',
] as const
const cities = ['Lübeck', 'Bergen', 'Gdańsk', 'Porto', 'Graz', 'Delft', 'Uppsala', 'Bristol'] as const
const companies = ['Nordlicht GmbH', 'Harbour & Sons', 'Atelier Vert', 'Brücke AG', 'Kite Ltd.'] as const
const titles = ['Engineer', 'Head of Sales', 'Carpenter', 'Physician', 'Editor', 'Architect'] as const
const domains = ['example.org', 'example.com', 'mail.example.net', 'post.example.org'] as const
const remarks = [
  'Met at the spring fair; prefers to be called in the afternoon, never on Mondays.',
  'Knows the history of the old mill, the key to the archive hangs next to the door.',
  'Sends the catalogue every autumn and asks for two copies of the yearbook in return.',
] as const

/** `count` contacts of about 600 octets; the first `n` are the same for every greater count. */
export function generateCards(count: number, prefix = 'card', seed = 6352): CardItem[] {
  const random = seededRandom(seed)
  return Array.from({ length: count }, (_, index) => generateCard(random, prefix, index))
}

function generateCard(random: Random, prefix: string, index: number): CardItem {
  const uid = `bench-${prefix}-${index}`
  const first = random.pick(given)
  const last = random.chance(1) ? 'Brandtner' : random.pick(family)
  const fn = `${first} ${last}`
  const mailbox = `contact.${index}`
  const work = `${mailbox}@${random.chance(1) ? 'tannenhof.example' : random.pick(domains)}`
  const home = `${mailbox}.home@${random.pick(domains)}`
  const phone = (): string => `+49 4${random.below(90) + 10} ${random.below(9_000_000) + 1_000_000}`
  const body = foldLines([
    'BEGIN:VCARD',
    'VERSION:3.0',
    'PRODID:-//Farley//Bench//EN',
    `UID:${uid}`,
    `N:${last};${first};;;`,
    `FN:${fn}`,
    `ORG:${random.pick(companies)};Office ${random.below(40)}`,
    `TITLE:${random.pick(titles)}`,
    `TEL;TYPE=CELL:${phone()}`,
    `TEL;TYPE=WORK:${phone()}`,
    `EMAIL;TYPE=WORK:${work}`,
    `EMAIL;TYPE=HOME:${home}`,
    `ADR;TYPE=HOME:;;Hafenstraße ${random.below(200) + 1};${random.pick(cities)};;${random.below(90_000) + 10_000};`,
    `URL:https://www.example.org/people/${index}`,
    `BDAY:19${random.below(50) + 50}-0${random.below(9) + 1}-1${random.below(9)}`,
    `NOTE:${random.pick(remarks).replaceAll(/[;,]/g, '\\$&')}`,
    'REV:2026-01-05T10:00:00Z',
    'END:VCARD',
  ])
  return { name: `${uid}.vcf`, uid, body, fn, emails: [work, home] }
}
