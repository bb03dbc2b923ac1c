import type { Settings } from '../../../config/defaults.ts'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { FileContent } from '../../../storage/nodes/node-writes.ts'
import { findQuota } from '../../../storage/quotas.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { storeFile } from '../../features/documents/documents.ts'
import { keptMediaType } from '../../features/documents/media-types.ts'
import { checkLength, type FileLimits, receiveFile } from '../../features/documents/receive.ts'
import { quotaOf } from '../../features/quota.ts'
import { authorize } from '../access.ts'
import { allowedOn } from '../allow.ts'
import { type Call, originOf } from '../call.ts'
import { checkConditions } from '../conditions.ts'
import { type Change, checkLocks, foreseeLocks } from '../locks/guard.ts'
import { placeIn, placeOf } from '../locks/places.ts'
import { empty, type Reply } from '../reply.ts'
import { type FolderLike, fileHomeOf } from '../resource.ts'
import { mustFind } from '../tree.ts'
import { findTarget, isBelowHome, spotIn, type Target } from './tree.ts'

/**
 * Stores a file as it comes: nothing of it is kept in memory, and what can be refused is refused before the body is read.
 * The ETag in the answer means that what was sent is what is stored.
 * @see RFC 4918 §9.7, RFC 9110 §9.3.4
 */
export async function putFile(call: Call): Promise<Reply> {
  const limits = await call.store.read((reader) => foresee(reader, call))
  checkAnnounced(call, limits)
  const received = await receiveFile(call, call.streamBody(), limits)
  const content = { ...received, mediaType: keptMediaType(call.headers['content-type']) }
  const { isNew, node } = await call.store.write((tx) => store(tx, call, content))
  return empty(isNew ? 201 : 204, {
    ETag: node.etag,
    'Last-Modified': new Date(node.modifiedAt).toUTCString(),
  })
}

/** Looks at what the write will decide by: it may take long until then. */
async function foresee(reader: Reader, call: Call): Promise<FileLimits> {
  const target = await mayPut(reader, call)
  await checkConditions(reader, call, target.existing)
  await foreseeLocks(reader, call, [changeOf(target)])
  return limitsOf(reader, target.parent, target.existing?.row.size ?? 0, call.settings)
}

/** How long a file in this folder may be. @param freed  octets of what it takes the place of */
export async function limitsOf(
  reader: Reader,
  folder: FolderLike,
  freed: number,
  settings: Settings,
): Promise<FileLimits> {
  const quota = await findQuota(reader, fileHomeOf(folder).row.principalId)
  return {
    fileBytes: settings.limits.fileBytes,
    roomBytes: quotaOf(quota, settings).available + freed,
  }
}

async function store(tx: Writer, call: Call, content: FileContent) {
  const target = await mayPut(tx, call)
  const { existing, parent, name } = target
  await checkConditions(tx, call, existing)
  await checkLocks(tx, call, [changeOf(target)])
  const made = { resourceId: call.newId(), origin: originOf(call) }
  return storeFile(tx, spotIn(parent, name), content, existing?.row, made, call.settings)
}

type PutTarget = Target & { readonly parent: FolderLike }

/** @throws need-privileges; refusal 405 for a folder, 409 where there is none, 400 for a part */
async function mayPut(reader: Reader, call: Call): Promise<PutTarget> {
  const { location, session } = call
  if (!isBelowHome(location)) {
    await mustFind(reader, session, location)
    throw isFolder('file-home')
  }
  // A part taken for the whole would be the end of the file. @see RFC 9110 §14.5
  if (call.headers['content-range'] !== undefined) throw refuseStatus(400, 'Files are put whole.')
  const target = await findTarget(reader, session, location)
  const { existing, parent } = target
  if (!parent) throw refuseStatus(409, 'There is no folder at this address to put it into.')
  if (existing?.kind === 'folder') throw isFolder('folder')
  if (existing) authorize(session, 'put-over', { resource: existing })
  else authorize(session, 'put-new', { parent })
  return { ...target, parent }
}

function isFolder(kind: 'file-home' | 'folder'): Error {
  return refuseStatus(405, 'This is a folder, not a file.', { Allow: allowedOn(kind).join(', ') })
}

function changeOf({ existing, parent, name }: PutTarget): Change {
  return existing
    ? { place: placeOf(existing), act: 'change' }
    : { place: placeIn(placeOf(parent), name), act: 'make' }
}

/**
 * Refuses by the length that the client says beforehand; Finder says it in a header of its own, where it sends in chunks
 * (FND-02).
 * @throws refusal 413, quota-not-exceeded
 */
export function checkAnnounced({ headers }: Call, limits: FileLimits): void {
  const length = Number(headers['content-length'] ?? headers['x-expected-entity-length'] ?? 0)
  if (Number.isSafeInteger(length) && headers['content-encoding'] === undefined) checkLength(length, limits)
}
