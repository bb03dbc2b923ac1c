import { deflateRawSync, inflateRawSync } from 'node:zlib'

/** A file of an archive, with its octets at once or a piece at a time. */
export interface ArchiveFile {
  readonly kind: 'file'
  /** Below the archive, with slashes; every segment is a name that any file system takes. */
  readonly path: string
  readonly octets: Uint8Array | AsyncIterable<Uint8Array>
  /** How many octets there are. */
  readonly size: number
  /** Epoch milliseconds. */
  readonly modifiedAt: number
  /** Told by whoever writes that this one cannot be written; without it that is the end of all. */
  readonly unwritable?: (reason: string) => void
}

/** A folder of an archive, which comes before what is in it. */
export interface ArchiveFolder {
  readonly kind: 'folder'
  readonly path: string
  readonly unwritable?: (reason: string) => void
}

/** What an archive is made of, in its order; the octets of one are read before the next is asked for. */
export type Entries = AsyncGenerator<ArchiveFile | ArchiveFolder, void, undefined>

/** Everything a person may want to read is JSON over several lines. */
export function jsonFile(path: string, value: unknown, modifiedAt: number): ArchiveFile {
  const octets = Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`)
  return { kind: 'file', path, octets, size: octets.length, modifiedAt }
}

/** Lines of JSON that are gathered while other files are written. */
export interface Spool {
  add(value: unknown): void
  /** The file of what has been gathered. */
  file(path: string, modifiedAt: number): ArchiveFile
}

const chunkLetters = 262_144

/** Only one file of an archive can be written at a time: what waits is kept small, compressed. */
export function createSpool(): Spool {
  const chunks: Buffer[] = []
  let text = ''
  let size = 0
  const pack = (): void => {
    if (text === '') return
    const octets = Buffer.from(text)
    chunks.push(deflateRawSync(octets))
    size += octets.length
    text = ''
  }
  async function* octets(): AsyncGenerator<Buffer> {
    for (const chunk of chunks) yield inflateRawSync(chunk)
  }
  return {
    add: (value) => {
      text += `${JSON.stringify(value)}\n`
      if (text.length >= chunkLetters) pack()
    },
    file: (path, modifiedAt) => {
      pack()
      return { kind: 'file', path, octets: octets(), size, modifiedAt }
    },
  }
}

/** A time as it is written in an archive. @param at  epoch milliseconds */
export function timeText(at: number): string {
  return new Date(at).toISOString()
}
