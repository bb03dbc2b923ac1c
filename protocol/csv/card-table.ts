import { parameterValues, splitValue, unescapeText, unescapeUri } from '../text/content-lines.ts'
import { readCard } from '../vcard/card.ts'
import { type CardLine, type Groups, groupsOf, hasWord, wordsOf } from '../vcard/convert/line.ts'
import { convertCard } from '../vcard/convert.ts'
import { type Occasion, readOccasions } from '../vcard/occasions.ts'

/** What a card has several of, each with its columns. */
export const repeated = {
  email: ['E-mail', 'Label', 'Value'],
  phone: ['Phone', 'Label', 'Value'],
  address: [
    'Address',
    ...[
      'Label',
      'Formatted',
      'Street',
      'City',
      'PO Box',
      'Region',
      'Postal Code',
      'Country',
      'Extended Address',
    ],
  ],
  relation: ['Relation', 'Label', 'Value'],
  website: ['Website', 'Label', 'Value'],
  event: ['Event', 'Label', 'Value'],
  im: ['IM', 'Label', 'Value'],
} as const satisfies Record<string, readonly [string, ...string[]]>

type Repeated = keyof typeof repeated

/** How many of each there are. */
export type Counts = Record<Repeated, number>

export const noCounts = (): Counts => ({
  email: 0,
  phone: 0,
  address: 0,
  relation: 0,
  website: 0,
  event: 0,
  im: 0,
})

/** More of one kind on one card go into the last cells together. */
export const mostColumns = 20

const single = [
  ...['First Name', 'Middle Name', 'Last Name', 'Phonetic First Name', 'Phonetic Middle Name'],
  ...['Phonetic Last Name', 'Name Prefix', 'Name Suffix', 'Nickname', 'File As', 'Organization Name'],
  ...['Organization Title', 'Organization Department', 'Birthday', 'Notes', 'Labels', 'Display Name', 'UID'],
] as const

/** A card as cells. */
export interface CardCells {
  readonly single: readonly string[]
  /** Of each kind the cells of each, in the order of their columns. */
  readonly repeated: Readonly<Record<Repeated, readonly (readonly string[])[]>>
}

/** The names of the columns, as Google Contacts has them. */
export function headerOf(counts: Counts): string[] {
  const columns = kinds.flatMap((kind) => {
    const [name, ...parts] = repeated[kind]
    return Array.from({ length: counts[kind] }, (_, at) =>
      parts.map((part) => `${name} ${at + 1} - ${part}`),
    ).flat()
  })
  return [...single, ...columns]
}

/** The cells in the order of the header. */
export function rowOf(cells: CardCells, counts: Counts): string[] {
  const more = kinds.flatMap((kind) => {
    const width = repeated[kind].length - 1
    return fitted(cells.repeated[kind], counts[kind], width).flat()
  })
  return [...cells.single, ...more]
}

const kinds = Object.keys(repeated) as Repeated[]

/** So many of each as there are columns; what is over is joined to the last, as Google does. */
function fitted(rows: readonly (readonly string[])[], count: number, width: number): (readonly string[])[] {
  const kept = rows.slice(0, count)
  const over = rows.slice(count)
  const last = kept.at(-1)
  if (last && over.length > 0)
    kept[count - 1] = last.map((cell, at) => [cell, ...over.map((row) => row[at] ?? '')].join(' ::: '))
  while (kept.length < count) kept.push(Array.from({ length: width }, () => ''))
  return kept
}

/**
 * A card as the cells of a row. Photos, keys and what the table has no columns for are not part of it.
 * @throws InvalidObjectError when it is not one whole card
 */
export function cellsOfCard(text: string): CardCells {
  const card = readCard(convertCard(text, '4.0'))
  const groups = groupsOf(card.lines)
  const all = (name: string): readonly CardLine[] => card.lines.filter((line) => line.name === name)
  const values = (name: string): string[] => all(name).map((line) => unescapeText(line.value))
  const labelled = (name: string, value = textOf): string[][] =>
    all(name).map((line) => [labelOf(line, groups), value(line)])
  const { occasions } = readOccasions(text)
  return {
    single: singleCells(all, values, occasions),
    repeated: {
      email: labelled('EMAIL'),
      phone: labelled('TEL', phoneOf),
      address: all('ADR').map((line) => addressCells(line, groups)),
      relation: all('RELATED').map((line) => [relationOf(line, groups), textOf(line)]),
      website: labelled('URL'),
      event: occasions.flatMap((one) => eventCells(one)),
      im: all('IMPP').map((line) => [serviceOf(line, groups), textOf(line)]),
    },
  }
}

function singleCells(
  all: (name: string) => readonly CardLine[],
  values: (name: string) => readonly string[],
  occasions: readonly Occasion[],
): string[] {
  const [name] = all('N')
  const parts = splitValue(name?.value ?? '', ';').map((part) =>
    splitValue(part, ',').map(unescapeText).join(' '),
  )
  const [family = '', given = '', additional = '', prefix = '', suffix = ''] = parts
  const [organization = '', ...units] = splitValue(all('ORG')[0]?.value ?? '', ';').map(unescapeText)
  const [formatted = ''] = values('FN')
  const isNamed = [family, given, additional, organization].some((part) => part !== '')
  const birthday = occasions.find(({ kind }) => kind === 'birthday')
  const first = (property: string): string => values(property)[0] ?? ''
  return [
    isNamed ? given : formatted,
    additional,
    family,
    first('X-PHONETIC-FIRST-NAME'),
    first('X-PHONETIC-MIDDLE-NAME'),
    first('X-PHONETIC-LAST-NAME'),
    prefix,
    suffix,
    all('NICKNAME')
      .flatMap((line) => splitValue(line.value, ',').map(unescapeText))
      .join(', '),
    '',
    organization,
    first('TITLE'),
    units.filter((unit) => unit !== '').join(', '),
    birthday ? dateText(birthday) : '',
    values('NOTE').join('\n'),
    all('CATEGORIES')
      .flatMap((line) => splitValue(line.value, ',').map(unescapeText))
      .join(' ::: '),
    formatted,
    first('UID'),
  ]
}

/** Text, or the URI where it is one. */
function textOf(line: CardLine): string {
  const isUri = hasWord(line, 'VALUE', 'uri') || line.name === 'URL' || line.name === 'IMPP'
  return isUri ? unescapeUri(line.value) : unescapeText(line.value)
}

function phoneOf(line: CardLine): string {
  return textOf(line).replace(/^tel:/i, '').replace(/;ext=/i, ' x')
}

const types: readonly (readonly [type: string, word: string])[] = [
  ['home', 'Home'],
  ['work', 'Work'],
  ['cell', 'Mobile'],
  ['fax', 'Fax'],
  ['pager', 'Pager'],
]

/** In the user's words, or what the types say; an asterisk marks the preferred one, as Google does. */
function labelOf(line: CardLine, groups: Groups): string {
  const own = plainLabel(groups.labelOf(line))
  const words = wordsOf(line, 'TYPE')
  const said = types.flatMap(([type, word]) => (words.includes(type) ? [word] : []))
  const isPreferred = parameterValues(line, 'PREF').includes('1') || words.includes('pref')
  return `${isPreferred ? '* ' : ''}${own === '' ? said.join(' ') : own}`.trim()
}

/** Apple marks its own words (ABK-07). */
function plainLabel(label: string | undefined): string {
  return unescapeText(label ?? '')
    .replace(/^_\$!<(.*)>!\$_$/s, '$1')
    .trim()
}

function relationOf(line: CardLine, groups: Groups): string {
  const own = plainLabel(groups.labelOf(line))
  const [type = ''] = wordsOf(line, 'TYPE')
  return own === '' ? type.charAt(0).toUpperCase() + type.slice(1) : own
}

function serviceOf(line: CardLine, groups: Groups): string {
  const [service] = [...parameterValues(line, 'SERVICE-TYPE'), ...parameterValues(line, 'X-SERVICE-TYPE')]
  return service ?? labelOf(line, groups)
}

function addressCells(line: CardLine, groups: Groups): string[] {
  const parts = splitValue(line.value, ';').map((part) => splitValue(part, ',').map(unescapeText).join(', '))
  const [pobox = '', extended = '', street = '', city = '', region = '', code = '', country = ''] = parts
  const [given] = parameterValues(line, 'LABEL')
  const whole = [street, extended, pobox, [code, city].filter(Boolean).join(' '), region, country]
  const formatted = given?.replace(/\\n/gi, '\n') ?? whole.filter(Boolean).join('\n')
  return [labelOf(line, groups), formatted, street, city, pobox, region, code, country, extended]
}

function eventCells({ kind, label, ...date }: Occasion): string[][] {
  if (kind === 'birthday') return []
  return [[kind === 'anniversary' ? 'Anniversary' : label || 'Other', dateText(date)]]
}

function dateText({ year, month, day }: Pick<Occasion, 'year' | 'month' | 'day'>): string {
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${year === undefined ? '-' : String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
}
