import { escapeTextValue, parameterValues, splitValue, unescapeText } from '../../text/content-lines.ts'
import { type CardLine, changed, type Lines, newLine, without } from '../convert/line.ts'
import { withAllComponents, withFirstComponents } from '../convert/names.ts'
import { withoutLeftovers } from '../convert/parameters.ts'
import type { CardVersion } from '../convert.ts'
import type { NamePart, NameParts } from './details.ts'
import { oneLine } from './lists/list-type.ts'
import { textOf, withText } from './lists/texts.ts'
import { addLine, entriesNamed, linesOf, type OpenCard, removeEntry } from './open-card.ts'

/** In the order of N. @see RFC 6350 §6.2.2, RFC 9554 §2.2 */
const components: readonly NamePart[] = [
  'family',
  'given',
  'additional',
  'prefix',
  'suffix',
  'family2',
  'generation',
]

/** Parts that have a property of their own, which Apple's programs and DAVx5 know. */
const properties: readonly (readonly [NamePart, string])[] = [
  ['phoneticGiven', 'X-PHONETIC-FIRST-NAME'],
  ['phoneticAdditional', 'X-PHONETIC-MIDDLE-NAME'],
  ['phoneticFamily', 'X-PHONETIC-LAST-NAME'],
  ['maiden', 'X-MAIDENNAME'],
]

export const nameProperties: readonly string[] = ['N', ...properties.map(([, name]) => name)]

export const noName: NameParts = {
  prefix: '',
  given: '',
  additional: '',
  family: '',
  suffix: '',
  family2: '',
  generation: '',
  phoneticGiven: '',
  phoneticAdditional: '',
  phoneticFamily: '',
  maiden: '',
}

export function readName(lines: Lines): NameParts {
  const name: Record<NamePart, string> = { ...noName }
  const line = lines.find(isName)
  const parts = line ? componentsOf(line) : []
  for (const [at, part] of components.entries()) name[part] = parts[at] ?? ''
  for (const [part, property] of properties) {
    const own = lines.find((line) => line.name === property)
    if (own) name[part] = textOf(own)
  }
  return name
}

/** Parts of a name, of which only those that are given are meant. */
export type SomeParts = { readonly [P in NamePart]?: string | undefined }

/** Writes some parts of the name; what the name to show was made of, it is made of again. */
export function writeName(card: OpenCard, parts: SomeParts, keepsShown: boolean): void {
  const before = readName(linesOf(card))
  const after: NameParts = { ...before, ...cleaned(parts) }
  writeStructured(card, before, after)
  for (const [part, property] of properties)
    if (after[part] !== before[part]) writeText(card, property, after[part])
  if (!keepsShown) remakeShown(card, before, after)
}

/** Writes the first line of a property that is a text; nothing takes the line away. */
export function writeText(card: OpenCard, property: string, text: string): void {
  const [entry] = entriesNamed(card, [property])
  if (text === '') {
    if (entry) removeEntry(card, entry)
  } else if (entry) entry.line = withText(entry.line, text)
  else addLine(card, newLine(property, escapeTextValue(text)))
}

/** How programs make FN of N. */
const orders: readonly (readonly NamePart[])[] = [
  ['prefix', 'given', 'additional', 'family', 'suffix'],
  ['given', 'family'],
  ['given', 'additional', 'family'],
  ['prefix', 'given', 'family'],
  ['given', 'family', 'suffix'],
  ['prefix', 'given', 'family', 'suffix'],
  ['given', 'additional', 'family', 'suffix'],
  ['family', 'given'],
  ['family', 'given', 'additional'],
  ['prefix', 'family', 'given', 'additional', 'suffix'],
]

/** What stands between the parts: a blank, nothing (as in Chinese), a comma behind the family name. */
const joints: readonly ((parts: readonly string[]) => string)[] = [
  (parts) => parts.join(' '),
  (parts) => parts.join(''),
  ([first = '', ...rest]) => (rest.length === 0 ? first : `${first}, ${rest.join(' ')}`),
]

function remakeShown(card: OpenCard, before: NameParts, after: NameParts): void {
  const [entry] = entriesNamed(card, ['FN'])
  const shown = entry ? textOf(entry.line) : ''
  for (const order of orders) {
    for (const join of joints) {
      const made = (name: NameParts) => join(order.map((part) => name[part]).filter((part) => part !== ''))
      if (made(before) !== shown.replace(/\s+/g, ' ')) continue
      const next = made(after)
      if (entry) entry.line = withText(entry.line, next)
      else if (next !== '') addLine(card, newLine('FN', escapeTextValue(next)))
      return
    }
  }
}

function writeStructured(card: OpenCard, before: NameParts, after: NameParts): void {
  if (components.every((part) => after[part] === before[part])) return
  const entry = entriesNamed(card, ['N']).find(({ line }) => isName(line))
  if (entry) entry.line = withComponents(entry.line, before, after, card.version)
  else addLine(card, withComponents(newLine('N', ';;;;'), before, after, card.version))
}

function withComponents(line: CardLine, before: NameParts, after: NameParts, version: CardVersion): CardLine {
  const whole = withAllComponents(withoutLeftovers(line))
  const written = splitValue(whole.value, ';')
  const all = components.map((part, at) =>
    after[part] === before[part] ? (written[at] ?? '') : escapeTextValue(after[part]),
  )
  while (all.length > Math.max(5, written.length) && all.at(-1) === '') all.pop()
  const value = [...all, ...written.slice(components.length)].join(';')
  const next = changed(whole, { value, parameters: without(whole.parameters, 'JSCOMPS', 'X-JSCOMPS') })
  return version === '4.0' ? next : withFirstComponents(next)
}

/** Another one says how the name is spoken. @see RFC 9554 §4.6 */
function isName(line: CardLine): boolean {
  return line.name === 'N' && parameterValues(line, 'PHONETIC').length === 0
}

/** DAVx5 makes a list of the words of a component. */
function componentsOf(line: CardLine): string[] {
  return splitValue(withAllComponents(withoutLeftovers(line)).value, ';').map((part) =>
    splitValue(part, ',')
      .map((word) => unescapeText(word).trim())
      .filter((word) => word !== '')
      .join(' '),
  )
}

function cleaned(parts: SomeParts): Partial<NameParts> {
  return Object.fromEntries(
    Object.entries(parts).flatMap(([part, text]) => (text === undefined ? [] : [[part, oneLine(text)]])),
  )
}
