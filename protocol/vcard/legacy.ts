import { escapeTextValue, type Parameter, splitValue, unescapeText } from '../text/content-lines.ts'
import { writeLine } from '../text/write-line.ts'
import { contactSummary } from './index-fields.ts'
import { readAndroidCustom } from './legacy/android.ts'
import { type LegacyLine, readLegacyLines } from './legacy/lines.ts'
import { decodeOctets, quotedPrintableOctets } from './quoted-printable.ts'

export interface ConvertedCard {
  /** vCard 3.0. */
  readonly text: string
  /** What could not be taken over, for the report of the import. */
  readonly notes: readonly string[]
}

/**
 * A vCard 2.1 as 3.0: quoted-printable and character sets decoded, bare words made types, base64 marked as 3.0 does,
 * the card of an agent an escaped value.
 * @param source   one card, a character an octet (Latin-1): every property may have a character set of its own
 * @param charset  what its properties without one are in; UTF-8 where they can be, else Windows-1252
 * @see vCard 2.1 (versit, 1996), RFC 2426 §6
 */
export function convertLegacyCard(source: string, charset?: string): ConvertedCard {
  return convert(source, charset, 0)
}

/** Agents of agents are taken over as they are. */
const agentDepth = 2

function convert(source: string, charset: string | undefined, depth: number): ConvertedCard {
  const lines: Converted[] = []
  const notes: string[] = []
  let group = 0
  for (const read of readLegacyLines(source)) {
    if (typeof read === 'string') {
      notes.push(
        `A line could not be read: ${decodeOctets(Buffer.from(read, 'latin1'), charset).slice(0, 80)}`,
      )
      continue
    }
    if (read.line.name === 'VERSION') continue
    group += 1
    if (read.inside === undefined) lines.push(...convertLine(read, charset, `legacy${group}`))
    else lines.push(convertAgent(read, read.inside, charset, depth))
  }
  return { text: write(withNames(lines), notes), notes }
}

interface Converted {
  readonly group: string | undefined
  readonly name: string
  readonly parameters: readonly Parameter[]
  readonly value: string
}

function write(lines: readonly Converted[], notes: string[]): string {
  let text = 'BEGIN:VCARD\r\nVERSION:3.0\r\n'
  for (const { group, name, parameters, value } of lines) {
    const clean = value.replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '')
    if (clean !== value) notes.push(`Control characters were left out of ${name}.`)
    text += writeLine(group === undefined ? name : `${group}.${name}`, parameters, clean)
  }
  return `${text}END:VCARD\r\n`
}

/** 3.0 must have both. @see RFC 2426 §3.1.1–3.1.2 */
function withNames(lines: readonly Converted[]): readonly Converted[] {
  const has = (name: string) => lines.some((line) => line.name === name)
  const whole = escapeTextValue(contactSummary({ lines }).fn)
  return [
    ...(has('N') ? [] : [plain('N', `;${whole};;;`)]),
    ...(has('FN') ? [] : [plain('FN', whole)]),
    ...lines,
  ]
}

function plain(name: string, value: string): Converted {
  return { group: undefined, name, parameters: [], value }
}

function convertLine(read: LegacyLine, charset: string | undefined, group: string): Converted[] {
  const { line } = read
  const whole = { group: line.group, name: line.name, parameters: parametersOf(read) }
  if (read.encoding === 'base64') {
    const parameters = [{ name: 'ENCODING', values: ['b'] }, ...whole.parameters]
    return [{ ...whole, parameters, value: line.value.replace(/\s+/g, '') }]
  }
  if (line.name === 'SOUND' && hasType(read, 'X-IRMC-N')) return phonetic(parts(read, charset, ';'))
  if (line.name === 'X-ANDROID-CUSTOM') {
    const custom = readAndroidCustom(parts(read, charset, ';'), group)
    if (custom !== undefined) return custom.map(readWritten)
  }
  const value = writtenValue(read, charset)
  const isReference = media.includes(line.name) && /^[a-z][a-z0-9+.-]*:/i.test(value)
  const reference = isReference ? [{ name: 'VALUE', values: ['uri'] }] : []
  return [{ ...whole, parameters: [...reference, ...whole.parameters], value }]
}

const media = ['PHOTO', 'LOGO', 'SOUND', 'KEY']
const structured = ['N', 'ADR', 'ORG']
const listed = ['CATEGORIES', 'NICKNAME']
const verbatim = ['URL', 'BDAY', 'REV', 'TZ', 'SOURCE', 'FBURL', 'UID', ...media]

function writtenValue(read: LegacyLine, charset: string | undefined): string {
  const { name } = read.line
  if (structured.includes(name)) return parts(read, charset, ';').map(escapeTextValue).join(';')
  if (listed.includes(name)) return parts(read, charset, ',').map(escapeTextValue).join(',')
  const text = decode(read, read.line.value, charset)
  if (name === 'GEO') return text.replace(/^\s*([-+.\d]+)\s*,\s*([-+.\d]+)\s*$/, '$1;$2')
  return verbatim.includes(name) ? inOneLine(text) : escapeTextValue(unescapeText(text))
}

function inOneLine(text: string): string {
  const lines = text.split(/[\r\n]/).map((line) => line.trim())
  return lines.filter((line) => line !== '').join(' ')
}

/** Taken apart before quoted-printable is decoded and after a character set is: so each keeps its separators. */
function parts(read: LegacyLine, charset: string | undefined, separator: ';' | ','): string[] {
  const { value } = read.line
  const encoded =
    read.encoding === undefined
      ? splitValue(decode(read, value, charset), separator)
      : splitValue(value, separator).map((part) => decode(read, part, charset))
  return encoded.map(unescapeText)
}

function decode({ encoding, charset: own }: LegacyLine, value: string, charset: string | undefined): string {
  const octets = encoding === 'quoted-printable' ? quotedPrintableOctets(value) : Buffer.from(value, 'latin1')
  return decodeOctets(octets, own, charset)
}

/** Bare words and TYPE become one parameter; what said how the value was written is said no more. */
function parametersOf({ line }: LegacyLine): Parameter[] {
  const types = line.parameters
    .filter(({ name }) => name === 'TYPE')
    .flatMap(({ values }) => values)
    .filter((type) => type !== '' && !/^(?:quoted-printable|base64|b|[78]-?bit)$/i.test(type))
  const type = types.length > 0 ? [{ name: 'TYPE', values: types }] : []
  const others = line.parameters.filter(
    ({ name }) => !['TYPE', 'ENCODING', 'CHARSET', 'VALUE'].includes(name),
  )
  return [...type, ...others].map(({ name, values }) => ({
    name,
    values: values.map((value) => decodeOctets(Buffer.from(value, 'latin1'))),
  }))
}

function hasType({ line }: LegacyLine, type: string): boolean {
  return line.parameters.some(
    ({ name, values }) => name === 'TYPE' && values.some((value) => value.toUpperCase() === type),
  )
}

/** How a Japanese name is read, in the order of N. */
function phonetic(names: readonly string[]): Converted[] {
  return ['X-PHONETIC-LAST-NAME', 'X-PHONETIC-FIRST-NAME', 'X-PHONETIC-MIDDLE-NAME'].flatMap((name, at) => {
    const text = names[at] ?? ''
    return text === '' ? [] : plain(name, escapeTextValue(text))
  })
}

function convertAgent(
  read: LegacyLine,
  inside: string,
  charset: string | undefined,
  depth: number,
): Converted {
  const text =
    depth < agentDepth
      ? convert(inside, charset, depth + 1).text
      : decodeOctets(Buffer.from(inside, 'latin1'), charset)
  return { group: read.line.group, name: 'AGENT', parameters: [], value: escapeTextValue(text) }
}

function readWritten(line: string): Converted {
  const [, group, name = '', value = ''] = /^(?:([^.:]+)\.)?([^:]+):(.*)$/s.exec(line) ?? []
  return { group, name, parameters: [], value }
}
