/**
 * The name of an XML element or attribute in Clark notation: `{namespace}local`, or just `local` without a namespace.
 * A plain string, so that it can be a key.
 */
export type ClarkName = string

/** The namespaces that a multistatus declares on its root, by the prefix used for them everywhere. */
export const namespaces = {
  d: 'DAV:',
  c: 'urn:ietf:params:xml:ns:caldav',
  card: 'urn:ietf:params:xml:ns:carddav',
  cs: 'http://calendarserver.org/ns/',
  ical: 'http://apple.com/ns/ical/',
} as const

/** @see RFC 4918 §14 */
export const dav = (local: string): ClarkName => `{DAV:}${local}`

/** @see RFC 4791 §4 */
export const caldav = (local: string): ClarkName => `{urn:ietf:params:xml:ns:caldav}${local}`

/** @see RFC 6352 §3 */
export const carddav = (local: string): ClarkName => `{urn:ietf:params:xml:ns:carddav}${local}`

/** CalendarServer's extensions: getctag, sharing, push. */
export const cs = (local: string): ClarkName => `{http://calendarserver.org/ns/}${local}`

/** Apple's calendar-color and calendar-order. */
export const ical = (local: string): ClarkName => `{http://apple.com/ns/ical/}${local}`

/** Apple's address book extensions: bulk-requests, directory limits. */
export const me = (local: string): ClarkName => `{http://me.com/_namespace/}${local}`

/** Takes a Clark name apart; a name without braces has the empty namespace. */
export function splitName(name: ClarkName): { namespace: string; local: string } {
  const end = name.startsWith('{') ? name.lastIndexOf('}') : -1
  return { namespace: end === -1 ? '' : name.slice(1, end), local: name.slice(end + 1) }
}
