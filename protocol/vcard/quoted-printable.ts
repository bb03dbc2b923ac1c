/**
 * Text of a quoted-printable value, its soft line breaks already joined. What is not an escape stands for itself.
 * @param charset  as the card names it; UTF-8 where it names none, Windows-1252 where the octets are no such text
 * @see RFC 2045 §6.7, vCard 2.1 §2.1.3
 */
export function decodeQuotedPrintable(value: string, charset?: string): string {
  return value.replace(/[\x00-\x7f]+/g, (run) =>
    run.includes('=') ? decodeOctets(quotedPrintableOctets(run), charset) : run,
  )
}

/** The octets of quoted-printable. @param value  a character an octet (Latin-1) */
export function quotedPrintableOctets(value: string): Uint8Array {
  const octets = value.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(octets, 'latin1')
}

/**
 * Text of octets in a character set that was named, or else UTF-8, or else Windows-1252, in which anything is text.
 * A name that nobody knows counts as none.
 */
export function decodeOctets(octets: Uint8Array, ...charsets: readonly (string | undefined)[]): string {
  for (const charset of [...charsets, 'utf-8']) {
    const text = charset === undefined ? undefined : tryDecode(octets, charset)
    if (text !== undefined) return text
  }
  return new TextDecoder('windows-1252').decode(octets)
}

function tryDecode(octets: Uint8Array, charset: string): string | undefined {
  try {
    return new TextDecoder(charset.trim(), { fatal: true, ignoreBOM: true }).decode(octets)
  } catch {
    return undefined
  }
}
