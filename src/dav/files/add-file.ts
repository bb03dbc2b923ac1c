import { encodeSegment } from '../../../protocol/dav/href.ts'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { storeFile } from '../../features/documents/documents.ts'
import { keptMediaType } from '../../features/documents/media-types.ts'
import { receiveFile } from '../../features/documents/receive.ts'
import { authorize } from '../access.ts'
import { allowedOn } from '../allow.ts'
import { type Call, originOf } from '../call.ts'
import { checkConditions } from '../conditions.ts'
import { checkLocks } from '../locks/guard.ts'
import { placeIn, placeOf } from '../locks/places.ts'
import { empty, type Reply } from '../reply.ts'
import { type FolderLike, isFolderLike, type Resource } from '../resource.ts'
import { mustFind } from '../tree.ts'
import { checkAnnounced, limitsOf } from './put.ts'
import { spotIn } from './tree.ts'

/**
 * Makes a file in a folder under a name of our own, which Location tells. Conditions are judged against the folder.
 * @see RFC 5995 §3.2
 */
export async function addFile(call: Call): Promise<Reply> {
  const { session, store, settings, location } = call
  const limits = await store.read(async (reader) => {
    const folder = mayAdd(call, await mustFind(reader, session, location))
    return limitsOf(reader, folder, 0, settings)
  })
  checkAnnounced(call, limits)
  const received = await receiveFile(call, call.streamBody(), limits)
  const content = { ...received, mediaType: keptMediaType(call.headers['content-type']) }
  const name = call.newId()
  const folder = await store.write(async (tx) => {
    const fresh = mayAdd(call, await mustFind(tx, session, location))
    await checkConditions(tx, call, fresh)
    await checkLocks(tx, call, [{ place: placeIn(placeOf(fresh), name), act: 'make' }])
    const made = { resourceId: call.newId(), origin: originOf(call) }
    await storeFile(tx, spotIn(fresh, name), content, undefined, made, settings)
    return fresh
  })
  return empty(201, { Location: folder.href + encodeSegment(name), ETag: content.etag })
}

/** @throws need-privileges, refusal 405 for a file */
function mayAdd({ session }: Call, resource: Resource): FolderLike {
  if (!isFolderLike(resource)) {
    throw refuseStatus(405, 'Nothing can be added here.', { Allow: allowedOn(resource.kind).join(', ') })
  }
  authorize(session, 'add-member', { parent: resource })
  return resource
}
