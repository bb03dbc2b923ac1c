import { refuseStatus } from '../../protocol/dav/preconditions.ts'

/** Octets of a name at most: it is part of an index, whose entries PostgreSQL bounds. */
const maxNameBytes = 500

/**
 * Text as a segment of URLs: unreserved letters only, at most so many.
 * @param fallback  where nothing is left of it
 * @see RFC 3986 §2.3
 */
export function plainSegment(text: string, fallback: string, length: number): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9._~-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
  return plain === '' ? fallback : plain.slice(0, length)
}

/** Checks the name a client chose for a new member or collection. @throws refusal 414 */
export function checkName(name: string): void {
  if (Buffer.byteLength(name) <= maxNameBytes) return
  throw refuseStatus(414, `A name may have ${maxNameBytes} octets at most.`)
}
