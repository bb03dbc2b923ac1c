import { Readable } from 'node:stream'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { findBlob } from '../../../storage/blobs/blob-rows.ts'
import type { BlobStore } from '../../../storage/blobs/blob-store.ts'
import type { FileContent } from '../../../storage/nodes/node-writes.ts'
import type { NodeRow } from '../../../storage/nodes/nodes.ts'
import { findQuota } from '../../../storage/quotas.ts'
import { namedAs } from '../../api/file-name.ts'
import type { Answer, ApiCall } from '../../api/route.ts'
import type { Services } from '../../services.ts'
import { isInert, mediaTypeOfFile } from '../documents/media-types.ts'
import { receiveFile } from '../documents/receive.ts'
import { quotaOf } from '../quota.ts'
import { type FolderPlace, notThere } from './places.ts'

/** What is shown of a content: that of a file, or one that it had. */
type Octets = Pick<NodeRow, 'name' | 'mediaType' | 'blobId' | 'size' | 'etag'>

/**
 * The octets of a file. Nothing that somebody stored may run as if it came from us: what a browser cannot show inertly it
 * saves. A PDF is shown by the browser's own viewer, which does not open in a sandbox, and in which nothing of a page runs.
 */
export async function answerContent(
  { store, blobs }: Pick<Services, 'store' | 'blobs'>,
  octets: Octets,
  isDownload: boolean,
): Promise<Answer<never>> {
  const { blobId, size, etag } = octets
  if (blobId === null) throw refuseStatus(409, 'This is a folder, not a file.')
  const blob = size === 0 ? undefined : await store.read((reader) => findBlob(reader, blobId))
  if (size > 0 && !blob) throw notThere()
  const body = Readable.from(blob ? octetsWhenRead(blobs, blob.hash) : [], { objectMode: false })
  return { etag, body, headers: { ...headersOf(octets, isDownload), 'Content-Length': String(size) } }
}

/** Opened when it is read: what is only asked about, or known already, is not. */
async function* octetsWhenRead(blobs: BlobStore, hash: string): AsyncGenerator<Uint8Array> {
  yield* await blobs.read(hash)
}

/** Takes in what is sent as the content of a file that is to lie in a folder. @param freed  octets of what it takes the place of */
export async function takeContent(
  call: Pick<ApiCall<unknown>, 'store' | 'blobs' | 'settings' | 'octets'>,
  { owner }: FolderPlace,
  freed: number,
): Promise<FileContent> {
  const quota = await call.store.read((reader) => findQuota(reader, owner.id))
  const roomBytes = quotaOf(quota, call.settings).available + freed
  const limits = { fileBytes: call.settings.limits.fileBytes, roomBytes }
  // What it is its name says: a browser says the same of every file.
  return { ...(await receiveFile(call, call.octets(), limits)), mediaType: null }
}

function headersOf(octets: Octets, isDownload: boolean): Record<string, string> {
  const type = mediaTypeOfFile(octets)
  const isPdf = type.toLowerCase() === 'application/pdf'
  const kind = isDownload || !(isPdf || isInert(type)) ? 'attachment' : 'inline'
  const policy = isPdf
    ? "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    : "default-src 'none'; sandbox; frame-ancestors 'self'"
  return {
    'Content-Type':
      type.startsWith('text/plain') && !type.includes('charset') ? `${type}; charset=utf-8` : type,
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': policy,
    'Content-Disposition': `${kind}; ${namedAs(octets.name)}`,
  }
}
