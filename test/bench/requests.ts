import { formatDateTime } from './berlin.ts'
import type { Ask } from './http-client.ts'
import type { Range } from './ranges.ts'

/** The two kinds of collection, with what differs between their requests. */
export type Kind = 'cards' | 'events'

const namespaces =
  'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:card="urn:ietf:params:xml:ns:carddav" xmlns:cs="http://calendarserver.org/ns/"'
const xmlHeaders = { 'content-type': 'application/xml; charset=utf-8' }

/** The property with the body, in Clark notation. */
export const dataProperty: Readonly<Record<Kind, string>> = {
  cards: '{urn:ietf:params:xml:ns:carddav}address-data',
  events: '{urn:ietf:params:xml:ns:caldav}calendar-data',
}

const dataElement: Readonly<Record<Kind, string>> = {
  cards: '<card:address-data/>',
  events: '<c:calendar-data/>',
}

/** RFC 4918 §9.1; `properties` are empty elements with the prefixes d, c, card, cs. */
export function propfind(path: string, depth: '0' | '1', properties: string): Ask {
  return xml('PROPFIND', path, depth, 'd:propfind', `<d:prop>${properties}</d:prop>`)
}

/** RFC 6578 §3.2 */
export function syncCollection(path: string, token: string): Ask {
  const content = `<d:sync-token>${escapeText(token)}</d:sync-token><d:sync-level>1</d:sync-level><d:prop><d:getetag/></d:prop>`
  return xml('REPORT', path, '0', 'd:sync-collection', content)
}

/** RFC 4791 §7.9, RFC 6352 §8.7 */
export function multiget(path: string, kind: Kind, names: readonly string[]): Ask {
  const root = kind === 'cards' ? 'card:addressbook-multiget' : 'c:calendar-multiget'
  const hrefs = names.map((name) => `<d:href>${path}${name}</d:href>`).join('')
  return xml('REPORT', path, '0', root, `<d:prop><d:getetag/>${dataElement[kind]}</d:prop>${hrefs}`)
}

/** RFC 4791 §7.8: the events of a range, with nothing but etags, with their bodies, or expanded. */
export function calendarQuery(path: string, range: Range, want: 'etags' | 'data' | 'expand'): Ask {
  const span = `start="${formatDateTime(range.from)}Z" end="${formatDateTime(range.until)}Z"`
  const expanded = `<c:calendar-data><c:expand ${span}/></c:calendar-data>`
  const data = { etags: '', data: dataElement.events, expand: expanded }[want]
  const filter = `<c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"><c:time-range ${span}/></c:comp-filter></c:comp-filter>`
  const content = `<d:prop><d:getetag/>${data}</d:prop><c:filter>${filter}</c:filter>`
  return xml('REPORT', path, '1', 'c:calendar-query', content)
}

/** RFC 6352 §8.6: contacts with a property that contains a text. */
export function textQuery(path: string, property: 'FN' | 'EMAIL', needle: string): Ask {
  const match = `<card:text-match collation="i;unicode-casemap" match-type="contains">${escapeText(needle)}</card:text-match>`
  const filter = `<card:filter><card:prop-filter name="${property}">${match}</card:prop-filter></card:filter>`
  const content = `<d:prop><d:getetag/></d:prop>${filter}`
  return xml('REPORT', path, '1', 'card:addressbook-query', content)
}

/** MKCALENDAR (RFC 4791 §5.3.1) or extended MKCOL (RFC 5689). */
export function makeCollection(path: string, kind: Kind): Ask {
  if (kind === 'events') {
    const components =
      '<c:supported-calendar-component-set><c:comp name="VEVENT"/></c:supported-calendar-component-set>'
    const content = `<d:set><d:prop><d:displayname>Bench</d:displayname>${components}</d:prop></d:set>`
    return { ...xml('MKCALENDAR', path, '0', 'c:mkcalendar', content) }
  }
  const type = '<d:resourcetype><d:collection/><card:addressbook/></d:resourcetype>'
  const content = `<d:set><d:prop>${type}<d:displayname>Bench</d:displayname></d:prop></d:set>`
  return xml('MKCOL', path, '0', 'd:mkcol', content)
}

/** A PUT that may create (`*` in If-None-Match) or replace. */
export function put(path: string, kind: Kind, body: string, isNew: boolean): Ask {
  const type = kind === 'cards' ? 'text/vcard; charset=utf-8' : 'text/calendar; charset=utf-8'
  return {
    method: 'PUT',
    path,
    headers: { 'content-type': type, ...(isNew ? { 'if-none-match': '*' } : {}) },
    body,
  }
}

function xml(method: string, path: string, depth: '0' | '1', root: string, content: string): Ask {
  const body = `<?xml version="1.0" encoding="utf-8"?><${root} ${namespaces}>${content}</${root}>`
  return { method, path, headers: { ...xmlHeaders, depth }, body }
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
