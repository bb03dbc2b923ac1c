import { isUtf8 } from 'node:buffer'

/** A user name and a password as a client sent them. */
export interface Credentials {
  readonly name: string
  readonly password: string
}

/**
 * Reads `Authorization: Basic …`; undefined for anything else.
 * Octets are UTF-8 as our challenge says, Latin-1 where they are not.
 * @see RFC 7617 §2
 */
export function readBasic(header: string | undefined): Credentials | undefined {
  const match = /^basic\s+([A-Za-z0-9+/=_-]+)\s*$/i.exec(header ?? '')
  if (!match) return undefined
  const bytes = Buffer.from(match[1] ?? '', 'base64')
  const text = isUtf8(bytes) ? bytes.toString('utf8') : bytes.toString('latin1')
  const colon = text.indexOf(':')
  // No database has a NUL in a name, and PostgreSQL takes it for an error.
  if (colon === -1 || text.includes('\0')) return undefined
  return { name: text.slice(0, colon), password: text.slice(colon + 1) }
}

/** The one challenge; clients keep passwords by origin and realm, so it never changes (MIN-02, TBC-10). */
export const challenge = 'Basic realm="Farley", charset="UTF-8"'

/** The form in which login names are stored and compared. */
export function foldName(name: string): string {
  return name.normalize('NFC').trim().toLowerCase()
}

/** The names an account may be meant by, folded: as sent, then percent-decoded once (IOS-05). */
export function namesMeant(name: string): readonly string[] {
  const literal = foldName(name)
  if (!name.includes('%')) return [literal]
  try {
    return [literal, foldName(decodeURIComponent(name).replaceAll('\0', ''))]
  } catch {
    return [literal]
  }
}
