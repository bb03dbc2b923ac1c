import { splitValue, unescapeText, unescapeUri } from '../../text/content-lines.ts'
import { fold } from '../../text/fold.ts'
import { dateTo4 } from '../convert/dates.ts'
import { type CardLine, wordsOf } from '../convert/line.ts'
import { withoutLeftovers } from '../convert/parameters.ts'

/**
 * What a line says, whatever way it is written: the same for two lines that differ only by escapes, folds, the spacing
 * of numbers, the form of dates (1604 for no year, with its mark or without, ABK-07), `urn:uuid:` (DVX-10), and base64
 * against `data:`.
 */
export function saidBy(line: CardLine): string {
  const plain = withoutLeftovers(line)
  return (meanings.get(plain.name) ?? textOf)(plain)
}

/** The same more loosely, to find the line that another one was: mail without case, digits of numbers, folded text. */
export function looselySaidBy(line: CardLine): string {
  const said = saidBy(line)
  if (line.name === 'EMAIL') return said.replace(/^mailto:/i, '').toLowerCase()
  if (line.name === 'TEL') return said.replace(/\D/g, '') || said
  return isMedia(line) ? said : fold(said).replace(/\s+/g, ' ')
}

/** Whether its TYPE says what format the value has, in 3.0, and not what it is for. */
export function isMedia({ name }: Pick<CardLine, 'name'>): boolean {
  return media.has(name)
}

/** Whether its value has components, each of which may be changed by itself. */
export function hasComponents({ name }: Pick<CardLine, 'name'>): boolean {
  return name === 'N' || name === 'ADR' || name === 'ORG'
}

/** Whether its value is a list without order. */
export function isList({ name }: Pick<CardLine, 'name'>): boolean {
  return name === 'CATEGORIES' || name === 'NICKNAME'
}

/** One text of a value, trimmed. */
export function plainText(value: string): string {
  return unescapeText(value).replace(/\r\n?/g, '\n').normalize('NFC').trim()
}

/** What a line is for: the words of TYPE but those that programs add as they like. */
export function typesOf(line: CardLine): ReadonlySet<string> {
  if (isMedia(line)) return new Set()
  return new Set(wordsOf(line, 'TYPE').filter((word) => !idle.has(word)))
}

/** Words of TYPE that say nothing; 'pref' is looked at by itself. */
export const idle: ReadonlySet<string> = new Set(['', 'pref', 'voice', 'internet', 'other'])

/** A label as it is compared: without Apple's marks for its own words (ABK-07), and none for "other". */
export function labelKey(label: string | undefined): string {
  const plain = plainText(label ?? '')
    .replace(/^_\$!<(.*)>!\$_$/s, '$1')
    .toLowerCase()
  return plain === 'other' ? '' : plain
}

const media: ReadonlySet<string> = new Set(['PHOTO', 'LOGO', 'SOUND', 'KEY'])

const uris =
  'URL SOURCE FBURL CALURI CALADRURI IMPP SOCIALPROFILE X-SOCIALPROFILE CONTACT-URI ORG-DIRECTORY GEO'.split(
    ' ',
  )
const dates =
  'BDAY X-BDAY ANNIVERSARY X-ANNIVERSARY X-EVOLUTION-ANNIVERSARY X-KADDRESSBOOK-X-ANNIVERSARY X-MS-ANNIVERSARY X-ABDATE DEATHDATE'.split(
    ' ',
  )
const ids = 'UID MEMBER X-ADDRESSBOOKSERVER-MEMBER'.split(' ')

const meanings: ReadonlyMap<string, (line: CardLine) => string> = new Map([
  ...[...media].map((name): [string, typeof textOf] => [name, dataOf]),
  ...uris.map((name): [string, typeof textOf] => [name, (line) => unescapeUri(line.value).trim()]),
  ...dates.map((name): [string, typeof textOf] => [name, (line) => textOf(dateTo4(line))]),
  ...ids.map((name): [string, typeof textOf] => [
    name,
    (line) =>
      unescapeUri(line.value)
        .trim()
        .replace(/^urn:uuid:/i, ''),
  ]),
  [
    'TEL',
    (line) =>
      textOf(line)
        .replace(/^tel:/i, '')
        .replace(/[\s().\-/\u00a0]/g, '')
        .toLowerCase(),
  ],
  ['N', (line) => componentsOf(line, nameComponent)],
  ['ADR', (line) => componentsOf(line, plainText)],
  ['ORG', organisation],
])

function textOf({ value }: CardLine): string {
  return plainText(value)
}

/** Base64 without what stands around it; a photograph is not looked at letter by letter. */
function dataOf({ value }: CardLine): string {
  const data = /^\s*data:[^,]{0,100};base64,/i.exec(value.slice(0, 200))
  const rest = data ? value.slice(data[0].length) : value
  return /\s/.test(rest) ? rest.replace(/\s+/g, '') : rest
}

function componentsOf({ value }: CardLine, read: (part: string) => string): string {
  const parts = splitValue(value, ';').map(read)
  while (parts.length > 0 && parts.at(-1) === '') parts.pop()
  return parts.join('\u0000')
}

/** DAVx5 makes a list of every word of a component, and one text of every list. */
function nameComponent(part: string): string {
  return splitValue(part, ',').map(plainText).join(' ').replace(/\s+/g, ' ').trim()
}

/** Android has one department: DAVx5 joins the units of an organisation. */
function organisation({ value }: CardLine): string {
  const [name = '', ...units] = splitValue(value, ';').map(plainText)
  return `${name}\u0000${units.filter((unit) => unit !== '').join(' / ')}`
}
