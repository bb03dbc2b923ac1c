import {
  type BrokenLine,
  type ContentLine,
  readContentLines,
  readLine,
} from '../../../../protocol/text/content-lines.ts'
import type { Source } from './source.ts'

const chunkBytes = 1_048_576
/** A UTF-8 byte order mark, read octet by octet. */
const mark = '\u00ef\u00bb\u00bf'

/**
 * The content lines of a file of any size. They are read octet by octet (as Latin-1), so that offsets count octets;
 * text that is to be kept is read from the source again, as what it is.
 * @param maxBytes  a longer line is given as broken, without its text
 * @param onProgress  told how many octets have been read
 */
export function* sourceLines(
  source: Source,
  maxBytes: number,
  onProgress: (bytes: number) => void,
): Generator<ContentLine | BrokenLine> {
  for (const { start, end, text } of stretches(source, maxBytes, onProgress)) {
    if (text === undefined) yield { broken: '', start, end }
    else {
      for (const line of readContentLines(text)) {
        const moved = { ...line, start: line.start + start, end: line.end + start }
        // Files that were joined have a byte order mark in their middle.
        const isMarked = 'broken' in moved && moved.broken.startsWith(mark)
        yield isMarked ? readLine(moved.broken.slice(mark.length), moved.start, moved.end) : moved
      }
    }
  }
}

interface Stretch {
  readonly start: number
  readonly end: number
  readonly text: string | undefined
}

/** Cuts where a line end is followed by neither a fold nor another line end: there a content line begins. */
function* stretches(
  source: Source,
  maxBytes: number,
  onProgress: (bytes: number) => void,
): Generator<Stretch> {
  const open = openStretch(maxBytes)
  let base = 0
  let isLineEnd = false
  while (base < source.size) {
    const chunk = source.slice(base, base + chunkBytes)
    if (chunk.length === 0) break
    let from = 0
    for (let at = 0; at < chunk.length; at += 1) {
      const c = chunk[at]
      if (c === 0x0a || c === 0x0d) isLineEnd = true
      else if (isLineEnd) {
        isLineEnd = false
        if (c === 0x20 || c === 0x09) continue
        yield open.close(chunk.subarray(from, at), base + at)
        from = at
      }
    }
    open.add(chunk.subarray(from))
    base += chunk.length
    onProgress(base)
  }
  yield open.close(Buffer.alloc(0), base)
}

/** What has been read of the stretch that is not over yet. */
function openStretch(maxBytes: number) {
  let start = 0
  let parts: Buffer[] = []
  let bytes = 0
  const add = (part: Buffer): void => {
    bytes += part.length
    if (bytes > maxBytes) parts = []
    else if (part.length > 0) parts.push(part)
  }
  return {
    add,
    close(part: Buffer, end: number): Stretch {
      add(part)
      const [only] = parts
      const whole = only && parts.length === 1 ? only : Buffer.concat(parts)
      const stretch = { start, end, text: bytes > maxBytes ? undefined : whole.toString('latin1') }
      start = end
      parts = []
      bytes = 0
      return stretch
    },
  }
}
