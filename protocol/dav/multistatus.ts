import { dav } from './names.ts'
import { element, escapeText, fixedDeclarations, hrefElement } from './xml-write.ts'

/** The start of a 207 body, with every fixed prefix declared on the root. @see RFC 4918 §13, MIN-15 */
export const multistatusOpen = `<?xml version="1.0" encoding="utf-8"?>\n<d:multistatus${fixedDeclarations}>`
export const multistatusClose = '</d:multistatus>'

/** `HTTP/1.1 200 OK`, whatever the version on the wire (MIN-01, TBA-01). */
export function statusLine(status: number): string {
  return `HTTP/1.1 ${status} ${reasons.get(status) ?? 'Unknown'}`
}

/** Properties that share a status other than 200 and 404. */
export interface RefusedProperties {
  readonly status: number
  /** Elements, as XML. */
  readonly props: string
  /** A DAV:error element, as XML. */
  readonly error?: string | undefined
}

/**
 * One response with its propstats, that of status 200 first and only one of each (MIN-14, KDE-04).
 * @param href  percent-encoded
 * @param ok  the properties found, as XML
 * @param missing  empty elements of the properties not found
 * @see RFC 4918 §14.22, §14.24
 */
export function propstatResponse(
  href: string,
  ok: string,
  missing = '',
  refused: readonly RefusedProperties[] = [],
): string {
  return `<d:response>${hrefElement(href)}${propstats(ok, missing, refused)}</d:response>`
}

/** The propstats alone, as a mkcol-response has them. @see RFC 5689 §3.4 */
export function propstats(ok: string, missing: string, refused: readonly RefusedProperties[]): string {
  let all = ok === '' ? '' : propstat(ok, okStatus)
  if (missing !== '') all += propstat(missing, notFoundStatus)
  for (const { status, props, error = '' } of refused) all += propstat(props, statusElement(status) + error)
  return all === '' ? propstat('', okStatus) : all
}

/**
 * One response with a status for the resource itself: 404 for one that is gone, 507 for a truncated answer.
 * @param error  a DAV:error element, as XML
 * @see RFC 4918 §14.24, RFC 6578 §3.6
 */
export function statusResponse(href: string, status: number, error = ''): string {
  return `<d:response>${hrefElement(href)}${statusElement(status)}${error}</d:response>`
}

/** The DAV:sync-token element that ends the answer of a sync-collection. @see RFC 6578 §6.4 */
export function syncTokenElement(token: string): string {
  return element(dav('sync-token'), escapeText(token))
}

const reasons: ReadonlyMap<number, string> = new Map([
  [200, 'OK'],
  [201, 'Created'],
  [204, 'No Content'],
  [400, 'Bad Request'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [405, 'Method Not Allowed'],
  [409, 'Conflict'],
  [412, 'Precondition Failed'],
  [413, 'Content Too Large'],
  [415, 'Unsupported Media Type'],
  [422, 'Unprocessable Content'],
  [423, 'Locked'],
  [424, 'Failed Dependency'],
  [500, 'Internal Server Error'],
  [501, 'Not Implemented'],
  [502, 'Bad Gateway'],
  [503, 'Service Unavailable'],
  [507, 'Insufficient Storage'],
])

const okStatus = statusElement(200)
const notFoundStatus = statusElement(404)

function statusElement(status: number): string {
  return `<d:status>${statusLine(status)}</d:status>`
}

function propstat(props: string, status: string): string {
  return `<d:propstat>${props === '' ? '<d:prop/>' : `<d:prop>${props}</d:prop>`}${status}</d:propstat>`
}
