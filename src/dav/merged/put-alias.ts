import { matchesIfNoneMatch } from '../../../protocol/dav/conditions.ts'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { wholeCard } from '../../../protocol/vcard/merge/rules.ts'
import { tellGone } from '../../../storage/match/told-gone.ts'
import type { Writer } from '../../../storage/store.ts'
import { mergeRulesOf } from '../../features/devices/merge-rules.ts'
import { type AliasedCard, takeAliased } from '../../features/merges/aliases.ts'
import type { PreparedObject } from '../../features/objects.ts'
import { storeObject } from '../../features/store-object.ts'
import { authorize } from '../access.ts'
import { type Call, originOf } from '../call.ts'
import { checkIf } from '../conditions.ts'
import { checkLocks } from '../locks/guard.ts'
import { placeIn, placeOf } from '../locks/places.ts'
import { hrefsIn, type Stored } from '../methods/store-sent.ts'
import type { CollectionResource } from '../resource.ts'
import { findMemberIn } from '../tree.ts'

/** A card that is put where, or with the UID that, somebody had who was merged into another. */
export interface SentToAlias {
  /** Where it is put. */
  readonly name: string
  readonly object: PreparedObject
  readonly asSent: PreparedObject
  readonly aliased: AliasedCard
}

/**
 * Takes a card that a device still has of somebody who was merged into another for an edit of that one: what the device has
 * changed of what it had is changed there. It is told once more that the name is gone, so that it does not keep the card beside
 * the survivor's; the answer has no entity tag.
 * @throws refusal 412 where it names a state that the card has never had
 * @see RFC 6352 §6.3.2.3, RFC 9110 §13.1
 */
export async function putToAlias(
  tx: Writer,
  call: Call,
  collection: CollectionResource,
  { name, object, asSent, aliased }: SentToAlias,
): Promise<Stored> {
  const { session, settings } = call
  const { survivor } = aliased
  const resource = await findMemberIn(tx, collection, survivor.name)
  if (!resource) throw refuseStatus(404, 'There is nothing at this address.')
  authorize(session, 'put-over', { resource })
  const ifMatch = call.headers['if-match']
  const isNew = ifMatch === undefined
  // Under that name there is nothing any more.
  if (!matchesIfNoneMatch(call.headers['if-none-match'], undefined))
    throw refuseStatus(412, 'The resource exists.')
  await checkIf(tx, call, undefined)
  await checkLocks(tx, call, [{ place: placeIn(placeOf(collection), survivor.name), act: 'change' }])
  const writer = {
    deviceId: session.deviceId,
    rules: mergeRulesOf(session) ?? wholeCard,
    lists: session.lists,
    etag: ifMatch,
  }
  const taken = await takeAliased(tx, aliased, object, writer, { settings, now: call.now() })
  await tellGone(tx, collection.row, { id: aliased.loserObjectId, name, uid: aliased.uidKey })
  if (taken) {
    const request = {
      collection: collection.row,
      name: survivor.name,
      existing: survivor,
      origin: originOf(call),
    }
    const sent = {
      ...request,
      object: taken,
      sent: asSent,
      lists: session.lists,
      hrefOf: hrefsIn(collection),
    }
    const stored = await storeObject(tx, sent, settings)
    return { ...stored, kind: isNew ? 'created' : 'updated', isAsSent: false }
  }
  const { id: objectId, change, etag } = survivor
  return { kind: isNew ? 'created' : 'updated', objectId, change, etag, isAsSent: false }
}
