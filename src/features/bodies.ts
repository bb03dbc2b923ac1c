import { createHash } from 'node:crypto'
import { decodeText } from '../../protocol/text/decode.ts'

/**
 * The text of a stored body. Bodies are checked before they are stored, so this decodes what was decoded before;
 * a body that cannot be decoded all the same is read as far as it goes, so that it never fails a listing (law 9).
 */
export function bodyText(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const first = buffer[0]
  if (first !== 0xef && first !== 0xfe && first !== 0xff) return buffer.toString('utf8')
  try {
    return decodeText(bytes).text
  } catch {
    return buffer.toString('utf8')
  }
}

/** The strong entity tag of stored octets: the same octets always have the same one (IOS-11). */
export function etagOf(bytes: Uint8Array): string {
  return `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`
}
