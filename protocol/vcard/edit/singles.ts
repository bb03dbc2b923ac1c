import { escapeTextValue, splitValue, unescapeText } from '../../text/content-lines.ts'
import { timezone } from '../convert/addresses.ts'
import { type CardLine, changed, type Lines, newLine, without, withParameter } from '../convert/line.ts'
import { withoutLeftovers } from '../convert/parameters.ts'
import { sexOf } from '../convert/people.ts'
import { contactSummary } from '../index-fields.ts'
import type { CardDate, CardDetails } from './details.ts'
import { readLabel } from './labels.ts'
import { isSameDate, readCardDate, writeCardDate } from './lists/dates.ts'
import { isBlank, oneLine } from './lists/list-type.ts'
import { textOf } from './lists/texts.ts'
import { writeText } from './names.ts'
import {
  addLine,
  type Entry,
  entriesNamed,
  type FindRider,
  linesOf,
  type OpenCard,
  removeEntry,
  ridersOf,
  setRider,
} from './open-card.ts'

/** The properties that are one text. */
export type TextProperty = 'fn' | 'phoneticOrg' | 'timeZone' | 'language'

const textProperties: Readonly<Record<Exclude<TextProperty, 'timeZone'>, string>> = {
  fn: 'FN',
  phoneticOrg: 'X-PHONETIC-ORG',
  language: 'LANGUAGE',
}

/** Properties of which a card has one, in upper case. */
export const singleProperties: readonly string[] = [
  ...Object.values(textProperties),
  ...['TZ', 'NICKNAME', 'BDAY', 'X-BDAY', 'GENDER', 'X-GENDER', 'CATEGORIES', 'PHOTO'],
  ...['KIND', 'X-ADDRESSBOOKSERVER-KIND', 'X-ABSHOWAS'],
]

/** How programs write the one anniversary, the most telling first; Apple's is a labelled date. */
const anniversaries = [
  'ANNIVERSARY',
  'X-ANNIVERSARY',
  'X-EVOLUTION-ANNIVERSARY',
  'X-KADDRESSBOOK-X-ANNIVERSARY',
  'X-MS-ANNIVERSARY',
]

export const anniversaryProperties: readonly string[] = anniversaries

/** What a card says of each of them, but for its photo and its lists. */
export function readSingles(
  lines: Lines,
): Pick<
  CardDetails,
  'fn' | 'kind' | 'nicknames' | 'phoneticOrg' | 'timeZone' | 'language' | 'gender' | 'birthday'
> {
  const first = (name: string): CardLine | undefined => lines.find((line) => line.name === name)
  const text = (name: string): string => {
    const line = first(name)
    return line ? textOf(line) : ''
  }
  const born = first('BDAY') ?? first('X-BDAY')
  const date = born && readCardDate(born)
  return {
    fn: text('FN'),
    kind: contactSummary({ lines }).kind,
    nicknames: lines.flatMap((line) => (line.name === 'NICKNAME' ? wordsIn(line) : [])),
    phoneticOrg: text('X-PHONETIC-ORG'),
    timeZone: readZone(first('TZ')),
    language: text('LANGUAGE'),
    gender: readGender(first('GENDER') ?? first('X-GENDER')),
    birthday: date === undefined || isBlank(date) ? null : date,
  }
}

/** Gives a property another text; nothing takes it away. */
export function setText(card: OpenCard, property: TextProperty, value: string): void {
  const text = oneLine(value)
  if (property === 'timeZone') setZone(card, text)
  else writeText(card, textProperties[property], text)
}

/** @see RFC 6350 §6.1.4, ABK-07 */
export function setKind(card: OpenCard, kind: 'individual' | 'org'): void {
  if (contactSummary({ lines: linesOf(card) }).kind === kind) return
  const names = ['KIND', 'X-ADDRESSBOOKSERVER-KIND', 'X-ABSHOWAS']
  const [named] = entriesNamed(card, ['KIND'])
  for (const entry of entriesNamed(card, names)) if (entry !== named) removeEntry(card, entry)
  if (named) named.line = changed(named.line, { value: kind })
  else if (kind === 'org') {
    addLine(card, card.version === '4.0' ? newLine('KIND', 'org') : newLine('X-ABSHOWAS', 'COMPANY'))
  }
}

export function setNicknames(card: OpenCard, names: readonly string[]): void {
  const wanted = names.map(oneLine).filter((name) => name !== '')
  const entries = entriesNamed(card, ['NICKNAME'])
  const known = entries.flatMap(({ line }) => wordsIn(line))
  if (known.length === wanted.length && known.every((name, at) => name === wanted[at])) return
  const [first, ...rest] = entries
  for (const entry of wanted.length === 0 ? entries : rest) removeEntry(card, entry)
  const value = wanted.map(escapeTextValue).join(',')
  if (wanted.length === 0) return
  if (first) first.line = changed(withoutLeftovers(first.line), { value })
  else addLine(card, newLine('NICKNAME', value))
}

/** @see RFC 6350 §6.2.7 */
export function setGender(card: OpenCard, { sex, identity }: CardDetails['gender']): void {
  const [entry] = [...entriesNamed(card, ['GENDER']), ...entriesNamed(card, ['X-GENDER'])]
  const before = readGender(entry?.line)
  const [letter, text] = [oneLine(sex).toUpperCase(), oneLine(identity)]
  if (before.sex === letter && before.identity === text) return
  const value = text === '' ? letter : `${letter};${escapeTextValue(text)}`
  if (value === '') {
    if (entry) removeEntry(card, entry)
  } else if (entry) entry.line = changed(withoutLeftovers(entry.line), { value })
  else addLine(card, newLine(card.version === '4.0' ? 'GENDER' : 'X-GENDER', value))
}

/** What 3.0 has no date for is kept there as X-BDAY. */
export function setBirthday(card: OpenCard, date: CardDate | null): void {
  const entries = entriesNamed(card, ['BDAY', 'X-BDAY'])
  const entry = entries.find(({ line }) => line.name === 'BDAY') ?? entries[0]
  if (date === null || isBlank(date)) {
    for (const one of entries) removeEntry(card, one)
    return
  }
  const written = writeCardDate(entry?.line ?? newLine('BDAY', ''), date, card.version)
  const isDate = card.version === '4.0' || /^\d{4}-\d\d-\d\d/.test(written.value) || written === entry?.line
  const line = changed(written, {
    name: isDate ? (written === entry?.line ? written.name : 'BDAY') : 'X-BDAY',
  })
  if (entry) entry.line = line
  else addLine(card, line)
}

/** The lines that say the anniversary: the first there is, and all of the same date. */
export function anniversaryEntries(card: Pick<OpenCard, 'entries'>): Entry[] {
  const find = ridersOf(card)
  const candidates = card.entries.filter((entry) => !entry.isGone && isAnniversary(entry.line, find))
  const rank = ({ line }: Entry): number => {
    const at = anniversaries.indexOf(line.name)
    return at === -1 ? anniversaries.length : at
  }
  const [first] = candidates.toSorted((one, other) => rank(one) - rank(other))
  if (first === undefined) return []
  const date = readCardDate(first.line)
  return [
    first,
    ...candidates.filter((entry) => entry !== first && isSameDate(readCardDate(entry.line), date)),
  ]
}

/** Apple's programs show a labelled date, the others a property of their own: a 3.0 card gets both. */
export function setAnniversary(card: OpenCard, date: CardDate | null): void {
  const entries = anniversaryEntries(card)
  if (date === null || isBlank(date)) {
    for (const entry of entries) removeEntry(card, entry)
    return
  }
  for (const entry of entries) entry.line = writeCardDate(entry.line, date, card.version)
  if (entries.length > 0) return
  const name = card.version === '4.0' ? 'ANNIVERSARY' : 'X-ANNIVERSARY'
  const own = addLine(card, writeCardDate(newLine(name, ''), date, card.version))
  if (card.version === '4.0' || !/^\d{4}-\d\d-\d\d/.test(own.line.value)) return
  const apple = addLine(card, changed(own.line, { name: 'X-ABDATE' }))
  setRider(card, apple, 'X-ABLABEL', '_$!<Anniversary>!$_')
}

function isAnniversary(line: CardLine, find: FindRider): boolean {
  const isApple = line.name === 'X-ABDATE'
  if ((!isApple && !anniversaries.includes(line.name)) || isBlank(readCardDate(line))) return false
  if (!isApple) return true
  const label = readLabel(find(line, 'X-ABLABEL'))
  return label.isBuiltIn && label.text === 'Anniversary'
}

function readGender(line: CardLine | undefined): CardDetails['gender'] {
  if (line === undefined) return { sex: '', identity: '' }
  const plain = withoutLeftovers(line).value
  const value = line.name === 'X-GENDER' ? sexOf(plain) : plain
  const [sex = '', identity = ''] = splitValue(value, ';').map((part) => unescapeText(part).trim())
  return { sex: sex.toUpperCase(), identity }
}

/** @see RFC 2426 §3.4.1, RFC 6350 §6.5.1 */
function readZone(line: CardLine | undefined): string {
  if (line === undefined) return ''
  const text = textOf(line)
  return text.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')
}

function setZone(card: OpenCard, text: string): void {
  const [entry] = entriesNamed(card, ['TZ'])
  if (readZone(entry?.line) === text) return
  if (text === '') {
    if (entry) removeEntry(card, entry)
    return
  }
  const isOffset = /^[+-]\d\d:\d\d$/.test(text)
  const bare = entry?.line ?? newLine('TZ', '')
  const others = without(bare.parameters, 'VALUE')
  const value = isOffset ? text.replace(':', '') : escapeTextValue(text)
  const parameters = isOffset ? withParameter(others, 'VALUE', ['utc-offset']) : others
  const line4 = changed(bare, { value, parameters })
  const [line = line4] = card.version === '4.0' ? [line4] : (timezone.to3?.([line4]) ?? [line4])
  if (entry) entry.line = line
  else addLine(card, line)
}

function wordsIn(line: CardLine): string[] {
  return splitValue(withoutLeftovers(line).value, ',')
    .map((word) => unescapeText(word).trim())
    .filter((word) => word !== '')
}
