import {
  anyComponent,
  type CompFilter,
  type FilterTest,
  type ParamFilter,
  type PropFilter,
  type TimeRange,
} from '../ical/filter-types.ts'
import type { Collation, TextMatch } from '../text/collation.ts'
import type { AddressFilter, AddressPropFilter } from '../vcard/filter-types.ts'
import { type ClarkName, caldav, carddav, splitName } from './names.ts'
import { type Refusal, refuse } from './preconditions.ts'
import { readTimeRange } from './time-range.ts'
import { elements, textOf, type XmlElement } from './xml-read.ts'

/**
 * Reads a CALDAV:filter.
 * @throws refuse('valid-filter') unless it is one comp-filter for VCALENDAR, well formed all the way down, and not huge
 * @throws refuse('caldav:supported-filter') for the time of a component that has none
 * @throws refuse('caldav:supported-collation')
 * @see RFC 4791 §9.7
 */
export function readCalendarFilter(filter: XmlElement | undefined): CompFilter {
  const [root, ...rest] = filter === undefined ? [] : known(filter, ['comp-filter'], calendars)
  if (root === undefined || rest.length > 0) throw badCalendar('A filter holds one comp-filter.')
  checkSize(root, calendars)
  const read = readCompFilter(root)
  if (read.name !== 'VCALENDAR') throw badCalendar('The outermost comp-filter is for VCALENDAR.')
  if (read.timeRange !== undefined) throw badCalendar('VCALENDAR has no time range.')
  return read
}

/**
 * Reads a CARDDAV:filter; none, or one without conditions, matches every card.
 * @throws refuse('carddav:supported-filter') when it is malformed or huge
 * @throws refuse('carddav:supported-collation')
 * @see RFC 6352 §10.5
 */
export function readAddressFilter(filter: XmlElement | undefined): AddressFilter {
  if (filter === undefined) return { test: 'anyof', props: [] }
  checkSize(filter, addresses)
  return {
    test: readTest(filter, 'anyof', addresses),
    props: known(filter, ['prop-filter'], addresses).map(readAddressPropFilter),
  }
}

/** What differs between the filters of the two protocols. */
interface Dialect {
  readonly name: (local: string) => ClarkName
  readonly bad: (message: string) => Refusal
  readonly badCollation: (message: string) => Refusal
  readonly collation: Collation
}

const badCalendar = (message: string) => refuse('valid-filter', { message })

const calendars: Dialect = {
  name: caldav,
  bad: badCalendar,
  badCollation: (message) => refuse('caldav:supported-collation', { message }),
  collation: 'i;ascii-casemap',
}

const addresses: Dialect = {
  name: carddav,
  bad: (message) => refuse('carddav:supported-filter', { message }),
  badCollation: (message) => refuse('carddav:supported-collation', { message }),
  collation: 'i;unicode-casemap',
}

/**
 * The child elements, which must be among these: to pass over a condition would answer another question.
 * Those of other namespaces are extensions, and passed over (RFC 4918 §17).
 */
function known(parent: XmlElement, allowed: readonly string[], dialect: Dialect): XmlElement[] {
  const names = new Set(allowed.map(dialect.name))
  const { namespace } = splitName(dialect.name(''))
  return elements(parent).filter((node) => {
    if (names.has(node.name)) return true
    const { namespace: of, local } = splitName(node.name)
    if (of === namespace) throw dialect.bad(`There is no ${local} in ${splitName(parent.name).local}.`)
    return false
  })
}

/** Elements of a filter at most: each becomes a condition of a query, or a comparison with every object. */
const maxFilterElements = 200

function checkSize(filter: XmlElement, dialect: Dialect): void {
  let count = 0
  const open = [filter]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    count += 1
    if (count > maxFilterElements)
      throw dialect.bad(`A filter may have ${maxFilterElements} elements at most.`)
    open.push(...elements(node))
  }
}

function only(nodes: readonly XmlElement[], name: ClarkName, dialect: Dialect): XmlElement | undefined {
  const found = nodes.filter((node) => node.name === name)
  if (found.length > 1) throw dialect.bad(`There are two ${splitName(name).local}.`)
  return found[0]
}

function readCompFilter(filter: XmlElement): CompFilter {
  const parts = known(filter, ['is-not-defined', 'time-range', 'prop-filter', 'comp-filter'], calendars)
  const timeRange = only(parts, caldav('time-range'), calendars)
  const of = (local: string) => parts.filter((part) => part.name === caldav(local))
  const name = readName(filter, calendars).toUpperCase()
  return {
    name,
    isNotDefined: readIsNotDefined(parts, calendars),
    ...(timeRange && { timeRange: readTimeOf(name, timeRange) }),
    props: of('prop-filter').map(readPropFilter),
    comps: of('comp-filter').map(readCompFilter),
    test: readTest(filter, 'allof', calendars),
  }
}

/** The components for which RFC 4791 §9.9 and RFC 7953 §7.2.2 say when they are. */
const timed = new Set([
  ...['VEVENT', 'VTODO', 'VJOURNAL', 'VFREEBUSY', 'VALARM'],
  ...['VAVAILABILITY', 'AVAILABLE', anyComponent, 'VCALENDAR'],
])

function readTimeOf(name: string, timeRange: XmlElement): TimeRange {
  const range = readTimeRange(timeRange, badCalendar)
  if (!timed.has(name)) throw refuse('caldav:supported-filter', { message: `A ${name} has no time.` })
  return range
}

function readPropFilter(filter: XmlElement): PropFilter {
  const parts = known(filter, ['is-not-defined', 'time-range', 'text-match', 'param-filter'], calendars)
  const timeRange = only(parts, caldav('time-range'), calendars)
  const textMatch = only(parts, caldav('text-match'), calendars)
  if (timeRange && textMatch) throw badCalendar('A property has either a time range or a text.')
  return {
    name: readName(filter, calendars).toUpperCase(),
    isNotDefined: readIsNotDefined(parts, calendars),
    ...(timeRange && { timeRange: readTimeRange(timeRange, badCalendar) }),
    ...(textMatch && { textMatch: readTextMatch(textMatch, calendars) }),
    params: parts
      .filter(({ name }) => name === caldav('param-filter'))
      .map((p) => readParamFilter(p, calendars)),
    test: readTest(filter, 'allof', calendars),
  }
}

function readAddressPropFilter(filter: XmlElement): AddressPropFilter {
  const parts = known(filter, ['is-not-defined', 'text-match', 'param-filter'], addresses)
  const [, group, name = ''] = /^(?:([^.]*)\.)?(.*)$/s.exec(readName(filter, addresses)) ?? []
  if (name === '' || group === '') throw addresses.bad('A prop-filter has no name.')
  const of = (local: string) => parts.filter((part) => part.name === carddav(local))
  return {
    name: name.toUpperCase(),
    ...(group !== undefined && { group }),
    isNotDefined: readIsNotDefined(parts, addresses),
    test: readTest(filter, 'anyof', addresses),
    textMatches: of('text-match').map((match) => readTextMatch(match, addresses)),
    params: of('param-filter').map((param) => readParamFilter(param, addresses)),
  }
}

function readParamFilter(filter: XmlElement, dialect: Dialect): ParamFilter {
  const parts = known(filter, ['is-not-defined', 'text-match'], dialect)
  const textMatch = only(parts, dialect.name('text-match'), dialect)
  return {
    name: readName(filter, dialect).toUpperCase(),
    isNotDefined: readIsNotDefined(parts, dialect),
    ...(textMatch && { textMatch: readTextMatch(textMatch, dialect) }),
  }
}

function readName(filter: XmlElement, dialect: Dialect): string {
  const name = filter.attributes.get('name')?.trim() ?? ''
  if (name === '') throw dialect.bad(`A ${splitName(filter.name).local} has no name.`)
  return name
}

function readIsNotDefined(parts: readonly XmlElement[], dialect: Dialect): boolean {
  if (!parts.some(({ name }) => name === dialect.name('is-not-defined'))) return false
  if (parts.length > 1) throw dialect.bad('What is not defined has no other conditions.')
  return true
}

function readTest(filter: XmlElement, otherwise: FilterTest, dialect: Dialect): FilterTest {
  const test = filter.attributes.get('test') ?? otherwise
  if (test !== 'allof' && test !== 'anyof') throw dialect.bad(`There is no test ${test}.`)
  return test
}

const matchTypes: ReadonlyMap<string, TextMatch['match']> = new Map([
  ['equals', 'equals'],
  ['contains', 'contains'],
  ['starts-with', 'starts-with'],
  ['ends-with', 'ends-with'],
])

/** @see RFC 4791 §9.7.5, §7.5.1; RFC 6352 §10.5.4 */
function readTextMatch(element: XmlElement, dialect: Dialect): TextMatch {
  const { attributes } = element
  const negate = attributes.get('negate-condition') ?? 'no'
  if (negate !== 'yes' && negate !== 'no') throw dialect.bad('A negate-condition is yes or no.')
  const match = matchTypes.get(attributes.get('match-type') ?? 'contains')
  if (match === undefined) throw dialect.bad('The match-type is not known.')
  return {
    value: textOf(element),
    collation: readCollation(attributes.get('collation'), dialect),
    negate: negate === 'yes',
    match,
  }
}

function readCollation(name: string | undefined, dialect: Dialect): Collation {
  if (name === undefined || name === 'default') return dialect.collation
  if (name === 'i;ascii-casemap' || name === 'i;unicode-casemap' || name === 'i;octet') return name
  throw dialect.badCollation(`There is no collation ${name}.`)
}
