import { isIP } from 'node:net'
import { encodePath, HrefError, readHref } from '../../../../protocol/dav/href.ts'

/**
 * Whether an address may be asked with the user's password when the one before was: the same host, or one of the same
 * domain, and never from https to http. A server that lets its users in has other hosts for their calendars.
 */
export function isOfSameServer(from: URL, to: URL): boolean {
  if (to.protocol !== 'https:' && to.protocol !== 'http:') return false
  if (from.protocol === 'https:' && to.protocol === 'http:') return false
  if (to.hostname === from.hostname) return true
  if (isIP(from.hostname) !== 0 || from.hostname.startsWith('[')) return false
  const domain = domainOf(from.hostname)
  return domain.includes('.') && (to.hostname === domain || to.hostname.endsWith(`.${domain}`))
}

/** `dav.example.org` is of `example.org`, `example.co.uk` of itself. */
function domainOf(host: string): string {
  const labels = host.split('.')
  const [middle = '', last = ''] = labels.slice(-2)
  const suffix = last.length === 2 && middle.length <= 3 ? 3 : 2
  return labels.length > suffix ? labels.slice(1).join('.') : host
}

/**
 * The address that an href in an answer names. A server behind a proxy may write another scheme or port of its own name:
 * then it is reached as the answer was.
 * @returns undefined for what is no address of that server
 */
export function resolveHref(href: string, base: URL): URL | undefined {
  const escaped = href.replace(/[\s"<>\\^`{|}]/g, (character) => encodeURIComponent(character))
  if (!URL.canParse(escaped, base.href)) return undefined
  const url = new URL(escaped, base)
  if (url.hostname === base.hostname) return new URL(url.pathname + url.search, base.origin)
  return isOfSameServer(base, url) ? url : undefined
}

/** The path of an href in the one canonical encoding; undefined for one that cannot be. */
export function canonicalPath(url: URL): string | undefined {
  try {
    return encodePath(readHref(url.pathname), url.pathname.endsWith('/'))
  } catch (error) {
    if (error instanceof HrefError) return undefined
    throw error
  }
}

/** The last segment of a path, decoded. */
export function lastSegment(url: URL): string {
  try {
    return readHref(url.pathname).at(-1) ?? ''
  } catch (error) {
    if (error instanceof HrefError) return ''
    throw error
  }
}
