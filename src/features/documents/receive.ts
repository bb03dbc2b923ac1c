import { refuse, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { claimBlob } from '../../../storage/blobs/blob-rows.ts'
import type { BlobStore } from '../../../storage/blobs/blob-store.ts'
import type { FileContent } from '../../../storage/nodes/node-writes.ts'
import type { Store, Writer } from '../../../storage/store.ts'

/** What a file may be at most. */
export interface FileLimits {
  readonly fileBytes: number
  /** Octets that its account has room for, with those of the file that is there now. */
  readonly roomBytes: number
}

/**
 * Takes the octets of a file in, as they come, and puts them in place: a transaction may refer to them then.
 * @throws refusal 413 and quota-not-exceeded, as soon as it is clear
 */
export async function receiveFile(
  { store, blobs }: { readonly store: Store; readonly blobs: BlobStore },
  octets: AsyncIterable<Uint8Array>,
  limits: FileLimits,
): Promise<Omit<FileContent, 'mediaType'>> {
  const staged = await blobs.stage(bounded(octets, limits))
  try {
    const { hash, size } = staged
    if (size === 0) return await store.write(emptyContent)
    // Claimed, then put in place: no sweep takes it away in between.
    const blobId = await store.write((tx) => claimBlob(tx, { hash, size }))
    await staged.place()
    return { blobId, size, etag: etagOfHash(hash) }
  } finally {
    await staged.discard()
  }
}

/** The SHA-256 of nothing: such a blob has a row, and nowhere octets. */
const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** The content of an empty file, which needs no octets in place: a LOCK makes one within its transaction. */
export async function emptyContent(tx: Writer): Promise<Omit<FileContent, 'mediaType'>> {
  const blobId = await claimBlob(tx, { hash: emptyHash, size: 0 })
  return { blobId, size: 0, etag: etagOfHash(emptyHash) }
}

/** Refuses a length that is known before the octets are. @throws as receiveFile */
export function checkLength(bytes: number, { fileBytes, roomBytes }: FileLimits): void {
  if (bytes > fileBytes) throw refuseStatus(413, `A file may have ${fileBytes} octets at most.`)
  if (bytes > roomBytes) {
    throw refuse('quota-not-exceeded', { message: `The account has room for ${roomBytes} octets.` })
  }
}

async function* bounded(octets: AsyncIterable<Uint8Array>, limits: FileLimits): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const piece of octets) {
    size += piece.byteLength
    checkLength(size, limits)
    yield piece
  }
}

function etagOfHash(hash: string): string {
  return `"${hash.slice(0, 32)}"`
}
