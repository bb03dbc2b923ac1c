import { findObject, type ObjectRow } from '../../../storage/objects.ts'
import { bodyText } from '../../features/bodies.ts'
import { traitsOf } from '../../features/devices/kinds.ts'
import { findAliased } from '../../features/merges/aliases.ts'
import { type PreparedObject, prepareObject } from '../../features/objects.ts'
import { keepOriginals } from '../../features/photos/originals.ts'
import type { Call } from '../call.ts'
import type { CollectionResource } from '../resource.ts'

/** What is to be stored of a card that was sent. */
export interface SentPhotos {
  readonly object: PreparedObject
  /** Whether the device will be served what it sent. */
  readonly isAsSent: boolean
}

/**
 * A card that a device sent, with the originals of photos that it has only smaller copies of. Images are looked at before
 * the write begins, that others need not wait for it.
 * @returns what is to be stored over a card, as it is when the write has begun: what was sent where it is not the one that
 *   was looked at
 */
export async function sentPhotos(
  call: Call,
  { kind, row }: CollectionResource,
  name: string,
  object: PreparedObject,
): Promise<(existing: Pick<ObjectRow, 'bodyId'> | undefined) => SentPhotos> {
  const asSent = { object, isAsSent: true }
  const limits = traitsOf(call.session.clientKind).photo
  if (!limits || kind !== 'addressbook' || object.mediaType !== null) return () => asSent
  const stored = await call.store.read(async (reader) => {
    const there = await findObject(reader, row.id, name)
    if (there) return there.mediaType === null ? there : undefined
    return (await findAliased(reader, row.id, { name, uid: object.uid }))?.last
  })
  if (!stored) return () => asSent
  const kept = await keepOriginals(call, stored, bodyText(object.body), limits)
  if (!kept) return () => asSent
  const whole = prepareObject(kind, Buffer.from(kept.text), call.settings, call.now())
  const withOriginals = { object: whole, isAsSent: kept.isServedAsSent }
  return (existing) => (existing?.bodyId === stored.bodyId ? withOriginals : asSent)
}
