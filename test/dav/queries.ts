import type { Client } from './client.ts'
import { calendarQueryBody } from './client.ts'

type Attributes = Readonly<Record<string, string>>

/** A comp-filter around other conditions. */
export function compFilter(name: string, ...inner: readonly string[]): string {
  return `<c:comp-filter name="${name}">${inner.join('')}</c:comp-filter>`
}

/** A time-range; either end may be open. */
export function timeRange(start?: string, end?: string): string {
  const from = start === undefined ? '' : ` start="${start}"`
  const to = end === undefined ? '' : ` end="${end}"`
  return `<c:time-range${from}${to}/>`
}

/** A comp-filter with a time-range alone. */
export function inRange(name: string, start?: string, end?: string): string {
  return compFilter(name, timeRange(start, end))
}

export function propFilter(name: string, ...inner: readonly string[]): string {
  return `<c:prop-filter name="${name}">${inner.join('')}</c:prop-filter>`
}

export function paramFilter(name: string, ...inner: readonly string[]): string {
  return `<c:param-filter name="${name}">${inner.join('')}</c:param-filter>`
}

export function textMatch(value: string, attributes: Attributes = {}): string {
  return `<c:text-match${written(attributes)}>${value}</c:text-match>`
}

export const isNotDefined = '<c:is-not-defined/>'

/** An addressbook-query with getetag; the conditions are written with the prefix `c` as well. */
export function addressQueryBody(
  filters: readonly string[],
  options: { readonly test?: string; readonly limit?: number; readonly props?: string } = {},
): string {
  const { test, limit, props = '<d:getetag/>' } = options
  const of = test === undefined ? '' : ` test="${test}"`
  const cut = limit === undefined ? '' : `<c:limit><c:nresults>${limit}</c:nresults></c:limit>`
  return `<c:addressbook-query xmlns:c="urn:ietf:params:xml:ns:carddav" xmlns:d="DAV:"><d:prop>${props}</d:prop><c:filter${of}>${filters.join('')}</c:filter>${cut}</c:addressbook-query>`
}

/** The names of the objects that a calendar-query finds, sorted, without their extension. */
export async function found(
  client: Client,
  calendar: string,
  ...filters: readonly string[]
): Promise<string[]> {
  return namesIn(calendar, (await client.report(calendar, calendarQueryBody(filters.join('')))).hrefs)
}

/** The same for an addressbook-query. */
export async function foundCards(client: Client, book: string, body: string): Promise<string[]> {
  return namesIn(book, (await client.report(book, body)).hrefs)
}

export function namesIn(collection: string, hrefs: readonly string[]): string[] {
  return hrefs.map((href) => href.slice(collection.length).replace(/\.\w+$/, '')).sort()
}

/** Stores objects under their names; throws where one is refused. */
export async function putAll(
  client: Client,
  collection: string,
  extension: 'ics' | 'vcf',
  bodies: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [name, body] of Object.entries(bodies)) {
    const { status, text } = await client.put(`${collection}${name}.${extension}`, body)
    if (status !== 201) throw new Error(`${name} was answered ${status}: ${text}`)
  }
}

/** Makes a calendar in the account's home; returns its path. */
export async function makeCalendar(
  client: Client & { readonly calendars: string },
  name: string,
  components: readonly string[] = [],
  props = '',
): Promise<string> {
  const path = `${client.calendars}${name}/`
  const comps = components.map((component) => `<c:comp name="${component}"/>`).join('')
  const set =
    comps === '' ? '' : `<c:supported-calendar-component-set>${comps}</c:supported-calendar-component-set>`
  const body = `<c:mkcalendar xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"><d:set><d:prop>${set}${props}</d:prop></d:set></c:mkcalendar>`
  const { status, text } = await client.request('MKCALENDAR', path, {
    headers: { 'Content-Type': 'application/xml' },
    body,
  })
  if (status !== 201) throw new Error(`MKCALENDAR ${path} was answered ${status}: ${text}`)
  return path
}

function written(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${value}"`)
    .join('')
}
