/** The text of a stored body, and the character set it was found in. */
export interface DecodedText {
  readonly text: string
  readonly charset: 'utf-8' | 'utf-16le' | 'utf-16be'
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const utf16le = new TextDecoder('utf-16le', { fatal: true, ignoreBOM: true })

/**
 * Decodes a body: UTF-8, or UTF-16 when a byte order mark says so. A byte order mark is not part of the text.
 * @throws TextEncodingError when the octets are neither
 * @see RFC 5545 §3.1.4, RFC 6350 §3.1
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const [a, b] = bytes
  try {
    if (a === 0xff && b === 0xfe) return { text: utf16le.decode(bytes.subarray(2)), charset: 'utf-16le' }
    if (a === 0xfe && b === 0xff) {
      return { text: utf16le.decode(Buffer.from(bytes.subarray(2)).swap16()), charset: 'utf-16be' }
    }
    const start = a === 0xef && b === 0xbb && bytes[2] === 0xbf ? 3 : 0
    return { text: utf8.decode(start === 0 ? bytes : bytes.subarray(start)), charset: 'utf-8' }
  } catch {
    throw new TextEncodingError()
  }
}

export class TextEncodingError extends Error {
  override name = 'TextEncodingError'
  constructor() {
    super('The text is not valid UTF-8.')
  }
}
