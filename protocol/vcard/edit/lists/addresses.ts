import { escapeTextValue, parameterValues, splitValue, unescapeText } from '../../../text/content-lines.ts'
import { type CardLine, changed, newLine, without, withParameter } from '../../convert/line.ts'
import { withAllComponents, withFirstComponents } from '../../convert/names.ts'
import { withoutLeftovers } from '../../convert/parameters.ts'
import type { CardVersion } from '../../convert.ts'
import type { Address, AddressPart } from '../details.ts'
import { isBlank, type ListType, oneLine } from './list-type.ts'

/** In the order of RFC 6350 §6.3.1. */
const components: readonly AddressPart[] = [
  'postOfficeBox',
  'extended',
  'street',
  'locality',
  'region',
  'postalCode',
  'country',
]

/** The country code of an address is a parameter of 4.0; that of Apple's programs is a line of its group. */
export const addresses: ListType<Address> = {
  names: ['ADR'],
  read: (line) => {
    const address = readAddress(line)
    return isBlank(address) ? undefined : address
  },
  write: writeAddress,
  blank: () => newLine('ADR', ';;;;;;'),
}

/** The address with another country code, where it has a place for one: a parameter of 4.0. @see RFC 8605 §3.1 */
export function withCountryCode(line: CardLine, code: string, version: CardVersion): CardLine {
  const has = parameterValues(line, 'CC').length > 0 || parameterValues(line, 'X-CC').length > 0
  if (version === '3.0' && !has) return line
  const others = without(line.parameters, 'CC', 'X-CC')
  const values = oneLine(code) === '' ? [] : [oneLine(code).toUpperCase()]
  return changed(line, { parameters: withParameter(others, version === '4.0' ? 'CC' : 'X-CC', values) })
}

/** The address with the country code that Apple's programs write beside it, where it has none itself. */
export function withReadCode(line: CardLine, code: string | undefined): CardLine {
  if (code === undefined || readAddress(line).countryCode !== '') return line
  return changed(line, { parameters: [...line.parameters, { name: 'CC', values: [unescapeText(code)] }] })
}

/** The country code of a value, where it is an address. */
export function codeOf(value: unknown): string | undefined {
  const has = typeof value === 'object' && value !== null && 'countryCode' in value
  return has && typeof value.countryCode === 'string' ? value.countryCode : undefined
}

/** What is said of the whole address is not true of another one. */
const ofTheWhole = ['JSCOMPS', 'X-JSCOMPS', 'LABEL', 'X-LABEL', 'GEO', 'X-GEO']

function readAddress(line: CardLine): Address {
  const parts = splitValue(withoutLeftovers(line).value, ';').map(readPart)
  const part = (name: AddressPart): string => parts[components.indexOf(name)] ?? ''
  return {
    postOfficeBox: part('postOfficeBox'),
    extended: part('extended'),
    street: part('street'),
    locality: part('locality'),
    region: part('region'),
    postalCode: part('postalCode'),
    country: part('country'),
    countryCode: codeIn(parameterValues(line, 'CC')[0] ?? parameterValues(line, 'X-CC')[0]),
  }
}

function writeAddress(line: CardLine, address: Address, version: CardVersion): CardLine {
  const before = readAddress(line)
  if (components.every((part) => textIn(address[part]) === before[part])) return line
  const whole = withAllComponents(withoutLeftovers(line))
  const written = splitValue(whole.value, ';')
  const first = components.map((part, at) => {
    const text = textIn(address[part])
    return text === before[part] ? (written[at] ?? '') : escapeTextValue(text)
  })
  // The components after these say the street in detail. @see RFC 9554 §2.1
  const isSameStreet = (['street', 'extended'] as const).every(
    (part) => textIn(address[part]) === before[part],
  )
  const value = [...first, ...(isSameStreet ? written.slice(components.length) : [])].join(';')
  const after = changed(whole, { value, parameters: without(whole.parameters, ...ofTheWhole) })
  return version === '4.0' ? after : withFirstComponents(after)
}

/** Other things that programs write there are no codes. */
function codeIn(written = ''): string {
  const code = unescapeText(written).trim().toLowerCase()
  return /^[a-z]{2}$/.test(code) ? code : ''
}

/** A list within a component is one text. */
function readPart(part: string): string {
  return unescapeText(part).trim()
}

/** A street may have several lines. */
function textIn(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\S\n]+/g, ' ')
    .trim()
}
