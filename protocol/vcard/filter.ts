import { compareText, type TextMatch } from '../text/collation.ts'
import { type ContentLine, parameterValues, splitValue, unescapeText } from '../text/content-lines.ts'
import type { Card } from './card.ts'
import type { AddressFilter, AddressPropFilter, ParamFilter } from './filter-types.ts'

/**
 * Whether a card satisfies an addressbook-query filter. The conditions of a prop-filter are tried on one
 * property at a time: with `allof` a single property must satisfy them all. A negated text-match holds when none of the
 * texts it looks at matches.
 * @see RFC 6352 §10.5
 */
export function matchesAddressFilter(card: Card, filter: AddressFilter): boolean {
  if (filter.props.length === 0) return true
  const holds = (prop: AddressPropFilter) => matchesProperty(card, prop)
  return filter.test === 'allof' ? filter.props.every(holds) : filter.props.some(holds)
}

function matchesProperty(card: Card, filter: AddressPropFilter): boolean {
  let isDefined = false
  for (const line of card.lines) {
    if (!isNamed(line, filter)) continue
    isDefined = true
    if (!filter.isNotDefined && satisfies(line, filter)) return true
  }
  return filter.isNotDefined && !isDefined
}

/** A name without a group means the properties of every group. @see RFC 6352 §10.5.1 */
function isNamed(line: ContentLine, filter: AddressPropFilter): boolean {
  if (line.name !== filter.name) return false
  return filter.group === undefined || line.group?.toUpperCase() === filter.group.toUpperCase()
}

function satisfies(line: ContentLine, filter: AddressPropFilter): boolean {
  const { textMatches, params } = filter
  if (textMatches.length === 0 && params.length === 0) return true
  const hasText = (match: TextMatch) => matchesAny(match, propertyTexts(line))
  const hasParam = (param: ParamFilter) => matchesParameter(line, param)
  return filter.test === 'allof'
    ? textMatches.every(hasText) && params.every(hasParam)
    : textMatches.some(hasText) || params.some(hasParam)
}

/** @see RFC 6352 §10.5.2 */
function matchesParameter(line: ContentLine, filter: ParamFilter): boolean {
  const isDefined = line.parameters.some((parameter) => parameter.name === filter.name)
  if (filter.isNotDefined) return !isDefined
  if (!isDefined || filter.textMatch === undefined) return isDefined
  return matchesAny(filter.textMatch, parameterTexts(line, filter.name))
}

/** @see RFC 6352 §10.5.4 */
function matchesAny(match: TextMatch, texts: readonly string[]): boolean {
  const plain = match.negate ? { ...match, negate: false } : match
  return texts.some((text) => compareText(plain, text)) !== match.negate
}

/** The unescaped value; the values of a list one by one as well. Structured values are one text. */
function propertyTexts(line: ContentLine): readonly string[] {
  const whole = unescapeText(line.value)
  if (!lists.has(line.name) || !line.value.includes(',')) return [whole]
  return [whole, ...splitValue(line.value, ',').map(unescapeText)]
}

/** vCard 4.0 writers also put several types into one quoted value. @see RFC 6350 §5.6 */
function parameterTexts(line: ContentLine, name: string): readonly string[] {
  const values = parameterValues(line, name)
  return name === 'TYPE' ? values.flatMap((value) => value.split(',')) : values
}

/** @see RFC 6350 §6.2.3, §6.7.1 */
const lists: ReadonlySet<string> = new Set(['CATEGORIES', 'NICKNAME'])
