import { Entry, openPromise, type ZipFile } from 'yauzl'
import { TransferError } from '../../transfer/transfer-error.ts'
import { headPath } from '../manifest.ts'
import type { ArchiveSource } from './archive-source.ts'

/**
 * An archive that is a ZIP file: ours, or one that somebody made of the folder, with that folder in it.
 * @throws TransferError when it is none
 */
export async function zipSource(path: string): Promise<ArchiveSource> {
  const zip = await openPromise(path, { autoClose: false }).catch((error: Error) => {
    throw new TransferError(`${path} cannot be read as a ZIP file: ${error.message}.`)
  })
  try {
    const files = await filesIn(zip)
    const top = topOf(files)
    return {
      paths: async function* () {
        for (const name of files.keys()) yield name.startsWith(top) ? name.slice(top.length) : name
      },
      has: async (name) => files.has(top + name),
      read: (name) => readEntry(zip, files.get(top + name), name),
      [Symbol.asyncDispose]: async () => zip.close(),
    }
  } catch (error) {
    zip.close()
    throw error
  }
}

/** What is needed to find the octets of a file again: there may be very many. */
type Place = readonly [at: number, compressedBytes: number, bytes: number, isDeflated: boolean]

async function filesIn(zip: ZipFile): Promise<Map<string, Place>> {
  const files = new Map<string, Place>()
  try {
    for await (const entry of zip.eachEntry()) {
      if (!entry.fileName.endsWith('/')) files.set(entry.fileName.normalize('NFC'), placeOf(entry))
    }
  } catch (error) {
    throw new TransferError(`The list of the ZIP file cannot be read: ${reasonOf(error)}.`)
  }
  return files
}

/** The folder around everything, with its slash; empty where there is none. */
function topOf(files: ReadonlyMap<string, unknown>): string {
  if (files.has(headPath)) return ''
  const heads = [...files.keys()].filter((name) => /^[^/]+\/manifest\.json$/.test(name))
  const [only] = heads
  return only !== undefined && heads.length === 1 ? only.slice(0, -headPath.length) : ''
}

/** @throws TransferError for a file that is encrypted, or packed in a way that is not read here */
function placeOf(entry: Entry): Place {
  const { relativeOffsetOfLocalHeader, compressedSize, uncompressedSize, compressionMethod } = entry
  if (!entry.canDecodeFileData())
    throw new TransferError(`${entry.fileName} is encrypted, or packed in a way that is not read here.`)
  return [relativeOffsetOfLocalHeader, compressedSize, uncompressedSize, compressionMethod === 8]
}

async function* readEntry(zip: ZipFile, place: Place | undefined, name: string): AsyncGenerator<Uint8Array> {
  if (!place) throw new TransferError(`${name} is missing.`)
  const [at, compressedBytes, bytes, isDeflated] = place
  try {
    const entry = Object.assign(new Entry(), {
      relativeOffsetOfLocalHeader: at,
      compressedSize: compressedBytes,
      uncompressedSize: bytes,
      compressionMethod: isDeflated ? 8 : 0,
      generalPurposeBitFlag: 0,
    })
    yield* (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>
  } catch (error) {
    throw new TransferError(`${name} cannot be read: ${reasonOf(error)}.`)
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
