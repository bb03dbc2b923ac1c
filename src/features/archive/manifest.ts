import { createHash } from 'node:crypto'
import { type ArchiveFile, createSpool, type Entries, jsonFile, timeText } from './entries.ts'
import { formatName, formatVersion, type Head } from './format.ts'

/** What the manifest says beside the list of files. */
export type Contents = Omit<Head, 'format' | 'version' | 'madeAt' | 'files'>

export const headPath = 'manifest.json'
export const listPath = 'manifest.jsonl'

/**
 * Adds the manifest to what goes into an archive: a line for each file with its length and its hash, and at last the head,
 * which has the hash of those lines.
 * @param contents  asked for when everything else is written
 */
export async function* withManifest(entries: Entries, contents: () => Contents, madeAt: number): Entries {
  const list = createSpool()
  let count = 0
  let bytes = 0
  for await (const entry of entries) {
    if (entry.kind === 'folder') {
      yield entry
      continue
    }
    const hashed = hashing(entry)
    yield hashed.file
    const sha256 = hashed.digest()
    if (sha256 === undefined) continue
    list.add({ path: entry.path, size: hashed.size(), sha256 })
    count += 1
    bytes += hashed.size()
  }
  const hashed = hashing(list.file(listPath, madeAt))
  yield hashed.file
  const head = {
    format: formatName,
    version: formatVersion,
    madeAt: timeText(madeAt),
    ...contents(),
    files: { count, bytes, sha256: hashed.digest() },
  }
  yield jsonFile(headPath, head, madeAt)
}

/** A file whose octets are hashed as they go by. `digest` is undefined for one that could not be written. */
function hashing(file: ArchiveFile) {
  const hash = createHash('sha256')
  const { octets, unwritable } = file
  let size = 0
  let isWritten = true
  const take = (piece: Uint8Array): void => {
    hash.update(piece)
    size += piece.length
  }
  async function* passing(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      take(piece)
      yield piece
    }
  }
  if (octets instanceof Uint8Array) take(octets)
  const watched: ArchiveFile = {
    ...file,
    octets: octets instanceof Uint8Array ? octets : passing(octets),
    ...(unwritable && {
      unwritable: (reason: string) => {
        isWritten = false
        unwritable(reason)
      },
    }),
  }
  return { file: watched, size: () => size, digest: () => (isWritten ? hash.digest('hex') : undefined) }
}
