import type {
  CalendarDataRequest,
  CompFilter,
  CompSelection,
  FilterTest,
  ParamFilter,
  PropFilter,
  TimeRange,
} from '../ical/filter-types.ts'
import type { Collation, TextMatch } from '../text/collation.ts'
import type { AddressDataRequest, AddressFilter, AddressPropFilter } from '../vcard/filter-types.ts'
import { type ClarkName, caldav, carddav, splitName } from './names.ts'
import { type Refusal, refuse, refuseStatus } from './preconditions.ts'
import { child, children, elements, textOf, type XmlElement } from './xml-read.ts'

/**
 * Reads a CALDAV:filter.
 * @throws refuse('valid-filter') unless it is one comp-filter for VCALENDAR, well formed all the way down
 * @throws refuse('caldav:supported-collation')
 * @see RFC 4791 §9.7
 */
export function readCalendarFilter(filter: XmlElement | undefined): CompFilter {
  const [root, ...rest] = filter === undefined ? [] : known(filter, ['comp-filter'], calendars)
  if (root === undefined || rest.length > 0) throw badCalendar('A filter holds one comp-filter.')
  const read = readCompFilter(root)
  if (read.name !== 'VCALENDAR') throw badCalendar('The outermost comp-filter is for VCALENDAR.')
  if (read.timeRange !== undefined) throw badCalendar('VCALENDAR has no time range.')
  return read
}

/**
 * Reads a CARDDAV:filter; none, or one without conditions, matches every card.
 * @throws refuse('carddav:supported-filter') when it is malformed
 * @throws refuse('carddav:supported-collation')
 * @see RFC 6352 §10.5
 */
export function readAddressFilter(filter: XmlElement | undefined): AddressFilter {
  if (filter === undefined) return { test: 'anyof', props: [] }
  return {
    test: readTest(filter, 'anyof', addresses),
    props: known(filter, ['prop-filter'], addresses).map(readAddressPropFilter),
  }
}

/**
 * Reads what of each object a CALDAV:calendar-data in a request wants; attributes and elements not of RFC 4791 are passed over.
 * @throws refuse('supported-calendar-data') for anything but text/calendar 2.0
 * @throws refuseStatus(400) when it is malformed
 * @see RFC 4791 §9.6
 */
export function readCalendarData(request: XmlElement): CalendarDataRequest {
  const type = request.attributes.get('content-type') ?? 'text/calendar'
  const version = request.attributes.get('version') ?? '2.0'
  if (type.toLowerCase() !== 'text/calendar' || version !== '2.0') throw refuse('supported-calendar-data')
  const expand = readWholeRange(request, 'expand')
  const limitRecurrenceSet = readWholeRange(request, 'limit-recurrence-set')
  const limitFreebusySet = readWholeRange(request, 'limit-freebusy-set')
  if (expand !== undefined && limitRecurrenceSet !== undefined) {
    throw refuseStatus(400, 'A recurrence set is either expanded or limited.')
  }
  const comp = child(request, caldav('comp'))
  return {
    ...(expand && { expand }),
    ...(limitRecurrenceSet && { limitRecurrenceSet }),
    ...(limitFreebusySet && { limitFreebusySet }),
    ...(comp && { comp: readCompSelection(comp) }),
  }
}

/**
 * Reads what of each card a CARDDAV:address-data in a request wants. Odd attributes are passed over (VDS-07).
 * @throws refuseStatus(400) when a property has no name
 * @see RFC 6352 §10.4
 */
export function readAddressData(request: XmlElement): AddressDataRequest {
  const contentType = request.attributes.get('content-type')
  const version = request.attributes.get('version')
  const allprop = child(request, carddav('allprop')) !== undefined
  const props = children(request, carddav('prop'))
  return {
    ...(contentType !== undefined && { contentType: contentType.toLowerCase() }),
    ...(version !== undefined && { version }),
    allprop,
    props: allprop || props.length === 0 ? undefined : props.map(selectedName),
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

function only(nodes: readonly XmlElement[], name: ClarkName, dialect: Dialect): XmlElement | undefined {
  const found = nodes.filter((node) => node.name === name)
  if (found.length > 1) throw dialect.bad(`There are two ${splitName(name).local}.`)
  return found[0]
}

function readCompFilter(filter: XmlElement): CompFilter {
  const parts = known(filter, ['is-not-defined', 'time-range', 'prop-filter', 'comp-filter'], calendars)
  const timeRange = only(parts, caldav('time-range'), calendars)
  const of = (local: string) => parts.filter((part) => part.name === caldav(local))
  return {
    name: readName(filter, calendars).toUpperCase(),
    isNotDefined: readIsNotDefined(parts, calendars),
    ...(timeRange && { timeRange: readTimeRange(timeRange, badCalendar) }),
    props: of('prop-filter').map(readPropFilter),
    comps: of('comp-filter').map(readCompFilter),
    test: readTest(filter, 'allof', calendars),
  }
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

/** @see RFC 4791 §9.9 */
function readTimeRange(element: XmlElement, bad: (message: string) => Refusal): TimeRange {
  const start = readInstant(element.attributes.get('start'), bad)
  const end = readInstant(element.attributes.get('end'), bad)
  if (start === undefined && end === undefined) throw bad('A time range has a start or an end.')
  if (start !== undefined && end !== undefined && start >= end)
    throw bad('A time range ends after its start.')
  return { start, end }
}

function readInstant(value: string | undefined, bad: (message: string) => Refusal): number | undefined {
  if (value === undefined) return undefined
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T([01]\d|2[0-3])([0-5]\d)([0-5]\d|60)Z$/.exec(value) ?? []
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  if (date.getUTCMonth() !== Number(month) - 1) throw bad('A time range is between UTC times.')
  return date.setUTCHours(Number(hour), Number(minute), Number(second))
}

function readWholeRange(request: XmlElement, local: string): TimeRange | undefined {
  const element = child(request, caldav(local))
  if (element === undefined) return undefined
  const bad = (message: string) => refuseStatus(400, message)
  const range = readTimeRange(element, bad)
  if (range.start === undefined || range.end === undefined) throw bad(`${local} has a start and an end.`)
  return range
}

function readCompSelection(comp: XmlElement): CompSelection {
  const allprop = child(comp, caldav('allprop')) !== undefined
  const allcomp = child(comp, caldav('allcomp')) !== undefined
  const props = children(comp, caldav('prop')).map((prop) => ({
    name: selectedName(prop),
    novalue: prop.attributes.get('novalue') === 'yes',
  }))
  return {
    name: selectedName(comp),
    allprop,
    props: allprop ? [] : props,
    allcomp,
    comps: allcomp ? [] : children(comp, caldav('comp')).map(readCompSelection),
  }
}

function selectedName(element: XmlElement): string {
  const name = element.attributes.get('name')?.trim() ?? ''
  if (name === '') throw refuseStatus(400, `A ${splitName(element.name).local} has no name.`)
  return name.toUpperCase()
}
