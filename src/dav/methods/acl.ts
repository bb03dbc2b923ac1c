import { type AskedAce, readAcl } from '../../../protocol/dav/acl-xml.ts'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { Writer } from '../../../storage/store.ts'
import { setAces } from '../../features/rights/acl.ts'
import { authorize } from '../access.ts'
import { resolveAces } from '../acl/resolve-aces.ts'
import { allowedOn } from '../allow.ts'
import { type Call, originOf, readXmlBody } from '../call.ts'
import { checkConditions } from '../conditions.ts'
import { checkLocks } from '../locks/guard.ts'
import { placeOf } from '../locks/places.ts'
import { isOfCalendars } from '../properties/rfc3744.ts'
import { empty, type Reply } from '../reply.ts'
import {
  type CollectionResource,
  type FolderLike,
  type HomeResource,
  isCollection,
  isFolderLike,
  isHome,
  type Resource,
} from '../resource.ts'
import { mustFind } from '../tree.ts'

/**
 * Sets who may do what with a home, a collection or a folder: all entries that are neither protected nor inherited. What is
 * mounted is its owner's: there the list is that of what is shared.
 * @see RFC 3744 §8.1
 */
export async function acl(call: Call): Promise<Reply> {
  const { session, location, store } = call
  await store.read(async (reader) => mayBeSet(call, await mustFind(reader, session, location)))
  const asked = readAcl(await readXmlBody(call))
  await store.write(async (tx) => {
    const resource = mayBeSet(call, await mustFind(tx, session, location))
    await checkConditions(tx, call, resource)
    await checkLocks(tx, call, [{ place: placeOf(resource), act: 'change' }])
    await set(tx, call, resource, asked)
  })
  return empty(200, { 'Cache-Control': 'no-cache' })
}

async function set(
  tx: Writer,
  call: Call,
  resource: HomeResource | CollectionResource | FolderLike,
  asked: readonly AskedAce[],
): Promise<void> {
  const aces = await resolveAces(tx, call.session, resource, asked, isOfCalendars(resource.kind))
  await setAces(tx, resource.guarded, aces, { settings: call.settings, origin: originOf(call) })
}

/** @throws need-privileges; refusal 405 for members and files, which have the list of what they are in, and for principals */
function mayBeSet(call: Call, resource: Resource): HomeResource | CollectionResource | FolderLike {
  if (!isHome(resource) && !isCollection(resource) && !isFolderLike(resource))
    throw refuseStatus(405, 'No access control list is set here.', {
      Allow: allowedOn(resource.kind).join(', '),
    })
  authorize(call.session, 'write-acl', { resource })
  return resource
}
