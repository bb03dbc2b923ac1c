import { encodeSegment } from '../../../protocol/dav/href.ts'
import { bit } from '../../../protocol/dav/privileges.ts'
import type { ObjectRow } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import type { PutResult } from '../../../storage/write-path.ts'
import type { PreparedObject } from '../../features/objects.ts'
import { storeObject } from '../../features/store-object.ts'
import { type PersonalPlan, planPersonalPut, putPersonal } from '../../features/views/personal-put.ts'
import { isReadable } from '../access.ts'
import type { Call } from '../call.ts'
import type { CollectionResource } from '../resource.ts'

/** An object that somebody brings into a collection as he sees it. */
export interface Sent {
  readonly name: string
  readonly object: PreparedObject
  /** What is stored under that name. */
  readonly existing: ObjectRow | undefined
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
 * Stores it, as it was planned.
 * @throws what `storeObject` throws
 */
export async function storeSent(
  tx: Writer,
  { settings }: Call,
  collection: CollectionResource,
  { name, object, existing }: Sent,
  origin: Origin,
  plan: PersonalPlan | undefined,
): Promise<Stored> {
  const { row, mount } = collection
  const request = { collection: row, name, existing, origin, hrefOf: hrefsIn(collection) }
  if (!plan || !mount) return { ...(await storeObject(tx, { ...request, object }, settings)), isAsSent: true }
  return { ...(await putPersonal(tx, { ...request, mount }, plan, settings)), isAsSent: plan.isAsSent }
}

/** The paths of members, for those who may read them. */
export function hrefsIn(collection: CollectionResource): (name: string) => string | undefined {
  return (name) => (isReadable(collection) ? collection.href + encodeSegment(name) : undefined)
}
