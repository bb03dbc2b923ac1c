import type { Settings } from '../../config/defaults.ts'
import { refuse } from '../../protocol/dav/preconditions.ts'
import { isSameUid } from '../../protocol/vcard/validate.ts'
import { type CollectionRow, isGenerated, isServerOnly } from '../../storage/collections.ts'
import { countObjects, findObjectByUid, type ObjectRow } from '../../storage/objects.ts'
import type { Origin } from '../../storage/origin.ts'
import { type Reader, WriteConflictError, type Writer } from '../../storage/store.ts'
import { uidKey } from '../../storage/uid-key.ts'
import { type PutResult, putObject } from '../../storage/write-path.ts'
import { checkName } from './names.ts'
import { ownPrecondition, type PreparedObject } from './objects.ts'
import { checkQuota } from './quota.ts'

export interface StoreRequest {
  readonly collection: CollectionRow
  readonly name: string
  readonly object: PreparedObject
  /** What was sent, where that is something else. */
  readonly sent?: PreparedObject | undefined
  /** The live object of that name, as read in this transaction. */
  readonly existing: ObjectRow | undefined
  readonly origin: Origin
  /** The canonical path of a member, for refusals that name another one; undefined where the caller may not know it. */
  readonly hrefOf: (name: string) => string | undefined
}

/**
 * Stores an object under a name, new or over the one that is there, in the caller's transaction.
 * @throws supported-calendar-component, no-uid-conflict, quota-not-exceeded, max-resources
 */
export async function storeObject(tx: Writer, request: StoreRequest, settings: Settings): Promise<PutResult> {
  const { collection, name, object, sent, existing, origin } = request
  if (isServerOnly(collection) && origin.kind !== 'job') throw serverOnly(collection)
  checkComponent(collection, object.component)
  await checkUid(tx, request)
  if (!existing) {
    checkName(name)
    await checkRoom(tx, collection, settings)
  }
  const { body, parts, etag, uid, component, mediaType, version, index } = object
  const size = body.byteLength
  const quota = await checkQuota(tx, collection.principalId, size - (existing?.size ?? 0), settings)
  return putObject(tx, {
    collection,
    name,
    body,
    parts,
    sent,
    etag,
    uid,
    component,
    mediaType,
    version,
    size,
    index,
    origin,
    existing,
    quota,
  })
}

/** Nobody stores anything in what comes from somewhere else; whoever comes by DAV is told so before. */
function serverOnly(collection: CollectionRow): Error {
  const message = isGenerated(collection)
    ? 'The server makes what this holds from something else: change that.'
    : 'This calendar holds what its source publishes.'
  return refuse('need-privileges', { message })
}

/** @see RFC 4791 §5.2.3, §5.3.2.1 */
export function checkComponent(collection: CollectionRow, component: string): void {
  const { components } = collection
  if (collection.kind !== 'calendar' || components === null || components.split(',').includes(component))
    return
  throw refuse('supported-calendar-component', {
    message: `This calendar takes ${components}, not ${component}.`,
  })
}

/** @see RFC 4791 §5.3.2.1, RFC 6352 §6.3.2.1; unique among the live members of one collection (MIN-37) */
export async function checkUid(
  reader: Reader,
  request: Pick<StoreRequest, 'collection' | 'name' | 'existing' | 'hrefOf'> & {
    object: { uid: string | null }
  },
): Promise<void> {
  const { collection, name, existing, object, hrefOf } = request
  const uid = object.uid === null ? null : uidKey(object.uid)
  const conflict = (name: string): Error => {
    const href = hrefOf(name)
    return refuse(ownPrecondition(collection.kind, 'no-uid-conflict'), {
      ...(href !== undefined && { href }),
      message:
        'An object of this collection has another UID under this name, or this UID under another name.',
    })
  }
  // Some clients add or drop the urn:uuid: prefix when they save (DVX-10).
  if (existing?.uid != null && uid !== null && !isSameUid(existing.uid, uid)) {
    throw conflict(existing.name)
  }
  if (uid === null || existing?.uid === uid) return
  const other = await findObjectByUid(reader, collection.id, uid)
  // Made by another write since the name was looked for: the whole write is judged anew.
  if (other && !existing && other.name === name)
    throw new WriteConflictError('The member was made meanwhile.')
  if (other && other.id !== existing?.id) throw conflict(other.name)
}

/** @throws max-resources for one more member of a full collection */
export async function checkRoom(
  reader: Reader,
  collection: CollectionRow,
  { limits }: Settings,
): Promise<void> {
  const limit = limits.objectsPerCollection
  // Every object took a change number, so that most collections need no counting.
  if (collection.feedChange < limit || (await countObjects(reader, collection.id)) < limit) return
  throw refuse('max-resources', { message: `A collection may hold ${limit} objects at most.` })
}
