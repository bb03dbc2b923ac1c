import type { Settings } from '../../../config/defaults.ts'
import { Refusal } from '../../../protocol/dav/preconditions.ts'
import { restoreCollection } from '../../../storage/collection-writes.ts'
import {
  type CollectionRow,
  countCollections,
  findCollection,
  findCollectionById,
  listDeletedCollections,
} from '../../../storage/collections.ts'
import { findEndedLink } from '../../../storage/ended-links.ts'
import type { CollectionId, RevisionId, SmartListId } from '../../../storage/ids.ts'
import { findMount } from '../../../storage/mounts.ts'
import { findObject, findObjectByUid, readBody } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import { collectionBytes, findQuota } from '../../../storage/quotas.ts'
import { listTrash, type RevisionRow } from '../../../storage/revisions.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { markBooksOf } from '../../../storage/virtual/books.ts'
import type { Services } from '../../services.ts'
import { type Folding, restoreListed } from '../lists/lists.ts'
import { prepareObject } from '../objects.ts'
import { checkQuota, quotaOf } from '../quota.ts'
import { bringBackLink } from '../sharing/ended-links.ts'
import { reconcileMounts, type Sharing, showMounts } from '../sharing/sharing.ts'
import { bringBackList } from '../smart-lists/smart-lists.ts'
import { checkComponent } from '../store-object.ts'
import { bringBackNode } from './nodes.ts'

/** What became of something in the trash; `reason` says why it stays there. */
export type RestoreOutcome =
  | { readonly kind: 'restored'; readonly name: string; readonly collection: string }
  | {
      readonly kind: 'refused'
      readonly reason: string
      /** Whether it is not there at all. */
      readonly isAbsent?: boolean
    }

export const absent: RestoreOutcome = { kind: 'refused', reason: 'It is not in the trash.', isAbsent: true }

/**
 * Brings back an object under its name and UID, a collection or a folder with all that it held, a list of people with
 * whom it was shared with, or a public link under its address. Nothing that lives is overwritten.
 * @param id  that of a TrashEntry
 * @param by  who does it; without it the account
 */
export function restoreFromTrash(
  tx: Writer,
  account: PrincipalRow,
  id: string,
  services: Pick<Services, 'settings' | 'now' | 'newId'>,
  by?: Origin,
): Promise<RestoreOutcome> {
  const origin: Origin = by ?? { kind: 'restore', authorId: account.id, requestId: services.newId() }
  const [, mark, digits] = /^([cflp]?)(\d{1,15})$/.exec(id) ?? []
  if (digits === undefined) return Promise.resolve(absent)
  const number = Number(digits)
  if (mark === 'f') return bringBackNode(tx, account, number, origin, services.settings)
  if (mark === 'l') return bringBackSmartList(tx, account, number, { ...services, origin })
  if (mark === 'p') return bringBackEnded(tx, account, number, services.settings)
  return mark === 'c'
    ? bringBackCollection(tx, account, number, { ...services, origin })
    : bringBackObject(tx, account, number, origin, services)
}

async function bringBackEnded(
  tx: Writer,
  account: PrincipalRow,
  id: number,
  settings: Settings,
): Promise<RestoreOutcome> {
  const link = await findEndedLink(tx, account.id, { id })
  if (!link) return absent
  try {
    await bringBackLink(tx, account.id, link, settings)
    return { kind: 'restored', name: link.label || link.title, collection: link.title }
  } catch (error) {
    if (error instanceof Refusal) return refused(error.message)
    throw error
  }
}

async function bringBackSmartList(
  tx: Writer,
  account: PrincipalRow,
  id: SmartListId,
  sharing: Sharing,
): Promise<RestoreOutcome> {
  const outcome = await bringBackList(tx, account, id, sharing)
  if (!outcome) return absent
  return 'reason' in outcome
    ? refused(outcome.reason)
    : { kind: 'restored', name: outcome.name, collection: '' }
}

async function bringBackCollection(
  tx: Writer,
  account: PrincipalRow,
  id: CollectionId,
  sharing: Sharing,
): Promise<RestoreOutcome> {
  const limit = sharing.settings.limits.collectionsPerHome
  const collection = (await listDeletedCollections(tx, account.id)).find((row) => row.id === id)
  if (!collection) return absent
  const { homeId, name } = collection
  if ((await findCollection(tx, homeId, name)) || (await findMount(tx, homeId, name))) {
    return refused(`There is another collection "${name}" now: rename or delete that one first.`)
  }
  if ((await countCollections(tx, homeId)) >= limit) {
    return refused(`A home may hold ${limit} collections at most.`)
  }
  const full = await reasonFull(tx, account, await collectionBytes(tx, id), sharing.settings)
  if (full !== undefined) return refused(full)
  await restoreCollection(tx, collection, name, sharing.origin)
  await markBooksOf(tx, id)
  await reconcileMounts(tx, [id], sharing)
  await showMounts(tx, id, sharing)
  return { kind: 'restored', name, collection: '' }
}

async function bringBackObject(
  tx: Writer,
  account: PrincipalRow,
  id: RevisionId,
  origin: Origin,
  services: Pick<Services, 'settings' | 'now'>,
): Promise<RestoreOutcome> {
  const [revision] = await listTrash(tx, account.id, { after: id + 1, limit: 1 })
  return revision?.id === id ? bringBackDeleted(tx, revision, origin, services) : absent
}

/**
 * Brings back an object that was deleted, under its name and UID.
 * @param revision  that of its last deletion, as `listTrash` gives it
 * @param services.folding  where several come back in one write: whoever opened it finishes it
 */
export async function bringBackDeleted(
  tx: Writer,
  revision: RevisionRow,
  origin: Origin,
  { settings, now, folding }: Pick<Services, 'settings' | 'now'> & { readonly folding?: Folding | undefined },
): Promise<RestoreOutcome> {
  if (revision.bodyId === null) return absent
  const body = await readBody(tx, revision.bodyId)
  if (!body) return refused('Its octets are gone.')
  const collection = await findCollectionById(tx, revision.collectionId)
  if (!collection) return refused(await reasonGone(tx, revision))
  const taken = await reasonTaken(tx, collection, revision)
  if (taken !== undefined) return refused(taken)
  try {
    const object = prepareObject(collection.kind, body, settings, now())
    checkComponent(collection, object.component)
    const { name, uid } = revision
    const size = body.byteLength
    await checkQuota(tx, collection.principalId, size, settings)
    await restoreListed(tx, collection, { ...object, uid, revision, name, size, origin }, settings, folding)
    return { kind: 'restored', name, collection: collection.name }
  } catch (error) {
    if (error instanceof Refusal) return refused(error.message)
    throw error
  }
}

async function reasonGone(
  reader: Reader,
  { principalId, collectionId: id }: Pick<RevisionRow, 'principalId' | 'collectionId'>,
): Promise<string> {
  const deleted = (await listDeletedCollections(reader, principalId)).find((row) => row.id === id)
  if (!deleted) return 'Its collection is gone for good.'
  return `Its collection "${deleted.name}" is in the trash itself: restore c${id} first.`
}

async function reasonFull(
  reader: Reader,
  account: PrincipalRow,
  bytes: number,
  settings: Settings,
): Promise<string | undefined> {
  const { available } = quotaOf(await findQuota(reader, account.id), settings)
  return bytes > available
    ? `It needs ${bytes} octets, and the account has room for ${available}.`
    : undefined
}

async function reasonTaken(
  reader: Reader,
  { id, name: collection }: CollectionRow,
  { name, uid }: RevisionRow,
): Promise<string | undefined> {
  if (await findObject(reader, id, name)) return `There is another object "${name}" in "${collection}" now.`
  const twin = uid === null ? undefined : await findObjectByUid(reader, id, uid)
  return twin && `Its UID lives in "${collection}" again, as "${twin.name}".`
}

function refused(reason: string): RestoreOutcome {
  return { kind: 'refused', reason }
}
