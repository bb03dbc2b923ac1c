import { escapeTextValue, parameterValues, unescapeText, unescapeUri } from '../../../text/content-lines.ts'
import {
  type CardLine,
  changed,
  hasWord,
  isUri,
  newLine,
  without,
  withParameter,
} from '../../convert/line.ts'
import { withoutLeftovers } from '../../convert/parameters.ts'
import { labelOfTypes, typesOfLabel } from '../../convert/people.ts'
import type { RelatedName } from '../details.ts'
import { type Label, readLabel, writeLabel } from '../labels.ts'
import { readTypes } from '../types.ts'
import { isBlank, type ListType, oneLine } from './list-type.ts'

/** @see RFC 6350 §6.6.6, ABK-07 */
export const related: ListType<RelatedName> = {
  names: ['RELATED', 'X-ABRELATEDNAMES'],
  read: (line) => {
    const one = readRelated(line)
    return isBlank(one) ? undefined : one
  },
  write: writeRelated,
  blank: (version) =>
    version === '4.0'
      ? newLine('RELATED', '', [{ name: 'VALUE', values: ['text'] }])
      : newLine('X-ABRELATEDNAMES', ''),
}

/** Apple says in a label what 4.0 says in types. */
export function relatedTypes(line: CardLine, label: Label): string[] {
  const told = line.name === 'X-ABRELATEDNAMES' ? typesOfLabel(writeLabel(label)) : undefined
  return [...new Set([...(told ?? []), ...readTypes(line)])]
}

/** The label that says these types, for a line that has no other place for them. */
export function relatedLabel(types: readonly string[]): Label {
  return types.length === 0 ? { text: '', isBuiltIn: false } : readLabel(labelOfTypes(types))
}

/** The types that a label says: none for words that are none. */
export function typesToldBy(label: Label): readonly string[] {
  return label.text === '' ? [] : (typesOfLabel(writeLabel(label)) ?? [])
}

function readRelated(line: CardLine): RelatedName {
  const plain = withoutLeftovers(line)
  if (isAddress(plain)) return { name: '', uri: unescapeUri(plain.value).trim() }
  return { name: unescapeText(plain.value).trim(), uri: '' }
}

/** A name is what phones show; a URI stands where there is no name. */
function writeRelated(line: CardLine, { name, uri }: RelatedName): CardLine {
  const before = readRelated(line)
  const [text, address] = [oneLine(name), oneLine(uri).replaceAll(' ', '%20')]
  if (text === before.name && (address === before.uri || text !== '')) return line
  const plain = withoutLeftovers(line)
  if (text === '') {
    return changed(plain, { name: 'RELATED', value: address, parameters: without(plain.parameters, 'VALUE') })
  }
  const parameters =
    plain.name === 'RELATED' ? withParameter(plain.parameters, 'VALUE', ['text']) : plain.parameters
  return changed(plain, { value: escapeTextValue(text), parameters })
}

function isAddress(line: CardLine): boolean {
  if (line.name !== 'RELATED' || hasWord(line, 'VALUE', 'text')) return false
  return parameterValues(line, 'VALUE').length > 0 || isUri(line.value)
}
