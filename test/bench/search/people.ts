import { foldLines } from '../item.ts'
import { type Random, seededRandom } from '../random.ts'

/** A contact that is generated, and what it is asked for by. */
export interface Person {
  readonly name: string
  readonly uid: string
  readonly body: string
  readonly given: string
  readonly family: string
  readonly script: 'latin' | 'cyrillic' | 'greek' | 'han'
  readonly email: string
  readonly phone: string
}

const languages = {
  latin: {
    given:
      'Anna Maria Thomas Peter Michael Andreas Julia Laura Jonathan Élodie François José Jürgen Søren Katarína Mehmet Fatima Ngozi ' +
      'Priya Liam Olivia Noah Emma Lukas Sofia Mateo Zoë Björn Łukasz Chloé Ahmed Ingrid Pedro João Matthias Christopher',
    parts:
      'schmi mül ber wag hoff stein lind kel gar ro mar fer san gon lo pe du mo la le ne no va do ko wal brau grün hart win ' +
      'lan rich thomp ander john and car bal',
    ends: 'dt ler ger ner mann berg qvist sen son ez cia ti ini ard eau ová ski icz sson ton field er a o',
  },
  cyrillic: {
    given:
      'Иван Мария Анна Алексей Дмитрий Ольга Екатерина Сергей Юлия Николай Володимир Олена Георги Милица',
    parts: 'ива пет сидо куз мор вол ле нов по со ми фё ще ру ни коз лу та бе',
    ends: 'нов ров ва лова кин ский ская ев енко чук ић',
  },
  greek: {
    given: 'Γεώργιος Μαρία Ελένη Δημήτρης Κωνσταντίνος Αικατερίνη Ιωάννης Σοφία',
    parts: 'παπα γεωρ χατζη νικο δημη καρα αντω μιχα αλε',
    ends: 'δόπουλος γίου δάκης λαΐδης άκος ίδης ιάδης',
  },
  han: {
    given: '太郎 花子 伟 芳 秀英 娜 敏 静',
    parts: '王 李 张 刘 陈 山 田 佐 高',
    ends: '本 中 藤 橋 杨 黄',
  },
} as const

const companies =
  'Nordlicht Harbour Atelier Brücke Kite Ostsee Alpen Vertex Quanta Delta Meridian Aurora Tannenhof Rheingold Solaris'
const kinds = 'GmbH AG Ltd. & Sons S.A. Oy Inc. Kft.'
const labels = 'Customer Supplier Friends Press Choir VIP Newsletter Berlin'
const domains = 'example.org example.com mail.example.net post.example.org firma.example büro.example'
const remarks = [
  'Met at the spring fair; prefers to be called in the afternoon, never on Mondays.',
  'Knows the history of the old mill, the key to the archive hangs next to the door.',
]

/** `count` contacts, the same for the same count; names come as often as they do among people: few very often, most seldom. */
export function generatePeople(count: number): Person[] {
  const random = seededRandom(2_512)
  const families = {
    latin: surnames(random, 'latin', 12_000),
    cyrillic: surnames(random, 'cyrillic', 1_500),
    greek: surnames(random, 'greek', 300),
    han: surnames(random, 'han', 80),
  }
  return Array.from({ length: count }, (_, at) => {
    const one = random.below(100)
    const script = one < 83 ? 'latin' : one < 93 ? 'cyrillic' : one < 97 ? 'greek' : 'han'
    return person(random, at, script, often(random, families[script]))
  })
}

function surnames(random: Random, script: Person['script'], count: number): string[] {
  const { parts, ends } = languages[script]
  const found = new Set<string>()
  for (let tries = 0; found.size < count && tries < count * 20; tries++) {
    const middle = Array.from({ length: 1 + random.below(2) }, () => oneOf(random, parts)).join('')
    const name = middle + oneOf(random, ends)
    found.add(name.charAt(0).toUpperCase() + name.slice(1))
  }
  return [...found]
}

function person(random: Random, at: number, script: Person['script'], family: string): Person {
  const uid = `search-${at}`
  const given = often(random, languages[script].given.split(' '))
  const company = `${oneOf(random, companies)} ${family.length % 3 === 0 ? family : ''} ${oneOf(random, kinds)}`
  const mailbox =
    script === 'latin' ? `${plain(given)}.${plain(family)}${at % 7 === 0 ? at % 90 : ''}` : `contact.${at}`
  const email = `${mailbox}@${oneOf(random, domains)}`
  const phone = `+49 ${150 + random.below(30)} ${1_000_000 + random.below(9_000_000)}`
  const lines = [
    ...['BEGIN:VCARD', 'VERSION:3.0', `UID:${uid}`, `N:${family};${given};;;`, `FN:${given} ${family}`],
    ...[`ORG:${company.replace(/ +/g, ' ')}`, `EMAIL;TYPE=WORK:${email}`, `TEL;TYPE=CELL:${phone}`],
    ...(at % 2 === 0 ? [`TEL;TYPE=WORK:0${300 + random.below(600)} ${100_000 + random.below(900_000)}`] : []),
    ...(at % 3 === 0 ? [`CATEGORIES:${oneOf(random, labels)}`] : []),
    ...(at % 2 === 0
      ? [`ADR;TYPE=HOME:;;Hafenstraße ${1 + random.below(200)};Lübeck;;${10_000 + random.below(80_000)};`]
      : []),
    ...(at % 4 === 0 ? [`NOTE:${remarks[at % 8 === 0 ? 0 : 1]?.replaceAll(/[;,]/g, '\\$&')}`] : []),
    'END:VCARD',
  ]
  return { name: `${uid}.vcf`, uid, body: foldLines(lines), given, family, script, email, phone }
}

function plain(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z]/g, 'x')
}

function oneOf(random: Random, words: string): string {
  const all = words.split(' ')
  return all[random.below(all.length)] ?? ''
}

/** The first of a list far more often than the last. */
function often(random: Random, words: readonly string[]): string {
  const share = random.below(1_000_000) / 1_000_000
  return words[Math.floor(words.length * share ** 3)] ?? ''
}
