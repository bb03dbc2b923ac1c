import type { Settings } from '../../../config/defaults.ts'
import { encodeSegment } from '../../../protocol/dav/href.ts'
import { bit } from '../../../protocol/dav/privileges.ts'
import type { ObjectRow } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import type { PutResult } from '../../../storage/write-path.ts'
import type { ListDialect } from '../../features/devices/kinds.ts'
import { mergeRulesOf } from '../../features/devices/merge-rules.ts'
import { type TakenCard, takeCard } from '../../features/devices/take.ts'
import { seenEtag } from '../../features/lists/lists.ts'
import type { PreparedObject } from '../../features/objects.ts'
import { type StoreRequest, storeObject } from '../../features/store-object.ts'
import { type PersonalPlan, planPersonalPut, putPersonal } from '../../features/views/personal-put.ts'
import { storeThrough } from '../../features/virtual/virtual.ts'
import { isReadable } from '../access.ts'
import type { Call } from '../call.ts'
import type { CollectionResource } from '../resource.ts'

/** An object that somebody brings into a collection as he sees it. */
export interface Sent {
  readonly name: string
  readonly object: PreparedObject
  /** The octets as they came, where the object is no longer these. */
  readonly asSent?: PreparedObject | undefined
  /** What is stored under that name. */
  readonly existing: ObjectRow | undefined
  /** How he knows lists of people; undefined where it comes as it is stored elsewhere. */
  readonly lists?: ListDialect | undefined
}

/** What became of it, and whether he then sees the octets that he sent: only then does the answer have its entity tag. */
export interface Stored extends PutResult {
  readonly isAsSent: boolean
}

/** What of it is for everybody, and what for himself; undefined where he sees the collection as it is stored. */
export async function planSent(
  reader: Reader,
  { settings, now }: Call,
  { mount, access }: CollectionResource,
  { object, existing }: Sent,
): Promise<PersonalPlan | undefined> {
  if (mount?.view !== 'personal') return undefined
  const mayWrite = (access & bit['write-content']) !== 0
  return planPersonalPut(reader, { mount, object, existing, mayWrite }, settings, now())
}

/**
 * What becomes of a card that a device puts over another, by its kind; undefined for all else, which is stored as it is sent.
 * The conditions of the request hold already: who named an entity tag has the card as it is.
 * @throws what `prepareObject` throws
 */
export async function takeSent(
  reader: Reader,
  { session, headers, settings, now }: Call,
  { kind, virtual }: CollectionResource,
  { object, existing }: Sent,
): Promise<TakenCard | undefined> {
  const { deviceId } = session
  const rules = mergeRulesOf(session)
  if (virtual || kind !== 'addressbook' || !existing || deviceId === undefined || !rules) return undefined
  const match = String(headers['if-match'] ?? '*').trim()
  const writer = { deviceId, rules, isCurrent: match !== '*', lists: session.lists }
  return takeCard(reader, writer, { object, existing }, settings, now())
}

/**
 * Stores it, as it was planned, or what was made of it.
 * @throws what `storeObject` throws
 */
export async function storeSent(
  tx: Writer,
  { settings, session }: Call,
  collection: CollectionResource,
  { name, object, asSent, existing, lists }: Sent,
  origin: Origin,
  plan: PersonalPlan | undefined,
  taken?: TakenCard,
): Promise<Stored> {
  const { row, mount, virtual } = collection
  const hrefOf = hrefsIn(collection)
  if (virtual)
    return storeThrough(
      tx,
      { book: virtual, name, object, asSent, existing, origin, session, lists, hrefOf },
      settings,
    )
  const request = { collection: row, name, existing, origin, hrefOf }
  if (plan && mount)
    return { ...(await putPersonal(tx, { ...request, mount }, plan, settings)), isAsSent: plan.isAsSent }
  // CATEGORIES that are not shown to whoever sends them do not come back.
  const isShown = lists !== 'cards' || object.index.lists?.kind !== 'person'
  const { object: outcome, isAsSent } = taken ?? { object, isAsSent: isShown }
  const stored = await storeTaken(tx, { ...request, lists }, asSent ?? object, outcome, settings)
  return { ...stored, isAsSent: isAsSent && stored.isAsSent }
}

/** What was sent stays in the revision. */
async function storeTaken(
  tx: Writer,
  request: Omit<StoreRequest, 'object'>,
  sent: PreparedObject,
  object: PreparedObject | undefined,
  settings: Settings,
): Promise<Stored> {
  const { collection, existing, lists } = request
  if (object) {
    const isOther = object.etag !== sent.etag
    return storeObject(tx, { ...request, object, sent: isOther ? sent : undefined }, settings)
  }
  if (!existing) throw new TypeError('What is new has to be stored.')
  const { id: objectId, change } = existing
  const etag = await seenEtag(tx, collection, existing, lists)
  return { kind: 'unchanged', objectId, change, etag, isAsSent: true }
}

/** The paths of members, for those who may read them. */
export function hrefsIn(collection: CollectionResource): (name: string) => string | undefined {
  return (name) => (isReadable(collection) ? collection.href + encodeSegment(name) : undefined)
}
