import { readContentType } from '../../../protocol/dav/headers.ts'
import { Refusal, refuse, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { bit } from '../../../protocol/dav/privileges.ts'
import { holdRefused } from '../../features/held/hold.ts'
import { findAliased } from '../../features/merges/aliases.ts'
import { ownPrecondition, type PreparedObject, prepareObject } from '../../features/objects.ts'
import type { PersonalPlan } from '../../features/views/personal-put.ts'
import { readyOwnBooks } from '../../features/virtual/virtual.ts'
import { authorize, needs } from '../access.ts'
import { allowedOn } from '../allow.ts'
import { type Call, originOf, preferencesOf } from '../call.ts'
import { checkConditions } from '../conditions.ts'
import { checkLocks } from '../locks/guard.ts'
import { placeIn, placeOf } from '../locks/places.ts'
import { putToAlias } from '../merged/put-alias.ts'
import type { Location } from '../paths.ts'
import { empty, type Reply } from '../reply.ts'
import type { CollectionResource, MemberResource } from '../resource.ts'
import { findCollectionAt, findMemberIn, findResource, findUnseen, storedRow } from '../tree.ts'
import { represent } from './get.ts'
import { sentPhotos } from './sent-photos.ts'
import { planSent, type Stored, storeSent, takeSent } from './store-sent.ts'

/**
 * Stores an object under the name the client chose, octet for octet; of a card also what its device could not
 * send. The ETag in the answer means that what was sent is what is given. With `Prefer: return=representation` what is there then is
 * sent back.
 * @see RFC 4918 §9.7, RFC 8144 §3, RFC 4791 §5.3.2, RFC 6352 §6.3.2
 */
export async function put(call: Call): Promise<Reply> {
  const { location } = call
  if (location.kind !== 'member') return refusePutHere(call)
  const { kind, etag, isAsSent } = await putMember(call, location)
  const isNew = kind === 'created'
  const isShown = preferencesOf(call).representation
  const shown = isShown ? await represent(call, location, isNew ? 201 : 200) : undefined
  return shown ?? empty(isNew ? 201 : 204, isAsSent ? { ETag: etag } : {})
}

/** Either is enough to look further: which one is needed depends on whether the object is there. */
const mayPut = bit.bind | bit['write-content']

async function putMember(call: Call, location: Extract<Location, { kind: 'member' }>): Promise<Stored> {
  const { session } = call
  const { name } = location
  const collection = await findReady(call, location)
  if (!collection) throw refuseStatus(409, 'There is no collection at this address to put it into.')
  const mayTry = (collection.access & mayPut) !== 0 || mayLayer(call, collection)
  if (!mayTry) throw needs(session, collection.href, ['write-content'])
  const body = await readSent(call, collection.kind)
  try {
    return await putBody(call, location, collection, body)
  } catch (error) {
    // Who may not write here cannot fill the account's own tray either.
    if (error instanceof Refusal && (collection.access & mayPut) !== 0) {
      const ifMatch = call.headers['if-match']
      await holdRefused(call, session, { collectionId: collection.row.id, name, body, ifMatch }, error)
    }
    throw error
  }
}

/** Where it goes to; a book of one's own that is made from others is brought up to date before. */
async function findReady(
  call: Call,
  location: Extract<Location, { kind: 'member' }>,
): Promise<CollectionResource | undefined> {
  const { session, store } = call
  const find = () => store.read((reader) => findCollectionAt(reader, session, location))
  const found = await find()
  const isOwn = location.home === 'addressbooks' && location.segment === session.principal.segment
  if (!isOwn || (found && found.row.generated === null)) return found
  await readyOwnBooks(call, session)
  return find()
}

/** @throws refusal */
async function putBody(
  call: Call,
  location: Extract<Location, { kind: 'member' }>,
  collection: CollectionResource,
  body: Buffer,
): Promise<Stored> {
  const { session, store, settings } = call
  const { name } = location
  const sentObject = prepareObject(collection.kind, body, settings, call.now())
  const photos = await sentPhotos(call, collection, name, sentObject)
  return store.write(async (tx) => {
    const fresh = await findCollectionAt(tx, session, location)
    if (!fresh) throw refuseStatus(409, 'The collection was deleted meanwhile.')
    const resource = await findMemberIn(tx, fresh, name)
    const existing = resource ? storedRow(resource) : await findUnseen(tx, fresh, name)
    const aliased =
      existing || fresh.kind !== 'addressbook'
        ? undefined
        : await findAliased(tx, fresh.row.id, { name, uid: sentObject.uid })
    if (aliased) {
      const { object } = photos(aliased.last)
      return putToAlias(tx, call, fresh, { name, object, asSent: sentObject, aliased })
    }
    const { object, isAsSent } = photos(existing)
    const sent = { name, object, asSent: sentObject, existing, lists: session.lists }
    const plan = await planSent(tx, call, fresh, sent)
    authorizePut(call, fresh, resource, plan)
    await checkConditions(tx, call, resource)
    // What is locked is what is shared.
    if (!plan || plan.shared)
      await checkLocks(tx, call, [
        { place: placeIn(placeOf(fresh), name), act: resource ? 'change' : 'make' },
      ])
    const taken = plan ? undefined : await takeSent(tx, call, fresh, sent)
    const stored = await storeSent(tx, call, fresh, sent, originOf(call), plan, taken)
    return { ...stored, isAsSent: isAsSent && stored.isAsSent }
  })
}

/** Who may read a calendar that he sees with alarms of his own may set them; his app password has to be one that writes. */
function mayLayer({ session }: Call, { access, mount }: CollectionResource): boolean {
  return mount?.view === 'personal' && (access & bit.read) !== 0 && session.scope === 'write'
}

/** @throws need-privileges */
function authorizePut(
  call: Call,
  collection: CollectionResource,
  resource: MemberResource | undefined,
  plan: PersonalPlan | undefined,
): void {
  if (!resource) authorize(call.session, 'put-new', { parent: collection })
  else if (!plan || plan.shared || !mayLayer(call, collection))
    authorize(call.session, 'put-over', { resource })
}

/** Reads and checks the object that a request brings. @throws refusal */
export async function readObject(call: Call, kind: CollectionResource['kind']): Promise<PreparedObject> {
  return prepareObject(kind, await readSent(call, kind), call.settings, call.now())
}

async function readSent(call: Call, kind: CollectionResource['kind']): Promise<Buffer> {
  // A part taken for the whole would be the end of the object. @see RFC 9110 §14.5
  if (call.headers['content-range'] !== undefined) throw refuseStatus(400, 'Objects are put whole.')
  const { settings } = call
  const limit = settings.limits.bodyBytes
  const tooLarge = (): Error =>
    refuse(ownPrecondition(kind, 'max-resource-size'), {
      message: `An object may have ${limit} octets at most.`,
    })
  const body = await call.readBody(limit, tooLarge)
  checkMediaType(call, kind)
  return body
}

async function refusePutHere(call: Call): Promise<never> {
  const resource = await call.store.read((reader) => findResource(reader, call.session, call.location))
  if (!resource) throw refuseStatus(409, 'Objects can be put into calendars and address books only.')
  throw refuseStatus(405, 'This is a folder, not an object.', { Allow: allowedOn(resource.kind).join(', ') })
}

/**
 * A body that says it is something else is refused; without a type, or with a general one, the octets decide.
 * @see RFC 4791 §5.3.2.1 supported-calendar-data, RFC 6352 §6.3.2.1 supported-address-data
 */
function checkMediaType(call: Call, kind: CollectionResource['kind']): void {
  const type = readContentType(call.headers['content-type'])?.type
  const general = [undefined, 'application/octet-stream', 'text/plain', 'application/x-www-form-urlencoded']
  const own = kind === 'calendar' ? ['text/calendar'] : ['text/vcard', 'text/x-vcard', 'text/directory']
  if (general.includes(type) || own.includes(type ?? '')) return
  const precondition = kind === 'calendar' ? 'supported-calendar-data' : 'supported-address-data'
  throw refuse(precondition, { message: `${own[0]} is stored here, not ${type}.` })
}
