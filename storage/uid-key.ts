import { createHash } from 'node:crypto'

/** Longer texts do not go into an index of PostgreSQL's together with what else is in it. */
const longestKeyBytes = 500

/** What stands for a UID in columns and comparisons: the UID itself, or its hash where it is very long. */
export function uidKey(uid: string): string {
  if (uid.length * 3 <= longestKeyBytes || Buffer.byteLength(uid) <= longestKeyBytes) return uid
  return `sha256:${createHash('sha256').update(uid).digest('hex')}`
}

/** Whether a key may be the hash of a UID, which says nothing about the text inside. */
export function isUidHash(key: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(key)
}
