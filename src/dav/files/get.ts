import { Readable } from 'node:stream'
import { matchesIfMatch, matchesIfNoneMatch } from '../../../protocol/dav/conditions.ts'
import { Refusal, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import {
  type ByteRange,
  isModifiedSince,
  isUnmodifiedSince,
  matchesIfRange,
  type RangeSelection,
  selectRanges,
} from '../../../protocol/dav/ranges.ts'
import { findBlob } from '../../../storage/blobs/blob-rows.ts'
import { isInert, mediaTypeOfFile } from '../../features/documents/media-types.ts'
import { allowedOn } from '../allow.ts'
import type { Call } from '../call.ts'
import { empty, type Reply } from '../reply.ts'
import type { FileResource } from '../resource.ts'
import { mustRead } from '../tree.ts'

/**
 * The octets of a file, or ranges of them, as a stream.
 * @see RFC 9110 §9.3.1, §13.2.2, §14
 */
export async function getFile(call: Call): Promise<Reply> {
  const resource = await call.store.read((reader) => mustRead(reader, call.session, call.location))
  if (resource.kind !== 'file') {
    throw refuseStatus(405, 'This is a folder.', { Allow: allowedOn(resource.kind).join(', ') })
  }
  const headers = headersOf(resource)
  if (isUnchanged(call, resource)) return empty(304, headers)
  const { size } = resource.row
  const selection = selectionOf(call, resource)
  if (selection.kind === 'unsatisfiable') {
    throw refuseStatus(416, 'The file has none of these octets.', { 'Content-Range': `bytes */${size}` })
  }
  const [first, ...others] = selection.kind === 'ranges' ? selection.ranges : []
  if (!first) return whole(call, resource, headers)
  return others.length === 0
    ? oneRange(call, resource, headers, first)
    : manyRanges(call, resource, headers, [first, ...others])
}

type Headers = Readonly<Record<string, string>>

/** Nothing that somebody stored may run as if it came from us: what a browser cannot show inertly it saves. */
function headersOf({ row }: FileResource): Headers {
  const type = mediaTypeOfFile(row)
  return {
    'Content-Type': type,
    ETag: row.etag,
    'Last-Modified': new Date(row.modifiedAt).toUTCString(),
    'Accept-Ranges': 'bytes',
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "default-src 'none'; sandbox",
    ...(!isInert(type) && { 'Content-Disposition': 'attachment' }),
  }
}

/**
 * Whether 304 is the answer.
 * @throws refusal 412
 * @see RFC 9110 §13.2.2
 */
function isUnchanged({ headers }: Call, { row }: FileResource): boolean {
  const { etag, modifiedAt } = row
  const failed = (message: string): Error => new Refusal(412, message, undefined, { ETag: etag })
  if (headers['if-match'] !== undefined) {
    if (!matchesIfMatch(headers['if-match'], etag)) throw failed('The file is not the one of If-Match.')
  } else if (!isUnmodifiedSince(headers['if-unmodified-since'], modifiedAt)) {
    throw failed('The file was changed since.')
  }
  if (headers['if-none-match'] !== undefined) return !matchesIfNoneMatch(headers['if-none-match'], etag)
  return !isModifiedSince(headers['if-modified-since'], modifiedAt)
}

/** Ranges are for GET alone. @see RFC 9110 §14.2 */
function selectionOf({ method, headers, settings, now }: Call, { row }: FileResource): RangeSelection {
  const ifRange = headers['if-range'] as string | undefined
  if (method !== 'GET' || !matchesIfRange(ifRange, row, now())) return { kind: 'whole' }
  return selectRanges(headers.range, row.size, settings.limits.byteRanges)
}

async function whole(call: Call, file: FileResource, headers: Headers): Promise<Reply> {
  const length = { ...headers, 'Content-Length': String(file.row.size) }
  if (call.method === 'HEAD') return empty(200, length)
  return { status: 200, headers: length, body: await open(call, file) }
}

async function oneRange(call: Call, file: FileResource, headers: Headers, range: ByteRange): Promise<Reply> {
  const { first, last } = range
  return {
    status: 206,
    headers: {
      ...headers,
      'Content-Range': `bytes ${first}-${last}/${file.row.size}`,
      'Content-Length': String(last - first + 1),
    },
    body: await open(call, file, range),
  }
}

/** @see RFC 9110 §14.6 */
async function manyRanges(
  call: Call,
  file: FileResource,
  headers: Headers,
  ranges: readonly ByteRange[],
): Promise<Reply> {
  const boundary = call.newId()
  const head = ({ first, last }: ByteRange): string =>
    `\r\n--${boundary}\r\nContent-Type: ${headers['Content-Type']}\r\n` +
    `Content-Range: bytes ${first}-${last}/${file.row.size}\r\n\r\n`
  const end = `\r\n--${boundary}--\r\n`
  const length = ranges.reduce(
    (sum, range) => sum + Buffer.byteLength(head(range)) + range.last - range.first + 1,
    Buffer.byteLength(end),
  )
  // The first is opened before the status is sent: octets that are missing are found then.
  const parts = async function* (opened: Readable): AsyncGenerator<Buffer> {
    for (const [at, range] of ranges.entries()) {
      yield Buffer.from(head(range))
      yield* at === 0 ? opened : await open(call, file, range)
    }
    yield Buffer.from(end)
  }
  const [first] = ranges
  return {
    status: 206,
    headers: {
      ...headers,
      'Content-Type': `multipart/byteranges; boundary=${boundary}`,
      'Content-Length': String(length),
    },
    body: Readable.from(parts(await open(call, file, first)), { objectMode: false }),
  }
}

async function open({ store, blobs }: Call, { row }: FileResource, range?: ByteRange): Promise<Readable> {
  if (row.size === 0 || row.blobId === null) return Readable.from([])
  const { blobId } = row
  const blob = await store.read((reader) => findBlob(reader, blobId))
  if (!blob) throw refuseStatus(404, 'There is nothing at this address.')
  return blobs.read(blob.hash, range)
}
