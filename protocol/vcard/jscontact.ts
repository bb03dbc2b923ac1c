import { parameterValues, splitValue, unescapeText, unescapeUri } from '../text/content-lines.ts'
import type { Json } from '../text/json-property.ts'
import { readCard } from './card.ts'
import { type CardLine, groupsOf, hasWord, wordsOf } from './convert/line.ts'
import { convertCard } from './convert.ts'
import { jCardProperty } from './jcard.ts'
import { anniversary, anniversaryPlace, utcDateTime } from './jscontact/dates.ts'
import {
  addEntry,
  type Convert,
  type Draft,
  emptyObject,
  mapOf,
  newDraft,
  type Properties,
  setOnce,
} from './jscontact/draft.ts'
import {
  address,
  formattedName,
  nicknames,
  organization,
  related,
  structuredName,
  title,
} from './jscontact/names.ts'

/**
 * A card as a Card of JSContact. What JSContact has no property for is kept as the RFC says (vCardProps, vCardParams).
 * @param uid  for a card that has none; the same card must get the same
 * @throws InvalidObjectError when it is not one whole card
 * @see RFC 9553, RFC 9555
 */
export function writeJsContact(text: string, uid: string): Properties {
  const card = readCard(convertCard(text, '4.0'))
  const draft = newDraft(
    Object.assign(emptyObject(), { '@type': 'Card', version: '1.0', uid }),
    groupsOf(card.lines),
  )
  // A title may stand before the organization that it is held in.
  const first = card.lines.filter(({ name }) => name === 'ORG')
  for (const line of [...first, ...card.lines.filter(({ name }) => name !== 'ORG')]) {
    if (line.name === 'VERSION') continue
    if (!(converters.get(line.name)?.(line, draft) ?? isLabelOfEntry(line, draft)))
      draft.kept.push(jCardProperty(line))
  }
  return withoutEmpty({ ...draft.card, vCardProps: draft.kept })
}

/** Apple's label is part of what it labels. @see RFC 9555 §2.15.1 */
function isLabelOfEntry(line: CardLine, { groups }: Draft): boolean {
  return line.name === 'X-ABLABEL' && line.group !== undefined && groups.sizeOf(line) > 1
}

/** @see RFC 9555 §2.4–2.14, in the order of the RFC */
const converters: ReadonlyMap<string, Convert> = new Map<string, Convert>([
  ['KIND', (line, { card }) => setOnce(card, 'kind', unescapeText(line.value).toLowerCase())],
  ['SOURCE', reference('directories', { kind: 'entry' })],
  ['ANNIVERSARY', anniversary('wedding')],
  ['BDAY', anniversary('birth')],
  ['BIRTHPLACE', anniversaryPlace('birth')],
  ['DEATHDATE', anniversary('death')],
  ['DEATHPLACE', anniversaryPlace('death')],
  ['FN', formattedName],
  [
    'GRAMGENDER',
    (line, draft) => setOnce(mapOf(draft, 'speakToAs'), 'grammaticalGender', line.value.toLowerCase()),
  ],
  ['N', structuredName],
  ['NICKNAME', nicknames],
  ['PHOTO', reference('media', { kind: 'photo' })],
  ['PRONOUNS', pronouns],
  ['ADR', address],
  ['EMAIL', text('emails', 'address')],
  ['IMPP', onlineService],
  ['SOCIALPROFILE', onlineService],
  ['LANG', text('preferredLanguages', 'language')],
  ['LANGUAGE', (line, { card }) => setOnce(card, 'language', line.value)],
  ['TEL', telephone],
  ['GEO', (line, draft) => added(draft, 'addresses', line, { coordinates: unescapeUri(line.value) })],
  ['TZ', timezone],
  ['CONTACT-URI', reference('links', { kind: 'contact' })],
  ['LOGO', reference('media', { kind: 'logo' })],
  ['MEMBER', (line, draft) => setOnce(mapOf(draft, 'members'), unescapeUri(line.value), true)],
  ['ORG', organization],
  ['RELATED', related],
  ['TITLE', title('title')],
  ['ROLE', title('role')],
  ['EXPERTISE', personal('expertise')],
  ['HOBBY', personal('hobby')],
  ['INTEREST', personal('interest')],
  ['ORG-DIRECTORY', reference('directories', { kind: 'directory' })],
  ['CATEGORIES', keywords],
  ['CREATED', moment('created')],
  ['NOTE', personNote],
  ['PRODID', (line, { card }) => setOnce(card, 'prodId', unescapeText(line.value))],
  ['REV', moment('updated')],
  ['SOUND', reference('media', { kind: 'sound' })],
  ['UID', uidOf],
  ['URL', reference('links', {})],
  ['KEY', reference('cryptoKeys', {})],
  ['CALADRURI', reference('schedulingAddresses', {})],
  ['CALURI', reference('calendars', { kind: 'calendar' })],
  ['FBURL', reference('calendars', { kind: 'freeBusy' })],
  ['JSPROP', jsonProperty],
])

function added(draft: Draft, map: string, line: CardLine, value: Properties): boolean {
  addEntry(draft, map, line, value)
  return true
}

function text(map: string, property: string): Convert {
  return (line, draft) => added(draft, map, line, { [property]: unescapeText(line.value) })
}

/** @see RFC 9553 §1.4.4 Resource */
function reference(map: string, own: Properties): Convert {
  return (line, draft) => {
    if (hasWord(line, 'VALUE', 'text')) return false
    const [mediaType] = parameterValues(line, 'MEDIATYPE')
    const [index] = parameterValues(line, 'INDEX')
    const value = {
      ...own,
      uri: unescapeUri(line.value),
      ...(mediaType !== undefined && { mediaType }),
      ...(index !== undefined && { listAs: Number(index) }),
    }
    addEntry(draft, map, line, value, { parameters: ['MEDIATYPE', 'INDEX'] })
    return true
  }
}

/** @see RFC 9555 §2.5.9 */
function pronouns(line: CardLine, draft: Draft): boolean {
  const holder: Draft = { ...draft, card: mapOf(draft, 'speakToAs'), places: new Map() }
  return added(holder, 'pronouns', line, { pronouns: unescapeText(line.value) })
}

/** @see RFC 9555 §2.7.3, §2.7.6 */
function onlineService(line: CardLine, draft: Draft): boolean {
  const [service] = parameterValues(line, 'SERVICE-TYPE')
  const [user] = parameterValues(line, 'USERNAME')
  const isText = hasWord(line, 'VALUE', 'text')
  const value = {
    ...(service !== undefined && { service }),
    ...(isText ? { user: unescapeText(line.value) } : { uri: unescapeUri(line.value) }),
    ...(user !== undefined && { user }),
    ...(line.name === 'IMPP' && { vCardName: 'impp' }),
  }
  addEntry(draft, 'onlineServices', line, value, { parameters: ['SERVICE-TYPE', 'USERNAME'] })
  return true
}

/** @see RFC 9553 §2.3.3 features */
const features: ReadonlyMap<string, string> = new Map([
  ['cell', 'mobile'],
  ...['text', 'voice', 'fax', 'video', 'pager', 'textphone', 'main-number'].map((type): [string, string] => [
    type,
    type,
  ]),
])

/** @see RFC 9555 §2.7.8 */
function telephone(line: CardLine, draft: Draft): boolean {
  const found = wordsOf(line, 'TYPE').flatMap((type) => features.get(type) ?? [])
  const number = hasWord(line, 'VALUE', 'uri') ? unescapeUri(line.value) : unescapeText(line.value)
  const told =
    found.length === 0 ? {} : { features: Object.fromEntries(found.map((feature) => [feature, true])) }
  addEntry(draft, 'phones', line, { number, ...told }, { types: [...features.keys()] })
  return true
}

/** Offsets of whole hours have a name; others have none. @see RFC 9555 §2.8.2 */
function timezone(line: CardLine, draft: Draft): boolean {
  if (hasWord(line, 'VALUE', 'uri')) return false
  const [, sign, hours, minutes = '00'] = /^([+-])(\d\d)(\d\d)?$/.exec(line.value) ?? []
  if (hours === undefined) return added(draft, 'addresses', line, { timeZone: unescapeText(line.value) })
  if (minutes !== '00') return false
  const name = Number(hours) === 0 ? 'Etc/UTC' : `Etc/GMT${sign === '+' ? '-' : '+'}${Number(hours)}`
  return added(draft, 'addresses', line, { timeZone: name })
}

const levels: ReadonlyMap<string, string> = new Map([
  ['beginner', 'low'],
  ['average', 'medium'],
  ['expert', 'high'],
])

/** @see RFC 9555 §2.11.1–2.11.3 */
function personal(kind: string): Convert {
  return (line, draft) => {
    const [level] = wordsOf(line, 'LEVEL')
    const [index] = parameterValues(line, 'INDEX')
    const value = {
      kind,
      value: unescapeText(line.value),
      ...(level !== undefined && { level: levels.get(level) ?? level }),
      ...(index !== undefined && { listAs: Number(index) }),
    }
    addEntry(draft, 'personalInfo', line, value, { parameters: ['LEVEL', 'INDEX'] })
    return true
  }
}

function keywords(line: CardLine, draft: Draft): boolean {
  const all = mapOf(draft, 'keywords')
  for (const word of splitValue(line.value, ',')) all[unescapeText(word)] = true
  return true
}

/** @see RFC 9555 §2.12.5, RFC 9554 §4.1–4.3 */
function personNote(line: CardLine, draft: Draft): boolean {
  const [created] = parameterValues(line, 'CREATED')
  const at = created === undefined ? undefined : utcDateTime(created)
  const [name] = parameterValues(line, 'AUTHOR-NAME')
  const [uri] = parameterValues(line, 'AUTHOR')
  const author = { ...(name !== undefined && { name }), ...(uri !== undefined && { uri }) }
  const value = {
    note: unescapeText(line.value),
    ...(at !== undefined && { created: at }),
    ...(Object.keys(author).length > 0 && { author }),
  }
  addEntry(draft, 'notes', line, value, { parameters: ['CREATED', 'AUTHOR', 'AUTHOR-NAME'] })
  return true
}

function moment(property: string): Convert {
  return (line, { card }) => {
    const at = utcDateTime(line.value)
    return at !== undefined && setOnce(card, property, at)
  }
}

function uidOf(line: CardLine, { card }: Draft): boolean {
  card.uid = unescapeText(line.value).trim()
  return true
}

/** @see RFC 9555 §3.2.1 */
function jsonProperty(line: CardLine, { card }: Draft): boolean {
  const [pointer] = parameterValues(line, 'JSPTR')
  if (pointer === undefined || pointer.includes('/')) return false
  try {
    const value: Json = JSON.parse(unescapeText(line.value))
    return setOnce(card, pointer, value)
  } catch {
    return false
  }
}

/** Maps that were looked into and stayed empty are not there. */
function withoutEmpty(card: Properties): Properties {
  return Object.fromEntries(
    Object.entries(card).filter(
      ([, value]) => typeof value !== 'object' || value === null || Object.keys(value).length > 0,
    ),
  )
}
