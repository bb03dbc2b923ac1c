import { createHash } from 'node:crypto'

/** A UID that says what it is made from, and nothing to who does not know that already. @see RFC 9562 §5.8 */
export function uuidFrom(parts: readonly string[]): string {
  return contentUid(Buffer.from(JSON.stringify(parts)))
}

/** A UID that the same octets always get. @see RFC 9562 §5.8 */
export function contentUid(bytes: Uint8Array): string {
  const hash = createHash('sha256').update(bytes).digest()
  hash.writeUInt8(((hash[6] ?? 0) & 0x0f) | 0x80, 6)
  hash.writeUInt8(((hash[8] ?? 0) & 0x3f) | 0x80, 8)
  const hex = hash.toString('hex', 0, 16)
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
