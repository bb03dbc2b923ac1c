import {
  escapeTextValue,
  splitValue,
  unescapeText,
  unescapeUri,
  withoutControls,
} from '../../../text/content-lines.ts'
import { type CardLine, changed, newLine, without } from '../../convert/line.ts'
import { withoutLeftovers } from '../../convert/parameters.ts'
import type { Organisation } from '../details.ts'
import { isBlank, type ListType, oneLine } from './list-type.ts'

/** A property whose value is a text. */
export function textList(name: string, clean: (text: string) => string = oneLine): ListType<string> {
  return {
    names: [name],
    read: (line) => nothingIfBlank(textOf(line)),
    write: (line, value) => withText(line, clean(value)),
    blank: () => newLine(name, ''),
  }
}

export const notes: ListType<string> = textList('NOTE', (text) => withoutControls(text).trim())

export const urls: ListType<string> = {
  names: ['URL'],
  read: ({ value }) => nothingIfBlank(unescapeUri(value).trim()),
  write: (line, value) => (unescapeUri(line.value).trim() === value ? line : withUri(line, value)),
  blank: () => newLine('URL', ''),
}

/** @see RFC 2426 §3.3.1, RFC 3966, RFC 6350 §6.4.1 */
export const phones: ListType<string> = {
  names: ['TEL'],
  read: (line) => nothingIfBlank(numberOf(line)),
  write: (line, value) => {
    const number = oneLine(value)
    if (numberOf(line) === number) return line
    const plain = withoutLeftovers(line)
    if (!isTelUri(plain)) return withText(line, number)
    if (/^[+0-9A-Za-z()*#.-][0-9A-Za-z()*#.;=%-]*$/.test(number))
      return changed(plain, { value: `tel:${number}` })
    return withText(changed(plain, { parameters: without(plain.parameters, 'VALUE') }), number)
  },
  blank: () => newLine('TEL', ''),
}

/** @see RFC 6350 §6.6.4 */
export const orgs: ListType<Organisation> = {
  names: ['ORG'],
  read: (line) => {
    const [name = '', ...units] = partsOf(line)
    while (units.length > 0 && units.at(-1) === '') units.pop()
    return isBlank([name, units]) ? undefined : { name, units }
  },
  write: (line, { name, units }) => {
    const before = partsOf(line)
    const after = [name, ...units].map(oneLine)
    while (after.length > 1 && after.at(-1) === '') after.pop()
    if (after.join('\n') === before.join('\n').trimEnd()) return line
    const plain = withoutLeftovers(line)
    const written = splitValue(plain.value, ';')
    const value = after
      .map((part, at) => (part === before[at] ? written[at] : escapeTextValue(part)))
      .join(';')
    return changed(plain, { value })
  },
  blank: () => newLine('ORG', ''),
}

/** The text of a line, without what programs put around it. */
export function textOf(line: CardLine): string {
  return unescapeText(withoutLeftovers(line).value).trim()
}

/** The line with another text, as it is where it says that already. */
export function withText(line: CardLine, text: string): CardLine {
  if (textOf(line) === text) return line
  return changed(withoutLeftovers(line), { value: escapeTextValue(text) })
}

/** The line with a URI, which has no escapes. */
export function withUri(line: CardLine, uri: string): CardLine {
  return changed(withoutLeftovers(line), { value: withoutControls(uri).replace(/\s+/g, '%20') })
}

/** Components of a value, one text each. */
function partsOf(line: CardLine): string[] {
  return splitValue(withoutLeftovers(line).value, ';').map((part) => unescapeText(part).trim())
}

function numberOf(line: CardLine): string {
  const plain = withoutLeftovers(line)
  return isTelUri(plain)
    ? unescapeUri(plain.value).trim().replace(/^tel:/i, '')
    : unescapeText(plain.value).trim()
}

function isTelUri({ value }: CardLine): boolean {
  return /^\s*tel:/i.test(value)
}

function nothingIfBlank(text: string): string | undefined {
  return text === '' ? undefined : text
}
