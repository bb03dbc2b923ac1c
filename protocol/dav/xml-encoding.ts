import { XmlError } from './xml-error.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const utf16le = new TextDecoder('utf-16le', { fatal: true, ignoreBOM: true })

/**
 * The text of an XML document: as its byte order mark says, else its declaration, else UTF-8. The mark is left out.
 * A declaration of UTF-16 in octets that are not (a string's, kept by Windows programs) is passed over.
 * @throws XmlError when the encoding is unknown or the octets are not of it
 * @see XML 1.0 §4.3.3, appendix F
 */
export function decodeXml(bytes: Uint8Array): string {
  const [a, b, c, d] = bytes
  try {
    if (a === 0xff && b === 0xfe) return utf16le.decode(bytes.subarray(2))
    if (a === 0xfe && b === 0xff) return utf16be(bytes.subarray(2))
    if (a === 0x3c && b === 0 && d === 0) return utf16le.decode(bytes)
    if (a === 0 && b === 0x3c && c === 0) return utf16be(bytes)
    if (a === 0xef && b === 0xbb && c === 0xbf) return utf8.decode(bytes.subarray(3))
    const charset = declaredEncoding(bytes)
    if (charset === 'iso-8859-1') return Buffer.from(bytes).toString('latin1')
    return utf8.decode(bytes)
  } catch (error) {
    if (error instanceof XmlError) throw error
    throw new XmlError('malformed', 'The octets of the body are not text of its encoding.')
  }
}

const known: ReadonlyMap<string, 'utf-8' | 'iso-8859-1'> = new Map([
  ['utf-8', 'utf-8'],
  ['utf8', 'utf-8'],
  ['us-ascii', 'utf-8'],
  ['ascii', 'utf-8'],
  ['utf-16', 'utf-8'],
  ['iso-8859-1', 'iso-8859-1'],
  ['latin1', 'iso-8859-1'],
])

function declaredEncoding(bytes: Uint8Array): 'utf-8' | 'iso-8859-1' {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 200)).toString('latin1')
  const declaration = /^\s*<\?xml\s[^>]{0,150}?encoding\s{0,9}=\s{0,9}["']([^"'>]{1,40})["']/.exec(head)
  if (!declaration) return 'utf-8'
  const encoding = known.get((declaration[1] ?? '').toLowerCase())
  if (encoding === undefined) throw new XmlError('malformed', `The encoding ${declaration[1]} is not known.`)
  return encoding
}

function utf16be(bytes: Uint8Array): string {
  if (bytes.length % 2 === 1) throw new XmlError('malformed', 'Half a character ends the body.')
  return utf16le.decode(Buffer.from(bytes).swap16())
}
