import type { Settings } from '../../config/defaults.ts'
import { refuse } from '../../protocol/dav/preconditions.ts'
import { isSameUid } from '../../protocol/vcard/validate.ts'
import { type CollectionRow, isGenerated, isServerOnly } from '../../storage/collections.ts'
import { findObjectByUid, type ObjectRow } from '../../storage/objects.ts'
import type { Origin } from '../../storage/origin.ts'
import { type Reader, WriteConflictError, type Writer } from '../../storage/store.ts'
import { uidKey } from '../../storage/uid-key.ts'
import { type PutResult, putObject } from '../../storage/write-path.ts'
import type { ListDialect } from './devices/kinds.ts'
import { type Folding, type StoreResult, storeListed } from './lists/lists.ts'
import { checkName } from './names.ts'
import { ownPrecondition, type PreparedObject } from './objects.ts'
import { checkQuota } from './quota.ts'
import { checkRoom } from './room.ts'

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
  /** How whoever sends it knows lists of people; undefined where it is to be stored as it is. */
  readonly lists?: ListDialect | undefined
  /** Where several cards of one write are stored: whoever opened it finishes it. */
  readonly folding?: Folding | undefined
}

/**
 * Stores an object under a name, new or over the one that is there, in the caller's transaction.
 * @throws supported-calendar-component, no-uid-conflict, quota-not-exceeded, max-resources
 */
export async function storeObject(
  tx: Writer,
  request: StoreRequest,
  settings: Settings,
): Promise<StoreResult> {
  const { collection, name, object, existing, origin } = request
  if (isServerOnly(collection) && origin.kind !== 'job') throw serverOnly(collection)
  checkComponent(collection, object.component)
  await checkUid(tx, request)
  if (!existing) {
    checkName(name)
    await checkRoom(tx, collection, settings)
  }
  const put = (kept: PreparedObject): Promise<PutResult> => putPrepared(tx, request, kept, settings)
  if (collection.kind === 'addressbook') return storeListed(tx, request, put, settings, request.folding)
  return { ...(await put(object)), isAsSent: true }
}

async function putPrepared(
  tx: Writer,
  { collection, name, object, sent, existing, origin }: StoreRequest,
  kept: PreparedObject,
  settings: Settings,
): Promise<PutResult> {
  const { body, parts, etag, uid, component, mediaType, version, index } = kept
  const size = body.byteLength
  const quota = await checkQuota(tx, collection.principalId, size - (existing?.size ?? 0), settings)
  return putObject(tx, {
    collection,
    name,
    body,
    parts,
    sent: sent ?? (kept === object ? undefined : object),
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
