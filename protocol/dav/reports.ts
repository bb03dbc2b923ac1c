import type { CompFilter } from '../ical/filter-types.ts'
import type { AddressFilter } from '../vcard/filter-types.ts'
import { readAddressFilter, readCalendarFilter } from './filters.ts'
import { type ClarkName, caldav, carddav, dav } from './names.ts'
import { type Refusal, refuseStatus } from './preconditions.ts'
import { type PropertyRequest, readPropertyRequest } from './propfind.ts'
import { readTimeRange } from './time-range.ts'
import { child, children, elements, textOf, type XmlElement } from './xml-read.ts'

/** The report a body asks for. @throws refuseStatus(400) without a body @see RFC 3253 §3.6 */
export function reportName(root: XmlElement | undefined): ClarkName {
  if (root === undefined) throw refuseStatus(400, 'A REPORT needs a body.')
  return root.name
}

export interface SyncCollection {
  /** As sent; undefined for a first sync. */
  readonly syncToken: string | undefined
  readonly level: '1' | 'infinite'
  readonly limit: number | undefined
  readonly elements: readonly XmlElement[]
}

/**
 * Children may come in any order (TSD-03); no level means 1 (IOS-10); an empty or missing token means a first sync (MIN-24).
 * @throws refuseStatus(400) on a bad level or limit
 * @see RFC 6578 §3.2–3.3, §6.1–6.4
 */
export function readSyncCollection(root: XmlElement): SyncCollection {
  const token = child(root, dav('sync-token'))
  const level = child(root, dav('sync-level'))
  const depth = level === undefined ? '1' : textOf(level).trim()
  if (depth !== '1' && depth !== 'infinite') throw refuseStatus(400, 'A sync-level is 1 or infinite.')
  const prop = child(root, dav('prop'))
  return {
    syncToken: (token && textOf(token).trim()) || undefined,
    level: depth,
    limit: readLimit(child(root, dav('limit')), dav('nresults')),
    elements: prop === undefined ? [] : elements(prop),
  }
}

export interface Multiget {
  readonly request: PropertyRequest
  /** As sent, without the blanks around them: nothing is decoded yet. */
  readonly hrefs: readonly string[]
}

/** Reads a calendar-multiget or an addressbook-multiget. @see RFC 4791 §7.9, RFC 6352 §8.7 */
export function readMultiget(root: XmlElement): Multiget {
  return {
    request: readPropertyRequest(root) ?? noProperties,
    hrefs: children(root, dav('href')).map((href) => textOf(href).trim()),
  }
}

export interface CalendarQuery {
  readonly request: PropertyRequest
  readonly filter: CompFilter
  /** An iCalendar object with the VTIMEZONE in which floating times are meant. */
  readonly timezone: string | undefined
  /** Or that zone's name. @see RFC 7809 §5.2 */
  readonly timezoneId: string | undefined
}

/** @throws refuse('valid-filter') and as readCalendarFilter does @see RFC 4791 §7.8, §9.5 */
export function readCalendarQuery(root: XmlElement): CalendarQuery {
  return {
    request: readPropertyRequest(root) ?? noProperties,
    filter: readCalendarFilter(child(root, caldav('filter'))),
    timezone: textIn(root, caldav('timezone')),
    timezoneId: textIn(root, caldav('timezone-id'))?.trim(),
  }
}

/**
 * The range of a free-busy-query, which has a start and an end.
 * @throws refuseStatus(400) unless it is one time-range between UTC times
 * @see RFC 4791 §7.10, §9.11
 */
export function readFreeBusyQuery(root: XmlElement): { readonly start: number; readonly end: number } {
  const bad = (message: string): Refusal => refuseStatus(400, message)
  const [element, ...others] = children(root, caldav('time-range'))
  if (element === undefined || others.length > 0) throw bad('A free-busy-query has one time-range.')
  const { start, end } = readTimeRange(element, bad)
  if (start === undefined || end === undefined) throw bad('The time-range has a start and an end.')
  return { start, end }
}

export interface AddressbookQuery {
  readonly request: PropertyRequest
  readonly filter: AddressFilter
  readonly limit: number | undefined
}

/** @throws refuseStatus(400) on a bad limit, and as readAddressFilter does @see RFC 6352 §8.6, §10.3 */
export function readAddressbookQuery(root: XmlElement): AddressbookQuery {
  return {
    request: readPropertyRequest(root) ?? noProperties,
    filter: readAddressFilter(child(root, carddav('filter'))),
    limit: readLimit(child(root, carddav('limit')), carddav('nresults')),
  }
}

const noProperties: PropertyRequest = { kind: 'prop', elements: [] }

/** The text of a child that is there and not blank. */
function textIn(root: XmlElement, name: ClarkName): string | undefined {
  const found = child(root, name)
  const text = found === undefined ? '' : textOf(found)
  return text.trim() === '' ? undefined : text
}

/** @see RFC 5323 §5.17, RFC 6352 §10.6 */
function readLimit(limit: XmlElement | undefined, name: ClarkName): number | undefined {
  if (limit === undefined) return undefined
  const count = child(limit, name)
  const text = count === undefined ? '' : textOf(count).trim()
  if (!/^0*[1-9]\d{0,8}$/.test(text)) throw refuseStatus(400, 'A limit is a positive number of results.')
  return Number(text)
}
