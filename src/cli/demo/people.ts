import { type Company, companies, titles } from './firm.ts'

/** Somebody in the address books of the demo. */
export interface Person {
  readonly uid: string
  readonly given: string
  readonly family: string
  readonly company: Company | undefined
  readonly title: string
  readonly mail: string
  readonly phones: readonly string[]
  readonly address: readonly [street: string, city: string, code: string] | undefined
  readonly birthday: string | undefined
  readonly labels: readonly string[]
  readonly note: string
}

const given =
  'Alma Bertram Celia Dorian Elsie Fergus Greta Hamish Imogen Jasper Keira Lionel Maeve Niall Odette Percy Quentin Rhona Silas Tamsin Ulric Verity Wilfred Xenia Yorick Zelda Amos Bridie Clement Dervla'.split(
    ' ',
  )
const family =
  'Ashdown Birkett Calloway Drummond Everard Fairlie Garside Hartnoll Inskip Jessop Kettle Lumley Marwood Nettleship Ormerod Pomfret Quarmby Rushforth Sedgwick Thwaite Underhill Varley Whitlock Yarrow Ainscough Brearley Copley Dinsdale Eastwick Fothergill'.split(
    ' ',
  )
const streets = [
  'Mill Lane',
  'Chapel Hill',
  'Station Road',
  'Beck Side',
  'The Avenue',
  'Church Street',
] as const
const towns = [
  ['Ilkley', 'LS29'],
  ['Otley', 'LS21'],
  ['Skipton', 'BD23'],
  ['Harrogate', 'HG1'],
  ['Leeds', 'LS7'],
] as const

/** How many of a company are known, and how many people have a house and no company. */
const ofCompany = 4
const atHome = 36

/** All of them: the same every time. */
export function makePeople(): readonly Person[] {
  const atWork = companies.flatMap((company, at) =>
    Array.from({ length: ofCompany }, (_, place) => workingAt(company, at * ofCompany + place, place)),
  )
  const others = Array.from({ length: atHome }, (_, at) => livingAt(at))
  return [...atWork, ...others]
}

function workingAt(company: Company, number: number, place: number): Person {
  const names = nameOf(number)
  return {
    ...names,
    uid: `demo-person-${number}`,
    company,
    title: titles[company.role][place] ?? '',
    mail: `${names.given}.${names.family}@${company.host}`.toLowerCase(),
    phones: place === 0 ? [phone(number), mobile(number)] : [mobile(number)],
    address: place === 0 ? [company.street, company.city, company.code] : undefined,
    birthday: number % 5 === 0 ? birthdayOf(number) : undefined,
    labels: company.labels,
    note: '',
  }
}

function livingAt(at: number): Person {
  const number = companies.length * ofCompany + at
  const names = nameOf(number)
  const [town, code] = towns[at % towns.length] ?? towns[0]
  const street = `${1 + ((at * 7) % 60)} ${streets[at % streets.length]}`
  return {
    ...names,
    uid: `demo-person-${number}`,
    company: undefined,
    title: '',
    mail: `${names.given}@${names.family}.example`.toLowerCase(),
    phones: [mobile(number)],
    address: [street, town, `${code} ${1 + (at % 9)}AB`],
    birthday: at % 2 === 0 ? birthdayOf(number) : undefined,
    labels: at % 4 === 0 ? ['Home owners', 'Christmas cards'] : ['Home owners'],
    note: at % 3 === 0 ? (wishes[at % wishes.length] ?? '') : '',
  }
}

const wishes = [
  'Wants a window seat in the bay, ash if we have it.',
  'The key is with the neighbours at number 4.',
  'Staircase from 1911: two spindles are missing.',
  'Dog is friendly. Park at the back.',
  'Kitchen in two steps, the second one after Easter.',
] as const

/** So many that no name comes twice. */
function nameOf(number: number): Pick<Person, 'given' | 'family'> {
  const round = Math.floor(number / given.length)
  return {
    given: given[number % given.length] ?? '',
    family: family[(number * 7 + round * 11) % family.length] ?? '',
  }
}

/** Numbers that are given to nobody. @see Ofcom, telephone numbers for use in TV and radio drama programmes */
function phone(number: number): string {
  return `+44 1632 960${String(number % 1000).padStart(3, '0')}`
}

function mobile(number: number): string {
  return `+44 7700 900${String(number % 1000).padStart(3, '0')}`
}

function birthdayOf(number: number): string {
  const pad = (value: number): string => String(value).padStart(2, '0')
  return `${1950 + (number % 45)}-${pad(1 + (number % 12))}-${pad(1 + ((number * 5) % 28))}`
}

/** A card as a phone would write it. @see RFC 2426 */
export function vcardOf(person: Person): string {
  const {
    uid,
    given: first,
    family: last,
    company,
    title,
    mail,
    phones,
    address,
    birthday,
    labels,
    note,
  } = person
  return lines([
    ...['BEGIN:VCARD', 'VERSION:3.0', `UID:${uid}`, `FN:${first} ${last}`, `N:${last};${first};;;`],
    ...(company ? [`ORG:${text(company.name)}`, `TITLE:${text(title)}`] : []),
    `EMAIL;TYPE=${company ? 'WORK' : 'HOME'}:${mail}`,
    ...phones.map((number) => `TEL;TYPE=${number.includes('7700') ? 'CELL' : 'WORK'}:${number}`),
    ...(address ? [`ADR;TYPE=${company ? 'WORK' : 'HOME'}:${adr(address)}`] : []),
    ...(birthday === undefined ? [] : [`BDAY:${birthday}`]),
    ...(labels.length > 0 ? [`CATEGORIES:${labels.map(text).join(',')}`] : []),
    ...(note === '' ? [] : [`NOTE:${text(note)}`]),
    'END:VCARD',
  ])
}

/** @see RFC 2426 §3.5.5, Apple's X-ABShowAs */
export function vcardOfCompany(company: Company, at: number): string {
  const { name, host, street, city, code, labels, note } = company
  return lines([
    ...[
      'BEGIN:VCARD',
      'VERSION:3.0',
      `UID:demo-company-${at}`,
      `FN:${text(name)}`,
      'N:;;;;',
      `ORG:${text(name)}`,
    ],
    ...['X-ABSHOWAS:COMPANY', `TEL;TYPE=WORK:${phone(500 + at)}`, `EMAIL;TYPE=WORK:office@${host}`],
    ...[`URL:https://${host}`, `ADR;TYPE=WORK:${adr([street, city, code])}`],
    ...[`CATEGORIES:${labels.map(text).join(',')}`, `NOTE:${text(note)}`, 'END:VCARD'],
  ])
}

function adr([street, city, code]: readonly [string, string, string]): string {
  return `;;${text(street)};${text(city)};;${code};United Kingdom`
}

export function text(value: string): string {
  return value.replace(/[\\,;]/g, (sign) => `\\${sign}`).replaceAll('\n', '\\n')
}

export function lines(all: readonly string[]): string {
  return `${all.join('\r\n')}\r\n`
}
