import { isUtf8 } from 'node:buffer'
import { decoderOf } from './text-chunks.ts'

/** Octets as UTF-8, and what they were read as where they were something else. */
export interface AsUtf8 {
  readonly bytes: Buffer
  readonly notes: readonly string[]
}

/**
 * What is stored is UTF-8. Octets that are none are read in the character set that is given, or that the text declares
 * itself to be in, else in Windows-1252, in which everything is text.
 */
export function asUtf8(bytes: Buffer, charset: string | undefined): AsUtf8 {
  if (charset !== undefined && !/^utf-?8$/i.test(charset.trim())) return decoded(bytes, charset)
  if (isUtf8(bytes)) return { bytes, notes: [] }
  return decoded(bytes, declaredIn(bytes) ?? 'windows-1252')
}

function decoded(bytes: Buffer, charset: string): AsUtf8 {
  const decoder = decoderOf(charset)
  const text = decoder.decode(bytes)
  const isSame = bytes.length === text.length && isUtf8(bytes)
  return { bytes: Buffer.from(text), notes: isSame ? [] : [`read as ${decoder.encoding}`] }
}

/** vCard 3.0 has no such parameter, and programs write it all the same. */
function declaredIn(bytes: Buffer): string | undefined {
  const name = /;CHARSET="?([A-Za-z0-9_.-]+)/i.exec(bytes.toString('latin1'))?.[1]
  try {
    return name === undefined || /^utf-?8$/i.test(name) ? undefined : new TextDecoder(name).encoding
  } catch {
    return undefined
  }
}
