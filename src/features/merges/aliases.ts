import type { Settings } from '../../../config/defaults.ts'
import { readEtagCondition } from '../../../protocol/dav/conditions.ts'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { MergeRules } from '../../../protocol/vcard/merge/rules.ts'
import { mergeCard } from '../../../protocol/vcard/merge.ts'
import { findBaseByEtag, findDeviceBase } from '../../../storage/held/merge-bases.ts'
import type { BodyId, CollectionId, DeviceId, ObjectId } from '../../../storage/ids.ts'
import { findAlias, lastOctets } from '../../../storage/match/aliases.ts'
import { findObjectById, type ObjectRow, readBody } from '../../../storage/objects.ts'
import type { Reader } from '../../../storage/store.ts'
import { uidKey } from '../../../storage/uid-key.ts'
import { bodyText } from '../bodies.ts'
import type { ListDialect } from '../devices/kinds.ts'
import { textFor } from '../lists/lists.ts'
import { type PreparedObject, prepareObject } from '../objects.ts'
import { readObjectTexts } from '../texts.ts'

/** The card that has taken the place of one that is gone, and what that one was last. */
export interface AliasedCard {
  readonly survivor: ObjectRow
  readonly loserObjectId: ObjectId
  readonly collectionId: CollectionId
  readonly uidKey: string | null
  readonly last: { readonly bodyId: BodyId; readonly etag: string } | undefined
}

/** The card of a book that one is meant for which somebody puts under a name, with a UID, where there is none of these. */
export async function findAliased(
  reader: Reader,
  collectionId: CollectionId,
  { name, uid }: { readonly name: string; readonly uid: string | null },
): Promise<AliasedCard | undefined> {
  const key = uid === null ? null : uidKey(uid)
  const alias = await findAlias(reader, collectionId, { name, uidKey: key })
  const survivor = alias && (await findObjectById(reader, alias.objectId))
  if (!survivor) return undefined
  const { loserObjectId, uidKey: theirs } = alias
  return {
    survivor,
    loserObjectId,
    collectionId,
    uidKey: theirs,
    last: await lastOctets(reader, loserObjectId),
  }
}

/** Who writes to an alias, and what he says he has. */
export interface AliasWriter {
  readonly deviceId: DeviceId | undefined
  readonly rules: MergeRules
  readonly lists: ListDialect
  /** His If-Match; undefined where there is none. */
  readonly etag: string | undefined
}

/**
 * What is to be stored of the survivor's card: what somebody has changed of the loser's, as he last had that, is changed in it.
 * @returns undefined where it stays as it is
 * @throws refusal 412 for an entity tag that the loser's card has never had
 */
export async function takeAliased(
  reader: Reader,
  aliased: AliasedCard,
  sent: PreparedObject,
  writer: AliasWriter,
  { settings, now }: { readonly settings: Settings; readonly now: number },
): Promise<PreparedObject | undefined> {
  const { survivor } = aliased
  const bodyId = await baseOf(reader, aliased, writer)
  const base = bodyId === undefined ? undefined : await readBody(reader, bodyId)
  const stored = (await readObjectTexts(reader, [survivor])).get(survivor.id)
  if (!base || stored === undefined) return undefined
  const states = { stored, served: textFor(writer.lists, bodyText(base)), sent: bodyText(sent.body) }
  const { text, isMerged } = mergeCard({ ...states, rules: writer.rules })
  if (!isMerged || text === stored) return undefined
  return prepareObject('addressbook', Buffer.from(text), settings, now)
}

async function baseOf(
  reader: Reader,
  { loserObjectId, collectionId, last }: AliasedCard,
  { etag, deviceId, lists }: AliasWriter,
): Promise<BodyId | undefined> {
  const tags = etag === undefined ? '*' : readEtagCondition(etag)
  for (const { value } of tags === '*' ? [] : tags) {
    const named = await findBaseByEtag(reader, loserObjectId, value)
    if (named) return named.bodyId
  }
  // Who sees cards without their CATEGORIES names entity tags of what he sees.
  if (tags !== '*' && lists !== 'cards') throw refuseStatus(412, 'The resource is not the one of If-Match.')
  const member = { id: loserObjectId, collectionId }
  const known = deviceId === undefined ? undefined : await findDeviceBase(reader, member, deviceId)
  return known?.bodyId ?? last?.bodyId
}
