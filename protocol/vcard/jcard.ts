import {
  type Parameter,
  parameterValues,
  splitValue,
  unescapeText,
  unescapeUri,
} from '../text/content-lines.ts'
import {
  extendedDateTime,
  extendedOffset,
  extendedTime,
  type Json,
  type JsonProperty,
  jsonParameters,
  numberOrText,
} from '../text/json-property.ts'
import { readCard } from './card.ts'
import { convertCard } from './convert.ts'

/** @see RFC 7095 §3.2 */
export type JCard = readonly ['vcard', readonly JsonProperty[]]

/** One property of a card. */
export interface CardProperty {
  readonly group: string | undefined
  readonly name: string
  readonly parameters: readonly Parameter[]
  readonly value: string
}

/**
 * A card as jCard, which is always of version 4.0. Lines that cannot be read are not part of it.
 * @throws InvalidObjectError when it is not one whole card
 * @see RFC 7095 §3
 */
export function writeJCard(text: string): JCard {
  const card = readCard(convertCard(text, '4.0'))
  const version: JsonProperty = ['version', {}, 'text', '4.0']
  return ['vcard', [version, ...card.lines.filter(({ name }) => name !== 'VERSION').map(jCardProperty)]]
}

/**
 * One property of a 4.0 card.
 * @see RFC 7095 §3.3–3.6
 */
export function jCardProperty(line: CardProperty): JsonProperty {
  const type = typeOf(line)
  const parameters = jsonParameters(line.parameters.map(withoutQuotes), line.group)
  return [line.name.toLowerCase(), parameters, type, ...valuesOf(line, type)]
}

const types: ReadonlyMap<string, string> = new Map(
  Object.entries({
    text: 'FN N NICKNAME ADR KIND XML TEL EMAIL TZ TITLE ROLE ORG CATEGORIES NOTE PRODID CLIENTPIDMAP GENDER VERSION EXPERTISE HOBBY INTEREST BIRTHPLACE DEATHPLACE GRAMGENDER PRONOUNS JSPROP',
    uri: 'SOURCE PHOTO IMPP GEO LOGO MEMBER RELATED SOUND UID URL KEY FBURL CALADRURI CALURI CONTACT-URI ORG-DIRECTORY SOCIALPROFILE',
    'date-and-or-time': 'BDAY ANNIVERSARY DEATHDATE',
    timestamp: 'REV CREATED',
    'language-tag': 'LANG LANGUAGE',
  }).flatMap(([type, names]) => names.split(' ').map((name): [string, string] => [name, type])),
)

/** Values of components, and values that are lists. @see RFC 7095 §3.3.1.3, §3.3.1.1 */
const structured = ['N', 'ADR', 'ORG', 'GENDER', 'CLIENTPIDMAP']
const listed = ['NICKNAME', 'CATEGORIES']

/** A UID that is no URI is a text, though it does not say so. */
function typeOf(line: CardProperty): string {
  const [told] = parameterValues(line, 'VALUE')
  if (told !== undefined) return told.toLowerCase()
  const type = types.get(line.name) ?? 'unknown'
  return line.name === 'UID' && !/^[a-z][a-z0-9+.-]*:/i.test(line.value) ? 'text' : type
}

/** `TYPE="voice,home"` are two types. @see RFC 6350 §6.4.1 */
function withoutQuotes(parameter: Parameter): Parameter {
  if (parameter.name !== 'TYPE') return parameter
  return { name: 'TYPE', values: parameter.values.flatMap((value) => value.split(',')) }
}

function valuesOf({ name, value }: CardProperty, type: string): Json[] {
  switch (type) {
    case 'text':
      if (structured.includes(name)) return [components(value)]
      return listed.includes(name) ? splitValue(value, ',').map(unescapeText) : [unescapeText(value)]
    case 'date':
    case 'date-time':
    case 'date-and-or-time':
    case 'timestamp':
      return [extendedDateTime(value)]
    case 'time':
      return [extendedTime(value)]
    case 'utc-offset':
      return [extendedOffset(value)]
    case 'boolean':
      return [/^true$/i.test(value)]
    case 'integer':
    case 'float':
      return splitValue(value, ',').map(numberOrText)
    case 'uri':
      return [unescapeUri(value)]
    default:
      return [value]
  }
}

/** A component of several values is an array; a value of one component is no array. */
function components(value: string): Json {
  const parts = splitValue(value, ';').map((part): Json => {
    const values = splitValue(part, ',').map(unescapeText)
    return values.length === 1 ? (values[0] ?? '') : values
  })
  return parts.length === 1 ? (parts[0] ?? '') : parts
}
