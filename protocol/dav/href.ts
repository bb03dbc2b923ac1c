/** A path or href that cannot name a resource: answered 400. */
export class HrefError extends Error {
  override name = 'HrefError'
}

/**
 * The segments of a request path, each percent-decoded once; empty ones (`//`, a slash at the end) are left out.
 * Unescaped characters, as octets or as text, are taken for what they are (IOS-18); `+` is a plus (MIN-13).
 * @param rawPath  as on the wire, without a query
 * @throws HrefError on a bad percent escape, a NUL, an escaped slash, or a `.` or `..`
 * @see RFC 3986 §2.1, §3.3
 */
export function decodePath(rawPath: string): string[] {
  return segmentsOf(rawPath, octetsAsText)
}

/**
 * The one canonical encoding of a segment (MIN-12): unreserved characters stand for themselves, everything else is %XX in upper case.
 * @throws HrefError on half a surrogate pair
 * @see RFC 3986 §2.3
 */
export function encodeSegment(name: string): string {
  if (/^[A-Za-z0-9._~-]*$/.test(name)) return name
  if (/\p{Surrogate}/u.test(name)) throw new HrefError('The name is not text.')
  return encodeURIComponent(name).replace(/[!'()*]/g, percent)
}

/** The canonical path of these segments. @param isCollection  whether it ends with a slash (MIN-10) */
export function encodePath(segments: readonly string[], isCollection: boolean): string {
  const path = segments.map((segment) => `/${encodeSegment(segment)}`).join('')
  return isCollection || path === '' ? `${path}/` : path
}

/**
 * The segments that an href in a body or a header names: an absolute path or a full URL of whatever host, with or without
 * a slash at the end, in any equivalent encoding (MIN-13, TBC-06). A query or fragment is passed over.
 * @param options.host  when given, a full URL must name this host (and port)
 * @throws HrefError as decodePath, and for a relative reference
 * @see RFC 4918 §8.3
 */
export function readHref(href: string, options: { readonly host?: string } = {}): string[] {
  const [, authority, path = ''] = /^(?:[a-z][a-z0-9+.-]*:\/\/([^/?#]*))?([^?#]*)/i.exec(href.trim()) ?? []
  if (authority === undefined && !path.startsWith('/'))
    throw new HrefError('The href is not an absolute path.')
  if (authority !== undefined && options.host !== undefined && !isHost(authority, options.host)) {
    throw new HrefError('The href names another host.')
  }
  return segmentsOf(path, (segment) => segment)
}

function segmentsOf(path: string, prepare: (segment: string) => string): string[] {
  const segments: string[] = []
  for (const raw of path.split('/')) if (raw !== '') segments.push(decodeSegment(raw, prepare))
  return segments
}

function decodeSegment(raw: string, prepare: (segment: string) => string): string {
  const segment = /^[A-Za-z0-9_~-]+$/.test(raw) ? raw : decode(prepare(raw))
  if (segment === '.' || segment === '..') throw new HrefError('The path has a "." or ".." segment.')
  if (/[/\0]|\p{Surrogate}/u.test(segment)) throw new HrefError('A segment of the path cannot be a name.')
  return segment
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new HrefError('The path is not percent-encoded UTF-8.')
  }
}

/** Node gives the octets of a request line as characters up to U+00FF: read as UTF-8 where they are that. */
function octetsAsText(segment: string): string {
  if (!/[\x80-\xff]/.test(segment) || /[^\0-\xff]/.test(segment)) return segment
  const escaped = segment.replace(/[\x80-\xff]/g, percent)
  try {
    decodeURIComponent(escaped)
    return escaped
  } catch {
    return segment
  }
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}

function isHost(authority: string, host: string): boolean {
  return authority.slice(authority.lastIndexOf('@') + 1).toLowerCase() === host.toLowerCase()
}
