import { closeSync, openSync, readSync } from 'node:fs'
import { TransferError } from '../transfer-error.ts'

const chunkBytes = 262_144

/**
 * What a text file is written in: what its byte order mark says, UTF-16 where every other octet is zero, UTF-8 where all
 * of it can be, else Windows-1252. The file is read to its end, a stretch at a time.
 * @see WHATWG Encoding §6
 */
export function detectCharset(path: string): string {
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  let isFirst = true
  for (const chunk of byteChunks(path)) {
    if (isFirst) {
      const wide = wideCharset(chunk)
      if (wide !== undefined) return wide
      isFirst = false
    }
    try {
      utf8.decode(chunk, { stream: true })
    } catch {
      return 'windows-1252'
    }
  }
  return 'utf-8'
}

function wideCharset(head: Buffer): string | undefined {
  const [a, b] = head
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  const sample = head.subarray(0, 200)
  const zeros = [0, 0]
  for (const [at, octet] of sample.entries()) if (octet === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1
  const half = sample.length / 2
  if (half >= 4 && (zeros[1] ?? 0) > half * 0.6) return 'utf-16le'
  return half >= 4 && (zeros[0] ?? 0) > half * 0.6 ? 'utf-16be' : undefined
}

/**
 * The text of a file, a stretch at a time, without its byte order mark.
 * @param onProgress  told how many octets have been read
 * @throws TransferError for a character set that nobody knows
 */
export function* textChunks(
  path: string,
  charset: string,
  onProgress: (bytes: number) => void,
): Generator<string> {
  const decoder = decoderOf(charset)
  let read = 0
  for (const chunk of byteChunks(path)) {
    yield decoder.decode(chunk, { stream: true })
    read += chunk.length
    onProgress(read)
  }
  yield decoder.decode()
}

/** @throws TransferError */
export function decoderOf(charset: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(charset.trim())
  } catch {
    throw new TransferError(
      `There is no character set "${charset}": name one as utf-8, windows-1251 or koi8-r.`,
    )
  }
}

function* byteChunks(path: string): Generator<Buffer> {
  const file = openSync(path, 'r')
  try {
    for (;;) {
      const bytes = Buffer.allocUnsafe(chunkBytes)
      const count = readSync(file, bytes)
      if (count === 0) return
      yield bytes.subarray(0, count)
    }
  } finally {
    closeSync(file)
  }
}
