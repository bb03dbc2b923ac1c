import { createHash, randomBytes } from 'node:crypto'

/** Letters that are not mistaken for one another, in lower case for phone keyboards. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'

/**
 * A new app password: 24 letters in groups of four, about 119 bits, so that no slow hash is needed to keep it.
 * @returns the secret to show once, and the hash to store
 */
export function newAppPassword(): { secret: string; hash: string } {
  const letters: string[] = []
  while (letters.length < 24) {
    for (const byte of randomBytes(32)) {
      // Rejecting the tail keeps every letter equally likely.
      if (byte < 248 && letters.length < 24) letters.push(alphabet.charAt(byte % alphabet.length))
    }
  }
  const secret = letters.join('').replace(/(.{4})(?=.)/g, '$1-')
  return { secret, hash: hashAppPassword(secret) }
}

/** The stored form; hyphens and blanks are for people and do not count. */
export function hashAppPassword(secret: string): string {
  return createHash('sha256').update(secret.replace(/[-\s]/g, '').toLowerCase()).digest('hex')
}

/** Whether a password has the form of an app password at all. */
export function looksLikeAppPassword(secret: string): boolean {
  return new RegExp(`^[${alphabet}]{24}$`).test(secret.replace(/[-\s]/g, '').toLowerCase())
}

/** A random password for a first account, for people to type. */
export function newAccountPassword(): string {
  return newAppPassword().secret.slice(0, 19)
}
