import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { TextEncodingError } from '../../../../protocol/text/decode.ts'
import { TransferError } from '../transfer-error.ts'

/** The octets of a file, a stretch at a time; those of a file in UTF-16 are given as UTF-8. */
export interface Source extends Disposable {
  readonly size: number
  /** Fewer octets than asked for where the file ends before. */
  slice(start: number, end: number): Buffer
  /** The line an octet stands in, counted from 1. */
  lineOf(offset: number): number
}

/**
 * Opens a file that may be larger than memory. A byte order mark at its start is left out.
 * @param maxUtf16Bytes  a file in UTF-16 is turned into UTF-8 in memory: a larger one is refused
 * @throws TransferError for a file in UTF-16 that is too large; TextEncodingError for one that is not valid
 */
export function openSource(path: string, maxUtf16Bytes: number): Source {
  const file = openSync(path, 'r')
  let isKept = false
  try {
    const { size } = fstatSync(file)
    const [a, b, c] = readAt(file, 0, 3)
    if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
      if (size > maxUtf16Bytes) {
        throw new TransferError(
          `It is in UTF-16 and has more than ${maxUtf16Bytes} octets: save it as UTF-8.`,
        )
      }
      const bytes = fromUtf16(readAt(file, 2, size - 2), a === 0xfe)
      const inMemory = (start: number, end: number): Buffer => bytes.subarray(start, end)
      return source(bytes.length, inMemory, () => {})
    }
    const mark = a === 0xef && b === 0xbb && c === 0xbf ? 3 : 0
    const slice = (start: number, end: number): Buffer => readAt(file, start + mark, end - start)
    isKept = true
    return source(size - mark, slice, () => closeSync(file))
  } finally {
    if (!isKept) closeSync(file)
  }
}

/** The same of octets that are in memory. @throws TextEncodingError for UTF-16 that is not valid */
export function sourceOfOctets(octets: Buffer): Source {
  const [a, b] = octets
  const isUtf16 = (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)
  const bytes = isUtf16 ? fromUtf16(Buffer.from(octets.subarray(2)), a === 0xfe) : octets
  return source(
    bytes.length,
    (start, end) => bytes.subarray(start, end),
    () => {},
  )
}

function readAt(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(Math.max(length, 0))
  let read = 0
  while (read < bytes.length) {
    const count = readSync(file, bytes, read, bytes.length - read, position + read)
    if (count === 0) break
    read += count
  }
  return bytes.subarray(0, read)
}

function fromUtf16(bytes: Buffer, isBigEndian: boolean): Buffer {
  try {
    const text = new TextDecoder('utf-16le', { fatal: true, ignoreBOM: true })
    return Buffer.from(text.decode(isBigEndian ? bytes.swap16() : bytes))
  } catch {
    throw new TextEncodingError()
  }
}

function source(size: number, slice: Source['slice'], close: () => void): Source {
  return { size, slice, lineOf: lineCounter(slice), [Symbol.dispose]: close }
}

const blockBytes = 8_192

/** Remembers how many lines end before each block, so that no octet is counted for every question. */
function lineCounter(slice: Source['slice']): (offset: number) => number {
  const before = [0]
  const endsIn = (start: number, end: number): number => {
    const bytes = slice(Math.max(start - 1, 0), end)
    let previous = start > 0 ? bytes[0] : undefined
    let count = 0
    for (let at = start > 0 ? 1 : 0; at < bytes.length; at += 1) {
      const c = bytes[at]
      if (c === 0x0d || (c === 0x0a && previous !== 0x0d)) count += 1
      previous = c
    }
    return count
  }
  return (offset) => {
    const block = Math.floor(offset / blockBytes)
    for (let known = before.length; known <= block; known += 1) {
      before.push((before[known - 1] ?? 0) + endsIn((known - 1) * blockBytes, known * blockBytes))
    }
    return 1 + (before[block] ?? 0) + endsIn(block * blockBytes, offset)
  }
}
