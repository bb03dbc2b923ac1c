import { Readable } from 'node:stream'
import { crc32, createDeflateRaw, deflateRawSync } from 'node:zlib'
import type { ArchiveFile, Entries } from '../entries.ts'
import { centralHeader, dataDescriptor, endRecords, localHeader, type ZipMember } from './zip-headers.ts'

/** More than this is compressed a piece at a time. */
const atOnceBytes = 1_048_576
/** Deflated octets may be some more than they were. */
const largeBytes = 0xf0_00_00_00

/**
 * An archive as a ZIP file, whose octets come as they are asked for: nothing is kept but the list of what is in it.
 * Lengths beyond 32 bits are written where they may be needed.
 */
export async function* zipOctets(entries: Entries): AsyncGenerator<Buffer> {
  const directory: Buffer[] = []
  let at = 0
  let count = 0
  for await (const entry of entries) {
    const began = at
    const pieces = entry.kind === 'folder' ? folder(entry.path) : file(entry)
    for (;;) {
      const next = await pieces.next()
      if (next.done) {
        directory.push(centralHeader(next.value, began))
        count += 1
        break
      }
      at += next.value.length
      yield next.value
    }
    if (directory.length >= 1_024) directory.splice(0, directory.length, Buffer.concat(directory))
  }
  const bytes = directory.reduce((sum, { length }) => sum + length, 0)
  yield* directory
  yield endRecords({ at, bytes, count })
}

type Pieces = AsyncGenerator<Buffer, ZipMember>

const plain = { isDeflated: false, isStreamed: false, isLarge: false, crc: 0, compressedBytes: 0, bytes: 0 }

async function* folder(path: string): Pieces {
  const member = { ...plain, name: Buffer.from(`${path}/`), modifiedAt: 0 }
  yield localHeader(member)
  return member
}

function file(entry: ArchiveFile): Pieces {
  const { octets } = entry
  if (!(octets instanceof Uint8Array)) return streamed(entry, octets)
  return octets.length > atOnceBytes ? streamed(entry, [octets]) : whole(entry, octets)
}

async function* whole({ path, modifiedAt }: ArchiveFile, octets: Uint8Array): Pieces {
  const deflated = deflateRawSync(octets)
  const isDeflated = deflated.length < octets.length
  const content = isDeflated ? deflated : Buffer.from(octets)
  const member = {
    ...plain,
    name: Buffer.from(path),
    modifiedAt,
    isDeflated,
    crc: crc32(octets),
    compressedBytes: content.length,
    bytes: octets.length,
  }
  yield Buffer.concat([localHeader(member), content])
  return member
}

async function* streamed(
  { path, modifiedAt, size }: ArchiveFile,
  octets: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Pieces {
  const start: ZipMember = {
    ...plain,
    name: Buffer.from(path),
    modifiedAt,
    isDeflated: true,
    isStreamed: true,
    isLarge: size > largeBytes,
  }
  yield localHeader(start)
  let crc = 0
  let bytes = 0
  let compressedBytes = 0
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const piece of octets) {
      crc = crc32(piece, crc)
      bytes += piece.length
      yield piece
    }
  }
  const source = Readable.from(counted(), { objectMode: false })
  const deflate = createDeflateRaw()
  source.on('error', (error) => deflate.destroy(error))
  for await (const piece of source.pipe(deflate)) {
    const content = Buffer.from(piece as Uint8Array)
    compressedBytes += content.length
    yield content
  }
  const member = { ...start, crc, bytes, compressedBytes }
  yield dataDescriptor(member)
  return member
}
