import { parameterValues, splitValue, unescapeText, unescapeUri } from '../../text/content-lines.ts'
import { type CardLine, isUri, type Lines } from '../convert/line.ts'
import { isRider } from '../merge/instances.ts'
import type {
  CardDate,
  CardDetails,
  CardLists,
  CardPhoto,
  CardValue,
  ListName,
  ListValues,
} from './details.ts'
import { readLabel } from './labels.ts'
import { withReadCode } from './lists/addresses.ts'
import { readCardDate } from './lists/dates.ts'
import { relatedTypes } from './lists/related.ts'
import { listedProperties, lists } from './lists/table.ts'
import { nameProperties, readName } from './names.ts'
import { type Entry, type FindRider, linesOf, type OpenCard, ridersOf, viewCard } from './open-card.ts'
import { anniversaryEntries, anniversaryProperties, readSingles, singleProperties } from './singles.ts'
import { isPreferred, readTypes } from './types.ts'

/**
 * What a card of either version says, typed, in whatever dialect it is written. What the view does not show stays in the
 * card all the same: see `editCard`.
 * @throws InvalidObjectError when it is not one whole card
 * @see RFC 2426, RFC 6350, RFC 9554, ABK-07
 */
export function readDetails(text: string): CardDetails {
  return detailsOf(viewCard(text))
}

/** The same of a card that is being edited. */
export function detailsOf(card: OpenCard): CardDetails {
  const lines = linesOf(card)
  const uid = lines.find(({ name }) => name === 'UID')
  return {
    version: card.version,
    uid: uid ? unescapeText(uid.value).trim() : '',
    name: readName(lines),
    ...readSingles(lines),
    anniversary: anniversaryOf(card),
    categories: categoriesOf(lines),
    photo: photoOf(lines),
    ...readLists(card),
    others: [...new Set(lines.filter(isOther).map(({ name }) => name))],
  }
}

/** The values of one list, each with the line it stands in. */
export function valuesOf<L extends ListName>(
  card: OpenCard,
  list: L,
  find: FindRider = ridersOf(card),
): { readonly entry: Entry; readonly value: CardValue<ListValues[L]> }[] {
  const names: readonly string[] = lists[list].names
  const hidden = list === 'dates' ? new Set(anniversaryEntries(card)) : undefined
  return card.entries.flatMap((entry) => {
    if (entry.isGone || !names.includes(entry.line.name) || hidden?.has(entry)) return []
    const value = listedValue(list, entry, find)
    return value === undefined ? [] : [{ entry, value }]
  })
}

/** What a line says as a value of a list. */
export function listedValue<L extends ListName>(
  list: L,
  { line, key }: Pick<Entry, 'line' | 'key'>,
  find: FindRider,
): CardValue<ListValues[L]> | undefined {
  const label = readLabel(find(line, 'X-ABLABEL'))
  const coded = list === 'addresses' ? withReadCode(line, find(line, 'X-ABADR')) : line
  const value = lists[list].read(coded)
  if (value === undefined) return undefined
  const types = list === 'related' ? relatedTypes(line, label) : readTypes(line)
  return { key, value, types, label: label.text, isBuiltIn: label.isBuiltIn, isPreferred: isPreferred(line) }
}

/** Names as lists of people are known by. */
export function categoriesOf(lines: Lines): string[] {
  const categories = lines.filter(({ name }) => name === 'CATEGORIES')
  const names = categories.flatMap(({ value }) => splitValue(value, ','))
  return [...new Set(names.map((name) => unescapeText(name).trim().normalize('NFC')))].filter(
    (name) => name !== '',
  )
}

const shown: ReadonlySet<string> = new Set([
  ...listedProperties,
  ...singleProperties,
  ...nameProperties,
  ...anniversaryProperties,
])

/** What says nothing of the person. */
const frame: ReadonlySet<string> = new Set(['VERSION', 'PRODID', 'UID', 'REV'])

function isOther(line: CardLine): boolean {
  return !shown.has(line.name) && !frame.has(line.name) && !isRider(line)
}

function anniversaryOf(card: OpenCard): CardDate | null {
  const [first] = anniversaryEntries(card)
  return first ? readCardDate(first.line) : null
}

function readLists(card: OpenCard): CardLists {
  const find = ridersOf(card)
  const read = <L extends ListName>(list: L): CardValue<ListValues[L]>[] =>
    valuesOf(card, list, find).map(({ value }) => value)
  return {
    orgs: read('orgs'),
    titles: read('titles'),
    roles: read('roles'),
    phones: read('phones'),
    mails: read('mails'),
    addresses: read('addresses'),
    urls: read('urls'),
    messengers: read('messengers'),
    profiles: read('profiles'),
    dates: read('dates'),
    related: read('related'),
    notes: read('notes'),
    languages: read('languages'),
    pronouns: read('pronouns'),
  }
}

/** Its octets are another matter: a view says whether there is one. */
function photoOf(lines: Lines): CardPhoto | null {
  const line = lines.find(({ name, value }) => name === 'PHOTO' && value.trim() !== '')
  if (line === undefined) return null
  const start = line.value.slice(0, 200).trim()
  const [, typed] = /^data:([^;,\\]*)/i.exec(start) ?? []
  if (typed !== undefined) return { mediaType: typed.toLowerCase(), uri: '' }
  const format = parameterValues(line, 'TYPE').find((type) => !/^(?:home|work|pref)$/i.test(type)) ?? ''
  const told = parameterValues(line, 'MEDIATYPE')[0] ?? parameterValues(line, 'X-MEDIATYPE')[0]
  const plain = format.toLowerCase().replace(/^jpg$/, 'jpeg')
  const mediaType = told ?? (plain === '' || plain.includes('/') ? plain : `image/${plain}`)
  return { mediaType, uri: isUri(start) ? unescapeUri(line.value).trim() : '' }
}
