import bcrypt from 'bcrypt'

/** bcrypt reads 72 octets; a longer password would match by its beginning alone. */
export const maxPasswordBytes = 72

/** Hashes an account password. */
export function hashPassword(password: string, cost: number): Promise<string> {
  return bcrypt.hash(password, cost)
}

/**
 * Compares a password with a stored hash. Without a hash (an unknown account) it costs the same time and is false.
 */
export async function verifyPassword(
  password: string,
  stored: string | undefined,
  cost: number,
): Promise<boolean> {
  if (Buffer.byteLength(password) > maxPasswordBytes) return false
  const matches = await bcrypt.compare(password, stored ?? decoy(cost))
  return stored !== undefined && matches
}

/** A well-formed hash nobody has the password of. */
function decoy(cost: number): string {
  return `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(21)}u${'.'.repeat(31)}`
}
